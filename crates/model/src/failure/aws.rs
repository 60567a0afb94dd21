//! Why AWS refuses, in kinds that have a next step of their own: what denied a request, what was not found, and what is
//! wrong with the credentials.

use serde::{Deserialize, Serialize};

/// What denied a request, as far as AWS says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeniedBy {
    /// No policy of this sort allows the action.
    NoAllow(PolicySort),
    /// A policy of this sort denies it, whatever others allow.
    ExplicitDeny(PolicySort),
    /// The account is neither the management account nor a delegated administrator.
    Outsider,
    /// Jobs of other accounts are not told: cross-account monitoring is off, or the account may not have it.
    CrossAccountMonitoring,
    /// AWS gives no reason.
    #[default]
    Unsaid,
}

/// A sort of policy that takes part in AWS's decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PolicySort {
    Identity,
    ServiceControl,
    ResourceControl,
    Boundary,
    Session,
    VpcEndpoint,
    Resource,
    RoleTrust,
    /// AWS does not name it, or by a name that is not known here.
    Other,
}

/// What a sort of policy is called, and how to come to terms with it.
struct PolicySortText {
    sort: PolicySort,
    /// As AWS's sentences begin it, without “a” or “an”, in lower case; empty for none.
    said: &'static str,
    name: &'static str,
    mend: &'static str,
}

const POLICY_SORTS: [PolicySortText; 9] = [
    PolicySortText {
        sort: PolicySort::Identity,
        said: "identity-based polic",
        name: "identity-based policy",
        mend: "Narrow that statement in the IAM policies of Holdfast's role or user.",
    },
    PolicySortText {
        sort: PolicySort::ServiceControl,
        said: "service control polic",
        name: "service control policy",
        mend: "Whoever manages the organization's service control policies has to make an exception for Holdfast's role; an IAM policy cannot.",
    },
    PolicySortText {
        sort: PolicySort::ResourceControl,
        said: "resource control polic",
        name: "resource control policy",
        mend: "Whoever manages the organization's resource control policies has to make an exception for Holdfast's role; an IAM policy cannot.",
    },
    PolicySortText {
        sort: PolicySort::Boundary,
        said: "permissions boundar",
        name: "permissions boundary",
        mend: "Widen the permissions boundary of Holdfast's role or user; its IAM policy alone cannot do more.",
    },
    PolicySortText {
        sort: PolicySort::Session,
        said: "session polic",
        name: "session policy",
        mend: "Widen the session policy that is passed where Holdfast's role is assumed.",
    },
    PolicySortText {
        sort: PolicySort::VpcEndpoint,
        said: "vpc endpoint polic",
        name: "VPC endpoint policy",
        mend: "Allow it in the policy of the VPC endpoint through which Holdfast reaches AWS.",
    },
    PolicySortText {
        sort: PolicySort::Resource,
        said: "resource-based polic",
        name: "resource-based policy",
        mend: "Change the resource-based policy: of Organizations, that is the delegation policy in the management account.",
    },
    PolicySortText {
        sort: PolicySort::RoleTrust,
        said: "role trust polic",
        name: "role trust policy",
        mend: "Let Holdfast's principal in by the trust policy of the role.",
    },
    PolicySortText {
        sort: PolicySort::Other,
        said: "",
        name: "policy that AWS does not name here",
        mend: "CloudTrail has the request; whoever manages policies in AWS can tell which one it is.",
    },
];

impl PolicySort {
    /// The sort that a text of AWS begins with, as “service control policy: arn:…”.
    #[must_use]
    pub fn starting(text: &str) -> Self {
        let text = text.to_ascii_lowercase();
        let row = POLICY_SORTS.iter().find(|row| text.starts_with(row.said));
        row.map_or(Self::Other, |row| row.sort)
    }

    fn text(self) -> &'static PolicySortText {
        let [.., other] = &POLICY_SORTS;
        POLICY_SORTS.iter().find(|row| row.sort == self).unwrap_or(other)
    }
}

impl DeniedBy {
    /// Whether the IAM policy that Holdfast prints would mend it.
    #[must_use]
    pub const fn lacks_allow(self) -> bool {
        matches!(self, Self::NoAllow(PolicySort::Identity))
    }

