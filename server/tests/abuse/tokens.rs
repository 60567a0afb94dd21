//! States and tokens of an identity provider that are forged, replayed, swapped or spoilt.

use serde_json::{Value, json};
use server::outside;

use super::{
    answer::Answer,
    attempt::Attempt,
    identity_provider::{IdentityProvider, Signed},
    portal::{Browser, World},
};

const BEGIN: &str = "/auth/oidc/corp?next=/settings";

/// The way back from the provider, of a browser that went there.
async fn way_back(browser: &Browser, provider: &IdentityProvider) -> String {
    let answer = browser.get(BEGIN).send().await.unwrap();
    let came = provider.approve(answer.headers()["location"].to_str().unwrap());
    let fields = [("code", came.code.as_str()), ("state", came.state.as_str())];
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    format!("/auth/oidc/corp/callback?{query}")
}

async fn get(browser: &Browser, path: &str) -> Answer {
    Answer::of(browser.get(path).send().await).await
}

pub fn states(world: &World) -> Vec<Attempt> {
    let provider = world.provider.clone();
    provider.person("bob", &["admins"]);
    let browser = |n: u8| Browser::new(&world.url, &format!("192.0.2.{}", 20 + n));
    let callback = |query: &str| format!("/auth/oidc/corp/callback?{query}");
    let mut attempts: Vec<Attempt> =
        ["", "code=x", "state=x", "code=x&state=x", "code=&state=", "error=access_denied&state=x"]
            .iter()
            .map(|query| Attempt::request(format!("made up: {query}"), browser(0).get(&callback(query))))
            .collect();
    let (one, two, at) = (browser(1), browser(2), provider.clone());
    attempts.push(Attempt::doing("of another browser", async move {
        let back = way_back(&one, &at).await;
        way_back(&two, &at).await;
        get(&two, &back).await
    }));
    let (one, at) = (browser(3), provider.clone());
    attempts.push(Attempt::doing("used before", async move {
        let back = way_back(&one, &at).await;
        assert_eq!(get(&one, &back).await.location, "/settings", "the sign-in itself works");
        one.post("/auth/sign-out").send().await.unwrap();
        get(&one, &back).await
    }));
    let (one, at) = (browser(4), provider.clone());
    attempts.push(Attempt::doing("of an older sign-in of the same browser", async move {
        let old = way_back(&one, &at).await;
        way_back(&one, &at).await;
        get(&one, &old).await
    }));
    let (one, at) = (browser(5), provider);
    attempts.push(Attempt::doing("a letter changed", async move {
        let back = way_back(&one, &at).await;
        get(&one, &format!("{back}x")).await
    }));
    attempts
}

/// How an ID token is spoilt: how it is signed, and what is put over its claims.
fn spoilt(now: i64) -> Vec<(&'static str, Signed, Value)> {
    vec![
        ("alg none", Signed::Not, json!({})),
        ("HMAC with the public key", Signed::WithPublicKey, json!({})),
        ("HMAC with the client's secret", Signed::WithSecret, json!({})),
        ("another key under the same id", Signed::ByAnother, json!({})),
        ("another audience", Signed::Right, json!({"aud": "another"})),
        ("two audiences", Signed::Right, json!({"aud": ["holdfast", "another"]})),
        ("no audience", Signed::Right, json!({"aud": null})),
        ("another issuer", Signed::Right, json!({"iss": "https://evil.example"})),
        ("expired", Signed::Right, json!({"exp": now - 3600})),
        ("no end", Signed::Right, json!({"exp": null})),
        ("of yesterday", Signed::Right, json!({"iat": now - 86_400})),
        ("of tomorrow", Signed::Right, json!({"iat": now + 86_400, "exp": now + 90_000})),
        ("another nonce", Signed::Right, json!({"nonce": "another"})),
        ("no nonce", Signed::Right, json!({"nonce": null})),
        ("no subject", Signed::Right, json!({"sub": null})),
        ("the owner's address", Signed::Right, json!({"sub": "eve", "email": super::portal::OWNER})),
        ("an address that is not verified", Signed::Right, json!({"sub": "eve", "email_verified": false})),
    ]
}

pub fn id_tokens(world: &World) -> Vec<Attempt> {
    let now = outside::now().unix_timestamp();
    let attempt = |(n, (what, signed, claims)): (usize, (&'static str, Signed, Value))| {
        let (browser, at) = (world.stranger(&format!("192.0.2.{}", 40 + n)), world.provider.clone());
        Attempt::doing(what, async move {
            at.person("bob", &["admins"]);
            let back = way_back(&browser, &at).await;
            (at.world().signed, at.world().spoilt) = (signed, claims);
            let answer = get(&browser, &back).await;
            (at.world().signed, at.world().spoilt) = (Signed::Right, json!({}));
            answer
        })
    };
    spoilt(now).into_iter().enumerate().map(attempt).collect()
}

pub fn logout_tokens(world: &World) -> Vec<Attempt> {
    let now = outside::now().unix_timestamp();
    let subject = json!({"sub": "bob"});
    let over = |more: Value| {
        let mut claims = subject.clone();
        claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        claims
    };
    let spoilt = [
        ("alg none", Signed::Not, json!({})),
        ("HMAC with the public key", Signed::WithPublicKey, json!({})),
        ("HMAC with the client's secret", Signed::WithSecret, json!({})),
        ("another key", Signed::ByAnother, json!({})),
        ("another audience", Signed::Right, json!({"aud": "another"})),
        ("another issuer", Signed::Right, json!({"iss": "https://evil.example"})),
        ("expired", Signed::Right, json!({"exp": now - 3600, "iat": now - 7200})),
        ("no event", Signed::Right, json!({"events": {}})),
        ("with a nonce", Signed::Right, json!({"nonce": "x"})),
        ("of nobody", Signed::Right, json!({"sub": null})),
    ];
    let browser = world.stranger("192.0.2.7");
    let attempt = |(what, signed, claims): (&'static str, Signed, Value)| {
        let at = world.provider.clone();
        at.world().signed = signed;
        let token = at.logout_token(&over(claims));
        at.world().signed = Signed::Right;
        Attempt::request(what, browser.post("/auth/oidc/corp/logout").form(&[("logout_token", token)]))
    };
    let mut attempts: Vec<Attempt> = spoilt.into_iter().map(attempt).collect();
    for token in ["", "x", "a.b.c", "....", "eyJhbGciOiJub25lIn0.e30."] {
        let request = browser.post("/auth/oidc/corp/logout").form(&[("logout_token", token)]);
        attempts.push(Attempt::request(format!("made up: {token}"), request));
    }
    attempts
}
