//! The site's files over HTTP.

use reqwest::StatusCode;

use super::site::{client, header, start};

const SCRIPT: &str = "/pkg/0123456789abcdef/holdfast.js";

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn files_are_sent_in_the_form_that_the_browser_takes() {
    let site = start().await;
    let get = |encoding: &'static str| {
        client().get(format!("{}{SCRIPT}", site.url)).header("accept-encoding", encoding).send()
    };
    let brotli = get("gzip, br").await.unwrap();
    assert_eq!(header(&brotli, "content-encoding"), "br");
    assert_eq!(header(&brotli, "cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(brotli.text().await.unwrap(), "brotli");
    let plain = get("identity").await.unwrap();
    assert_eq!(header(&plain, "content-encoding"), "");
    assert_eq!(plain.text().await.unwrap(), "export const plain = true;");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn pages_ask_for_the_files_of_this_build() {
    let site = start().await;
    let html = site.page("/sign-in").await.text().await.unwrap();
    assert!(html.contains(SCRIPT), "{html}");
    assert!(html.contains("/pkg/0123456789abcdef/holdfast.wasm"), "{html}");
    assert!(html.contains("/pkg/0123456789abcdef/holdfast.css"), "{html}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn files_of_another_build_and_paths_outside_are_not_found() {
    let site = start().await;
    for path in
        ["/pkg/ffff/holdfast.js", "/pkg/..%2f..%2fCargo.toml", "/pkg/0123456789abcdef/../../Cargo.toml"]
    {
        let status = site.page(path).await.status();
        assert!(status == StatusCode::NOT_FOUND || status == StatusCode::SEE_OTHER, "{path}: {status}");
    }
}
