//! AWS Backup: the table of its operations, and what each does.

pub mod audit;
mod ids;
mod lists;
mod plans;
mod points;
mod resources;
mod settings;
mod started;
mod states;
mod summaries;
mod tagging;
mod tags;
mod vaults;
mod views;

use crate::service::handler::Handler;
use crate::wire::operation::{Field, Pages, may, need, path, query};
use crate::wire::rule::{ANY, Form, Rule, TEXT_MAP, TEXTS};
use states::{
    BACKUP_GROUPS, BACKUP_STATES, COPY_GROUPS, COPY_STATES, RESTORE_GROUPS, RESTORE_STATES, SCAN_GROUPS,
    SCAN_STATES,
};

const DAYS: Rule = Rule::Whole(1, 36_500);
const FLAGS: Rule = Rule::Map(&Rule::Flag);
const LIFECYCLE: Rule = Rule::Shape(&[
    ("MoveToColdStorageAfterDays", false, Rule::Whole(0, 36_500)),
    ("DeleteAfterDays", false, DAYS),
    ("OptInToArchiveForSupportedResources", false, Rule::Flag),
    ("DeleteAfterEvent", false, Rule::OneOf(&["DELETE_AFTER_COPY"])),
]);
const VAULT: Field = path("BackupVaultName", "backupVaultName", Rule::Form(Form::Vault));
const OWNER: Field = query("BackupVaultAccountId", "backupVaultAccountId", Rule::Form(Form::Account));
const PLAN: Field = path("BackupPlanId", "backupPlanId", ANY);
const RESOURCE: Field = path("ResourceArn", "resourceArn", ANY);
const BY_ACCOUNT: Field = query("ByAccountId", "accountId", Rule::Form(Form::AccountOrAll));
const BY_RESOURCE: Field = query("ByResourceArn", "resourceArn", ANY);
const BY_TYPE: Field = query("ByResourceType", "resourceType", Rule::Form(Form::ResourceType));
const BY_PARENT: Field = query("ByParentJobId", "parentJobId", ANY);
const BY_CATEGORY: Field = query("ByMessageCategory", "messageCategory", ANY);
const CREATED_BEFORE: Field = query("ByCreatedBefore", "createdBefore", Rule::Instant);
const CREATED_AFTER: Field = query("ByCreatedAfter", "createdAfter", Rule::Instant);
const COMPLETE_BEFORE: Field = query("ByCompleteBefore", "completeBefore", Rule::Instant);
const COMPLETE_AFTER: Field = query("ByCompleteAfter", "completeAfter", Rule::Instant);

const VAULT_TYPES: &[&str] =
    &["BACKUP_VAULT", "LOGICALLY_AIR_GAPPED_BACKUP_VAULT", "RESTORE_ACCESS_BACKUP_VAULT"];
const PERIODS: Rule = Rule::OneOf(&["ONE_DAY", "SEVEN_DAYS", "FOURTEEN_DAYS"]);
const SCAN_RESULTS: Rule = Rule::OneOf(&["NO_THREATS_FOUND", "THREATS_FOUND", "UNKNOWN"]);
const SCANNED_TYPES: Rule = Rule::OneOf(&["EBS", "EC2", "S3"]);
const SCANNER: Rule = Rule::OneOf(&["GUARDDUTY"]);

/// The input of the summaries of jobs with these states and groupings.
const fn summary(states: &'static [&'static str]) -> [Field; 7] {
    [
        query("AccountId", "AccountId", Rule::Form(Form::AccountOrGroup)),
        query("State", "State", Rule::OneOf(states)),
        query("ResourceType", "ResourceType", Rule::Form(Form::ResourceType)),
        query("MessageCategory", "MessageCategory", ANY),
        query("MalwareScanner", "MalwareScanner", SCANNER),
        query("ScanResultStatus", "ScanResultStatus", SCAN_RESULTS),
        query("AggregationPeriod", "AggregationPeriod", PERIODS),
    ]
}

