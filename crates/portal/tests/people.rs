//! People: invited, limited, with second factors, and shown the door.

#![recursion_limit = "256"]
#![expect(clippy::unwrap_used, reason = "a test fails where something is not as it must be")]

#[path = "house/house.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod house;

use house::{EMAIL, House, NOW, PASSWORD};
use model::{
    Failure, FailureCode, Role, TargetId,
    access::{Grant, Scope},
    audit::{AuditAction, AuditDetail, AuditFilter},
    organization::TreeQuery,
    settings::Setting,
    team::{GrantSource, LinkPurpose, NewLink},
};
use portal::{Caller, Entry, Invitation, Joining, Origin, PortalError, SignInRefusal};
use time::Duration;
use totp_rs::{Builder, Secret};

const FROM: &str = "192.0.2.1";
const NEW_PASSWORD: &str = "another phrase that is long 9";

fn token(link: &NewLink) -> String {
    link.path.split_once("token=").unwrap().1.to_owned()
}

fn joining(link: &NewLink) -> Joining {
    Joining { token: token(link), name: "Bob".into(), password: NEW_PASSWORD.into() }
}

async fn invite(house: &House, grant: Grant) -> NewLink {
    let invitation = Invitation { email: "Bob@Example.com ".into(), name: "Robert".into(), grant };
    house.portal.invite_person(&house.admin, invitation).await.unwrap()
}

/// Bob, who was invited and has joined.
async fn bob(house: &House, grant: Grant) -> Caller {
    let link = invite(house, grant).await;
    house.portal.join(joining(&link), FROM).await.unwrap()
}

fn everywhere(role: Role) -> Grant {
    Grant { role, scope: Scope::All }
}

async fn audit(house: &House, action: AuditAction) -> Vec<model::audit::AuditEntry> {
    let filter = AuditFilter { action: action.as_str().into(), ..AuditFilter::default() };
    house.portal.audit(&house.admin, &filter).await.unwrap().rows
}

fn code_of(error: PortalError) -> FailureCode {
    let Failure { code, .. } = error.into_failure();
    code
}

/// An OU with accounts in it, and how many.
async fn an_ou(house: &House) -> (TargetId, u64) {
    let tree = house.portal.tree(&house.admin, &TreeQuery::default()).await.unwrap();
    let ou =
        tree.rows.iter().find(|row| row.id.as_str().starts_with("ou-") && row.accounts_below > 0).unwrap();
    (ou.id.clone(), ou.accounts_below)
}

#[tokio::test]
async fn who_is_invited_to_a_part_joins_by_the_link_once_and_sees_that_part_alone() {
    let house = House::with_organization().await;
    let (ou, accounts) = an_ou(&house).await;
    let grant = Grant { role: Role::Viewer, scope: Scope::Below(vec![ou.clone()]) };
    let link = invite(&house, grant.clone()).await;
    assert_eq!((link.purpose, link.expires_at - NOW), (LinkPurpose::Invitation, Duration::hours(24)));
    let holder = house.portal.join_link(&token(&link), FROM).await.unwrap().unwrap();
    assert_eq!((holder.email.as_str(), holder.name.as_str()), ("bob@example.com", "Robert"));
    let weak = Joining { password: "short".into(), ..joining(&link) };
    let refused = house.portal.join(weak, FROM).await.unwrap_err();
    assert!(matches!(refused, SignInRefusal::Portal(PortalError::Invalid(_))), "{refused:?}");

    let bob = house.portal.join(joining(&link), FROM).await.unwrap();
    let again = house.portal.join(joining(&link), FROM).await.unwrap_err();
    assert!(matches!(again, SignInRefusal::Portal(PortalError::Conflict(_))), "{again:?}");
    assert_eq!(house.portal.join_link(&token(&link), FROM).await.unwrap(), None);
    assert_eq!(bob.rights().0, std::slice::from_ref(&grant));
    let tree = house.portal.tree(&bob, &TreeQuery::default()).await.unwrap();
    assert_eq!(tree.accounts, accounts);
    let in_again = house.portal.sign_in("bob@example.com", NEW_PASSWORD, FROM).await.unwrap();
    assert!(matches!(in_again, Entry::In(_)));

    let team = house.portal.team(&house.admin).await.unwrap();
    let member = team.members.iter().find(|member| member.email == "bob@example.com").unwrap();
    assert_eq!(member.given[0].source, GrantSource::Invitation { by: EMAIL.into() });
    assert_eq!((member.link, member.last_sign_in_at), (None, Some(NOW)));
    assert!(team.places.iter().any(|(id, name)| id == ou.as_str() && !name.is_empty()));
    let invited = audit(&house, AuditAction::PersonInvited).await;
    assert_eq!((invited.len(), invited[0].subject.id.as_str()), (1, "bob@example.com"));
    assert!(matches!(&invited[0].detail, AuditDetail::Rights { after, .. } if after[0].grant == grant));
    assert_eq!(audit(&house, AuditAction::PersonJoined).await[0].actor, "bob@example.com");
}

