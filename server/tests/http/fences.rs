//! What keeps strangers and other sites out.

use leptos::server_fn::axum::server_fn_paths;
use reqwest::{Method, StatusCode, header::ORIGIN};
use server::router::page_paths;

use super::site::{EMAIL, PASSWORD, header, start, start_without_database};

/// The pages of the site, by path: a new one is a new line.
const PAGES: &str = include_str!("pages.txt");

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_answer_says_what_browsers_may_do_with_it() {
    let site = start().await;
    for path in ["/sign-in", "/no-such-page", "/favicon.svg", "/health", "/rpc/nothing"] {
        let answer = site.page(path).await;
        let policy = header(&answer, "content-security-policy").to_owned();
        for rule in [
            "default-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "form-action 'self'",
        ] {
            assert!(policy.contains(rule), "{path}: {rule} in {policy}");
        }
        assert!(!policy.contains("unsafe-inline"), "{path}: {policy}");
        assert_eq!(header(&answer, "x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header(&answer, "referrer-policy"), "same-origin", "{path}");
        assert_eq!(header(&answer, "cross-origin-opener-policy"), "same-origin", "{path}");
        assert_eq!(header(&answer, "cross-origin-resource-policy"), "same-origin", "{path}");
        assert_eq!(header(&answer, "access-control-allow-origin"), "", "{path}");
        assert!(!header(&answer, "x-request-id").is_empty(), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_text_says_its_character_set() {
    let site = start().await.with_administrator().await;
    site.sign_in(EMAIL, PASSWORD).await;
    let refused = reqwest::Client::new().post(format!("{}/auth/sign-in", site.url)).send().await.unwrap();
    let file = site.page("/pkg/0123456789abcdef/holdfast.js").await;
    let stranger = site.other_browser().page("/sign-in").await;
    for answer in [refused, file, stranger, site.page("/jobs").await, site.page("/no-such-page").await] {
        let (path, kind) = (answer.url().path(), header(&answer, "content-type"));
        assert!(kind.starts_with("text/"), "{path}: {kind}");
        assert!(kind.ends_with("; charset=utf-8"), "{path}: {kind}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn methods_that_nothing_asks_for_are_refused() {
    let site = start().await.with_administrator().await;
    let answer = site.sign_in(EMAIL, PASSWORD).await;
    let cookies = answer.headers().get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap());
    let cookie = cookies.filter_map(|cookie| cookie.split(';').next()).collect::<Vec<_>>().join("; ");
    for method in ["TRACE", "CONNECT", "PUT", "PATCH", "DELETE", "PROPFIND", "X"] {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        for path in
            ["/", "/jobs", "/health", "/favicon.svg", "/auth/sign-in", "/rpc/app/server_fns/jobs/jobs"]
        {
            let request = reqwest::Client::new().request(method.clone(), format!("{}{path}", site.url));
            let Ok(answer) = request.header(ORIGIN, &site.url).header("cookie", &cookie).send().await else {
                // A tunnel is no request for a path.
                assert_eq!(method, Method::CONNECT);
                continue;
            };
            let status = answer.status();
            assert!([404, 405].contains(&status.as_u16()), "{method} {path}: {status}");
            assert!(!answer.text().await.unwrap().contains(&cookie), "{method} {path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn private_answers_are_kept_by_no_cache() {
    let site = start().await.with_administrator().await;
    site.sign_in(EMAIL, PASSWORD).await;
    for path in page_paths() {
        let path = path.replace(['{', '}', '*'], "x");
        assert_eq!(header(&site.page(&path).await, "cache-control"), "no-store", "{path}");
    }
    for (path, _) in server_fn_paths() {
        let answer = site.post(path).json(&serde_json::json!({})).send().await.unwrap();
        assert_eq!(header(&answer, "cache-control"), "no-store", "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_script_of_a_page_carries_the_nonce_of_its_policy() {
    let site = start().await;
    let answer = site.page("/sign-in").await;
    let policy = header(&answer, "content-security-policy").to_owned();
    let (_, rest) = policy.split_once("'nonce-").unwrap();
    let (nonce, _) = rest.split_once('\'').unwrap();
    let html = answer.text().await.unwrap();
    let scripts: Vec<_> = html.match_indices("<script").map(|(at, _)| &html[at..]).collect();
    assert!(!scripts.is_empty());
    for script in scripts {
        let tag = script.split('>').next().unwrap();
        assert!(tag.contains(&format!("nonce=\"{nonce}\"")), "{tag}");
    }
    assert!(!html.contains("style=\""), "inline styles are not allowed by the policy");
    let again = site.page("/sign-in").await;
    assert!(!header(&again, "content-security-policy").contains(nonce), "a nonce is used once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn requests_from_other_sites_are_refused() {
    let site = start().await.with_administrator().await;
    let form = [("email", EMAIL), ("password", PASSWORD)];
    let post = || reqwest::Client::new().post(format!("{}/auth/sign-in", site.url)).form(&form);
    let foreign = [
        post(),
        post().header(ORIGIN, "https://evil.example"),
        post().header(ORIGIN, "null"),
        post().header(ORIGIN, &site.url).header("sec-fetch-site", "cross-site"),
    ];
    for request in foreign {
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::FORBIDDEN);
        assert_eq!(header(&answer, "set-cookie"), "");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_page_but_those_for_signing_in_leads_a_stranger_to_the_sign_in_page() {
    let site = start().await;
    let mut paths = page_paths();
    paths.sort_unstable();
    assert_eq!(
        paths,
        PAGES.lines().collect::<Vec<_>>(),
        "server/tests/http/pages.txt has a line for each page"
    );
    for path in paths {
        let concrete = path.replace(['{', '}', '*'], "x");
        let answer = site.page(&concrete).await;
        if ["/sign-in", "/sign-in/code", "/welcome", "/join"].contains(&path.as_str()) {
            assert_eq!(answer.status(), StatusCode::OK, "{path}");
        } else {
            assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{path}");
            assert!(header(&answer, "location").starts_with("/sign-in"), "{path}");
        }
    }
    assert_eq!(
        header(&site.page("/jobs?state=failed").await, "location"),
        "/sign-in?next=%2Fjobs%3Fstate%3Dfailed"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_server_function_but_the_frame_and_that_of_links_refuses_strangers() {
    let site = start().await;
    let functions: Vec<_> = server_fn_paths().collect();
    assert!(functions.len() >= 15, "{functions:?}");
    for (path, method) in functions {
        assert_eq!(method, Method::POST, "{path}: only POST is checked for its origin");
        let answer = site.post(path).json(&serde_json::json!({})).send().await.unwrap();
        if path.ends_with("/frame") {
            assert_eq!(answer.status(), StatusCode::OK, "{path}");
            let frame: serde_json::Value = answer.json().await.unwrap();
            assert!(frame["me"].is_null() && frame["organization"].is_null(), "{frame}");
        } else if path.ends_with("/join_link") {
            let answer = site.post(path).json(&serde_json::json!({"token": "made up"})).send().await.unwrap();
            assert_eq!((answer.status(), answer.text().await.unwrap().as_str()), (StatusCode::OK, "null"));
        } else {
            assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{path}");
            let failure: model::Failure = answer.json().await.unwrap();
            assert_eq!(failure.code, model::FailureCode::SignedOut, "{path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_request_that_is_too_large_is_refused() {
    let site = start().await;
    let answer = site.post("/auth/sign-in").body("x".repeat(2 << 20)).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_its_database_the_portal_lives_and_says_so() {
    let site = start_without_database().await;
    assert_eq!(site.page("/health").await.status(), StatusCode::OK);
    let ready = site.page("/ready").await;
    assert_eq!(ready.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(header(&ready, "content-type"), "application/problem+json");
    let page = site.page("/jobs").await;
    assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(page.text().await.unwrap().contains("check that Postgres runs"));
    let refused = site.sign_in(EMAIL, PASSWORD).await;
    assert_eq!(header(&refused, "location"), "/sign-in?next=%2Fsettings&problem=database");
}
