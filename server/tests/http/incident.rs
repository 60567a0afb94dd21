//! One word finds the log line and the page: the id of the request.

use app::server_fns::jobs::Jobs;
use leptos::server_fn::ServerFn;
use model::{Failure, FailureCode};
use reqwest::Response;

use super::site::{EMAIL, PASSWORD, Running, header, start};

/// Whatever asks for jobs fails by a mistake of ours.
async fn broken() -> Running {
    let site = start().await.with_administrator().await;
    site.sign_in(EMAIL, PASSWORD).await;
    store::testing::break_jobs(&site.store).await;
    site
}

async fn names_its_request(answer: Response) {
    let id = header(&answer, "x-request-id").to_owned();
    let text = answer.text().await.unwrap();
    let failure: Failure = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}"));
    assert_eq!((&failure.code, failure.incident.as_ref()), (&FailureCode::Internal, Some(&id)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_failure_of_a_server_function_names_its_request() {
    let site = broken().await;
    names_its_request(site.post(Jobs::PATH).json(&serde_json::json!({"query": ""})).send().await.unwrap())
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_failure_on_a_page_names_the_request_of_the_page() {
    let site = broken().await;
    let answer = site.page("/jobs").await;
    let id = header(&answer, "x-request-id").to_owned();
    let page = answer.text().await.unwrap();
    assert!(page.contains(&format!("Incident {id}")), "{id}: {page}");
}
