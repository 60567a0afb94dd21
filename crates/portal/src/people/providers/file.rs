//! The file of identity providers: read at start, and wrong as a whole where anything in it is.

use std::{fmt, io, time::Duration};

use model::{
    Role, TargetId,
    access::{Grant, Scope},
    team::{GivenGrant, GrantSource},
};
use openidconnect::{ClientId, ClientSecret, IssuerUrl};
use serde::Deserialize;

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
    #[error("provider “{0}”: name the client secret by either client_secret_file or client_secret_env")]
    SecretSource(String),
    #[error("provider “{name}”: the client secret cannot be read from {from}: {why}")]
    Secret { name: String, from: String, why: String },
    #[error("provider “{0}”: the scopes must have openid among them")]
    Scopes(String),
    #[error("provider “{0}”: session_minutes must be 5 to 720")]
    SessionMinutes(String),
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
    pub(super) name: String,
    /// As people read it.
    pub(super) title: String,
    pub(super) issuer: IssuerUrl,
    pub(super) client_id: ClientId,
    pub(super) client_secret: ClientSecret,
    /// Asked for; `openid` is among them.
    pub(super) scopes: Vec<String>,
    /// The claim that holds the groups; dots lead into it where no claim has the whole name.
    pub(super) groups_claim: Option<String>,
    /// Whether people are made at their first sign-in; by invitation only otherwise.
    pub(super) makes_people: bool,
    /// Whether the provider must say that it has verified the e-mail address.
    pub(super) verified_email: bool,
    pub(super) session: Duration,
    mapping: Vec<(String, Grant)>,
}

impl fmt::Debug for Provider {
    /// Without its secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Provider");
        shown.field("name", &self.name).field("issuer", &self.issuer.as_str()).finish_non_exhaustive()
    }
}

