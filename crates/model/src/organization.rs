//! The organization: its tree, and what applies at each place in it.

mod address;
mod listing;
mod unread;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

pub use listing::{MOST_TARGETS, TargetQuery, TargetRow};
pub use unread::{Part, UnreadPart};

use crate::{
    id::{PolicyId, TargetId, TargetKind},
    page::Total,
};

/// An account's state, as AWS's `State` (or the older `Status`) says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    PendingActivation,
    Active,
    Suspended,
    PendingClosure,
    Closed,
    /// A value that this version does not know.
    Unknown,
}

impl AccountState {
    const TABLE: [(Self, &'static str, &'static str); 6] = [
        (Self::PendingActivation, "PENDING_ACTIVATION", "Pending activation"),
        (Self::Active, "ACTIVE", "Active"),
        (Self::Suspended, "SUSPENDED", "Suspended"),
        (Self::PendingClosure, "PENDING_CLOSURE", "Pending closure"),
        (Self::Closed, "CLOSED", "Closed"),
        (Self::Unknown, "UNKNOWN", "Unknown"),
    ];

    /// AWS's spelling, which is also how it is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::TABLE.iter().find(|(s, ..)| *s == self).map_or("UNKNOWN", |(_, name, _)| name)
    }

    /// As people read it.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::TABLE.iter().find(|(s, ..)| *s == self).map_or("Unknown", |(.., word)| word)
    }

    /// From AWS's spelling; anything new is `Unknown`, never an error.
    #[must_use]
    pub fn from_aws(text: &str) -> Self {
        Self::TABLE.iter().find(|(_, name, _)| *name == text).map_or(Self::Unknown, |(s, ..)| *s)
    }
}

/// A place in the organization, as far as a link needs it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct NodeRef {
    pub id: TargetId,
    pub name: String,
}

/// A policy, as far as a link needs it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PolicyRef {
    pub id: PolicyId,
    pub name: String,
}

/// A place in the organization, in full: what the sync brings and the store keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    pub id: TargetId,
    /// `None` for the root only.
    pub parent: Option<TargetId>,
    pub name: String,
    pub arn: String,
    /// Accounts only.
    pub email: Option<String>,
    /// Accounts only.
    pub state: Option<AccountState>,
    /// Accounts only: when it joined the organization.
    #[serde(with = "time::serde::rfc3339::option")]
    pub joined_at: Option<OffsetDateTime>,
}

/// The organization itself, as DescribeOrganization tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationFacts {
    /// `o-…`
    pub id: String,
    pub arn: String,
    pub management_account: crate::AccountId,
    /// True where all features are enabled, false for consolidated billing only.
    pub all_features: bool,
}

/// A backup policy as AWS keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyRecord {
    pub id: PolicyId,
    pub arn: String,
    pub name: String,
    pub description: String,
    /// The document exactly as AWS returned it.
    pub content: String,
}

/// That a policy is attached to a target directly.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Attachment {
    pub policy: PolicyId,
    pub target: TargetId,
    /// Order of attachment among the target's policies, oldest first. AWS tells no attachment time: the order is the
    /// one in which AWS lists them, until a change made through Holdfast is known to be younger.
    pub position: i32,
}

/// Which part of the tree a page shows; its fields are the page's URL.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TreeQuery {
    /// Part of a name, id or e-mail address; when set, matches are shown together with their ancestors.
    pub q: String,
    /// Ids of the open nodes, separated by commas. The root is always open.
    pub open: String,
    /// Ids of nodes whose children are shown beyond the first 100, separated by commas; each mention adds 100. In a search
    /// each adds 500 matches, whatever it names.
    pub more: String,
    /// The name of a [`Coverage`]; when set, only such accounts are shown, together with their ancestors.
    pub only: String,
}

impl TreeQuery {
    /// Whether matches are shown instead of what is open.
    #[must_use]
    pub fn is_narrowed(&self) -> bool {
        !self.q.trim().is_empty() || self.coverage().is_some()
    }

    /// The sort of accounts that is asked for; `None` for all, and for names that this version does not know.
    #[must_use]
    pub fn coverage(&self) -> Option<Coverage> {
        Coverage::TABLE.iter().find(|(_, name, _)| *name == self.only).map(|(coverage, ..)| *coverage)
    }
}

/// A sort of active accounts that need a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Coverage {
    /// Their effective policy holds no plan.
    WithoutPlan,
    /// Their effective policy is invalid, so that AWS keeps an older one.
    Outdated,
}

