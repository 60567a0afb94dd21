//! What strangers could use up: the work of hashing, attempts at signing in, the connections to the database.

use axum::http::header::SET_COOKIE;
use futures::future::join_all;
use reqwest::StatusCode;

use super::site::{EMAIL, PASSWORD, Running, header, start};

/// Where each answer leads, of so many wrong passwords at once.
async fn wrong_at_once(site: &Running, many: usize) -> Vec<String> {
    let answers = join_all((0..many).map(|n| async move {
        let stranger = site.other_browser();
        let answer = stranger.sign_in(EMAIL, &format!("wrong {n}")).await;
        header(&answer, "location").to_owned()
    }));
    answers.await
}

fn count(answers: &[String], problem: &str) -> usize {
    let word = format!("problem={problem}");
    answers.iter().filter(|answer| answer.ends_with(&word)).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_wrong_passwords_at_once_from_one_address_no_more_are_judged_than_may_be() {
    let site = start().await.with_administrator().await;
    let answers = wrong_at_once(&site, 200).await;
    let (judged, limited) = (count(&answers, "credentials"), count(&answers, "limited"));
    assert!(judged <= 20 && judged + limited + count(&answers, "busy") == 200, "{answers:?}");
    assert_eq!(count(&answers, "database"), 0, "the database is there");
    let right = site.sign_in(EMAIL, PASSWORD).await;
    assert!(header(&right, "location").ends_with("problem=limited"), "{right:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_sign_in_makes_the_browser_known_by_a_cookie_that_scripts_cannot_read() {
    let site = start().await.with_administrator().await;
    let cookies = |answer: &reqwest::Response| -> Vec<String> {
        let cookies = answer.headers().get_all(SET_COOKIE).iter();
        cookies.map(|cookie| cookie.to_str().unwrap().to_owned()).collect()
    };
    let known =
        |cookies: &[String]| cookies.iter().find(|cookie| cookie.starts_with("holdfast-browser=")).cloned();
    let answer = site.sign_in(EMAIL, PASSWORD).await;
    let first = known(&cookies(&answer)).unwrap();
    for part in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=7776000"] {
        assert!(first.contains(part), "{first}");
    }
    let out = site.post("/auth/sign-out").send().await.unwrap();
    assert_eq!(header(&out, "clear-site-data"), "\"storage\"");
    assert_eq!(known(&cookies(&out)), None, "signing out does not make it a stranger's");
    let second = known(&cookies(&site.sign_in(EMAIL, PASSWORD).await)).unwrap();
    assert_ne!(first, second, "each sign-in has a secret of its own");
    assert_eq!(known(&cookies(&site.other_browser().sign_in(EMAIL, "wrong").await)), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_welcome_with_a_made_up_token_is_refused_before_any_work_and_limited() {
    let site = start().await;
    let good = site.portal.welcome_token().await.unwrap().unwrap();
    let welcome = async |token: &str, password: &str| {
        let form = [("token", token), ("email", EMAIL), ("name", "Ana"), ("password", password)];
        let answer = site.post("/auth/welcome").form(&form).send().await.unwrap();
        header(&answer, "location").to_owned()
    };
    assert!(welcome(&good, "short").await.ends_with("problem=fields"), "who has the link may mistype");
    for _ in 0..20 {
        // A password that would be refused is not looked at.
        assert!(welcome("made-up", "short").await.ends_with("problem=token"));
    }
    assert!(welcome("made-up", "short").await.ends_with("problem=limited"));
    assert_eq!(site.store.count_users().await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_busy_pool_takes_no_process_out_of_the_balancer_and_says_that_it_is_busy() {
    let site = start().await.with_administrator().await;
    site.sign_in(EMAIL, PASSWORD).await;
    let database = site.database();
    let held = database.lock_table("users").await;
    // Each reader holds a connection of the pool until the lock is let go.
    let readers = join_all((0..20).map(|_| site.page("/settings")));
    let ready = async {
        store::testing::until_all_connections_are_used(&site.store).await;
        let busy = site.other_browser().sign_in(EMAIL, PASSWORD).await;
        let ready = site.other_browser().page("/ready").await.status();
        held.release().await;
        (header(&busy, "location").to_owned(), ready)
    };
    let (answers, (busy, ready)) = tokio::join!(readers, ready);
    assert_eq!(ready, StatusCode::OK);
    assert!(busy.ends_with("problem=busy"), "{busy}");
    let mut told = Vec::new();
    for answer in answers {
        if answer.status() == StatusCode::SERVICE_UNAVAILABLE {
            told.push(answer.text().await.unwrap());
        }
    }
    assert!(!told.is_empty(), "some had no connection");
    for page in told {
        assert!(page.contains("Holdfast is busy") && !page.contains("does not answer"), "{page}");
    }
}
