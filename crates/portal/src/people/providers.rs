//! Identity providers (OpenID Connect): who signs in there, and what their groups stand for.

mod configured;
mod connection;
mod enter;
mod exchange;
mod file;
mod http;
mod logout;
mod refusal;
mod token;

use model::session::ProviderLink;
use store::SignInProvider;

use crate::{Portal, PortalError};
use connection::Connection;

pub use configured::Providers;
pub use enter::{PendingSignIn, ProviderEntry, SignInPurpose};
pub use exchange::ProviderAnswer;
pub use file::{ProviderSources, ProvidersError};
pub use refusal::ProviderRefusal;

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
