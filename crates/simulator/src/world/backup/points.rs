//! Recovery points: what completed backup and copy jobs left in vaults, until their lifecycle ends them.

use super::history;
use super::job::id::JobKind;
use super::job::{Cause, Job};
use super::plan::{Copy, Lifecycle, Rule};
use super::resource::{REGIONS, region_number};
use super::vault::VaultName;
use crate::world::state::World;
use time::{Date, Duration, OffsetDateTime};

/// The simulator looks at most this many days back for recovery points, whatever their retention.
const REACH: i64 = 400;
/// Days for which backups by hand are kept.
const BY_HAND: i64 = 30;

/// A recovery point and the backup or copy that made it.
pub struct Point<'w> {
    pub job: Job<'w>,
    pub completed: OffsetDateTime,
    pub lifecycle: Lifecycle,
}

/// The points of a vault, newest first.
pub fn points<'w>(world: &'w World, vault: &VaultName, now: OffsetDateTime) -> Vec<Point<'w>> {
    let mut points: Vec<Point> = backups(world, vault, now).chain(copies(world, vault, now)).collect();
    points.sort_by_key(|point| std::cmp::Reverse((point.job.created, point.job.id)));
    points
}

/// What backups of the vault's own account left in it.
fn backups<'w>(
    world: &'w World,
    vault: &VaultName,
    now: OffsetDateTime,
) -> impl Iterator<Item = Point<'w>> + use<'w> {
    let name = vault.name.to_owned();
    let place = world.accounts.get(vault.account).zip(region_number(vault.region));
    let kept = rules(world, vault.account).filter(|rule| rule.vault == vault.name).map(|rule| rule.lifecycle);
    let asked =
        world.backups.started.iter().filter(|asked| asked.vault == vault.name).map(|asked| asked.lifecycle);
    let reach = kept.chain(asked).map(days_kept).max().unwrap_or_default().max(BY_HAND);
    place.into_iter().flat_map(move |(account, region)| {
        let name = name.clone();
        let jobs = days_back(now, reach)
            .flat_map(move |day| history::jobs_on(world, JobKind::Backup, account, region, day));
        jobs.filter(move |job| job.vault() == name).filter_map(move |job| point(job, now))
    })
}

/// What copies from any account left in it.
fn copies<'w>(
    world: &'w World,
    vault: &VaultName,
    now: OffsetDateTime,
) -> impl Iterator<Item = Point<'w>> + use<'w> {
    let (arn, owner) = (vault.arn(), vault.account.to_owned());
    let is_here = move |to: &Copy, account: &str| match to.destination.contains("$account") {
        true => account == owner && to.destination.replace("$account", &owner) == arn,
        false => to.destination == arn,
    };
    let asked = world.backups.started.iter().filter_map({
        let is_here = is_here.clone();
        move |asked| {
            let (_, to) = asked.copied.as_ref()?;
            is_here(to, "").then(|| history::find(world, asked.key.id(world.seed), asked.region))?
        }
    });
    let scheduled = world.accounts.values().flat_map(move |account| {
        let to = |rule: &'w Rule| rule.copies.iter().filter(|to| is_here(to, &account.id));
        let found: Vec<(&Rule, Lifecycle)> =
            rules(world, &account.id).flat_map(|rule| to(rule).map(move |to| (rule, to.lifecycle))).collect();
        let reach = found.iter().map(|(_, lifecycle)| days_kept(*lifecycle)).max().unwrap_or_default();
        // Copies are made on the day of their backup or on the next.
        let runs = |day: &Date| found.iter().any(|(rule, _)| rule.schedule.runs_on(*day).next().is_some());
        let is_day = |day: &Date| runs(day) || day.previous_day().is_some_and(|day| runs(&day));
        let days: Vec<Date> =
            if found.is_empty() { Vec::new() } else { days_back(now, reach).filter(is_day).collect() };
        let is_here = is_here.clone();
        let jobs = days.into_iter().flat_map(move |day| {
            let regions = 0..REGIONS.len();
            regions.flat_map(move |region| history::jobs_on(world, JobKind::Copy, account, region, day))
        });
        let by_rule = jobs.filter(|job| matches!(job.cause, Cause::Rule(..)));
        by_rule.filter(move |job| job.copy.as_ref().is_some_and(|copy| is_here(copy.to, &account.id)))
    });
    asked.chain(scheduled).filter_map(move |job| point(job, now))
}

/// The rules that ever applied to an account, each as often as its policy changed.
fn rules<'w>(world: &'w World, account: &str) -> impl Iterator<Item = &'w Rule> + use<'w> {
    let versions = world.evaluations.history(account).iter();
    versions.flat_map(|(_, version)| version.effective.plans.iter().flat_map(|plan| &plan.rules))
}

fn days_kept(lifecycle: Lifecycle) -> i64 {
    // A day more: a job of late evening ends on the next.
    lifecycle.delete_after.map_or(REACH, |days| days.min(REACH) + 1)
}

fn days_back(now: OffsetDateTime, reach: i64) -> impl Iterator<Item = Date> {
    (0..=reach).filter_map(move |back| now.date().checked_sub(Duration::days(back)))
}

fn point(job: Job<'_>, now: OffsetDateTime) -> Option<Point<'_>> {
    let completed = job.completed(now).filter(|_| job.has_recovery_point(now))?;
    let lifecycle = match &job.copy {
        Some(copy) => copy.to.lifecycle,
        None => job.cause.lifecycle(),
    };
    let is_over =
        lifecycle.delete_after.and_then(|days| after(completed, days)).is_some_and(|end| end <= now);
    (!is_over).then_some(Point { job, completed, lifecycle })
}

impl Point<'_> {
    /// The ARN of the point in its vault.
    pub fn arn(&self) -> String {
        let vault =
            self.job.copy.as_ref().map(|copy| copy.to.destination.replace("$account", &self.job.account.id));
        match vault.as_deref().and_then(VaultName::of_arn) {
            Some(vault) => self.job.copied_point(&vault),
            None => self.job.recovery_point(),
        }
    }
}

/// How many recovery points a vault holds.
pub fn count(world: &World, vault: &VaultName, now: OffsetDateTime) -> usize {
    points(world, vault, now).len()
}

/// The backup that made a recovery point of a vault; the simulator copies no copies.
pub fn backup_of<'w>(world: &'w World, vault: &VaultName, arn: &str, now: OffsetDateTime) -> Option<Job<'w>> {
    let found = backups(world, vault, now).find(|point| point.job.recovery_point() == arn);
    found.map(|point| point.job)
}

/// Some days later, if there is such a day.
pub fn after(from: OffsetDateTime, days: i64) -> Option<OffsetDateTime> {
    from.checked_add(Duration::days(days))
}
