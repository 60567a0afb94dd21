//! Effective policies are evaluated anew when something above an account changes.

use super::effective::{self, Effective, Finding, Level};
use super::evaluations::Version;
use super::state::{BACKUP_POLICY, World};
use std::collections::HashMap;
use std::sync::Arc;
use time::OffsetDateTime;

impl World {
    /// Evaluates every account at or below `target` anew, in force after the usual delay.
    pub fn evaluate_below(&mut self, target: &str, now: OffsetDateTime) {
        let from = now + self.effective_delay;
        let below = self.accounts.keys().filter(|id| self.is_below(id, target)).cloned().collect();
        self.evaluate(below, from);
    }

    /// Empties every effective policy at once, as disabling and enabling the policy type does.
    pub fn clear_evaluations(&mut self, now: OffsetDateTime) {
        for id in self.accounts.keys() {
            let (effective, findings) = Default::default();
            self.evaluations.set(id, now, Version { effective, findings, path: String::new() });
        }
    }

    fn evaluate(&mut self, accounts: Vec<String>, from: OffsetDateTime) {
        // Accounts with the same policies at the same places share one result.
        let mut known: HashMap<String, (Arc<Effective>, Arc<Vec<Finding>>)> = HashMap::new();
        let mut attached: HashMap<&str, Vec<&str>> = HashMap::new();
        for attachment in self.attachments.values() {
            attached.entry(&attachment.target).or_default().push(&attachment.policy);
        }
        let mut versions = Vec::with_capacity(accounts.len());
        for account in accounts {
            let chain = self.chain(&account);
            let parent = chain.iter().rev().nth(1).copied().unwrap_or_default();
            let key = format!("{parent}:{:?}", attached.get(account.as_str()));
            let (effective, findings) = known
                .entry(key)
                .or_insert_with(|| {
                    let (effective, findings) = effective::evaluate(&self.levels(&chain, &attached), from);
                    (Arc::new(effective), Arc::new(findings))
                })
                .clone();
            let effective =
                if findings.is_empty() { effective } else { self.evaluations.last_valid(&account) };
            let path = self.path(&account);
            versions.push((account, Version { effective, findings, path }));
        }
        for (account, version) in versions {
            self.evaluations.set(&account, from, version);
        }
    }

    fn levels(&self, chain: &[&str], attached: &HashMap<&str, Vec<&str>>) -> Vec<Level> {
        let level = |target: &&str| {
            let policies = attached.get(target).into_iter().flatten().filter_map(|id| {
                let policy = self.policies.get(*id)?;
                (policy.policy_type == BACKUP_POLICY).then_some(())?;
                Some((policy.id.clone(), policy.compiled.clone()?))
            });
            Level { target: (*target).to_owned(), policies: policies.collect() }
        };
        chain.iter().map(level).collect()
    }
}
