//! News for open pages.

use model::news::Topic;
use reqwest::{Response, StatusCode};
use store::{Store, SyncPart};
use tokio::{task::JoinHandle, time::timeout};

use super::{
    gate::{HANGS, until},
    site::{EMAIL, PASSWORD, Running, disable, header, start},
};

/// A portal that hears what other processes tell, and somebody who is signed in to it.
async fn signed_in() -> (Running, Store, Listening) {
    let site = start().await.with_administrator().await;
    site.sign_in(EMAIL, PASSWORD).await;
    let mut news = site.store.subscribe();
    let own = site.store.clone();
    let listening = Listening(tokio::spawn(async move { own.listen().await }));
    timeout(HANGS, news.next()).await.unwrap();
    let other = Store::connect(&site.database_url(), store::Options::default()).unwrap();
    (site, other, listening)
}

struct Listening(JoinHandle<()>);

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The data of the next event; `None` at the end.
async fn next(stream: &mut Response) -> Option<String> {
    loop {
        let chunk = timeout(HANGS, stream.chunk()).await.unwrap().unwrap()?;
        let text = String::from_utf8(chunk.to_vec()).unwrap();
        let data: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("data: ")).collect();
        // Others are signs of life.
        if !data.is_empty() {
            return Some(data.join("\n"));
        }
    }
}

async fn write(store: &Store) {
    store.set_sync_result(SyncPart::Jobs, server::outside::now(), Some("AWS is away.")).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_page_is_told_what_another_process_wrote_by_name_only() {
    let (site, other, _listening) = signed_in().await;
    let mut stream = site.stream().await;
    assert_eq!(stream.status(), StatusCode::OK);
    assert_eq!(header(&stream, "content-type"), "text/event-stream");
    assert_eq!(header(&stream, "content-encoding"), "");
    assert_eq!(header(&stream, "cache-control"), "no-cache");
    write(&other).await;
    assert_eq!(next(&mut stream).await.as_deref(), Some("sync"));
    other.request_sync(SyncPart::Jobs).await.unwrap();
    other.clear_attachments().await.unwrap();
    assert_eq!(next(&mut stream).await.as_deref(), Some("organization"), "requests concern no page");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn news_that_may_have_been_missed_is_told_as_a_gap() {
    let (site, other, _listening) = signed_in().await;
    let mut stream = site.stream().await;
    store::testing::cut_connections(&other).await;
    assert_eq!(next(&mut stream).await.as_deref(), Some(model::news::GAP));
    write(&other).await;
    assert_eq!(next(&mut stream).await, Some(Topic::Sync.to_string()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_is_signed_out_is_told_nothing() {
    let (site, ..) = signed_in().await;
    assert_eq!(site.other_browser().stream().await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_stream_ends_when_its_session_ends_and_no_other_does() {
    let (site, other, _listening) = signed_in().await;
    let elsewhere = site.other_browser();
    elsewhere.sign_in(EMAIL, PASSWORD).await;
    let (mut stream, mut theirs) = (site.stream().await, elsewhere.stream().await);
    site.post("/auth/sign-out").send().await.unwrap();
    assert_eq!(next(&mut stream).await, None);
    write(&other).await;
    assert_eq!(next(&mut theirs).await.as_deref(), Some("sync"));
    disable(&other, EMAIL).await;
    assert_eq!(next(&mut theirs).await, None, "whoever is disabled is told nothing more");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_person_has_a_bounded_number_of_streams() {
    let (site, _other, _listening) = signed_in().await;
    let mut open = Vec::new();
    loop {
        let stream = site.stream().await;
        if stream.status() == StatusCode::TOO_MANY_REQUESTS {
            break;
        }
        assert!(open.len() < 100, "there is a bound");
        open.push(stream);
    }
    assert!(open.len() >= 6, "{}: as many as a browser opens", open.len());
    open.pop();
    until("room for another", async || site.stream().await.status() == StatusCode::OK).await;
}
