//! How long jobs take and how they end. Standing causes (a vault that is not there, a role that cannot be assumed, a
//! key that is disabled) hit every job concerned until somebody mends them; the rest is chance.

use super::job::ending::{self, Ending};
use super::job::id::JobKind;
use super::job::{Cause, Course, Job};
use super::plan::{Copy, DEFAULT_COMPLETE_WINDOW, DEFAULT_START_WINDOW};
use super::resource::Resource;
use super::vault::VaultName;
use super::vaults;
use crate::hash::{self, Dice};
use crate::world::members::Account;
use crate::world::state::World;
use time::{Duration, OffsetDateTime};

/// In 1,000 accounts, how many lack the role.
const ROLES_MISSING: u64 = 12;
/// In 1,000 resources, how many have a key that AWS Backup may not use.
const KEYS_DENIED: u64 = 8;
/// In 1,000 resources of EC2, how many run Windows, and how many of their backups have trouble with VSS.
const WINDOWS: u64 = 300;
const VSS_TROUBLES: u64 = 180;

/// Chances in 1,000 of one backup.
const CHANCES: &[(u64, &Ending)] = &[
    (6, &ending::INTERNAL),
    (4, &ending::CONCURRENT),
    (3, &ending::SNAPSHOT_LIMIT),
    (7, &ending::EXPIRED),
    (7, &ending::TAGS_LOST),
];

/// Longest that a backup waits for its turn.
const MOST_WAIT: Duration = Duration::hours(8);

/// Longest life of a job, so that a listing by end knows how far back to look.
pub const LONGEST: Duration = Duration::hours(22);

pub fn backup(
    world: &World,
    account: &Account,
    resource: &Resource,
    cause: &Cause,
    id: u128,
    created: OffsetDateTime,
) -> Course {
    let mut dice = dice(id);
    let ending = backup_ending(world, account, resource, cause, created, &mut dice);
    let (start, complete) = windows(cause);
    let ending = match ending {
        ending if ending != &ending::EXPIRED => ending,
        ending if start <= MOST_WAIT => {
            return Course { begins: created + start, ends: created + start, ending };
        }
        // Nothing waits so long for a long window to close.
        _ => &ending::SUCCESS,
    };
    let begins = created + wait(&mut dice, start.min(MOST_WAIT));
    let whole = duration(resource, &mut dice);
    if ending.is_success() && whole > complete {
        return Course { begins, ends: begins + complete, ending: &ending::EXPIRED_LATE };
    }
    let length = if ending.is_success() { whole } else { Duration::seconds(5 + dice.below(50) as i64) };
    Course { begins, ends: begins + length, ending }
}

/// How long a backup may wait, and then take.
fn windows(cause: &Cause) -> (Duration, Duration) {
    let (start, complete) = match cause {
        Cause::Rule(_, rule, _) => (rule.start_window, rule.complete_window),
        Cause::Asked(started) => (started.start_window, started.complete_window),
        Cause::Demand(_) | Cause::Testing => (DEFAULT_START_WINDOW, DEFAULT_COMPLETE_WINDOW),
    };
    (Duration::minutes(start), Duration::minutes(complete))
}

fn backup_ending(
    world: &World,
    account: &Account,
    resource: &Resource,
    cause: &Cause,
    created: OffsetDateTime,
    dice: &mut Dice,
) -> &'static Ending {
    let vault = match cause {
        Cause::Rule(_, rule, _) => rule.vault.as_str(),
        Cause::Demand(vault) => vault,
        Cause::Asked(started) => &started.vault,
        Cause::Testing => "",
    };
    let vault = VaultName { account: &account.id, region: resource.region_name(), name: vault };
    if !vaults::exists(world, &vault, created) {
        return &ending::VAULT_MISSING;
    }
    if lacks_role(world, account) {
        return &ending::ROLE_MISSING;
    }
    if resource.has("key denied", KEYS_DENIED) {
        return &ending::KEY_DENIED;
    }
    if let Cause::Rule(plan, ..) = cause {
        let vss =
            plan.advanced.iter().any(|(_, option, value)| *option == "WindowsVSS" && value == "enabled");
        let windows = resource.kind.name == "EC2" && resource.has("windows", WINDOWS);
        if vss && windows && dice.permille(VSS_TROUBLES) {
            return &ending::VSS;
        }
    }
    chance(dice)
}

fn lacks_role(world: &World, account: &Account) -> bool {
    hash::mix(world.seed, &[hash::text("role"), u64::from(account.number)]) % 1000 < ROLES_MISSING
}

fn chance(dice: &mut Dice) -> &'static Ending {
    let mut draw = dice.below(1000);
    for (share, ending) in CHANCES {
        if draw < *share {
            return ending;
        }
        draw -= share;
    }
    &ending::SUCCESS
}