impl Coverage {
    /// Each with its name in addresses and what people read.
    pub const TABLE: [(Self, &str, &str); 2] = [
        (Self::WithoutPlan, "without-plan", "Accounts without a plan"),
        (Self::Outdated, "outdated", "Accounts on an outdated policy"),
    ];

    /// The name in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::TABLE.iter().find(|(coverage, ..)| *coverage == self).map_or("", |(_, name, _)| name)
    }
}

/// One line of the tree, top to bottom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TreeRow {
    pub id: TargetId,
    pub parent: Option<TargetId>,
    pub name: String,
    /// 0 for the root.
    pub depth: u8,
    /// Accounts only.
    pub state: Option<AccountState>,
    /// Accounts only.
    pub email: Option<String>,
    /// Whether there is anything below.
    pub has_children: bool,
    /// Whether what is below follows in the list.
    pub open: bool,
    /// Accounts only: the effective policy is invalid, so that AWS keeps an older one.
    pub outdated: bool,
    /// Accounts below, at any depth; 0 for an account.
    pub accounts_below: u64,
    /// Attached here directly, in the order of attachment as far as it is known.
    pub policies: Vec<PolicyRef>,
    /// Whether this row itself matches the search (its ancestors come along without matching).
    pub matches: bool,
    /// Children of this row that are not shown because there are too many.
    pub hidden_children: u64,
}

/// The tree, as far as it is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tree {
    /// Whether the organization was ever read: before that no figure here means anything.
    pub read: bool,
    /// At most 2,000.
    pub rows: Vec<TreeRow>,
    /// Whether there are more rows than are shown here: more matches, or more of what is open.
    pub cut: bool,
    /// Whether AWS tells which effective policies it finds invalid; where it does not, a search for them finds only those that
    /// Holdfast itself finds invalid.
    pub invalid_is_known: bool,
    /// What matches the search, or all accounts where there is none.
    pub total: Total,
    /// All accounts of the organization.
    pub accounts: u64,
    /// All OUs of the organization.
    pub ous: u64,
    /// At most this many backup policies fit on one target (AWS's quota).
    pub policies_per_target: u64,
}

/// A policy attached at or above a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachedPolicy {
    pub policy: PolicyRef,
    /// Where it is attached: this place itself, or one above.
    pub at: NodeRef,
    /// True where `at` is this place itself.
    pub direct: bool,
}

/// An account's or OU's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetDetail {
    pub node: Node,
    /// Root first, without the place itself.
    pub ancestors: Vec<NodeRef>,
    /// Root first, in merge order.
    pub policies: Vec<AttachedPolicy>,
    /// Accounts below, at any depth; 0 for an account.
    pub accounts_below: u64,
    /// OUs below, at any depth; 0 for an account.
    pub ous_below: u64,
    /// When this was read from AWS: the oldest of the readings that it rests on.
    #[serde(with = "time::serde::rfc3339::option")]
    pub seen_at: Option<OffsetDateTime>,
}

/// One value of an effective policy, and who decided it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EffectiveSetting {
    /// Where it stands, as `plans/daily/rules/nightly/lifecycle/delete_after_days`.
    pub path: String,
    /// The plan it belongs to.
    pub plan: String,
    /// What it is, in words (“nightly · delete after”).
    pub label: String,
    /// One value, or the members of a list.
    pub values: Vec<String>,
    /// What the value means, where that helps (“every day at 02:00 UTC”).
    pub meaning: Option<String>,
    /// Who had a part in the value, in the order in which they acted; the last assign decided.
    pub decided_by: Vec<Decision>,
    /// What lost, and why, in words (“90 days of Tier 1”, “ignored: Payments-vault of Payments, locked at Production”).
    pub overrode: Vec<Overridden>,
    /// True where a control forbids levels below to change it.
    pub locked: bool,
}

/// One policy's part in a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    pub policy: PolicyRef,
    pub at: NodeRef,
    /// `assign`, `append` or `remove`.
    pub operator: String,
}

/// A value that was set and does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overridden {
    pub by: Decision,
    pub values: Vec<String>,
    /// The policy whose control does not allow it; `None` where another value prevailed.
    pub forbidden_by: Option<Lock>,
}

/// A policy that says, where it is attached, what policies below may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lock {
    pub policy: PolicyRef,
    pub at: NodeRef,
}

