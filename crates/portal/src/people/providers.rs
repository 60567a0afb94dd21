//! Identity providers (OpenID Connect): who signs in there, and what their groups stand for.

mod connection;
mod enter;
mod exchange;
mod file;
mod http;
mod logout;
mod refusal;
mod token;

use std::{fmt, sync::Arc};

use model::session::ProviderLink;
use store::SignInProvider;

use crate::{Portal, PortalError};
use connection::Connection;

pub use enter::{PendingSignIn, ProviderEntry, SignInPurpose};
pub use exchange::ProviderAnswer;
pub use file::{ProviderSources, ProvidersError};
pub use refusal::ProviderRefusal;

/// The identity providers of the configuration. Cheap to clone; none by default.
#[derive(Clone, Default)]
pub struct Providers(Arc<[Connection]>);

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
        Ok(Self(providers.into_iter().map(|provider| Connection::new(provider, http.clone())).collect()))
    }

    fn get(&self, name: &str) -> Option<&Connection> {
        self.0.iter().find(|connection| connection.provider.name == name)
    }
}

impl Portal {
    /// The identity providers that people can sign in at, in the order of the configuration. Anybody may know them.
    #[must_use]
    pub fn provider_links(&self) -> Vec<ProviderLink> {
        self.0.providers.0.iter().map(|connection| connection.link()).collect()
    }

    /// One of them.
    #[must_use]
    pub fn provider_link(&self, name: &str) -> Option<ProviderLink> {
        self.0.providers.get(name).map(Connection::link)
    }

    /// Writes down which providers there are. What came of one that is there no more ends.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn note_providers(&self) -> Result<(), PortalError> {
        let providers: Vec<SignInProvider> = self
            .0
            .providers
            .0
            .iter()
            .map(|connection| SignInProvider {
                issuer: connection.provider.issuer.as_str().to_owned(),
                name: connection.provider.name.clone(),
                title: connection.provider.title.clone(),
            })
            .collect();
        Ok(self.store().put_sign_in_providers(&providers).await?)
    }
}
