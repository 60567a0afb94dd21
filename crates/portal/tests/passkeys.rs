//! Passkeys, with an authenticator in software: made, signed in with, refused, removed.

#![recursion_limit = "256"]
#![expect(clippy::unwrap_used, reason = "a test fails where something is not as it must be")]

#[path = "authenticator/authenticator.rs"]
mod authenticator;
#[path = "house/house.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod house;

use authenticator::{Answer, Authenticator};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use house::{EMAIL, House, NOW, PASSWORD, portal_on};
use model::{
    FailureCode, Role,
    access::{Grant, Scope},
    audit::{AuditAction, AuditEntry, AuditFilter},
};
use portal::{
    Caller, Entry, Invitation, Joining, Origin, PasskeyJoining, PendingPasskey, Portal, PortalError,
    RelyingParty, SignInRefusal, Visitor,
};
use time::Duration;

const ORIGIN: &str = "https://backup.example.com";
const FROM: &str = "192.0.2.1";

fn party() -> RelyingParty {
    RelyingParty::of(&[ORIGIN.to_owned()]).unwrap()
}

fn right() -> Answer {
    Answer::at(ORIGIN)
}

fn from() -> Visitor<'static> {
    Visitor::from(FROM)
}

/// Adds a passkey to an account.
async fn add(portal: &Portal, caller: &Caller, name: &str) -> Authenticator {
    let mut authenticator = Authenticator::new();
    let (pending, options) = portal.begin_passkey(caller, &party()).await.unwrap();
    let answer = authenticator.make(&options, &right());
    portal.add_passkey(caller, &party(), Some(pending), name, &answer).await.unwrap();
    authenticator
}

async fn sign_in(
    portal: &Portal,
    authenticator: &mut Authenticator,
    how: &Answer,
) -> Result<Caller, SignInRefusal> {
    let (pending, options) = portal.begin_passkey_sign_in(&party()).unwrap();
    let answer = authenticator.sign(&options, how);
    portal.sign_in_with_passkey(&party(), Some(pending), &answer, from()).await
}

async fn audit(house: &House, action: AuditAction) -> Vec<AuditEntry> {
    let filter = AuditFilter { action: action.as_str().into(), ..AuditFilter::default() };
    house.portal.audit(&house.admin, &filter).await.unwrap().rows
}

async fn means(house: &House, caller: &Caller) -> model::team::SignInMeans {
    house.portal.own_means(caller).await.unwrap()
}

/// Bob, who joined with a passkey and has no password.
async fn bob(house: &House) -> (Caller, Authenticator) {
    let grant = Grant { role: Role::Viewer, scope: Scope::All };
    let invitation = Invitation { email: "bob@example.com".into(), name: "Bob".into(), grant };
    let link = house.portal.invite_person(&house.admin, invitation).await.unwrap();
    let token = link.path.split_once("token=").unwrap().1.to_owned();
    join(&house.portal, &token).await.unwrap()
}

async fn join(portal: &Portal, token: &str) -> Result<(Caller, Authenticator), SignInRefusal> {
    let (pending, options) = portal.begin_passkey_join(&party(), token, from()).await?;
    let mut authenticator = Authenticator::new();
    let answer = authenticator.make(&options, &right());
    let joining = PasskeyJoining { token: token.to_owned(), name: "Bob".into(), answer };
    Ok((portal.join_with_passkey(&party(), Some(pending), joining, from()).await?, authenticator))
}

#[tokio::test]
async fn a_passkey_is_added_and_lets_in_by_itself() {
    let house = House::empty().await;
    let portal = &house.portal;
    let mut laptop = add(portal, &house.admin, " Laptop ").await;
    let listed = portal.account(&house.admin).await.unwrap().passkeys;
    assert_eq!((listed.len(), listed[0].name.as_str(), listed[0].made_at), (1, "Laptop", NOW));
    assert_eq!(listed[0].used_at, None);
    let handle = BASE64_URL_SAFE_NO_PAD.decode(laptop.handle()).unwrap();
    assert_eq!(handle.len(), 64);
    assert!(!handle.windows(3).any(|part| EMAIL.as_bytes().windows(3).any(|of| of == part)), "no address");

    let ada = sign_in(portal, &mut laptop, &right()).await.unwrap();
    assert!(ada.user_id() == house.admin.user_id() && ada.is_confirmed());
    assert_eq!(portal.account(&ada).await.unwrap().passkeys[0].used_at, Some(NOW));
    let entries = audit(&house, AuditAction::SignIn).await;
    assert_eq!((entries[0].actor.as_str(), entries[0].detail.words().as_str()), (EMAIL, "By a passkey."));
    assert_eq!(audit(&house, AuditAction::PasskeyAdded).await[0].detail.words(), "“Laptop”.");

    // The password alone is not enough any more.
    assert_eq!(portal.sign_in(EMAIL, PASSWORD, FROM).await.unwrap(), Entry::Passkey);
    assert!(means(&house, &house.admin).await.second_factor());
    let again = portal.begin_passkey(&house.admin, &party()).await.unwrap().1;
    let again: serde_json::Value = serde_json::from_str(&again).unwrap();
    assert_eq!(again["excludeCredentials"].as_array().unwrap().len(), 1, "no second one on the same device");
    assert_eq!(again["user"]["id"].as_str(), Some(laptop.handle()), "one handle for all");
}

