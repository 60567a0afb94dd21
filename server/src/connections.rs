//! Takes connections in: HTTP/1, with TLS or without, a bounded number, none for longer than it does something. Where there are as many as may
//! be, the one that has been idle for the longest time makes room, so that silent ones keep nobody out.

mod held;
mod idle;

use std::{io, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tokio_io_timeout::TimeoutStream;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt;

use self::{
    held::Held,
    idle::{Idle, Presence},
};
use crate::tls::Tls;

/// Descriptors that are left for the database, AWS and files.
const OTHER_DESCRIPTORS: u64 = 256;
/// The most of a request's head that is read.
const LARGEST_HEAD: usize = 64 << 10;
/// After a connection could not be accepted: mostly there are no descriptors.
const PAUSE: Duration = Duration::from_millis(200);

/// What connections may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Open at once.
    pub most: usize,
    /// From the answer before, or the beginning, until the head of a request is there. Longer than proxies keep theirs.
    pub idle: Duration,
    /// For a client to take in what is written.
    pub write: Duration,
    /// For the handshake of TLS. Until it is done a connection counts as idle.
    pub handshake: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { most: 4096, ..Self::FEW }
    }
}

impl Limits {
    /// For programs of one's own.
    pub const FEW: Self = Self {
        most: 32,
        idle: Duration::from_secs(75),
        write: Duration::from_secs(60),
        handshake: Duration::from_secs(10),
    };

    /// Raises the number of descriptors that the process may have as far as the system lets it, and takes what leaves enough
    /// for everything else.
    #[must_use]
    pub fn of_process() -> Self {
        let most = Self::default().most;
        match rlimit::increase_nofile_limit(u64::MAX) {
            Ok(descriptors) => {
                let left = usize::try_from(descriptors.saturating_sub(OTHER_DESCRIPTORS)).unwrap_or(most);
                Self { most: left.clamp(64, most), ..Self::default() }
            }
            Err(error) => {
                tracing::warn!(%error, "the limit on descriptors cannot be read");
                Self::default()
            }
        }
    }
}

/// Serves until `stop`, then closes idle connections and waits for the answers that are under way.
pub async fn serve(
    listener: TcpListener,
    tls: Option<Tls>,
    router: Router,
    limits: Limits,
    stop: CancellationToken,
) {
    let places = Arc::new(Semaphore::new(limits.most.max(1)));
    let (idle, open) = (Idle::default(), TaskTracker::new());
    while let Some((stream, peer, place)) = next(&listener, &places, &idle, &stop).await {
        let connection = Connection { router: router.clone(), peer, presence: idle.enter(), limits };
        let (tls, stop) = (tls.clone(), stop.clone());
        open.spawn(async move {
            connection.open(stream, tls, stop).await;
            drop(place);
        });
    }
    drop(listener);
    open.close();
    open.wait().await;
}

/// The next connection, with its place; `None` when it is time to stop.
async fn next(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
    idle: &Idle,
    stop: &CancellationToken,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let accepted = async {
        loop {
            match listener.accept().await {
                Ok(accepted) => break accepted,
                Err(error) if is_of_one_connection(&error) => (),
                Err(error) => {
                    tracing::warn!(%error, "a connection cannot be accepted");
                    idle.close_oldest();
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    };
    let next = async {
        let (stream, peer) = accepted.await;
        let place = place(places, idle).await?;
        Some((stream, peer, place))
    };
    stop.run_until_cancelled(next).await.flatten()
}

/// A place among the connections that may be open.
async fn place(places: &Arc<Semaphore>, idle: &Idle) -> Option<OwnedSemaphorePermit> {
    loop {
        if let Ok(place) = places.clone().try_acquire_owned() {
            return Some(place);
        }
        if idle.close_oldest() {
            return places.clone().acquire_owned().await.ok();
        }
        // All are busy: with an answer, or until one of them has nothing to do.
        tokio::select! {
            place = places.clone().acquire_owned() => return place.ok(),
            () = idle.entered() => (),
        }
    }
}

fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind as E;
    matches!(error.kind(), E::ConnectionRefused | E::ConnectionAborted | E::ConnectionReset | E::Interrupted)
}

struct Connection {
    router: Router,
    peer: SocketAddr,
    presence: Arc<Presence>,
    limits: Limits,
}

impl Connection {
    async fn open(self, stream: TcpStream, tls: Option<Tls>, stop: CancellationToken) {
        // Answers are written whole: nothing is gained by waiting for more.
        let _ = stream.set_nodelay(true);
        let limits = self.limits;
        let Some(tls) = tls else {
            let mut stream = TimeoutStream::new(stream);
            stream.set_write_timeout(Some(limits.write));
            return self.serve(Box::pin(stream), stop).await;
        };
        let secured = tokio::select! {
            secured = tls.open(stream, limits.handshake, limits.write) => secured,
            () = self.presence.closed() => return,
            () = stop.cancelled() => return,
        };
        if let Some(secured) = secured {
            self.serve(secured, stop).await;
        }
    }

    async fn serve(
        self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        stop: CancellationToken,
    ) {
        let Self { router, peer, presence, limits } = self;
        let answering = presence.clone();
        let answer = service_fn(move |request: http::Request<Incoming>| {
            let (router, presence) = (router.clone(), answering.clone());
            async move {
                let Some(busy) = presence.begin() else {
                    return Err(io::Error::from(io::ErrorKind::ConnectionAborted));
                };
                let mut request = request.map(Body::new);
                request.extensions_mut().insert(ConnectInfo(peer));
                let Ok(response) = router.oneshot(request).await;
                Ok(response.map(|body| Held::new(body, busy)))
            }
        });
        let mut serving = pin!(
            http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(limits.idle)
                .max_buf_size(LARGEST_HEAD)
                .serve_connection(TokioIo::new(stream), answer)
        );
        let ended = tokio::select! {
            ended = serving.as_mut() => ended,
            () = presence.closed() => return,
            () = stop.cancelled() => {
                if presence.close_if_idle() {
                    return;
                }
                serving.as_mut().graceful_shutdown();
                serving.as_mut().await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, %peer, "a connection ended");
        }
    }
}
