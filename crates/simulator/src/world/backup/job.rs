//! One job: a pure function of the seed, its coordinates and the time.

pub mod ending;
pub mod id;

use super::plan::{Copy, Lifecycle, Plan, Rule, Selection};
use super::resource::Resource;
use super::started::Started;
use super::vault::VaultName;
use crate::world::members::Account;
use crate::world::state::World;
use ending::Ending;
use id::JobKind;
use time::{Duration, OffsetDateTime};

/// A job with its whole life, past and to come.
#[derive(Debug, Clone)]
pub struct Job<'w> {
    pub kind: JobKind,
    pub id: u128,
    pub account: &'w Account,
    pub resource: Resource,
    pub cause: Cause<'w>,
    pub created: OffsetDateTime,
    pub begins: OffsetDateTime,
    pub ends: OffsetDateTime,
    pub ending: &'static Ending,
    /// When somebody stopped it, if that came before its end.
    pub stopped: Option<OffsetDateTime>,
    /// The parent of a part of a composite resource.
    pub parent: Option<u128>,
    pub is_parent: bool,
    pub copy: Option<CopyOf<'w>>,
    /// The backup that a scan looks into.
    pub scanned: Option<Box<Job<'w>>>,
}

/// Why a job was made.
#[derive(Debug, Clone, Copy)]
pub enum Cause<'w> {
    Rule(&'w Plan, &'w Rule, &'w Selection),
    /// By hand, into this vault.
    Demand(&'static str),
    /// By a call to this simulator.
    Asked(&'w Started),
    /// By a restore testing plan.
    Testing,
}

impl Cause<'_> {
    /// What the lifecycle of the job's recovery point is.
    pub fn lifecycle(&self) -> Lifecycle {
        match self {
            Cause::Rule(_, rule, _) => rule.lifecycle,
            Cause::Asked(started) => started.lifecycle,
            Cause::Demand(_) | Cause::Testing => Lifecycle { delete_after: Some(30), ..Lifecycle::default() },
        }
    }
}

/// What a copy job copies, and where to.
#[derive(Debug, Clone)]
pub struct CopyOf<'w> {
    pub backup: Box<Job<'w>>,
    pub to: &'w Copy,
}

/// How long a stopped job takes to end.
const ABORTING: Duration = Duration::seconds(20);

