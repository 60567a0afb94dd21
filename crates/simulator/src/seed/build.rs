//! Building blocks of seeded organizations.

use crate::hash::{self, Dice};
use crate::world::effective;
use crate::world::{Account, AccountState, Attachment, BACKUP_POLICY, Policy, Unit, World};
use time::Duration;

/// How long before the start the seeded organization took its shape.
pub const SETTLED: Duration = Duration::days(400);

/// A random account id that does not begin with a zero.
pub fn account_id(dice: &mut Dice) -> String {
    format!("{}{}", dice.letters("123456789", 1), dice.letters("0123456789", 11))
}

/// Adds an OU and gives its id.
pub fn unit(world: &mut World, name: &str, parent: &str) -> String {
    let root = world.root.trim_start_matches("r-").to_owned();
    let id = format!("ou-{root}-{}", world.fresh("unit", 8));
    world.units.insert(id.clone(), Unit { id: id.clone(), name: name.to_owned(), parent: parent.to_owned() });
    id
}

/// Adds an account and gives its id; the first one is the management account.
pub fn account(world: &mut World, name: &str, parent: &str, state: AccountState) -> String {
    let number = world.accounts.len() as u32;
    let mut dice = Dice::new(world.seed, &[hash::text("account"), u64::from(number)]);
    let mut id = if number == 0 { world.management.clone() } else { account_id(&mut dice) };
    while world.accounts.contains_key(&id) {
        id = account_id(&mut dice);
    }
    let age = Duration::days(i64::try_from(dice.below(900)).unwrap_or_default());
    let joined_at = world.start - SETTLED - age - Duration::seconds((dice.below(86_400)) as i64);
    let account = Account {
        id: id.clone(),
        number,
        name: name.to_owned(),
        email: format!("aws+{name}@northwick.example"),
        parent: parent.to_owned(),
        state,
        invited: dice.permille(60),
        joined_at,
    };
    world.accounts.insert(id.clone(), account);
    id
}

/// Adds a backup policy and gives its id. The documents are fixed, so one that is not admitted is a mistake in this
/// crate; it then has no effect, and a test finds it.
pub fn policy(world: &mut World, name: &str, description: &str, content: &str) -> String {
    let id = format!("p-{}", world.fresh("policy", 10));
    let policy = Policy {
        id: id.clone(),
        name: name.to_owned(),
        description: description.to_owned(),
        policy_type: BACKUP_POLICY.to_owned(),
        content: content.to_owned(),
        aws_managed: false,
        compiled: effective::admit(content, world.start).ok(),
    };
    world.policies.insert(id.clone(), policy);
    id
}

pub fn attach(world: &mut World, policy: &str, target: &str) {
    let number = world.attachments.last_key_value().map_or(1, |(number, _)| number + 1);
    world.attachments.insert(number, Attachment { policy: policy.to_owned(), target: target.to_owned() });
}

pub fn tag(world: &mut World, resource: &str, key: &str, value: &str) {
    world.tags.entry(resource.to_owned()).or_default().insert(key.to_owned(), value.to_owned());
}

/// The policy that AWS itself attaches where service control policies are enabled.
pub fn full_access(world: &mut World) {
    let id = "p-FullAWSAccess".to_owned();
    let content = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
    let policy = Policy {
        id: id.clone(),
        name: "FullAWSAccess".to_owned(),
        description: "Allows access to every operation".to_owned(),
        policy_type: "SERVICE_CONTROL_POLICY".to_owned(),
        content: content.to_owned(),
        aws_managed: true,
        compiled: None,
    };
    world.policies.insert(id.clone(), policy);
    let root = world.root.clone();
    attach(world, &id, &root);
}
