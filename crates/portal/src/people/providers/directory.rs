//! People who come from a provider with a directory: whom it names, and what it says of their groups.

use store::{ProvisionedKey, ProvisionedSignIn, User};

use super::{
    file::{People, Provider},
    refusal::ProviderRefusal,
    token::Claims,
};
use crate::Portal;

impl Portal {
    /// Whom the provider's directory names by the claim of the configuration.
    pub(super) async fn known_to_directory(
        &self,
        provider: &Provider,
        claims: &Claims,
    ) -> Result<Option<ProvisionedSignIn>, ProviderRefusal> {
        let Some(scim) = &provider.scim else { return Ok(None) };
        let Some(value) = claims.text(&scim.claim) else { return Ok(None) };
        let keys = (scim.person_key, scim.group_key.unwrap_or(ProvisionedKey::Name));
        let issuer = provider.issuer.as_str();
        Ok(self.store().provisioned_sign_in(issuer, keys, value).await?)
    }

    /// The same as [`agrees`], and notes by which identity they came.
    pub(super) async fn check_directory(
        &self,
        provider: &Provider,
        claims: &Claims,
        known: Option<&ProvisionedSignIn>,
        user: &User,
    ) -> Result<(), ProviderRefusal> {
        let Some(scim) = &provider.scim else { return Ok(()) };
        agrees(provider, known, user)?;
        let Some(value) = claims.text(&scim.claim) else { return Ok(()) };
        let store = self.store();
        let noted = store.note_directory_identity(user.id, &claims.identity, value, self.now()).await?;
        if noted { Ok(()) } else { Err(ProviderRefusal::IdentityTaken) }
    }
}

/// Refuses who is not whom the directory names, or who is in no directory where only its people come in.
pub(super) fn agrees(
    provider: &Provider,
    known: Option<&ProvisionedSignIn>,
    user: &User,
) -> Result<(), ProviderRefusal> {
    match known {
        Some(known) if known.user != Some(user.id) => Err(ProviderRefusal::IdentityTaken),
        None if provider.people == People::Directory => Err(ProviderRefusal::NotInvited),
        _ => Ok(()),
    }
}

/// The groups of somebody: of whom the directory knows, those that it tells, where it tells any; of others, the claim's.
pub(super) fn groups_of(
    provider: &Provider,
    claims: &Claims,
    known: Option<&ProvisionedSignIn>,
) -> Result<Vec<String>, ProviderRefusal> {
    let told = provider.scim.as_ref().is_some_and(|scim| scim.group_key.is_some());
    match (known.filter(|_| told), &provider.groups_claim) {
        (Some(known), _) => Ok(known.groups.clone()),
        (None, Some(claim)) => claims.groups(claim).map_err(|why| {
            provider.not_believed(&why);
            ProviderRefusal::GroupsNotTold
        }),
        (None, None) => Ok(Vec::new()),
    }
}