    /// What denied the action, as a part of a sentence.
    #[must_use]
    pub fn cause(self, action: &str) -> String {
        match self {
            Self::NoAllow(sort) => format!("no {} allows {action}", sort.text().name),
            Self::ExplicitDeny(sort) => format!("an explicit deny ({}) forbids {action}", sort.text().name),
            Self::Outsider => {
                "AWS tells this only to the management account and to delegated administrators".into()
            }
            Self::CrossAccountMonitoring => "AWS Backup does not tell the jobs of other accounts".into(),
            Self::Unsaid => format!("AWS denies {action} and does not say by what"),
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn next_step(self, action: &str) -> String {
        match self {
            Self::NoAllow(PolicySort::Identity) => {
                format!("Add {action} to the IAM policy of Holdfast's credentials, then try again.")
            }
            Self::NoAllow(sort) | Self::ExplicitDeny(sort) => sort.text().mend.to_owned(),
            Self::Outsider => "Run Holdfast with credentials of the management account, or have this account delegated there. No IAM policy of its own helps.".into(),
            Self::CrossAccountMonitoring => "No IAM action is missing: cross-account monitoring is off, or the account is neither the management account nor a delegated administrator for AWS Backup. Settings shows which.".into(),
            Self::Unsaid => format!("See whether the IAM policy of Holdfast's credentials allows {action}, and whether a policy of the organization or of a VPC endpoint denies it."),
        }
    }
}

/// What AWS did not find.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    Account,
    Child,
    EffectivePolicy,
    Handshake,
    OrganizationalUnit,
    Parent,
    Policy,
    ResourcePolicy,
    Root,
    Role,
    Target,
    Job,
    /// AWS's name for it says no more.
    #[default]
    Something,
}

/// What is missing, AWS's name of the exception, and what that means.
const MISSING: [(Missing, &str, &str); 13] = [
    (Missing::Account, "AccountNotFoundException", "The organization has no such account, or no longer."),
    (Missing::Child, "ChildNotFoundException", "The organization has no such account or OU, or no longer."),
    (
        Missing::EffectivePolicy,
        "EffectivePolicyNotFoundException",
        "There is no effective backup policy: the policy type is off, or no policy applies to the account.",
    ),
    (Missing::Handshake, "HandshakeNotFoundException", "The request no longer exists, or its id is wrong."),
    (
        Missing::OrganizationalUnit,
        "OrganizationalUnitNotFoundException",
        "The organization has no such OU, or no longer.",
    ),
    (Missing::Parent, "ParentNotFoundException", "The organization has no such OU or root, or no longer."),
    (Missing::Policy, "PolicyNotFoundException", "The organization has no such policy, or no longer."),
    (
        Missing::ResourcePolicy,
        "ResourcePolicyNotFoundException",
        "The organization has no delegation policy.",
    ),
    (Missing::Root, "RootNotFoundException", "The organization has no such root."),
    (Missing::Role, "NoSuchEntity", "The role does not exist in the account of Holdfast's credentials."),
    (
        Missing::Target,
        "TargetNotFoundException",
        "The organization has no such root, OU or account, or no longer.",
    ),
    (
        Missing::Job,
        "ResourceNotFoundException",
        "AWS Backup knows nothing of that id in this Region and account, or no longer.",
    ),
    (Missing::Something, "", "AWS does not find what was asked for."),
];

impl Missing {
    /// What the name of an exception says is missing.
    #[must_use]
    pub fn named(exception: &str) -> Self {
        MISSING.iter().find(|(_, name, _)| *name == exception).map_or(Self::Something, |(what, ..)| *what)
    }

    /// What that means, in a sentence.
    #[must_use]
    pub fn words(self) -> &'static str {
        MISSING.iter().find(|(what, ..)| *what == self).map_or("", |(.., words)| words)
    }
}

/// What is wrong with the credentials.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CredentialsProblem {
    /// Neither environment, profile, container nor instance has any.
    NoneFound,
    /// They were temporary.
    Expired,
    /// The sign-in to IAM Identity Center has ended.
    SsoExpired,
    /// The profile is missing or incomplete; its name where one is chosen.
    Profile { name: Option<String> },
    /// The profile's `credential_process` failed.
    Process,
    /// The role may not be assumed.
    RoleRefused { role: Option<String> },
    /// The clock of this machine differs too much from AWS's.
    Clock,
    /// The Region is not enabled in the account.
    RegionNotEnabled { region: String },
    /// AWS does not know them, or their signature is wrong.
    NotAccepted,
    /// Whoever gives them does not answer, or with an error.
    NotObtained,
}

