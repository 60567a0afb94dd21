//! Which jobs there were on a day: computed from schedules, resources and the seed whenever somebody asks.

use super::job::id::{JobKind, Key, minute};
use super::job::{Cause, CopyOf, Course, Job, stopped};
use super::plan::{Copy, Plan, Rule, Selection};
use super::resource::{REGIONS, Resource};
use super::started::Started;
use super::{course, estate};
use crate::hash::{self, Dice};
use crate::world::members::Account;
use crate::world::state::World;
use time::{Date, Duration, OffsetDateTime, Weekday};

/// In 1,000 days of an account, how many see a backup by hand and how many a restore.
const DEMANDS: u64 = 18;
const RESTORES: u64 = 9;
/// In 1,000 accounts, how many have a restore testing plan.
const TESTERS: u64 = 70;
/// Vault that backups by hand go to.
const DEFAULT_VAULT: &str = "Default";

/// The jobs of one kind that an account created in a Region on a day, in no order.
pub fn jobs_on<'w>(
    world: &'w World,
    kind: JobKind,
    account: &'w Account,
    region: usize,
    day: Date,
) -> Vec<Job<'w>> {
    match kind {
        JobKind::Backup => backups(world, account, region, day),
        JobKind::Copy => copies(world, account, region, day),
        JobKind::Restore => restores(world, account, region, day),
        JobKind::Scan => scans(world, account, region, day),
    }
}

/// The job of an id, if the world has one.
pub fn find(world: &World, id: u128, region: usize) -> Option<Job<'_>> {
    let key = Key::of(id, world.seed)?;
    let account = world.accounts.values().find(|account| account.number == key.account)?;
    jobs_on(world, key.kind, account, region, key.created_day()).into_iter().find(|job| job.id == id)
}

fn backups<'w>(world: &'w World, account: &'w Account, region: usize, day: Date) -> Vec<Job<'w>> {
    let mut jobs = Vec::new();
    let estate: Vec<Resource> =
        estate::resources(world, account).filter(|resource| resource.region == region).collect();
    if estate.is_empty() {
        return jobs;
    }
    let history = world.evaluations.history(&account.id);
    let next_day = day.next_day().unwrap_or(day).midnight().assume_utc();
    for (index, (from, version)) in history.iter().enumerate() {
        let until = history.get(index + 1).map_or(next_day, |(until, _)| *until);
        if *from >= next_day || until <= day.midnight().assume_utc() {
            continue;
        }
        for plan in version.effective.plans.iter().filter(|plan| covers(plan, region)) {
            for rule in &plan.rules {
                let runs = rule.schedule.runs_on(day).filter(|run| from <= run && *run < until);
                for run in runs {
                    scheduled(world, account, plan, rule, run, &estate, &mut jobs);
                }
            }
        }
    }
    let is_asked = |asked: &&Started| asked.is_on(JobKind::Backup, account.number, region, day);
    for asked in world.backups.started.iter().filter(is_asked) {
        if let Some(resource) = estate.iter().find(|resource| resource.number == asked.key.resource) {
            backup(world, account, *resource, Cause::Asked(asked), asked.key, &mut jobs);
        }
    }
    if let Some(job) = by_hand(world, account, day, &estate) {
        jobs.push(job);
    }
    jobs
}

fn covers(plan: &Plan, region: usize) -> bool {
    REGIONS.get(region).is_some_and(|name| plan.regions.iter().any(|listed| listed == name))
}

/// The jobs of one run of a rule.
fn scheduled<'w>(
    world: &'w World,
    account: &'w Account,
    plan: &'w Plan,
    rule: &'w Rule,
    run: OffsetDateTime,
    estate: &[Resource],
    jobs: &mut Vec<Job<'w>>,
) {
    if run < account.joined_at {
        return;
    }
    for resource in estate {
        if let Some(selection) = selected(world, account, plan, resource, run) {
            let key = key(JobKind::Backup, account, resource, rule.code, run);
            backup(world, account, *resource, Cause::Rule(plan, rule, selection), key, jobs);
        }
    }
}

