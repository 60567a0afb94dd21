//! Requests that take long: what only reads ends with its reader, what changes something goes on.

use std::time::Duration;

use app::server_fns::{policies::CreatePolicy, settings::Settings};
use leptos::server_fn::ServerFn;
use model::{Failure, FailureCode, audit::AuditFilter, failure::Slow};
use reqwest::StatusCode;

use super::{
    gate::{Gate, HANGS, until},
    site::{EMAIL, PASSWORD, Running, start_with},
};

const FIELDS: [(&str, &str); 3] = [("name", "Slow"), ("description", ""), ("content", "{\"plans\":{}}")];

async fn signed_in(gate: &Gate, patience: Duration) -> Running {
    let site = start_with(&gate.address, patience).await.with_administrator().await;
    site.sign_in(EMAIL, PASSWORD).await;
    site
}

async fn outcome_of_change(site: &Running) -> Option<model::audit::AuditOutcome> {
    let filter = AuditFilter { action: "policy_created".into(), ..AuditFilter::default() };
    site.store
        .audit(store::AuditSearch::of_all(&filter, model::audit::Period::default()))
        .await
        .unwrap()
        .rows
        .first()
        .map(|entry| entry.outcome)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_reading_request_ends_when_its_reader_has_gone() {
    let gate = Gate::start().await;
    let site = signed_in(&gate, HANGS).await;
    gate.hold("DescribeOrganization");
    let reading = tokio::spawn(site.post(Settings::PATH).json(&serde_json::json!({})).send());
    gate.until_held(1).await;
    reading.abort();
    gate.until_held(0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_change_is_finished_and_audited_though_its_browser_has_gone() {
    let gate = Gate::start().await;
    let site = signed_in(&gate, HANGS).await;
    gate.hold("CreatePolicy");
    let changing = tokio::spawn(site.post(CreatePolicy::PATH).form(&FIELDS).send());
    gate.until_held(1).await;
    changing.abort();
    assert!(changing.await.unwrap_err().is_cancelled());
    // A request that comes after the connection has gone, and is answered: the server has seen the end of it.
    assert_eq!(site.page("/health").await.status(), StatusCode::OK);
    assert_eq!(gate.held(), 1);
    gate.let_one_pass();
    until("the outcome", async || {
        outcome_of_change(&site).await == Some(model::audit::AuditOutcome::Succeeded)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_request_that_takes_too_long_says_whether_it_goes_on() {
    let gate = Gate::start().await;
    let site = signed_in(&gate, Duration::from_millis(500)).await;
    gate.hold("DescribeOrganization");
    let answer = site.post(Settings::PATH).json(&serde_json::json!({})).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    let failure: Failure = answer.json().await.unwrap();
    assert_eq!(failure.code, FailureCode::TooSlow { what: Slow::Reading });
    gate.until_held(0).await;

    gate.hold("CreatePolicy");
    let answer = site.post(CreatePolicy::PATH).form(&FIELDS).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    let failure: Failure = answer.json().await.unwrap();
    assert_eq!(failure.code, FailureCode::TooSlow { what: Slow::Change });
    assert_eq!(gate.held(), 1, "it goes on");
    gate.let_one_pass();
    until("the outcome", async || {
        outcome_of_change(&site).await == Some(model::audit::AuditOutcome::Succeeded)
    })
    .await;
}