#[tokio::test]
async fn what_is_forged_replayed_or_made_for_somebody_else_is_refused() {
    let house = House::empty().await;
    let portal = &house.portal;
    let mut key = add(portal, &house.admin, "Key").await;
    sign_in(portal, &mut key, &right()).await.unwrap();
    let bad = [
        ("forged", Answer { forged: true, ..right() }),
        ("another origin", Answer::at("https://evil.example")),
        ("another port", Answer::at("https://backup.example.com:8443")),
        ("plain HTTP", Answer::at("http://backup.example.com")),
        ("another relying party", Answer { party: Some("evil.example".into()), ..right() }),
        ("another challenge", Answer { challenge: Some("AAAAAAAAAAAAAAAAAAAAAA".into()), ..right() }),
        ("the wrong kind", Answer { kind: Some("webauthn.create"), ..right() }),
        ("nobody asked", Answer { unverified: true, ..right() }),
        ("nobody there", Answer { absent: true, ..right() }),
        ("a cloned counter", Answer { count: Some(1), ..right() }),
        ("another handle", Answer { handle: Some(BASE64_URL_SAFE_NO_PAD.encode([7; 64])), ..right() }),
    ];
    for (what, how) in &bad {
        let refused = sign_in(portal, &mut key, how).await;
        assert!(matches!(refused, Err(SignInRefusal::Credentials)), "{what}: {refused:?}");
    }
    assert!(sign_in(portal, &mut Authenticator::new(), &right()).await.is_err(), "an unknown one");

    // An answer is one to its own challenge alone, whatever the session keeps.
    let (first, options) = portal.begin_passkey_sign_in(&party()).unwrap();
    let answer = key.sign(&options, &right());
    let (second, _) = portal.begin_passkey_sign_in(&party()).unwrap();
    let enter = async |pending, answer: &str| {
        portal.sign_in_with_passkey(&party(), pending, answer, from()).await.map(|caller| caller.user_id())
    };
    assert!(enter(Some(second), &answer).await.is_err(), "of another session");
    assert!(enter(None, &answer).await.is_err(), "nothing was begun");
    assert!(enter(Some(first.clone()), "{}").await.is_err() && enter(Some(first.clone()), "").await.is_err());
    assert_eq!(enter(Some(first.clone()), &answer).await.unwrap(), house.admin.user_id());
    assert!(enter(Some(first), &answer).await.is_err(), "its count of signatures was seen");
    assert!(portal.account(&house.admin).await.unwrap().passkeys[0].used_at.is_some());
    let refused = audit(&house, AuditAction::SignInRefused).await;
    assert!(refused.iter().any(|entry| entry.actor == EMAIL), "{refused:?}");
}

