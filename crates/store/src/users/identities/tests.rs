use model::{
    Role,
    access::{Grant, Scope},
    audit::AuditAction,
    team::{GrantSource, LinkPurpose, SignInMeans},
};
use time::{Duration, macros::datetime};

use super::*;
use crate::{
    Actor, NewSignInLink,
    testing::{TestDatabase, database, person},
};

const NOW: OffsetDateTime = datetime!(2026-11-20 08:00 UTC);
const ISSUER: &str = "https://id.example.com";

fn event(action: AuditAction) -> NewAudit {
    NewAudit::done(Actor::default(), action)
}

fn identity(subject: &str) -> Identity {
    Identity { issuer: ISSUER.into(), subject: subject.into() }
}

fn mapped(role: Role, group: &str) -> GivenGrant {
    let source = GrantSource::Mapping { provider: "corp".into(), group: group.into() };
    GivenGrant { grant: Grant { role, scope: Scope::All }, source }
}

async fn with_provider() -> TestDatabase {
    let db = database().await;
    let corp =
        SignInProvider { issuer: ISSUER.into(), name: "corp".into(), title: "Corp".into(), directory: false };
    db.store.put_sign_in_providers(&[corp]).await.unwrap();
    db
}

async fn newcomer(db: &TestDatabase, subject: &str, given: Vec<GivenGrant>) -> UserId {
    let user =
        NewUser { email: format!("{subject}@example.com"), name: subject.into(), password_hash: None, given };
    let came = event(AuditAction::PersonCameByProvider);
    db.store.create_user_with_identity(&user, &identity(subject), &came, NOW).await.unwrap()
}

/// An administrator with a password.
async fn local(db: &TestDatabase) -> UserId {
    let hash = Some("$argon2id$".to_owned());
    let user = NewUser { password_hash: hash, ..person("ada@example.com", Role::Administrator) };
    db.store.create_user(user, NOW).await.unwrap()
}

async fn means(db: &TestDatabase, id: UserId) -> SignInMeans {
    db.store.member(id, NOW).await.unwrap().unwrap().means
}

#[tokio::test]
async fn a_person_is_found_by_issuer_and_subject_and_by_neither_alone() {
    let db = with_provider().await;
    let id = newcomer(&db, "ada", Vec::new()).await;
    let found = async |issuer: &str, subject: &str| {
        let identity = Identity { issuer: issuer.into(), subject: subject.into() };
        db.store.user_by_identity(&identity).await.unwrap().map(|user| user.id)
    };
    assert_eq!(found(ISSUER, "ada").await, Some(id));
    assert_eq!(found("https://other.example.com", "ada").await, None);
    assert_eq!(found(ISSUER, "ADA").await, None);
}

#[tokio::test]
async fn an_address_that_somebody_has_is_not_taken_over() {
    let db = with_provider().await;
    let ada = local(&db).await;
    let user = NewUser { email: "ADA@example.com".into(), ..person("", Role::Viewer) };
    let came = event(AuditAction::PersonCameByProvider);
    let refused = db.store.create_user_with_identity(&user, &identity("s"), &came, NOW).await.unwrap_err();
    assert_eq!(refused.constraint(), Some("users_email_key"));
    assert_eq!(db.store.user_by_identity(&identity("s")).await.unwrap(), None);
    assert!(means(&db, ada).await.password);
}

#[tokio::test]
async fn mapped_grants_are_replaced_and_given_ones_stay() {
    let db = with_provider().await;
    let by_hand = GivenGrant {
        grant: Grant { role: Role::Auditor, scope: Scope::All },
        source: GrantSource::ByHand { by: "root@example.com".into() },
    };
    let id = newcomer(&db, "ada", vec![by_hand.clone(), mapped(Role::Administrator, "admins")]).await;
    let map = async |grants: &[GivenGrant]| {
        db.store.map_grants(id, "corp", grants, |_| event(AuditAction::GroupsMapped), NOW).await.unwrap();
        db.store.user_by_id(id).await.unwrap().unwrap().given
    };
    let operator = mapped(Role::Operator, "operators");
    assert_eq!(map(std::slice::from_ref(&operator)).await, [by_hand.clone(), operator.clone()]);
    assert_eq!(map(std::slice::from_ref(&operator)).await, [by_hand.clone(), operator], "nothing changed");
    assert_eq!(map(&[]).await, [by_hand]);
    let filter = model::audit::AuditFilter { action: "groups_mapped".into(), ..Default::default() };
    assert_eq!(
        db.store.audit(crate::AuditSearch::of_all(&filter, Default::default())).await.unwrap().rows.len(),
        2,
        "one for each change"
    );
}

