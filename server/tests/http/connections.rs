//! Connections that do nothing, or nothing useful, keep nobody out.

use std::time::Duration;

use axum::{Router, body::Body, routing::get};
use reqwest::StatusCode;
use server::connections::{self, Limits};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use super::{
    gate::HANGS,
    site::{EMAIL, PASSWORD, Running, start, start_within},
};

async fn connect(site: &Running) -> TcpStream {
    TcpStream::connect(site.url.trim_start_matches("http://")).await.unwrap()
}

/// Waits until the other side has closed; what it said before.
async fn closed(stream: &mut TcpStream) -> String {
    let mut said = Vec::new();
    // A connection that is reset is closed too.
    let _ = timeout(HANGS, stream.read_to_end(&mut said)).await.unwrap();
    String::from_utf8_lossy(&said).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn more_silent_connections_than_there_may_be_leave_health_and_signed_in_people_served() {
    let site = start_within(Limits { most: 16, ..Limits::default() }).await.with_administrator().await;
    site.sign_in(EMAIL, PASSWORD).await;
    let mut silent = Vec::new();
    for n in 0..64 {
        let mut stream = connect(&site).await;
        if n % 2 == 0 {
            stream.write_all(b"GET /health HTTP/1.1\r\nHost: x\r\nX-Half: ").await.unwrap();
        }
        silent.push(stream);
    }
    let stranger = site.other_browser();
    assert_eq!(stranger.page("/health").await.status(), StatusCode::OK);
    assert_eq!(site.page("/settings").await.status(), StatusCode::OK);
    assert_eq!(closed(&mut silent[0]).await, "", "the oldest made room");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_connection_on_which_something_is_answered_makes_no_room() {
    let site = start_within(Limits { most: 4, ..Limits::default() }).await.with_administrator().await;
    site.sign_in(EMAIL, PASSWORD).await;
    let mut stream = site.stream().await;
    assert_eq!(stream.status(), StatusCode::OK);
    let mut silent = Vec::new();
    for _ in 0..16 {
        silent.push(connect(&site).await);
    }
    assert_eq!(site.other_browser().page("/health").await.status(), StatusCode::OK);
    assert!(
        timeout(Duration::from_millis(100), stream.chunk()).await.is_err(),
        "the stream of news is still open"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn silence_a_head_without_end_and_idleness_end_in_time_and_a_stream_of_news_goes_on() {
    let limits = Limits { idle: Duration::from_millis(300), ..Limits::default() };
    let site = start_within(limits).await.with_administrator().await;
    site.sign_in(EMAIL, PASSWORD).await;
    let mut news = site.stream().await;
    let (mut silent, mut half, mut idle) = (connect(&site).await, connect(&site).await, connect(&site).await);
    half.write_all(b"GET /health HTTP/1.1\r\nHost: x\r\nX-Half: ").await.unwrap();
    idle.write_all(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    assert_eq!(closed(&mut silent).await, "");
    assert!(!closed(&mut half).await.contains("200"));
    assert!(closed(&mut idle).await.starts_with("HTTP/1.1 200"));
    assert!(timeout(Duration::from_millis(100), news.chunk()).await.is_err(), "news go on");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_does_not_read_what_was_asked_for_is_let_go() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let endless = || async {
        Body::from_stream(futures::stream::repeat_with(|| Ok::<_, std::io::Error>(vec![b'x'; 1 << 16])))
    };
    let limits = Limits { most: 1, write: Duration::from_millis(200), ..Limits::default() };
    let router = Router::new().route("/", get(endless)).route("/health", get(|| async { "ok" }));
    tokio::spawn(connections::serve(listener, None, router, limits, CancellationToken::new()));
    let mut deaf = TcpStream::connect(address).await.unwrap();
    deaf.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let mut first = [0; 1];
    deaf.read_exact(&mut first).await.unwrap();
    // There is one place, and it is free again once the other is let go.
    let answer = timeout(HANGS, reqwest::get(format!("http://{address}/health"))).await.unwrap().unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn http_2_by_prior_knowledge_is_not_spoken() {
    let site = start().await;
    let mut stream = connect(&site).await;
    stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await.unwrap();
    let said = closed(&mut stream).await;
    assert!(said.is_empty() || said.starts_with("HTTP/1.1 4"), "{said:?}");
}
