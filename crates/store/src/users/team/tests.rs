use futures::future::join_all;
use model::{
    Role,
    access::{Grant, Scope},
    audit::{AuditAction, AuditFilter},
    team::{GrantSource, rights},
};
use time::{Duration, macros::datetime};

use super::*;
use crate::{
    Actor, NewSignInLink,
    testing::{TestDatabase, database, person},
};

const NOW: OffsetDateTime = datetime!(2026-11-20 08:00 UTC);

fn event(action: AuditAction) -> NewAudit {
    NewAudit::done(Actor::default(), action)
}

/// Somebody who can sign in.
async fn somebody(db: &TestDatabase, name: &str, role: Role) -> UserId {
    let id = db.store.create_user(person(&format!("{name}@example.com"), role), NOW).await.unwrap();
    db.store.change_password(id, "$argon2id$", "", &event(AuditAction::PasswordChanged), NOW).await.unwrap();
    id
}

fn by_hand(role: Role) -> Vec<GivenGrant> {
    let source = GrantSource::ByHand { by: "ada@example.com".into() };
    vec![GivenGrant { grant: Grant { role, scope: Scope::All }, source }]
}

async fn session(db: &TestDatabase, user: UserId) {
    let sql = "INSERT INTO sessions (id_hash, user_id, data, created_at, expires_at, ends_at)
        VALUES (sha256($1::text::bytea), $1, '{}', $2, $3, $3)";
    sqlx::query(sql).bind(user).bind(NOW).bind(NOW + Duration::HOUR).execute(&db.store.pool).await.unwrap();
}

#[tokio::test]
async fn the_last_administrator_who_can_sign_in_stays() {
    let db = database().await;
    let ada = somebody(&db, "ada", Role::Administrator).await;
    // These may as much, and cannot sign in or not everywhere.
    db.store.create_user(person("invited@example.com", Role::Administrator), NOW).await.unwrap();
    let off = somebody(&db, "off", Role::Administrator).await;
    let disable = event(AuditAction::PersonDisabled);
    assert_eq!(db.store.set_user_disabled(off, true, &disable, NOW).await.unwrap(), Ok(()));
    let part = somebody(&db, "part", Role::Viewer).await;
    let scope = Scope::Below(vec!["r-ab12".parse().unwrap()]);
    let given = vec![GivenGrant {
        grant: Grant { role: Role::Administrator, scope },
        source: GrantSource::ByHand { by: String::new() },
    }];
    assert_eq!(db.store.give(part, &given, &event(AuditAction::RightsGiven), NOW).await.unwrap(), Ok(()));

    assert_eq!(db.store.set_user_disabled(ada, true, &disable, NOW).await.unwrap(), Err(StillNeeded));
    let delete = event(AuditAction::PersonDeleted);
    assert_eq!(db.store.delete_user(ada, &delete, NOW).await.unwrap(), Err(StillNeeded));
    let give = event(AuditAction::RightsGiven);
    let demoted = db.store.give(ada, &by_hand(Role::PolicyAuthor), &give, NOW).await.unwrap();
    assert_eq!(demoted, Err(StillNeeded));
    let still = db.store.member(ada, NOW).await.unwrap().unwrap();
    assert!(still.is_whole_administrator(), "nothing of it was done");
    let of = |action: AuditAction| AuditFilter { action: action.as_str().into(), ..AuditFilter::default() };
    assert_eq!(
        db.store
            .audit(crate::AuditSearch::of_all(
                &of(AuditAction::PersonDeleted),
                model::audit::Period::default()
            ))
            .await
            .unwrap()
            .rows
            .len(),
        0
    );

    let bob = somebody(&db, "bob", Role::Administrator).await;
    assert_eq!(db.store.delete_user(ada, &delete, NOW).await.unwrap(), Ok(()));
    assert_eq!(db.store.delete_user(bob, &delete, NOW).await.unwrap(), Err(StillNeeded));
    assert_eq!(
        db.store
            .audit(crate::AuditSearch::of_all(
                &of(AuditAction::PersonDeleted),
                model::audit::Period::default()
            ))
            .await
            .unwrap()
            .rows
            .len(),
        1
    );
}

