//! Which settings there are.

use serde::{Deserialize, Serialize};

/// A switch or condition of the organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Setting {
    /// The organization has all features (not only consolidated billing). Enabled by a request that the accounts approve.
    AllFeatures,
    /// Trusted access for `backup.amazonaws.com`: cross-account monitoring.
    TrustedAccess,
    /// The policy type BACKUP_POLICY on the root.
    PolicyType,
    /// Copies to vaults of other accounts of the organization.
    CrossAccountBackup,
    /// AWS Backup's own switch for delegated administrators.
    DelegatedAdministration,
    /// Approval teams of logically air-gapped vaults.
    MultiPartyApproval,
    /// `AWSServiceRoleForBackup` in the account that Holdfast speaks as. Created, not deleted.
    ServiceLinkedRole,
}