#[tokio::test]
async fn a_challenge_is_good_for_five_minutes_and_for_what_it_was_begun_for() {
    let house = House::empty().await;
    let mut key = add(&house.portal, &house.admin, "Key").await;
    let store = &house.database.store;
    let later = portal_on(store, house.aws.clone(), || NOW + Duration::minutes(5));
    let sooner = portal_on(store, house.aws.clone(), || NOW + Duration::seconds(299));
    let enter = async |portal: &Portal, key: &mut Authenticator| {
        let (pending, options) = house.portal.begin_passkey_sign_in(&party()).unwrap();
        let answer = key.sign(&options, &right());
        portal.sign_in_with_passkey(&party(), Some(pending), &answer, from()).await
    };
    assert!(matches!(enter(&later, &mut key).await, Err(SignInRefusal::Credentials)));
    assert!(enter(&sooner, &mut key).await.is_ok());

    let portal = &house.portal;
    let (confirmation, options) = portal.begin_passkey_confirmation(&house.admin, &party()).await.unwrap();
    let answer = key.sign(&options, &right());
    let in_by = async |pending: PendingPasskey, answer: &str| {
        portal.sign_in_with_passkey(&party(), Some(pending), answer, from()).await
    };
    assert!(in_by(confirmation.clone(), &answer).await.is_err(), "a confirmation is no sign-in");
    let confirm = async |caller: &Caller, pending, answer: &str| {
        portal.confirm_with_passkey(caller, &party(), pending, answer).await.unwrap()
    };
    let eve = house.person(Role::Viewer).await;
    assert!(!confirm(&eve, Some(confirmation.clone()), &answer).await, "another session's");
    assert!(confirm(&house.admin, Some(confirmation), &answer).await);
    let (theirs, options) = portal.begin_passkey_confirmation(&eve, &party()).await.unwrap();
    let answer = key.sign(&options, &right());
    assert!(!confirm(&eve, Some(theirs), &answer).await, "somebody else's passkey");
    let (sign_in, options) = portal.begin_passkey_sign_in(&party()).unwrap();
    let answer = key.sign(&options, &right());
    assert!(!confirm(&house.admin, Some(sign_in), &answer).await, "a sign-in is no confirmation");
}

#[tokio::test]
async fn a_new_passkey_is_taken_only_as_the_answer_to_what_its_owner_was_asked() {
    let house = House::empty().await;
    let portal = &house.portal;
    let bad = [
        ("another origin", Answer::at("https://evil.example")),
        ("another relying party", Answer { party: Some("evil.example".into()), ..right() }),
        ("another challenge", Answer { challenge: Some("AAAAAAAAAAAAAAAAAAAAAA".into()), ..right() }),
        ("the wrong kind", Answer { kind: Some("webauthn.get"), ..right() }),
        ("nobody asked", Answer { unverified: true, ..right() }),
    ];
    for (what, how) in &bad {
        let (pending, options) = portal.begin_passkey(&house.admin, &party()).await.unwrap();
        let answer = Authenticator::new().make(&options, how);
        let refused = portal.add_passkey(&house.admin, &party(), Some(pending), "Key", &answer).await;
        let refused = refused.unwrap_err().into_failure();
        assert!(refused.field("passkey").is_some(), "{what}: {refused:?}");
    }
    let (pending, options) = portal.begin_passkey(&house.admin, &party()).await.unwrap();
    let mut key = Authenticator::new();
    let answer = key.make(&options, &right());
    let take = async |caller: &Caller, pending, name: &str| {
        portal.add_passkey(caller, &party(), pending, name, &answer).await.map_err(PortalError::into_failure)
    };
    assert!(take(&house.admin, None, "Key").await.is_err(), "nothing was begun");
    let eve = house.person(Role::Viewer).await;
    assert!(take(&eve, Some(pending.clone()), "Key").await.is_err(), "another session's");
    assert!(take(&house.admin, Some(pending.clone()), " ").await.unwrap_err().field("name").is_some());
    take(&house.admin, Some(pending.clone()), "Key").await.unwrap();
    let known = take(&house.admin, Some(pending), "Key").await.unwrap_err();
    assert!(known.field("passkey").unwrap().contains("known"), "{known:?}");
    let stale = portal.caller(house.admin.user_id(), Origin::default(), None).await.unwrap().unwrap();
    let refused = portal.begin_passkey(&stale, &party()).await.unwrap_err().into_failure();
    assert!(matches!(refused.code, FailureCode::Unconfirmed { .. }));
}

#[tokio::test]
async fn of_two_answers_with_one_count_of_signatures_one_lets_in() {
    let house = House::empty().await;
    let portal = &house.portal;
    let mut key = add(portal, &house.admin, "Key").await;
    let answers: Vec<_> = (0..8)
        .map(|_| {
            let (pending, options) = portal.begin_passkey_sign_in(&party()).unwrap();
            (pending, key.sign(&options, &Answer { count: Some(1), ..right() }))
        })
        .collect();
    let tries = answers.into_iter().map(|(pending, answer)| async move {
        portal.sign_in_with_passkey(&party(), Some(pending), &answer, from()).await
    });
    let results = futures::future::join_all(tries).await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1, "{results:?}");
}

