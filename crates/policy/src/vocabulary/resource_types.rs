//! The resource types a selection may name (spec 1.5).

use super::regions::Partition;

/// A resource type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResourceType {
    /// Its ARN pattern after `arn:<partition>:`.
    pub pattern: &'static str,
    /// What people call it.
    pub name: &'static str,
}

impl ResourceType {
    /// The value to write into a policy.
    pub fn arn(&self, partition: Partition) -> String {
        format!("arn:{}:{}", partition.code(), self.pattern)
    }
}

/// The value that stands for every type.
pub const EVERY: &str = "*";

/// The type a policy value names; `None` for [`EVERY`] and for anything AWS refuses.
pub fn resource_type(value: &str) -> Option<&'static ResourceType> {
    let prefix = Partition::of_arn(value)?.code().len() + "arn::".len();
    let pattern = value.get(prefix..)?;
    RESOURCE_TYPES.iter().find(|known| known.pattern == pattern)
}

/// Every type, by service.
pub static RESOURCE_TYPES: [ResourceType; 18] = [
    known("backup-gateway:*:*:vm/*", "Virtual machines (Backup gateway)"),
    known("cloudformation:*:*:stack/*", "CloudFormation stacks"),
    known("dsql:*:*:cluster/*", "Aurora DSQL clusters"),
    known("dynamodb:*:*:table/*", "DynamoDB tables"),
    known("ec2:*:*:instance/*", "EC2 instances"),
    known("ec2:*:*:volume/*", "EBS volumes"),
    known("eks:*:*:cluster/*", "EKS clusters"),
    known("elasticfilesystem:*:*:file-system/*", "EFS file systems"),
    known("fsx:*:*:file-system/*", "FSx file systems"),
    known("fsx:*:*:volume/*", "FSx volumes (ONTAP, OpenZFS)"),
    known("rds:*:*:cluster:*", "Aurora, DocumentDB and Neptune clusters"),
    known("rds:*:*:db:*", "RDS instances"),
    known("redshift:*:*:cluster:*", "Redshift clusters"),
    known("redshift-serverless:*:*:namespace/*", "Redshift Serverless namespaces"),
    known("s3:::*", "S3 buckets"),
    known("ssm-sap:*:*:HANA/*", "SAP HANA databases on EC2"),
    known("storagegateway:*:*:gateway/*", "Storage Gateway volumes"),
    known("timestream:*:*:database/*", "Timestream databases"),
];

const fn known(pattern: &'static str, name: &'static str) -> ResourceType {
    ResourceType { pattern, name }
}
