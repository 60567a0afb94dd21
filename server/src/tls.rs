//! TLS by Holdfast itself: with a certificate and key of files that are read again when they change.

mod pair;
mod watch;

use std::{
    io,
    path::{Path, PathBuf},
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::{Registry, Unit},
};
use time::OffsetDateTime;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use tokio_io_timeout::TimeoutStream;
use tokio_rustls::{TlsAcceptor, server::TlsStream};

pub use self::{pair::TlsError, watch::EVERY};

use self::pair::Pair;

/// The first byte of a record that begins a handshake; no method of HTTP begins so.
const HANDSHAKE: u8 = 22;
/// What is read of plain HTTP before it is answered.
const PLAIN: u64 = 64 << 10;
const PLAIN_ANSWER: &str = "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 56\r\n\
                            Connection: close\r\n\r\nThis address speaks HTTPS alone: begin it with https://\n";

/// Certificate and key, where Holdfast ends TLS itself.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct TlsOptions {
    /// The certificate and those between it and its authority, in PEM; read again when it changes
    #[arg(long, env = "HOLDFAST_TLS_CERT_FILE", requires = "tls_key_file")]
    pub tls_cert_file: Option<PathBuf>,
    /// Its private key, in PEM
    #[arg(long, env = "HOLDFAST_TLS_KEY_FILE", requires = "tls_cert_file")]
    pub tls_key_file: Option<PathBuf>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    outcome: &'static str,
}

/// A connection on which TLS is spoken.
pub type Secured = TlsStream<Pin<Box<TimeoutStream<TcpStream>>>>;

/// What new connections are opened with. Clones share it.
#[derive(Clone)]
pub struct Tls(Arc<Shared>);

struct Shared {
    certificate: PathBuf,
    key: PathBuf,
    state: Mutex<State>,
    expiry: Gauge,
    loaded: Family<Outcome, Counter>,
    handshakes: Family<Outcome, Counter>,
}

struct State {
    pair: Pair,
    /// What was read last, good or not: what did not change is not judged again.
    seen: pair::Fingerprint,
}

impl TlsOptions {
    /// Whether Holdfast ends TLS itself.
    #[must_use]
    pub const fn is_set(&self) -> bool {
        self.tls_cert_file.is_some() && self.tls_key_file.is_some()
    }

    /// Reads certificate and key; `None` where none are named.
    ///
    /// # Errors
    /// Where they cannot be used.
    pub fn read(&self) -> Result<Option<Tls>, TlsError> {
        match (&self.tls_cert_file, &self.tls_key_file) {
            (Some(certificate), Some(key)) => Tls::read(certificate, key).map(Some),
            _ => Ok(None),
        }
    }
}

impl Tls {
    fn read(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let files = pair::Files::read(certificate, key)?;
        let pair = files.pair()?;
        let shared = Shared {
            certificate: certificate.to_owned(),
            key: key.to_owned(),
            expiry: Gauge::default(),
            loaded: Family::default(),
            handshakes: Family::default(),
            state: Mutex::new(State { seen: files.fingerprint(), pair }),
        };
        let tls = Self(Arc::new(shared));
        tls.took();
        // Both are told from the beginning on: a series that comes into being with its first failure has no rise.
        drop(tls.0.loaded.get_or_create(&Outcome { outcome: "refused" }));
        Ok(tls)
    }

    /// Reads the files again, and takes what is in them if it has changed and fits; else keeps what there is.
    ///
    /// # Errors
    /// Where they changed and cannot be used.
    fn read_again(&self) -> Result<bool, TlsError> {
        let Shared { certificate, key, .. } = &*self.0;
        let read = pair::Files::read(certificate, key);
        let seen = read.as_ref().map_or_else(pair::Fingerprint::of_error, pair::Files::fingerprint);
        if std::mem::replace(&mut self.state().seen, seen.clone()) == seen {
            return Ok(false);
        }
        let pair = read.and_then(|files| files.pair()).inspect_err(|_| {
            self.0.loaded.get_or_create(&Outcome { outcome: "refused" }).inc();
        })?;
        self.state().pair = pair;
        self.took();
        Ok(true)
    }

    fn took(&self) {
        self.0.loaded.get_or_create(&Outcome { outcome: "taken" }).inc();
        let (_, expires) = self.validity();
        self.0.expiry.set(expires.unix_timestamp());
    }

    /// Registers what is counted.
    pub fn register_metrics(&self, registry: &mut Registry) {
        let Shared { expiry, loaded, handshakes, .. } = &*self.0;
        let help = "When the certificate in use ends, in seconds since 1970";
        registry.register_with_unit("holdfast_tls_certificate_expiry", help, Unit::Seconds, expiry.clone());
        let help = "Certificates and keys that were read because their files had changed, and at the start";
        registry.register("holdfast_tls_certificates", help, loaded.clone());
        registry.register(
            "holdfast_tls_handshakes",
            "Connections by how their handshake ended",
            handshakes.clone(),
        );
    }

    /// Opens a connection that came in, within a time. `None` where it comes to nothing.
    pub async fn open(&self, mut stream: TcpStream, within: Duration, write: Duration) -> Option<Secured> {
        let opened = timeout(within, async {
            if is_plain(&stream).await? {
                answer_plainly(&mut stream).await?;
                return Ok(Err("plain"));
            }
            let mut stream = TimeoutStream::new(stream);
            stream.set_write_timeout(Some(write));
            let acceptor = TlsAcceptor::from(self.state().pair.config.clone());
            acceptor.accept(Box::pin(stream)).await.map(Ok)
        });
        let (outcome, secured) = match opened.await {
            Ok(Ok(Ok(secured))) => ("done", Some(secured)),
            Ok(Ok(Err(plain))) => (plain, None),
            Ok(Err(error)) => {
                tracing::debug!(%error, "a handshake failed");
                ("failed", None)
            }
            Err(_) => ("late", None),
        };
        self.0.handshakes.get_or_create(&Outcome { outcome }).inc();
        secured
    }

    /// When the certificate in use begins and ends.
    fn validity(&self) -> (OffsetDateTime, OffsetDateTime) {
        let state = self.state();
        (state.pair.begins, state.pair.expires)
    }

    /// Never held across a wait.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether something else than TLS is spoken.
async fn is_plain(stream: &TcpStream) -> io::Result<bool> {
    let mut first = [0];
    Ok(stream.peek(&mut first).await? == 1 && first != [HANDSHAKE])
}

/// Says so to whoever speaks plain HTTP. Leads nobody on: what was sent was readable already.
async fn answer_plainly(stream: &mut TcpStream) -> io::Result<()> {
    stream.write_all(PLAIN_ANSWER.as_bytes()).await?;
    stream.shutdown().await?;
    // What is not read would reset the connection before the answer is.
    tokio::io::copy(&mut stream.take(PLAIN), &mut tokio::io::sink()).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_to_plain_http_is_as_long_as_it_says() {
        let (head, body) = PLAIN_ANSWER.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(&format!("Content-Length: {}\r\n", body.len())), "{}", body.len());
    }
}
