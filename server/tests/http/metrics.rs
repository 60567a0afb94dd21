//! Numbers for those who watch the portal.

use model::{JobKind, job::lists::ListOutcome};
use reqwest::{Method, StatusCode};
use store::{NewTask, SyncPart, Watermark};

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
    assert_eq!(number(&before, "holdfast_audit_head_age_seconds"), None, "nothing was signed yet");
    site.portal.seal_audit(store::HeadDue::NewEvents).await.unwrap().unwrap();
    assert!(number(&numbers(&site).await, "holdfast_audit_head_age_seconds").is_some_and(|age| age >= 0.0));

    let read_at = server::outside::now() - time::Duration::HOUR;
    let mark = Watermark {
        read_up_to: Some(read_at),
        read_at: Some(read_at),
        ..Watermark::new("eu-west-1", JobKind::Backup)
    };
    site.store.set_watermark(&mark).await.unwrap();
    site.store.set_sync_result(SyncPart::Organization, read_at, Some("AWS is away.")).await.unwrap();
    let after = numbers(&site).await;
    for name in [
        r#"holdfast_sync_age_seconds{part="jobs"}"#,
        r#"holdfast_jobs_read_age_seconds{region="eu-west-1",kind="backup"}"#,
    ] {
        let age = number(&after, name).unwrap();
        assert!((3600.0..7200.0).contains(&age), "{name} {age}");
    }
    assert_eq!(number(&after, "holdfast_sync_failing"), Some(1.0));
    assert_ne!(site.page("/metrics").await.status(), StatusCode::OK, "visitors are not told");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_list_of_jobs_that_was_never_read_has_no_age_and_is_named_with_its_outcome() {
    let site = start().await;
    let read_at = server::outside::now() - time::Duration::HOUR;
    let mut read = Watermark::new("eu-central-1", JobKind::Backup);
    (read.read_at, read.outcome) = (Some(read_at), ListOutcome::Read);
    site.store.set_watermark(&read).await.unwrap();
    for outcome in [ListOutcome::Untried, ListOutcome::NotAvailable, ListOutcome::Denied, ListOutcome::Failed]
    {
        let never = Watermark { outcome, ..Watermark::new("eu-west-1", JobKind::Backup) };
        site.store.set_watermark(&never).await.unwrap();
        let lines = numbers(&site).await;
        let has = |begins: &str| lines.iter().any(|line| line.starts_with(begins));
        assert!(!has(r#"holdfast_jobs_read_age_seconds{region="eu-west-1""#), "{lines:#?}");
        assert!(has(r#"holdfast_jobs_read_age_seconds{region="eu-central-1""#), "{lines:#?}");
        assert!(!has(r#"holdfast_sync_age_seconds{part="jobs"}"#), "not read whole: {lines:#?}");
        let told = format!(
            r#"holdfast_jobs_list{{region="eu-west-1",kind="backup",outcome="{}",ever_read="no"}} 1"#,
            outcome.as_str()
        );
        assert!(has(&told), "{told}: {lines:#?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_database_that_is_away_is_told_and_delays_nothing_else() {
    let site = start_without_database().await;
    site.page("/health").await;
    let lines = numbers(&site).await;
    assert_eq!(number(&lines, "holdfast_database_up"), Some(0.0));
    assert_eq!(number(&lines, r#"holdfast_http_request_seconds_count{route="/health"}"#), Some(1.0));
    for unknown in ["holdfast_sync_failing", "holdfast_sync_age", "holdfast_tasks"] {
        assert!(!lines.iter().any(|line| line.starts_with(unknown)), "{unknown}: {lines:#?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn tasks_and_loops_are_told_by_name() {
    let site = start().await;
    let now = server::outside::now();
    let task = |key: &str| NewTask {
        kind: "export",
        key: key.to_owned(),
        payload: serde_json::json!({}),
        run_at: now,
    };
    site.store.put_task(&task("a")).await.unwrap();
    site.store.put_task(&task("b")).await.unwrap();
    let taken = site.store.take_task(&["export"], now, now + time::Duration::HOUR).await.unwrap().unwrap();
    site.portal.background().spawn("export", |stop| async move { stop.cancelled().await });
    let lines = numbers(&site).await;
    for (state, count) in [("waiting", 1.0), ("leased", 1.0), ("failing", 0.0)] {
        let name = format!(r#"holdfast_tasks{{kind="export",state="{state}"}}"#);
        assert_eq!(number(&lines, &name), Some(count), "{lines:#?}");
    }
    assert_eq!(number(&lines, r#"holdfast_background_up{task="export"}"#), Some(1.0));
    site.store.put_off_task(&taken, now, Some("AWS is away")).await.unwrap();
    let lines = numbers(&site).await;
    assert_eq!(number(&lines, r#"holdfast_tasks{kind="export",state="failing"}"#), Some(1.0), "{lines:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn readiness_names_loops_that_failed_and_stays_ready() {
    let site = start().await;
    site.portal.background().spawn("sound", |stop| async move { stop.cancelled().await });
    let ready = async || {
        let answer = site.page("/ready").await;
        assert_eq!(answer.status(), StatusCode::OK);
        answer.json::<serde_json::Value>().await.unwrap()
    };
    assert_eq!(ready().await, serde_json::json!({"status": "ready", "background": []}));
    site.portal.background().spawn("broken", |_| async { panic!("broken") });
    let broken = loop {
        let answer = ready().await;
        if let Some(broken) = answer["background"].get(0) {
            break broken.clone();
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    };
    assert_eq!(broken["task"], "broken");
    assert!(broken["failed_at"].is_string(), "{broken}");
}
