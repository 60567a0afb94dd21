//! Rules about signing in: who must have a second factor, and local sign-in that is off.

#![recursion_limit = "256"]
#![expect(clippy::unwrap_used, reason = "a test fails where something is not as it must be")]

#[path = "authenticator/authenticator.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod authenticator;
#[path = "house/house.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod house;

use authenticator::{Answer, Authenticator};
use house::{EMAIL, House, NOW, PASSWORD};
use model::{
    FailureCode, Role,
    access::{Grant, Scope},
    audit::{AuditAction, AuditEntry, AuditFilter},
    organization::TreeQuery,
    sign_in::{BREAK_GLASS, NO_BREAK_GLASS, NOBODY_BY_PROVIDER, SecondFactorRule},
    team::{GivenGrant, GrantSource},
};
use portal::{
    Caller, Entry, Invitation, Joining, Origin, PortalError, RelyingParty, SignInRefusal, Visitor,
    turn_local_sign_in_on,
};
use store::{Actor, Identity, NewAudit, NewUser, SignInProvider, UserId};

const ORIGIN: &str = "https://backup.example.com";
const FROM: &str = "192.0.2.1";
const ISSUER: &str = "https://id.example.com";

fn party() -> RelyingParty {
    RelyingParty::of(&[ORIGIN.to_owned()]).unwrap()
}

async fn audit(house: &House, who: &Caller, action: AuditAction) -> Vec<AuditEntry> {
    let filter = AuditFilter { action: action.as_str().into(), ..AuditFilter::default() };
    house.portal.audit(who, &filter).await.unwrap().rows
}

/// Somebody as their next request finds them.
async fn again(house: &House, id: UserId) -> Option<Caller> {
    house.portal.caller(id, Origin::default(), Some(NOW)).await.unwrap()
}

/// Somebody with a password.
async fn local(house: &House, name: &str, role: Role) -> Caller {
    let grant = Grant { role, scope: Scope::All };
    let email = format!("{name}@example.com");
    let invitation = Invitation { email, name: name.into(), grant };
    let link = house.portal.invite_person(&house.admin, invitation).await.unwrap();
    house.portal.join(joining(&link.path), FROM).await.unwrap()
}

fn joining(path: &str) -> Joining {
    let token = path.split_once("token=").unwrap().1.to_owned();
    Joining { token, name: "Somebody".into(), password: PASSWORD.into() }
}

async fn passkey(house: &House, caller: &Caller) -> Authenticator {
    let mut authenticator = Authenticator::new();
    let (pending, options) = house.portal.begin_passkey(caller, &party()).await.unwrap();
    let answer = authenticator.make(&options, &Answer::at(ORIGIN));
    house.portal.add_passkey(caller, &party(), Some(pending), "Key", &answer).await.unwrap();
    authenticator
}

async fn sign_in_by(house: &House, authenticator: &mut Authenticator) -> Result<Caller, SignInRefusal> {
    let (pending, options) = house.portal.begin_passkey_sign_in(&party()).unwrap();
    let answer = authenticator.sign(&options, &Answer::at(ORIGIN));
    house.portal.sign_in_with_passkey(&party(), Some(pending), &answer, Visitor::from(FROM)).await
}

/// An administrator of everything who has signed in at a provider of the configuration.
async fn by_provider(house: &House) -> Caller {
    let store = &house.database.store;
    let provider =
        SignInProvider { issuer: ISSUER.into(), name: "corp".into(), title: "Corp".into(), directory: false };
    store.put_sign_in_providers(&[provider]).await.unwrap();
    let given = vec![GivenGrant { grant: Grant::WHOLE, source: GrantSource::ByHand { by: String::new() } }];
    let user = NewUser { email: "eve@example.com".into(), name: "Eve".into(), password_hash: None, given };
    let identity = Identity { issuer: ISSUER.into(), subject: "eve".into() };
    let event = NewAudit::done(Actor::default(), AuditAction::PersonCameByProvider);
    let id = store.create_user_with_identity(&user, &identity, &event, NOW).await.unwrap();
    store.mark_signed_in(id, NOW).await.unwrap();
    again(house, id).await.unwrap()
}

