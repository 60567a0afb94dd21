//! Numbers for those who watch the portal.

use model::JobKind;
use reqwest::{Method, StatusCode};
use store::{SyncPart, Watermark};

use super::site::{Running, header, start, start_without_database};

async fn numbers(site: &Running) -> Vec<String> {
    let answer = reqwest::get(&site.metrics).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(header(&answer, "content-type").starts_with("application/openmetrics-text"));
    let text = answer.text().await.unwrap();
    assert!(text.ends_with("# EOF\n"), "{text}");
    text.lines().map(str::to_owned).collect()
}

/// The number on the line that begins so.
fn number(lines: &[String], name: &str) -> Option<f64> {
    let line = lines.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))?;
    line.parse().ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn requests_calls_and_the_age_of_the_data_are_told_on_an_address_of_their_own() {
    let site = start().await.with_administrator().await;
    for path in ["/health", "/health", "/sign-in", "/no-such-page", "/neither/is-this"] {
        site.page(path).await;
    }
    let ours = reqwest::Client::new();
    ours.request(Method::from_bytes(b"MADEUP").unwrap(), format!("{}/health", site.url))
        .send()
        .await
        .unwrap();
    let before = numbers(&site).await;
    let requests = |labels: &str| number(&before, &format!("holdfast_http_requests_total{{{labels}}}"));
    assert_eq!(requests(r#"method="GET",route="/health",status="200""#), Some(2.0), "{before:#?}");
    assert_eq!(requests(r#"method="other",route="/health",status="403""#), Some(1.0), "{before:#?}");
    assert_eq!(requests(r#"method="GET",route="none",status="303""#), Some(2.0), "{before:#?}");
    assert_eq!(number(&before, r#"holdfast_http_request_seconds_count{route="/health"}"#), Some(3.0));
    assert_eq!(number(&before, "holdfast_database_up"), Some(1.0));
    assert_eq!(number(&before, "holdfast_sync_failing"), Some(0.0));
    assert!(
        !before.iter().any(|line| line.starts_with("holdfast_sync_age_seconds{")),
        "nothing was read yet"
    );

    let read_at = server::outside::now() - time::Duration::HOUR;
    let mark = Watermark {
        region: "eu-west-1".to_owned(),
        kind: JobKind::Backup,
        read_up_to: Some(read_at),
        read_at: Some(read_at),
        problem: None,
        page_cursor: None,
    };
    site.store.set_watermark(&mark).await.unwrap();
    site.store.set_sync_result(SyncPart::Organization, read_at, Some("AWS is away.")).await.unwrap();
    let after = numbers(&site).await;
    let age = number(&after, r#"holdfast_sync_age_seconds{part="jobs"}"#).unwrap();
    assert!((3600.0..7200.0).contains(&age), "{age}");
    assert_eq!(number(&after, "holdfast_sync_failing"), Some(1.0));
    assert_ne!(site.page("/metrics").await.status(), StatusCode::OK, "visitors are not told");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_database_that_is_away_is_told_and_delays_nothing_else() {
    let site = start_without_database().await;
    site.page("/health").await;
    let lines = numbers(&site).await;
    assert_eq!(number(&lines, "holdfast_database_up"), Some(0.0));
    assert_eq!(number(&lines, r#"holdfast_http_request_seconds_count{route="/health"}"#), Some(1.0));
}