/// The first selection that takes a resource. By tag it takes only types that the management account has opted in to.
fn selected<'w>(
    world: &World,
    account: &Account,
    plan: &'w Plan,
    resource: &Resource,
    run: OffsetDateTime,
) -> Option<&'w Selection> {
    let opted_in =
        || world.backups.opted_in(&world.management, resource.region_name(), resource.kind.name, run);
    plan.selections
        .iter()
        .find(|selection| selection.takes(resource, &account.id) && (selection.tag.is_none() || opted_in()))
}

fn key(kind: JobKind, account: &Account, resource: &Resource, cause: u16, created: OffsetDateTime) -> Key {
    Key {
        kind,
        account: account.number,
        resource: resource.number,
        cause,
        minute: minute(created),
        part: resource.part,
    }
}

/// A backup, with the jobs of its parts if the resource is composite.
fn backup<'w>(
    world: &'w World,
    account: &'w Account,
    resource: Resource,
    cause: Cause<'w>,
    key: Key,
    jobs: &mut Vec<Job<'w>>,
) {
    let job = |resource: Resource, parent: Option<u128>| {
        let id = Key { part: resource.part, ..key }.id(world.seed);
        let created = if let Cause::Asked(asked) = cause { asked.at } else { created(id, key) };
        let course = course::backup(world, account, &resource, &cause, id, created);
        Job {
            kind: JobKind::Backup,
            id,
            account,
            resource,
            cause,
            created,
            begins: course.begins,
            ends: course.ends,
            ending: course.ending,
            // Who stops a parent stops its parts.
            stopped: [Some(id), parent].into_iter().flatten().find_map(|id| stopped(world, id, &course)),
            parent,
            is_parent: false,
            copy: None,
            scanned: None,
        }
    };
    let mut whole = job(resource, None);
    if !resource.is_composite() {
        jobs.push(whole);
        return;
    }
    let parts: Vec<Job<'w>> = resource.children().map(|part| job(part, Some(whole.id))).collect();
    whole.is_parent = true;
    whole.takes(course::parent(&whole, &parts), world);
    jobs.extend(parts);
    jobs.push(whole);
}

/// Within its minute, so that the id leads to the right day.
fn created(id: u128, key: Key) -> OffsetDateTime {
    let milliseconds = i64::try_from(hash::mix(id as u64, &[1]) % 9_000).unwrap_or_default();
    key.minute_start() + Duration::milliseconds(milliseconds)
}

fn by_hand<'w>(world: &'w World, account: &'w Account, day: Date, estate: &[Resource]) -> Option<Job<'w>> {
    let mut dice = day_dice(world, account, day, "demand");
    let resource = *dice.pick(estate)?;
    let at = day.midnight().assume_utc() + Duration::minutes(dice.below(1440) as i64);
    if !dice.permille(DEMANDS) || resource.is_composite() || at < account.joined_at {
        return None;
    }
    let mut jobs = Vec::new();
    let key = key(JobKind::Backup, account, &resource, 0, at);
    backup(world, account, resource, Cause::Demand(DEFAULT_VAULT), key, &mut jobs);
    jobs.pop()
}

fn day_dice(world: &World, account: &Account, day: Date, what: &str) -> Dice {
    let day = u64::from(day.to_julian_day().unsigned_abs());
    Dice::new(world.seed, &[hash::text(what), u64::from(account.number), day])
}

/// A backup of a rule that left something for copies and scans, and its parts if the resource is composite.
struct Followed<'w> {
    backup: Job<'w>,
    parts: Vec<Job<'w>>,
    plan: &'w Plan,
    rule: &'w Rule,
}

