//! Clients of the SDK, and whose credentials sign what they send: the portal's own, or those of a session named after
//! the person who asked for a change.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use aws_config::{Region, SdkConfig, identity::IdentityCache, retry::RetryConfig, sts::AssumeRoleProvider};
use aws_credential_types::provider::SharedCredentialsProvider;
use tokio::time::Instant;

use crate::{
    Aws, RoleToAssume,
    connect::Homes,
    intercept::{JsonAnswers, Watch},
    operation::Op,
};

/// People whose sessions are kept at once; whoever acted least recently makes room.
const PEOPLE: usize = 64;
/// As long as a session lasts at AWS: after this it would have to be asked for again in any case.
const IDLE: Duration = Duration::from_secs(3600);
/// AWS's bounds of a session name.
const SESSION_NAME: std::ops::RangeInclusive<usize> = 2..=64;

/// Clients that sign with the same credentials: Organizations and IAM in their one home, STS in the Region that Holdfast
/// is configured for, AWS Backup in each Region, made when first asked for.
pub(crate) struct Clients {
    config: SdkConfig,
    organizations: aws_sdk_organizations::Client,
    iam: aws_sdk_iam::Client,
    sts: aws_sdk_sts::Client,
    backups: Mutex<HashMap<String, aws_sdk_backup::Client>>,
}

impl Clients {
    pub(crate) fn new(config: SdkConfig, homes: &Homes) -> Self {
        // Retries are ours.
        let never = RetryConfig::disabled();
        let organizations = aws_sdk_organizations::config::Builder::from(&config)
            .region(Region::from_static(homes.organizations))
            .retry_config(never.clone())
            .interceptor(Watch)
            .interceptor(JsonAnswers)
            .build();
        let iam = aws_sdk_iam::config::Builder::from(&config)
            .region(Region::from_static(homes.iam))
            .retry_config(never.clone())
            .interceptor(Watch)
            .build();
        let sts = aws_sdk_sts::config::Builder::from(&config).retry_config(never).interceptor(Watch).build();
        Self {
            organizations: aws_sdk_organizations::Client::from_conf(organizations),
            iam: aws_sdk_iam::Client::from_conf(iam),
            sts: aws_sdk_sts::Client::from_conf(sts),
            config,
            backups: Mutex::default(),
        }
    }

    pub(crate) fn iam(&self) -> aws_sdk_iam::Client {
        self.iam.clone()
    }

    pub(crate) fn sts(&self) -> aws_sdk_sts::Client {
        self.sts.clone()
    }

    pub(crate) fn organizations(&self) -> aws_sdk_organizations::Client {
        self.organizations.clone()
    }

    pub(crate) fn backup(&self, region: &str) -> aws_sdk_backup::Client {
        let mut clients = self.backups.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(region) {
            return client.clone();
        }
        let config = aws_sdk_backup::config::Builder::from(&self.config)
            .region(Region::new(region.to_owned()))
            .retry_config(RetryConfig::disabled())
            .interceptor(Watch)
            .interceptor(JsonAnswers)
            .build();
        let client = aws_sdk_backup::Client::from_conf(config);
        clients.insert(region.to_owned(), client.clone());
        client
    }
}

/// The role that is taken on, with the credentials that may take it on, and who acted of late.
pub(crate) struct Assumed {
    base: SdkConfig,
    role: RoleToAssume,
    /// Least recently acting first.
    people: Mutex<Vec<Person>>,
}

struct Person {
    session: String,
    clients: Arc<Clients>,
    acted_at: Instant,
}

impl Assumed {
    pub(crate) fn new(base: SdkConfig, role: RoleToAssume) -> Self {
        Self { base, role, people: Mutex::default() }
    }

    /// The configuration of a session of this name. Asks AWS nothing yet: the session begins when it first signs.
    pub(crate) async fn session(&self, name: &str) -> SdkConfig {
        let RoleToAssume { arn, external_id, .. } = &self.role;
        let mut provider = AssumeRoleProvider::builder(arn).session_name(name).configure(&self.base);
        if let Some(id) = external_id {
            provider = provider.external_id(id);
        }
        let provider = SharedCredentialsProvider::new(provider.build().await);
        // A cache of its own goes when the session is forgotten, and renews what expires before it does.
        let cache = IdentityCache::lazy().build();
        self.base.clone().into_builder().credentials_provider(provider).identity_cache(cache).build()
    }

