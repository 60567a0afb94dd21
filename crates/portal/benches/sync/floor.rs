//! What the published rates allow at best.

use std::{fmt, time::Duration};

use model::TargetKind;
use store::Snapshot;

/// Rows on a page of Organizations.
const PAGE: usize = 20;

/// How large an organization is.
pub struct Size {
    accounts: usize,
    /// Root and OUs.
    containers: usize,
    policies: usize,
}

impl Size {
    pub fn of(snapshot: &Snapshot) -> Self {
        let accounts = snapshot.nodes.iter().filter(|node| node.id.kind() == TargetKind::Account).count();
        Self { accounts, containers: snapshot.nodes.len() - accounts, policies: snapshot.policies.len() }
    }

    /// The least time in which each thing can be asked for once, everything side by side and bursts saved up, and the
    /// operation that takes it. A refresh may leave texts and targets to the next one, but not the tree.
    pub fn floor(&self, texts: bool) -> (Duration, &'static str) {
        let of_policies = if texts { self.policies } else { 0 };
        let calls = [
            ("DescribeOrganization", 1),
            ("ListRoots", 1),
            ("ListAccounts", self.accounts.div_ceil(PAGE)),
            ("ListOrganizationalUnitsForParent", self.containers),
            ("ListPolicies", self.policies.div_ceil(PAGE)),
            ("DescribePolicy", of_policies),
            ("ListTargetsForPolicy", of_policies),
        ];
        let least = |(name, calls): (&str, usize)| {
            let row = aws::operations().iter().find(|row| row.name == name)?;
            let waited = (calls as f64 - row.burst).max(0.0) / row.rate;
            Some((Duration::from_secs_f64(waited), row.name))
        };
        calls.into_iter().filter_map(least).max().unwrap_or_default()
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Self { accounts, containers, policies } = self;
        write!(f, "{accounts} accounts, {} OUs, {policies} policies", containers - 1)
    }
}

/// How this program was built.
pub const fn built() -> &'static str {
    if cfg!(debug_assertions) { "for debugging" } else { "for release" }
}