impl CredentialsProblem {
    /// What is wrong, as a part of a sentence.
    #[must_use]
    pub fn cause(&self) -> String {
        match self {
            Self::NoneFound => "Holdfast has no AWS credentials".into(),
            Self::Expired => "the AWS credentials have expired".into(),
            Self::SsoExpired => "the sign-in to IAM Identity Center has expired".into(),
            Self::Profile { name: Some(name) } => {
                format!("the AWS profile “{name}” is missing or incomplete")
            }
            Self::Profile { name: None } => "the AWS profile is missing or incomplete".into(),
            Self::Process => "the credential_process of the AWS profile failed".into(),
            Self::RoleRefused { role: Some(role) } => format!("AWS does not let Holdfast assume {role}"),
            Self::RoleRefused { role: None } => "AWS does not let Holdfast assume its role".into(),
            Self::Clock => "the clock of this machine differs too much from AWS's".into(),
            Self::RegionNotEnabled { region } => {
                format!("the credentials are accepted elsewhere, but not in {region}")
            }
            Self::NotAccepted => "AWS does not accept the credentials".into(),
            Self::NotObtained => "Holdfast could not get its AWS credentials".into(),
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn next_step(&self) -> &'static str {
        match self {
            Self::NoneFound => {
                "Give it some: a role of the container or instance, AWS_PROFILE, or AWS_ACCESS_KEY_ID."
            }
            Self::Expired => {
                "Renew them where they come from; a role of the container or instance renews itself."
            }
            Self::SsoExpired => "Run “aws sso login” with the same profile, on the machine of Holdfast.",
            Self::Profile { .. } => {
                "Compare AWS_PROFILE with the names in the AWS configuration and credentials files that Holdfast can read."
            }
            Self::Process => "Run its command by hand as Holdfast's user; the log has what it said.",
            Self::RoleRefused { .. } => {
                "The role's trust policy has to name the principal that Holdfast starts with, and that principal needs sts:AssumeRole."
            }
            Self::Clock => "Set the clock, best by NTP; AWS refuses signatures that are off by five minutes.",
            Self::RegionNotEnabled { .. } => {
                "Enable the Region in the account, or leave it out of HOLDFAST_REGIONS."
            }
            Self::NotAccepted => {
                "Check that the key exists and is active, and that key, secret and session token belong together."
            }
            Self::NotObtained => {
                "Check that the instance or container can reach its metadata, STS or IAM Identity Center; the log has more."
            }
        }
    }
}

/// AWS's own sentence, marked as such; nothing where it said none.
pub(super) fn quoted(said: &str) -> String {
    if said.is_empty() { String::new() } else { format!(" AWS says: “{said}”") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sort_and_every_missing_thing_has_its_row() {
        for row in &POLICY_SORTS {
            assert_eq!(row.sort.text().name, row.name);
            assert_eq!(PolicySort::starting(row.said), row.sort);
        }
        for (what, name, words) in MISSING {
            assert_eq!((Missing::named(name), what.words()), (what, words));
        }
    }

    #[test]
    fn only_a_missing_identity_allow_advises_to_add_to_the_iam_policy() {
        let sorts = POLICY_SORTS.iter().map(|row| row.sort);
        let by_policy = sorts.flat_map(|sort| [DeniedBy::NoAllow(sort), DeniedBy::ExplicitDeny(sort)]);
        let others = [DeniedBy::Outsider, DeniedBy::CrossAccountMonitoring, DeniedBy::Unsaid];
        let mut steps = Vec::new();
        for by in by_policy.chain(others) {
            let step = by.next_step("backup:ListBackupJobs");
            assert_eq!(step.starts_with("Add "), by.lacks_allow(), "{by:?}: {step}");
            assert_eq!(by.lacks_allow(), by == DeniedBy::NoAllow(PolicySort::Identity));
            steps.push((by.cause("backup:ListBackupJobs"), step));
        }
        let all = steps.len();
        steps.sort();
        steps.dedup();
        assert_eq!(steps.len(), all, "each says something of its own");
    }
}