    pub(crate) async fn own_session(&self) -> SdkConfig {
        self.session(&self.role.session_name).await
    }

    async fn person(&self, name: &str, homes: &Homes, now: Instant) -> Arc<Clients> {
        let session = session_name(name);
        if let Some(known) = self.known(&session, now) {
            return known;
        }
        let clients = Arc::new(Clients::new(self.session(&session).await, homes));
        let mut people = self.people.lock().unwrap_or_else(PoisonError::into_inner);
        // Somebody with the same name may have been as fast: either will do, one is kept.
        people.retain(|person| person.session != session);
        if people.len() >= PEOPLE {
            people.remove(0);
        }
        people.push(Person { session, clients: clients.clone(), acted_at: now });
        clients
    }

    fn known(&self, session: &str, now: Instant) -> Option<Arc<Clients>> {
        let mut people = self.people.lock().unwrap_or_else(PoisonError::into_inner);
        people.retain(|person| now - person.acted_at < IDLE);
        let at = people.iter().position(|person| person.session == session)?;
        let mut person = people.remove(at);
        person.acted_at = now;
        let clients = person.clients.clone();
        people.push(person);
        Some(clients)
    }
}

impl Aws {
    /// The same way to AWS on behalf of a person, who is known by a name or an e-mail address: where a role is taken on,
    /// changes are signed by a session of that role named after them, so that CloudTrail tells who made them. Reads stay
    /// the portal's own, and without a role nothing differs.
    pub async fn acting_for(&self, person: &str) -> Self {
        let person = match &self.shared.assumed {
            Some(assumed) => Some(assumed.person(person, self.shared.homes, Instant::now()).await),
            None => None,
        };
        Self { shared: self.shared.clone(), deadline: self.deadline, person }
    }

    /// The clients that sign an operation.
    pub(crate) fn clients(&self, op: Op) -> &Clients {
        match &self.person {
            Some(person) if !op.row().read => person,
            _ => &self.shared.own,
        }
    }
}

/// A name in AWS's alphabet for sessions, `[\w+=,.@-]{2,64}`: what is not in it becomes a dash.
fn session_name(person: &str) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    let name = person.trim().chars().map(|c| if allowed(c) { c } else { '-' });
    let mut name: String = name.take(*SESSION_NAME.end()).collect();
    while name.len() < *SESSION_NAME.start() {
        name.push('-');
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Options, Rates};

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

    async fn with_role() -> Aws {
        let role = RoleToAssume {
            arn: "arn:aws:iam::111122223333:role/Holdfast".to_owned(),
            external_id: None,
            session_name: "holdfast".to_owned(),
        };
        let options = Options { role: Some(role), ..Options::simulated("http://127.0.0.1:9", Rates::Off) };
        Aws::connect(options).await.unwrap()
    }

    #[tokio::test]
    async fn a_person_keeps_a_session_while_they_act_and_the_least_recent_makes_room() {
        let aws = with_role().await;
        let assumed = aws.shared.assumed.as_ref().unwrap();
        let now = Instant::now();
        let at = |name: &'static str, now| assumed.person(name, aws.shared.homes, now);
        let ana = at("ana", now).await;
        for n in 1..PEOPLE {
            assumed.person(&format!("person {n}"), aws.shared.homes, now).await;
        }
        assert!(Arc::ptr_eq(&ana, &at("ana", now).await), "kept");
        at("one more", now).await;
        assert_eq!(assumed.people.lock().unwrap().len(), PEOPLE);
        assert!(assumed.known("person-1", now).is_none(), "who acted least recently made room");
        assert!(!Arc::ptr_eq(&ana, &at("ana", now + IDLE).await), "forgotten after an hour");
        assert_eq!(assumed.people.lock().unwrap().len(), 1);
    }
}