#[tokio::test]
async fn who_is_invited_joins_with_a_passkey_and_has_no_password() {
    let house = House::empty().await;
    let (bob, mut phone) = bob(&house).await;
    assert_eq!(means(&house, &bob).await.words(), "passkey");
    assert_eq!(sign_in(&house.portal, &mut phone, &right()).await.unwrap().user_id(), bob.user_id());
    let password = house.portal.sign_in("bob@example.com", PASSWORD, FROM).await;
    assert!(matches!(password, Err(SignInRefusal::Credentials)));
    assert_eq!(audit(&house, AuditAction::PersonJoined).await[0].detail.words(), "With a passkey.");

    // A reset ends it, and not before the link is used.
    let link = house.portal.start_reset(&house.admin, bob.user_id()).await.unwrap();
    let token = link.path.split_once("token=").unwrap().1.to_owned();
    assert!(sign_in(&house.portal, &mut phone, &right()).await.is_ok());
    let (_, mut other) = join(&house.portal, &token).await.unwrap();
    assert!(matches!(join(&house.portal, &token).await, Err(SignInRefusal::Portal(_))), "once");
    assert!(sign_in(&house.portal, &mut phone, &right()).await.is_err());
    assert!(sign_in(&house.portal, &mut other, &right()).await.is_ok());
    let link = house.portal.start_reset(&house.admin, bob.user_id()).await.unwrap();
    let token = link.path.split_once("token=").unwrap().1.to_owned();
    let password = "a phrase in its place 8".to_owned();
    house.portal.join(Joining { token, name: "Bob".into(), password }, FROM).await.unwrap();
    assert!(sign_in(&house.portal, &mut other, &right()).await.is_err());
    assert_eq!(means(&house, &bob).await.words(), "password");
}

#[tokio::test]
async fn the_last_way_to_sign_in_is_not_removed_and_who_is_disabled_is_out() {
    let house = House::empty().await;
    let (bob, mut phone) = bob(&house).await;
    let portal = &house.portal;
    let own = portal.account(&bob).await.unwrap().passkeys[0].id;
    let last = portal.remove_passkey(&bob, own).await.unwrap_err();
    assert!(matches!(last, PortalError::Conflict(_)), "{last:?}");
    assert!(matches!(portal.remove_passkey(&house.admin, own).await, Err(PortalError::NotFound { .. })));
    assert!(matches!(portal.rename_passkey(&house.admin, own, "x").await, Err(PortalError::NotFound { .. })));
    portal.rename_passkey(&bob, own, "Phone").await.unwrap();
    let mut key = add(portal, &bob, "Key").await;
    let names = portal.account(&bob).await.unwrap().passkeys;
    assert_eq!(names.iter().map(|passkey| passkey.name.as_str()).collect::<Vec<_>>(), ["Phone", "Key"]);
    // Of both at once, one stays.
    let ids: Vec<i64> = names.iter().map(|passkey| passkey.id).collect();
    let removed = futures::future::join_all(ids.iter().map(|id| portal.remove_passkey(&bob, *id))).await;
    assert_eq!(removed.iter().filter(|removed| removed.is_ok()).count(), 1, "{removed:?}");
    assert_eq!(audit(&house, AuditAction::PasskeyRemoved).await.len(), 1);
    let left = [sign_in(portal, &mut phone, &right()).await, sign_in(portal, &mut key, &right()).await];
    assert_eq!(left.iter().filter(|entered| entered.is_ok()).count(), 1);
    portal.set_person_disabled(&house.admin, bob.user_id(), true).await.unwrap();
    for key in [&mut phone, &mut key] {
        assert!(matches!(sign_in(portal, key, &right()).await, Err(SignInRefusal::Credentials)));
    }
}

#[tokio::test]
async fn wrong_answers_count_for_their_address_before_they_are_judged() {
    let house = House::empty().await;
    let mut key = add(&house.portal, &house.admin, "Key").await;
    let wrong: Vec<_> = (0..60)
        .map(|_| {
            let (pending, options) = house.portal.begin_passkey_sign_in(&party()).unwrap();
            (pending, key.sign(&options, &Answer { forged: true, ..right() }))
        })
        .collect();
    let tries = wrong.into_iter().map(|(pending, answer)| {
        let portal = house.portal.clone();
        async move { portal.sign_in_with_passkey(&party(), Some(pending), &answer, from()).await }
    });
    let results = futures::future::join_all(tries).await;
    let judged = results.iter().filter(|r| matches!(r, Err(SignInRefusal::Credentials))).count();
    assert_eq!(judged, 20);
    let (pending, options) = house.portal.begin_passkey_sign_in(&party()).unwrap();
    let answer = key.sign(&options, &right());
    let elsewhere = Visitor::from("203.0.113.9");
    assert!(house.portal.sign_in_with_passkey(&party(), Some(pending), &answer, elsewhere).await.is_ok());
}
