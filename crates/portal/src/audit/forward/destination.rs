//! Where the audit list is sent on to.

use std::{fmt, path::PathBuf, str::FromStr, sync::Arc};

use http::Uri;
use rustls::ClientConfig;

/// The port of syslog over TLS (RFC 5425), and of syslog over TCP.
const TLS_PORT: u16 = 6514;
const TCP_PORT: u16 = 601;

/// Where to send on to, and how.
#[derive(Clone, Debug)]
pub struct Forward {
    pub destination: Destination,
    /// How a syslog server over TLS is known; needed for that alone.
    pub tls: Option<Arc<ClientConfig>>,
    /// The name under which we send.
    pub host: String,
}

/// Where to. `Display` is how it is written, with its port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    Stdout,
    /// Appended to.
    File(PathBuf),
    Syslog {
        host: String,
        port: u16,
        tls: bool,
    },
}

/// What is no destination.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "“{0}” is no destination: write stdout, file:/path, syslog+tls://host:port or syslog+tcp://host:port"
)]
pub struct UnknownDestination(String);

impl FromStr for Destination {
    type Err = UnknownDestination;

    fn from_str(text: &str) -> Result<Self, UnknownDestination> {
        let unknown = || UnknownDestination(text.to_owned());
        if text == "stdout" {
            return Ok(Self::Stdout);
        }
        if let Some(path) = text.strip_prefix("file:") {
            return if path.starts_with('/') { Ok(Self::File(path.into())) } else { Err(unknown()) };
        }
        let uri: Uri = text.parse().map_err(|_| unknown())?;
        let (tls, usual) = match uri.scheme_str() {
            Some("syslog+tls") => (true, TLS_PORT),
            Some("syslog+tcp") => (false, TCP_PORT),
            _ => return Err(unknown()),
        };
        let authority = uri.authority().filter(|authority| !authority.as_str().contains('@'));
        let authority = authority.ok_or_else(unknown)?;
        let host = authority.host().trim_matches(['[', ']']).to_owned();
        if host.is_empty() || !matches!(uri.path(), "" | "/") || uri.query().is_some() {
            return Err(unknown());
        }
        Ok(Self::Syslog { host, port: authority.port_u16().unwrap_or(usual), tls })
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stdout => f.write_str("stdout"),
            Self::File(path) => write!(f, "file:{}", path.display()),
            Self::Syslog { host, port, tls } => {
                let scheme = if *tls { "syslog+tls" } else { "syslog+tcp" };
                if host.contains(':') {
                    write!(f, "{scheme}://[{host}]:{port}")
                } else {
                    write!(f, "{scheme}://{host}:{port}")
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn destinations_are_read_and_written_alike() {
        for (written, normal) in [
            ("stdout", "stdout"),
            ("file:/var/log/holdfast audit.jsonl", "file:/var/log/holdfast audit.jsonl"),
            ("syslog+tls://logs.example.com", "syslog+tls://logs.example.com:6514"),
            ("syslog+tls://192.0.2.1:7000/", "syslog+tls://192.0.2.1:7000"),
            ("syslog+tcp://[::1]", "syslog+tcp://[::1]:601"),
        ] {
            let destination: Destination = written.parse().unwrap();
            assert_eq!(destination.to_string(), normal);
            assert_eq!(normal.parse(), Ok(destination));
        }
    }

    #[test]
    fn what_is_none_is_refused_with_how_to_write_it() {
        for wrong in [
            "",
            "file:audit",
            "syslog://x",
            "https://x",
            "syslog+tls://",
            "syslog+tls://x/y",
            "syslog+tls://a@b",
            "out",
        ] {
            let error = wrong.parse::<Destination>().unwrap_err().to_string();
            assert!(error.contains("syslog+tls://host:port"), "{error}");
        }
    }
}
