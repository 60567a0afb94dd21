//! Programs that ask for a token: what time, and what happens to their person meanwhile, makes of it.

#![recursion_limit = "256"]
#![expect(clippy::unwrap_used, reason = "a test fails where something is not as it must be")]

#[path = "house/house.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod house;

use house::{EMAIL, House, NOW};
use model::{
    Action, FailureCode, Role,
    access::{Scope, TokenLimits},
};
use portal::{Clock, DeviceCodes, Origin, Portal, TokenAnswer, TokenWish};
use time::{Duration, OffsetDateTime};

const FROM: &str = "192.0.2.1";

async fn begun(portal: &Portal) -> DeviceCodes {
    let limits = TokenLimits { actions: vec![Action::Read], scope: Scope::All };
    portal.begin_device(TokenWish { name: "a laptop".into(), limits, days: 30 }, FROM).await.unwrap()
}

/// The word for what a program is told, and its token.
async fn told(portal: &Portal, codes: &DeviceCodes) -> (&'static str, String) {
    match portal.ask_device(&codes.device_code, FROM).await.unwrap() {
        TokenAnswer::Pending => ("pending", String::new()),
        TokenAnswer::TooOften => ("too often", String::new()),
        TokenAnswer::Refused => ("refused", String::new()),
        TokenAnswer::Over => ("over", String::new()),
        TokenAnswer::Approved { secret, .. } => ("approved", secret),
    }
}

/// The same portal at another time.
async fn at(house: &House, clock: Clock) -> Portal {
    house.behind_proxy(clock).await.0
}

fn later(minutes: i64) -> OffsetDateTime {
    NOW + Duration::minutes(minutes)
}

#[tokio::test]
async fn a_program_has_ten_minutes_and_what_it_does_not_fetch_ends_with_them() {
    let house = House::empty().await;
    let (nine, eleven) = (at(&house, || later(9)).await, at(&house, || later(11)).await);
    let [unseen, found, approved] =
        [begun(&house.portal).await, begun(&house.portal).await, begun(&house.portal).await];
    let find = async |codes: &DeviceCodes| house.portal.find_device(&house.admin, &codes.user_code).await;
    let (found_id, approved_id) = (find(&found).await.unwrap(), find(&approved).await.unwrap());
    house.portal.approve_device(&house.admin, approved_id).await.unwrap();
    assert_eq!(told(&nine, &unseen).await.0, "pending");

    let code = |error: portal::PortalError| error.into_failure().code;
    let late = eleven.find_device(&house.admin, &unseen.user_code).await.map_err(code).unwrap_err();
    assert!(matches!(late, FailureCode::Invalid { .. }), "{late:?}");
    for late in [
        eleven.approve_device(&house.admin, found_id).await,
        eleven.refuse_device(&house.admin, found_id).await,
        eleven.device_request(&house.admin, found_id).await.map(drop),
    ] {
        assert!(matches!(late.map_err(code), Err(FailureCode::NotFound { .. })));
    }
    for codes in [&unseen, &found, &approved] {
        assert_eq!(told(&eleven, codes).await.0, "over");
    }
    let user = house.database.store.user_by_email(EMAIL).await.unwrap().unwrap();
    let tokens = house.database.store.tokens_of(user.id).await.unwrap();
    assert_eq!(tokens.len(), 1);
    assert!(tokens[0].expires_at <= later(10), "nobody has it, and it ends: {tokens:?}");
}

#[tokio::test]
async fn a_program_that_fetches_its_token_has_it_as_long_as_was_approved() {
    let house = House::empty().await;
    let nine = at(&house, || later(9)).await;
    let codes = begun(&house.portal).await;
    let id = house.portal.find_device(&house.admin, &codes.user_code.to_lowercase()).await.unwrap();
    house.portal.approve_device(&house.admin, id).await.unwrap();
    let (word, token) = told(&nine, &codes).await;
    assert_eq!(word, "approved");
    let caller =
        at(&house, || later(29 * 24 * 60)).await.caller_by_token(&token, FROM).await.unwrap().unwrap();
    assert_eq!((caller.email(), caller.token().unwrap().name.as_str()), (EMAIL, "a laptop"));
    assert!(at(&house, || later(31 * 24 * 60)).await.caller_by_token(&token, FROM).await.unwrap().is_none());
    assert_eq!(told(&nine, &codes).await.0, "over", "what was answered is not kept");
}

#[tokio::test]
async fn what_was_approved_is_refused_where_its_person_was_disabled_or_the_token_ended_meanwhile() {
    let house = House::empty().await;
    let person = house.person(Role::Viewer).await;
    let approved = async || {
        let codes = begun(&house.portal).await;
        let id = house.portal.find_device(&person, &codes.user_code).await.unwrap();
        house.portal.approve_device(&person, id).await.unwrap();
        codes
    };
    let ended = approved().await;
    let token = house.database.store.tokens_of(person.user_id()).await.unwrap()[0].id;
    house.portal.end_token(&person, token).await.unwrap();
    assert_eq!(told(&house.portal, &ended).await.0, "refused");
    let disabled = approved().await;
    house.portal.set_person_disabled(&house.admin, person.user_id(), true).await.unwrap();
    assert_eq!(told(&house.portal, &disabled).await.0, "refused");
}

#[tokio::test]
async fn approving_is_as_dangerous_as_making_a_token_and_no_token_can_do_it() {
    let house = House::empty().await;
    let codes = begun(&house.portal).await;
    let (id, origin) = (house.admin.user_id(), Origin::default());
    let stale = house.portal.caller(id, origin, Some(NOW - Duration::hours(1))).await.unwrap().unwrap();
    let request = house.portal.find_device(&stale, &codes.user_code).await.unwrap();
    let refused = house.portal.approve_device(&stale, request).await.unwrap_err().into_failure();
    assert!(matches!(refused.code, FailureCode::Unconfirmed { .. }), "{refused}");
    assert_eq!(told(&house.portal, &codes).await.0, "pending");

    let all = Action::ALL.into_iter().filter(|action| action.is_for_tokens()).collect();
    let limits = TokenLimits { actions: all, scope: Scope::All };
    let wish = TokenWish { name: "all".into(), limits, days: 1 };
    let token = house.portal.make_token(&house.admin, wish).await.unwrap().token;
    let program = house.portal.caller_by_token(&token, FROM).await.unwrap().unwrap();
    for refused in [
        house.portal.approve_device(&program, request).await,
        house.portal.refuse_device(&program, request).await,
        house.portal.find_device(&program, "BBBB-BBBB").await.map(drop),
    ] {
        let failure = refused.unwrap_err().into_failure();
        assert!(matches!(failure.code, FailureCode::Denied { .. }), "{failure}");
    }
    house.portal.approve_device(&house.admin, request).await.unwrap();
    assert_eq!(told(&house.portal, &codes).await.0, "approved");
}
