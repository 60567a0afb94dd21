//! A proxy for tests that stands between a client and an endpoint. It lets every call be carried out and then spoils
//! the answer as it is told to, so that the client cannot know what became of the call; and it holds calls at gates,
//! so that a test may kill or interleave at exactly that moment.
//!
//! ```no_run
//! # async fn run(endpoint: &str) -> std::io::Result<()> {
//! use simulator::proxy::{How, Moment, Proxy, Spoil};
//!
//! let proxy = Proxy::start(endpoint).await?;
//! // The third attachment is made, and nobody is told.
//! proxy.spoil(Spoil::new("AttachPolicy", How::Lose).skip(2).times(1));
//! let gate = proxy.hold("CreatePolicy", Moment::Executed);
//! // ... a client at `proxy.url()` creates a policy ...
//! gate.arrived(1).await;
//! gate.open();
//! assert_eq!(proxy.executed("CreatePolicy"), 1);
//! # Ok(())
//! # }
//! ```
//!
//! Operations are named as requests name them: by the last part of `X-Amz-Target` (`AttachPolicy`), by the `Action` of
//! a form (`AssumeRole`), else by method and path (`PUT /backup-jobs`). Where an operation is asked for, `*` stands
//! for anything: `GET /backup-jobs*`.

mod gate;
mod spoil;

pub use gate::{Gate, Moment};
pub use spoil::{How, Spoil};

use crate::pattern::like;
use crate::wire::signature::Signature;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::header::{CONNECTION, CONTENT_LENGTH, EXPECT, TRANSFER_ENCODING};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Request, Response};
use gate::Bar;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::{future, io};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// A proxy on a free port of loopback, until it is dropped.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

/// A call that came through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    pub operation: String,
    /// The status with which the endpoint answered; none if it did not, or has not yet.
    pub status: Option<u16>,
    /// Whether the client was kept from the endpoint's answer.
    pub spoiled: bool,
}

#[derive(Debug)]
struct Shared {
    /// Host and port of the endpoint.
    upstream: String,
    spoils: Mutex<Vec<Spoil>>,
    bars: Mutex<Vec<Arc<Bar>>>,
    calls: Mutex<Vec<Call>>,
}

/// The client gets no answer: its connection is closed without a byte.
#[derive(Debug, thiserror::Error)]
#[error("the answer is lost")]
struct Lost;

impl Proxy {
    /// Starts a proxy before an endpoint, `http://host:port`.
    ///
    /// # Errors
    /// If the endpoint is not given so, or no port is free.
    pub async fn start(upstream: &str) -> io::Result<Self> {
        let host = upstream
            .strip_prefix("http://")
            .map(|rest| rest.trim_end_matches('/'))
            .filter(|host| !host.is_empty() && !host.contains('/'))
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "expected http://host:port"))?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            upstream: host.to_owned(),
            spoils: Mutex::default(),
            bars: Mutex::default(),
            calls: Mutex::default(),
        });
        let accepting = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Ok(Self { address, shared, accepting })
    }

    /// Where clients find it, `http://127.0.0.1:port`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Spoils answers from now on. Of several that ask for the same operation the oldest has its way first.
    pub fn spoil(&self, spoil: Spoil) {
        lock(&self.shared.spoils).push(spoil);
    }

    /// Spoils no more answers; those of calls that have arrived already are not healed.
    pub fn heal(&self) {
        lock(&self.shared.spoils).clear();
    }

    /// Holds calls of an operation at a moment of their way, until the gate lets them pass or is dropped.
    pub fn hold(&self, operation: impl Into<String>, moment: Moment) -> Gate {
        let bar = Arc::new(Bar::new(operation.into(), moment));
        lock(&self.shared.bars).push(Arc::clone(&bar));
        Gate::new(bar)
    }

    /// The calls so far, in the order of their arrival.
    pub fn calls(&self) -> Vec<Call> {
        lock(&self.shared.calls).clone()
    }

    /// How often the endpoint carried an operation out: answered it with a status of success.
    pub fn executed(&self, operation: &str) -> usize {
        let is_success = |call: &Call| call.status.is_some_and(|status| (200..300).contains(&status));
        let calls = lock(&self.shared.calls);
        calls.iter().filter(|call| like(operation, &call.operation) && is_success(call)).count()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
        lock(&self.shared.bars).drain(..).for_each(|bar| bar.discard());
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    // Ends its connections when it is aborted.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => drop(connections.spawn(serve(stream, Arc::clone(&shared)))),
                Err(error) => tracing::warn!(%error, "a connection could not be accepted"),
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    let service = service_fn(|request| answer(Arc::clone(&shared), request));
    let served = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    // Lost answers end a connection by an error; so do clients that go away.
    if let Err(error) = served.await {
        tracing::debug!(%error, "a connection ended");
    }
}

