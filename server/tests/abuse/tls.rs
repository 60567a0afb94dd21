//! What is sent to the port where the portal ends TLS itself.

use std::time::Duration;

use reqwest::{Certificate, Client};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{sleep, timeout},
};

use super::{answer::Answer, attempt::Attempt, portal::World};

/// Longer than a handshake may take.
const AT_MOST: Duration = Duration::from_secs(30);

/// What is said before the connection is closed: nothing but an alert, or that this is the port for TLS.
async fn closed(mut stream: TcpStream) -> Answer {
    let mut said = Vec::new();
    let done = timeout(AT_MOST, stream.read_to_end(&mut said)).await;
    let answer = |status, body: &[u8]| Answer {
        status,
        body: String::from_utf8_lossy(body).into_owned(),
        ..Answer::default()
    };
    match done {
        Err(_) => answer(999, b"still open"),
        Ok(_) if said.starts_with(b"HTTP/") => {
            let line = String::from_utf8_lossy(&said);
            let status = line.split(' ').nth(1).and_then(|status| status.parse().ok());
            answer(status.unwrap_or(999), &said)
        }
        // An alert of TLS, or nothing.
        Ok(_) => Answer::default(),
    }
}

fn raw(world: &World, what: &str, sent: impl Into<Vec<u8>>) -> Attempt {
    let (address, sent) = (world.tls.clone(), sent.into());
    Attempt::doing(what, async move {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let _ = stream.write_all(&sent).await;
        closed(stream).await
    })
}

/// A record of TLS 1.2.
fn record(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len()).unwrap().to_be_bytes();
    [&[kind, 3, 3], length.as_slice(), body].concat()
}

/// The beginning of a handshake of a client, with nothing in it that a server could choose.
fn hello() -> Vec<u8> {
    let body = [&[3_u8, 3][..], &[7; 32], &[0, 0, 2, 0x00, 0x2f, 1, 0]].concat();
    let length = u8::try_from(body.len()).unwrap();
    record(22, &[&[1, 0, 0, length][..], &body].concat())
}

pub fn garbage(world: &World) -> Vec<Attempt> {
    let get = "GET /settings HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    vec![
        raw(world, "plain HTTP", get),
        raw(
            world,
            "plain HTTP, a form",
            "POST /auth/sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
        ),
        raw(world, "HTTP/2 without TLS", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        raw(world, "nothing of TLS", [0xff; 64]),
        raw(world, "zeros", [0; 20_000]),
        raw(world, "SSL 2", [0x80, 0x2e, 1, 0, 2, 0, 0x15, 0, 0, 0, 0x10, 1, 0, 0x80]),
        raw(world, "a record longer than any", [&[22, 3, 1, 0xff, 0xff][..], &[0; 4_000]].concat()),
        raw(world, "an empty record, again and again", record(22, &[]).repeat(1_000)),
        raw(world, "alerts", record(21, &[1, 0]).repeat(1_000)),
        raw(world, "warnings that say nothing", record(21, &[1, 100]).repeat(1_000)),
        raw(world, "data before any handshake", record(23, get.as_bytes())),
        raw(world, "a beginning without a common cipher", hello()),
        raw(world, "two beginnings", hello().repeat(2)),
        raw(world, "a server's request to begin anew", record(22, &[0, 0, 0, 0])),
        raw(
            world,
            "a beginning, then a request to begin anew",
            [hello(), record(22, &[0, 0, 0, 0])].concat(),
        ),
        raw(
            world,
            "an end of a handshake that was not begun",
            record(22, &[20, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        ),
        raw(world, "a change of cipher before any", record(20, &[1])),
        raw(world, "a heartbeat", record(24, &[1, 0xff, 0xff])),
    ]
}

/// Handshakes that come a byte at a time, or not at all.
pub fn slow(world: &World) -> Vec<Attempt> {
    let drip = |n: usize| {
        let address = world.tls.clone();
        Attempt::doing(format!("a byte a second, {n}"), async move {
            let mut stream = TcpStream::connect(address).await.unwrap();
            for byte in hello().into_iter().take(25) {
                if stream.write_all(&[byte]).await.is_err() {
                    break;
                }
                sleep(Duration::from_secs(1)).await;
            }
            closed(stream).await
        })
    };
    let silent = |n: usize| {
        let address = world.tls.clone();
        Attempt::doing(format!("half open, {n}"), async move {
            closed(TcpStream::connect(address).await.unwrap()).await
        })
    };
    (0..12).map(drip).chain((0..40).map(silent)).collect()
}

/// Somebody who comes by TLS meanwhile.
pub fn visitors(world: &World) -> Vec<Attempt> {
    let known = Certificate::from_pem(world.certificate.as_bytes()).unwrap();
    let (url, silent) = (format!("https://{}", world.tls), world.tls.clone());
    let client = Client::builder().add_root_certificate(known).build().unwrap();
    (0..20)
        .map(|n| {
            let (client, url, silent) = (client.clone(), url.clone(), silent.clone());
            Attempt::doing(format!("{n}"), async move {
                // Others say nothing beside it.
                let beside = TcpStream::connect(silent).await.unwrap();
                let answer = Answer::of(client.get(format!("{url}/sign-in")).send().await).await;
                drop(beside);
                answer
            })
        })
        .collect()
}
