//! The demo organization: Northwick Group, a retailer with shops, warehouses, a payment business and the usual
//! sandboxes. 250 accounts in 24 OUs, five levels deep, six backup policies.

use super::build::{self, SETTLED};
use crate::world::backup::vault::{Vault, VaultName};
use crate::world::{AccountState, World};
use std::collections::BTreeMap;
use time::Duration;

/// An OU by its path, the prefix of its accounts' names, and how many there are.
const UNITS: &[(&str, &str, usize)] = &[
    ("Security", "", 0),
    ("Infrastructure", "", 0),
    ("Infrastructure/Network", "network", 5),
    ("Infrastructure/Shared Services", "shared", 9),
    ("Workloads", "", 0),
    ("Workloads/Production", "", 0),
    ("Workloads/Production/Retail", "", 0),
    ("Workloads/Production/Retail/Stores", "store", 10),
    ("Workloads/Production/Retail/Stores/Point of Sale", "pos", 36),
    ("Workloads/Production/Retail/Online", "shop", 22),
    ("Workloads/Production/Logistics", "logistics", 2),
    ("Workloads/Production/Logistics/Warehouses", "warehouse", 24),
    ("Workloads/Production/Logistics/Fleet", "fleet", 12),
    ("Workloads/Production/Finance", "finance", 11),
    ("Workloads/Production/Data Platform", "data", 14),
    ("Workloads/Staging", "staging", 21),
    ("Workloads/Development", "dev", 6),
    ("Workloads/Development/Retail", "retail-dev", 20),
    ("Workloads/Development/Logistics", "logistics-dev", 16),
    ("Regulated", "", 0),
    ("Regulated/Payments", "payments", 9),
    ("Regulated/Claims", "claims", 8),
    ("Sandbox", "sandbox", 15),
    ("Suspended", "former", 5),
];

const SECURITY_ACCOUNTS: &[&str] = &["log-archive", "security-audit", "backup-vaults", "incident-response"];

/// OUs whose accounts are named after a place.
const PLACES: &[&str] = &[
    "amsterdam",
    "antwerp",
    "barcelona",
    "basel",
    "berlin",
    "bilbao",
    "bordeaux",
    "bremen",
    "brussels",
    "cologne",
    "copenhagen",
    "dortmund",
    "dresden",
    "dublin",
    "essen",
    "frankfurt",
    "geneva",
    "ghent",
    "gothenburg",
    "graz",
    "hamburg",
    "hanover",
    "leipzig",
    "lille",
    "linz",
    "lisbon",
    "lyon",
    "madrid",
    "malmo",
    "milan",
    "munich",
    "nantes",
    "oslo",
    "porto",
    "rotterdam",
    "stuttgart",
];
const PLACED: &[&str] = &["pos", "warehouse", "store"];

/// A policy: name, description, document, and the OUs it is attached to (empty for the root).
const POLICIES: &[(&str, &str, &str, &[&str])] = &[
    (
        "org-guardrails",
        "Regions of the production and regulated plans may be added below, never taken away",
        include_str!("policies/org-guardrails.json"),
        &[""],
    ),
    (
        "baseline-daily",
        "Daily backups of everything tagged backup-tier=standard, kept 35 days",
        include_str!("policies/baseline-daily.json"),
        &["Security", "Infrastructure", "Workloads"],
    ),
    (
        "production-critical",
        "Nightly and monthly backups of critical resources with copies to a second Region and the vault account",
        include_str!("policies/production-critical.json"),
        &["Workloads/Production", "Regulated"],
    ),
    (
        "retail-additions",
        "Shops: one Region more, and their own critical resources",
        include_str!("policies/retail-additions.json"),
        &["Workloads/Production/Retail"],
    ),
    (
        "nonprod-weekly",
        "Staging and development: weekly instead of daily, European Regions only",
        include_str!("policies/nonprod-weekly.json"),
        &["Workloads/Staging", "Workloads/Development"],
    ),
];

pub fn fill(world: &mut World) {
    let root = world.root.clone();
    build::account(world, "northwick-management", &root, AccountState::Active);
    let units = units(world);
    let unit = |path: &str| units.get(path).cloned().unwrap_or_else(|| root.clone());
    let security: Vec<String> = SECURITY_ACCOUNTS
        .iter()
        .map(|name| build::account(world, name, &unit("Security"), AccountState::Active))
        .collect();
    for (path, prefix, count) in UNITS {
        accounts(world, &unit(path), prefix, *count);
    }
    let vaults = security.get(2).cloned().unwrap_or_default();
    lock_central_vault(world, &vaults);
    build::full_access(world);
    for (name, description, document, targets) in POLICIES {
        let policy = build::policy(world, name, description, &document.replace("{VAULTS}", &vaults));
        build::tag(world, &policy, "owner", "backup-operations");
        for target in *targets {
            build::attach(world, &policy, &unit(target));
        }
    }
    let settled = world.start - SETTLED;
    world.evaluate_below(&root, settled);
    break_one_account(world);
    delegate(world, security.get(1));
}

fn units(world: &mut World) -> BTreeMap<&'static str, String> {
    let mut units: BTreeMap<&str, String> = BTreeMap::new();
    for (path, ..) in UNITS {
        let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
        let parent = units.get(above).unwrap_or(&world.root).clone();
        units.insert(path, build::unit(world, name, &parent));
    }
    units
}

fn accounts(world: &mut World, parent: &str, prefix: &str, count: usize) {
    for number in 0..count {
        let name = match PLACES.get(number) {
            Some(place) if PLACED.contains(&prefix) => format!("{prefix}-{place}"),
            _ => format!("{prefix}-{:02}", number + 1),
        };
        let state = match (prefix, number) {
            ("former", 4) => AccountState::Closed,
            ("former", _) | ("dev", 5) | ("retail-dev", 19) => AccountState::Suspended,
            _ => AccountState::Active,
        };
        let id = build::account(world, &name, parent, state);
        build::tag(world, &id, "cost-center", &format!("{prefix}-{}", 100 + number % 7));
    }
}

/// The vault of the vault account that monthly backups are copied to.
fn lock_central_vault(world: &mut World, account: &str) {
    let vault = VaultName { account, region: "eu-west-1", name: "central-archive" };
    let settled = world.start - SETTLED;
    world.backups.vaults.insert(vault.key(), Vault::locked(settled, 90));
}

/// The sixth policy turns continuous backup on for one shop, where the retention of 90 days is locked from above:
/// continuous backup allows 35 at most, so that account keeps what it had before.
fn break_one_account(world: &mut World) {
    let document = include_str!("policies/point-in-time.json");
    let description = "Point-in-time recovery for shops that ask for it";
    let policy = build::policy(world, "point-in-time", description, document);
    let shop = world.accounts.values().find(|account| account.name == "pos-berlin");
    let Some(shop) = shop.map(|account| account.id.clone()) else { return };
    build::attach(world, &policy, &shop);
    let since = world.start - Duration::days(6);
    world.evaluate_below(&shop, since);
}

fn delegate(world: &mut World, account: Option<&String>) {
    if let Some(account) = account {
        let delegation = (account.clone(), crate::world::BACKUP_SERVICE.to_owned());
        world.delegates.insert(delegation, world.start - SETTLED);
    }
}
