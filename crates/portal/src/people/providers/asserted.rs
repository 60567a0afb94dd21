//! Whoever comes by what a proxy in front says with each request.

use http::HeaderMap;
use store::{Identity, ProviderSession};

use super::{
    enter::{ProviderEntry, SignInPurpose},
    refusal::ProviderRefusal,
    token::Claims,
};
use crate::{Caller, Origin, Portal, people::Visitor};

/// Somebody of whom a proxy says that they send a request.
#[derive(Clone, Debug)]
pub struct AssertedPerson {
    provider: String,
    claims: Claims,
}

impl AssertedPerson {
    /// The name of the proxy.
    #[must_use]
    pub fn provider(&self) -> &str {
        &self.provider
    }

    /// Who they are there.
    #[must_use]
    pub const fn identity(&self) -> &Identity {
        &self.claims.identity
    }
}

impl Portal {
    /// Whether proxies in front say who sends requests.
    #[must_use]
    pub fn has_proxies(&self) -> bool {
        !self.0.providers.proxies.is_empty()
    }

    /// Whether people of a provider come by what a proxy says with each request.
    #[must_use]
    pub fn is_proxy(&self, name: &str) -> bool {
        self.0.providers.proxy(name).is_some()
    }

    /// Who sends a request, as the first proxy says that is believed.
    pub async fn asserted_person(&self, headers: &HeaderMap) -> Option<AssertedPerson> {
        let now = self.now();
        for proxy in self.0.providers.proxies.iter() {
            if let Some(claims) = proxy.says(headers, now).await {
                return Some(AssertedPerson { provider: proxy.provider.name.clone(), claims });
            }
        }
        None
    }

    /// Whether a session is of another person than the one who sends the request. Nobody known is nobody else.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn is_somebody_else(
        &self,
        asserted: &AssertedPerson,
        user: store::UserId,
    ) -> Result<bool, crate::PortalError> {
        let known = self.store().user_by_identity(asserted.identity()).await?;
        Ok(known.is_some_and(|known| known.id != user))
    }

    /// Lets somebody in by what a proxy says of them.
    ///
    /// # Errors
    /// The refusal, with nothing changed.
    pub async fn enter_by_assertion(
        &self,
        asserted: &AssertedPerson,
        purpose: &SignInPurpose,
        from: Visitor<'_>,
    ) -> Result<ProviderEntry, ProviderRefusal> {
        let proxy = self.0.providers.proxy(&asserted.provider).ok_or(ProviderRefusal::Unknown)?;
        let (now, claims) = (self.now(), &asserted.claims);
        let user = match self.enter(&proxy.provider, (purpose, now), claims, from).await {
            Ok(user) => user,
            Err(refusal) => {
                self.note_refusal(&proxy.provider, claims, &refusal, from).await?;
                return Err(refusal);
            }
        };
        let session = ProviderSession {
            provider: asserted.provider.clone(),
            issuer: claims.identity.issuer.clone(),
            subject: claims.identity.subject.clone(),
            sid: None,
            id_token: String::new(),
            ends_at: (now + proxy.provider.session).unix_timestamp(),
        };
        let confirmed_at = claims.auth_time.map(|at| at.min(now));
        let caller = Caller::new(&user, Origin::default(), confirmed_at, now);
        Ok(ProviderEntry { caller, session, refresh_token: None, confirmed_at })
    }
}
