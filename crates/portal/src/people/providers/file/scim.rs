//! The directory of a provider.

use serde::Deserialize;
use sha2::{Digest, Sha256};
use store::ProvisionedKey;
use subtle::{Choice, ConstantTimeEq};

use super::{
    problem::ProvidersError,
    sources::{ProviderSources, secret},
};

/// Of 64 characters each or more, as random sources write them, that is 128 bits and more.
const SHORTEST: usize = 32;
/// Of one repeated character, any number is easy to guess.
const FEWEST_CHARACTERS: usize = 10;
/// Claims of people that can change, or that people choose: nobody is known by them.
const CHANGEABLE: [&str; 6] = ["email", "preferred_username", "upn", "unique_name", "name", "nickname"];

/// What a provider's directory tells of, and with which tokens.
pub(in crate::people) struct Scim {
    /// SHA-256 of each.
    tokens: Vec<[u8; 32]>,
    /// The claim of the provider's tokens that has the value of `person_key`.
    pub claim: String,
    pub person_key: ProvisionedKey,
    /// The attribute of groups that mappings name; `None` where groups come from the claim.
    pub group_key: Option<ProvisionedKey>,
}

impl Scim {
    pub(super) fn tokens(&self) -> &[[u8; 32]] {
        &self.tokens
    }

    /// Whether a token is one of its own; takes as long for each.
    pub fn takes(&self, token: &str) -> bool {
        let hash = Sha256::digest(token);
        let none = Choice::from(0);
        self.tokens.iter().fold(none, |found, own| found | own.ct_eq(hash.as_slice())).into()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScimRow {
    token_file: Option<String>,
    token_env: Option<String>,
    /// Beside the other, while it is exchanged.
    next_token_file: Option<String>,
    next_token_env: Option<String>,
    #[serde(default = "subject")]
    claim: String,
    #[serde(default)]
    person: PersonKey,
    #[serde(default)]
    groups: Groups,
}

#[derive(Clone, Copy, Default, Deserialize)]
enum PersonKey {
    #[default]
    #[serde(rename = "externalId")]
    ExternalId,
    #[serde(rename = "userName")]
    UserName,
}

/// Where groups come from, and by which attribute mappings know them.
#[derive(Clone, Copy, Default, Deserialize)]
enum Groups {
    #[default]
    #[serde(rename = "displayName")]
    DisplayName,
    #[serde(rename = "externalId")]
    ExternalId,
    #[serde(rename = "claim")]
    Claim,
}

fn subject() -> String {
    "sub".to_owned()
}

pub(super) fn scim(name: &str, row: ScimRow, sources: &impl ProviderSources) -> Result<Scim, ProvidersError> {
    if CHANGEABLE.contains(&row.claim.as_str()) {
        return Err(ProvidersError::ScimClaim { name: name.to_owned(), claim: row.claim });
    }
    let from = (row.token_file.as_ref(), row.token_env.as_ref());
    let mut tokens = vec![token(name, "token", from, sources)?];
    let next = (row.next_token_file.as_ref(), row.next_token_env.as_ref());
    if next != (None, None) {
        tokens.push(token(name, "next_token", next, sources)?);
    }
    Ok(Scim {
        tokens,
        claim: row.claim,
        person_key: match row.person {
            PersonKey::ExternalId => ProvisionedKey::ExternalId,
            PersonKey::UserName => ProvisionedKey::Name,
        },
        group_key: match row.groups {
            Groups::DisplayName => Some(ProvisionedKey::Name),
            Groups::ExternalId => Some(ProvisionedKey::ExternalId),
            Groups::Claim => None,
        },
    })
}

fn token(
    name: &str,
    field: &'static str,
    from: (Option<&String>, Option<&String>),
    sources: &impl ProviderSources,
) -> Result<[u8; 32], ProvidersError> {
    let token = secret(name, field, from, sources)?;
    let mut characters: Vec<char> = token.chars().collect();
    let long = characters.len() >= SHORTEST && token.chars().all(|c| c.is_ascii_graphic());
    characters.sort_unstable();
    characters.dedup();
    if long && characters.len() >= FEWEST_CHARACTERS {
        Ok(Sha256::digest(token).into())
    } else {
        Err(ProvidersError::WeakToken(name.to_owned()))
    }
}
