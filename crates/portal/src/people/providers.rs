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
mod redeem;
mod refresh;
mod refusal;
mod token;
mod trial;

use model::{
    access::{Action, Resource},
    session::ProviderLink,
    team::MappingTrial,
};
use store::{Actor, SignInProvider};

use crate::{Caller, Portal, PortalError};

pub use asserted::AssertedPerson;
pub use configured::Providers;
pub use enter::{PendingSignIn, ProviderEntry, SignInPurpose};
pub use exchange::ProviderAnswer;
pub(super) use file::Provider;
pub use file::{ProviderSources, ProvidersError};
pub use refusal::ProviderRefusal;
pub use trial::TrialError;

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

    /// The providers whose mappings can be tried out.
    ///
    /// # Errors
    /// Where the caller may not see the team.
    pub async fn mappings(&self, caller: &Caller) -> Result<Vec<ProviderLink>, PortalError> {
        self.may(caller, Action::ReadTeam, &Resource::Organization).await?;
        Ok(self.provider_links())
    }

    /// What a token of a provider, or the JSON of its claims, would stand for. Nothing is changed, and the token is not kept.
    ///
    /// # Errors
    /// `Invalid` where there is no such provider, or the text is neither.
    pub async fn try_mapping(
        &self,
        caller: &Caller,
        provider: &str,
        text: &str,
    ) -> Result<MappingTrial, PortalError> {
        self.may(caller, Action::ReadTeam, &Resource::Organization).await?;
        let tried = self.0.providers.try_claims(provider, text, self.now()).await;
        let field =
            |error: &TrialError| if let TrialError::Unknown { .. } = error { "provider" } else { "token" };
        let mut trial = tried.map_err(|error| PortalError::field(field(&error), error.to_string()))?;
        trial.places = self.places_of(trial.grants.iter().map(|given| &given.grant.scope)).await?;
        Ok(trial)
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
