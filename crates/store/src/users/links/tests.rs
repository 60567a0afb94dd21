use futures::future::join_all;
use model::{Role, audit::AuditAction};
use time::{Duration, macros::datetime};

use super::*;
use crate::{
    Actor,
    testing::{database, person},
};

const NOW: OffsetDateTime = datetime!(2026-11-20 08:00 UTC);

fn event(action: AuditAction) -> NewAudit {
    NewAudit::done(Actor::default(), action)
}

fn link(token: u8, purpose: LinkPurpose) -> NewSignInLink {
    let made_by = "ada@example.com".to_owned();
    NewSignInLink { token_hash: vec![token], purpose, made_by, expires_at: NOW + Duration::DAY }
}

#[tokio::test]
async fn a_link_works_once_until_its_end_and_a_newer_one_ends_it() {
    let db = database().await;
    let invited = person("bob@example.com", Role::Viewer);
    let (first, written) = (link(1, LinkPurpose::Invitation), event(AuditAction::PersonInvited));
    let id = db.store.invite_user(&invited, &first, &written, NOW).await.unwrap();
    let holder = async |token: u8, at| {
        db.store.sign_in_link(&[token], at).await.unwrap().map(|(user, purpose)| (user.id, purpose))
    };
    assert_eq!(holder(1, NOW).await, Some((id, LinkPurpose::Invitation)));
    assert_eq!(holder(1, NOW + Duration::DAY).await, None);
    let started = event(AuditAction::ResetStarted);
    db.store.put_sign_in_link(id, &link(2, LinkPurpose::Invitation), &started, NOW).await.unwrap();
    assert_eq!((holder(1, NOW).await, holder(2, NOW).await), (None, Some((id, LinkPurpose::Invitation))));
    let uses = (0..8).map(|n| {
        let store = db.store.clone();
        let hash = format!("$argon2id${n}");
        async move {
            store.use_sign_in_link(&[2], "Bob", &hash, &event(AuditAction::PersonJoined), NOW).await.unwrap()
        }
    });
    let used = join_all(uses).await;
    assert_eq!(used.iter().filter(|used| **used).count(), 1, "{used:?}");
    assert_eq!(holder(2, NOW).await, None);
    let bob = db.store.user_by_id(id).await.unwrap().unwrap();
    assert_eq!((bob.name.as_str(), bob.password_hash.is_some()), ("Bob", true));
}

#[tokio::test]
async fn a_reset_ends_every_other_way_in_but_not_before_it_is_used() {
    let db = database().await;
    let id = db.store.create_user(person("bob@example.com", Role::Viewer), NOW).await.unwrap();
    db.store.put_code_secret(id, &[1]).await.unwrap();
    let set_up = event(AuditAction::CodesSetUp);
    assert!(db.store.confirm_codes(id, 1, &[vec![1], vec![2]], &set_up, NOW).await.unwrap());
    db.store.know_browser(id, &[9], None, NOW, NOW + Duration::DAY).await.unwrap();
    let started = event(AuditAction::ResetStarted);
    db.store.put_sign_in_link(id, &link(1, LinkPurpose::Reset), &started, NOW).await.unwrap();
    let before = db.store.member(id, NOW).await.unwrap().unwrap().means;
    assert_eq!((before.codes, before.recovery_codes), (true, 2));
    let reset = event(AuditAction::PasswordReset);
    assert!(db.store.use_sign_in_link(&[1], "Bob", "$argon2id$", &reset, NOW).await.unwrap());
    let after = db.store.member(id, NOW).await.unwrap().unwrap().means;
    assert_eq!((after.password, after.codes, after.recovery_codes), (true, false, 0));
    assert_eq!(db.store.known_browser(&[9], NOW).await.unwrap(), None);
}

#[tokio::test]
async fn a_code_and_a_recovery_code_are_taken_once() {
    let db = database().await;
    let id = db.store.create_user(person("bob@example.com", Role::Viewer), NOW).await.unwrap();
    assert!(db.store.put_code_secret(id, &[1]).await.unwrap());
    assert!(!db.store.take_code(id, 7).await.unwrap(), "it does not count yet");
    let set_up = event(AuditAction::CodesSetUp);
    assert!(db.store.confirm_codes(id, 7, &[vec![1]], &set_up, NOW).await.unwrap());
    assert!(!db.store.confirm_codes(id, 9, &[], &set_up, NOW).await.unwrap(), "it counts already");
    assert!(!db.store.put_code_secret(id, &[2]).await.unwrap(), "one that counts is not replaced");
    let takes = (0..6).map(|_| db.store.take_code(id, 8));
    let taken = join_all(takes).await;
    assert_eq!(taken.iter().filter(|taken| matches!(taken, Ok(true))).count(), 1);
    assert!(!db.store.take_code(id, 7).await.unwrap(), "an older one is not taken after it");
    let takes = (0..6).map(|_| db.store.take_recovery_code(id, &[1]));
    let taken = join_all(takes).await;
    assert_eq!(taken.iter().filter(|taken| matches!(taken, Ok(true))).count(), 1);
}
