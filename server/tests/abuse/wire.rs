//! Requests as no page of the portal sends them.

use std::time::Duration;

use leptos::server_fn::axum::server_fn_paths;
use reqwest::header::{CONTENT_TYPE, ORIGIN};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{sleep, timeout},
};

use super::{answer::Answer, attempt::Attempt, portal::World};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
/// What is asked raw is answered, or left alone, within this time.
const RAW: Duration = Duration::from_secs(3);

pub fn functions() -> Vec<&'static str> {
    let functions: Vec<_> = server_fn_paths().map(|(path, _)| path).collect();
    assert!(functions.len() > 40, "{functions:?}");
    functions
}

pub fn as_nobody(world: &World) -> Vec<Attempt> {
    let stranger = world.stranger("192.0.2.8");
    let mut attempts = Vec::new();
    for path in
        functions().into_iter().filter(|path| !path.ends_with("/frame") && !path.ends_with("/join_link"))
    {
        for (kind, body) in [(JSON, "{}"), (FORM, "id=1")] {
            let request = stranger.post(path).header("accept", "*/*").header(CONTENT_TYPE, kind).body(body);
            attempts.push(Attempt::request(format!("{path} {kind}"), request));
        }
    }
    attempts
}

pub fn from_another_site(world: &World) -> Vec<Attempt> {
    let others = ["https://evil.example", "null", "http://127.0.0.1", "http://127.0.0.1:1"];
    let forms =
        ["/auth/sign-in", "/auth/sign-out", "/auth/welcome", "/auth/join", "/auth/code", "/auth/confirm"];
    let mut attempts = Vec::new();
    for (n, path) in functions().into_iter().chain(forms).enumerate() {
        // A second header would be one too many: these are the only ones.
        let request = reqwest::Client::new().post(format!("{}{path}", world.url));
        let request =
            request.header(ORIGIN, others[n % others.len()]).header(CONTENT_TYPE, FORM).body("id=1");
        attempts.push(Attempt::request(path, request));
    }
    attempts
}

fn each(world: &World, kind: &'static str, bodies: &[(&str, Vec<u8>)]) -> Vec<Attempt> {
    let mut attempts = Vec::new();
    for path in functions() {
        for (what, body) in bodies {
            let request = world.other.post(path).header("accept", "*/*").header(CONTENT_TYPE, kind);
            attempts.push(Attempt::request(format!("{path} {what}"), request.body(body.clone())));
        }
    }
    attempts
}

