//! Postgres goes away while the portal serves, and comes back: clear answers meanwhile, nothing typed lost, and all works
//! again without a restart.

use std::{path::Path, time::Duration};

use app::server_fns::policies::{CreatePolicy, ListPolicies};
use leptos::server_fn::ServerFn;
use reqwest::{Response, StatusCode};
use store::{Store, private::PrivatePostgres};

use super::site::{EMAIL, PASSWORD, Running, header, start_on};

/// A request that is still unanswered by then hangs, on however busy a machine.
const HANGS: Duration = Duration::from_secs(60);
const AWAY: &str = "The database does not answer";
const TYPED: &str = "{\n  \"plans\": 4\n}";
const FIELDS: [(&str, &str); 3] = [("name", "Typed meanwhile"), ("description", ""), ("content", TYPED)];

async fn postgres(dir: &Path) -> PrivatePostgres {
    let dir = dir.to_owned();
    tokio::task::spawn_blocking(move || PrivatePostgres::start(&dir).unwrap()).await.unwrap()
}

async fn list(site: &Running) -> Response {
    let query = r#"{"query":{"q":"","attached":""}}"#;
    let request = site.post(ListPolicies::PATH).header("content-type", "application/json").body(query);
    request.send().await.unwrap()
}

async fn in_time<T>(answer: impl Future<Output = T>) -> T {
    tokio::time::timeout(HANGS, answer).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_portal_outlives_its_database_going_away_and_coming_back() {
    let dir = tempfile::tempdir().unwrap();
    let database = postgres(dir.path()).await;
    let options = store::Options { max_connections: 4, acquire_timeout: Duration::from_secs(1) };
    let store = Store::connect(database.url(), options).unwrap();
    let site = start_on(store).await.with_administrator().await;
    site.sign_in(EMAIL, PASSWORD).await;
    assert_eq!(site.page("/policies").await.status(), StatusCode::OK);

    tokio::task::spawn_blocking(|| database.stop()).await.unwrap();
    in_time(meanwhile(&site)).await;

    let _database = postgres(dir.path()).await;
    in_time(afterwards(&site)).await;
}

async fn meanwhile(site: &Running) {
    // More at once than there are connections: each gets its answer.
    let pages = (0..12).map(|_| site.page("/policies"));
    for page in futures::future::join_all(pages).await {
        assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(header(&page, "retry-after"), "5");
        let page = page.text().await.unwrap();
        assert!(
            page.contains(AWAY) && page.contains("href=\"/policies\""),
            "what is wrong, and a next step: {page}"
        );
    }
    let called = list(site).await;
    assert_eq!(called.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(called.text().await.unwrap().contains("database_unavailable"));
    let form = site.plain_form("/policies/new", CreatePolicy::PATH, &FIELDS).await;
    assert_eq!(form.status(), StatusCode::SERVICE_UNAVAILABLE);
    let form = form.text().await.unwrap();
    assert!(
        form.contains(AWAY) && form.contains("Typed meanwhile"),
        "what was typed is in the answer: {form}"
    );
    assert!(form.contains("Send again"), "{form}");
    let signing_in = site.other_browser().sign_in(EMAIL, PASSWORD).await;
    assert!(header(&signing_in, "location").ends_with("problem=database"), "{signing_in:?}");
    assert_eq!(site.page("/sign-in").await.status(), StatusCode::OK, "the sign-in page needs no database");
    assert_eq!(site.page("/health").await.status(), StatusCode::OK);
    assert_eq!(site.page("/ready").await.status(), StatusCode::SERVICE_UNAVAILABLE);
}

async fn afterwards(site: &Running) {
    assert_eq!(site.page("/ready").await.status(), StatusCode::OK);
    let page = site.page("/policies").await;
    assert_eq!(page.status(), StatusCode::OK, "the session is still valid");
    assert!(page.text().await.unwrap().contains("Ana"));
    assert_eq!(list(site).await.status(), StatusCode::OK);
    let action = format!("{}?page=%2Fpolicies%2Fnew", CreatePolicy::PATH);
    site.plain_form(CreatePolicy::PATH, &action, &FIELDS).await;
    let page = site.page("/policies/new").await.text().await.unwrap();
    assert!(page.contains("Typed meanwhile") && page.contains("The policy document is refused"), "{page}");
    assert_eq!(site.other_browser().sign_in(EMAIL, PASSWORD).await.status(), StatusCode::SEE_OTHER);
}