/// What follows a backup begins when it has ended: on its day or on the next.
fn followed<'w>(
    world: &'w World,
    account: &'w Account,
    region: usize,
    day: Date,
) -> impl Iterator<Item = Followed<'w>> {
    let days = [day.previous_day().unwrap_or(day), day];
    days.into_iter().flat_map(move |day| {
        let all = backups(world, account, region, day);
        let wholes: Vec<Job> = all.iter().filter(|job| left_something(job)).cloned().collect();
        wholes.into_iter().filter_map(move |backup| {
            let Cause::Rule(plan, rule, _) = backup.cause else { return None };
            let parts = if backup.is_parent { parts_of(&backup, &all) } else { Vec::new() };
            Some(Followed { backup, parts, plan, rule })
        })
    })
}

fn left_something(job: &Job) -> bool {
    job.parent.is_none() && job.stopped.is_none() && job.ending.is_success()
}

/// The parts of a composite backup that can be copied.
fn parts_of<'w>(whole: &Job<'w>, all: &[Job<'w>]) -> Vec<Job<'w>> {
    let is_part =
        |job: &&Job| job.parent == Some(whole.id) && job.stopped.is_none() && job.ending.is_success();
    all.iter().filter(is_part).cloned().collect()
}

/// Copies of one backup have numbers below this; the bits above tell parts of composite resources apart.
const COPY_NUMBERS: u8 = 32;

fn copies<'w>(world: &'w World, account: &'w Account, region: usize, day: Date) -> Vec<Job<'w>> {
    let mut jobs = Vec::new();
    for Followed { backup, parts, rule, .. } in followed(world, account, region, day) {
        for (number, to) in (1..COPY_NUMBERS).zip(&rule.copies) {
            let at = backup.ends + Duration::MINUTE;
            let key = Key { part: number, ..key(JobKind::Copy, account, &backup.resource, rule.code, at) };
            copy(world, &backup, &parts, to, key, &mut jobs);
        }
    }
    jobs.retain(|job| job.created.date() == day);
    let is_asked = |asked: &&Started| asked.is_on(JobKind::Copy, account.number, region, day);
    for asked in world.backups.started.iter().filter(is_asked) {
        asked_copy(world, asked, &mut jobs);
    }
    jobs
}

fn asked_copy<'w>(world: &'w World, asked: &'w Started, jobs: &mut Vec<Job<'w>>) {
    let Some((backup, to)) = asked.copied.as_ref() else { return };
    let Some(backup) = find(world, *backup, asked.region) else { return };
    let all = match backup.is_parent {
        true => backups(world, backup.account, asked.region, backup.created.date()),
        false => Vec::new(),
    };
    let parts = parts_of(&backup, &all);
    let asked_for = Job { cause: Cause::Asked(asked), ..backup };
    copy(world, &asked_for, &parts, to, asked.key, jobs);
}

/// A copy, with copies of the parts if the resource is composite.
fn copy<'w>(
    world: &'w World,
    backup: &Job<'w>,
    parts: &[Job<'w>],
    to: &'w Copy,
    key: Key,
    jobs: &mut Vec<Job<'w>>,
) {
    let job = |backup: &Job<'w>, cause: Cause<'w>, parent: Option<u128>| {
        let id =
            Key { part: key.part | backup.resource.part.wrapping_mul(COPY_NUMBERS), ..key }.id(world.seed);
        let created = if let Cause::Asked(asked) = cause { asked.at } else { created(id, key) };
        let course = course::copy(world, backup.account, &backup.resource, to, id, created);
        Job {
            kind: JobKind::Copy,
            id,
            cause,
            created,
            begins: course.begins,
            ends: course.ends,
            ending: course.ending,
            stopped: None,
            parent,
            copy: Some(CopyOf { backup: Box::new(backup.clone()), to }),
            ..backup.clone()
        }
    };
    let mut whole = job(backup, backup.cause, None);
    let parts: Vec<Job> = parts.iter().map(|part| job(part, backup.cause, Some(whole.id))).collect();
    if backup.is_parent {
        whole.takes(course::parent(&whole, &parts), world);
    }
    jobs.extend(parts);
    jobs.push(whole);
}

