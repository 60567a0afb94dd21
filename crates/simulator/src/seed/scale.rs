//! The scale organization, for measuring: twelve divisions of 25 OUs each in five levels, 10,000 accounts, 200 backup
//! policies whose inheritance goes through all levels.

use super::build::{self, SETTLED};
use crate::hash::Dice;
use crate::world::{AccountState, World};
use serde_json::{Value, json};

const ACCOUNTS: usize = 10_000;
const DIVISIONS: usize = 12;
const ENVIRONMENTS: [&str; 4] = ["production", "staging", "development", "sandbox"];
const DOMAINS: [&str; 4] = ["sales", "supply", "finance", "platform"];
/// Teams of each production domain; the first one of each domain has a cell of its own below it.
const TEAMS: [&str; 3] = ["north", "south", "west"];
/// Attached to single accounts, to make up the 200.
const SINGLE_POLICIES: usize = 7;

const ROLE: &str = "arn:aws:iam::$account:role/service-role/AWSBackupDefaultServiceRole";

/// The OUs of one division, as far as policies are attached or accounts placed.
struct Division {
    number: usize,
    id: String,
    environments: Vec<String>,
    domains: Vec<String>,
    teams: Vec<String>,
    cells: Vec<String>,
}

pub fn fill(world: &mut World) {
    let root = world.root.clone();
    build::account(world, "management", &root, AccountState::Active);
    let divisions: Vec<Division> = (1..=DIVISIONS).map(|number| division(world, number)).collect();
    place_accounts(world, &divisions);
    build::full_access(world);
    let guard = json!({"plans": {"division-01": {"regions": control(&["@@assign", "@@append"])}}});
    attach_new(world, "guardrails", &guard, &root);
    for division in &divisions {
        division_policies(world, division);
    }
    let every = ACCOUNTS / SINGLE_POLICIES;
    let single: Vec<String> = world.accounts.keys().step_by(every).take(SINGLE_POLICIES).cloned().collect();
    for (number, account) in single.iter().enumerate() {
        let document =
            json!({"plans": {"extra": plan(&["eu-west-1"], &format!("cron({} 20 ? * * *)", number * 5))}});
        attach_new(world, &format!("account-extra-{}", number + 1), &document, account);
    }
    let settled = world.start - SETTLED;
    world.evaluate_below(&root, settled);
}

fn division(world: &mut World, number: usize) -> Division {
    let root = world.root.clone();
    let id = build::unit(world, &format!("Division {number:02}"), &root);
    let environments: Vec<String> = ENVIRONMENTS.iter().map(|name| build::unit(world, name, &id)).collect();
    let production = environments.first().unwrap_or(&id).clone();
    let (mut domains, mut teams, mut cells) = (Vec::new(), Vec::new(), Vec::new());
    for domain in DOMAINS {
        let domain = build::unit(world, domain, &production);
        let here: Vec<String> = TEAMS.iter().map(|name| build::unit(world, name, &domain)).collect();
        cells.extend(here.first().map(|team| build::unit(world, "cell", team)));
        teams.extend(here);
        domains.push(domain);
    }
    Division { number, id, environments, domains, teams, cells }
}

/// Every account stands in a team, a cell or an environment other than production.
fn place_accounts(world: &mut World, divisions: &[Division]) {
    let places: Vec<(usize, String)> = divisions
        .iter()
        .flat_map(|division| {
            let others = division.environments.iter().skip(1);
            let places = division.teams.iter().chain(&division.cells).chain(others);
            places.map(|place| (division.number, place.clone()))
        })
        .collect();
    let mut dice = Dice::new(world.seed, &[0x5ca1e]);
    for number in 1..ACCOUNTS {
        let Some((division, place)) = dice.pick(&places) else { return };
        let state = if dice.permille(15) { AccountState::Suspended } else { AccountState::Active };
        build::account(world, &format!("d{division:02}-workload-{number:05}"), place, state);
    }
}

/// Sixteen policies: one for the division, one for each environment and domain, and one for each of seven teams.
fn division_policies(world: &mut World, division: &Division) {
    let number = division.number;
    let name = format!("division-{number:02}");
    let regions = ["eu-west-1", "eu-central-1", "us-east-1"];
    let schedule = format!("cron({} {} ? * * *)", number * 4, number);
    attach_new(world, &name, &json!({"plans": {&name: plan(&regions, &schedule)}}), &division.id);
    for (index, unit) in division.environments.iter().enumerate() {
        let schedule = if index == 0 { schedule.clone() } else { format!("cron(0 {} ? * SUN *)", number) };
        let rule = json!({"daily": {"schedule_expression": assign(&schedule)}});
        attach_new(
            world,
            &format!("{name}-{}", at(&ENVIRONMENTS, index)),
            &in_plan(&name, "rules", rule),
            unit,
        );
    }
    for (index, unit) in division.domains.iter().enumerate() {
        let selections = json!({"tags": {"tiered": {
            "tag_key": assign("backup-tier"),
            "tag_value": {"@@append": ["critical"]},
        }}});
        let document = in_plan(&name, "selections", selections);
        attach_new(world, &format!("{name}-{}", at(&DOMAINS, index)), &document, unit);
    }
    for (index, unit) in division.teams.iter().take(7).enumerate() {
        let copy = "arn:aws:backup:eu-central-1:$account:backup-vault:critical-copy";
        let lifecycle = json!({"delete_after_days": assign(&(14 + index).to_string())});
        let actions = json!({copy: {"target_backup_vault_arn": assign(copy), "lifecycle": lifecycle}});
        let rule = json!({"daily": {"copy_actions": actions}});
        attach_new(world, &format!("{name}-team-{}", index + 1), &in_plan(&name, "rules", rule), unit);
    }
}

fn attach_new(world: &mut World, name: &str, document: &Value, target: &str) {
    let policy = build::policy(world, name, "", &document.to_string());
    build::attach(world, &policy, target);
}

fn plan(regions: &[&str], schedule: &str) -> Value {
    json!({
        "regions": {"@@assign": regions},
        "rules": {"daily": {
            "schedule_expression": assign(schedule),
            "start_backup_window_minutes": assign("60"),
            "target_backup_vault_name": assign("standard"),
            "lifecycle": {"delete_after_days": assign("35")},
        }},
        "selections": {"tags": {"tiered": {
            "iam_role_arn": assign(ROLE),
            "tag_key": assign("backup-tier"),
            "tag_value": {"@@assign": ["standard"]},
        }}},
    })
}

fn in_plan(plan: &str, block: &str, content: Value) -> Value {
    json!({"plans": {plan: {block: content}}})
}

fn assign(value: &str) -> Value {
    json!({"@@assign": value})
}

fn control(allowed: &[&str]) -> Value {
    json!({"@@operators_allowed_for_child_policies": allowed})
}

fn at<'a>(names: &[&'a str], index: usize) -> &'a str {
    names.get(index).copied().unwrap_or_default()
}
