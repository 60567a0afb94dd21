//! Whose credentials sign what is sent: the portal's own, or those of a role that is taken on; and the clients that use
//! them.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use aws_config::{Region, SdkConfig, identity::IdentityCache, retry::RetryConfig, sts::AssumeRoleProvider};
use aws_credential_types::provider::SharedCredentialsProvider;
use tokio::time::Instant;

use crate::{options::RoleToAssume, service::Service};

/// Sessions in the cache; the one used least recently makes room.
const CAPACITY: usize = 64;
/// As long as a session lasts at AWS: after this it would have to be asked for again in any case.
const IDLE: Duration = Duration::from_secs(3600);
/// AWS's bounds of a session name.
const NAME: std::ops::RangeInclusive<usize> = 2..=64;

/// Credentials, and the clients that sign with them: one for each service and Region, made when first asked for.
pub(crate) struct Session {
    config: SdkConfig,
    clients: Mutex<HashMap<(TypeId, String), Box<dyn Any + Send + Sync>>>,
}

impl Session {
    pub(crate) fn new(config: SdkConfig) -> Self {
        // Retries are ours.
        let config = config.into_builder().retry_config(RetryConfig::disabled()).build();
        Self { config, clients: Mutex::default() }
    }

    /// The client of a service in a Region.
    pub(crate) fn client<S: Service>(&self, region: &str) -> S::Client {
        let key = (TypeId::of::<S::Client>(), region.to_owned());
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(&key).and_then(|client| client.downcast_ref::<S::Client>()) {
            return client.clone();
        }
        let region = Region::new(region.to_owned());
        let client = S::client(&self.config.to_builder().region(region).build());
        clients.insert(key, Box::new(client.clone()));
        client
    }
}

/// Roles that are taken on with the same credentials, and their sessions of late.
pub(crate) struct Sessions {
    base: SdkConfig,
    /// Least recently used first.
    cache: Mutex<Vec<Cached>>,
}

struct Cached {
    role: RoleToAssume,
    session: Arc<Session>,
    used_at: Instant,
}

impl Sessions {
    pub(crate) fn new(base: SdkConfig) -> Self {
        Self { base, cache: Mutex::default() }
    }

    /// A session of a role. Asks AWS nothing yet: it begins when it first signs.
    pub(crate) async fn begin(&self, role: &RoleToAssume) -> Session {
        let mut provider =
            AssumeRoleProvider::builder(&role.arn).session_name(&role.session_name).configure(&self.base);
        if let Some(id) = &role.external_id {
            provider = provider.external_id(id);
        }
        let provider = SharedCredentialsProvider::new(provider.build().await);
        // A cache of its own goes when the session is forgotten, and renews what expires before it does.
        let cache = IdentityCache::lazy().build();
        Session::new(self.base.to_builder().credentials_provider(provider).identity_cache(cache).build())
    }

    /// The session of a role that is in use already, or else one that begins.
    pub(crate) async fn get(&self, role: RoleToAssume, now: Instant) -> Arc<Session> {
        if let Some(known) = self.known(&role, now) {
            return known;
        }
        let session = Arc::new(self.begin(&role).await);
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        // Somebody may have been as fast with the same: either will do, one is kept.
        cache.retain(|other| other.role != role);
        if cache.len() >= CAPACITY {
            cache.remove(0);
        }
        cache.push(Cached { role, session: session.clone(), used_at: now });
        session
    }

    fn known(&self, role: &RoleToAssume, now: Instant) -> Option<Arc<Session>> {
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        cache.retain(|session| now - session.used_at < IDLE);
        let at = cache.iter().position(|session| session.role == *role)?;
        let known = Cached { used_at: now, ..cache.remove(at) };
        let session = known.session.clone();
        cache.push(known);
        Some(session)
    }
}

/// A person's name in AWS's alphabet for sessions, `[\w+=,.@-]{2,64}`: what is not in it becomes a dash.
pub(crate) fn session_name(person: &str) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    let name = person.trim().chars().map(|c| if allowed(c) { c } else { '-' });
    let mut name: String = name.take(*NAME.end()).collect();
    while name.len() < *NAME.start() {
        name.push('-');
    }
    name
}

#[cfg(test)]
mod tests {
    use aws_config::BehaviorVersion;

    use super::*;

    #[test]
    fn a_session_is_named_in_awss_alphabet() {
        for (person, session) in [
            ("ana.lima+backup@example.com", "ana.lima+backup@example.com"),
            (" Zoë O'Neil ", "Zo--O-Neil"),
            ("x", "x-"),
            ("", "--"),
        ] {
            assert_eq!(session_name(person), session);
        }
        assert_eq!(session_name(&"long".repeat(40)).len(), 64);
    }

    #[tokio::test]
    async fn a_session_is_kept_while_in_use_and_the_least_recent_makes_room() {
        let loader = aws_config::defaults(BehaviorVersion::latest()).no_credentials();
        let sessions = Sessions::new(loader.region(Region::from_static("eu-west-1")).load().await);
        let role = |name: &str| RoleToAssume {
            arn: "arn:aws:iam::111122223333:role/Holdfast".to_owned(),
            external_id: None,
            session_name: name.to_owned(),
        };
        let now = Instant::now();
        let ana = sessions.get(role("ana"), now).await;
        for n in 1..CAPACITY {
            sessions.get(role(&format!("person-{n}")), now).await;
        }
        assert!(Arc::ptr_eq(&ana, &sessions.get(role("ana"), now).await), "kept");
        let elsewhere =
            RoleToAssume { arn: "arn:aws:iam::444455556666:role/Holdfast".to_owned(), ..role("ana") };
        assert!(!Arc::ptr_eq(&ana, &sessions.get(elsewhere, now).await), "another role");
        assert_eq!(sessions.cache.lock().unwrap().len(), CAPACITY);
        assert!(sessions.known(&role("person-1"), now).is_none(), "the least recent made room");
        assert!(!Arc::ptr_eq(&ana, &sessions.get(role("ana"), now + IDLE).await), "forgotten after an hour");
        assert_eq!(sessions.cache.lock().unwrap().len(), 1);
    }
}