impl Provider {
    /// What groups stand for, each once.
    pub(super) fn mapped(&self, groups: &[String]) -> Vec<GivenGrant> {
        let rows = self.mapping.iter().filter(|(group, _)| groups.contains(group));
        rows.map(|(group, grant)| {
            let source = GrantSource::Mapping { provider: self.name.clone(), group: group.clone() };
            GivenGrant { grant: grant.clone(), source }
        })
        .collect()
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
    client_id: String,
    client_secret_file: Option<String>,
    client_secret_env: Option<String>,
    #[serde(default = "scopes")]
    scopes: Vec<String>,
    groups_claim: Option<String>,
    #[serde(default)]
    people: People,
    #[serde(default = "yes")]
    require_verified_email: bool,
    #[serde(default = "session_minutes")]
    session_minutes: u16,
    #[serde(default)]
    mapping: Vec<MappingRow>,
}

/// Who gets in.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum People {
    /// Who was invited, and chose this provider.
    #[default]
    Invitation,
    /// Whoever the provider lets in.
    FirstSignIn,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MappingRow {
    group: String,
    role: String,
    /// OUs and accounts, with what is below them; everything without it.
    places: Option<Vec<String>>,
}

fn scopes() -> Vec<String> {
    ["openid", "profile", "email"].map(str::to_owned).to_vec()
}

const fn yes() -> bool {
    true
}

const fn session_minutes() -> u16 {
    SESSION_MINUTES
}

/// The providers of a file's text.
pub(super) fn parse(text: &str, sources: &impl ProviderSources) -> Result<Vec<Provider>, ProvidersError> {
    // The message of the library quotes the line: secrets do not stand in this file.
    let file: FileRow = toml::from_str(text).map_err(|error| ProvidersError::Toml(error.to_string()))?;
    let mut providers: Vec<Provider> = Vec::new();
    for row in file.provider {
        let provider = provider(row, sources)?;
        if providers.iter().any(|other| other.name == provider.name) {
            return Err(ProvidersError::SameName(provider.name));
        }
        if providers.iter().any(|other| other.issuer == provider.issuer) {
            return Err(ProvidersError::SameIssuer(provider.issuer.to_string()));
        }
        providers.push(provider);
    }
    Ok(providers)
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
    if !row.scopes.iter().any(|scope| scope == "openid") {
        return Err(ProvidersError::Scopes(name));
    }
    if !(5..=LONGEST_SESSION_MINUTES).contains(&row.session_minutes) {
        return Err(ProvidersError::SessionMinutes(name));
    }
    Ok(Provider {
        title,
        issuer: issuer(&name, &row.issuer)?,
        client_secret: secret(&row, sources)?,
        mapping: row.mapping.into_iter().map(|row| mapping(&name, row)).collect::<Result<_, _>>()?,
        client_id: ClientId::new(row.client_id),
        scopes: row.scopes,
        groups_claim: row.groups_claim,
        makes_people: matches!(row.people, People::FirstSignIn),
        verified_email: row.require_verified_email,
        session: Duration::from_secs(u64::from(row.session_minutes) * 60),
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

fn secret(row: &ProviderRow, sources: &impl ProviderSources) -> Result<ClientSecret, ProvidersError> {
    let unreadable = |from: &str, why: String| ProvidersError::Secret {
        name: row.name.clone(),
        from: from.to_owned(),
        why,
    };
    let (from, text) = match (&row.client_secret_file, &row.client_secret_env) {
        (Some(path), None) => {
            (path, sources.file(path).map_err(|error| unreadable(path, error.to_string()))?)
        }
        (None, Some(variable)) => {
            let text = sources.variable(variable);
            (variable, text.ok_or_else(|| unreadable(variable, "it is not set".into()))?)
        }
        _ => return Err(ProvidersError::SecretSource(row.name.clone())),
    };
    match text.trim() {
        "" => Err(unreadable(from, "it is empty".into())),
        text => Ok(ClientSecret::new(text.to_owned())),
    }
}

fn mapping(name: &str, row: MappingRow) -> Result<(String, Grant), ProvidersError> {
    let MappingRow { group, role, places } = row;
    let wrong = |what: String| ProvidersError::Mapping { name: name.to_owned(), group: group.clone(), what };
    if group.is_empty() {
        return Err(wrong("a role, and has no name: write the group's".into()));
    }
    let roles = || Role::ALL.map(Role::as_str).join(", ");
    let role: Role =
        role.parse().map_err(|_| wrong(format!("“{role}”, which is no role: use one of {}", roles())))?;
    let scope = match places {
        None => Scope::All,
        Some(places) if places.is_empty() => {
            return Err(wrong("no places: name some, or leave `places` out for everything".into()));
        }
        Some(places) => {
            let id = |place: String| {
                let id = place.parse::<TargetId>();
                id.map_err(|_| wrong(format!("“{place}”, which is no id of a root, OU or account")))
            };
            Scope::Below(places.into_iter().map(id).collect::<Result<_, _>>()?)
        }
    };
    Ok((group, Grant { role, scope }))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Sources;

    impl ProviderSources for Sources {
        fn file(&self, path: &str) -> io::Result<String> {
            if path == "/run/secret" {
                Ok(" s3cret-value\n".into())
            } else {
                Err(io::ErrorKind::NotFound.into())
            }
        }

        fn variable(&self, name: &str) -> Option<String> {
            (name == "CORP_SECRET").then(|| "from the environment".into())
        }
    }

    const WHOLE: &str = r#"
        [[provider]]
        name = "corp"
        title = "Corp"
        issuer = "https://id.example.com/realm"
        client_id = "holdfast"
        client_secret_file = "/run/secret"
        scopes = ["openid", "email", "groups"]
        groups_claim = "groups"
        people = "first-sign-in"
        session_minutes = 30

        [[provider.mapping]]
        group = "backup-admins"
        role = "administrator"

        [[provider.mapping]]
        group = "sales-backup"
        role = "viewer"
        places = ["ou-root-sales123", "111122223333"]

        [[provider]]
        name = "second"
        title = "Second"
        issuer = "https://second.example.com"
        client_id = "holdfast"
        client_secret_env = "CORP_SECRET"
    "#;

    #[test]
    fn a_whole_file_is_read_with_its_defaults() {
        let [corp, second] = parse(WHOLE, &Sources).unwrap().try_into().unwrap();
        assert_eq!(corp.client_secret.secret(), "s3cret-value");
        assert!(corp.makes_people && corp.verified_email);
        assert_eq!((corp.session.as_secs(), second.session.as_secs()), (1_800, 3_600));
        let groups = ["sales-backup".to_owned(), "other".to_owned()];
        let mapped = corp.mapped(&groups);
        assert_eq!(mapped.len(), 1);
        assert_eq!(mapped[0].grant.words(), "viewer of ou-root-sales123, 111122223333");
        assert_eq!(mapped[0].source.words(), "group sales-backup at corp");
        assert_eq!(second.client_secret.secret(), "from the environment");
        assert!(!second.makes_people, "by invitation only where nothing is said");
        assert!(second.mapped(&groups).is_empty());
        assert!(parse("", &Sources).unwrap().is_empty());
    }

    #[test]
    fn a_secret_does_not_show_in_debug() {
        let shown = format!("{:?}", parse(WHOLE, &Sources).unwrap());
        assert!(
            shown.contains("corp") && !shown.contains("s3cret") && !shown.contains("environment"),
            "{shown}"
        );
    }

    #[test]
    fn what_is_wrong_in_the_file_is_told_with_the_provider_and_what_to_write() {
        for (was, wrong, told) in [
            ("name = \"corp\"", "name = \"Corp/x\"", "“Corp/x”"),
            ("name = \"second\"", "name = \"corp\"", "two providers are named “corp”"),
            ("https://second.example.com", "https://id.example.com/realm", "two providers have the issuer"),
            ("https://second.example.com", "http://second.example.com", "is no issuer"),
            ("https://second.example.com", "https://a:b@second.example.com", "is no issuer"),
            ("title = \"Corp\"", "title = \"  \"", "the title"),
            ("/run/secret", "/run/none", "cannot be read from /run/none"),
            ("CORP_SECRET", "NO_SUCH", "cannot be read from NO_SUCH: it is not set"),
            ("client_secret_env = \"CORP_SECRET\"", "", "either client_secret_file or client_secret_env"),
            ("\"openid\", ", "", "openid among them"),
            ("session_minutes = 30", "session_minutes = 721", "5 to 720"),
            ("role = \"viewer\"", "role = \"boss\"", "“boss”, which is no role: use one of viewer"),
            ("\"111122223333\"", "\"everything\"", "“everything”, which is no id"),
            ("places = [\"ou-root-sales123\", \"111122223333\"]", "places = []", "no places"),
            ("people = \"first-sign-in\"", "people = \"all\"", "unknown variant"),
            ("groups_claim", "group_claim", "unknown field `group_claim`"),
        ] {
            assert!(WHOLE.contains(was), "{was}");
            let error = parse(&WHOLE.replace(was, wrong), &Sources).unwrap_err().to_string();
            assert!(error.contains(told), "{wrong}: {error}");
        }
    }
}