#[tokio::test]
async fn an_address_is_invited_once_and_no_grant_is_for_places_that_there_are_not() {
    let house = House::with_organization().await;
    invite(&house, everywhere(Role::Viewer)).await;
    let again =
        Invitation { email: "bob@example.com".into(), name: "Bob".into(), grant: everywhere(Role::Viewer) };
    let refused = house.portal.invite_person(&house.admin, again).await.unwrap_err().into_failure();
    assert!(refused.field("email").unwrap().contains("already"), "{refused:?}");
    for scope in [Scope::Below(Vec::new()), Scope::Below(vec!["ou-none-12345678".parse().unwrap()])] {
        let grant = Grant { role: Role::Viewer, scope };
        let invitation = Invitation { email: "eve@example.com".into(), name: "Eve".into(), grant };
        let refused = house.portal.invite_person(&house.admin, invitation).await.unwrap_err().into_failure();
        assert!(refused.field("places").is_some(), "{refused:?}");
    }
    assert_eq!(house.portal.team(&house.admin).await.unwrap().members.len(), 2);
}

#[tokio::test]
async fn a_reset_lets_choose_a_new_password_and_nobody_else_learns_it() {
    let house = House::empty().await;
    let bob = bob(&house, everywhere(Role::Viewer)).await;
    let link = house.portal.start_reset(&house.admin, bob.user_id()).await.unwrap();
    assert_eq!(link.purpose, LinkPurpose::Reset);
    let before = house.portal.sign_in("bob@example.com", NEW_PASSWORD, FROM).await;
    assert!(before.is_ok(), "until the link is used nothing changes");
    let chosen = Joining { password: "a third phrase of his own 4".into(), ..joining(&link) };
    house.portal.join(chosen, FROM).await.unwrap();
    let old = house.portal.sign_in("bob@example.com", NEW_PASSWORD, FROM).await;
    assert!(matches!(old, Err(SignInRefusal::Credentials)));
    assert_eq!(audit(&house, AuditAction::PasswordReset).await.len(), 1);
    house.portal.set_person_disabled(&house.admin, bob.user_id(), true).await.unwrap();
    let disabled = house.portal.start_reset(&house.admin, bob.user_id()).await.unwrap_err();
    assert!(matches!(disabled, PortalError::Conflict(_)));
}

