//! The file of identity providers: read at start, and wrong as a whole where anything in it is.

mod assertion;
mod client;
mod mapping;
mod problem;
mod refresh;
mod row;
mod scim;
mod sources;

use std::{fmt, time::Duration};

use model::{
    access::Grant,
    session::ProviderLink,
    team::{GivenGrant, GrantSource},
};
use openidconnect::IssuerUrl;
use store::{Actor, MapGroups, ProvisioningDirectory};

pub(super) use assertion::{Assertion, KEY_ID, KeySource, key_set, pem};
pub(super) use client::Client;
pub(super) use refresh::Refresh;

use super::refusal::ProviderRefusal;
pub use problem::ProvidersError;
pub(super) use row::People;
use row::{FileRow, Kind, ProviderRow};
pub(in crate::people) use scim::Scim;
pub use sources::ProviderSources;
pub(super) use sources::is_private;

/// The longest, in minutes: no session lasts longer.
const LONGEST_SESSION_MINUTES: u16 = 720;
const LONGEST_NAME: usize = 32;
const LONGEST_TITLE: usize = 60;

/// One provider of the configuration.
pub struct Provider {
    /// As addresses and grants name it.
    pub(in crate::people) name: String,
    /// As people read it.
    pub(in crate::people) title: String,
    pub(in crate::people) issuer: IssuerUrl,
    /// The claim that holds the groups; dots lead into it where no claim has the whole name.
    pub(super) groups_claim: Option<String>,
    pub(super) people: People,
    /// Whether the provider must say that it has verified the e-mail address.
    pub(super) verified_email: bool,
    pub(super) session: Duration,
    /// What its directory tells of.
    pub(in crate::people) scim: Option<Scim>,
    mapping: Vec<(String, Grant)>,
}

impl fmt::Debug for Provider {
    /// Without secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Provider");
        shown.field("name", &self.name).field("issuer", &self.issuer.as_str()).finish_non_exhaustive()
    }
}

impl Provider {
    /// As pages name it.
    pub(super) fn link(&self) -> ProviderLink {
        ProviderLink { name: self.name.clone(), title: self.title.clone() }
    }

    /// Says in the log why what it says is not believed.
    pub(super) fn not_believed(&self, why: &str) -> ProviderRefusal {
        tracing::warn!(provider = self.name, why, "what the identity provider says is not believed");
        ProviderRefusal::Answer
    }

    /// What groups stand for, each once.
    pub(in crate::people) fn mapped(&self, groups: &[String]) -> Vec<GivenGrant> {
        let rows = self.mapping.iter().filter(|(group, _)| groups.contains(group));
        rows.map(|(group, grant)| {
            let source = GrantSource::Mapping { provider: self.name.clone(), group: group.clone() };
            GivenGrant { grant: grant.clone(), source }
        })
        .collect()
    }

    /// Its directory, as the store writes down what it tells; `map` is [`Self::mapped`].
    pub(in crate::people) fn directory<'a>(
        &'a self,
        actor: Actor,
        map: MapGroups<'a>,
    ) -> Option<ProvisioningDirectory<'a>> {
        let scim = self.scim.as_ref()?;
        Some(ProvisioningDirectory {
            issuer: self.issuer.as_str(),
            provider: &self.name,
            actor,
            person_key: scim.person_key,
            key_is_subject: scim.claim == "sub",
            group_key: scim.group_key.unwrap_or(store::ProvisionedKey::Name),
            map: scim.group_key.map(|_| map),
        })
    }
}

/// What its people come by.
#[derive(Debug)]
pub(super) enum Way {
    Openid(Client),
    Proxy(Box<Assertion>),
}

/// The providers of a file's text, and what Holdfast is to them.
pub(super) fn parse(
    text: &str,
    sources: &impl ProviderSources,
) -> Result<Vec<(Provider, Way)>, ProvidersError> {
    // The message of the library quotes the line: secrets do not stand in this file.
    let file: FileRow = toml::from_str(text).map_err(|error| ProvidersError::Toml(error.to_string()))?;
    let mut providers: Vec<(Provider, Way)> = Vec::new();
    for row in file.provider {
        let way = way(&row, sources)?;
        let provider = provider(row, sources)?;
        if providers.iter().any(|(other, _)| other.name == provider.name) {
            return Err(ProvidersError::SameName(provider.name));
        }
        if providers.iter().any(|(other, _)| other.issuer == provider.issuer) {
            return Err(ProvidersError::SameIssuer(provider.issuer.to_string()));
        }
        let tokens =
            |provider: &Provider| provider.scim.iter().flat_map(Scim::tokens).copied().collect::<Vec<_>>();
        let own = tokens(&provider);
        if providers.iter().any(|(other, _)| tokens(other).iter().any(|token| own.contains(token))) {
            return Err(ProvidersError::SameToken(provider.name));
        }
        providers.push((provider, way));
    }
    Ok(providers)
}

fn way(row: &ProviderRow, sources: &impl ProviderSources) -> Result<Way, ProvidersError> {
    if let Some(field) = row.stranger() {
        let why = "does not belong to a provider of this kind".to_owned();
        return Err(ProvidersError::Field { name: row.name.clone(), field, why });
    }
    match row.kind {
        Kind::Openid => client::client(row, sources).map(Way::Openid),
        Kind::Proxy => assertion::assertion(row, sources).map(|assertion| Way::Proxy(Box::new(assertion))),
    }
}

fn provider(row: ProviderRow, sources: &impl ProviderSources) -> Result<Provider, ProvidersError> {
    let name = row.name.clone();
    let in_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(in_name) {
        return Err(ProvidersError::Name(name));
    }
    let title = row.title.trim().to_owned();
    if title.is_empty() || title.chars().count() > LONGEST_TITLE || title.chars().any(char::is_control) {
        return Err(ProvidersError::Title(name));
    }
    if !(5..=LONGEST_SESSION_MINUTES).contains(&row.session_minutes) {
        return Err(ProvidersError::SessionMinutes(name));
    }
    let scim = row.scim.map(|row| scim::scim(&name, row, sources)).transpose()?;
    match (row.people, &scim) {
        (People::FirstSignIn, Some(_)) => return Err(ProvidersError::ScimPeople(name)),
        (People::Directory, None) => return Err(ProvidersError::NoScim(name)),
        _ => (),
    }
    Ok(Provider {
        title,
        issuer: issuer(&name, &row.issuer)?,
        mapping: row.mapping.into_iter().map(|row| mapping::mapping(&name, row)).collect::<Result<_, _>>()?,
        groups_claim: row.groups_claim,
        people: row.people,
        verified_email: row.require_verified_email,
        session: Duration::from_secs(u64::from(row.session_minutes) * 60),
        scim,
        name,
    })
}

fn issuer(name: &str, text: &str) -> Result<IssuerUrl, ProvidersError> {
    let wrong = || ProvidersError::Issuer { name: name.to_owned(), issuer: text.to_owned() };
    let issuer = IssuerUrl::new(text.to_owned()).map_err(|_| wrong())?;
    let url = issuer.url();
    let right = is_private(url) && url.query().is_none() && url.fragment().is_none();
    let right = right && url.username().is_empty() && url.password().is_none();
    if right { Ok(issuer) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests;
