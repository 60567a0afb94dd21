//! The simulator behind a gate that holds calls until it is opened.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{
    extract::{Request, State},
    middleware::{Next, from_fn_with_state},
    response::Response,
};
use simulator::Simulator;
use tokio::{net::TcpListener, sync::Semaphore};

/// Nothing that is waited for takes so long, on however busy a machine.
pub const HANGS: Duration = Duration::from_secs(60);

/// Holds calls of one operation.
#[derive(Clone)]
pub struct Gate {
    pub address: String,
    state: Arc<Held>,
}

struct Held {
    operation: Mutex<String>,
    open: Semaphore,
    waiting: AtomicUsize,
}

/// Counts a held call until it goes on or its caller has gone.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn at(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Gate {
    /// A simulator of its own, with nothing held.
    pub async fn start() -> Self {
        let options = simulator::Options {
            effective_delay: time::Duration::ZERO,
            ..simulator::Options::demo(Arc::new(server::outside::now))
        };
        let simulator = tokio::task::spawn_blocking(move || Simulator::new(options).unwrap()).await.unwrap();
        let state = Arc::new(Held {
            operation: Mutex::default(),
            open: Semaphore::new(0),
            waiting: AtomicUsize::new(0),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let router = simulator.router().layer(from_fn_with_state(state.clone(), pass));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, state }
    }

    /// Holds calls of an operation of AWS Organizations from now on.
    pub fn hold(&self, operation: &str) {
        operation.clone_into(&mut self.state.operation.lock().unwrap());
    }

    /// Lets one held call pass.
    pub fn let_one_pass(&self) {
        self.state.open.add_permits(1);
    }

    /// Waits until so many calls are held.
    pub async fn until_held(&self, count: usize) {
        let held = || self.state.waiting.load(Ordering::SeqCst);
        until(&format!("{count} held calls"), async || held() == count).await;
    }

    pub fn held(&self) -> usize {
        self.state.waiting.load(Ordering::SeqCst)
    }
}

async fn pass(State(held): State<Arc<Held>>, request: Request, next: Next) -> Response {
    let target = request.headers().get("x-amz-target").and_then(|target| target.to_str().ok());
    let operation = held.operation.lock().unwrap().clone();
    if target.and_then(|target| target.rsplit('.').next()) == Some(operation.as_str()) {
        let waiting = Waiting::at(&held.waiting);
        held.open.acquire().await.unwrap().forget();
        drop(waiting);
    }
    next.run(request).await
}

/// Waits for something that is under way.
pub async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !holds().await {
        assert!(begun.elapsed() < HANGS, "{what} did not come");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
