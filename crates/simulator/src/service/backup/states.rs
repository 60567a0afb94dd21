//! The states of jobs as filters take them, and the groupings that summaries take beside them.

pub const BACKUP_STATES: &[&str] =
    &["CREATED", "PENDING", "RUNNING", "ABORTING", "ABORTED", "COMPLETED", "FAILED", "EXPIRED", "PARTIAL"];
pub const COPY_STATES: &[&str] = &["CREATED", "RUNNING", "COMPLETED", "FAILED", "PARTIAL"];
pub const RESTORE_STATES: &[&str] = &["PENDING", "RUNNING", "COMPLETED", "ABORTED", "FAILED"];
pub const BACKUP_GROUPS: &[&str] = &[
    "CREATED",
    "PENDING",
    "RUNNING",
    "ABORTING",
    "ABORTED",
    "COMPLETED",
    "FAILED",
    "EXPIRED",
    "PARTIAL",
    "AGGREGATE_ALL",
    "ANY",
];
pub const COPY_GROUPS: &[&str] = &[
    "CREATED",
    "RUNNING",
    "ABORTING",
    "ABORTED",
    "COMPLETING",
    "COMPLETED",
    "FAILING",
    "FAILED",
    "PARTIAL",
    "AGGREGATE_ALL",
    "ANY",
];
pub const RESTORE_GROUPS: &[&str] =
    &["CREATED", "PENDING", "RUNNING", "ABORTED", "COMPLETED", "FAILED", "AGGREGATE_ALL", "ANY"];
pub const SCAN_GROUPS: &[&str] = &[
    "CREATED",
    "COMPLETED",
    "COMPLETED_WITH_ISSUES",
    "RUNNING",
    "FAILED",
    "CANCELED",
    "AGGREGATE_ALL",
    "ANY",
];
pub const SCAN_STATES: &[&str] =
    &["CANCELED", "COMPLETED", "COMPLETED_WITH_ISSUES", "CREATED", "FAILED", "RUNNING"];
