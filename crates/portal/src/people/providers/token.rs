//! Tokens of a provider: what is believed of them, and only then what they say.

use std::time::SystemTime;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use openidconnect::{
    AccessToken, AccessTokenHash, ClaimsVerificationError, Nonce, NonceVerifier, SignatureVerificationError,
    core::{CoreIdToken, CoreIdTokenClaims, CoreIdTokenVerifier},
};
use serde_json::{Map, Value};
use store::{EndedAtProvider, Identity};
use time::{Duration, OffsetDateTime};

use super::{
    connection::{Connection, Metadata},
    jws::{ALGORITHMS, Fault, Jws},
};

/// How far the provider's clock may be from ours.
pub(super) const SKEW: Duration = Duration::minutes(1);
/// How old a token may be when it arrives: it comes right from the provider.
pub(super) const OLDEST: Duration = Duration::minutes(10);
/// Of a claim that holds groups; people are in hundreds of them.
const MOST_GROUPS: usize = 10_000;

/// Which nonce an ID token must have.
#[derive(Clone, Copy)]
pub(super) enum NonceRule<'n> {
    /// The one that was sent for it.
    Sent(&'n Nonce),
    /// None, or the one that was sent when the person came: of a token that was asked for without them.
    SentOrNone(&'n Nonce),
}

impl NonceVerifier for NonceRule<'_> {
    fn verify(self, nonce: Option<&Nonce>) -> Result<(), String> {
        match (self, nonce) {
            (Self::SentOrNone(_), None) => Ok(()),
            (Self::Sent(sent) | Self::SentOrNone(sent), nonce) => sent.verify(nonce),
        }
    }
}

/// What a believed token says, with what the provider says of the person elsewhere.
#[derive(Clone, Debug)]
pub(super) struct Claims {
    pub identity: Identity,
    /// When they last showed the provider a password or factor; `None` where it does not say.
    pub auth_time: Option<OffsetDateTime>,
    /// The provider's name of its session.
    pub sid: Option<String>,
    said: Map<String, Value>,
}

impl Claims {
    /// Checks signature, issuer, audience, nonce and times of an ID token, and that it is of this access token where it
    /// names one.
    pub(super) fn of_id_token(
        connection: &Connection,
        metadata: &Metadata,
        token: &CoreIdToken,
        access_token: &AccessToken,
        nonce: NonceRule<'_>,
        now: OffsetDateTime,
    ) -> Result<Self, Fault> {
        let verifier = verifier(connection, metadata, now);
        let claims = token.claims(&verifier, nonce).map_err(fault)?;
        let auth_time = claims.auth_time().map(|at| OffsetDateTime::from(SystemTime::from(at)));
        check_access_token(token, &verifier, claims, access_token)?;
        if auth_time.is_some_and(|at| at > now + SKEW) {
            return Err(Fault::Wrong("auth_time lies in the future".into()));
        }
        let said = payload(&token.to_string()).ok_or_else(|| Fault::Wrong("no claims".into()))?;
        Ok(Self {
            identity: Identity {
                issuer: claims.issuer().as_str().to_owned(),
                subject: claims.subject().as_str().to_owned(),
            },
            auth_time,
            sid: said.get("sid").and_then(Value::as_str).map(str::to_owned),
            said,
        })
    }

    /// Of a token that was believed already.
    pub(super) const fn of_assertion(
        identity: Identity,
        auth_time: Option<OffsetDateTime>,
        said: Map<String, Value>,
    ) -> Self {
        Self { identity, auth_time, sid: None, said }
    }

    /// Adds what the provider says of the same person where it was asked with their access token. What the token says
    /// itself stays. False where it speaks of somebody else.
    pub(super) fn add(&mut self, said: Map<String, Value>) -> bool {
        if said.get("sub").and_then(Value::as_str) != Some(self.identity.subject.as_str()) {
            return false;
        }
        for (name, value) in said {
            self.said.entry(name).or_insert(value);
        }
        true
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.said.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
    }

    /// Whether a claim is true; some providers send it as text.
    pub(super) fn is_true(&self, name: &str) -> bool {
        self.said.get(name).is_some_and(|value| *value == Value::Bool(true) || value == "true")
    }

    pub(super) fn has(&self, claim: &str) -> bool {
        self.claim(claim).is_some()
    }

    /// The groups of a claim. No claim is no group: providers leave it out where there is none.
    ///
    /// # Errors
    /// Where the provider says that it has not sent them, or they are not in a form that is known: that is not none.
    pub(super) fn groups(&self, claim: &str) -> Result<Vec<String>, String> {
        let elsewhere = self.said.get("_claim_names").and_then(|names| names.get(claim)).is_some();
        match self.claim(claim) {
            None if elsewhere => Err(format!("the provider left {claim} out: there are too many")),
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::String(group)) => Ok(vec![group.clone()]),
            Some(Value::Array(groups)) if groups.len() <= MOST_GROUPS => groups
                .iter()
                .map(|group| group.as_str().map(str::to_owned))
                .collect::<Option<_>>()
                .ok_or_else(|| format!("{claim} holds what is no text")),
            Some(_) => Err(format!("{claim} is no list of texts")),
        }
    }

    /// A claim by its whole name, else by dots that lead into it.
    fn claim(&self, name: &str) -> Option<&Value> {
        self.said.get(name).or_else(|| {
            let mut parts = name.split('.');
            let first = self.said.get(parts.next()?)?;
            parts.try_fold(first, |value, part| value.get(part))
        })
    }
}