#[tokio::test]
async fn of_administrators_who_all_go_at_once_one_stays() {
    let db = database().await;
    let mut ids = Vec::new();
    for n in 0..6 {
        ids.push(somebody(&db, &format!("ada{n}"), Role::Administrator).await);
    }
    let tries = ids.into_iter().enumerate().map(|(n, id)| {
        let store = db.store.clone();
        async move {
            match n % 3 {
                0 => store.delete_user(id, &event(AuditAction::PersonDeleted), NOW).await,
                1 => store.set_user_disabled(id, true, &event(AuditAction::PersonDisabled), NOW).await,
                _ => store.give(id, &by_hand(Role::Viewer), &event(AuditAction::RightsGiven), NOW).await,
            }
            .unwrap()
        }
    });
    let results = join_all(tries).await;
    assert_eq!(results.iter().filter(|result| **result == Err(StillNeeded)).count(), 1, "{results:?}");
    let left = db.store.members(NOW).await.unwrap();
    assert_eq!(left.iter().filter(|member| member.is_whole_administrator()).count(), 1);
}

#[tokio::test]
async fn what_an_administrator_gives_takes_the_place_of_what_was_given_and_not_of_what_a_group_stands_for() {
    let db = database().await;
    somebody(&db, "ada", Role::Administrator).await;
    let bob = somebody(&db, "bob", Role::Viewer).await;
    let mapped = GrantSource::Mapping { provider: "entra".into(), group: "backup".into() };
    let group = GivenGrant { grant: Grant { role: Role::Auditor, scope: Scope::All }, source: mapped };
    let mut tx = db.store.begin().await.unwrap();
    grants::insert(&mut tx, bob, std::slice::from_ref(&group), NOW).await.unwrap();
    tx.commit().await.unwrap();
    session(&db, bob).await;
    db.store
        .give(bob, &by_hand(Role::Operator), &event(AuditAction::RightsGiven), NOW)
        .await
        .unwrap()
        .unwrap();
    let member = db.store.member(bob, NOW).await.unwrap().unwrap();
    assert_eq!(member.given, [vec![group], by_hand(Role::Operator)].concat());
    assert_eq!(rights(&member.given).role(), Some(Role::Operator));
    assert_eq!(member.sessions, 0, "who may more or less signs in anew");
}

#[tokio::test]
async fn who_is_disabled_or_deleted_has_no_session_and_no_link() {
    let db = database().await;
    somebody(&db, "ada", Role::Administrator).await;
    let bob = somebody(&db, "bob", Role::Viewer).await;
    let link = NewSignInLink {
        token_hash: vec![7],
        purpose: LinkPurpose::Reset,
        made_by: "ada@example.com".into(),
        expires_at: NOW + Duration::DAY,
    };
    db.store.put_sign_in_link(bob, &link, &event(AuditAction::ResetStarted), NOW).await.unwrap();
    session(&db, bob).await;
    let before = db.store.member(bob, NOW).await.unwrap().unwrap();
    assert_eq!((before.sessions, before.link.map(|link| link.purpose)), (1, Some(LinkPurpose::Reset)));
    let disable = event(AuditAction::PersonDisabled);
    db.store.set_user_disabled(bob, true, &disable, NOW).await.unwrap().unwrap();
    let after = db.store.member(bob, NOW).await.unwrap().unwrap();
    assert_eq!((after.sessions, after.link, after.disabled), (0, None, true));
    assert_eq!(db.store.sign_in_link(&[7], NOW).await.unwrap(), None);
    let delete = event(AuditAction::PersonDeleted);
    db.store.delete_user(bob, &delete, NOW).await.unwrap().unwrap();
    assert_eq!(db.store.member(bob, NOW).await.unwrap(), None);
    let gone = db.store.delete_user(bob, &delete, NOW).await.unwrap_err();
    assert!(matches!(gone, StoreError::WrongRowCount { .. }), "{gone:?}");
}
