//! Passkeys and the rules about signing in, over HTTP.

use std::process::Command;

use model::{audit::AuditAction, paths, sign_in::SecondFactorRule};
use reqwest::StatusCode;
use store::{Actor, NewAudit};

use super::{
    authenticator::{Answer, Authenticator},
    site::{EMAIL, PASSWORD, Running, header, start},
};

/// Of this machine, by its name: browsers make no passkeys for numbers.
fn right(site: &Running) -> Answer {
    Answer::at(&site.url.replace("127.0.0.1", "localhost"))
}

async fn options(site: &Running, what: &str) -> String {
    let answer = site.post(paths::POST_PASSKEY_OPTIONS).form(&[("for", what)]).send().await.unwrap();
    assert_eq!((answer.status(), header(&answer, "content-type")), (StatusCode::OK, "application/json"));
    answer.text().await.unwrap()
}

async fn send(site: &Running, path: &str, fields: &[(&str, &str)]) -> String {
    let answer = site.post(path).form(fields).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    header(&answer, "location").to_owned()
}

/// A portal whose administrator has a passkey, and is signed in.
async fn with_passkey() -> (Running, Authenticator) {
    let site = start().await.with_administrator().await;
    site.sign_in(EMAIL, PASSWORD).await;
    let mut key = Authenticator::new();
    let answer = key.make(&options(&site, "add").await, &right(&site));
    let added = send(&site, paths::POST_PASSKEY_ADD, &[("name", "Key"), ("passkey", &answer)]).await;
    assert_eq!(added, paths::ACCOUNT);
    (site, key)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_passkey_signs_in_once_in_the_browser_that_was_asked() {
    let (site, mut key) = with_passkey().await;
    let (browser, other) = (site.other_browser(), site.other_browser());
    let answer = key.sign(&options(&browser, "sign-in").await, &right(&site));
    let fields = [("passkey", answer.as_str()), ("next", "/jobs")];
    let refused = "/sign-in?next=%2Fjobs&problem=passkey";
    assert_eq!(send(&other, paths::POST_PASSKEY_SIGN_IN, &fields).await, refused, "another browser");
    options(&other, "sign-in").await;
    assert_eq!(send(&other, paths::POST_PASSKEY_SIGN_IN, &fields).await, refused, "another challenge");
    let tries = (0..6).map(|_| send(&browser, paths::POST_PASSKEY_SIGN_IN, &fields));
    let led = futures::future::join_all(tries).await;
    assert_eq!(led.iter().filter(|to| *to == "/jobs").count(), 1, "{led:?}");
    assert_eq!(send(&other, paths::POST_PASSKEY_SIGN_IN, &fields).await, refused, "used before");

    let answer = key.sign(&options(&site, "confirm").await, &right(&site));
    let fields = [("passkey", answer.as_str()), ("next", "/team")];
    assert_eq!(send(&site, paths::POST_PASSKEY_CONFIRM, &fields).await, "/team");
    assert_eq!(
        send(&site, paths::POST_PASSKEY_CONFIRM, &fields).await,
        "/confirm?next=%2Fteam&problem=passkey"
    );
    let password = site.other_browser().sign_in(EMAIL, PASSWORD).await;
    assert_eq!(header(&password, "location"), "/sign-in?next=%2Fsettings&problem=passkey-too");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nobody_adds_a_passkey_or_confirms_who_is_not_signed_in() {
    let (site, mut key) = with_passkey().await;
    let stranger = site.other_browser();
    for what in ["add", "confirm"] {
        let answer = stranger.post(paths::POST_PASSKEY_OPTIONS).form(&[("for", what)]).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{what}");
    }
    let odd = stranger.post(paths::POST_PASSKEY_OPTIONS).form(&[("for", "anything")]).send().await.unwrap();
    assert_eq!(odd.status(), StatusCode::BAD_REQUEST);
    let answer = key.sign(&options(&stranger, "sign-in").await, &right(&site));
    for path in [paths::POST_PASSKEY_ADD, paths::POST_PASSKEY_CONFIRM] {
        let form = [("name", "Key"), ("passkey", answer.as_str())];
        let refused = stranger.post(path).form(&form).send().await.unwrap();
        assert_eq!(refused.status(), StatusCode::UNAUTHORIZED, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_must_set_up_a_second_factor_is_led_to_their_account() {
    let site = start().await.with_administrator().await;
    site.sign_in(EMAIL, PASSWORD).await;
    let event = NewAudit::done(Actor::default(), AuditAction::SecondFactorRuleChanged);
    let rule = SecondFactorRule::Administrators;
    site.store.put_second_factor_rule(rule, &event, server::outside::now()).await.unwrap();
    for path in ["/", "/jobs", "/team", "/audit", "/no-such-page"] {
        let answer = site.page(path).await;
        let to = (answer.status(), header(&answer, "location").to_owned());
        assert_eq!(to, (StatusCode::SEE_OTHER, paths::ACCOUNT.to_owned()), "{path}");
    }
    let page = site.page(paths::ACCOUNT).await.text().await.unwrap();
    assert!(page.contains("Set up a second factor first"), "{page}");
    assert_eq!(site.page("/confirm?next=%2Faccount").await.status(), StatusCode::OK);
    let answer =
        site.post("/rpc/app/server_fns/team/team").json(&serde_json::json!({})).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::FORBIDDEN, "its server functions refuse, too");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn with_local_sign_in_off_the_page_shows_no_form_until_somebody_on_the_machine_switches_it_on() {
    let site = start().await.with_administrator().await;
    let sql = "UPDATE sign_in_rules SET break_glass = (SELECT min(user_id) FROM users), local_off_at = now()";
    site.database().as_owner(&["sign_in_rules"], sql).await;
    let form = async |path: &str| site.page(path).await.text().await.unwrap().contains("name=\"password\"");
    assert!(!form("/sign-in").await && !form("/sign-in?problem=ended").await);
    assert!(form("/sign-in?way=break-glass").await && form("/sign-in?problem=credentials").await);
    let run = || {
        let mut holdfast = Command::new(env!("CARGO_BIN_EXE_holdfast"));
        holdfast.args(["local-sign-in", "on"]).env("DATABASE_URL", site.database_url()).output().unwrap()
    };
    for words in ["local accounts sign in again\n", "local accounts sign in already\n"] {
        let ended = run();
        assert_eq!(
            (ended.status.code(), String::from_utf8(ended.stdout).unwrap().as_str()),
            (Some(0), words)
        );
    }
    assert!(form("/sign-in").await);
}
