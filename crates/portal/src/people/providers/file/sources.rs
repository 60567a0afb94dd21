//! Where what the file of providers names comes from.

use std::io;

use super::problem::ProvidersError;

/// Where secrets and the file itself come from: the outside world, which is passed in.
pub trait ProviderSources {
    /// The text of a file.
    ///
    /// # Errors
    /// Where it cannot be read.
    fn file(&self, path: &str) -> io::Result<String>;

    /// A variable of the environment.
    fn variable(&self, name: &str) -> Option<String>;
}

/// Whether nobody on the way can read or change what is asked there: HTTPS, or this machine itself.
pub(in crate::people::providers) fn is_private(url: &openidconnect::url::Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    let here = host == "localhost" || address.is_ok_and(|address| address.is_loopback());
    url.scheme() == "https" || (url.scheme() == "http" && here)
}

/// A secret that a file or a variable of the environment holds, of which one is named.
pub(super) fn secret(
    name: &str,
    field: &'static str,
    (file, variable): (Option<&String>, Option<&String>),
    sources: &impl ProviderSources,
) -> Result<String, ProvidersError> {
    let unreadable = |from: &str, why: String| ProvidersError::Secret {
        name: name.to_owned(),
        field,
        from: from.to_owned(),
        why,
    };
    let (from, text) = match (file, variable) {
        (Some(path), None) => {
            (path, sources.file(path).map_err(|error| unreadable(path, error.to_string()))?)
        }
        (None, Some(variable)) => {
            let text = sources.variable(variable);
            (variable, text.ok_or_else(|| unreadable(variable, "it is not set".into()))?)
        }
        _ => return Err(ProvidersError::SecretSource { name: name.to_owned(), field }),
    };
    match text.trim() {
        "" => Err(unreadable(from, "it is empty".into())),
        text => Ok(text.to_owned()),
    }
}
