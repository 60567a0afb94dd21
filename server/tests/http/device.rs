//! A program asks for a token, and a person answers in their browser (RFC 8628).

use futures::future::join_all;
use leptos::server_fn::axum::server_fn_paths;
use model::{Role, audit::AuditFilter};
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};

use super::{
    api::administrator,
    site::{EMAIL, PASSWORD, Running, header, start},
};

/// A program begins to ask.
pub async fn begin(site: &Running, actions: &[&str]) -> Value {
    let wish = json!({"name": "holdfast on a laptop", "actions": actions, "days": 30});
    let answer = program(site, "/device", &wish).await;
    assert_eq!(answer.status(), StatusCode::OK, "{}", answer.text().await.unwrap());
    answer.json().await.unwrap()
}

async fn program(site: &Running, path: &str, body: &Value) -> Response {
    Client::new().post(format!("{}/api/v1{path}", site.url)).json(body).send().await.unwrap()
}

/// The program looks: status, and what it is told.
async fn look(site: &Running, codes: &Value) -> (StatusCode, Value) {
    let answer = program(site, "/device/token", &json!({"device_code": codes["device_code"]})).await;
    let status = answer.status();
    if status != StatusCode::OK {
        assert_eq!(header(&answer, "content-type"), "application/problem+json");
    }
    (status, answer.json().await.unwrap())
}

/// The word that it is told.
async fn told(site: &Running, codes: &Value) -> String {
    let (_, body) = look(site, codes).await;
    assert_eq!(body["error"], body["code"], "{body}");
    body["error"].as_str().unwrap_or("a token").to_owned()
}

/// A server function, as its form posts it.
async fn call(browser: &Running, name: &str, fields: &[(&str, &str)]) -> Response {
    let (path, _) = server_fn_paths().find(|(path, _)| path.ends_with(&format!("/{name}"))).unwrap();
    browser.post(path).form(fields).send().await.unwrap()
}

/// The person types the code: the number of what it found.
pub async fn find(browser: &Running, codes: &Value) -> Result<String, StatusCode> {
    let answer = call(browser, "find_device", &[("code", codes["user_code"].as_str().unwrap())]).await;
    if answer.status() == StatusCode::OK { Ok(answer.text().await.unwrap()) } else { Err(answer.status()) }
}

pub async fn approve(browser: &Running, id: &str) -> StatusCode {
    call(browser, "approve_device", &[("id", id)]).await.status()
}

/// Somebody of a role who is signed in.
async fn person(site: &Running, role: Role) -> Running {
    let email = format!("{}@holdfast.example", role.as_str());
    let password_hash = site.store.user_by_email(EMAIL).await.unwrap().unwrap().password_hash;
    let user = store::NewUser { password_hash, ..store::testing::person(&email, role) };
    site.store.create_user(user, server::outside::now()).await.unwrap();
    let browser = site.other_browser();
    assert_eq!(browser.sign_in(&email, PASSWORD).await.status(), StatusCode::SEE_OTHER);
    browser
}

async fn me(site: &Running, token: &Value) -> Response {
    let token = token["access_token"].as_str().unwrap();
    Client::new().get(format!("{}/api/v1/me", site.url)).bearer_auth(token).send().await.unwrap()
}

