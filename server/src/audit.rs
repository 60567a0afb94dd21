//! How the audit list is kept, as the command line says.

use std::{path::PathBuf, sync::Arc};

use portal::audit::{Destination, Forward, KeyError, Options, RootsError, SigningKey, tls_roots};

/// Options of `holdfast serve` about the audit list.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct AuditOptions {
    /// The key that signs the end of the audit list: Ed25519 in PKCS#8, PEM or DER. Without it, one is made and kept in the database
    #[arg(long, env = "HOLDFAST_AUDIT_KEY_FILE", value_name = "FILE")]
    audit_key_file: Option<PathBuf>,
    /// Where every event of the audit list is sent on to: stdout, file:/path, syslog+tls://host:port or syslog+tcp://host:port
    #[arg(long, env = "HOLDFAST_AUDIT_FORWARD", value_name = "DESTINATION")]
    audit_forward: Option<Destination>,
    /// The authorities that the syslog server is known by, in PEM; without it, those of the system
    #[arg(long, env = "HOLDFAST_AUDIT_FORWARD_CA", value_name = "FILE", requires = "audit_forward")]
    audit_forward_ca: Option<PathBuf>,
}

/// What cannot be used of them.
#[derive(Debug, thiserror::Error)]
pub enum AuditOptionsError {
    #[error("HOLDFAST_AUDIT_KEY_FILE: {0}")]
    Key(#[from] KeyError),
    #[error("HOLDFAST_AUDIT_FORWARD: {0}")]
    Roots(#[from] RootsError),
}

impl AuditOptions {
    /// Reads what is named. `url` is how browsers reach us: its host is our name.
    ///
    /// # Errors
    /// Where a file cannot be used.
    pub fn options(&self, url: &str) -> Result<Options, AuditOptionsError> {
        let key = self.audit_key_file.as_deref().map(SigningKey::read).transpose()?;
        let forward = self.audit_forward.clone().map(|destination| {
            let secure = matches!(destination, Destination::Syslog { tls: true, .. });
            let tls = secure.then(|| tls_roots(self.audit_forward_ca.as_deref())).transpose()?;
            let host = url.parse::<http::Uri>().ok().and_then(|url| url.host().map(str::to_owned));
            Ok::<_, RootsError>(Forward { destination, tls, host: host.unwrap_or_default() })
        });
        Ok(Options { key: key.map(Arc::new), forward: forward.transpose()? })
    }
}
