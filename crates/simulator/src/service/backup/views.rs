//! Jobs as they go over the wire.

use super::ids::{plan_arn, plan_id, rule_id, version_id};
use crate::wire::rule::epoch;
use crate::world::World;
use crate::world::backup::history;
use crate::world::backup::job::{Cause, Job, id};
use crate::world::backup::plan::{Lifecycle, Plan};
use crate::world::backup::vault::{self, VaultName};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use time::OffsetDateTime;

/// Collects the members of a structure.
#[derive(Default)]
struct Members(Map<String, Value>);

impl Members {
    fn put(&mut self, name: &str, value: impl Into<Value>) {
        self.0.insert(name.to_owned(), value.into());
    }

    fn may(&mut self, name: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.put(name, value);
        }
    }
}

/// Sorts newest first, and leads a listing back to where it stood.
pub fn order(created: OffsetDateTime, id: u128) -> String {
    let milliseconds = u64::try_from(created.unix_timestamp_nanos() / 1_000_000).unwrap_or_default();
    format!("{:020}-{:032x}", u64::MAX - milliseconds, u128::MAX - id)
}

/// The instant in a key of [`order`].
pub fn order_time(key: &str) -> Option<OffsetDateTime> {
    let milliseconds = u64::MAX - key.split('-').next()?.parse::<u64>().ok()?;
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(milliseconds) * 1_000_000).ok()
}

/// A backup job as ListBackupJobs gives it.
pub fn backup(world: &World, job: &Job, now: OffsetDateTime) -> Value {
    Value::Object(backup_members(world, job, now).0)
}

/// A backup job as DescribeBackupJob gives it: with the count of its children.
pub fn backup_detail(world: &World, job: &Job, now: OffsetDateTime) -> Value {
    let mut members = backup_members(world, job, now);
    children(&mut members, world, job, now);
    Value::Object(members.0)
}

/// How many children a parent has, together and by state.
fn children(members: &mut Members, world: &World, job: &Job, now: OffsetDateTime) {
    if !job.is_parent {
        return;
    }
    let day = job.created.date();
    let jobs = history::jobs_on(world, job.kind, job.account, job.resource.region, day);
    let mut states = BTreeMap::<&str, u64>::new();
    for child in jobs.iter().filter(|child| child.parent == Some(job.id)) {
        *states.entry(child.state(now)).or_default() += 1;
    }
    members.put("NumberOfChildJobs", states.values().sum::<u64>());
    members.put("ChildJobsInState", json!(states));
}

fn backup_members(world: &World, job: &Job, now: OffsetDateTime) -> Members {
    let vault = vault::of_resource(&job.account.id, &job.resource, job.vault());
    let mut members = Members::default();
    members.put("AccountId", job.account.id.as_str());
    members.put("BackupJobId", id::text(job.id));
    members.put("BackupVaultName", vault.name);
    members.put("BackupVaultArn", vault.arn());
    members.put("VaultType", "BACKUP_VAULT");
    members.put("VaultLockState", world.backups.lock_state(&vault, now));
    members.put("RecoveryPointLifecycle", lifecycle(&job.cause.lifecycle()));
    members.put("ResourceArn", job.resource.arn(&job.account.id));
    members.put("ResourceType", job.resource.kind.name);
    members.put("ResourceName", job.resource.name());
    members.put("IamRoleArn", job.role());
    members.put("CreationDate", epoch(job.created));
    members.put("StartBy", epoch(job.created + start_window(&job.cause)));
    members.put("State", job.state(now));
    members.put("PercentDone", format!("{:.1}", job.percent(now)));
    members.put("IsParent", job.is_parent);
    members.may("ParentJobId", job.parent.map(id::text));
    members.may("CreatedBy", creator(&job.cause, &job.account.id, job.resource.region_name()));
    if let Cause::Rule(plan, rule, _) = job.cause {
        let options = options(plan, job.resource.kind.name);
        members.put("BackupOptions", options);
        members.put("BackupType", if rule.continuous { "CONTINUOUS" } else { "SNAPSHOT" });
    }
    progress(&mut members, job, &vault, now);
    members
}

/// What a backup shows once it runs and once it has ended.
fn progress(members: &mut Members, job: &Job, vault: &VaultName, now: OffsetDateTime) {
    let state = job.state(now);
    let has_begun = job.begins <= now && state != "EXPIRED";
    members.may("InitiationDate", has_begun.then(|| epoch(job.begins)));
    if state == "RUNNING" {
        members.put("ExpectedCompletionDate", epoch(job.ends));
        let share = job.percent(now) / 100.0;
        members.put("BytesTransferred", (job.resource.size() as f64 * share) as u64);
    }
    if job.has_recovery_point(now) {
        members.put("RecoveryPointArn", job.recovery_point());
        members.put("BackupSizeInBytes", job.resource.size());
        members.put("BytesTransferred", job.resource.size() / 20);
        members.put("IsEncrypted", true);
        members.put("EncryptionKeyArn", vault::key_arn(vault));
    }
    end(members, job, now);
}

