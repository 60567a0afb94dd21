//! The one table of operations: what each is called, which IAM action it needs, how often it may be asked, and what for.

use model::permissions::Feature;

/// An operation of AWS that Holdfast calls.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Operation {
    /// AWS's name, as `ListAccounts`.
    pub name: &'static str,
    /// The IAM action that allows it, as `organizations:ListAccounts`.
    pub action: &'static str,
    /// The tracing span, as `aws.organizations.list_accounts`.
    pub span: &'static str,
    /// Requests per second that AWS allows one account; our own, careful guess where AWS publishes none.
    pub rate: f64,
    /// Requests that may come at once.
    pub burst: f64,
    /// Whether it only reads: then it may be asked again whatever became of the first time.
    pub read: bool,
    /// What Holdfast needs it for.
    pub feature: Feature,
}

impl Operation {
    /// `organizations`, `backup`, `iam` or `sts`.
    pub(crate) fn service(&self) -> &'static str {
        self.action.split(':').next().unwrap_or_default()
    }
}

/// Every operation that is called, for those who tell which permissions are needed.
#[must_use]
pub fn operations() -> &'static [Operation] {
    &TABLE
}

impl Op {
    pub(crate) fn row(self) -> &'static Operation {
        &TABLE[self as usize]
    }
}

macro_rules! operations {
    ($($service:literal $name:ident $span:literal $rate:literal $burst:literal $read:ident $feature:ident)*) => {
        /// Names a row of the table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(crate) enum Op { $($name),* }

        static TABLE: [Operation; [$(Op::$name),*].len()] = [$(
            Operation {
                name: stringify!($name),
                action: concat!($service, ":", stringify!($name)),
                span: concat!("aws.", $service, ".", $span),
                rate: $rate,
                burst: $burst,
                read: read_or_write!($read),
                feature: Feature::$feature,
            }
        ),*];
    };
}

macro_rules! read_or_write {
    (read) => {
        true
    };
    (write) => {
        false
    };
}

