//! Which server is asked, and by which token.

use std::{fs, path::PathBuf, time::Duration};

use clap::Args;
use reqwest::{Certificate, Url, redirect::Policy};

use super::{client::Client, error::RemoteError, kept::Kept, token::Token};

const CONNECT_WITHIN: Duration = Duration::from_secs(10);
/// Longer than the server has patience with a request.
const SILENT_FOR: Duration = Duration::from_secs(100);

/// What every command that asks a server takes.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Server")]
pub struct Connection {
    /// The server that is asked, as `https://backup.example.com`
    #[arg(long, env = "HOLDFAST_SERVER", value_name = "URL")]
    server: Option<String>,
    /// A file with the token. Without it: HOLDFAST_TOKEN, or what `holdfast login` has kept for the server
    #[arg(long, env = "HOLDFAST_TOKEN_FILE", value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Authorities that the server is known by beside those of the system, in PEM
    #[arg(long, env = "HOLDFAST_CA_FILE", value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// Ask a server on another machine without TLS: the token can then be read on the network
    #[arg(long)]
    allow_plain_http: bool,
}

impl Connection {
    /// What was said before the command, and where it was silent, what was said after it.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            server: self.server.or(other.server),
            token_file: self.token_file.or(other.token_file),
            ca_file: self.ca_file.or(other.ca_file),
            allow_plain_http: self.allow_plain_http || other.allow_plain_http,
        }
    }

    /// Whether anything was said.
    #[must_use]
    pub fn is_said(&self) -> bool {
        self.server.is_some() || self.token_file.is_some() || self.ca_file.is_some() || self.allow_plain_http
    }

    /// The server, asked by the token.
    ///
    /// # Errors
    /// Where no server or no token is named, or the way to it is not safe.
    pub fn client(&self) -> Result<Client, RemoteError> {
        let server = self.address()?;
        let token = self.token(&server)?.ok_or(RemoteError::NoToken)?;
        Ok(Client::new(self.http(&server)?, server, Some(token)))
    }

    /// The server, asked by nobody.
    ///
    /// # Errors
    /// As [`Self::client`].
    pub fn stranger(&self) -> Result<Client, RemoteError> {
        let server = self.address()?;
        Ok(Client::new(self.http(&server)?, server, None))
    }

    /// Where a token is named that goes before what was kept.
    #[must_use]
    pub fn names_token(&self) -> Option<&'static str> {
        if self.token_file.is_some() {
            return Some("--token-file (HOLDFAST_TOKEN_FILE)");
        }
        variable().map(|_| "HOLDFAST_TOKEN")
    }

    /// The server's address, of which nothing but scheme, host and port is meant.
    ///
    /// # Errors
    /// Where it is none, or others could listen on the way.
    pub fn address(&self) -> Result<Url, RemoteError> {
        let text = self.server.as_deref().ok_or(RemoteError::NoServer)?;
        let no_address = || RemoteError::Address(text.to_owned());
        let url: Url = text.parse().map_err(|_| no_address())?;
        let bare = url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        match url.scheme() {
            "https" if bare => Ok(url),
            "http" if bare && (self.allow_plain_http || is_here(&url)) => Ok(url),
            "http" if bare => Err(RemoteError::PlainHttp(text.to_owned())),
            _ => Err(no_address()),
        }
    }

    fn token(&self, server: &Url) -> Result<Option<Token>, RemoteError> {
        if let Some(path) = &self.token_file {
            let text = fs::read_to_string(path).map_err(|source| RemoteError::file(path, source))?;
            let token = text.trim();
            return if token.is_empty() { Err(RemoteError::NoToken) } else { Ok(Some(Token(token.into()))) };
        }
        if let Some(token) = variable() {
            return Ok(Some(Token(token)));
        }
        Ok(Kept::open()?.token(server))
    }

    fn http(&self, server: &Url) -> Result<reqwest::Client, RemoteError> {
        // A token is sent nowhere but where it was meant for.
        let mut builder = reqwest::Client::builder()
            .redirect(Policy::none())
            .connect_timeout(CONNECT_WITHIN)
            .read_timeout(SILENT_FOR)
            .user_agent(concat!("holdfast/", env!("CARGO_PKG_VERSION")));
        if is_here(server) {
            builder = builder.no_proxy();
        }
        if let Some(path) = &self.ca_file {
            let pem = fs::read(path).map_err(|source| RemoteError::file(path, source))?;
            let known = Certificate::from_pem_bundle(&pem).unwrap_or_default();
            if known.is_empty() {
                return Err(RemoteError::NoCertificate(path.display().to_string()));
            }
            builder = known.into_iter().fold(builder, reqwest::ClientBuilder::add_root_certificate);
        }
        builder.build().map_err(RemoteError::Client)
    }
}

fn variable() -> Option<String> {
    std::env::var("HOLDFAST_TOKEN")
        .ok()
        .map(|token| token.trim().to_owned())
        .filter(|token| !token.is_empty())
}

/// Whether what is sent there stays on this machine.
fn is_here(url: &Url) -> bool {
    match url.host_str() {
        Some("localhost") => true,
        Some(host) => {
            let host = host.trim_start_matches('[').trim_end_matches(']');
            host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(server: &str, allow_plain_http: bool) -> Result<String, RemoteError> {
        let connection =
            Connection { server: Some(server.to_owned()), allow_plain_http, ..Connection::default() };
        connection.address().map(|url| url.to_string())
    }

    #[test]
    fn plain_http_goes_no_further_than_this_machine_unless_told_so() {
        for here in
            ["http://localhost:3000", "http://127.0.0.1:3000", "http://[::1]:3000", "https://b.example.com"]
        {
            assert!(address(here, false).is_ok(), "{here}");
        }
        for away in
            ["http://b.example.com", "http://10.0.0.1", "http://localhost.example.com", "http://[::2]"]
        {
            assert!(matches!(address(away, false), Err(RemoteError::PlainHttp(_))), "{away}");
            assert!(address(away, true).is_ok(), "{away}");
        }
    }

    #[test]
    fn an_address_is_a_scheme_a_host_and_a_port() {
        for none in [
            "",
            "b.example.com",
            "ftp://b.example.com",
            "https://b.example.com/x",
            "https://b.example.com?x",
            "https://me:secret@b.example.com",
            "https://b.example.com/#x",
        ] {
            assert!(matches!(address(none, true), Err(RemoteError::Address(_))), "{none}");
        }
    }

    #[test]
    fn what_is_said_before_the_command_goes_first() {
        let of = |server: &str| Connection { server: Some(server.to_owned()), ..Connection::default() };
        assert_eq!(of("https://a").or(of("https://b")).server.as_deref(), Some("https://a"));
        assert_eq!(Connection::default().or(of("https://b")).server.as_deref(), Some("https://b"));
    }
}
