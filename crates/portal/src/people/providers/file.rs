//! The file of identity providers: read at start, and wrong as a whole where anything in it is.

mod assertion;
mod client;
mod mapping;
mod scim;

use std::{fmt, io, time::Duration};

use model::{
    access::Grant,
    session::ProviderLink,
    team::{GivenGrant, GrantSource},
};
use openidconnect::IssuerUrl;
use serde::Deserialize;
use store::{Actor, MapGroups, ProvisioningDirectory};

pub(super) use assertion::{Assertion, KEY_ID, KeySource, key_set, pem};
pub(super) use client::Client;

use super::refusal::ProviderRefusal;
pub(in crate::people) use scim::Scim;

/// Minutes for which a session of a provider lasts: groups are read anew at the next sign-in.
const SESSION_MINUTES: u16 = 60;
/// The longest, in minutes: no session lasts longer.
const LONGEST_SESSION_MINUTES: u16 = 720;
const LONGEST_NAME: usize = 32;
const LONGEST_TITLE: usize = 60;

/// Why the file of providers cannot be used. `Display` names the provider and what to write instead.
#[derive(Debug, thiserror::Error)]
pub enum ProvidersError {
    #[error("{path} cannot be read: {source}")]
    Read { path: String, source: io::Error },
    #[error("the file of providers is not written as it must be: {0}")]
    Toml(String),
    #[error(
        "a provider is named “{0}”: use 1 to 32 small letters, digits and hyphens, for it stands in addresses"
    )]
    Name(String),
    #[error("two providers are named “{0}”: each needs a name of its own")]
    SameName(String),
    #[error(
        "two providers have the issuer {0}: people are known by issuer and subject, so each issuer stands once"
    )]
    SameIssuer(String),
    #[error("provider “{0}”: the title must have 1 to 60 characters, without line ends")]
    Title(String),
    #[error(
        "provider “{name}”: {issuer} is no issuer: write its https:// address as its tokens name it, without a query"
    )]
    Issuer { name: String, issuer: String },
    #[error("provider “{name}”: name the secret by either {field}_file or {field}_env")]
    SecretSource { name: String, field: &'static str },
    #[error("provider “{name}”: the secret {field} cannot be read from {from}: {why}")]
    Secret { name: String, field: &'static str, from: String, why: String },
    #[error(
        "provider “{0}”: a token of its directory is too easy to guess: use 32 characters or more of a random source, as `openssl rand -base64 32` makes them"
    )]
    WeakToken(String),
    #[error("two directories have the same token (provider “{0}”): each needs one of its own")]
    SameToken(String),
    #[error(
        "provider “{0}”: with scim, people must be \"directory\" or \"invitation\": whom the directory removed would come again at their next sign-in"
    )]
    ScimPeople(String),
    #[error("provider “{0}”: people = \"directory\" needs scim")]
    NoScim(String),
    #[error(
        "provider “{name}”: {claim} is no claim to know people by, for it can become somebody else's: use sub, or as Entra ID has it, oid"
    )]
    ScimClaim { name: String, claim: String },
    #[error("provider “{0}”: the scopes must have openid among them")]
    Scopes(String),
    #[error("provider “{0}”: session_minutes must be 5 to 720")]
    SessionMinutes(String),
    #[error("provider “{name}”: {field} {why}")]
    Field { name: String, field: &'static str, why: String },
    #[error("TLS for identity providers cannot be set up: {0}")]
    Tls(String),
    #[error("provider “{name}”: group “{group}” is mapped to {what}")]
    Mapping { name: String, group: String, what: String },
}

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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileRow {
    #[serde(default)]
    provider: Vec<ProviderRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProviderRow {
    name: String,
    title: String,
    issuer: String,
    #[serde(default)]
    kind: Kind,
    client_id: Option<String>,
    client_secret_file: Option<String>,
    client_secret_env: Option<String>,
    scopes: Option<Vec<String>>,
    header: Option<String>,
    audience: Option<String>,
    keys_url: Option<String>,
    keys_file: Option<String>,
    algorithms: Option<Vec<String>>,
    signer: Option<String>,
    sign_out_url: Option<String>,
    groups_claim: Option<String>,
    #[serde(default)]
    people: People,
    #[serde(default = "yes")]
    require_verified_email: bool,
    #[serde(default = "session_minutes")]
    session_minutes: u16,
    scim: Option<scim::ScimRow>,
    #[serde(default)]
    mapping: Vec<mapping::MappingRow>,
}

impl ProviderRow {
    /// The first field that does not belong to its kind.
    fn stranger(&self) -> Option<&'static str> {
        let of_client = [
            ("client_id", self.client_id.is_some()),
            ("client_secret_file", self.client_secret_file.is_some()),
            ("client_secret_env", self.client_secret_env.is_some()),
            ("scopes", self.scopes.is_some()),
        ];
        let of_proxy = [
            ("header", self.header.is_some()),
            ("audience", self.audience.is_some()),
            ("keys_url", self.keys_url.is_some()),
            ("keys_file", self.keys_file.is_some()),
            ("algorithms", self.algorithms.is_some()),
            ("signer", self.signer.is_some()),
            ("sign_out_url", self.sign_out_url.is_some()),
        ];
        let others: &[(&str, bool)] = if self.kind == Kind::Proxy { &of_client } else { &of_proxy };
        others.iter().find(|(_, there)| *there).map(|(field, _)| *field)
    }
}

/// How its people come.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    /// They are sent there, and come back with a code (OpenID Connect).
    #[default]
    Openid,
    /// It stands in front, and says with each request who sends it.
    Proxy,
}

/// What its people come by.
#[derive(Debug)]
pub(super) enum Way {
    Openid(Client),
    Proxy(Box<Assertion>),
}

/// Who gets in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum People {
    /// Who was invited, and chose this provider.
    #[default]
    Invitation,
    /// Whoever the provider lets in.
    FirstSignIn,
    /// Whom its directory tells of.
    Directory,
}

const fn yes() -> bool {
    true
}

const fn session_minutes() -> u16 {
    SESSION_MINUTES
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

/// Whether nobody on the way can read or change what is asked there: HTTPS, or this machine itself.
pub(super) fn is_private(url: &openidconnect::url::Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    let here = host == "localhost" || address.is_ok_and(|address| address.is_loopback());
    url.scheme() == "https" || (url.scheme() == "http" && here)
}

/// A secret that a file or a variable of the environment holds, of which one is named.
fn secret(
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

#[cfg(test)]
mod tests;
