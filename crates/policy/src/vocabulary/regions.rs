//! Partitions and Regions of AWS.

use serde::{Deserialize, Serialize};

/// A partition: a part of AWS with its own accounts and ARNs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Partition {
    /// The commercial Regions.
    Aws,
    /// GovCloud.
    AwsUsGov,
    /// China.
    AwsCn,
}

impl Partition {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Aws, Self::AwsUsGov, Self::AwsCn];

    /// As it stands in an ARN.
    pub fn code(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::AwsUsGov => "aws-us-gov",
            Self::AwsCn => "aws-cn",
        }
    }

    /// The partition an ARN names.
    pub fn of_arn(arn: &str) -> Option<Self> {
        let (code, _) = arn.strip_prefix("arn:")?.split_once(':')?;
        Self::ALL.into_iter().find(|partition| partition.code() == code)
    }
}

/// A Region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// Its code, such as `eu-west-1`.
    pub code: &'static str,
    /// Where it is.
    pub name: &'static str,
    /// The partition it belongs to.
    pub partition: Partition,
}

/// The Region with this code.
pub fn region(code: &str) -> Option<&'static Region> {
    REGIONS.iter().find(|region| region.code == code)
}

/// Every Region, by partition and code.
pub static REGIONS: [Region; 38] = [
    aws("af-south-1", "Africa (Cape Town)"),
    aws("ap-east-1", "Asia Pacific (Hong Kong)"),
    aws("ap-east-2", "Asia Pacific (Taipei)"),
    aws("ap-northeast-1", "Asia Pacific (Tokyo)"),
    aws("ap-northeast-2", "Asia Pacific (Seoul)"),
    aws("ap-northeast-3", "Asia Pacific (Osaka)"),
    aws("ap-south-1", "Asia Pacific (Mumbai)"),
    aws("ap-south-2", "Asia Pacific (Hyderabad)"),
    aws("ap-southeast-1", "Asia Pacific (Singapore)"),
    aws("ap-southeast-2", "Asia Pacific (Sydney)"),
    aws("ap-southeast-3", "Asia Pacific (Jakarta)"),
    aws("ap-southeast-4", "Asia Pacific (Melbourne)"),
    aws("ap-southeast-5", "Asia Pacific (Malaysia)"),
    aws("ap-southeast-6", "Asia Pacific (New Zealand)"),
    aws("ap-southeast-7", "Asia Pacific (Thailand)"),
    aws("ca-central-1", "Canada (Central)"),
    aws("ca-west-1", "Canada West (Calgary)"),
    aws("eu-central-1", "Europe (Frankfurt)"),
    aws("eu-central-2", "Europe (Zurich)"),
    aws("eu-north-1", "Europe (Stockholm)"),
    aws("eu-south-1", "Europe (Milan)"),
    aws("eu-south-2", "Europe (Spain)"),
    aws("eu-west-1", "Europe (Ireland)"),
    aws("eu-west-2", "Europe (London)"),
    aws("eu-west-3", "Europe (Paris)"),
    aws("il-central-1", "Israel (Tel Aviv)"),
    aws("me-central-1", "Middle East (UAE)"),
    aws("me-south-1", "Middle East (Bahrain)"),
    aws("mx-central-1", "Mexico (Central)"),
    aws("sa-east-1", "South America (São Paulo)"),
    aws("us-east-1", "US East (N. Virginia)"),
    aws("us-east-2", "US East (Ohio)"),
    aws("us-west-1", "US West (N. California)"),
    aws("us-west-2", "US West (Oregon)"),
    Region { code: "us-gov-east-1", name: "AWS GovCloud (US-East)", partition: Partition::AwsUsGov },
    Region { code: "us-gov-west-1", name: "AWS GovCloud (US-West)", partition: Partition::AwsUsGov },
    Region { code: "cn-north-1", name: "China (Beijing)", partition: Partition::AwsCn },
    Region { code: "cn-northwest-1", name: "China (Ningxia)", partition: Partition::AwsCn },
];

const fn aws(code: &'static str, name: &'static str) -> Region {
    Region { code, name, partition: Partition::Aws }
}
