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

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Cli {
        #[command(flatten)]
        audit: AuditOptions,
    }

    fn options(arguments: &[&str]) -> Result<Options, String> {
        let cli = Cli::try_parse_from(["holdfast"].iter().chain(arguments)).map_err(|e| e.to_string())?;
        cli.audit.options("https://backup.example.com:8443").map_err(|error| error.to_string())
    }

    #[test]
    fn what_cannot_be_used_keeps_the_program_from_starting_and_says_which_setting_it_is() {
        for (arguments, said) in [
            (&["--audit-key-file", "/nowhere"][..], "HOLDFAST_AUDIT_KEY_FILE: cannot read /nowhere"),
            (&["--audit-forward", "logs.example.com"], "write stdout, file:/path"),
            (&["--audit-forward-ca", "/nowhere"], "--audit-forward"),
            (
                &["--audit-forward", "syslog+tls://logs", "--audit-forward-ca", "/nowhere"],
                "HOLDFAST_AUDIT_FORWARD: /nowhere has no certificates",
            ),
        ] {
            let error = options(arguments).unwrap_err();
            assert!(error.contains(said), "{arguments:?}: {error}");
        }
    }

    #[test]
    fn we_send_under_the_name_that_browsers_know() {
        let forward = options(&["--audit-forward", "syslog+tcp://logs"]).unwrap().forward.unwrap();
        assert_eq!((forward.host.as_str(), forward.tls.is_none()), ("backup.example.com", true));
        assert!(options(&[]).unwrap().forward.is_none());
    }
}