async fn answer(shared: Arc<Shared>, request: Request<Incoming>) -> Result<Response<Body>, Lost> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(Body::new(body), usize::MAX).await.map_err(|_| Lost)?;
    let operation = operation(&parts, &body);
    let (number, spoil) = shared.arrive(&operation, &Signature::of(&parts.headers).region);
    // In a task of its own: what was sent is carried out, whether or not its sender is still there.
    let carried = tokio::spawn(async move { shared.carry(number, &operation, parts, body).await });
    let answered = carried.await.map_err(|_| Lost)??;
    match spoil {
        None => Ok(answered.map(Body::from)),
        Some(spoil) if spoil.how == How::Stall => future::pending().await,
        Some(spoil) => spoil.apply(answered).ok_or(Lost),
    }
}

impl Shared {
    /// Writes a call down, and takes what is to be done to its answer.
    fn arrive(&self, operation: &str, region: &str) -> (usize, Option<Spoil>) {
        let mut calls = lock(&self.calls);
        let mut spoils = lock(&self.spoils);
        let spoil = spoils.iter_mut().find_map(|spoil| spoil.take(operation, region));
        spoils.retain(|spoil| spoil.times != Some(0));
        calls.push(Call { operation: operation.to_owned(), status: None, spoiled: spoil.is_some() });
        (calls.len() - 1, spoil)
    }

    async fn carry(
        &self,
        number: usize,
        operation: &str,
        parts: Parts,
        body: Bytes,
    ) -> Result<Response<Bytes>, Lost> {
        self.wait(number, operation, Moment::Arrived).await?;
        let answered = self.forward(parts, body).await.map_err(|error| {
            tracing::debug!(%error, operation, "the endpoint gave no answer");
            Lost
        })?;
        self.note(number, |call| call.status = Some(answered.status().as_u16()));
        self.wait(number, operation, Moment::Executed).await?;
        Ok(answered)
    }

    /// Waits at the gate for calls of this operation, if there is one.
    async fn wait(&self, number: usize, operation: &str, moment: Moment) -> Result<(), Lost> {
        let bar = {
            let mut bars = lock(&self.bars);
            bars.retain(|bar| !bar.is_gone());
            bars.iter().find(|bar| bar.is_for(operation, moment)).cloned()
        };
        match bar {
            Some(bar) if !bar.wait().await => {
                self.note(number, |call| call.spoiled = true);
                Err(Lost)
            }
            _ => Ok(()),
        }
    }

    /// Sends a request on, over a connection of its own.
    async fn forward(&self, mut parts: Parts, body: Bytes) -> io::Result<Response<Bytes>> {
        between(&mut parts.headers, body.len());
        let stream = TcpStream::connect(&self.upstream).await?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(io::Error::other)?;
        let connection = tokio::spawn(connection);
        let request = Request::from_parts(parts, Body::from(body));
        let response = sender.send_request(request).await.map_err(io::Error::other)?;
        let (mut parts, body) = response.into_parts();
        let body = to_bytes(Body::new(body), usize::MAX).await.map_err(io::Error::other)?;
        connection.abort();
        between(&mut parts.headers, body.len());
        Ok(Response::from_parts(parts, body))
    }

    fn note(&self, number: usize, note: impl FnOnce(&mut Call)) {
        if let Some(call) = lock(&self.calls).get_mut(number) {
            note(call);
        }
    }
}

/// The headers of a message whose body is at hand, without those that concern one connection only.
fn between(headers: &mut HeaderMap, length: usize) {
    for name in [CONNECTION, TRANSFER_ENCODING, EXPECT] {
        headers.remove(name);
    }
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
}

fn operation(parts: &Parts, body: &[u8]) -> String {
    let target = parts.headers.get("x-amz-target").and_then(|target| target.to_str().ok());
    if let Some(target) = target {
        return target.rsplit('.').next().unwrap_or_default().to_owned();
    }
    let path = parts.uri.path();
    let form = std::str::from_utf8(body).ok().filter(|_| path == "/").unwrap_or_default();
    let action = form.split('&').find_map(|pair| pair.strip_prefix("Action="));
    action.map_or_else(|| format!("{} {path}", parts.method), str::to_owned)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