#[tokio::test]
async fn rights_are_given_and_the_last_administrator_keeps_theirs() {
    let house = House::empty().await;
    let bob = bob(&house, everywhere(Role::Viewer)).await;
    let own = house.admin.user_id();
    let lost = house.portal.give_rights(&house.admin, own, everywhere(Role::Viewer)).await.unwrap_err();
    assert!(matches!(lost, PortalError::Conflict(_)), "{lost:?}");
    house.portal.give_rights(&house.admin, bob.user_id(), Grant::WHOLE).await.unwrap();
    let given = audit(&house, AuditAction::RightsGiven).await;
    assert_eq!(given.len(), 1, "what was refused is not written as done");
    let words = given[0].detail.words();
    assert!(words.contains("administrator of everything") && words.contains("before: viewer"), "{words}");
    let bob = house.portal.caller(bob.user_id(), Origin::default(), Some(NOW)).await.unwrap().unwrap();
    house.portal.delete_person(&bob, own).await.unwrap();
    assert_eq!(house.portal.caller(own, Origin::default(), Some(NOW)).await.unwrap(), None);
    let deleted = house.portal.audit(&bob, &AuditFilter::default()).await.unwrap().rows;
    assert_eq!((deleted[0].action, deleted[0].subject.id.as_str()), (AuditAction::PersonDeleted, EMAIL));
}

#[tokio::test]
async fn what_is_dangerous_wants_a_password_or_factor_of_the_last_ten_minutes() {
    let house = House::with_organization().await;
    let id = house.admin.user_id();
    let at = async |confirmed| house.portal.caller(id, Origin::default(), confirmed).await.unwrap().unwrap();
    let stale = at(Some(NOW - Duration::minutes(10))).await;
    for stale in [&stale, &at(None).await] {
        let turned = house.portal.change_setting(stale, Setting::PolicyType, false, "confirm", "").await;
        assert!(matches!(code_of(turned.unwrap_err()), FailureCode::Unconfirmed { .. }));
        let invited = invite_as(&house, stale).await;
        assert!(matches!(code_of(invited.unwrap_err()), FailureCode::Unconfirmed { .. }));
        assert!(house.portal.team(stale).await.is_ok(), "looking does no harm");
        assert!(house.portal.settings(stale).await.is_ok());
    }
    assert!(!house.portal.confirm(&stale, "not the password", "").await.unwrap());
    assert!(
        !house.portal.confirm(&stale, "", "123456").await.unwrap(),
        "there is no app that it could be of"
    );
    assert!(house.portal.confirm(&stale, PASSWORD, "").await.unwrap());
    let fresh = at(Some(NOW - Duration::minutes(9))).await;
    assert!(invite_as(&house, &fresh).await.is_ok());
    // Guessing within a session that somebody left open ends soon.
    let mut judged = 0;
    for _ in 0..20 {
        judged += u32::from(house.portal.confirm(&stale, "wrong", "").await.is_ok());
    }
    assert_eq!(judged, 8, "with the two above");
}

async fn invite_as(house: &House, caller: &Caller) -> Result<NewLink, PortalError> {
    let grant = everywhere(Role::Viewer);
    house
        .portal
        .invite_person(caller, Invitation { email: "eve@example.com".into(), name: "Eve".into(), grant })
        .await
}

/// The code that an app shows now, or so many half minutes later.
fn code(secret: &str, later: u64) -> String {
    let secret = Secret::try_from_base32(secret).unwrap();
    let totp = Builder::new().with_secret(secret).with_account_name("bob").build().unwrap();
    let now = u64::try_from(NOW.unix_timestamp()).unwrap();
    totp.generate(now + 30 * later).to_string()
}

