//! How jobs end, and why.

/// The end of a job. Messages may name `{vault}`, `{role}`, `{resource}` and `{destination}`.
#[derive(Debug, PartialEq, Eq)]
pub struct Ending {
    pub state: &'static str,
    /// `MessageCategory`: `SUCCESS`, or free text. Of scans `ScanResultStatus`.
    pub category: &'static str,
    pub message: Option<&'static str>,
}

impl Ending {
    /// Whether data were written, with issues or without.
    pub fn is_success(&self) -> bool {
        matches!(self.state, "COMPLETED" | "COMPLETED_WITH_ISSUES" | "PARTIAL")
    }
}

const fn ending(state: &'static str, category: &'static str, message: &'static str) -> Ending {
    Ending { state, category, message: Some(message) }
}

pub static SUCCESS: Ending = Ending { state: "COMPLETED", category: "SUCCESS", message: None };

pub static VAULT_MISSING: Ending =
    ending("FAILED", "RESOURCE_NOT_FOUND", "Backup vault {vault} does not exist in this Region.");

pub static ROLE_MISSING: Ending = ending(
    "FAILED",
    "AccessDenied",
    "IAM role {role} does not exist or cannot be assumed by AWS Backup. Create the role and let it trust \
     backup.amazonaws.com.",
);

pub static KEY_DENIED: Ending = ending(
    "FAILED",
    "KMS_KEY_ERROR",
    "The KMS key of {resource} is disabled or the role {role} has no permission to use it.",
);

pub static CONCURRENT: Ending = ending(
    "FAILED",
    "CONCURRENT_JOB",
    "Another backup of {resource} was running, and this service allows one at a time.",
);

pub static SNAPSHOT_LIMIT: Ending = ending(
    "FAILED",
    "LIMIT_EXCEEDED",
    "The number of snapshots of this account reached its quota. Delete snapshots or ask for a higher quota.",
);

pub static INTERNAL: Ending = ending("FAILED", "MISCELLANEOUS", "An internal error occurred. Try again.");

pub static EXPIRED: Ending =
    ending("EXPIRED", "JOB_EXPIRED", "The backup job did not start before its start window closed.");

/// AWS cancels a job that is not done when its completion window closes, in these words.
pub static EXPIRED_LATE: Ending = ending("EXPIRED", "JOB_EXPIRED", "Backup job expired before completion.");

pub static VSS: Ending =
    ending("COMPLETED", "VSS_ERROR", "Windows VSS Backup Job Error encountered, trying for regular backup");

pub static TAGS_LOST: Ending = ending(
    "COMPLETED",
    "MISCELLANEOUS",
    "The recovery point was created, but the tags of {resource} could not be copied to it.",
);

pub static PARTIAL: Ending = ending(
    "PARTIAL",
    "MISCELLANEOUS",
    "Some parts of {resource} could not be backed up. See the child jobs.",
);

pub static PARTS_FAILED: Ending =
    ending("FAILED", "MISCELLANEOUS", "No part of {resource} could be backed up. See the child jobs.");

pub static COPIES_PARTIAL: Ending =
    ending("PARTIAL", "MISCELLANEOUS", "Some parts of {resource} could not be copied. See the child jobs.");

pub static COPIES_FAILED: Ending =
    ending("FAILED", "MISCELLANEOUS", "No part of {resource} could be copied. See the child jobs.");

pub static STOPPED: Ending = ending("ABORTED", "MISCELLANEOUS", "The backup job was stopped by a user.");

pub static COPY_VAULT_MISSING: Ending =
    ending("FAILED", "RESOURCE_NOT_FOUND", "Destination backup vault {destination} does not exist.");

pub static COPY_NOT_ALLOWED: Ending = ending(
    "FAILED",
    "AccessDenied",
    "The access policy of {destination} does not allow backup:CopyIntoBackupVault from this account.",
);

pub static COPY_ACROSS_OFF: Ending = ending(
    "FAILED",
    "FEATURE_NOT_ENABLED",
    "Copying to another account needs cross-account backup, which the organization has turned off.",
);

pub static COPY_KEY: Ending = ending(
    "FAILED",
    "KMS_KEY_ERROR",
    "{resource} is encrypted with an AWS managed key, which cannot be used in another account.",
);

pub static RESTORE_DENIED: Ending =
    ending("FAILED", "AccessDenied", "The role {role} lacks a permission that restoring {resource} needs.");

pub static RESTORE_CAPACITY: Ending = ending(
    "FAILED",
    "MISCELLANEOUS",
    "There is not enough capacity of the requested kind in the Availability Zone.",
);

pub static RESTORE_STOPPED: Ending = ending("ABORTED", "MISCELLANEOUS", "The restore job was cancelled.");

pub static SCAN_CLEAN: Ending = Ending { state: "COMPLETED", category: "NO_THREATS_FOUND", message: None };

pub static SCAN_THREATS: Ending = ending(
    "COMPLETED",
    "THREATS_FOUND",
    "Malware was found in the backup of {resource}. See Amazon GuardDuty.",
);

pub static SCAN_SKIPPED: Ending = ending(
    "COMPLETED_WITH_ISSUES",
    "NO_THREATS_FOUND",
    "Some objects of {resource} are encrypted or too large and were not scanned.",
);

pub static SCAN_DENIED: Ending =
    ending("FAILED", "UNKNOWN", "The scanner role does not exist, or may not read the backup of {resource}.");