/// A parent lasts as long as its parts, and ends as they do together.
pub fn parent(whole: &Job, parts: &[Job]) -> Course {
    let done = parts.iter().filter(|part| part.stopped.is_none() && part.ending.is_success()).count();
    let (none, some) = match whole.kind {
        JobKind::Copy => (&ending::COPIES_FAILED, &ending::COPIES_PARTIAL),
        _ => (&ending::PARTS_FAILED, &ending::PARTIAL),
    };
    let ending = match done {
        _ if parts.is_empty() => whole.ending,
        0 => common_failure(parts).unwrap_or(none),
        done if done < parts.len() => some,
        _ => &ending::SUCCESS,
    };
    let begins = parts.iter().map(|part| part.begins).min().unwrap_or(whole.begins);
    let ends = parts.iter().map(Job::end).max().unwrap_or(whole.ends);
    Course { begins, ends: ends + Duration::seconds(30), ending }
}

/// What failed all parts alike: that is the parent's failure too.
fn common_failure(parts: &[Job]) -> Option<&'static Ending> {
    let first = parts.first().map(|part| part.ending).filter(|ending| ending.state == "FAILED")?;
    parts.iter().all(|part| part.stopped.is_none() && part.ending == first).then_some(first)
}

pub fn copy(
    world: &World,
    account: &Account,
    resource: &Resource,
    to: &Copy,
    id: u128,
    created: OffsetDateTime,
) -> Course {
    let mut dice = dice(id);
    let ending = copy_ending(world, account, resource, to, created, &mut dice);
    let begins = created + Duration::seconds(20 + dice.below(300) as i64);
    let whole = duration(resource, &mut dice) / 2;
    let length = if ending.is_success() { whole } else { Duration::seconds(8 + dice.below(60) as i64) };
    Course { begins, ends: begins + length, ending }
}

fn copy_ending(
    world: &World,
    account: &Account,
    resource: &Resource,
    to: &Copy,
    created: OffsetDateTime,
    dice: &mut Dice,
) -> &'static Ending {
    let destination = to.destination.replace("$account", &account.id);
    let Some(vault) = VaultName::of_arn(&destination) else { return &ending::COPY_VAULT_MISSING };
    let is_across = vault.account != account.id;
    if is_across && !world.backups.switch_at("isCrossAccountBackupEnabled", created) {
        return &ending::COPY_ACROSS_OFF;
    }
    if !vaults::exists(world, &vault, created) {
        return &ending::COPY_VAULT_MISSING;
    }
    if is_across && resource.has("managed key", 60) {
        return &ending::COPY_KEY;
    }
    match dice.below(1000) {
        0..8 if is_across => &ending::COPY_NOT_ALLOWED,
        0..12 => &ending::INTERNAL,
        _ => &ending::SUCCESS,
    }
}

/// Scans of an account without the role fail as its backups do.
pub fn scan(
    world: &World,
    account: &Account,
    resource: &Resource,
    id: u128,
    created: OffsetDateTime,
) -> Course {
    let mut dice = dice(id);
    let ending = match dice.below(1000) {
        _ if lacks_role(world, account) => &ending::SCAN_DENIED,
        0..12 => &ending::SCAN_DENIED,
        12..16 => &ending::SCAN_THREATS,
        16..40 => &ending::SCAN_SKIPPED,
        _ => &ending::SCAN_CLEAN,
    };
    let begins = created + Duration::seconds(15 + dice.below(240) as i64);
    let whole = duration(resource, &mut dice) / 3;
    let length = if ending.is_success() { whole } else { Duration::seconds(10 + dice.below(60) as i64) };
    Course { begins, ends: begins + length, ending }
}

pub fn restore(resource: &Resource, id: u128, created: OffsetDateTime) -> Course {
    let mut dice = dice(id);
    let ending = match dice.below(1000) {
        0..60 => &ending::RESTORE_DENIED,
        60..90 => &ending::RESTORE_CAPACITY,
        90..110 => &ending::RESTORE_STOPPED,
        _ => &ending::SUCCESS,
    };
    let begins = created + Duration::seconds(10 + dice.below(120) as i64);
    let ends = begins + duration(resource, &mut dice) + Duration::minutes(2);
    Course { begins, ends, ending }
}

fn dice(id: u128) -> Dice {
    Dice::new(id as u64, &[(id >> 64) as u64])
}

/// Most jobs begin within minutes, a few wait for long.
fn wait(dice: &mut Dice, window: Duration) -> Duration {
    let most = match dice.below(100) {
        0..80 => 12 * 60,
        80..95 => 45 * 60,
        _ => 3 * 3600,
    };
    let seconds = i64::try_from(20 + dice.below(most)).unwrap_or_default();
    Duration::seconds(seconds).min(window * 0.75)
}

/// Grows with the square root of the size: backups are incremental.
fn duration(resource: &Resource, dice: &mut Dice) -> Duration {
    let gibibytes = (resource.size() >> 30) as f64;
    let spread = 0.6 + dice.below(100) as f64 / 100.0;
    Duration::seconds_f64((90.0 + gibibytes.sqrt() * 60.0 * spread).min(9.0 * 3600.0))
}