#[tokio::test]
async fn with_an_app_a_code_is_asked_for_and_each_lets_in_once() {
    let house = House::empty().await;
    let bob = bob(&house, everywhere(Role::Viewer)).await;
    let portal = &house.portal;
    let new = portal.begin_codes(&bob).await.unwrap();
    assert!(new.picture.len() > 20 && new.uri.contains(&new.secret));
    let password = async || portal.sign_in("bob@example.com", NEW_PASSWORD, FROM).await.unwrap();
    assert!(matches!(password().await, Entry::In(_)), "an app that never showed a code locks nobody out");
    let wrong = portal.finish_codes(&bob, "000000").await.unwrap_err().into_failure();
    assert!(wrong.field("code").is_some());
    let recovery = portal.finish_codes(&bob, &code(&new.secret, 0)).await.unwrap();
    assert_eq!(recovery.len(), 10);
    assert!(matches!(portal.begin_codes(&bob).await.unwrap_err(), PortalError::Conflict(_)));

    assert_eq!(password().await, Entry::Code(bob.user_id()));
    let with = async |code: &str| portal.sign_in_with_code(bob.user_id(), code, FROM).await;
    assert!(matches!(with(&code(&new.secret, 0)).await, Err(SignInRefusal::Credentials)), "used to set up");
    assert!(with(&code(&new.secret, 1)).await.is_ok(), "half a minute ahead is in time");
    assert!(matches!(with(&code(&new.secret, 1)).await, Err(SignInRefusal::Credentials)), "once");
    let typed = recovery[0].to_uppercase().replace('-', "");
    assert!(with(&typed).await.is_ok());
    assert!(matches!(with(&recovery[0]).await, Err(SignInRefusal::Credentials)), "once");
    assert_eq!(portal.account(&bob).await.unwrap().means.recovery_codes, 9);
    assert!(portal.confirm(&bob, "", &recovery[1]).await.unwrap());
    let more = portal.make_recovery_codes(&bob).await.unwrap();
    assert!(matches!(with(&recovery[2]).await, Err(SignInRefusal::Credentials)), "those before have ended");
    assert!(with(&more[0]).await.is_ok());

    let member = portal.team(&house.admin).await.unwrap();
    let member = member.members.into_iter().find(|member| member.id == bob.user_id()).unwrap();
    assert!(member.means.second_factor());
    assert_eq!(audit(&house, AuditAction::RecoveryCodeUsed).await.len(), 2);
    portal.remove_codes(&bob).await.unwrap();
    assert!(matches!(password().await, Entry::In(_)));
}

#[tokio::test]
async fn codes_are_guessed_ten_times_and_no_more_from_however_many_addresses() {
    let house = House::empty().await;
    let bob = bob(&house, everywhere(Role::Viewer)).await;
    let new = house.portal.begin_codes(&bob).await.unwrap();
    house.portal.finish_codes(&bob, &code(&new.secret, 0)).await.unwrap();
    let tries = (0..40).map(|n| {
        let (portal, id) = (house.portal.clone(), bob.user_id());
        async move { portal.sign_in_with_code(id, "000000", format!("198.51.100.{n}").as_str()).await }
    });
    let results = futures::future::join_all(tries).await;
    let judged = results.iter().filter(|r| matches!(r, Err(SignInRefusal::Credentials))).count();
    assert_eq!(judged, 10, "{results:?}");
    let right = house.portal.sign_in_with_code(bob.user_id(), &code(&new.secret, 1), "203.0.113.1").await;
    assert!(matches!(right, Err(SignInRefusal::Limited)));
}

#[tokio::test]
async fn a_password_is_changed_by_who_knows_the_old_one() {
    let house = House::empty().await;
    let refused = house.portal.change_password(&house.admin, "not it", NEW_PASSWORD).await;
    assert!(refused.unwrap_err().into_failure().field("current_password").is_some());
    let weak = house.portal.change_password(&house.admin, PASSWORD, "short").await;
    assert!(weak.unwrap_err().into_failure().field("password").is_some());
    house.portal.change_password(&house.admin, PASSWORD, NEW_PASSWORD).await.unwrap();
    assert!(house.portal.sign_in(EMAIL, NEW_PASSWORD, FROM).await.is_ok());
    assert!(house.portal.sign_in(EMAIL, PASSWORD, FROM).await.is_err());
    house.portal.change_name(&house.admin, "Ada L.").await.unwrap();
    let account = house.portal.account(&house.admin).await.unwrap();
    assert_eq!((account.name.as_str(), account.password_changed_at), ("Ada L.", Some(NOW)));
    let odd = house.portal.change_name(&house.admin, "a\nb").await.unwrap_err().into_failure();
    assert!(odd.field("name").is_some());
}
