//! An endpoint that answers what it is told to, over real connections.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use aws::{Aws, Options, Rates};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

#[derive(Clone)]
pub enum Reply {
    /// Status, content type, body; with AWS's id of the request.
    Answer(u16, &'static str, String),
    /// A success, after which the connection takes another request.
    KeptOpen(String),
    /// As `Answer`, but from something on the way, which knows no id.
    Foreign(u16, &'static str, String),
    /// Nothing for a long while.
    Silence,
    /// The connection ends without an answer.
    Drop,
    /// Half of a body, then the connection ends.
    Half,
    /// The head of an answer and half of its body, then nothing for a long while.
    Stall,
    /// An answer that takes its time.
    Late(String),
}

pub const JSON: &str = "application/x-amz-json-1.1";

pub fn ok(body: &str) -> Reply {
    Reply::Answer(200, JSON, body.to_owned())
}

pub fn refusal(code: &str) -> Reply {
    Reply::Answer(400, JSON, format!(r#"{{"__type":"{code}","Message":"said so"}}"#))
}

/// The endpoint; replies are given in order, the last one again and again.
pub struct Scripted {
    pub address: String,
    requests: Arc<Mutex<Vec<String>>>,
    connections: Arc<AtomicUsize>,
    under_way: Arc<UnderWay>,
    silent: bool,
}

/// Requests that were received and not answered yet.
#[derive(Default)]
struct UnderWay {
    now: AtomicUsize,
    most: AtomicUsize,
}

impl Scripted {
    pub async fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let replies = replies.into_iter().collect::<VecDeque<_>>();
        let silent = replies.iter().any(|reply| matches!(reply, Reply::Silence | Reply::Stall));
        let replies = Arc::new(Mutex::new(replies));
        let seen = requests.clone();
        let under_way = Arc::<UnderWay>::default();
        let connections = Arc::<AtomicUsize>::default();
        let opened = connections.clone();
        let counted = under_way.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                opened.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(converse(stream, replies.clone(), seen.clone(), counted.clone()));
            }
        });
        Self { address, requests, connections, under_way, silent }
    }

    /// Requests received: request line, headers and body.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// How many connections were made.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }

    /// How many requests were under way at once, at most.
    pub fn most_at_once(&self) -> usize {
        self.under_way.most.load(Ordering::Relaxed)
    }

    /// Impatient only where patience would be in vain: elsewhere a busy machine must not pass for a silent one.
    pub fn options(&self) -> Options {
        Options {
            attempt_timeout: Duration::from_secs(if self.silent { 1 } else { 30 }),
            deadline: Duration::from_secs(60),
            ..Options::simulated(&self.address, Rates::Off)
        }
    }

    pub async fn aws(&self) -> Aws {
        Aws::connect(self.options()).await.unwrap()
    }
}

async fn converse(
    mut stream: TcpStream,
    replies: Arc<Mutex<VecDeque<Reply>>>,
    seen: Arc<Mutex<Vec<String>>>,
    under_way: Arc<UnderWay>,
) {
    while answer(&mut stream, &replies, &seen, &under_way).await {}
    let _ = stream.shutdown().await;
}

/// Answers one request; whether the connection stays open.
async fn answer(
    stream: &mut TcpStream,
    replies: &Mutex<VecDeque<Reply>>,
    seen: &Mutex<Vec<String>>,
    under_way: &UnderWay,
) -> bool {
    let request = receive(stream).await;
    if request.is_empty() {
        return false;
    }
    let now = under_way.now.fetch_add(1, Ordering::Relaxed) + 1;
    under_way.most.fetch_max(now, Ordering::Relaxed);
    let number = {
        let mut seen = seen.lock().unwrap();
        seen.push(request);
        seen.len()
    };
    let reply = {
        let mut replies = replies.lock().unwrap();
        let next = replies.pop_front().unwrap();
        if replies.is_empty() {
            replies.push_back(next.clone());
        }
        next
    };
    let reply = match reply {
        Reply::Late(body) => {
            tokio::time::sleep(Duration::from_millis(100)).await;
            ok(&body)
        }
        other => other,
    };
    under_way.now.fetch_sub(1, Ordering::Relaxed);
    let head = |status: u16, kind: &str, length: usize| {
        format!("HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n")
    };
    let close = "connection: close\r\n";
    let id = format!("x-amzn-requestid: request-{number}\r\n");
    let text = match &reply {
        Reply::Late(_) | Reply::Drop => return false,
        Reply::Silence => String::new(),
        Reply::Half | Reply::Stall => format!("{}{close}{id}\r\n{{\"Poli", head(200, JSON, 100)),
        Reply::KeptOpen(body) => format!("{}{id}\r\n{body}", head(200, JSON, body.len())),
        Reply::Answer(status, kind, body) => {
            format!("{}{close}{id}\r\n{body}", head(*status, kind, body.len()))
        }
        Reply::Foreign(status, kind, body) => {
            format!("{}{close}\r\n{body}", head(*status, kind, body.len()))
        }
    };
    let _ = stream.write_all(text.as_bytes()).await;
    if matches!(reply, Reply::Silence | Reply::Stall) {
        // Until nobody listens any more.
        let _ = stream.read(&mut [0]).await;
    }
    matches!(reply, Reply::KeptOpen(_))
}

async fn receive(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .to_lowercase()
                .lines()
                .find_map(|l| l.strip_prefix("content-length:")?.trim().parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return text;
            }
        }
        match stream.read(&mut buffer).await {
            Ok(n) if n > 0 => bytes.extend_from_slice(&buffer[..n]),
            _ => return text,
        }
    }
}
