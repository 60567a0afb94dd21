//! Trying out what a provider's token would stand for. Nothing is checked or changed.

use model::team::GivenGrant;
use serde_json::{Map, Value};
use store::Identity;

use super::{
    configured::Providers,
    file::{People, Provider},
    jws::Jws,
    token::Claims,
};

/// What the claims of somebody would stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappingTrial {
    /// Who they would be: issuer and subject.
    pub identity: (String, String),
    /// Why that is nobody here, as far as the claims alone tell.
    pub problems: Vec<String>,
    /// As the directory would name them, by which claim.
    pub directory: Option<(String, String)>,
    /// From the claim; `None` where groups come from the directory alone, or no claim is read.
    pub groups: Option<Vec<String>>,
    /// What they stand for, each with its row.
    pub grants: Vec<GivenGrant>,
    /// Groups that no row names.
    pub unmapped: Vec<String>,
}

/// Why nothing can be tried out.
#[derive(Debug, thiserror::Error)]
pub enum TrialError {
    #[error("the file has no provider “{name}”; it has {known}")]
    Unknown { name: String, known: String },
    #[error("this is neither a token (JWT) nor a JSON object of claims")]
    Unreadable,
}

impl Providers {
    /// What a token, or the JSON of its claims, would stand for. Signature, times and nonce are not looked at.
    ///
    /// # Errors
    /// Where there is no such provider, or the text is neither.
    pub fn try_claims(&self, name: &str, text: &str) -> Result<MappingTrial, TrialError> {
        let provider = self.provider(name).ok_or_else(|| TrialError::Unknown {
            name: name.to_owned(),
            known: self.all().map(|provider| provider.name.as_str()).collect::<Vec<_>>().join(", "),
        })?;
        let text = text.trim();
        let said: Option<Map<String, Value>> = match text.starts_with('{') {
            true => serde_json::from_str(text).ok(),
            false => Jws::read(text, true).ok().and_then(|token| token.unproved()),
        };
        Ok(trial(provider, said.ok_or(TrialError::Unreadable)?))
    }
}

fn trial(provider: &Provider, said: Map<String, Value>) -> MappingTrial {
    let mut problems = Vec::new();
    let text = |name: &str| said.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (issuer, subject) = (text("iss"), text("sub"));
    if issuer != provider.issuer.as_str() && said.contains_key("iss") {
        problems.push(format!("The issuer is {issuer}, and the file has {}.", provider.issuer.as_str()));
    }
    if subject.is_empty() {
        problems.push("There is no sub: they are nobody.".into());
    }
    let identity = (provider.issuer.as_str().to_owned(), subject);
    let (issuer, subject) = identity.clone();
    let claims = Claims::of_assertion(Identity { issuer, subject }, None, said);
    if provider.people == People::FirstSignIn {
        match claims.text("email") {
            None => problems.push("There is no email: at a first sign-in they are refused.".into()),
            Some(_) if provider.verified_email && !claims.is_true("email_verified") => {
                problems.push("email_verified is not true: at a first sign-in they are refused.".into());
            }
            Some(_) => (),
        }
    }
    let scim = provider.scim.as_ref();
    let directory = scim.and_then(|scim| Some((scim.claim.clone(), claims.text(&scim.claim)?.to_owned())));
    if let Some(scim) = scim.filter(|_| directory.is_none()) {
        problems.push(format!("There is no {}: the directory's people are not known by it.", scim.claim));
    }
    let told = scim.is_some_and(|scim| scim.group_key.is_some()) && provider.people == People::Directory;
    let groups = match provider.groups_claim.as_deref().filter(|_| !told).map(|claim| claims.groups(claim)) {
        None => None,
        Some(Ok(groups)) => Some(groups),
        Some(Err(why)) => {
            problems.push(format!("{why}: they are refused."));
            None
        }
    };
    let grants = groups.as_deref().map(|groups| provider.mapped(groups)).unwrap_or_default();
    let mapped = |group: &String| grants.iter().any(|given| given.source.is_group(group));
    let unmapped = groups.iter().flatten().filter(|group| !mapped(group)).cloned().collect();
    MappingTrial { identity, problems, directory, groups, grants, unmapped }
}