/// What AWS itself says of the account's effective policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AwsEffective {
    /// The same as ours.
    Same {
        /// `None` where AWS has no effective policy for the account.
        #[serde(with = "time::serde::rfc3339::option")]
        computed_at: Option<OffsetDateTime>,
        /// We find it invalid, and AWS does not, or not yet.
        though_invalid: bool,
    },
    /// Another one; both are shown.
    Differs {
        /// AWS's document, printed for reading.
        content: String,
        /// `None` where AWS has no effective policy for the account.
        #[serde(with = "time::serde::rfc3339::option")]
        computed_at: Option<OffsetDateTime>,
        /// Ours is invalid, and AWS keeps the last valid one: then a difference is expected.
        because_invalid: bool,
        /// Why AWS finds it invalid; empty where it does not, or does not tell.
        problems: Vec<EffectiveProblem>,
        /// The last change to the policies is so young that AWS may still be computing.
        may_be_pending: bool,
    },
    /// Ours is not known, so there is nothing to compare it with.
    Alone {
        /// AWS's document, printed for reading.
        content: String,
        #[serde(with = "time::serde::rfc3339::option")]
        computed_at: Option<OffsetDateTime>,
    },
    /// AWS has none: the policy type is off.
    TypeDisabled,
    /// The endpoint does not offer the operation.
    NotAvailable,
    /// Asking failed; the reason is in words.
    Failed { reason: String },
}

/// One of the reasons for which AWS finds an effective policy invalid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EffectiveProblem {
    pub code: String,
    pub message: String,
    pub path: String,
    /// The policies that what is wrong comes from; empty where that is not known.
    pub policies: Vec<PolicyRef>,
}

/// A backup that is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextRun {
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    pub plan: String,
    pub rule: String,
}

/// An account's effective policy as Holdfast computes it, with the origin of every value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EffectivePolicy {
    pub account: NodeRef,
    /// Grouped by plan, in the document's order.
    pub settings: Vec<EffectiveSetting>,
    /// The merged document, printed for reading. `{}` where no policy applies.
    pub content: String,
    /// Policies that apply and whose documents were never read: then the effective policy is not known, and everything about
    /// it here is empty.
    pub unread: Vec<PolicyRef>,
    /// Empty where it is valid.
    pub problems: Vec<EffectiveProblem>,
    /// The next runs of all rules, soonest first, at most ten.
    pub next_runs: Vec<NextRun>,
    /// Backup policies attached to the account or above it.
    pub attached: u64,
    /// Other accounts with the very same effective policy.
    pub shared_with: u64,
    /// The oldest of the readings from AWS that it rests on; `None` before the first import.
    #[serde(with = "time::serde::rfc3339::option")]
    pub seen_at: Option<OffsetDateTime>,
}

/// A hit of the search that jumps anywhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jump {
    /// “Account”, “OU”, “Policy”, “Job”, “Page”.
    pub kind: String,
    pub title: String,
    /// Id or place, to tell equals apart.
    pub hint: String,
    /// Path to go to.
    pub href: String,
}

impl TreeRow {
    /// Root, OU or account.
    #[must_use]
    pub fn kind(&self) -> TargetKind {
        self.id.kind()
    }

    /// Whether a policy can be attached here, where a target takes `per_target` of them at most.
    #[must_use]
    pub fn attachability(&self, policy: &PolicyId, per_target: u64) -> Attachability {
        if self.policies.iter().any(|p| p.id == *policy) {
            Attachability::Attached
        } else if self.policies.len() as u64 >= per_target {
            Attachability::Full
        } else {
            Attachability::Free
        }
    }
}

/// Whether a policy can be attached to a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attachability {
    /// It can.
    Free,
    /// It is attached there already.
    Attached,
    /// The target holds as many policies as AWS allows.
    Full,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ou(policies: usize) -> TreeRow {
        let policy =
            |n: usize| PolicyRef { id: format!("p-0000000{n}").parse().unwrap(), name: n.to_string() };
        TreeRow {
            id: "ou-root-aaaaaaaa".parse().unwrap(),
            parent: None,
            name: "OU".into(),
            depth: 0,
            state: None,
            email: None,
            has_children: false,
            open: false,
            outdated: false,
            accounts_below: 0,
            policies: (0..policies).map(policy).collect(),
            matches: true,
            hidden_children: 0,
        }
    }

    #[test]
    fn a_target_takes_a_policy_unless_it_has_it_or_is_full() {
        let policy: PolicyId = "p-00000001".parse().unwrap();
        let other: PolicyId = "p-99999999".parse().unwrap();
        assert_eq!(ou(0).attachability(&policy, 10), Attachability::Free);
        assert_eq!(ou(2).attachability(&policy, 10), Attachability::Attached);
        assert_eq!(ou(10).attachability(&policy, 10), Attachability::Attached);
        assert_eq!(ou(10).attachability(&other, 10), Attachability::Full);
    }
}