pub fn broken_json(world: &World) -> Vec<Attempt> {
    each(
        world,
        JSON,
        &[
            ("cut", b"{\"text\":".to_vec()),
            ("no UTF-8", b"[\"\xff\"]".to_vec()),
            ("a lone surrogate", br#"["\ud800"]"#.to_vec()),
            ("deep", vec![b'['; 50_000]),
            ("a number", b"1e999".to_vec()),
        ],
    )
}

/// No id is one that there is: whoever sends these may do what they ask.
pub fn broken_forms(world: &World) -> Vec<Attempt> {
    each(
        world,
        FORM,
        &[
            ("half an escape", b"id=%&name=%zz&=%".to_vec()),
            ("no UTF-8", b"id=%ff%fe&name=\xff".to_vec()),
            ("deep", format!("id=x&targets{}=1", "[a]".repeat(300)).into_bytes()),
            ("one field twice", b"id=x&id=y&name=a&name=b".to_vec()),
            ("a number beyond all", b"id=99999999999999999999999".to_vec()),
        ],
    )
}

pub fn other_types(world: &World) -> Vec<Attempt> {
    let kinds = ["text/plain", "multipart/form-data; boundary=x", "application/xml", "image/svg+xml"];
    kinds.iter().flat_map(|kind| each(world, kind, &[(*kind, b"{}".to_vec())])).collect()
}

pub fn oversize(world: &World) -> Vec<Attempt> {
    let large = vec![b'x'; 2 << 20];
    let stranger = world.stranger("192.0.2.9");
    let mut attempts = each(world, FORM, &[]);
    for path in functions().into_iter().take(6) {
        let request = world.other.post(path).header("accept", "*/*").header(CONTENT_TYPE, JSON);
        attempts.push(Attempt::request(path, request.body(large.clone())));
    }
    for path in ["/auth/sign-in", "/auth/welcome", "/auth/oidc/corp/logout", "/nothing"] {
        let request = stranger.post(path).header("accept", "*/*").header(CONTENT_TYPE, "text/plain");
        attempts.push(Attempt::request(path, request.body(large.clone())));
    }
    attempts
}

/// The status of a raw answer, and what came with it.
fn parsed(said: &[u8]) -> Answer {
    let text = String::from_utf8_lossy(said);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    let header = |name: &str| {
        let mut lines = head.lines().filter_map(|line| line.split_once(':'));
        let found = lines.find(|(header, _)| header.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim().to_owned())
    };
    Answer {
        status,
        location: header("location").unwrap_or_default(),
        kind: header("content-type").unwrap_or_default(),
        injected: header("x-injected").is_some(),
        body: body.to_owned(),
    }
}

async fn read(stream: &mut TcpStream, within: Duration) -> Answer {
    let mut said = Vec::new();
    // What came is what counts, whether the connection stays open or not.
    let _ = timeout(within, stream.read_to_end(&mut said)).await;
    parsed(&said)
}

fn raw(world: &World, what: &str, sent: impl Into<Vec<u8>>) -> Attempt {
    let (address, sent) = (world.address().to_owned(), sent.into());
    Attempt::doing(what, async move {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let _ = stream.write_all(&sent).await;
        read(&mut stream, RAW).await
    })
}

pub fn slow(world: &World) -> Vec<Attempt> {
    let drip = |n: usize| {
        let (address, url) = (world.address().to_owned(), world.url.clone());
        Attempt::doing(format!("a byte a second, {n}"), async move {
            let mut stream = TcpStream::connect(address).await.unwrap();
            let head = format!(
                "POST /auth/sign-in HTTP/1.1\r\nHost: x\r\nOrigin: {url}\r\nX-Forwarded-For: 192.0.2.10\r\n\
                 Content-Type: {FORM}\r\nContent-Length: 100000\r\n\r\n"
            );
            stream.write_all(head.as_bytes()).await.unwrap();
            for _ in 0..40 {
                if stream.write_all(b"x").await.is_err() {
                    break;
                }
                let answer = read(&mut stream, Duration::from_secs(1)).await;
                if answer.status != 0 {
                    return answer;
                }
                sleep(Duration::from_millis(10)).await;
            }
            // Nobody said anything for longer than a body may take: the connection has to be closed.
            let mut rest = [0];
            match timeout(Duration::from_millis(100), stream.read(&mut rest)).await {
                Ok(Ok(0) | Err(_)) => Answer::default(),
                _ => Answer { status: 999, body: "still waiting".to_owned(), ..Answer::default() },
            }
        })
    };
    (0..12).map(drip).collect()
}

pub fn framing(world: &World) -> Vec<Attempt> {
    let post = "POST /auth/sign-in HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.11\r\n";
    let get = "GET /settings HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
    let smuggled = "GET /settings HTTP/1.1\r\nHost: x\r\n\r\n";
    vec![
        raw(world, "two lengths", format!("{post}Content-Length: 1\r\nContent-Length: 2\r\n\r\nxy")),
        raw(
            world,
            "length and chunks",
            format!("{post}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ),
        raw(
            world,
            "chunks that are none",
            format!("{post}Transfer-Encoding: chunked\r\n\r\nzz\r\n{smuggled}"),
        ),
        raw(world, "an encoding that is none", format!("{post}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n")),
        raw(world, "a length below zero", format!("{post}Content-Length: -1\r\n\r\n")),
        raw(world, "a line end within a header", format!("{get}X-A: b\nX-Injected: yes\r\n\r\n")),
        raw(world, "a zero within a header", format!("{get}X-A: b\0c\r\n\r\n")),
        raw(world, "a head without end", format!("{get}{}", "X-A: bbbbbbbbbbbbbbbbbbbb\r\n".repeat(5000))),
        raw(world, "a very long header", format!("{get}X-A: {}\r\n\r\n", "b".repeat(200_000))),
        raw(world, "a very long path", format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "a".repeat(200_000))),
        raw(world, "no host", "GET /settings HTTP/1.1\r\nConnection: close\r\n\r\n"),
        raw(world, "HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0"),
        raw(
            world,
            "a tunnel",
            "CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
        ),
        raw(world, "TRACE", "TRACE /settings HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
        raw(world, "TLS", [22, 3, 1, 0, 5, 1, 0, 0, 1, 0]),
        raw(world, "nothing of HTTP", [0xff; 64]),
    ]
}

pub fn paths(world: &World) -> Vec<Attempt> {
    let paths = [
        "/../../etc/passwd",
        "/pkg/../../Cargo.toml",
        "/pkg/..%2f..%2fCargo.toml",
        "/pkg/%2e%2e/%2e%2e/Cargo.toml",
        "/pkg/..\\..\\Cargo.toml",
        "//evil.example/",
        "/\\evil.example",
        "/%00",
        "/settings%00.css",
        "/settings/../settings",
        "/sign-in/../settings",
        "/sign-in%2f..%2fsettings",
        "/health/../settings",
        "/health/settings",
        "/auth/oidc/corp/../../../settings",
        "/auth/oidc/..%2f..%2fsettings",
        "/auth/oidc/nobody",
        "/SETTINGS",
        "/settings/",
        "/settings;x=/sign-in",
        "/settings?/sign-in",
        "/rpc/../settings",
        "/rpc/app/server_fns/frame/frame/../../team/team",
        "/audit/export?format=csv",
        "/settings/attachments/1",
        "/.git/config",
        "/.env",
        "/metrics",
        "/server-status",
        "http://evil.example/settings",
    ];
    let of = |path: &&str| {
        raw(
            world,
            path,
            format!(
                "GET {path} HTTP/1.1\r\nHost: evil.example\r\nAccept: text/html\r\nConnection: close\r\n\r\n"
            ),
        )
    };
    paths.iter().map(of).collect()
}