/// The members that every ended job has.
fn end(members: &mut Members, job: &Job, now: OffsetDateTime) {
    members.may("CompletionDate", job.completed(now).map(epoch));
    if let Some(ending) = job.ended(now) {
        members.put("MessageCategory", ending.category);
        members.may("StatusMessage", ending.message.map(|message| fill(message, job)));
    }
}

fn fill(message: &str, job: &Job) -> String {
    let destination = job.copy.as_ref().map(|copy| copy.to.destination.replace("$account", &job.account.id));
    message
        .replace("{vault}", job.vault())
        .replace("{role}", &job.role())
        .replace("{resource}", &job.resource.arn(&job.account.id))
        .replace("{destination}", destination.as_deref().unwrap_or_default())
}

/// A copy job, as the list and DescribeCopyJob give it.
pub fn copy(world: &World, job: &Job, now: OffsetDateTime) -> Value {
    let mut members = Members::default();
    let Some(copy) = &job.copy else { return Value::Null };
    let source = vault::of_resource(&job.account.id, &job.resource, copy.backup.vault());
    let destination = copy.to.destination.replace("$account", &job.account.id);
    members.put("AccountId", job.account.id.as_str());
    members.put("CopyJobId", id::text(job.id));
    members.put("SourceBackupVaultArn", source.arn());
    members.put("SourceRecoveryPointArn", copy.backup.recovery_point());
    members.put("DestinationBackupVaultArn", destination.as_str());
    members.put("DestinationVaultType", "BACKUP_VAULT");
    members.put("DestinationRecoveryPointLifecycle", lifecycle(&copy.to.lifecycle));
    if let Cause::Rule(..) = job.cause {
        members.put("CreatedByBackupJobId", id::text(copy.backup.id));
    }
    members.put("ResourceArn", job.resource.arn(&job.account.id));
    members.put("ResourceType", job.resource.kind.name);
    members.put("ResourceName", job.resource.name());
    members.put("IamRoleArn", job.role());
    members.put("CreationDate", epoch(job.created));
    members.put("State", job.state(now));
    members.put("BackupSizeInBytes", job.resource.size());
    members.put("IsParent", job.is_parent);
    members.may("ParentJobId", job.parent.map(id::text));
    members.may("CompositeMemberIdentifier", job.parent.map(|_| job.resource.name()));
    children(&mut members, world, job, now);
    members.may("CreatedBy", creator(&job.cause, &job.account.id, job.resource.region_name()));
    if let Some(vault) = VaultName::of_arn(&destination) {
        members.put("DestinationVaultLockState", world.backups.lock_state(&vault, now));
        if job.has_recovery_point(now) {
            members.put("DestinationRecoveryPointArn", job.copied_point(&vault));
            members.put("DestinationEncryptionKeyArn", vault::key_arn(&vault));
        }
    }
    end(&mut members, job, now);
    Value::Object(members.0)
}

/// A restore job, as the list and DescribeRestoreJob give it.
pub fn restore(world: &World, job: &Job, now: OffsetDateTime) -> Value {
    let mut members = Members::default();
    let account = job.account.id.as_str();
    members.put("AccountId", account);
    members.put("RestoreJobId", id::text(job.id));
    let backup = history::backup_before(world, job);
    let vault = backup.as_ref().map_or("Default", Job::vault);
    members.put("BackupVaultArn", vault::of_resource(account, &job.resource, vault).arn());
    members
        .put("RecoveryPointArn", backup.as_ref().map_or_else(|| job.recovery_point(), Job::recovery_point));
    members.may("RecoveryPointCreationDate", backup.as_ref().map(|backup| epoch(backup.created)));
    members.put("SourceResourceArn", job.resource.arn(account));
    members.put("ResourceType", job.resource.kind.name);
    members.put("IamRoleArn", job.role());
    members.put("CreationDate", epoch(job.created));
    members.put("Status", job.state(now));
    members.put("PercentDone", format!("{:.2}%", job.percent(now)));
    members.put("BackupSizeInBytes", job.resource.size());
    members.put("ExpectedCompletionTimeMinutes", (job.ends - job.created).whole_minutes().max(1));
    members.put("IsParent", false);
    if job.has_recovery_point(now) {
        members.put("CreatedResourceArn", job.resource.restored(job.id as u64).arn(account));
    }
    if let Cause::Testing = job.cause {
        testing(&mut members, job, now);
    }
    members.may("CompletionDate", job.completed(now).map(epoch));
    let message = job.ended(now).and_then(|ending| ending.message);
    members.may("StatusMessage", message.map(|message| fill(message, job)));
    Value::Object(members.0)
}

