//! Puts a portal together and serves it: what `serve` and `demo` have in common.

use std::{io, net::SocketAddr, time::Duration};

use axum::Router;
use portal::{
    Portal, Providers,
    sync::Wake,
    tasks::{self, WorkerOptions},
};
use store::{SessionStore, Store, StoreError};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

use crate::{
    audit::{AuditOptions, AuditOptionsError},
    changes::Changes,
    config::{ConfigError, Web, WebOptions},
    connections::{self, Limits},
    metrics, outside,
    router::router,
    site::Site,
    state::{Parts, Schema},
    tls::{self, Tls, TlsError},
};

/// How long changes are waited for at the end, where nobody says otherwise: longer than one within a request takes.
pub const STOP_WITHIN_SECONDS: u16 = 60;
/// How long reading requests that run at the end may take to finish.
const FAREWELL: Duration = Duration::from_secs(10);
const GIVE_BACK: Duration = Duration::from_secs(5);
/// Between looks whether the database is back.
const DATABASE_PAUSE: Duration = Duration::from_secs(2);

/// Why the program cannot start. `Display` is one line with what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("cannot listen on {address}: {source}")]
    Listen { address: SocketAddr, source: io::Error },
    #[error("DATABASE_URL: {0}")]
    Database(#[source] StoreError),
    #[error("AWS: {0}")]
    Aws(#[from] aws::AwsError),
    #[error(transparent)]
    Postgres(#[from] store::private::PrivateError),
    #[error(transparent)]
    Simulator(#[from] simulator::StartError),
    #[error(transparent)]
    Audit(#[from] AuditOptionsError),
    #[error(transparent)]
    Tls(#[from] TlsError),
    #[error("the first administrator could not be created: {0}")]
    Administrator(#[source] portal::PortalError),
    #[error("HOLDFAST_PROVIDERS_FILE: {0}")]
    Providers(#[from] portal::ProvidersError),
    #[error("cannot use {path}: {source}")]
    File { path: String, source: io::Error },
    #[error("the runtime did not start: {0}")]
    Runtime(#[source] io::Error),
    #[error("the HTTP server ended unasked: {0}")]
    Ended(String),
}

/// What a portal is started with.
pub struct Start {
    pub web: WebOptions,
    /// Where metrics are told; nowhere without it.
    pub metrics_listen: Option<SocketAddr>,
    pub database_url: String,
    pub aws: aws::Options,
    pub regions: Vec<String>,
    pub sync: portal::sync::Options,
    /// Where people sign in beside local accounts.
    pub providers: Providers,
    /// How long the end of the process waits at most for changes that were begun.
    pub stop_within: Duration,
    /// True where AWS is the simulator.
    pub simulated: bool,
    pub audit: AuditOptions,
}

/// A portal that answers requests.
pub struct Running {
    pub web: Web,
    pub portal: Portal,
    store: Store,
    /// Whether the database has the schema of this version.
    pub schema: Schema,
    stop: CancellationToken,
    stop_within: Duration,
    changes: Changes,
    server: JoinHandle<()>,
}

impl Start {
    /// Listens and serves. The database may be away: pages say so, and the schema is brought up to date when it comes.
    ///
    /// # Errors
    /// Where the configuration cannot work.
    pub async fn start(self) -> Result<Running, StartError> {
        let (listener, bound) = listen(self.web.listen).await?;
        let web = self.web.web(bound)?;
        let tls = self.web.tls.read()?;
        let audit = self.audit.options(&web.url)?;
        let metrics = match self.metrics_listen {
            Some(address) => Some(listen(address).await?),
            None => None,
        };
        let store =
            Store::connect(&self.database_url, store::Options::default()).map_err(StartError::Database)?;
        let aws = aws::Aws::connect(self.aws).await?;
        let (sync, wake) = portal::sync::channel();
        let portal = Portal::new(portal::Parts {
            store: store.clone(),
            aws: aws.clone(),
            clock: outside::now,
            random: Box::new(outside::random()),
            simulated: self.simulated,
            regions: self.regions,
            sync,
            providers: self.providers,
        });
        let schema = Schema::default();
        let sessions = SessionStore::new(store.clone(), outside::now);
        let site = Site::built();
        if site.package().is_none() {
            tracing::warn!("no site was built: run `cargo xtask build`; pages are shown without style");
        }
        let parts = Parts::new(portal.clone(), sessions, schema.clone(), web.clone(), site);
        let stop = parts.stop.clone();
        if let Some((listener, address)) = metrics {
            tracing::info!(%address, "metrics at /metrics");
            let router = metrics::router(&aws, &parts.requests, &portal, store.clone(), tls.as_ref());
            serve_metrics(&portal, listener, router)?;
        }
        let changes = parts.changes.clone();
        let limits = Limits::of_process();
        tracing::info!(connections = limits.most, "connections at once, at most");
        if let Some(tls) = &tls {
            watch_certificate(&portal, tls);
        }
        let server = tokio::spawn(connections::serve(listener, tls, router(parts), limits, stop.clone()));
        let workers = WorkerOptions { farewell: self.stop_within, ..WorkerOptions::default() };
        let options = tasks::Options { sync: self.sync, workers, audit };
        start_background(&portal, store.clone(), schema.clone(), wake, options);
        Ok(Running { web, portal, store, schema, stop, stop_within: self.stop_within, changes, server })
    }
}

impl Running {
    /// Serves until Ctrl-C or SIGTERM, then finishes what was begun.
    ///
    /// # Errors
    /// Where the HTTP server ended before: nothing can be served then, and whoever supervises the process starts it again.
    pub async fn until_stopped(mut self) -> Result<(), StartError> {
        let ended = tokio::select! {
            () = stop_signal() => None,
            ended = &mut self.server => Some(ended),
        };
        let Some(ended) = ended else {
            self.stop().await;
            return Ok(());
        };
        let why = match ended {
            Ok(()) => "without a reason".to_owned(),
            Err(panic) => panic.to_string(),
        };
        finish(&self.changes, &self.portal, self.stop_within, async {}).await;
        Err(StartError::Ended(why))
    }

    /// Waits until the organization and its jobs were read once, or could not be read.
    pub async fn first_import(&self) {
        self.schema.ready().await;
        loop {
            match self.store.freshness(outside::now()).await {
                Ok(f) if f.problem.is_some() || (f.organization_at.is_some() && f.jobs_at.is_some()) => {
                    return;
                }
                _ => tokio::time::sleep(Duration::from_millis(200)).await,
            }
        }
    }

    /// Stops: takes no more requests, and finishes those that run. Changes are waited for as long as the configuration
    /// says, what only reads for a shorter time.
    pub async fn stop(mut self) {
        self.stop.cancel();
        let server = &mut self.server;
        let served = async {
            if tokio::time::timeout(FAREWELL, &mut *server).await.is_err() {
                tracing::warn!("requests were still running at the end");
                server.abort();
            }
        };
        finish(&self.changes, &self.portal, self.stop_within, served).await;
    }
}

/// Finishes what was begun: by requests, of which no more come after `served`, and in the background.
async fn finish(changes: &Changes, portal: &Portal, within: Duration, served: impl Future<Output = ()>) {
    // Tasks that come to no safe point in this time have a moment more to be given back.
    tokio::join!(changes.finish(within, served), portal.background().stop(within + GIVE_BACK));
    portal.seal_audit_at_end().await;
}

async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let failed = |source| StartError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    Ok((listener, bound))
}

/// Serves metrics, again after a failure: on the same socket.
fn serve_metrics(portal: &Portal, listener: TcpListener, router: Router) -> Result<(), StartError> {
    let failed = |source| StartError::File { path: "the socket of the metrics".to_owned(), source };
    let socket = listener.into_std().map_err(failed)?;
    portal.background().spawn("metrics", move |stop| {
        let (socket, router) = (socket.try_clone().and_then(TcpListener::from_std), router.clone());
        async move {
            match socket {
                Ok(socket) => connections::serve(socket, None, router, Limits::FEW, stop).await,
                Err(error) => tracing::error!(%error, "metrics cannot be served"),
            }
        }
    });
    Ok(())
}

/// Looks at the files of certificate and key as long as the process runs.
fn watch_certificate(portal: &Portal, tls: &Tls) {
    let tls = tls.clone();
    portal.background().spawn("tls", move |stop| {
        let tls = tls.clone();
        async move { tls.watch(tls::EVERY, outside::now, stop).await }
    });
}

/// What goes on beside answering requests: once the database has our schema, where it is needed.
fn start_background(portal: &Portal, store: Store, schema: Schema, wake: Wake, options: tasks::Options) {
    tasks::start_permissions(portal);
    let own = portal.clone();
    portal.background().spawn("schema", move |stop| {
        let (portal, store, schema, wake) = (own.clone(), store.clone(), schema.clone(), wake.clone());
        let options = options.clone();
        async move {
            let prepare = async {
                migrate(&store).await;
                note_providers(&portal).await;
            };
            if stop.run_until_cancelled(prepare).await.is_some() {
                schema.set_ready();
                tasks::start(&portal, &wake, tasks::handlers(), options);
            }
            stop.cancelled().await;
        }
    });
}

/// Brings the schema up to date, as soon as the database can be reached.
async fn migrate(store: &Store) {
    let mut said = String::new();
    while let Err(error) = store.migrate().await {
        let text = error.to_string();
        if text != said {
            tracing::error!(%error, "the database cannot be used yet; trying again");
            said = text;
        }
        tokio::time::sleep(DATABASE_PAUSE).await;
    }
}

/// Writes down which identity providers there are, before anybody signs in.
async fn note_providers(portal: &Portal) {
    while let Err(error) = portal.note_providers().await {
        tracing::error!(%error, "the identity providers cannot be written down yet; trying again");
        tokio::time::sleep(DATABASE_PAUSE).await;
    }
}

async fn stop_signal() {
    let interrupt = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = interrupt => (),
            _ = terminate.recv() => (),
        },
        Err(_) => drop(interrupt.await),
    }
}
