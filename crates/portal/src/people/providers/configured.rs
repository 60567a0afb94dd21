//! The providers that the configuration names.

use std::{fmt, sync::Arc};

use super::{
    connection::Connection,
    file::{self, Provider, ProviderSources, ProvidersError, Scim, Way},
    http,
    proxy::Proxy,
};

/// The identity providers of the configuration. Cheap to clone; none by default.
#[derive(Clone, Default)]
pub struct Providers {
    pub(super) connections: Arc<[Connection]>,
    pub(super) proxies: Arc<[Proxy]>,
}

impl fmt::Debug for Providers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.all()).finish()
    }
}

impl Providers {
    /// Reads the file of providers, and the secrets that it names. Asks no provider anything yet.
    ///
    /// # Errors
    /// Where anything in it is wrong.
    pub fn read(path: &str, sources: &impl ProviderSources) -> Result<Self, ProvidersError> {
        let unreadable = |source| ProvidersError::Read { path: path.to_owned(), source };
        Self::parse(&sources.file(path).map_err(unreadable)?, sources)
    }

    /// The same of the file's text.
    ///
    /// # Errors
    /// Where anything in it is wrong.
    pub fn parse(text: &str, sources: &impl ProviderSources) -> Result<Self, ProvidersError> {
        let http = http::client().map_err(|error| ProvidersError::Tls(error.to_string()))?;
        let (mut connections, mut proxies) = (Vec::new(), Vec::new());
        for (provider, way) in file::parse(text, sources)? {
            match way {
                Way::Openid(client) => connections.push(Connection::new(provider, client, http.clone())),
                Way::Proxy(assertion) => proxies.push(Proxy::new(provider, *assertion, http.clone())),
            }
        }
        Ok(Self { connections: connections.into(), proxies: proxies.into() })
    }

    pub(super) fn proxy(&self, name: &str) -> Option<&Proxy> {
        self.proxies.iter().find(|proxy| proxy.provider.name == name)
    }

    pub(super) fn get(&self, name: &str) -> Option<&Connection> {
        self.connections.iter().find(|connection| connection.provider.name == name)
    }

    /// The provider of OpenID Connect whose tokens name this issuer.
    pub(super) fn by_issuer(&self, issuer: &str) -> Option<&Connection> {
        self.connections.iter().find(|connection| connection.provider.issuer.as_str() == issuer)
    }

    /// The provider of this name, whatever its people come by.
    pub(in crate::people) fn provider(&self, name: &str) -> Option<&Provider> {
        self.all().find(|provider| provider.name == name)
    }

    /// The provider whose directory has this token; takes as long for each token that is none.
    pub(in crate::people) fn of_directory(&self, token: &str) -> Option<&Provider> {
        let takes =
            |provider: &&Provider| provider.scim.as_ref().is_some_and(|scim: &Scim| scim.takes(token));
        self.all().filter(takes).last()
    }

    /// All of them.
    pub(super) fn all(&self) -> impl Iterator<Item = &Provider> {
        let connections = self.connections.iter().map(|connection| &connection.provider);
        connections.chain(self.proxies.iter().map(|proxy| &proxy.provider))
    }
}
