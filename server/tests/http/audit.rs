//! The audit list over HTTP: its page without scripts, and its export.

use model::{audit::AuditAction, change::Named};
use reqwest::StatusCode;
use store::{Actor, NewAudit};

use super::site::{EMAIL, PASSWORD, Running, header, start};

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
