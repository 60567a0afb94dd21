//! TLS by the portal itself, over real sockets.

use std::{
    fs,
    path::PathBuf,
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{Router, routing::get};
use rcgen::{CertificateParams, KeyPair};
use reqwest::StatusCode;
use rustls::{
    ClientConfig, RootCertStore, SupportedProtocolVersion,
    crypto::ring,
    pki_types::{CertificateDer, ServerName},
    version::{TLS12, TLS13},
};
use server::{
    connections::{self, Limits},
    outside,
    tls::TlsOptions,
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::timeout,
};
use tokio_rustls::{TlsConnector, client::TlsStream};
use tokio_util::sync::CancellationToken;

use super::{
    gate::HANGS,
    site::{EMAIL, PASSWORD, client_that_knows, header, start_with_tls},
};

/// A certificate for this machine, and its key.
pub struct Made {
    pub certificate: String,
    der: CertificateDer<'static>,
    key: String,
}

pub fn made() -> Made {
    let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    let made = rcgen::generate_simple_self_signed(names).unwrap();
    Made { certificate: made.cert.pem(), der: made.cert.der().clone(), key: made.signing_key.serialize_pem() }
}

/// Files with a certificate and a key.
pub struct Files(TempDir);

impl Files {
    pub fn with(made: &Made) -> Self {
        let files = Self(tempfile::tempdir().unwrap());
        files.put(&made.certificate, &made.key);
        files
    }

    pub fn options(&self) -> TlsOptions {
        TlsOptions { tls_cert_file: Some(self.certificate()), tls_key_file: Some(self.key()) }
    }

    pub fn certificate(&self) -> PathBuf {
        self.0.path().join("certificate.pem")
    }

    fn key(&self) -> PathBuf {
        self.0.path().join("key.pem")
    }

    fn put(&self, certificate: &str, key: &str) {
        fs::write(self.certificate(), certificate).unwrap();
        fs::write(self.key(), key).unwrap();
    }
}

/// A server that answers with a word, and looks at its files this often.
struct Server {
    address: String,
    metrics: Arc<prometheus_client::registry::Registry>,
    stop: CancellationToken,
}

async fn serve(options: &TlsOptions, limits: Limits, every: Duration) -> Server {
    let tls = options.read().unwrap().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let router = Router::new().route("/", get(|| async { "here" }));
    let stop = CancellationToken::new();
    tokio::spawn(connections::serve(listener, Some(tls.clone()), router, limits, stop.clone()));
    let (watched, until) = (tls.clone(), stop.clone());
    tokio::spawn(async move { watched.watch(every, outside::now, until).await });
    let mut registry = prometheus_client::registry::Registry::default();
    tls.register_metrics(&mut registry);
    Server { address, metrics: Arc::new(registry), stop }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Server {
    async fn tcp(&self) -> TcpStream {
        TcpStream::connect(&self.address).await.unwrap()
    }

    /// A connection of this version, whose server is known by a certificate.
    async fn connect(
        &self,
        known_by: &Made,
        version: &'static SupportedProtocolVersion,
    ) -> std::io::Result<TlsStream<TcpStream>> {
        let mut roots = RootCertStore::empty();
        roots.add(known_by.der.clone()).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(&[version])
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from("localhost").unwrap();
        TlsConnector::from(Arc::new(config)).connect(name, self.tcp().await).await
    }

    /// Waits until new connections are opened with a certificate.
    async fn until_known_by(&self, made: &Made, again: impl Fn()) {
        let begun = Instant::now();
        while self.connect(made, &TLS13).await.is_err() {
            assert!(begun.elapsed() < HANGS, "the new certificate is not used");
            again();
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    fn told(&self, line: &str) -> bool {
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.metrics).unwrap();
        text.lines().any(|told| told == line)
    }

    async fn until_told(&self, line: &str) {
        let begun = Instant::now();
        while !self.told(line) {
            assert!(begun.elapsed() < HANGS, "{line} is not told");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// Asks on a connection, and reads one answer.
async fn ask(stream: &mut (impl AsyncReadExt + AsyncWriteExt + Unpin)) -> String {
    stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    let mut said = Vec::new();
    while !said.ends_with(b"here") {
        let mut part = [0; 1024];
        let read = timeout(HANGS, stream.read(&mut part)).await.unwrap().unwrap();
        assert!(read > 0, "{}", String::from_utf8_lossy(&said));
        said.extend_from_slice(&part[..read]);
    }
    String::from_utf8(said).unwrap()
}

/// All that is said until the other side closes.
async fn rest(stream: &mut (impl AsyncReadExt + Unpin)) -> Vec<u8> {
    let mut said = Vec::new();
    let _ = timeout(HANGS, stream.read_to_end(&mut said)).await.unwrap();
    said
}

const OFTEN: Duration = Duration::from_millis(20);
const NEVER: Duration = Duration::from_secs(3600);

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn with_tls_cookies_are_bound_to_the_host_and_browsers_insist_on_https() {
    let made = made();
    let files = Files::with(&made);
    let site = start_with_tls(files.options(), &made.certificate).await.with_administrator().await;
    assert!(site.url.starts_with("https://"), "{}", site.url);
    let page = site.page("/sign-in").await;
    assert_eq!(page.status(), StatusCode::OK);
    assert_eq!(header(&page, "strict-transport-security"), "max-age=63072000; includeSubDomains");
    let answer = site.sign_in(EMAIL, PASSWORD).await;
    let cookies: Vec<_> =
        answer.headers().get_all("set-cookie").iter().map(|c| c.to_str().unwrap()).collect();
    assert!(cookies.len() >= 2, "{cookies:?}");
    for cookie in cookies {
        assert!(cookie.starts_with("__Host-") && cookie.contains("Secure"), "{cookie}");
    }
    assert_eq!(site.page("/settings").await.status(), StatusCode::OK, "signed in");
    let numbers = reqwest::get(&site.metrics).await.unwrap().text().await.unwrap();
    assert!(numbers.contains("holdfast_tls_certificate_expiry_seconds "), "{numbers}");
    let stranger = client_that_knows(&self::made().certificate);
    assert!(stranger.get(&site.url).send().await.is_err(), "another certificate is not ours");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_new_certificate_is_taken_for_new_connections_and_open_ones_go_on() {
    let (old, new) = (made(), made());
    let files = Files::with(&old);
    let server = serve(&files.options(), Limits::default(), OFTEN).await;
    let mut open = server.connect(&old, &TLS13).await.unwrap();
    assert!(ask(&mut open).await.starts_with("HTTP/1.1 200"));
    files.put(&new.certificate, &new.key);
    server.until_known_by(&new, || ()).await;
    assert!(server.connect(&old, &TLS13).await.is_err(), "the old one is used no more");
    assert!(ask(&mut open).await.starts_with("HTTP/1.1 200"), "what was open goes on");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_pair_that_does_not_fit_leaves_the_old_one_and_is_counted_once() {
    let (old, new) = (made(), made());
    let files = Files::with(&old);
    let server = serve(&files.options(), Limits::default(), OFTEN).await;
    files.put(&new.certificate, &old.key);
    server.until_told("holdfast_tls_certificates_total{outcome=\"refused\"} 1").await;
    let mut open = server.connect(&old, &TLS13).await.unwrap();
    assert!(ask(&mut open).await.starts_with("HTTP/1.1 200"));
    fs::remove_file(files.key()).unwrap();
    server.until_told("holdfast_tls_certificates_total{outcome=\"refused\"} 2").await;
    server.connect(&old, &TLS13).await.unwrap();
    files.put(&new.certificate, &new.key);
    server.until_known_by(&new, || ()).await;
    assert!(server.told("holdfast_tls_certificates_total{outcome=\"refused\"} 2"), "no look counts twice");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn at_a_hangup_the_files_are_looked_at_at_once() {
    // Heard here as well, so that one that comes too early ends nothing.
    let _heard = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup()).unwrap();
    let (old, new) = (made(), made());
    let files = Files::with(&old);
    let server = serve(&files.options(), Limits::default(), NEVER).await;
    server.connect(&old, &TLS13).await.unwrap();
    files.put(&new.certificate, &new.key);
    let hangup = || {
        let sent = Command::new("kill").args(["-HUP", &std::process::id().to_string()]).status().unwrap();
        assert!(sent.success());
    };
    server.until_known_by(&new, hangup).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn tls_1_2_and_1_3_are_spoken_and_nothing_older() {
    let made = made();
    let files = Files::with(&made);
    let server = serve(&files.options(), Limits::default(), NEVER).await;
    for version in [&TLS12, &TLS13] {
        let mut stream = server.connect(&made, version).await.unwrap();
        assert!(ask(&mut stream).await.starts_with("HTTP/1.1 200"), "{version:?}");
    }
    // What a client of TLS 1.1 says first: its version, random bytes, no session, one suite, no compression.
    let mut hello = vec![3, 2];
    hello.extend([7; 32]);
    hello.extend([0, 0, 2, 0, 0x2f, 1, 0]);
    let length = u8::try_from(hello.len()).unwrap();
    let mut record = vec![22, 3, 1, 0, length + 4, 1, 0, 0, length];
    record.extend(hello);
    let mut old = server.tcp().await;
    old.write_all(&record).await.unwrap();
    let said = rest(&mut old).await;
    assert_eq!(said.first(), Some(&21), "an alert: {said:?}");
    server.until_told("holdfast_tls_handshakes_total{outcome=\"failed\"} 1").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn plain_http_is_told_to_use_https_and_led_nowhere() {
    let made = made();
    let files = Files::with(&made);
    let server = serve(&files.options(), Limits::default(), NEVER).await;
    let mut plain = server.tcp().await;
    plain
        .write_all(b"POST /auth/sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\npassword=")
        .await
        .unwrap();
    plain.shutdown().await.unwrap();
    let said = String::from_utf8(rest(&mut plain).await).unwrap();
    assert!(said.starts_with("HTTP/1.1 400") && said.contains("https://"), "{said}");
    assert!(!said.to_lowercase().contains("location:"), "{said}");
    server.until_told("holdfast_tls_handshakes_total{outcome=\"plain\"} 1").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_handshake_that_does_not_go_on_ends_in_time() {
    let made = made();
    let files = Files::with(&made);
    let limits = Limits { handshake: Duration::from_millis(200), ..Limits::default() };
    let server = serve(&files.options(), limits, NEVER).await;
    let (mut silent, mut half) = (server.tcp().await, server.tcp().await);
    half.write_all(&[22, 3, 1, 2, 0, 1]).await.unwrap();
    assert_eq!(rest(&mut silent).await, b"");
    assert_eq!(rest(&mut half).await, b"");
    server.until_told("holdfast_tls_handshakes_total{outcome=\"late\"} 2").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn more_silent_handshakes_than_there_may_be_connections_keep_nobody_out() {
    let made = made();
    let files = Files::with(&made);
    let limits = Limits { most: 8, handshake: NEVER, ..Limits::default() };
    let server = serve(&files.options(), limits, NEVER).await;
    let mut silent = Vec::new();
    for n in 0..32 {
        let mut stream = server.tcp().await;
        if n % 2 == 0 {
            stream.write_all(&[22, 3, 1, 2, 0, 1]).await.unwrap();
        }
        silent.push(stream);
    }
    let mut stream = timeout(HANGS, server.connect(&made, &TLS13)).await.unwrap().unwrap();
    assert!(ask(&mut stream).await.starts_with("HTTP/1.1 200"));
    assert_eq!(rest(&mut silent[0]).await, b"", "the oldest made room");
}

#[test]
fn files_that_cannot_be_used_say_which_setting_and_nothing_of_the_key() {
    let (one, other) = (made(), made());
    let files = Files::with(&one);
    let refused = |certificate: &str, key: &str| {
        files.put(certificate, key);
        files.options().read().err().unwrap().to_string()
    };
    assert!(refused("no certificate", &one.key).starts_with("HOLDFAST_TLS_CERT_FILE"));
    let inside = one.key.lines().nth(1).unwrap();
    let broken = refused(&one.certificate, inside);
    assert!(broken.starts_with("HOLDFAST_TLS_KEY_FILE") && !broken.contains(inside), "{broken}");
    assert!(refused(&one.certificate, &other.key).contains("do not belong together"));
    fs::remove_file(files.certificate()).unwrap();
    assert!(files.options().read().err().unwrap().to_string().starts_with("HOLDFAST_TLS_CERT_FILE"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_end_of_the_certificate_is_a_number() {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    params.not_after = rcgen::date_time_ymd(2030, 1, 1);
    let certificate = params.self_signed(&key).unwrap();
    let made =
        Made { certificate: certificate.pem(), der: certificate.der().clone(), key: key.serialize_pem() };
    let files = Files::with(&made);
    let server = serve(&files.options(), Limits::default(), NEVER).await;
    let end = time::macros::datetime!(2030-01-01 00:00 UTC).unix_timestamp();
    assert!(server.told(&format!("holdfast_tls_certificate_expiry_seconds {end}")));
}
