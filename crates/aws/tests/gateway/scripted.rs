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
    sync::{Semaphore, watch},
    time,
};

/// Longer than anything takes here: where it has to pass, the clock is moved.
pub const ATTEMPT: Duration = Duration::from_secs(600);
pub const DEADLINE: Duration = Duration::from_secs(6 * 600);

#[derive(Clone)]
pub enum Reply {
    /// Status, content type, body; with AWS's id of the request.
    Answer(u16, &'static str, String),
    /// As `Answer`, but from something on the way, which knows no id.
    Foreign(u16, &'static str, String),
    /// A success, after which the connection takes another request.
    KeptOpen(String),
    /// A success, once it is released.
    Held(String),
    /// Nothing, for as long as anybody listens.
    Silence,
    /// The head of an answer and more of its body than a connection holds, so that the head was read; then silence.
    Stall,
    /// The connection ends without an answer.
    Drop,
    /// Half of a body, then the connection ends.
    Half,
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
    state: Arc<State>,
}

struct State {
    replies: Mutex<VecDeque<Reply>>,
    requests: watch::Sender<Vec<String>>,
    connections: AtomicUsize,
    /// Held answers that may go.
    released: Semaphore,
    /// Connections on which nothing more will come.
    silent: Semaphore,
}

impl Scripted {
    pub async fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(State {
            replies: Mutex::new(replies.into_iter().collect()),
            requests: watch::Sender::default(),
            connections: AtomicUsize::default(),
            released: Semaphore::new(0),
            silent: Semaphore::new(0),
        });
        let shared = state.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                shared.connections.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(converse(stream, shared.clone()));
            }
        });
        Self { address, state }
    }

    /// Requests received: request line, headers and body.
    pub fn requests(&self) -> Vec<String> {
        self.state.requests.borrow().clone()
    }

    /// Waits until so many requests have been received.
    pub async fn received(&self, count: usize) {
        self.state.requests.subscribe().wait_for(|requests| requests.len() >= count).await.unwrap();
    }

    /// Lets one held answer go.
    pub fn release(&self) {
        self.state.released.add_permits(1);
    }

    /// How many connections were made.
    pub fn connections(&self) -> usize {
        self.state.connections.load(Ordering::Relaxed)
    }

    /// Waits for a call; whenever it waits in vain, an attempt's time passes.
    pub async fn through_silence<F: Future>(&self, call: F) -> F::Output {
        let passing = async {
            loop {
                self.state.silent.acquire().await.unwrap().forget();
                time::pause();
                let _moving = MovingClock;
                time::advance(ATTEMPT).await;
            }
        };
        tokio::select! {
            output = call => output,
            () = passing => unreachable!(),
        }
    }

    pub fn options(&self) -> Options {
        Options {
            attempt_timeout: ATTEMPT,
            deadline: DEADLINE,
            first_pause: Duration::from_millis(1),
            ..Options::simulated(&self.address, Rates::Off)
        }
    }

    pub async fn aws(&self) -> Aws {
        Aws::connect(self.options()).await.unwrap()
    }
}

/// Lets the clock go on by itself, also where nobody waits for it to be moved any more.
struct MovingClock;

impl Drop for MovingClock {
    fn drop(&mut self) {
        time::resume();
    }
}

async fn converse(mut stream: TcpStream, state: Arc<State>) {
    while answer(&mut stream, &state).await {}
    let _ = stream.shutdown().await;
}

/// Answers one request; whether the connection stays open.
async fn answer(stream: &mut TcpStream, state: &State) -> bool {
    let request = receive(stream).await;
    if request.is_empty() {
        return false;
    }
    state.requests.send_modify(|requests| requests.push(request));
    let number = state.requests.borrow().len();
    let reply = state.next();
    if matches!(reply, Reply::Held(_)) {
        state.released.acquire().await.unwrap().forget();
    }
    let head = |status: u16, kind: &str, length: usize| {
        format!("HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n")
    };
    let close = "connection: close\r\n";
    let id = format!("x-amzn-requestid: request-{number}\r\n");
    let text = match &reply {
        Reply::Drop => return false,
        Reply::Silence => String::new(),
        Reply::Half => format!("{}{close}{id}\r\n{{\"Poli", head(200, JSON, 100)),
        Reply::Stall => format!("{}{close}{id}\r\n{{", head(200, JSON, 1 << 30)),
        Reply::KeptOpen(body) => format!("{}{id}\r\n{body}", head(200, JSON, body.len())),
        Reply::Held(body) => format!("{}{close}{id}\r\n{body}", head(200, JSON, body.len())),
        Reply::Answer(status, kind, body) => {
            format!("{}{close}{id}\r\n{body}", head(*status, kind, body.len()))
        }
        Reply::Foreign(status, kind, body) => {
            format!("{}{close}\r\n{body}", head(*status, kind, body.len()))
        }
    };
    let _ = stream.write_all(text.as_bytes()).await;
    if matches!(reply, Reply::Stall) {
        let _ = stream.write_all(&vec![b' '; 32 << 20]).await;
    }
    if matches!(reply, Reply::Silence | Reply::Stall) {
        state.silent.add_permits(1);
        let _ = stream.read(&mut [0]).await;
    }
    matches!(reply, Reply::KeptOpen(_))
}

impl State {
    fn next(&self) -> Reply {
        let mut replies = self.replies.lock().unwrap();
        let next = replies.pop_front().unwrap();
        if replies.is_empty() {
            replies.push_back(next.clone());
        }
        next
    }
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