/// A scan job, as the list and DescribeScanJob give it.
pub fn scan(_: &World, job: &Job, now: OffsetDateTime) -> Value {
    let (Cause::Rule(plan, rule, _), Some(backup)) = (job.cause, &job.scanned) else { return Value::Null };
    let account = job.account.id.as_str();
    let vault = vault::of_resource(account, &job.resource, job.vault());
    let plan_id = plan_id(plan, account, job.resource.region_name());
    let mut members = Members::default();
    members.put("AccountId", account);
    members.put("ScanJobId", id::text(job.id));
    members.put("BackupVaultName", vault.name);
    members.put("BackupVaultArn", vault.arn());
    members.put("RecoveryPointArn", backup.recovery_point());
    members.put("ResourceArn", job.resource.arn(account));
    members.put("ResourceName", job.resource.name());
    members.put("ResourceType", job.resource.kind.name);
    members.put("MalwareScanner", "GUARDDUTY");
    members.put("ScanMode", rule.scan_mode.as_deref().unwrap_or("FULL_SCAN"));
    members.put("IamRoleArn", job.role());
    let scanner = plan.scan.as_ref().map_or("", |setting| setting.role.as_str());
    members.put("ScannerRoleArn", scanner.replace("$account", account));
    members.put("CreationDate", epoch(job.created));
    members.put("State", job.state(now));
    members.put(
        "CreatedBy",
        json!({
            "BackupPlanArn": plan_arn(&plan_id, account, job.resource.region_name()),
            "BackupPlanId": plan_id,
            "BackupPlanVersion": version_id(plan),
            "BackupRuleId": rule_id(plan, rule),
        }),
    );
    members.may("CompletionDate", job.completed(now).map(epoch));
    if let Some(ending) = job.ended(now) {
        members.put("ScanResult", json!({"ScanResultStatus": ending.category}));
        members.may("StatusMessage", ending.message.map(|message| fill(message, job)));
    }
    Value::Object(members.0)
}

/// The restore testing plan that made a job.
pub fn testing_plan(job: &Job) -> Option<String> {
    let region = job.resource.region_name();
    let plan =
        || format!("arn:aws:backup:{region}:{}:restore-testing-plan:weekly_restore_test", job.account.id);
    matches!(job.cause, Cause::Testing).then(plan)
}

fn testing(members: &mut Members, job: &Job, now: OffsetDateTime) {
    members.put("CreatedBy", json!({"RestoreTestingPlanArn": testing_plan(job)}));
    if job.has_recovery_point(now) {
        members
            .put("ValidationStatus", if job.resource.has("invalid", 50) { "FAILED" } else { "SUCCESSFUL" });
        members.put("DeletionStatus", "SUCCESSFUL");
    }
}

/// The member `Lifecycle`.
pub fn lifecycle(lifecycle: &Lifecycle) -> Value {
    let mut members = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            members.insert(name.to_owned(), value);
        }
    };
    put("MoveToColdStorageAfterDays", lifecycle.cold_after.map(Value::from));
    put("DeleteAfterDays", lifecycle.delete_after.map(Value::from));
    put("OptInToArchiveForSupportedResources", lifecycle.archive.map(Value::from));
    Value::Object(members)
}

fn start_window(cause: &Cause) -> time::Duration {
    match cause {
        Cause::Rule(_, rule, _) => time::Duration::minutes(rule.start_window.min(60 * 24 * 365)),
        Cause::Asked(started) => time::Duration::minutes(started.start_window),
        Cause::Demand(_) | Cause::Testing => time::Duration::hours(8),
    }
}

/// The member `CreatedBy`; jobs made by hand have none.
pub fn creator(cause: &Cause, account: &str, region: &str) -> Option<Value> {
    let Cause::Rule(plan, rule, _) = cause else { return None };
    let plan_id = plan_id(plan, account, region);
    Some(json!({
        "BackupPlanArn": plan_arn(&plan_id, account, region),
        "BackupPlanId": plan_id,
        "BackupPlanName": plan.name,
        "BackupPlanVersion": version_id(plan),
        "BackupRuleId": rule_id(plan, rule),
        "BackupRuleName": rule.name,
        "BackupRuleCron": rule.cron,
        "BackupRuleTimezone": "Etc/UTC",
    }))
}

fn options(plan: &Plan, kind: &str) -> Map<String, Value> {
    let of_kind = plan.advanced.iter().filter(|(of, ..)| *of == kind);
    of_kind.map(|(_, option, value)| ((*option).to_owned(), value.as_str().into())).collect()
}
