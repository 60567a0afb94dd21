//! Requests as no page of ours sends them: the caller's fault, said so, and never an incident.

use app::server_fns::{
    audit::{Audit, Events},
    frame::{Jump, Overview},
    jobs::Jobs,
    policies::{AttachPolicy, CreatePolicy, ListPolicies},
    settings::{ChangeSetting, Permissions},
};
use leptos::server_fn::{ServerFn, axum::server_fn_paths};
use model::{Failure, FailureCode};
use reqwest::{
    RequestBuilder, StatusCode,
    header::{CONTENT_TYPE, ORIGIN},
};
use serde_json::json;

use super::site::{EMAIL, PASSWORD, Running, header, start};

async fn signed_in() -> Running {
    let site = start().await.with_administrator().await;
    site.sign_in(EMAIL, PASSWORD).await;
    site
}

async fn failure(request: RequestBuilder) -> (u16, Failure) {
    let answer = request.send().await.unwrap();
    let (status, text) = (answer.status().as_u16(), answer.text().await.unwrap());
    (status, serde_json::from_str(&text).unwrap_or_else(|_| panic!("{status}: {text}")))
}

fn text(site: &Running, path: &str, kind: &str, body: impl Into<String>) -> RequestBuilder {
    site.post(path).header(CONTENT_TYPE, kind).body(body.into())
}

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn arguments_that_cannot_be_read_are_the_callers_fault() {
    let site = signed_in().await;
    let deep = format!("id=p-12345678&targets{}=1", "[a]".repeat(200));
    for (path, kind, body) in [
        (Jump::PATH, JSON, r#"{"text":"\ud800"}"#),
        (Jump::PATH, JSON, r#"{"text":7}"#),
        (Jump::PATH, JSON, r#"{"text":"#),
        (Jump::PATH, JSON, "[]"),
        (Permissions::PATH, JSON, r#"{"again":"yes"}"#),
        (Jump::PATH, JSON, &"[".repeat(100_000)),
        (AttachPolicy::PATH, FORM, &deep),
        (AttachPolicy::PATH, FORM, "id=p-12345678&targets[a][a]=1&targets=2"),
    ] {
        let (status, failure) = failure(text(&site, path, kind, body)).await;
        let shown = body.chars().take(60).collect::<String>();
        assert!(status == 400 || status == 422, "{path} {shown}: {status} {failure:?}");
        assert!(
            !matches!(failure.code, FailureCode::Internal | FailureCode::Transport),
            "{shown}: {failure:?}"
        );
        assert_eq!(failure.incident, None, "{shown}");
    }
    let broken = site.post(Jump::PATH).header(CONTENT_TYPE, JSON).body(b"{\"text\":\"\xff\"}".to_vec());
    assert_eq!(failure(broken).await.0, 400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_missing_argument_is_named() {
    let site = signed_in().await;
    for (request, field) in [
        (text(&site, ChangeSetting::PATH, FORM, "setting=policy_type"), "turn"),
        (text(&site, CreatePolicy::PATH, FORM, "name=only"), "description"),
        (text(&site, Jump::PATH, JSON, "{}"), "text"),
        (text(&site, Audit::PATH, JSON, "{}"), "filter"),
    ] {
        let (status, failure) = failure(request).await;
        assert_eq!(status, 422, "{failure:?}");
        assert!(failure.field(field).is_some(), "{field}: {failure:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_function_reads_one_content_type_and_no_other() {
    let site = signed_in().await;
    for (path, _) in server_fn_paths() {
        let mut taken = Vec::new();
        for kind in [JSON, FORM, "text/plain", "multipart/form-data", ""] {
            // Neither is a call that does something.
            let answer = text(&site, path, kind, "?").send().await.unwrap();
            let body = answer.text().await.unwrap();
            if !body.contains("Send it as") {
                taken.push(kind);
            }
        }
        assert_eq!(taken.len(), 1, "{path}: {taken:?}");
    }
    let (status, told) = failure(text(&site, Overview::PATH, "text/plain", "{}")).await;
    assert!(status == 400 && told.explain().text.contains("Send it as application/json"), "{told:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_origins_are_none() {
    let site = signed_in().await;
    let twice = site.post(Overview::PATH).header(ORIGIN, "https://evil.example").json(&json!({}));
    assert_eq!(twice.send().await.unwrap().status(), StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_form_that_is_too_large_hears_how_large_it_may_be() {
    let site = signed_in().await;
    let text = "x".repeat(2 << 20);
    let fields = |content| [("name", "Large"), ("description", ""), ("content", content)];
    let answer = site.plain_form("/policies/new", CreatePolicy::PATH, &fields(&text)).await;
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let page = answer.text().await.unwrap();
    assert!(page.contains("This is too large") && page.contains("10,000 characters"), "{}", page.len());
    assert!(page.contains("more than 1 MiB") && page.contains("Send again"), "{}", page.len());
    assert!(
        page.contains("value=\"Large\"") && page.contains(&text),
        "what was typed comes back: {}",
        page.len()
    );
    // What is far too large is not kept: a link would lose it, going back may not.
    let text = "x".repeat(5 << 20);
    let answer = site.plain_form("/policies/new", CreatePolicy::PATH, &fields(&text)).await;
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let page = answer.text().await.unwrap();
    assert!(page.contains("more than 1 MiB") && page.contains("Go back with your browser"), "{page}");
    assert!(!page.contains("Try again"), "{page}");
    let (status, told) = failure(site.post(CreatePolicy::PATH).form(&fields(&text))).await;
    assert_eq!((status, told.code), (413, FailureCode::TooLarge));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_number_that_is_none_names_no_export() {
    let site = signed_in().await;
    for id in ["1e3", "x", "99999999999999999999", "-1", "7"] {
        let answer = site.page(&format!("/settings/attachments/{id}")).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{id}");
        let page = answer.text().await.unwrap();
        assert!(page.contains("Not found") && page.contains("There is no"), "{id}: {page}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_cursor_from_outside_the_calendar_is_the_first_page() {
    let site = signed_in().await;
    for cursor in ["o-377705116800000000.backup.x", "o253402300799000000.backup.x", "n-1.backup.x"] {
        let answer = site.post(Jobs::PATH).json(&json!({"query": format!("cursor={cursor}")}));
        assert_eq!(answer.send().await.unwrap().status(), StatusCode::OK, "{cursor}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_text_that_comes_in_is_bounded_and_without_what_nobody_types() {
    let site = signed_in().await;
    let long = "a".repeat(1 << 19);
    for odd in [long.as_str(), "a\0", "a\n2026-11-27 INFO all is fine", "\u{1b}[2K", "\u{202e}"] {
        for (path, arguments, field) in [
            (Audit::PATH, json!({"filter": {"actor": odd}}), "actor"),
            (Audit::PATH, json!({"filter": {"target": odd}}), "target"),
            (Audit::PATH, json!({"filter": {"action": odd}}), "action"),
            (Events::PATH, json!({"filter": {"subject": odd}}), "subject"),
            (Events::PATH, json!({"filter": {"kind": odd}}), "kind"),
            (ListPolicies::PATH, json!({"query": {"q": odd}}), "q"),
            (Jump::PATH, json!({"text": odd}), "text"),
            (app::server_fns::organization::Tree::PATH, json!({"query": {"q": odd}}), "q"),
        ] {
            let (status, failure) = failure(site.post(path).json(&arguments)).await;
            assert_eq!(status, 422, "{path}: {failure:?}");
            assert!(failure.field(field).is_some(), "{path} {field}: {failure:?}");
        }
        for (name, description, field) in [(odd, "", "name"), ("n", odd, "description")] {
            let form = [("name", name), ("description", description), ("content", "{\"plans\":{}}")];
            let (status, failure) = failure(site.post(CreatePolicy::PATH).form(&form)).await;
            assert!(status == 422 && failure.field(field).is_some(), "{field}: {status} {failure:?}");
        }
        let stranger = site.other_browser().sign_in(odd, PASSWORD).await;
        let told = header(&stranger, "location").to_owned();
        assert!(told.ends_with("problem=credentials") || told.ends_with("problem=limited"), "{told}");
    }
}