/// Every operation of AWS Backup that the simulator knows, but for those of Audit Manager.
pub const OPERATIONS: &[Handler] = &[
    Handler::get("DescribeGlobalSettings", "/global-settings", settings::describe_global),
    Handler::send("UpdateGlobalSettings", "PUT", "/global-settings", settings::update_global)
        .input(&[may("GlobalSettings", TEXT_MAP)]),
    Handler::get("DescribeRegionSettings", "/account-settings", settings::describe_region),
    Handler::send("UpdateRegionSettings", "PUT", "/account-settings", settings::update_region)
        .input(&[may("ResourceTypeOptInPreference", FLAGS), may("ResourceTypeManagementPreference", FLAGS)]),
    Handler::get("GetSupportedResourceTypes", "/supported-resource-types", settings::supported_types),
    Handler::get("ListBackupJobs", "/backup-jobs", lists::backups).pages(Pages::Camel).input(&[
        BY_RESOURCE,
        query("ByState", "state", Rule::OneOf(BACKUP_STATES)),
        query("ByBackupVaultName", "backupVaultName", Rule::Form(Form::Vault)),
        BY_TYPE,
        BY_ACCOUNT,
        BY_PARENT,
        BY_CATEGORY,
        CREATED_BEFORE,
        CREATED_AFTER,
        COMPLETE_BEFORE,
        COMPLETE_AFTER,
    ]),
    Handler::get("ListCopyJobs", "/copy-jobs", lists::copies).pages(Pages::Camel).input(&[
        BY_RESOURCE,
        query("ByState", "state", Rule::OneOf(COPY_STATES)),
        query("ByDestinationVaultArn", "destinationVaultArn", ANY),
        query("BySourceRecoveryPointArn", "sourceRecoveryPointArn", ANY),
        BY_TYPE,
        BY_ACCOUNT,
        BY_PARENT,
        BY_CATEGORY,
        CREATED_BEFORE,
        CREATED_AFTER,
        COMPLETE_BEFORE,
        COMPLETE_AFTER,
    ]),
    Handler::get("ListRestoreJobs", "/restore-jobs", lists::restores).pages(Pages::Camel).input(&[
        query("ByStatus", "status", Rule::OneOf(RESTORE_STATES)),
        query("ByRestoreTestingPlanArn", "restoreTestingPlanArn", ANY),
        BY_TYPE,
        BY_ACCOUNT,
        BY_PARENT,
        CREATED_BEFORE,
        CREATED_AFTER,
        COMPLETE_BEFORE,
        COMPLETE_AFTER,
    ]),
    Handler::get("ListScanJobs", "/scan/jobs", lists::scans).pages(Pages::Pascal).input(&[
        query("ByAccountId", "ByAccountId", Rule::Form(Form::AccountOrAll)),
        query("ByBackupVaultName", "ByBackupVaultName", Rule::Form(Form::Vault)),
        query("ByCompleteAfter", "ByCompleteAfter", Rule::Instant),
        query("ByCompleteBefore", "ByCompleteBefore", Rule::Instant),
        query("ByMalwareScanner", "ByMalwareScanner", SCANNER),
        query("ByRecoveryPointArn", "ByRecoveryPointArn", ANY),
        query("ByResourceArn", "ByResourceArn", ANY),
        query("ByResourceType", "ByResourceType", SCANNED_TYPES),
        query("ByScanResultStatus", "ByScanResultStatus", SCAN_RESULTS),
        query("ByState", "ByState", Rule::OneOf(SCAN_STATES)),
    ]),
    Handler::get("DescribeScanJob", "/scan/jobs/{ScanJobId}", lists::describe_scan).input(&[path(
        "ScanJobId",
        "ScanJobId",
        ANY,
    )]),
    Handler::send("StartBackupJob", "PUT", "/backup-jobs", started::start_backup).input(&[
        need("BackupVaultName", Rule::Form(Form::Vault)),
        need("ResourceArn", ANY),
        need("IamRoleArn", ANY),
        may("IdempotencyToken", ANY),
        may("StartWindowMinutes", Rule::Whole(60, 52_560_000)),
        may("CompleteWindowMinutes", Rule::Whole(60, 52_560_000)),
        may("Lifecycle", LIFECYCLE),
        may("RecoveryPointTags", TEXT_MAP),
        may("BackupOptions", TEXT_MAP),
        may("Index", Rule::OneOf(&["ENABLED", "DISABLED"])),
    ]),
    Handler::send("StartCopyJob", "PUT", "/copy-jobs", started::start_copy).input(&[
        need("RecoveryPointArn", ANY),
        need("SourceBackupVaultName", Rule::Form(Form::Vault)),
        need("DestinationBackupVaultArn", ANY),
        need("IamRoleArn", ANY),
        may("IdempotencyToken", ANY),
        may("Lifecycle", LIFECYCLE),
    ]),
    Handler::get("DescribeBackupJob", "/backup-jobs/{backupJobId}", lists::describe_backup).input(&[path(
        "BackupJobId",
        "backupJobId",
        ANY,
    )]),
    Handler::get("DescribeCopyJob", "/copy-jobs/{copyJobId}", lists::describe_copy).input(&[path(
        "CopyJobId",
        "copyJobId",
        ANY,
    )]),
    Handler::get("DescribeRestoreJob", "/restore-jobs/{restoreJobId}", lists::describe_restore)
        .input(&[path("RestoreJobId", "restoreJobId", ANY)]),
    Handler::send("StopBackupJob", "POST", "/backup-jobs/{backupJobId}", lists::stop).input(&[path(
        "BackupJobId",
        "backupJobId",
        ANY,
    )]),
    Handler::get("ListBackupJobSummaries", "/audit/backup-job-summaries", summaries::backups)
        .pages(Pages::Pascal)
        .input(&const { summary(BACKUP_GROUPS) }),
    Handler::get("ListCopyJobSummaries", "/audit/copy-job-summaries", summaries::copies)
        .pages(Pages::Pascal)
        .input(&const { summary(COPY_GROUPS) }),
    Handler::get("ListRestoreJobSummaries", "/audit/restore-job-summaries", summaries::restores)
        .pages(Pages::Pascal)
        .input(&const { summary(RESTORE_GROUPS) }),
    Handler::get("ListScanJobSummaries", "/audit/scan-job-summaries", summaries::scans)
        .pages(Pages::Pascal)
        .input(&const { summary(SCAN_GROUPS) }),
    Handler::get("ListBackupPlans", "/backup/plans", plans::list).pages(Pages::Camel).input(&[query(
        "IncludeDeleted",
        "includeDeleted",
        Rule::Flag,
    )]),
    Handler::get("GetBackupPlan", "/backup/plans/{backupPlanId}", plans::get).input(&[
        PLAN,
        query("VersionId", "versionId", ANY),
        query("MaxScheduledRunsPreview", "MaxScheduledRunsPreview", Rule::Whole(0, 10)),
    ]),
    Handler::get("ListBackupPlanVersions", "/backup/plans/{backupPlanId}/versions", plans::versions)
        .pages(Pages::Camel)
        .input(&[PLAN]),
    Handler::get("ListBackupSelections", "/backup/plans/{backupPlanId}/selections", plans::selections)
        .pages(Pages::Camel)
        .input(&[PLAN]),
    Handler::get(
        "GetBackupSelection",
        "/backup/plans/{backupPlanId}/selections/{selectionId}",
        plans::selection,
    )
    .input(&[PLAN, path("SelectionId", "selectionId", ANY)]),
    Handler::get("ListBackupVaults", "/backup-vaults", vaults::list).pages(Pages::Camel).input(&[
        query("ByVaultType", "vaultType", Rule::OneOf(VAULT_TYPES)),
        query("ByShared", "shared", Rule::Flag),
    ]),
    Handler::get("DescribeBackupVault", "/backup-vaults/{backupVaultName}", vaults::describe)
        .input(&[VAULT, OWNER]),
    Handler::send("CreateBackupVault", "PUT", "/backup-vaults/{backupVaultName}", vaults::create).input(&[
        VAULT,
        may("BackupVaultTags", TEXT_MAP),
        may("EncryptionKeyArn", ANY),
        may("CreatorRequestId", ANY),
    ]),
    Handler::send("DeleteBackupVault", "DELETE", "/backup-vaults/{backupVaultName}", vaults::delete)
        .input(&[VAULT]),
    Handler::send(
        "PutBackupVaultLockConfiguration",
        "PUT",
        "/backup-vaults/{backupVaultName}/vault-lock",
        vaults::put_lock,
    )
    .input(&[
        VAULT,
        may("MinRetentionDays", DAYS),
        may("MaxRetentionDays", DAYS),
        may("ChangeableForDays", Rule::Whole(3, 36_500)),
    ]),
    Handler::send(
        "DeleteBackupVaultLockConfiguration",
        "DELETE",
        "/backup-vaults/{backupVaultName}/vault-lock",
        vaults::delete_lock,
    )
    .input(&[VAULT]),
    Handler::send(
        "PutBackupVaultAccessPolicy",
        "PUT",
        "/backup-vaults/{backupVaultName}/access-policy",
        vaults::put_access_policy,
    )
    .input(&[VAULT, need("Policy", ANY)]),
    Handler::get(
        "GetBackupVaultAccessPolicy",
        "/backup-vaults/{backupVaultName}/access-policy",
        vaults::get_access_policy,
    )
    .input(&[VAULT]),
    Handler::get(
        "ListRecoveryPointsByBackupVault",
        "/backup-vaults/{backupVaultName}/recovery-points",
        points::list_by_vault,
    )
    .pages(Pages::Camel)
    .input(&[
        VAULT,
        OWNER,
        BY_RESOURCE,
        BY_TYPE,
        query("ByBackupPlanId", "backupPlanId", ANY),
        CREATED_BEFORE,
        CREATED_AFTER,
        query("ByParentRecoveryPointArn", "parentRecoveryPointArn", ANY),
    ]),
    Handler::get(
        "DescribeRecoveryPoint",
        "/backup-vaults/{backupVaultName}/recovery-points/{recoveryPointArn}",
        points::describe,
    )
    .input(&[VAULT, OWNER, path("RecoveryPointArn", "recoveryPointArn", ANY)]),
    Handler::get(
        "ListRecoveryPointsByResource",
        "/resources/{resourceArn}/recovery-points",
        points::list_by_resource,
    )
    .pages(Pages::Camel)
    .input(&[RESOURCE, query("ManagedByAWSBackupOnly", "managedByAWSBackupOnly", Rule::Flag)]),
    Handler::get("ListProtectedResources", "/resources", resources::list).pages(Pages::Camel),
    Handler::get(
        "ListProtectedResourcesByBackupVault",
        "/backup-vaults/{backupVaultName}/resources",
        resources::list_by_vault,
    )
    .pages(Pages::Camel)
    .input(&[VAULT, OWNER]),
    Handler::get("DescribeProtectedResource", "/resources/{resourceArn}", resources::describe)
        .input(&[RESOURCE]),
    Handler::get("ListTags", "/tags/{resourceArn}", tags::list).pages(Pages::Camel).input(&[RESOURCE]),
    Handler::send("TagResource", "POST", "/tags/{resourceArn}", tags::tag)
        .input(&[RESOURCE, need("Tags", TEXT_MAP)]),
    Handler::send("UntagResource", "POST", "/untag/{resourceArn}", tags::untag)
        .input(&[RESOURCE, need("TagKeyList", TEXTS)]),
];
