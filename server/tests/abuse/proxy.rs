//! What a proxy in front did not say.

use reqwest::RequestBuilder;
use serde_json::{Value, json};
use server::outside;

use super::{
    answer::Answer,
    attempt::Attempt,
    identity_provider::Signed,
    portal::{EDGE, EDGE_HEADER, World},
};

/// Headers of proxies that say a name, and sign nothing.
const BARE: [&str; 8] = [
    EDGE_HEADER,
    "remote-user",
    "x-forwarded-user",
    "x-forwarded-email",
    "x-auth-request-email",
    "x-amzn-oidc-identity",
    "cf-access-authenticated-user-email",
    "x-goog-authenticated-user-email",
];

fn ask(world: &World, n: usize) -> RequestBuilder {
    world.stranger(&format!("198.51.100.{}", 100 + n % 100)).get("/settings")
}

/// A token of the proxy about Eve, an administrator there; with claims put over it.
fn assertion(world: &World, signed: Signed, header: &Value, over: &Value) -> String {
    world.provider.person("eve", &["admins"]);
    let mut claims = json!({"iss": EDGE});
    claims.as_object_mut().unwrap().extend(over.as_object().unwrap().clone());
    world.provider.world().signed = signed;
    let token = world.provider.assertion(header, &claims);
    world.provider.world().signed = Signed::Right;
    token
}

pub fn assertions(world: &World) -> Vec<Attempt> {
    let now = outside::now().unix_timestamp();
    let none = json!({});
    let spoilt = [
        ("alg none", Signed::Not, none.clone(), none.clone()),
        ("HMAC with the public key", Signed::WithPublicKey, none.clone(), none.clone()),
        ("HMAC with the client's secret", Signed::WithSecret, none.clone(), none.clone()),
        ("another key under the same id", Signed::ByAnother, none.clone(), none.clone()),
        ("alg none, signed", Signed::Right, json!({"alg": "none"}), none.clone()),
        ("another algorithm than the key's", Signed::Right, json!({"alg": "RS256"}), none.clone()),
        ("a key that there is not", Signed::Right, json!({"kid": "../keys"}), none.clone()),
        ("a key of its own", Signed::ByAnother, json!({"jwk": {"kty": "oct", "k": "eA"}}), none.clone()),
        ("extensions", Signed::Right, json!({"crit": ["x"]}), none.clone()),
        ("another audience", Signed::Right, none.clone(), json!({"aud": "another"})),
        ("no audience", Signed::Right, none.clone(), json!({"aud": null})),
        ("another issuer", Signed::Right, none.clone(), json!({"iss": world.provider.issuer})),
        ("no issuer", Signed::Right, none.clone(), json!({"iss": null})),
        ("expired", Signed::Right, none.clone(), json!({"exp": now - 3_600})),
        ("no end", Signed::Right, none.clone(), json!({"exp": null})),
        ("of tomorrow", Signed::Right, none.clone(), json!({"nbf": now + 86_400})),
        ("nobody", Signed::Right, none.clone(), json!({"sub": null})),
    ];
    let mut attempts: Vec<Attempt> = spoilt
        .iter()
        .enumerate()
        .map(|(n, (what, signed, header, over))| {
            let token = assertion(world, *signed, header, over);
            Attempt::request(*what, ask(world, n).header(EDGE_HEADER, token))
        })
        .collect();
    let right = assertion(world, Signed::Right, &none, &none);
    let twice = ask(world, 30).header(EDGE_HEADER, &right).header(EDGE_HEADER, &right);
    attempts.push(Attempt::request("twice", twice));
    for (n, name) in ["authorization", "x-edge", "cookie", "x_edge_assertion"].into_iter().enumerate() {
        let request = ask(world, 40 + n).header(name, format!("Bearer {right}"));
        attempts.push(Attempt::request(format!("in the header {name}"), request));
    }
    let (head, rest) = right.split_once('.').unwrap();
    for (n, token) in [head, rest, &format!("{right}x"), &format!("{right}.{right}")].into_iter().enumerate()
    {
        attempts.push(Attempt::request("cut or longer", ask(world, 50 + n).header(EDGE_HEADER, token)));
    }
    for (n, name) in BARE.into_iter().enumerate() {
        let request = ask(world, 60 + n).header(name, "ana@holdfast.example");
        attempts.push(Attempt::request(format!("{name}, bare"), request));
    }
    attempts
}

/// A session that was begun by what the proxy said, shown without it, and with what it says of somebody else.
pub fn sessions(world: &World) -> Vec<Attempt> {
    let none = json!({});
    let eve = assertion(world, Signed::Right, &none, &none);
    let mallory = assertion(world, Signed::Right, &none, &json!({"sub": "m", "email": "m@edge.example"}));
    let forged = assertion(world, Signed::ByAnother, &none, &none);
    let shown = |what: &'static str, header: Option<String>| {
        let (browser, eve) = (world.stranger("198.51.100.220"), eve.clone());
        Attempt::doing(what, async move {
            let in_by_it = browser.get("/settings").header(EDGE_HEADER, &eve).send().await.unwrap();
            assert_eq!(in_by_it.status(), 200, "the assertion itself lets in");
            let request = browser.get("/account");
            let request =
                header.into_iter().fold(request, |request, value| request.header(EDGE_HEADER, value));
            let answer = Answer::of(request.send().await).await;
            // Of somebody else, a session of their own is right; Eve's is not shown.
            let hers = answer.body.contains("eve@example.com");
            if answer.status == 200 && !hers {
                Answer { status: 303, location: "/sign-in".into(), ..answer }
            } else {
                answer
            }
        })
    };
    vec![
        shown("without the header", None),
        shown("with a forged one", Some(forged)),
        shown("with that of somebody else", Some(mallory)),
    ]
}
