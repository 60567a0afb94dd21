//! Identity providers (OpenID Connect): who signs in there, and what their groups stand for.

mod asserted;
mod configured;
mod connection;
mod directory;
mod enter;
mod exchange;
mod file;
mod http;
mod jws;
mod logout;
mod proxy;
mod refusal;
mod token;
mod trial;

use model::session::ProviderLink;
use store::{Actor, SignInProvider};

use crate::{Portal, PortalError};

pub use asserted::AssertedPerson;
pub use configured::Providers;
pub use enter::{PendingSignIn, ProviderEntry, SignInPurpose};
pub use exchange::ProviderAnswer;
pub(super) use file::Provider;
pub use file::{ProviderSources, ProvidersError};
pub use refusal::ProviderRefusal;
pub use trial::{MappingTrial, TrialError};

impl Portal {
    /// The identity providers that people can sign in at, in the order of the configuration. Anybody may know them.
    #[must_use]
    pub fn provider_links(&self) -> Vec<ProviderLink> {
        self.0.providers.all().map(Provider::link).collect()
    }

    /// One of them.
    #[must_use]
    pub fn provider_link(&self, name: &str) -> Option<ProviderLink> {
        self.0.providers.provider(name).map(Provider::link)
    }

    /// Writes down which providers there are. What came of one that is there no more ends.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn note_providers(&self) -> Result<(), PortalError> {
        let all = || self.0.providers.all();
        let providers = all().map(|provider| SignInProvider {
            issuer: provider.issuer.as_str().to_owned(),
            name: provider.name.clone(),
            title: provider.title.clone(),
            directory: provider.scim.is_some(),
        });
        self.store().put_sign_in_providers(&providers.collect::<Vec<_>>()).await?;
        for provider in all() {
            let map = |groups: &[String]| provider.mapped(groups);
            let actor = Actor { person: format!("{} (directory)", provider.title), ..Actor::default() };
            if let Some(directory) = provider.directory(actor, &map) {
                self.store().map_provisioned(&directory, self.now()).await?;
            }
        }
        Ok(())
    }
}
