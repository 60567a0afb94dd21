//! Tokens: what they may, where, how long, and that they end.

#![recursion_limit = "256"]
#![expect(clippy::unwrap_used, reason = "a test fails where something is not as it must be")]

#[path = "house/house.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod house;

use house::{EMAIL, House, NOW};
use model::{
    Action, FailureCode, Role, TargetId,
    access::{Grant, Scope, TokenLimits},
    audit::{AuditAction, AuditDetail, AuditFilter},
    organization::{TargetQuery, TreeQuery},
    team::MadeToken,
};
use portal::{Caller, PortalError, TokenWish};
use time::Duration;

const FROM: &str = "192.0.2.1";

fn wish(actions: &[Action], scope: Scope) -> TokenWish {
    TokenWish { name: "nightly".into(), limits: TokenLimits { actions: actions.to_vec(), scope }, days: 30 }
}

async fn made(house: &House, owner: &Caller, actions: &[Action], scope: Scope) -> MadeToken {
    house.portal.make_token(owner, wish(actions, scope)).await.unwrap()
}

async fn with(house: &House, token: &MadeToken) -> Option<Caller> {
    house.portal.caller_by_token(&token.token, FROM).await.unwrap()
}

/// Two OUs apart from each other, each with accounts.
async fn two_ous(house: &House) -> [TargetId; 2] {
    let tree = house.portal.tree(&house.admin, &TreeQuery::default()).await.unwrap();
    let ous: Vec<_> =
        tree.rows.iter().filter(|row| row.id.as_str().starts_with("ou-") && row.accounts_below > 0).collect();
    let first = ous[0];
    let other = ous.iter().find(|row| row.parent == first.parent && row.id != first.id).unwrap();
    [first.id.clone(), other.id.clone()]
}

async fn accounts(house: &House, caller: &Caller) -> u64 {
    house.portal.tree(caller, &TreeQuery::default()).await.unwrap().accounts
}

fn code(error: PortalError) -> FailureCode {
    error.into_failure().code
}

#[tokio::test]
async fn a_token_may_what_it_was_made_for_and_nothing_else() {
    let house = House::with_organization().await;
    let token = made(&house, &house.admin, &[Action::Read], Scope::All).await;
    let program = with(&house, &token).await.unwrap();
    assert_eq!(program.email(), EMAIL);
    assert!(house.portal.overview(&program).await.is_ok());
    let refused = house.portal.request_sync(&program, true).await.map_err(code).unwrap_err();
    assert!(matches!(&refused, FailureCode::Denied { needs } if needs.contains("token")), "{refused:?}");
    let refused = house.portal.make_token(&program, wish(&[Action::Read], Scope::All)).await;
    assert!(matches!(refused.map_err(code), Err(FailureCode::Denied { .. })), "a token makes no token");
    let filter = AuditFilter { action: "access_refused".into(), ..AuditFilter::default() };
    let entries = house.portal.audit(&house.admin, &filter).await.unwrap().rows;
    assert!(entries.iter().any(|entry| entry.address == FROM && entry.actor == EMAIL), "{entries:?}");
}

#[tokio::test]
async fn a_token_sees_its_part_of_what_its_owner_sees() {
    let house = House::with_organization().await;
    let [own, other] = two_ous(&house).await;
    let whole = accounts(&house, &house.admin).await;
    let below = |ou: &TargetId| Scope::Below(vec![ou.clone()]);
    let token = made(&house, &house.admin, &[Action::Read], below(&own)).await;
    let program = with(&house, &token).await.unwrap();
    let part = accounts(&house, &program).await;
    assert!(part > 0 && part < whole, "{part} of {whole}");
    assert!(house.portal.target(&program, &other).await.is_err(), "outside of it nothing is there");

    let grant = Grant { role: Role::Viewer, scope: below(&own) };
    let user = store::NewUser {
        email: "bob@example.com".into(),
        name: "Bob".into(),
        password_hash: None,
        given: vec![model::team::GivenGrant {
            grant,
            source: model::team::GrantSource::ByHand { by: String::new() },
        }],
    };
    let id = house.database.store.create_user(user, NOW).await.unwrap();
    let bob = house.portal.caller(id, portal::Origin::default(), Some(NOW)).await.unwrap().unwrap();
    for (scope, seen) in [(Scope::All, part), (below(&other), 0), (below(&own), part)] {
        let token = made(&house, &bob, &[Action::Read], scope.clone()).await;
        let program = with(&house, &token).await.unwrap();
        assert_eq!(accounts(&house, &program).await, seen, "{scope:?}");
        let query = TargetQuery { kind: Some(model::id::TargetKind::Account), after: None, size: 500 };
        assert_eq!(house.portal.targets(&program, &query).await.unwrap().total.count, seen, "{scope:?}");
    }
}

