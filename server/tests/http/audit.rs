//! The audit list over HTTP: its page without scripts, and its export.

use std::{fs, path::Path};

use axum::{body::Body, extract::Request};
use clap::Parser;
use model::{
    audit::{AuditAction, AuditFilter, AuditRecord, Period},
    change::Named,
};
use portal::{Portal, audit::SigningKey};
use reqwest::StatusCode;
use server::{
    audit::AuditOptions,
    config::WebOptions,
    metrics::{self, Requests},
    start::Start,
    tls::TlsOptions,
};
use store::{Actor, NewAudit, testing::TestDatabase};
use tower::ServiceExt;

use super::{
    gate::{Gate, HANGS, until},
    site::{EMAIL, PASSWORD, Running, header, start},
};

/// No AWS.
const NOWHERE: &str = "http://127.0.0.1:1";
const KEY: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIBq2au5RRrgPMMv94f2LN7obK6+NOJfdoKwUpWpVz36a
-----END PRIVATE KEY-----
";

async fn signed_in() -> Running {
    let site = start().await.with_administrator().await;
    assert_eq!(site.sign_in(EMAIL, PASSWORD).await.status(), StatusCode::SEE_OTHER);
    site
}

async fn write(site: &Running, name: &str) {
    let actor = Actor { person: "ben@example.com".into(), ..Actor::default() };
    let subject = Named::new("p-12345678", name);
    let event = NewAudit { subject, ..NewAudit::done(actor, AuditAction::PolicyEdited) };
    site.store.append_audit(&event, server::outside::now()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_export_is_a_file_of_what_the_filter_leaves_and_is_never_kept_by_a_cache() {
    let site = signed_in().await;
    for n in 0..600 {
        write(&site, &format!("=Daily {n}")).await;
    }
    let answer = site.page("/audit/export?format=csv&target=p-12345678&from=1d").await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(header(&answer, "cache-control"), "no-store");
    assert!(header(&answer, "content-type").starts_with("text/csv"));
    let name = header(&answer, "content-disposition").to_owned();
    assert!(name.starts_with("attachment; filename=\"holdfast-audit-") && name.ends_with(".csv\""), "{name}");
    let file = answer.text().await.unwrap();
    assert_eq!(file.matches("\r\n").count(), 601);
    assert!(file.contains(",'=Daily 599,") && !file.contains("sign_in"), "{}", &file[..300]);
    let answer = site.page("/audit/export?format=jsonl&until=2001-01-01").await;
    assert_eq!((answer.status(), answer.text().await.unwrap().as_str()), (StatusCode::OK, ""));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_no_export_is_refused_and_strangers_get_none() {
    let site = signed_in().await;
    for wrong in ["", "?format=xml", "?format=csv&from=yesterday", "?format=csv&format=csv"] {
        let answer = site.page(&format!("/audit/export{wrong}")).await;
        assert!(answer.status().is_client_error(), "{wrong}: {}", answer.status());
    }
    let stranger = site.other_browser().page("/audit/export?format=csv").await;
    assert_eq!(stranger.status(), StatusCode::SEE_OTHER);
    assert!(header(&stranger, "location").starts_with("/sign-in"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_page_searches_by_time_without_scripts_and_leads_to_the_same_export() {
    let site = signed_in().await;
    write(&site, "Daily").await;
    site.portal.seal_audit(store::HeadDue::NewEvents).await.unwrap().unwrap();
    let page = async |query: &str| site.page(&format!("/audit?{query}")).await.text().await.unwrap();
    let all = page("from=1d&target=Daily&action=&actor=&until=").await;
    for found in [
        "name=\"from\"",
        "name=\"until\"",
        "value=\"1d\"",
        "Policy edited",
        "Signed up to entry",
        "/audit/export?format=csv&amp;target=Daily&amp;from=1d",
        "/audit/export?format=jsonl&amp;",
    ] {
        assert!(all.contains(found), "{found}");
    }
    let none = page("until=2001-01-01").await;
    assert!(none.contains("No entries") && !none.contains("Policy edited</td>"));
    let wrong = page("from=yesterday").await;
    assert!(wrong.contains("Expected a time, as 7d"), "the reason is shown");
}

/// The options about the audit list, as the command line has them.
#[derive(clap::Parser)]
struct Options {
    #[command(flatten)]
    audit: AuditOptions,
}

async fn serve(database: &TestDatabase, aws: &str, options: &[&str]) -> server::start::Running {
    let start = Start {
        providers: portal::Providers::default(),
        web: WebOptions {
            listen: "127.0.0.1:0".parse().unwrap(),
            public_url: None,
            allow_plain_http: false,
            proxies: 0,
            tls: TlsOptions::default(),
        },
        metrics_listen: None,
        database_url: database.url.clone(),
        aws: aws::Options::simulated(aws, aws::Rates::Off),
        regions: vec!["eu-west-1".to_owned()],
        sync: portal::sync::Options::default(),
        stop_within: HANGS,
        simulated: true,
        audit: Options::parse_from(["holdfast"].iter().chain(options)).audit,
    };
    start.start().await.unwrap()
}

/// What its metrics tell.
async fn numbers(portal: &Portal, site: &Running) -> String {
    let aws = aws::Aws::connect(aws::Options::simulated(NOWHERE, aws::Rates::Off));
    let router = metrics::router(&aws.await.unwrap(), &Requests::default(), portal, site.store.clone(), None);
    let answer = router.oneshot(Request::get("/metrics").body(Body::empty()).unwrap()).await.unwrap();
    let text = axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    String::from_utf8(text.to_vec()).unwrap()
}

fn sent(path: &Path) -> Vec<AuditRecord> {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_process_signs_at_its_start_and_its_end_and_sends_on_what_the_one_before_left() {
    let site = signed_in().await;
    let folder = tempfile::tempdir().unwrap();
    let (path, key) = (folder.path().join("audit.jsonl"), folder.path().join("audit.key"));
    fs::write(&key, KEY).unwrap();
    let forward = format!("file:{}", path.display());
    let options = ["--audit-forward", &forward, "--audit-key-file", key.to_str().unwrap()];
    let heads = || sent(&path).into_iter().filter(|record| matches!(record, AuditRecord::Head(_))).count();
    let running = serve(site.database(), NOWHERE, &options).await;
    until("the first head", async || heads() == 1).await;
    let forwarding = async || running.portal.audit_forwarding().await.unwrap();
    until("the cursor", async || forwarding().await.is_some_and(|one| one.behind == 0)).await;
    let proof = forwarding().await.unwrap();
    assert_eq!((proof.destination.as_str(), proof.problem), (forward.as_str(), None));
    let numbers = numbers(&running.portal, &site).await;
    for line in ["holdfast_audit_forward_behind 0\n", "holdfast_audit_forward_failing 0\n"] {
        assert!(numbers.contains(line), "{line}: {numbers}");
    }
    write(&site, "Late").await;
    running.stop().await;
    // The end was signed after everything, by the key of the file.
    let head = site.store.newest_audit_head().await.unwrap().unwrap();
    let newest = site
        .store
        .audit(store::AuditSearch::of_all(&AuditFilter::default(), Period::default()))
        .await
        .unwrap()
        .rows[0]
        .id;
    assert!(head.seq >= newest && SigningKey::read(&key).unwrap().public().signed(&head));
    let running = serve(site.database(), NOWHERE, &options).await;
    until("the second head", async || heads() == 2).await;
    running.stop().await;
    let seqs: Vec<i64> = sent(&path)
        .into_iter()
        .filter_map(|record| match record {
            AuditRecord::Event(event) => Some(event.seq),
            AuditRecord::Head(_) => None,
        })
        .collect();
    assert_eq!(seqs, (1..=head.seq).collect::<Vec<_>>());
}

/// The first path on a page that begins so.
fn path_on(html: &str, begin: &str) -> Option<String> {
    let (_, rest) = html.split_once(&format!("href=\"{begin}"))?;
    Some(format!("{begin}{}", rest.split_once('"')?.0))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn pages_of_policies_and_places_lead_to_their_entries_for_those_who_may_read_them() {
    let (site, gate) = (signed_in().await, Gate::start().await);
    let viewer = site.other_browser();
    // With the password that the administrator has, too.
    let password_hash = site.store.user_by_email(EMAIL).await.unwrap().unwrap().password_hash;
    let user = store::NewUser {
        password_hash,
        ..store::testing::person("viewer@holdfast.example", model::Role::Viewer)
    };
    site.store.create_user(user, server::outside::now()).await.unwrap();
    assert_eq!(viewer.sign_in("viewer@holdfast.example", PASSWORD).await.status(), StatusCode::SEE_OTHER);
    let reader = serve(site.database(), &gate.address, &[]).await;
    let page = async |of: &Running, path: &str| of.page(path).await.text().await.unwrap();
    until("policies", async || path_on(&page(&site, "/policies").await, "/policies/p-").is_some()).await;
    let policy = path_on(&page(&site, "/policies").await, "/policies/p-").unwrap();
    let place = path_on(&page(&site, "/organization").await, "/organization/r-").unwrap();
    for path in [policy, place] {
        let (_, id) = path.rsplit_once('/').unwrap();
        let link = format!("href=\"/audit?target={id}\"");
        assert!(page(&site, &path).await.contains(&link), "{path}");
        let seen = page(&viewer, &path).await;
        assert!(seen.contains(id) && !seen.contains(&link), "{path}");
    }
    reader.stop().await;
}
