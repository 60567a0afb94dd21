//! How browsers reach the portal, and what follows from that for cookies and for the origins that may ask for changes.

use std::net::{IpAddr, SocketAddr};

use axum::http::{Uri, uri::Scheme};

use crate::tls::TlsOptions;

/// Where to listen, and under which address browsers find it.
#[derive(Clone, Debug, clap::Args)]
pub struct WebOptions {
    /// Address and port to listen on.
    #[arg(long, env = "HOLDFAST_LISTEN", default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,
    /// The address that people type into their browser, with https://; needed when it is not this machine itself.
    #[arg(long, env = "HOLDFAST_PUBLIC_URL")]
    pub public_url: Option<Uri>,
    /// Serve plain HTTP to other machines: passwords and sessions can then be read on the network.
    #[arg(long)]
    pub allow_plain_http: bool,
    /// How many proxies stand in front and add the caller's address to X-Forwarded-For.
    #[arg(long, env = "HOLDFAST_PROXIES", default_value_t = 0)]
    pub proxies: usize,
    #[command(flatten)]
    pub tls: TlsOptions,
}

/// A configuration that is not safe or makes no sense; `Display` says what to do.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// Other machines could reach it, unencrypted.
    #[error(
        "refusing to serve plain HTTP beyond this machine ({0}): name a certificate (HOLDFAST_TLS_CERT_FILE, HOLDFAST_TLS_KEY_FILE), \
         or put a TLS proxy in front and set HOLDFAST_PUBLIC_URL to its https:// address, or insist with --allow-plain-http"
    )]
    PlainHttp(String),
    /// Forms are only taken from our own pages, so we must know our own address.
    #[error(
        "listening on {0} needs --public-url (HOLDFAST_PUBLIC_URL): the address that people type into their browser"
    )]
    UnknownAddress(SocketAddr),
    /// Cookies that are `Secure` would not come back.
    #[error(
        "{0} is not how people reach this portal: it speaks HTTPS itself (HOLDFAST_TLS_CERT_FILE), so write https://"
    )]
    NotHttps(String),
    /// Not `http://host` or `https://host`.
    #[error("{0} is not an address of this portal: write https://host or https://host:port, without a path")]
    PublicUrl(Uri),
}

/// What the HTTP layers need to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Web {
    /// Where to send people; no trailing slash.
    pub url: String,
    /// Origins whose pages may ask for changes.
    pub origins: Vec<String>,
    /// Whether browsers come by HTTPS.
    pub secure: bool,
    /// Proxies in front that add to X-Forwarded-For.
    pub proxies: usize,
}

impl WebOptions {
    /// Checks the options against the address that was bound.
    ///
    /// # Errors
    /// Where the combination is not safe, or incomplete.
    pub fn web(&self, bound: SocketAddr) -> Result<Web, ConfigError> {
        let public = self.public_url.as_ref().map(origin).transpose()?;
        let public_is_secure = public.as_ref().map(|origin| origin.starts_with("https:"));
        let tls = self.tls.is_set();
        if let (true, Some(false), Some(public)) = (tls, public_is_secure, &public) {
            return Err(ConfigError::NotHttps(public.clone()));
        }
        let secure = public_is_secure.unwrap_or(tls);
        let here_only = bound.ip().is_loopback() && public.as_deref().is_none_or(is_loopback_origin);
        if !secure && !here_only && !self.allow_plain_http {
            return Err(ConfigError::PlainHttp(public.unwrap_or_else(|| bound.to_string())));
        }
        let origins = match public {
            Some(origin) => vec![origin],
            None if bound.ip().is_loopback() => loopback_origins(bound, tls),
            None => return Err(ConfigError::UnknownAddress(bound)),
        };
        let url = origins.first().cloned().unwrap_or_default();
        Ok(Web { url, origins, secure, proxies: self.proxies })
    }
}

impl Web {
    /// The name of the session cookie. The prefix makes browsers insist on `Secure`, on this host and on the whole path.
    #[must_use]
    pub const fn session_cookie(&self) -> &'static str {
        if self.secure { "__Host-holdfast" } else { "holdfast" }
    }

    /// The name of the cookie by which a browser is known after a sign-in.
    #[must_use]
    pub const fn browser_cookie(&self) -> &'static str {
        if self.secure { "__Host-holdfast-browser" } else { "holdfast-browser" }
    }

    /// The name of the cookie that keeps a refused form for one page view.
    #[must_use]
    pub const fn form_cookie(&self) -> &'static str {
        if self.secure { "__Host-holdfast-form" } else { "holdfast-form" }
    }
}

