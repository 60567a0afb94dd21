//! Where services are asked that have no endpoint in each Region.

/// The Regions that requests to such services are signed for.
pub(crate) struct Homes {
    /// The Region that Holdfast is configured for.
    pub(crate) configured: String,
    pub(crate) organizations: &'static str,
    pub(crate) iam: &'static str,
}

/// What the names of a partition's Regions begin with, and its homes of Organizations and IAM. The commercial partition
/// comes last: it takes what is of no other.
const PARTITIONS: [(&str, &str, &str); 4] = [
    ("cn-", "cn-northwest-1", "cn-north-1"),
    ("us-gov-", "us-gov-west-1", "us-gov-west-1"),
    ("eusc-", "eusc-de-east-1", "eusc-de-east-1"),
    ("", "us-east-1", "us-east-1"),
];

impl Homes {
    /// The homes in the partition of a Region.
    pub(crate) fn new(configured: &str) -> Self {
        let [.., commercial] = PARTITIONS;
        let (_, organizations, iam) = PARTITIONS
            .into_iter()
            .find(|(regions, ..)| configured.starts_with(regions))
            .unwrap_or(commercial);
        Self { configured: configured.to_owned(), organizations, iam }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn organizations_and_iam_are_asked_at_their_homes_in_the_partition() {
        for (configured, organizations, iam) in [
            ("eu-central-1", "us-east-1", "us-east-1"),
            ("us-gov-east-1", "us-gov-west-1", "us-gov-west-1"),
            ("cn-northwest-1", "cn-northwest-1", "cn-north-1"),
            ("eusc-de-east-1", "eusc-de-east-1", "eusc-de-east-1"),
        ] {
            let homes = Homes::new(configured);
            assert_eq!((homes.organizations, homes.iam), (organizations, iam), "{configured}");
        }
    }
}