/// Scans are asked for by rule and restricted by plan.
fn scans<'w>(world: &'w World, account: &'w Account, region: usize, day: Date) -> Vec<Job<'w>> {
    let wanted = followed(world, account, region, day).filter(|Followed { backup, plan, rule, .. }| {
        let settings = plan.scan.as_ref().filter(|_| rule.scan_mode.is_some());
        settings.is_some_and(|settings| settings.takes(backup.resource.kind.name))
    });
    wanted.map(|followed| scan(world, &followed.backup)).filter(|job| job.created.date() == day).collect()
}

/// Part of the id of a scan, away from the numbers of copies.
const SCAN_PART: u8 = 64;

fn scan<'w>(world: &'w World, backup: &Job<'w>) -> Job<'w> {
    let Job { account, resource, cause, .. } = *backup;
    let code = if let Cause::Rule(_, rule, _) = cause { rule.code } else { 0 };
    let at = backup.ends + Duration::MINUTE;
    let key = Key { part: SCAN_PART, ..key(JobKind::Scan, account, &resource, code, at) };
    let id = key.id(world.seed);
    let created = created(id, key);
    let Course { begins, ends, ending } = course::scan(world, account, &resource, id, created);
    let scanned = Some(Box::new(backup.clone()));
    Job { kind: JobKind::Scan, id, created, begins, ends, ending, stopped: None, scanned, ..backup.clone() }
}

fn restores<'w>(world: &'w World, account: &'w Account, region: usize, day: Date) -> Vec<Job<'w>> {
    let is_whole = |resource: &Resource| resource.region == region && !resource.is_composite();
    let estate: Vec<Resource> = estate::resources(world, account).filter(is_whole).collect();
    let mut dice = day_dice(world, account, day, "restore");
    let Some(resource) = dice.pick(&estate).copied() else { return Vec::new() };
    let minutes = Duration::minutes(dice.below(1440) as i64);
    let by_hand = dice.permille(RESTORES).then_some((minutes, Cause::Demand(DEFAULT_VAULT)));
    let tests = hash::mix(world.seed, &[hash::text("tester"), u64::from(account.number)]) % 1000 < TESTERS;
    let test = (tests && day.weekday() == Weekday::Monday).then_some((Duration::hours(6), Cause::Testing));
    let jobs = [by_hand, test].into_iter().flatten().map(|(after, cause)| {
        let at = day.midnight().assume_utc() + after;
        let code = u16::from(matches!(cause, Cause::Testing)) << 1;
        restore(world, account, resource, cause, key(JobKind::Restore, account, &resource, code, at))
    });
    jobs.filter(|job| job.created >= account.joined_at).collect()
}

fn restore<'w>(
    world: &'w World,
    account: &'w Account,
    resource: Resource,
    cause: Cause<'w>,
    key: Key,
) -> Job<'w> {
    let id = key.id(world.seed);
    let created = created(id, key);
    let Course { begins, ends, ending } = course::restore(&resource, id, created);
    Job {
        kind: JobKind::Restore,
        id,
        account,
        resource,
        cause,
        created,
        begins,
        ends,
        ending,
        stopped: None,
        parent: None,
        is_parent: false,
        copy: None,
        scanned: None,
    }
}

/// How many days back a restore looks for the backup that it restores.
const RESTORE_REACH: i64 = 8;

/// The newest backup of a resource that ended before an instant; none if there was none lately.
pub fn backup_before<'w>(world: &'w World, job: &Job<'w>) -> Option<Job<'w>> {
    let day = job.created.date();
    (0..RESTORE_REACH).find_map(|back| {
        let day = day.checked_sub(Duration::days(back))?;
        let jobs = backups(world, job.account, job.resource.region, day).into_iter();
        let fits = |backup: &Job| backup.resource == job.resource && backup.has_recovery_point(job.created);
        jobs.filter(fits).max_by_key(|backup| backup.created)
    })
}