fn verifier<'a>(
    connection: &Connection,
    metadata: &Metadata,
    now: OffsetDateTime,
) -> CoreIdTokenVerifier<'a> {
    CoreIdTokenVerifier::new_confidential_client(
        connection.client.id.clone(),
        connection.client.secret.clone(),
        connection.provider.issuer.clone(),
        metadata.jwks().clone(),
    )
    .set_allowed_algs(ALGORITHMS)
    .set_time_fn(move || SystemTime::from(now - SKEW).into())
    .set_issue_time_verifier_fn(move |issued| issued_lately(SystemTime::from(issued).into(), now))
}

fn check_access_token(
    token: &CoreIdToken,
    verifier: &CoreIdTokenVerifier<'_>,
    claims: &CoreIdTokenClaims,
    access_token: &AccessToken,
) -> Result<(), Fault> {
    let Some(named) = claims.access_token_hash() else { return Ok(()) };
    let key = token.signing_alg().ok().zip(token.signing_key(verifier).ok());
    let computed = key.and_then(|(alg, key)| AccessTokenHash::from_token(access_token, alg, key).ok());
    let right = computed.as_ref() == Some(named);
    right.then_some(()).ok_or_else(|| Fault::Wrong("the access token is not the one that it names".into()))
}

fn issued_lately(issued: OffsetDateTime, now: OffsetDateTime) -> Result<(), String> {
    if issued > now + SKEW {
        return Err("it was issued in the future".into());
    }
    if issued < now - OLDEST { Err("it was issued too long ago".into()) } else { Ok(()) }
}

fn fault(error: ClaimsVerificationError) -> Fault {
    match error {
        ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey) => {
            Fault::UnknownKey
        }
        error => {
            let source = std::error::Error::source(&error).map(|source| format!(": {source}"));
            Fault::Wrong(format!("{error}{}", source.unwrap_or_default()))
        }
    }
}

/// The claims of a token whose signature was checked.
fn payload(token: &str) -> Option<Map<String, Value>> {
    part(token, 1)
}

fn part(token: &str, at: usize) -> Option<Map<String, Value>> {
    let part = token.split('.').nth(at)?;
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

/// The event that makes a token one for logging out.
const LOGOUT_EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// Logout tokens.
pub(super) struct Logout;

impl Logout {
    /// Checks a logout token (OpenID Connect Back-Channel Logout 1.0, 2.6).
    pub(super) fn of_token(
        connection: &Connection,
        metadata: &Metadata,
        token: &str,
        now: OffsetDateTime,
    ) -> Result<EndedAtProvider, Fault> {
        let said = Jws::read(token, false)?.believe(metadata.jwks().keys(), &ALGORITHMS)?;
        let wrong = |what: &str| Err(Fault::Wrong(what.to_owned()));
        let text = |name: &str| said.get(name).and_then(Value::as_str);
        let time = |name: &str| {
            let seconds = said.get(name).and_then(Value::as_i64)?;
            OffsetDateTime::from_unix_timestamp(seconds).ok()
        };
        let ours = |audience: &Value| audience.as_str() == Some(connection.client.id.as_str());
        let audience = said.get("aud").is_some_and(|audience| match audience {
            Value::Array(several) => several.iter().any(ours),
            one => ours(one),
        });
        if text("iss") != Some(connection.provider.issuer.as_str()) || !audience {
            return wrong("it is of another issuer, or for somebody else");
        }
        let Some(issued) = time("iat") else { return wrong("it does not say when it was issued") };
        issued_lately(issued, now).map_err(Fault::Wrong)?;
        if said.contains_key("exp") && time("exp").is_none_or(|end| end <= now - SKEW) {
            return wrong("it has expired");
        }
        if !said.get("events").is_some_and(|events| events.get(LOGOUT_EVENT).is_some_and(Value::is_object)) {
            return wrong("it is no logout token");
        }
        if said.contains_key("nonce") {
            return wrong("it has a nonce, as ID tokens do");
        }
        let Some(token) = text("jti").filter(|token| !token.is_empty()) else {
            return wrong("it has no id, so it could be sent again");
        };
        let named = |name: &str| text(name).map(str::to_owned);
        let ended = EndedAtProvider {
            subject: named("sub"),
            sid: named("sid"),
            token: token.to_owned(),
            token_expires_at: issued + OLDEST + SKEW,
        };
        if ended.subject.is_none() && ended.sid.is_none() {
            return wrong("it names neither a person nor a session");
        }
        Ok(ended)
    }
}
