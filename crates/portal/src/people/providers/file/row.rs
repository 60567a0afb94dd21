//! A provider as the file has it.

use serde::Deserialize;

use super::{mapping, refresh, scim};

/// Minutes for which a session of a provider lasts: groups are read anew at the next sign-in.
const SESSION_MINUTES: u16 = 60;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileRow {
    #[serde(default)]
    pub provider: Vec<ProviderRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProviderRow {
    pub name: String,
    pub title: String,
    pub issuer: String,
    #[serde(default)]
    pub kind: Kind,
    pub client_id: Option<String>,
    pub client_secret_file: Option<String>,
    pub client_secret_env: Option<String>,
    pub scopes: Option<Vec<String>>,
    pub refresh: Option<refresh::RefreshRow>,
    pub header: Option<String>,
    pub audience: Option<String>,
    pub keys_url: Option<String>,
    pub keys_file: Option<String>,
    pub algorithms: Option<Vec<String>>,
    pub signer: Option<String>,
    pub sign_out_url: Option<String>,
    pub groups_claim: Option<String>,
    #[serde(default)]
    pub people: People,
    #[serde(default = "yes")]
    pub require_verified_email: bool,
    #[serde(default = "session_minutes")]
    pub session_minutes: u16,
    pub scim: Option<scim::ScimRow>,
    #[serde(default)]
    pub mapping: Vec<mapping::MappingRow>,
}

impl ProviderRow {
    /// The first field that does not belong to its kind.
    pub fn stranger(&self) -> Option<&'static str> {
        let of_client = [
            ("client_id", self.client_id.is_some()),
            ("client_secret_file", self.client_secret_file.is_some()),
            ("client_secret_env", self.client_secret_env.is_some()),
            ("scopes", self.scopes.is_some()),
            ("refresh", self.refresh.is_some()),
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
pub(super) enum Kind {
    /// They are sent there, and come back with a code (OpenID Connect).
    #[default]
    Openid,
    /// It stands in front, and says with each request who sends it.
    Proxy,
}

/// Who gets in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::people::providers) enum People {
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