fn conflict(refused: Result<(), PortalError>) -> String {
    match refused.unwrap_err() {
        PortalError::Conflict(why) => why,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn who_must_have_a_second_factor_sets_it_up_before_anything_else() {
    let house = House::with_organization().await;
    let (portal, admin) = (&house.portal, house.admin.user_id());
    let bob = local(&house, "bob", Role::Viewer).await;
    let must = async |id| again(&house, id).await.unwrap().must_set_up();
    let rule = async |rule| portal.set_second_factor_rule(&house.admin, rule).await.unwrap();
    assert!(!must(admin).await && !must(bob.user_id()).await);
    rule(SecondFactorRule::Administrators).await;
    assert!(must(admin).await && !must(bob.user_id()).await);
    rule(SecondFactorRule::Everybody).await;
    assert!(must(bob.user_id()).await);

    // The use cases themselves refuse, whatever page or program asks.
    let bob = again(&house, bob.user_id()).await.unwrap();
    let refused = portal.tree(&bob, &TreeQuery::default()).await.unwrap_err().into_failure();
    assert!(matches!(refused.code, FailureCode::NoSecondFactor { .. }), "{refused:?}");
    let ada = again(&house, admin).await.unwrap();
    let refused = portal.team(&ada).await.unwrap_err().into_failure();
    assert!(matches!(refused.code, FailureCode::NoSecondFactor { .. }), "{refused:?}");
    assert!(portal.set_second_factor_rule(&ada, SecondFactorRule::Nobody).await.is_err());
    let frame = portal.frame(Some(&bob)).await.unwrap();
    assert!(frame.me.is_some() && frame.organization.is_none(), "nothing of the organization is shown");
    assert!(portal.account(&bob).await.unwrap().must_set_up);

    let _key = passkey(&house, &bob).await;
    let bob = again(&house, bob.user_id()).await.unwrap();
    assert!(!bob.must_set_up() && portal.tree(&bob, &TreeQuery::default()).await.is_ok());
    let changed = audit(&house, &house.admin, AuditAction::SecondFactorRuleChanged).await;
    let words = changed[0].detail.words();
    assert_eq!(words, "Asked of everybody with a local account; before: administrators.");
    let own = portal.account(&bob).await.unwrap().passkeys[0].id;
    portal.remove_passkey(&bob, own).await.unwrap();
    assert!(must(bob.user_id()).await, "without it they are led there again");
}

#[tokio::test]
async fn a_provider_asks_for_factors_of_its_own() {
    let house = House::empty().await;
    house.portal.set_second_factor_rule(&house.admin, SecondFactorRule::Everybody).await.unwrap();
    assert!(!by_provider(&house).await.must_set_up());
}

#[tokio::test]
async fn local_sign_in_is_switched_off_only_where_somebody_else_can_help() {
    let house = House::empty().await;
    let portal = &house.portal;
    let admin = house.admin.user_id();
    let off = async |id| portal.turn_local_sign_in_off(&house.admin, id).await;
    assert_eq!(conflict(off(admin).await), NOBODY_BY_PROVIDER);
    let eve = by_provider(&house).await;
    assert_eq!(conflict(off(admin).await), NO_BREAK_GLASS, "it has no second factor");
    let _key = passkey(&house, &house.admin).await;
    let bob = local(&house, "bob", Role::Viewer).await;
    for other in [bob.user_id(), eve.user_id(), -1] {
        assert_eq!(conflict(off(other).await), NO_BREAK_GLASS);
    }
    assert!(off(admin).await.is_ok());
    let switched = audit(&house, &eve, AuditAction::LocalSignInTurnedOff).await;
    assert_eq!((switched.len(), switched[0].subject.id.as_str()), (1, EMAIL));
}

#[tokio::test]
async fn with_local_sign_in_off_nobody_local_is_let_in_but_the_break_glass_account_and_that_is_seen() {
    let house = House::empty().await;
    let portal = &house.portal;
    let eve = by_provider(&house).await;
    let mut glass = passkey(&house, &house.admin).await;
    let bob = local(&house, "bob", Role::Administrator).await;
    let cleo = local(&house, "cleo", Role::Viewer).await;
    let mut bobs = passkey(&house, &bob).await;
    let link = portal.start_reset(&eve, cleo.user_id()).await.unwrap();
    assert!(sign_in_by(&house, &mut bobs).await.is_ok());
    assert!(matches!(portal.sign_in("cleo@example.com", PASSWORD, FROM).await, Ok(Entry::In(_))));
    portal.turn_local_sign_in_off(&bob, house.admin.user_id()).await.unwrap();

    let password = portal.sign_in("cleo@example.com", PASSWORD, FROM).await;
    assert!(matches!(password, Err(SignInRefusal::Credentials)), "as a wrong one: {password:?}");
    assert!(matches!(sign_in_by(&house, &mut bobs).await, Err(SignInRefusal::Credentials)));
    assert_eq!(again(&house, bob.user_id()).await, None, "a session that was there is worth nothing");
    let joined = portal.join(joining(&link.path), FROM).await.unwrap_err();
    assert!(matches!(joined, SignInRefusal::Portal(PortalError::Invalid(_))), "{joined:?}");
    let token = joining(&link.path).token;
    assert!(!portal.join_link(&token, FROM).await.unwrap().unwrap().local);
    let begun = portal.begin_passkey_join(&party(), &token, Visitor::from(FROM)).await;
    assert!(matches!(begun, Err(PortalError::Invalid(_))));
    assert!(!portal.local_sign_in().await.unwrap());

    assert_eq!(audit(&house, &eve, AuditAction::BreakGlassUsed).await.len(), 0);
    assert_eq!(portal.sign_in(EMAIL, PASSWORD, FROM).await.unwrap(), Entry::Passkey, "with its factor");
    let ada = sign_in_by(&house, &mut glass).await.unwrap();
    assert_eq!(audit(&house, &eve, AuditAction::BreakGlassUsed).await[0].actor, EMAIL);
    let team = portal.team(&ada).await.unwrap();
    let off = team.rules.local_off.clone().unwrap();
    assert_eq!((off.email.as_str(), off.by.as_str()), (EMAIL, "bob@example.com"));
    assert_eq!(off.used_at, Some(NOW));

    portal.turn_local_sign_in_on(&ada).await.unwrap();
    assert!(sign_in_by(&house, &mut bobs).await.is_ok());
    assert!(matches!(portal.sign_in("cleo@example.com", PASSWORD, FROM).await, Ok(Entry::In(_))));
    assert!(sign_in_by(&house, &mut glass).await.is_ok());
    assert_eq!(audit(&house, &ada, AuditAction::BreakGlassUsed).await.len(), 1, "it is one no more");
}

#[tokio::test]
async fn with_local_sign_in_off_who_really_can_sign_in_counts_and_the_break_glass_account_stays() {
    let house = House::empty().await;
    let portal = &house.portal;
    let eve = by_provider(&house).await;
    let _glass = passkey(&house, &house.admin).await;
    let admin = house.admin.user_id();
    let bob = local(&house, "bob", Role::Administrator).await;
    portal.turn_local_sign_in_off(&eve, admin).await.unwrap();
    assert_eq!(conflict(portal.delete_person(&eve, admin).await), BREAK_GLASS);
    assert_eq!(conflict(portal.set_person_disabled(&eve, admin, true).await), BREAK_GLASS);
    let viewer = Grant { role: Role::Viewer, scope: Scope::All };
    assert_eq!(conflict(portal.give_rights(&eve, admin, viewer).await), BREAK_GLASS);
    // The store itself holds it, also for two at once.
    let event = NewAudit::done(Actor::default(), AuditAction::PersonDeleted);
    let deleted = house.database.store.delete_user(admin, &event, NOW).await.unwrap();
    assert_eq!(deleted, Err(store::StillNeeded));
    let team = portal.team(&eve).await.unwrap();
    let member = |id| team.members.iter().find(|member| member.id == id).unwrap();
    assert!(!member(bob.user_id()).can_sign_in() && member(admin).can_sign_in());
    assert!(!member(bob.user_id()).is_whole_administrator(), "who cannot sign in does not count");
    assert_eq!(team.kept(member(admin)), Some(BREAK_GLASS));

    // Who is locked out and has the database helps themselves, and that is written down.
    assert!(turn_local_sign_in_on(&house.database.store, NOW).await.unwrap());
    assert!(!turn_local_sign_in_on(&house.database.store, NOW).await.unwrap(), "it is on already");
    assert!(portal.local_sign_in().await.unwrap());
    let on = audit(&house, &eve, AuditAction::LocalSignInTurnedOn).await;
    assert_eq!((on.len(), on[0].actor.as_str()), (1, "(command line)"));
}

#[tokio::test]
async fn the_break_glass_account_must_have_its_second_factor_whatever_the_rule_says() {
    let house = House::empty().await;
    let portal = &house.portal;
    let eve = by_provider(&house).await;
    let _glass = passkey(&house, &house.admin).await;
    let admin = house.admin.user_id();
    portal.turn_local_sign_in_off(&eve, admin).await.unwrap();
    let own = portal.account(&house.admin).await.unwrap().passkeys[0].id;
    portal.remove_passkey(&house.admin, own).await.unwrap();
    assert!(again(&house, admin).await.unwrap().must_set_up());
    let link = portal.start_reset(&eve, admin).await.unwrap();
    assert!(portal.join(joining(&link.path), FROM).await.is_ok(), "a way back for whoever holds it");
    assert!(again(&house, admin).await.unwrap().must_set_up());
}
