//! The end of the process, with everything that `serve` starts.

use std::time::Duration;

use app::server_fns::policies::CreatePolicy;
use leptos::server_fn::ServerFn;
use model::audit::{AuditFilter, AuditOutcome};
use portal::NewAdministrator;
use reqwest::header::ORIGIN;
use server::{
    config::WebOptions,
    start::{Running, Start},
    tls::TlsOptions,
};
use store::testing::TestDatabase;

use super::{
    gate::{Gate, HANGS, until},
    site::{EMAIL, PASSWORD, client},
};

const FIELDS: [(&str, &str); 3] = [("name", "Late"), ("description", ""), ("content", "{\"plans\":{}}")];

async fn start(database: &TestDatabase, gate: &Gate, stop_within: Duration) -> Running {
    let start = Start {
        web: WebOptions {
            listen: "127.0.0.1:0".parse().unwrap(),
            public_url: None,
            allow_plain_http: false,
            proxies: 0,
            tls: TlsOptions::default(),
        },
        metrics_listen: Some("127.0.0.1:0".parse().unwrap()),
        database_url: database.url.clone(),
        aws: aws::Options::simulated(&gate.address, aws::Rates::Off),
        regions: vec!["eu-west-1".to_owned()],
        sync: portal::sync::Options::default(),
        stop_within,
        providers: portal::Providers::default(),
        simulated: true,
        audit: server::audit::AuditOptions::default(),
    };
    let running = start.start().await.unwrap();
    running.schema.ready().await;
    running
}

/// A browser with a session.
async fn signed_in(running: &Running) -> reqwest::Client {
    let token = running.portal.welcome_token().await.unwrap().unwrap();
    let (email, password) = (EMAIL.to_owned(), PASSWORD.to_owned());
    let new = NewAdministrator { token, email, name: "Ana".to_owned(), password };
    running.portal.create_first_administrator(new).await.unwrap();
    let browser = client();
    let url = &running.web.url;
    let form = [("email", EMAIL), ("password", PASSWORD)];
    browser.post(format!("{url}/auth/sign-in")).header(ORIGIN, url).form(&form).send().await.unwrap();
    browser
}

/// A change that is held at the gate.
async fn begin_change(
    running: &Running,
    gate: &Gate,
) -> tokio::task::JoinHandle<reqwest::Result<reqwest::Response>> {
    let (browser, url) = (signed_in(running).await, &running.web.url);
    gate.hold("CreatePolicy");
    let request = browser.post(format!("{url}{}", CreatePolicy::PATH)).header(ORIGIN, url).form(&FIELDS);
    let changing = tokio::spawn(request.send());
    gate.until_held(1).await;
    changing
}

async fn outcome(database: &TestDatabase) -> AuditOutcome {
    let filter = AuditFilter { action: "policy_created".into(), ..AuditFilter::default() };
    database
        .store
        .audit(store::AuditSearch::of_all(&filter, model::audit::Period::default()))
        .await
        .unwrap()
        .rows[0]
        .outcome
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_end_waits_for_a_change_whose_browser_has_gone() {
    let (database, gate) = (store::testing::database().await, Gate::start().await);
    let running = start(&database, &gate, HANGS).await;
    let url = running.web.url.clone();
    begin_change(&running, &gate).await.abort();
    let stopping = tokio::spawn(running.stop());
    until("that nobody is let in", async || reqwest::get(format!("{url}/health")).await.is_err()).await;
    assert!(!stopping.is_finished());
    assert_eq!((gate.held(), outcome(&database).await), (1, AuditOutcome::Begun));
    gate.let_one_pass();
    tokio::time::timeout(HANGS, stopping).await.unwrap().unwrap();
    assert_eq!(outcome(&database).await, AuditOutcome::Succeeded, "finished and audited before the end");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_waits_for_a_change_is_answered_before_the_end() {
    let (database, gate) = (store::testing::database().await, Gate::start().await);
    let running = start(&database, &gate, HANGS).await;
    let url = running.web.url.clone();
    let changing = begin_change(&running, &gate).await;
    let stopping = tokio::spawn(running.stop());
    until("that nobody is let in", async || reqwest::get(format!("{url}/health")).await.is_err()).await;
    gate.let_one_pass();
    let answer = changing.await.unwrap().unwrap();
    assert_eq!(answer.status(), reqwest::StatusCode::OK);
    tokio::time::timeout(HANGS, stopping).await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_change_that_does_not_end_is_waited_for_no_longer_than_configured() {
    let (database, gate) = (store::testing::database().await, Gate::start().await);
    let running = start(&database, &gate, Duration::from_millis(300)).await;
    let _changing = begin_change(&running, &gate).await;
    tokio::time::timeout(HANGS, running.stop()).await.unwrap();
    assert_eq!(outcome(&database).await, AuditOutcome::Begun, "its entry says that nothing is known");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_page_that_stays_open_is_let_go_at_once() {
    let (database, gate) = (store::testing::database().await, Gate::start().await);
    let running = start(&database, &gate, HANGS).await;
    let (browser, url) = (signed_in(&running).await, running.web.url.clone());
    let mut stream = browser.get(format!("{url}{}", model::paths::LIVE)).send().await.unwrap();
    assert_eq!(stream.status(), reqwest::StatusCode::OK);
    let stopping = tokio::spawn(running.stop());
    let ended = async { while stream.chunk().await.unwrap().is_some() {} };
    tokio::time::timeout(HANGS, ended).await.unwrap();
    tokio::time::timeout(HANGS, stopping).await.unwrap().unwrap();
}