#[tokio::test]
async fn what_is_dangerous_is_done_by_a_token_that_names_it_and_people_are_left_to_people() {
    let house = House::with_organization().await;
    let token = made(&house, &house.admin, &[Action::DeletePolicy], Scope::All).await;
    let program = with(&house, &token).await.unwrap();
    let none = house.portal.delete_policy(&program, &"p-12345678".parse().unwrap()).await.map_err(code);
    assert!(matches!(none, Err(FailureCode::NotFound { .. })), "{none:?}");
    for action in [Action::Approve, Action::ManageTeam, Action::OwnAccount, Action::OwnSignIn] {
        let refused = house.portal.make_token(&house.admin, wish(&[action], Scope::All)).await.unwrap_err();
        assert!(refused.into_failure().field("actions").is_some(), "{action:?}");
    }
}

#[tokio::test]
async fn a_token_ends_with_its_time_its_owner_a_reset_or_at_a_word() {
    let house = House::empty().await;
    let token = made(&house, &house.admin, &[Action::Read], Scope::All).await;
    let store = &house.database.store;
    let hash = <sha2::Sha256 as sha2::Digest>::digest(&token.token).to_vec();
    let at = async |days| store.token_by_hash(&hash, NOW + Duration::days(days)).await.unwrap().is_some();
    assert!(at(29).await && !at(30).await);

    let listed = house.portal.account(&house.admin).await.unwrap().tokens;
    assert_eq!((listed.len(), listed[0].used_at, listed[0].made_by.as_str()), (1, None, EMAIL));
    assert!(with(&house, &token).await.is_some());
    let listed = house.portal.account(&house.admin).await.unwrap().tokens;
    assert_eq!((listed[0].used_at, listed[0].used_from.as_str()), (Some(NOW), FROM));
    house.portal.end_token(&house.admin, listed[0].id).await.unwrap();
    assert!(with(&house, &token).await.is_none(), "at once");
    let again = house.portal.end_token(&house.admin, listed[0].id).await.map_err(code);
    assert!(matches!(again, Err(FailureCode::NotFound { .. })));

    let bob = house.person(Role::Viewer).await;
    let theirs = made(&house, &bob, &[Action::Read], Scope::All).await;
    let id = house.portal.tokens_of(&house.admin, bob.user_id()).await.unwrap()[0].id;
    let not_own = house.portal.end_token(&house.admin, id).await.map_err(code);
    assert!(matches!(not_own, Err(FailureCode::NotFound { .. })), "of somebody else");
    house.portal.set_person_disabled(&house.admin, bob.user_id(), true).await.unwrap();
    assert!(with(&house, &theirs).await.is_none());
    house.portal.set_person_disabled(&house.admin, bob.user_id(), false).await.unwrap();
    assert!(with(&house, &theirs).await.is_some());
    house.portal.end_token_of(&house.admin, bob.user_id(), id).await.unwrap();
    assert!(with(&house, &theirs).await.is_none());

    let reset = made(&house, &bob, &[Action::Read], Scope::All).await;
    let link = house.portal.start_reset(&house.admin, bob.user_id()).await.unwrap();
    let token = link.path.split_once("token=").unwrap().1.to_owned();
    let joining = portal::Joining { token, name: "Bob".into(), password: "a phrase that is long 31".into() };
    house.portal.join(joining, FROM).await.unwrap();
    assert!(with(&house, &reset).await.is_none(), "somebody else may have made it");
}

