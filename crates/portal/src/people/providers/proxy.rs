//! A proxy in front, and what of its signed tokens is believed.

use std::collections::HashMap;

use http::HeaderMap;
use openidconnect::{
    core::CoreJsonWebKey,
    http::{Method, Request},
};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use store::Identity;
use time::{Duration, OffsetDateTime};
use tokio::sync::Mutex;

use super::{
    file::{Assertion, KEY_ID, KeySource, Provider, key_set, pem},
    http as provider_http,
    jws::{Fault, Jws},
    token::{Claims, SKEW},
};

/// How long keys are kept.
const KEPT: Duration = Duration::hours(1);
/// They are not read anew more often than this, whatever tokens name.
const KEYS_ANEW: Duration = Duration::minutes(1);
/// Tokens that were believed, at most: each is one until it expires.
const MOST_BELIEVED: usize = 10_000;
/// Longer than any token.
const LONGEST: usize = 16 << 10;

/// A proxy, with what is known of its keys and tokens.
pub(super) struct Proxy {
    pub provider: Provider,
    pub assertion: Assertion,
    http: reqwest::Client,
    keys: Mutex<Keys>,
    /// By SHA-256, with when each expires.
    believed: Mutex<HashMap<[u8; 32], (OffsetDateTime, Claims)>>,
}

#[derive(Default)]
struct Keys {
    known: Vec<CoreJsonWebKey>,
    read_at: Option<OffsetDateTime>,
    asked_at: Option<OffsetDateTime>,
}

impl Proxy {
    pub(super) fn new(provider: Provider, assertion: Assertion, http: reqwest::Client) -> Self {
        Self { provider, assertion, http, keys: Mutex::default(), believed: Mutex::default() }
    }

    /// What the proxy says in a request; `None` where it says nothing that is believed. Of several headers, none is.
    pub(super) async fn says(&self, headers: &HeaderMap, now: OffsetDateTime) -> Option<Claims> {
        let mut values = headers.get_all(&self.assertion.header).into_iter();
        let value = values.next()?.to_str().ok().filter(|_| values.next().is_none())?;
        let bearer = value.split_once(' ').filter(|(kind, _)| kind.eq_ignore_ascii_case("bearer"));
        let token = bearer.map_or(value, |(_, token)| token).trim();
        if token.len() > LONGEST || !token.contains('.') {
            return None;
        }
        let hash: [u8; 32] = Sha256::digest(token).into();
        if let Some((expires_at, claims)) = self.believed.lock().await.get(&hash)
            && *expires_at > now - SKEW
        {
            return Some(claims.clone());
        }
        match self.believe(token, now).await {
            Ok((expires_at, claims)) => {
                let mut believed = self.believed.lock().await;
                believed.retain(|_, (expires_at, _)| *expires_at > now - SKEW);
                if believed.len() < MOST_BELIEVED {
                    believed.insert(hash, (expires_at, claims.clone()));
                }
                Some(claims)
            }
            Err(fault) => {
                self.provider.not_believed(&format!("{fault:?}"));
                None
            }
        }
    }

    async fn believe(&self, token: &str, now: OffsetDateTime) -> Result<(OffsetDateTime, Claims), Fault> {
        let balancer = self.assertion.signer.is_some();
        let jws = Jws::read(token, balancer)?;
        let said = self.signed(&jws, now).await?;
        let text = |name: &str| jws.header.get(name).and_then(Value::as_str);
        let client = text("client").map(Value::from);
        let audience = if balancer { client.as_ref() } else { said.get("aud") };
        let issuer = said.get("iss").and_then(Value::as_str).or(text("iss"));
        self.check(&said, audience, issuer, now)
    }

    /// What a token says, where the proxy has signed it.
    pub(super) async fn signed(
        &self,
        jws: &Jws<'_>,
        now: OffsetDateTime,
    ) -> Result<Map<String, Value>, Fault> {
        let signer = jws.header.get("signer").and_then(Value::as_str);
        if self.assertion.signer.is_some() && signer != self.assertion.signer.as_deref() {
            return Err(Fault::Wrong("another load balancer has signed it".into()));
        }
        let keys = self.keys_for(jws.key_id(), now).await?;
        jws.believe(&keys, &self.assertion.algorithms)
    }

