//! Trying out what a provider's token would stand for. Nothing is changed, and the token is not kept.

use model::team::{MappingTrial, TokenCheck, TokenPart, TokenVerdict};
use serde_json::{Map, Value};
use store::Identity;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{
    configured::Providers,
    connection::Connection,
    file::{People, Provider},
    jws::{ALGORITHMS, Fault, Jws},
    proxy::Proxy,
    token::{Claims, OLDEST, SKEW},
};

/// Longer than any token, and than the claims of anybody.
const LONGEST: usize = 64 << 10;

/// Why nothing can be tried out.
#[derive(Debug, thiserror::Error)]
pub enum TrialError {
    #[error("the file has no provider “{name}”; it has {known}")]
    Unknown { name: String, known: String },
    #[error("this is neither a token (JWT) nor a JSON object of claims")]
    Unreadable,
    #[error("this is longer than any token: 64 KiB at most")]
    TooLong,
}

/// A provider, by what its people come by.
enum At<'p> {
    Openid(&'p Connection),
    Proxy(&'p Proxy),
}

impl Providers {
    /// What a token, or the JSON of its claims, would stand for, and what a sign-in would check of it. A token is checked with the
    /// provider's keys, which may be read for that.
    ///
    /// # Errors
    /// Where there is no such provider, or the text is neither.
    pub async fn try_claims(
        &self,
        name: &str,
        text: &str,
        now: OffsetDateTime,
    ) -> Result<MappingTrial, TrialError> {
        let (at, provider) = match (self.get(name), self.proxy(name)) {
            (Some(connection), _) => (At::Openid(connection), &connection.provider),
            (None, Some(proxy)) => (At::Proxy(proxy), &proxy.provider),
            (None, None) => {
                let known = self.all().map(|provider| provider.name.as_str()).collect::<Vec<_>>().join(", ");
                return Err(TrialError::Unknown { name: name.to_owned(), known });
            }
        };
        let text = text.trim();
        if text.len() > LONGEST {
            return Err(TrialError::TooLong);
        }
        let (token, said) = if text.starts_with('{') {
            (None, serde_json::from_str(text).map_err(|_| TrialError::Unreadable)?)
        } else {
            let token = Jws::read(text, true).map_err(|_| TrialError::Unreadable)?;
            let said = token.unproved().ok_or(TrialError::Unreadable)?;
            (Some(token), said)
        };
        let signature = at.signature(token.as_ref(), now).await;
        let checks = vec![
            signature,
            issuer(provider, token.as_ref(), &said),
            at.audience(token.as_ref(), &said),
            at.times(token.is_some(), &said, now),
        ];
        Ok(trial(provider, checks, said))
    }
}

fn check(part: TokenPart, verdict: TokenVerdict, why: impl Into<String>) -> TokenCheck {
    TokenCheck { part, verdict, why: why.into() }
}

/// Of claims alone, what is not there cannot be checked; a token must have it.
const fn missing(token: bool) -> TokenVerdict {
    if token { TokenVerdict::Wrong } else { TokenVerdict::Unknown }
}

impl At<'_> {
    async fn signature(&self, token: Option<&Jws<'_>>, now: OffsetDateTime) -> TokenCheck {
        let check = |verdict, why: String| check(TokenPart::Signature, verdict, why);
        let Some(token) = token else {
            return check(TokenVerdict::Unknown, "These are claims alone, without a signature.".into());
        };
        let believed = match self {
            Self::Openid(connection) => connection.signature(token, now).await,
            Self::Proxy(proxy) => Some(proxy.signed(token, now).await.map(drop)),
        };
        match believed {
            None => check(TokenVerdict::Unknown, "The provider gives no usable answer now.".into()),
            Some(Ok(())) => check(TokenVerdict::Right, "It is of a key of the provider.".into()),
            Some(Err(Fault::UnknownKey)) => {
                check(TokenVerdict::Wrong, "It names a key that the provider has not, or no more.".into())
            }
            Some(Err(Fault::Wrong(why))) => check(TokenVerdict::Wrong, format!("{}.", sentence(&why))),
        }
    }

    /// For whom it is. ID tokens are for us alone, or not taken.
    fn audience(&self, token: Option<&Jws<'_>>, said: &Map<String, Value>) -> TokenCheck {
        let check = |verdict, why: String| check(TokenPart::Audience, verdict, why);
        let (wanted, alone) = match self {
            Self::Openid(connection) => (connection.client.id.as_str(), true),
            Self::Proxy(proxy) => (proxy.assertion.audience.as_str(), false),
        };
        let balancer = matches!(self, Self::Proxy(proxy) if proxy.assertion.signer.is_some());
        let named = match token.filter(|_| balancer) {
            Some(token) => token.header.get("client"),
            None => said.get("aud"),
        };
        let named: Vec<&str> = match named {
            Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
            one => one.and_then(Value::as_str).into_iter().collect(),
        };
        match named.as_slice() {
            [] => check(missing(token.is_some()), "It does not say for whom it is.".into()),
            [one] if *one == wanted => check(TokenVerdict::Right, format!("It is for {wanted}.")),
            several if !alone && several.contains(&wanted) => {
                check(TokenVerdict::Right, format!("It is for {wanted}."))
            }
            several => check(
                TokenVerdict::Wrong,
                format!("It is for {}, and the file has {wanted}.", several.join(", ")),
            ),
        }
    }

    fn times(&self, token: bool, said: &Map<String, Value>, now: OffsetDateTime) -> TokenCheck {
        let check = |verdict, why: String| check(TokenPart::Times, verdict, why);
        let time = |name: &str| {
            #[expect(clippy::cast_possible_truncation, reason = "parts of a second do not count")]
            let seconds = said.get(name)?.as_f64()? as i64;
            OffsetDateTime::from_unix_timestamp(seconds).ok()
        };
        let words = |at: OffsetDateTime| at.format(&Rfc3339).unwrap_or_default();
        let (issued, ends) = (time("iat"), time("exp"));
        let Some(ends) = ends else {
            return check(missing(token), "It does not say when it expires.".into());
        };
        if let Some(issued) = issued.filter(|issued| *issued > now + SKEW) {
            return check(
                TokenVerdict::Wrong,
                format!("It is issued at {}, which is to come.", words(issued)),
            );
        }
        if ends <= now - SKEW {
            return check(TokenVerdict::Old, format!("It expired at {}.", words(ends)));
        }
        match issued {
            None if matches!(self, Self::Openid(_)) => {
                check(missing(token), "It does not say when it was issued.".into())
            }
            Some(issued) if matches!(self, Self::Openid(_)) && issued < now - OLDEST => check(
                TokenVerdict::Old,
                format!("It was issued at {}, more than ten minutes ago.", words(issued)),
            ),
            _ => check(TokenVerdict::Right, format!("It is good until {}.", words(ends))),
        }
    }
}

