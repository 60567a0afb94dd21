//! The feature set of the organization, and the handshakes on the way from consolidated billing to all features.
//! Invited accounts have to approve, which they do here by themselves within a minute; then the management account
//! accepts the handshake that it began.

use crate::hash;
use crate::service::listing;
use crate::wire::answer::{Answer, AwsError};
use crate::wire::call::Call;
use crate::wire::rule::epoch;
use crate::world::{AccountState, Features, Handshake, World};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

/// How long a request to enable all features is open.
const EXPIRY: Duration = Duration::days(90);
/// Within how many seconds the invited accounts approve.
const APPROVAL: u64 = 60;

/// Refuses what needs all features.
pub fn require(world: &World) -> Result<(), AwsError> {
    match world.features {
        Features::All => Ok(()),
        Features::Billing => {
            let message = "The organization has only consolidated billing. Enable all features first.";
            Err(AwsError::constraint("ORGANIZATION_NOT_IN_ALL_FEATURES_MODE", message))
        }
    }
}

/// Refuses policies where the organization has only consolidated billing.
pub fn require_policies(world: &World) -> Result<(), AwsError> {
    require(world).map_err(|_| {
        let message = "You can't use the specified policy type with the feature set currently enabled for the \
                       organization.";
        AwsError::new("PolicyTypeNotAvailableForOrganizationException", message)
    })
}

/// What the control endpoint does: AWS knows no way back to consolidated billing.
pub fn set(world: &mut World, call: &Call) -> Answer {
    match call.need("FeatureSet")? {
        "ALL" => world.features = Features::All,
        _ => world.limit_to_billing(call.now),
    }
    Ok(Value::Null)
}

pub fn enable_all(world: &mut World, call: &Call) -> Answer {
    let refuse = |reason: &str, message: &str| {
        Err(AwsError::new("HandshakeConstraintViolationException", message).with("Reason", reason))
    };
    if world.features == Features::All {
        let message = "The organization has all features enabled already.";
        return refuse("ORGANIZATION_ALREADY_HAS_ALL_FEATURES", message);
    }
    if world.handshakes.values().any(|handshake| is_pending(state(handshake, call.now))) {
        let message = "A request to enable all features is open already.";
        return refuse("ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION", message);
    }
    let id = format!("h-{}", world.fresh("handshake", 10));
    let invited = world.accounts.values().filter(|account| {
        account.invited && account.state == AccountState::Active && account.id != world.management
    });
    let approvals = invited
        .map(|account| {
            let after = hash::mix(world.seed, &[hash::text(&id), u64::from(account.number)]) % APPROVAL;
            (account.id.clone(), call.now + Duration::seconds(after as i64))
        })
        .collect();
    let handshake = Handshake { id: id.clone(), requested_at: call.now, ended: None, approvals };
    let answer = json!({"Handshake": value(world, &handshake, call.now)});
    world.handshakes.insert(id, handshake);
    Ok(answer)
}

fn is_pending(state: &str) -> bool {
    matches!(state, "REQUESTED" | "OPEN")
}

fn state(handshake: &Handshake, now: OffsetDateTime) -> &'static str {
    match handshake.ended {
        Some(ended) => ended,
        None if now >= handshake.requested_at + EXPIRY => "EXPIRED",
        None if handshake.approvals.values().all(|at| *at <= now) => "OPEN",
        None => "REQUESTED",
    }
}

/// An approval is over with the request that it belongs to.
fn approval_state(handshake: &Handshake, approved: OffsetDateTime, now: OffsetDateTime) -> &'static str {
    match state(handshake, now) {
        _ if approved <= now => "ACCEPTED",
        "REQUESTED" => "OPEN",
        over => over,
    }
}

/// The id of what an invited account has to accept.
fn approval_id(handshake: &Handshake, account: &str) -> String {
    format!("{}{:012}", handshake.id, account)
}

/// A handshake of the organization, and the account that it is sent to if it is an approval.
fn find<'w>(world: &'w World, call: &Call) -> Result<(&'w Handshake, Option<&'w str>), AwsError> {
    let id = call.need("HandshakeId")?;
    let parent = world.handshakes.values().find(|handshake| id.starts_with(&handshake.id));
    let found = parent.and_then(|handshake| {
        let is_wanted = |account: &&String| approval_id(handshake, account) == id;
        let approval = handshake.approvals.keys().find(is_wanted).map(String::as_str);
        (id == handshake.id || approval.is_some()).then_some((handshake, approval))
    });
    found.ok_or_else(|| {
        let message = "We can't find a handshake with the HandshakeId that you specified.";
        AwsError::new("HandshakeNotFoundException", message)
    })
}

pub fn describe(world: &World, call: &Call) -> Answer {
    let (handshake, account) = find(world, call)?;
    Ok(json!({"Handshake": one(world, handshake, account, call.now)}))
}