/// `scheme://host[:port]`, as browsers write it: lower case, without the scheme's own port.
fn origin(url: &Uri) -> Result<String, ConfigError> {
    let wrong = || ConfigError::PublicUrl(url.clone());
    let scheme = url.scheme().ok_or_else(wrong)?;
    let own_port = match scheme {
        s if *s == Scheme::HTTP => 80,
        s if *s == Scheme::HTTPS => 443,
        _ => return Err(wrong()),
    };
    let authority = url.authority().filter(|a| !a.as_str().contains('@')).ok_or_else(wrong)?;
    if url.path() != "/" || url.query().is_some() {
        return Err(wrong());
    }
    let host = authority.host().to_lowercase();
    let port = authority.port_u16().filter(|port| *port != own_port);
    Ok(port.map_or_else(|| format!("{scheme}://{host}"), |port| format!("{scheme}://{host}:{port}")))
}

fn is_loopback_origin(origin: &str) -> bool {
    let host = origin.parse::<Uri>().ok().and_then(|uri| uri.host().map(str::to_owned)).unwrap_or_default();
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

fn loopback_origins(bound: SocketAddr, tls: bool) -> Vec<String> {
    let (scheme, own_port) = if tls { ("https", 443) } else { ("http", 80) };
    let port = Some(bound.port()).filter(|port| *port != own_port);
    let port = port.map(|port| format!(":{port}")).unwrap_or_default();
    let ip = match bound.ip() {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => format!("[{ip}]"),
    };
    [ip.as_str(), "localhost", "127.0.0.1"].map(|host| format!("{scheme}://{host}{port}")).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn web(listen: &str, public_url: Option<&str>, allow_plain_http: bool) -> Result<Web, ConfigError> {
        let listen = listen.parse().unwrap();
        let public_url = public_url.map(|url| url.parse().unwrap());
        WebOptions { listen, public_url, allow_plain_http, proxies: 0, tls: TlsOptions::default() }
            .web(listen)
    }

    fn by_tls(listen: &str, public_url: Option<&str>) -> Result<Web, ConfigError> {
        let listen = listen.parse().unwrap();
        let file = || Some("x.pem".into());
        let tls = TlsOptions { tls_cert_file: file(), tls_key_file: file() };
        let public_url = public_url.map(|url| url.parse().unwrap());
        WebOptions { listen, public_url, allow_plain_http: false, proxies: 0, tls }.web(listen)
    }

    #[test]
    fn with_a_certificate_it_serves_other_machines_and_cookies_are_bound_to_the_host() {
        let web = by_tls("0.0.0.0:443", Some("https://backup.example.com")).unwrap();
        assert!(web.secure && web.session_cookie().starts_with("__Host-"));
        let local = by_tls("127.0.0.1:443", None).unwrap();
        assert_eq!((local.url.as_str(), local.secure), ("https://127.0.0.1", true));
        assert!(by_tls("[::1]:8443", None).unwrap().origins.contains(&"https://[::1]:8443".to_owned()));
        assert!(matches!(by_tls("0.0.0.0:443", None), Err(ConfigError::UnknownAddress(_))));
        assert!(matches!(
            by_tls("0.0.0.0:443", Some("http://backup.example.com")),
            Err(ConfigError::NotHttps(_))
        ));
    }

    #[test]
    fn on_loopback_plain_http_is_fine() {
        let web = web("127.0.0.1:3000", None, false).unwrap();
        assert_eq!(web.url, "http://127.0.0.1:3000");
        assert!(web.origins.contains(&"http://localhost:3000".to_owned()) && !web.secure);
        assert_eq!(web.session_cookie(), "holdfast");
    }

    #[test]
    fn beyond_loopback_plain_http_is_refused_unless_told() {
        assert!(matches!(web("0.0.0.0:3000", None, false), Err(ConfigError::PlainHttp(_))));
        assert!(matches!(
            web("127.0.0.1:80", Some("http://backup.example.com"), false),
            Err(ConfigError::PlainHttp(_))
        ));
        assert!(matches!(web("0.0.0.0:3000", None, true), Err(ConfigError::UnknownAddress(_))));
        assert_eq!(
            web("0.0.0.0:80", Some("http://Backup.example.com:80/"), true).unwrap().url,
            "http://backup.example.com"
        );
    }

    #[test]
    fn behind_a_tls_proxy_cookies_are_bound_to_the_host() {
        let web = web("0.0.0.0:3000", Some("https://backup.example.com:443"), false).unwrap();
        assert_eq!(web.origins, ["https://backup.example.com"]);
        assert_eq!(web.session_cookie(), "__Host-holdfast");
    }

    #[test]
    fn a_public_url_is_an_origin() {
        for bad in
            ["https://example.com/portal", "ftp://example.com", "https://user@example.com", "example.com"]
        {
            assert!(
                matches!(web("127.0.0.1:3000", Some(bad), false), Err(ConfigError::PublicUrl(_))),
                "{bad}"
            );
        }
    }
}
