//! The providers that the configuration names.

use std::{fmt, sync::Arc};

use super::{
    connection::Connection,
    file::{self, Provider, ProviderSources, ProvidersError, Scim},
    http,
};

/// The identity providers of the configuration. Cheap to clone; none by default.
#[derive(Clone, Default)]
pub struct Providers(pub(super) Arc<[Connection]>);

impl fmt::Debug for Providers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|connection| &connection.provider)).finish()
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
        let providers = file::parse(text, sources)?;
        let connection = |(provider, client)| Connection::new(provider, client, http.clone());
        Ok(Self(providers.into_iter().map(connection).collect()))
    }

    pub(super) fn get(&self, name: &str) -> Option<&Connection> {
        self.0.iter().find(|connection| connection.provider.name == name)
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
        self.0.iter().map(|connection| &connection.provider)
    }
}