async fn tokens(site: &Running, email: &str) -> usize {
    let user = site.store.user_by_email(email).await.unwrap().unwrap();
    site.store.tokens_of(user.id).await.unwrap().len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_program_gets_the_token_that_its_person_approves_once_and_no_more_than_they_have() {
    let site = start().await.with_administrator().await;
    let viewer = person(&site, Role::Viewer).await;
    let codes = begin(&site, &["read", "write_policy"]).await;
    assert_eq!(codes["verification_uri"], format!("{}/device", site.url));
    assert_eq!((&codes["expires_in"], &codes["interval"]), (&json!(600), &json!(5)));
    assert_eq!(told(&site, &codes).await, "authorization_pending");
    assert_eq!(told(&site, &codes).await, "slow_down");

    let id = find(&viewer, &codes).await.unwrap();
    let page = viewer.page(&format!("/device?request={id}")).await.text().await.unwrap();
    for shown in ["holdfast on a laptop", "127.0.0.1", "read this organization", "create or edit policies"] {
        assert!(page.contains(shown), "{shown}");
    }
    assert_eq!(approve(&viewer, &id).await, StatusCode::OK);
    let (status, token) = look(&site, &codes).await;
    assert_eq!(status, StatusCode::OK, "{token}");
    assert_eq!((&token["owner"], &token["actions"]), (&json!("viewer@holdfast.example"), &json!(["read"])));
    let who: Value = me(&site, &token).await.json().await.unwrap();
    assert_eq!(who["token"]["actions"], json!(["read"]), "a viewer has nothing more to give");

    assert_eq!(told(&site, &codes).await, "expired_token", "it is told once");
    assert_eq!(find(&viewer, &codes).await, Err(StatusCode::UNPROCESSABLE_ENTITY), "the code is good once");
    assert_eq!(approve(&viewer, &id).await, StatusCode::NOT_FOUND);
    assert_eq!(tokens(&site, "viewer@holdfast.example").await, 1);
    let filter = AuditFilter { action: "token_made".into(), ..AuditFilter::default() };
    let entries = site.portal.audit(&administrator(&site).await, &filter).await.unwrap().rows;
    assert!(entries[0].detail.words().contains("a program asked for it from 127.0.0.1"), "{entries:?}");

    let end = Client::new().delete(format!("{}/api/v1/me/token", site.url));
    let end = end.bearer_auth(token["access_token"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(end.status(), StatusCode::NO_CONTENT);
    assert_eq!(me(&site, &token).await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_refused_forged_or_another_persons_gives_no_token() {
    let site = start().await.with_administrator().await;
    let (ana, bob) = (person(&site, Role::Administrator).await, person(&site, Role::Operator).await);
    let codes = begin(&site, &["read"]).await;
    let id = find(&ana, &codes).await.unwrap();
    assert_eq!(find(&bob, &codes).await, Err(StatusCode::UNPROCESSABLE_ENTITY), "it is hers now");
    for of_others in ["approve_device", "refuse_device"] {
        assert_eq!(
            call(&bob, of_others, &[("id", &id)]).await.status(),
            StatusCode::NOT_FOUND,
            "{of_others}"
        );
    }
    assert_eq!(bob.page(&format!("/device?request={id}")).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(call(&ana, "refuse_device", &[("id", &id)]).await.status(), StatusCode::OK);
    assert_eq!(approve(&ana, &id).await, StatusCode::NOT_FOUND, "refused is refused");
    assert_eq!(told(&site, &codes).await, "access_denied");
    assert_eq!(told(&site, &codes).await, "expired_token");

    for forged in ["", "x", &"A".repeat(43), codes["user_code"].as_str().unwrap()] {
        assert_eq!(told(&site, &json!({"device_code": forged})).await, "expired_token", "{forged}");
    }
    let nobody = site.other_browser();
    let codes = begin(&site, &["read"]).await;
    assert_eq!(find(&nobody, &codes).await, Err(StatusCode::UNAUTHORIZED));
    let (path, _) = server_fn_paths().find(|(path, _)| path.ends_with("/find_device")).unwrap();
    let code = [("code", codes["user_code"].as_str().unwrap())];
    let elsewhere =
        ana.post(path).header("origin", "https://evil.example.com").form(&code).send().await.unwrap();
    assert_eq!(elsewhere.status(), StatusCode::FORBIDDEN, "no other site's page can type a code");
    for (field, value) in [("actions", json!(["approve"])), ("days", json!(0)), ("name", json!("a\u{1b}[2J"))]
    {
        let mut wish = json!({"name": "x", "actions": ["read"], "days": 1});
        wish[field] = value;
        assert_eq!(
            program(&site, "/device", &wish).await.status(),
            StatusCode::UNPROCESSABLE_ENTITY,
            "{field}"
        );
    }
    assert_eq!(tokens(&site, "administrator@holdfast.example").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_racing_answers_one_counts_and_of_racing_looks_one_gets_the_token() {
    let site = start().await.with_administrator().await;
    let ana = person(&site, Role::Administrator).await;
    let codes = begin(&site, &["read"]).await;
    let typed = join_all((0..8).map(|_| find(&ana, &codes))).await;
    let found: Vec<&String> = typed.iter().flatten().collect();
    assert_eq!(found.len(), 1, "{typed:?}");
    let id = found[0].as_str();
    let answers = join_all((0..8).map(|_| approve(&ana, id))).await;
    assert_eq!(answers.iter().filter(|status| **status == StatusCode::OK).count(), 1, "{answers:?}");
    assert_eq!(call(&ana, "refuse_device", &[("id", id)]).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(tokens(&site, "administrator@holdfast.example").await, 1);
    let looks = join_all((0..8).map(|_| look(&site, &codes))).await;
    let got = looks.iter().filter(|(status, _)| *status == StatusCode::OK).count();
    assert_eq!(got, 1, "{looks:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn codes_cannot_be_guessed_and_requests_not_piled_up() {
    let site = start().await.with_administrator().await;
    let ana = person(&site, Role::Administrator).await;
    let codes = begin(&site, &["read"]).await;
    let wrong = json!({"user_code": "BBBB-BBBB"});
    for _ in 0..10 {
        assert_eq!(find(&ana, &wrong).await, Err(StatusCode::UNPROCESSABLE_ENTITY));
    }
    assert_eq!(find(&ana, &codes).await, Err(StatusCode::TOO_MANY_REQUESTS), "also the right one");
    let wish = json!({"name": "x", "actions": ["read"], "days": 1});
    let mut last = StatusCode::OK;
    for _ in 0..21 {
        last = program(&site, "/device", &wish).await.status();
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}