    /// Issuer, audience and times.
    fn check(
        &self,
        said: &Map<String, Value>,
        audience: Option<&Value>,
        issuer: Option<&str>,
        now: OffsetDateTime,
    ) -> Result<(OffsetDateTime, Claims), Fault> {
        let wrong = |what: &str| Err(Fault::Wrong(what.to_owned()));
        let ours = |audience: &Value| audience.as_str() == Some(&self.assertion.audience);
        let for_us = audience.is_some_and(|audience| match audience {
            Value::Array(several) => several.iter().any(ours),
            one => ours(one),
        });
        if issuer != Some(self.provider.issuer.as_str()) || !for_us {
            return wrong("it is of another issuer, or for somebody else");
        }
        let time = |name: &str| {
            let seconds = said.get(name)?.as_f64()?;
            #[expect(clippy::cast_possible_truncation, reason = "parts of a second do not count")]
            OffsetDateTime::from_unix_timestamp(seconds as i64).ok()
        };
        let Some(expires_at) = time("exp") else { return wrong("it does not say when it expires") };
        if expires_at <= now - SKEW {
            return wrong("it has expired");
        }
        if ["iat", "nbf", "auth_time"]
            .iter()
            .any(|name| said.contains_key(*name) && time(name).is_none_or(|at| at > now + SKEW))
        {
            return wrong("a time of it lies in the future");
        }
        let subject = said.get("sub").and_then(Value::as_str).filter(|subject| !subject.is_empty());
        let Some(subject) = subject else { return wrong("it names nobody") };
        let identity =
            Identity { issuer: self.provider.issuer.as_str().to_owned(), subject: subject.to_owned() };
        Ok((expires_at, Claims::of_assertion(identity, time("auth_time"), said.clone())))
    }

    /// The keys among which one of this name must be.
    async fn keys_for(&self, id: Option<&str>, now: OffsetDateTime) -> Result<Vec<CoreJsonWebKey>, Fault> {
        if let KeySource::Fixed(keys) = &self.assertion.keys {
            return Ok(keys.clone());
        }
        let mut keys = self.keys.lock().await;
        let fresh = keys.read_at.is_some_and(|at| now - at < KEPT);
        let known = id.is_none_or(|id| keys.known.iter().any(|key| has_id(key, id)));
        let asked = keys.asked_at.is_some_and(|at| now - at < KEYS_ANEW);
        if (fresh && known) || asked {
            return Ok(keys.known.clone());
        }
        keys.asked_at = Some(now);
        let read = match &self.assertion.keys {
            KeySource::Set(url) => self.fetch(url.as_str()).await.and_then(|text| key_set(&text)),
            KeySource::Each(address) => self.fetch_key(address, id).await,
            KeySource::Fixed(keys) => Some(keys.clone()),
        };
        let read = read.ok_or_else(|| Fault::Wrong("its key cannot be read".into()))?;
        match &self.assertion.keys {
            KeySource::Each(_) => {
                keys.known.retain(|key| fresh && read.iter().all(|new| key_id(new) != key_id(key)));
                keys.known.extend(read);
                // The next one may be another balancer's.
                keys.asked_at = None;
            }
            _ => keys.known = read,
        }
        keys.read_at = Some(now);
        Ok(keys.known.clone())
    }

    async fn fetch_key(&self, address: &str, id: Option<&str>) -> Option<Vec<CoreJsonWebKey>> {
        let plain = |id: &&str| {
            id.len() <= 64
                && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        };
        let id = id.filter(plain)?;
        let text = self.fetch(&address.replace(KEY_ID, id)).await?;
        Some(vec![pem(&text, Some(id))?])
    }

    async fn fetch(&self, address: &str) -> Option<String> {
        let request = Request::builder().method(Method::GET).uri(address).body(Vec::new()).ok()?;
        match provider_http::send(self.http.clone(), request).await {
            Ok(answer) if answer.status().is_success() => String::from_utf8(answer.into_body()).ok(),
            Ok(answer) => {
                tracing::warn!(provider = self.provider.name, status = %answer.status(), "the proxy's keys cannot be read");
                None
            }
            Err(error) => {
                tracing::warn!(provider = self.provider.name, %error, "the proxy's keys cannot be read");
                None
            }
        }
    }
}

fn key_id(key: &CoreJsonWebKey) -> Option<&str> {
    openidconnect::JsonWebKey::key_id(key).map(|id| id.as_str())
}

fn has_id(key: &CoreJsonWebKey, id: &str) -> bool {
    key_id(key) == Some(id)
}
