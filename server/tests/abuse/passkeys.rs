//! Passkeys that are forged, replayed, or of other pages and challenges; and one-time links that are guessed, replayed and raced.

use std::sync::{Arc, Mutex};

use futures::future::join_all;
use model::paths;
use serde_json::Value;

use super::{
    answer::Answer,
    attempt::Attempt,
    authenticator::{self, Authenticator},
    portal::{Browser, PASSWORD, World},
};

/// Of this machine, by its name: browsers make no passkeys for numbers.
fn right(url: &str) -> authenticator::Answer {
    authenticator::Answer::at(&url.replace("127.0.0.1", "localhost"))
}

async fn options(browser: &Browser, what: &str) -> String {
    browser
        .post(paths::POST_PASSKEY_OPTIONS)
        .form(&[("for", what)])
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap()
}

async fn show(browser: &Browser, answer: &str) -> Answer {
    let fields = [("passkey", answer), ("next", "/settings")];
    Answer::of(browser.post(paths::POST_PASSKEY_SIGN_IN).form(&fields).send().await).await
}

/// The passkey of the second administrator, made when it is first needed.
async fn key(other: &Browser, kept: &Mutex<Option<Authenticator>>) -> Authenticator {
    if let Some(key) = kept.lock().unwrap().take() {
        return key;
    }
    let mut key = Authenticator::new();
    let made = key.make(&options(other, "add").await, &right(&other.url));
    let fields = [("name", "Key"), ("passkey", made.as_str())];
    let added = other.post(paths::POST_PASSKEY_ADD).form(&fields).send().await.unwrap();
    assert_eq!(added.headers()["location"], "/account", "the passkey itself is taken");
    // From then on its signatures are counted.
    let first = Browser::new(&other.url, "198.51.100.229");
    let answer = key.sign(&options(&first, "sign-in").await, &right(&other.url));
    assert_eq!(show(&first, &answer).await.location, "/settings", "the passkey itself lets in");
    key
}

pub fn passkeys(world: &World) -> Vec<Attempt> {
    type Spoil = fn(&mut authenticator::Answer);
    let spoilt: [(&str, Spoil); 12] = [
        ("the signature of another key", |how| how.forged = true),
        ("another origin", |how| how.origin = "https://evil.example".into()),
        ("a name below", |how| how.origin = "http://evil.localhost".into()),
        ("another relying party", |how| how.party = Some("evil.example".into())),
        ("another challenge", |how| how.challenge = Some("AAAAAAAAAAAAAAAAAAAAAA".into())),
        ("no challenge", |how| how.challenge = Some(String::new())),
        ("another kind", |how| how.kind = Some("webauthn.create")),
        ("unverified", |how| how.unverified = true),
        ("absent", |how| how.absent = true),
        ("a count that does not grow", |how| how.count = Some(0)),
        ("another person", |how| how.handle = Some("AAAAAAAAAAAAAAAAAAAAAA".into())),
        ("nobody", |how| how.handle = Some(String::new())),
    ];
    let kept = Arc::new(Mutex::new(None));
    let mut attempts: Vec<Attempt> = spoilt
        .into_iter()
        .enumerate()
        .map(|(n, (what, spoil))| {
            let (other, kept) = (world.other.clone(), kept.clone());
            let browser = world.stranger(&format!("198.51.100.{}", 230 + n % 20));
            Attempt::doing(what, async move {
                let mut key = key(&other, &kept).await;
                let mut how = right(&other.url);
                spoil(&mut how);
                let answer = key.sign(&options(&browser, "sign-in").await, &how);
                let shown = show(&browser, &answer).await;
                *kept.lock().unwrap() = Some(key);
                shown
            })
        })
        .collect();
    let (other, browser) = (world.other.clone(), world.stranger("198.51.100.251"));
    let (again, keys) = (world.stranger("198.51.100.252"), kept);
    attempts.push(Attempt::doing("used before, in this browser and another", async move {
        let mut key = key(&other, &keys).await;
        let answer = key.sign(&options(&browser, "sign-in").await, &right(&other.url));
        let let_in = show(&browser, &answer).await;
        assert_eq!(let_in.location, "/settings", "the passkey itself lets in: {}", let_in.shown());
        browser.post("/auth/sign-out").send().await.unwrap();
        options(&browser, "sign-in").await;
        let here = show(&browser, &answer).await;
        *keys.lock().unwrap() = Some(key);
        if here.location.starts_with("/sign-in") { show(&again, &answer).await } else { here }
    }));
    let browser = world.stranger("198.51.100.253");
    for made_up in ["", "{}", "null", "[]", "{\"id\":\"AAAA\",\"response\":{}}"] {
        let fields = [("passkey", made_up), ("next", "/settings")];
        attempts.push(Attempt::request(
            format!("made up: {made_up}"),
            browser.post(paths::POST_PASSKEY_SIGN_IN).form(&fields),
        ));
    }
    attempts
}

/// The token of a new link.
async fn link(owner: &Browser, email: &str) -> String {
    let fields = [("email", email), ("name", "Rob"), ("role", "viewer"), ("scope", "all")];
    let invite = owner.post("/rpc/app/server_fns/team/invite_person").form(&fields);
    let made: Value = invite.send().await.unwrap().json().await.unwrap();
    let path = made["path"].as_str().unwrap().to_owned();
    let token = path.split_once("token=").unwrap().1.to_owned();
    form_urlencoded::parse(format!("t={token}").as_bytes()).next().unwrap().1.into_owned()
}

async fn take(url: &str, from: &str, token: &str) -> Answer {
    let form = [("token", token), ("name", "Rob"), ("password", PASSWORD)];
    Answer::of(Browser::new(url, from).post("/auth/join").form(&form).send().await).await
}

/// A link that many follow at once lets one in; one that was followed, or was replaced, nobody.
pub fn links(world: &World) -> Vec<Attempt> {
    let owner = world.owner.clone();
    let raced = Attempt::doing("by twelve at once", async move {
        let token = link(&owner, "raced@holdfast.example").await;
        let from: Vec<String> = (0..12).map(|n| format!("198.51.100.{}", 200 + n)).collect();
        let all = join_all(from.iter().map(|from| take(&owner.url, from, &token))).await;
        let (let_in, mut refused): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|answer| answer.location == "/");
        assert!(!let_in.is_empty(), "the link itself lets in");
        // Two of them would be one too many.
        if let_in.len() == 1 {
            refused.pop().unwrap_or_default()
        } else {
            let_in.into_iter().next().unwrap_or_default()
        }
    });
    let owner = world.owner.clone();
    let replayed = Attempt::doing("used before", async move {
        let token = link(&owner, "replayed@holdfast.example").await;
        assert_eq!(take(&owner.url, "198.51.100.215", &token).await.location, "/", "the link itself lets in");
        take(&owner.url, "198.51.100.216", &token).await
    });
    let owner = world.owner.clone();
    let changed = Attempt::doing("a letter changed", async move {
        let token = link(&owner, "changed@holdfast.example").await;
        let first = if token.starts_with('A') { "B" } else { "A" };
        take(&owner.url, "198.51.100.217", &format!("{first}{}", &token[1..])).await
    });
    vec![raced, replayed, changed]
}
