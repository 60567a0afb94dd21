//! Forms that are posted without scripts and refused: nothing typed is lost.

use app::server_fns::policies::{AttachPolicy, CreatePolicy, UpdatePolicy};
use leptos::server_fn::ServerFn;
use reqwest::StatusCode;

use super::site::{EMAIL, PASSWORD, Running, header, start};

const TYPED: &str = "{\r\n  \"plans\": 4, \"</textarea>\": 1\r\n}";
const SHOWN: &str = "{\n  \"plans\": 4, \"&lt;/textarea&gt;\": 1\n}";
const FIELDS: [(&str, &str); 3] = [("name", "Refused \"once\""), ("description", "why"), ("content", TYPED)];

async fn signed_in() -> Running {
    let site = start().await.with_administrator().await;
    site.sign_in(EMAIL, PASSWORD).await;
    site
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_refused_policy_comes_back_once_with_what_was_typed_and_what_is_wrong() {
    let site = signed_in().await;
    let answer = site.plain_form("/policies/new?tab=json", CreatePolicy::PATH, &FIELDS).await;
    assert_eq!(
        (answer.status(), header(&answer, "location")),
        (StatusCode::SEE_OTHER, "/policies/new?tab=json")
    );
    let other = site.page("/policies").await.text().await.unwrap();
    assert!(!other.contains("Refused"), "another page shows nothing of it");

    let page = site.page("/policies/new?tab=json").await.text().await.unwrap();
    assert!(page.contains(SHOWN), "the document as typed: {page}");
    assert!(
        page.contains("value=\"Refused &quot;once&quot;\"") && page.contains("value=\"why\""),
        "the fields"
    );
    assert!(page.contains("The policy document is refused"), "why it was refused");

    let again = site.page("/policies/new?tab=json").await.text().await.unwrap();
    assert!(!again.contains("Refused"), "a page that is asked for later is a fresh one");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nobody_else_sees_what_was_typed() {
    let site = signed_in().await;
    site.plain_form("/policies/new", CreatePolicy::PATH, &FIELDS).await;
    let other = site.other_browser();
    other.sign_in(EMAIL, PASSWORD).await;
    let page = other.page("/policies/new").await.text().await.unwrap();
    assert!(!page.contains("Refused"), "{page}");
    let mine = site.page("/policies/new").await.text().await.unwrap();
    assert!(mine.contains("Refused"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_form_sent_after_the_session_has_ended_can_be_sent_again_from_the_answer() {
    let site = start().await.with_administrator().await;
    let answer = site.plain_form("/policies/new", CreatePolicy::PATH, &FIELDS).await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    let page = answer.text().await.unwrap();
    assert!(page.contains("You are signed out") && page.contains("href=\"/sign-in\""), "{page}");
    assert!(page.contains("&lt;/textarea&gt;") && page.contains("Refused &quot;once&quot;"), "{page}");

    site.sign_in(EMAIL, PASSWORD).await;
    let action = format!("{}?page=%2Fpolicies%2Fnew", CreatePolicy::PATH);
    assert!(page.contains(&format!("action=\"{action}\"")), "{page}");
    let answer = site.plain_form(CreatePolicy::PATH, &action, &FIELDS).await;
    assert_eq!(header(&answer, "location"), "/policies/new", "back to the form's own page");
    let page = site.page("/policies/new").await.text().await.unwrap();
    assert!(page.contains(SHOWN), "{page}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_form_that_is_too_large_for_a_session_comes_back_in_the_answer() {
    let site = signed_in().await;
    let large = format!("{{\n{}", "x".repeat(300_000));
    let fields = [("name", "Large"), ("description", ""), ("content", large.as_str())];
    let answer = site.plain_form("/policies/new", CreatePolicy::PATH, &fields).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().await.unwrap().contains(&large));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_page_to_come_back_to_is_one_of_ours() {
    let site = signed_in().await;
    for page in ["//evil.example", "https://evil.example/"] {
        let action = format!("{}?page={}", CreatePolicy::PATH, model::paths::encode(page));
        let answer = site.plain_form("/policies/new", &action, &FIELDS).await;
        assert_eq!(header(&answer, "location"), "/", "{page}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_refusal_puts_what_was_typed_into_an_address() {
    let site = signed_in().await;
    let policy =
        [("id", "p-12345678"), ("opened", "x"), ("name", "n"), ("description", ""), ("content", TYPED)];
    let targets = [("id", "p-12345678"), ("targets[]", "111122223333")];
    for (function, fields) in [(UpdatePolicy::PATH, policy.as_slice()), (AttachPolicy::PATH, &targets)] {
        let answer = site.plain_form("/policies/p-12345678", function, fields).await;
        assert_eq!(header(&answer, "location"), "/policies/p-12345678", "{function}");
    }
}