// Rates of Organizations: "Quotas and service limits for AWS Organizations", column for one account. None is published
// for effective policies, the resource policy and handshakes (taken as the slowest published read), nor for IAM, STS and AWS Backup.
operations! {
    "organizations" DescribeOrganization "describe_organization" 1.0 2.0 read ReadOrganization
    "organizations" ListRoots "list_roots" 1.0 2.0 read ReadOrganization
    "organizations" ListAccounts "list_accounts" 8.0 12.0 read ReadOrganization
    "organizations" ListOrganizationalUnitsForParent "list_organizational_units_for_parent" 5.0 8.0 read ReadOrganization
    "organizations" ListAccountsForParent "list_accounts_for_parent" 5.0 8.0 read ReadOrganization
    "organizations" ListParents "list_parents" 5.0 8.0 read ReadOrganization
    "organizations" ListPolicies "list_policies" 5.0 8.0 read ReadPolicies
    "organizations" DescribePolicy "describe_policy" 2.0 2.0 read ReadPolicies
    "organizations" ListTargetsForPolicy "list_targets_for_policy" 5.0 8.0 read ReadPolicies
    "organizations" ListPoliciesForTarget "list_policies_for_target" 5.0 8.0 read ReadPolicies
    "organizations" DescribeEffectivePolicy "describe_effective_policy" 2.0 2.0 read ReadEffectivePolicies
    "organizations" ListAccountsWithInvalidEffectivePolicy "list_accounts_with_invalid_effective_policy" 1.0 2.0 read ReadEffectivePolicies
    "organizations" ListEffectivePolicyValidationErrors "list_effective_policy_validation_errors" 1.0 2.0 read ReadEffectivePolicies
    "organizations" ListAWSServiceAccessForOrganization "list_aws_service_access_for_organization" 1.0 3.0 read ReadSettings
    "organizations" ListHandshakesForOrganization "list_handshakes_for_organization" 1.0 2.0 read ReadSettings
    "organizations" ListDelegatedAdministrators "list_delegated_administrators" 5.0 8.0 read ReadSettings
    "organizations" CreatePolicy "create_policy" 2.0 3.0 write WritePolicies
    "organizations" UpdatePolicy "update_policy" 2.0 3.0 write WritePolicies
    "organizations" DeletePolicy "delete_policy" 2.0 3.0 write WritePolicies
    "organizations" AttachPolicy "attach_policy" 2.0 3.0 write AttachPolicies
    "organizations" DetachPolicy "detach_policy" 2.0 3.0 write AttachPolicies
    "organizations" EnablePolicyType "enable_policy_type" 1.0 1.0 write SwitchPolicyType
    "organizations" DisablePolicyType "disable_policy_type" 1.0 1.0 write SwitchPolicyType
    "organizations" EnableAllFeatures "enable_all_features" 1.0 1.0 write AllFeatures
    "organizations" AcceptHandshake "accept_handshake" 1.0 1.0 write AllFeaturesRequest
    "organizations" CancelHandshake "cancel_handshake" 1.0 1.0 write AllFeaturesRequest
    "organizations" EnableAWSServiceAccess "enable_aws_service_access" 1.0 2.0 write TrustedAccess
    "organizations" DisableAWSServiceAccess "disable_aws_service_access" 1.0 2.0 write TrustedAccess
    "organizations" RegisterDelegatedAdministrator "register_delegated_administrator" 1.0 2.0 write DelegatedAdministrators
    "organizations" DeregisterDelegatedAdministrator "deregister_delegated_administrator" 1.0 2.0 write DelegatedAdministrators
    "organizations" DescribeResourcePolicy "describe_resource_policy" 1.0 2.0 read ReadSettings
    "organizations" PutResourcePolicy "put_resource_policy" 1.0 1.0 write DelegatedAdministrators
    "organizations" DeleteResourcePolicy "delete_resource_policy" 1.0 1.0 write DelegatedAdministrators
    "backup" DescribeGlobalSettings "describe_global_settings" 2.0 4.0 read ReadSettings
    "backup" UpdateGlobalSettings "update_global_settings" 1.0 2.0 write BackupSettings
    "backup" DescribeRegionSettings "describe_region_settings" 2.0 4.0 read ReadSettings
    "backup" UpdateRegionSettings "update_region_settings" 1.0 2.0 write BackupSettings
    "iam" GetRole "get_role" 5.0 10.0 read ReadSettings
    "iam" CreateServiceLinkedRole "create_service_linked_role" 1.0 2.0 write ServiceLinkedRole
    "sts" GetCallerIdentity "get_caller_identity" 5.0 10.0 read ReadSettings
    "backup" ListBackupJobs "list_backup_jobs" 5.0 10.0 read ReadJobs
    "backup" ListCopyJobs "list_copy_jobs" 5.0 10.0 read ReadJobs
    "backup" ListRestoreJobs "list_restore_jobs" 5.0 10.0 read ReadJobs
    "backup" DescribeBackupJob "describe_backup_job" 5.0 10.0 read ReadJobs
    "backup" DescribeCopyJob "describe_copy_job" 5.0 10.0 read ReadJobs
    "backup" DescribeRestoreJob "describe_restore_job" 5.0 10.0 read ReadJobs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_has_a_rate_and_the_action_and_span_of_its_own_name() {
        for row in operations() {
            assert!(row.rate > 0.0 && row.burst >= 1.0, "{}", row.name);
            assert!(row.action.ends_with(&format!(":{}", row.name)), "{}", row.action);
            let letters = row.span.rsplit('.').next().unwrap_or_default().replace('_', "");
            assert_eq!(letters, row.name.to_lowercase());
        }
        assert_eq!(Op::DescribeRestoreJob.row().name, "DescribeRestoreJob");
    }
}