#[tokio::test]
async fn a_one_time_link_makes_an_identity_the_only_way_in_once() {
    let db = with_provider().await;
    let ada = local(&db).await;
    newcomer(&db, "eve", Vec::new()).await;
    let put = async || {
        let link = NewSignInLink {
            token_hash: vec![1],
            purpose: LinkPurpose::Reset,
            made_by: String::new(),
            expires_at: NOW + Duration::DAY,
        };
        db.store.put_sign_in_link(ada, &link, &event(AuditAction::ResetStarted), NOW).await.unwrap();
    };
    let follow = async |subject: &str| {
        let linked = event(AuditAction::ProviderLinked);
        db.store.link_identity(&[1], &identity(subject), &[], &linked, NOW).await.unwrap()
    };
    put().await;
    assert_eq!(follow("eve").await, Linked::Taken, "somebody else is that");
    assert!(means(&db, ada).await.password, "and nothing has changed");
    assert_eq!(follow("ada").await, Linked::Done(ada));
    assert_eq!(follow("ada").await, Linked::NoLink);
    assert_eq!(means(&db, ada).await, SignInMeans { providers: vec!["Corp".into()], ..Default::default() });

    // And back: a password that is set by a link ends the identity, and what its groups stood for.
    let grants = [mapped(Role::Viewer, "all")];
    db.store.map_grants(ada, "corp", &grants, |_| event(AuditAction::GroupsMapped), NOW).await.unwrap();
    put().await;
    let reset = event(AuditAction::PasswordReset);
    assert!(db.store.use_sign_in_link(&[1], "Ada", "$argon2id$", &reset, NOW).await.unwrap());
    assert_eq!(means(&db, ada).await, SignInMeans { password: true, ..Default::default() });
    assert_eq!(db.store.user_by_id(ada).await.unwrap().unwrap().given.len(), 1);
}

#[tokio::test]
async fn who_signs_in_by_a_provider_of_the_configuration_counts_for_the_last_administrator() {
    let db = with_provider().await;
    let local = local(&db).await;
    newcomer(&db, "eve", vec![mapped(Role::Administrator, "admins")]).await;
    let disable = async |disabled| {
        let disabling = event(AuditAction::PersonDisabled);
        db.store.set_user_disabled(local, disabled, &disabling, NOW).await.unwrap()
    };
    assert_eq!(disable(true).await, Ok(()));
    assert_eq!(disable(false).await, Ok(()));
    db.store.put_sign_in_providers(&[]).await.unwrap();
    assert_eq!(disable(true).await, Err(crate::StillNeeded), "nobody else can sign in any more");
}

#[tokio::test]
async fn sessions_of_a_provider_that_is_there_no_more_end_and_no_others() {
    let db = with_provider().await;
    let (local, theirs) = (local(&db).await, newcomer(&db, "eve", Vec::new()).await);
    for (user, issuer) in [(local, None), (theirs, Some(ISSUER))] {
        let sql =
            "INSERT INTO sessions (id_hash, user_id, data, created_at, expires_at, ends_at, provider_issuer)
            VALUES (sha256($1::text::bytea), $1, '{}', $2, $3, $3, $4)";
        let query = sqlx::query(sql).bind(user).bind(NOW).bind(NOW + time::Duration::HOUR).bind(issuer);
        query.execute(&db.store.pool).await.unwrap();
    }
    let sessions = async |id| db.store.member(id, NOW).await.unwrap().unwrap().sessions;
    let corp =
        SignInProvider { issuer: ISSUER.into(), name: "corp".into(), title: "Corp".into(), directory: false };
    db.store.put_sign_in_providers(&[corp]).await.unwrap();
    assert_eq!((sessions(local).await, sessions(theirs).await), (1, 1), "a start ends none");
    db.store.put_sign_in_providers(&[]).await.unwrap();
    assert_eq!((sessions(local).await, sessions(theirs).await), (1, 0));
}