impl Job<'_> {
    /// The state at an instant.
    pub fn state(&self, now: OffsetDateTime) -> &'static str {
        if let Some(stopped) = self.stopped.filter(|stopped| *stopped <= now) {
            return if now < stopped + ABORTING { "ABORTING" } else { "ABORTED" };
        }
        match self.kind {
            _ if now >= self.ends => self.ending.state,
            _ if now >= self.begins => "RUNNING",
            JobKind::Restore => "PENDING",
            JobKind::Backup if self.is_pending(now) => "PENDING",
            JobKind::Backup | JobKind::Copy | JobKind::Scan => "CREATED",
        }
    }

    /// Goes as a parent does whose parts are known.
    pub fn takes(&mut self, course: Course, world: &World) {
        self.stopped = if self.kind == JobKind::Backup { stopped(world, self.id, &course) } else { None };
        Course { begins: self.begins, ends: self.ends, ending: self.ending } = course;
    }

    /// In the last quarter of its waiting, if it is not in vain.
    fn is_pending(&self, now: OffsetDateTime) -> bool {
        self.begins < self.ends && now >= self.begins - (self.begins - self.created) / 4
    }

    /// When it reaches its final state.
    pub fn end(&self) -> OffsetDateTime {
        self.stopped.map_or(self.ends, |stopped| stopped + ABORTING)
    }

    /// When it reached its final state; none if it has not.
    pub fn completed(&self, now: OffsetDateTime) -> Option<OffsetDateTime> {
        Some(self.end()).filter(|end| *end <= now)
    }

    /// How it ended; none while it is open. Jobs that were stopped end as such.
    pub fn ended(&self, now: OffsetDateTime) -> Option<&'static Ending> {
        self.completed(now)?;
        Some(if self.stopped.is_some() { &ending::STOPPED } else { self.ending })
    }

    /// Percent done; a job stops where it was.
    pub fn percent(&self, now: OffsetDateTime) -> f64 {
        let at = self.stopped.unwrap_or(now).min(now);
        if self.completed(now).is_some() && self.stopped.is_none() {
            return if self.ending.is_success() { 100.0 } else { 0.0 };
        }
        let whole = (self.ends - self.begins).as_seconds_f64().max(1.0);
        let done = (at - self.begins).as_seconds_f64().max(0.0);
        (done / whole * 1000.0).floor().min(999.0) / 10.0
    }

    /// Whether it left something to restore from.
    pub fn has_recovery_point(&self, now: OffsetDateTime) -> bool {
        self.ended(now).is_some_and(Ending::is_success)
    }

    /// The vault of a backup.
    pub fn vault(&self) -> &str {
        match self.cause {
            Cause::Rule(_, rule, _) => &rule.vault,
            Cause::Demand(vault) => vault,
            Cause::Asked(started) => &started.vault,
            Cause::Testing => "",
        }
    }

    pub fn role(&self) -> String {
        match self.cause {
            Cause::Rule(_, _, selection) => selection.role.replace("$account", &self.account.id),
            Cause::Asked(started) => started.role.clone(),
            Cause::Demand(_) | Cause::Testing => default_role(&self.account.id),
        }
    }

    /// The ARN of the recovery point that a backup makes.
    pub fn recovery_point(&self) -> String {
        let Resource { kind, .. } = self.resource;
        let region = self.resource.region_name();
        let account = &self.account.id;
        let uuid = id::text(self.id).to_ascii_lowercase();
        match kind.name {
            "EBS" => format!("arn:aws:ec2:{region}::snapshot/snap-{}", hex17(self.id)),
            "EC2" => format!("arn:aws:ec2:{region}::image/ami-{}", hex17(self.id)),
            _ if self.is_parent => {
                format!("arn:aws:backup:{region}:{account}:recovery-point:composite:{}", uuid)
            }
            _ if kind.managed => format!("arn:aws:backup:{region}:{account}:recovery-point:{uuid}"),
            "Aurora" | "DocumentDB" => {
                format!("arn:aws:rds:{region}:{account}:cluster-snapshot:awsbackup:job-{uuid}")
            }
            "FSx" => format!("arn:aws:fsx:{region}:{account}:backup/backup-{}", hex17(self.id)),
            _ => format!("arn:aws:rds:{region}:{account}:snapshot:awsbackup:job-{uuid}"),
        }
    }

    /// The ARN of the recovery point that a copy makes in its vault.
    pub fn copied_point(&self, vault: &VaultName) -> String {
        let uuid = id::text(self.id).to_ascii_lowercase();
        let kind = if self.is_parent { "composite:" } else { "" };
        format!("arn:aws:backup:{}:{}:recovery-point:{kind}{uuid}", vault.region, vault.account)
    }
}

/// Instants and end of a job before anybody interferes.
#[derive(Debug, Clone, Copy)]
pub struct Course {
    pub begins: OffsetDateTime,
    pub ends: OffsetDateTime,
    pub ending: &'static Ending,
}

/// The role that AWS Backup's console makes.
pub fn default_role(account: &str) -> String {
    format!("arn:aws:iam::{account}:role/service-role/AWSBackupDefaultServiceRole")
}

/// When somebody stopped a job, if it was still open then.
pub fn stopped(world: &World, id: u128, course: &Course) -> Option<OffsetDateTime> {
    world.backups.stopped.get(&id).copied().filter(|at| *at < course.ends)
}

fn hex17(id: u128) -> String {
    format!("0{:016x}", (id >> 32) as u64)
}