pub fn accept(world: &mut World, call: &Call) -> Answer {
    let (handshake, account) = find(world, call)?;
    let mut handshake = handshake.clone();
    let account = account.map(str::to_owned);
    if *account.as_ref().unwrap_or(&world.management) != call.account {
        return Err(AwsError::no_access());
    }
    let needed = if account.is_some() { "REQUESTED" } else { "OPEN" };
    match state(&handshake, call.now) {
        "ACCEPTED" => {
            let message = "The specified handshake is already in the requested state.";
            return Err(AwsError::new("HandshakeAlreadyInStateException", message));
        }
        state if state != needed => return Err(wrong_transition()),
        _ => {}
    }
    match &account {
        Some(account) => {
            handshake.approvals.insert(account.clone(), call.now);
        }
        None => {
            handshake.ended = Some("ACCEPTED");
            world.features = Features::All;
        }
    }
    let answer = json!({"Handshake": one(world, &handshake, account.as_deref(), call.now)});
    world.handshakes.insert(handshake.id.clone(), handshake);
    Ok(answer)
}

pub fn cancel(world: &mut World, call: &Call) -> Answer {
    let (handshake, account) = find(world, call)?;
    if account.is_some() || !is_pending(state(handshake, call.now)) {
        return Err(wrong_transition());
    }
    let handshake = Handshake { ended: Some("CANCELED"), ..handshake.clone() };
    let answer = json!({"Handshake": value(world, &handshake, call.now)});
    world.handshakes.insert(handshake.id.clone(), handshake);
    Ok(answer)
}

fn wrong_transition() -> AwsError {
    let message = "You can't perform the operation on the handshake in its current state.";
    AwsError::new("InvalidHandshakeTransitionException", message)
}

pub fn list_for_organization(world: &World, call: &Call) -> Answer {
    page(world, call, |_| true)
}

/// The management account sees the request, an invited account what it has to approve.
pub fn list_for_account(world: &World, call: &Call) -> Answer {
    page(world, call, |account| account.unwrap_or(&world.management) == call.account)
}

fn page(world: &World, call: &Call, wanted: impl Fn(Option<&str>) -> bool) -> Answer {
    let all = world.handshakes.values().flat_map(|handshake| {
        let approvals = handshake.approvals.keys().map(move |account| (handshake, Some(account.as_str())));
        std::iter::once((handshake, None)).chain(approvals)
    });
    let filter =
        |member| call.input.get("Filter").and_then(|filter| filter.get(member)).and_then(Value::as_str);
    let (kind, parent) = (filter("ActionType"), filter("ParentHandshakeId"));
    let of_kind = |account: Option<&str>| kind.is_none_or(|kind| kind == action(account));
    let of_parent = |(handshake, account): &(&Handshake, Option<&str>)| {
        parent.is_none_or(|parent| account.is_some() && handshake.id == parent)
    };
    let key = |(handshake, account): &(&Handshake, Option<&str>)| match account {
        Some(account) => approval_id(handshake, account),
        None => handshake.id.clone(),
    };
    let entries = all.filter(|(_, account)| wanted(*account) && of_kind(*account)).filter(of_parent);
    listing::page(world, call, "Handshakes", entries, key, |(handshake, account)| {
        one(world, handshake, account, call.now)
    })
}

fn action(account: Option<&str>) -> &'static str {
    if account.is_some() { "APPROVE_ALL_FEATURES" } else { "ENABLE_ALL_FEATURES" }
}

fn one(world: &World, handshake: &Handshake, account: Option<&str>, now: OffsetDateTime) -> Value {
    let mut shown = value(world, handshake, now);
    let approved = account.and_then(|account| Some((account, *handshake.approvals.get(account)?)));
    if let (Some((account, approved)), Value::Object(members)) = (approved, &mut shown) {
        let id = approval_id(handshake, account);
        let mut put = |member: &str, value: Value| members.insert(member.to_owned(), value);
        put("Arn", world.arn("handshake", &format!("approve_all_features/{id}")).into());
        put("Id", id.into());
        put("Action", action(Some(account)).into());
        put("State", approval_state(handshake, approved, now).into());
        put("Parties", json!([party(world), {"Id": account, "Type": "ACCOUNT"}]));
        put("Resources", json!([organization(world), {"Type": "PARENT_HANDSHAKE", "Value": handshake.id}]));
    }
    shown
}

fn party(world: &World) -> Value {
    json!({"Id": world.id, "Type": "ORGANIZATION"})
}

fn value(world: &World, handshake: &Handshake, now: OffsetDateTime) -> Value {
    json!({
        "Id": handshake.id,
        "Arn": world.arn("handshake", &format!("enable_all_features/{}", handshake.id)),
        "Action": action(None),
        "State": state(handshake, now),
        "RequestedTimestamp": epoch(handshake.requested_at),
        "ExpirationTimestamp": epoch(handshake.requested_at + EXPIRY),
        "Parties": [party(world)],
        "Resources": [organization(world)],
    })
}

fn organization(world: &World) -> Value {
    json!({"Type": "ORGANIZATION", "Value": world.id})
}