impl Connection {
    /// Whether a key of the provider has signed a token; `None` where its keys cannot be read.
    async fn signature(&self, token: &Jws<'_>, now: OffsetDateTime) -> Option<Result<(), Fault>> {
        let metadata = self.metadata(now).await.ok()?;
        let believe = |keys| token.believe(keys, &ALGORITHMS).map(drop);
        match believe(metadata.jwks().keys()) {
            Err(Fault::UnknownKey) => match self.with_new_keys(now).await.ok()? {
                Some(metadata) => Some(believe(metadata.jwks().keys())),
                None => Some(Err(Fault::UnknownKey)),
            },
            believed => Some(believed),
        }
    }
}

fn issuer(provider: &Provider, token: Option<&Jws<'_>>, said: &Map<String, Value>) -> TokenCheck {
    let check = |verdict, why: String| check(TokenPart::Issuer, verdict, why);
    let in_header = || token.and_then(|token| token.header.get("iss"));
    let ours = provider.issuer.as_str();
    match said.get("iss").or_else(in_header).and_then(Value::as_str) {
        None => check(missing(token.is_some()), "It names no issuer.".into()),
        Some(issuer) if issuer == ours => check(TokenVerdict::Right, format!("It is {ours}.")),
        Some(issuer) => {
            check(TokenVerdict::Wrong, format!("The issuer is {issuer}, and the file has {ours}."))
        }
    }
}

/// With its first letter large.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn trial(provider: &Provider, checks: Vec<TokenCheck>, said: Map<String, Value>) -> MappingTrial {
    let mut problems = Vec::new();
    let subject = said.get("sub").and_then(Value::as_str).unwrap_or_default().to_owned();
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
    MappingTrial { identity, checks, problems, directory, groups, grants, unmapped, places: Vec::new() }
}
