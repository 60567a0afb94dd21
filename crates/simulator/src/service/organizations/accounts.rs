//! Accounts: listing, moving, creating.

use super::{find, tags, tree, values};
use crate::hash;
use crate::service::listing;
use crate::wire::answer::{Answer, AwsError};
use crate::wire::call::Call;
use crate::world::{Account, AccountState, Creation, World};
use serde_json::{Value, json};
use time::Duration;

/// How long a request to create an account stays in progress.
const CREATION_TIME: Duration = Duration::seconds(2);
/// Most accounts of the simulated organization.
const ACCOUNT_LIMIT: usize = 50_000;

pub fn list(world: &World, call: &Call) -> Answer {
    page(world, call, |_| true)
}

pub fn list_for_parent(world: &World, call: &Call) -> Answer {
    let parent = tree::parent(world, call)?;
    page(world, call, |account| account.parent == parent)
}

fn page(world: &World, call: &Call, wanted: impl Fn(&Account) -> bool) -> Answer {
    let accounts = world.accounts.values().filter(|account| wanted(account));
    listing::page(
        world,
        call,
        "Accounts",
        accounts,
        |account| account.id.clone(),
        |account| values::account(world, account),
    )
}

pub fn describe(world: &World, call: &Call) -> Answer {
    Ok(json!({"Account": values::account(world, find::account(world, call.need("AccountId")?)?)}))
}

pub fn move_account(world: &mut World, call: &Call) -> Answer {
    let id = find::account(world, call.need("AccountId")?)?.id.clone();
    let source = call.need("SourceParentId")?;
    let destination = call.need("DestinationParentId")?;
    if world.parent_of(&id) != Some(source) {
        let message = "We can't find a source root or OU with the ParentId that you specified.";
        return Err(AwsError::new("SourceParentNotFoundException", message));
    }
    if !world.is_parent(destination) {
        let message =
            "We can't find the destination container (a root or OU) with the ParentId that you specified.";
        return Err(AwsError::new("DestinationParentNotFoundException", message));
    }
    if source == destination {
        let message = "That account is already present in the specified destination.";
        return Err(AwsError::new("DuplicateAccountException", message));
    }
    if let Some(account) = world.accounts.get_mut(&id) {
        account.parent = destination.to_owned();
    }
    world.evaluate_below(&id, call.now);
    Ok(Value::Null)
}

pub fn create(world: &mut World, call: &Call) -> Answer {
    let email = call.need("Email")?.to_owned();
    let name = call.need("AccountName")?.to_owned();
    let tags = tags::given(call)?;
    if world.accounts.len() >= ACCOUNT_LIMIT {
        let message = "You have exceeded the number of accounts in your organization.";
        return Err(AwsError::constraint("ACCOUNT_NUMBER_LIMIT_EXCEEDED", message));
    }
    let request = format!("car-{}", world.fresh("creation", 32));
    let taken = world.accounts.values().any(|account| account.email == email);
    let account = (!taken).then(|| {
        let account = new_account(world, call, &name, email);
        let id = account.id.clone();
        world.tags.insert(id.clone(), tags);
        world.accounts.insert(id.clone(), account);
        world.evaluate_below(&id, call.now);
        id
    });
    let failure = taken.then_some("EMAIL_ALREADY_EXISTS");
    let creation = Creation { id: request.clone(), name, requested_at: call.now, account, failure };
    let answer = json!({"CreateAccountStatus": values::creation(&creation, false)});
    world.creations.insert(request, creation);
    Ok(answer)
}

fn new_account(world: &mut World, call: &Call, name: &str, email: String) -> Account {
    let number = world.accounts.values().map(|account| account.number + 1).max().unwrap_or_default();
    world.made += 1;
    let mut dice = hash::Dice::new(world.seed, &[hash::text("account"), world.made]);
    let mut id = dice.letters("0123456789", 12);
    while world.accounts.contains_key(&id) {
        id = dice.letters("0123456789", 12);
    }
    Account {
        id,
        number,
        name: name.to_owned(),
        email,
        parent: world.root.clone(),
        state: AccountState::Active,
        invited: false,
        joined_at: call.now,
    }
}

pub fn describe_creation(world: &World, call: &Call) -> Answer {
    let creation = world.creations.get(call.need("CreateAccountRequestId")?).ok_or_else(|| {
        let message =
            "We can't find a create account request with the CreateAccountRequestId that you specified.";
        AwsError::new("CreateAccountStatusNotFoundException", message)
    })?;
    Ok(json!({"CreateAccountStatus": values::creation(creation, is_done(creation, call))}))
}

pub fn list_creations(world: &World, call: &Call) -> Answer {
    let states = call.input.get("States").and_then(Value::as_array);
    let wanted = |creation: &&Creation| {
        let state = values::creation_state(creation, is_done(creation, call));
        states.is_none_or(|states| states.is_empty() || states.iter().any(|wanted| wanted == state))
    };
    let value = |creation: &Creation| values::creation(creation, is_done(creation, call));
    let creations = world.creations.values().filter(wanted);
    listing::page(world, call, "CreateAccountStatuses", creations, |creation| creation.id.clone(), value)
}

fn is_done(creation: &Creation, call: &Call) -> bool {
    call.now >= creation.requested_at + CREATION_TIME
}