#[tokio::test]
async fn rights_that_go_are_gone_for_tokens_too() {
    let house = House::empty().await;
    let bob = house.person(Role::Operator).await;
    let token = made(&house, &bob, &[Action::Sync], Scope::All).await;
    house.portal.request_sync(&with(&house, &token).await.unwrap(), true).await.unwrap();
    let viewer = Grant { role: Role::Viewer, scope: Scope::All };
    house.portal.give_rights(&house.admin, bob.user_id(), viewer).await.unwrap();
    let refused = house.portal.request_sync(&with(&house, &token).await.unwrap(), true).await;
    assert!(matches!(refused.map_err(code), Err(FailureCode::Denied { .. })));
}

#[tokio::test]
async fn a_service_account_has_nothing_but_tokens_which_administrators_make() {
    let house = House::empty().await;
    let grant = Grant { role: Role::Viewer, scope: Scope::All };
    house.portal.make_service_account(&house.admin, "nightly-report", grant.clone()).await.unwrap();
    for name in ["nightly-report", "", "Ünfit", "with space", &"x".repeat(41)] {
        let refused = house.portal.make_service_account(&house.admin, name, grant.clone()).await.unwrap_err();
        assert!(refused.into_failure().field("name").is_some(), "{name}");
    }
    let team = house.portal.team(&house.admin).await.unwrap();
    let robot = team.members.iter().find(|member| member.service).unwrap();
    assert_eq!((robot.email.as_str(), robot.means.any()), ("service:nightly-report", false));
    let reset = house.portal.start_reset(&house.admin, robot.id).await.unwrap_err();
    assert!(matches!(reset, PortalError::Conflict(_)));
    let typed = house.portal.sign_in("service:nightly-report", "whatever it may be 3", FROM).await;
    assert!(typed.is_err());

    let read = || wish(&[Action::Read], Scope::All);
    let token = house.portal.make_service_token(&house.admin, robot.id, read()).await.unwrap();
    let program = with(&house, &token).await.unwrap();
    assert_eq!(program.email(), "service:nightly-report");
    let person = house.portal.make_service_token(&house.admin, house.admin.user_id(), read()).await;
    assert!(matches!(person.map_err(code), Err(FailureCode::NotFound { .. })), "in nobody else's name");

    let filter = AuditFilter { action: AuditAction::TokenMade.as_str().into(), ..AuditFilter::default() };
    let entries = house.portal.audit(&house.admin, &filter).await.unwrap().rows;
    assert_eq!((entries.len(), entries[0].subject.id.as_str()), (1, "service:nightly-report"));
    let AuditDetail::Token { name, hint, .. } = &entries[0].detail else { panic!("{entries:?}") };
    assert!(name == "nightly" && token.token.starts_with(hint) && hint.len() == 7);
}

#[tokio::test]
async fn wrong_tokens_are_limited_by_address_and_do_not_lock_out_right_ones() {
    let house = House::empty().await;
    let token = made(&house, &house.admin, &[Action::Read], Scope::All).await;
    let wrong = format!("hf_{}", "0".repeat(56));
    for _ in 0..20 {
        assert_eq!(house.portal.caller_by_token(&wrong, FROM).await.unwrap(), None);
    }
    let limited = house.portal.caller_by_token(&wrong, FROM).await.map_err(code);
    assert!(matches!(limited, Err(FailureCode::Busy { .. })), "{limited:?}");
    assert!(with(&house, &token).await.is_some());
}

#[tokio::test]
async fn of_many_tokens_made_at_once_there_are_no_more_than_one_may_have() {
    let house = House::empty().await;
    for _ in 0..45 {
        made(&house, &house.admin, &[Action::Read], Scope::All).await;
    }
    let all = (0..10).map(|_| house.portal.make_token(&house.admin, wish(&[Action::Read], Scope::All)));
    let made = futures::future::join_all(all).await.into_iter().filter(Result::is_ok).count();
    assert_eq!(made, 5);
}
