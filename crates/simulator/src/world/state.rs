//! The state behind both services: one organization with its policies and its backups.

use super::backup::Backups;
use super::evaluations::Evaluations;
use super::members::{Account, Attachment, Creation, Features, Handshake, Policy, ResourcePolicy, Unit};
use crate::hash;
use crate::options::Organization;
use std::collections::{BTreeMap, BTreeSet};
use time::{Duration, OffsetDateTime};

/// The service principal of AWS Backup.
pub const BACKUP_SERVICE: &str = "backup.amazonaws.com";
/// The policy type that this simulator evaluates.
pub const BACKUP_POLICY: &str = "BACKUP_POLICY";

#[derive(Debug)]
pub struct World {
    pub seed: u64,
    pub organization: Organization,
    /// When the simulator first started: history reaches back from here, changes are later.
    pub start: OffsetDateTime,
    /// How long effective policies lag behind changes.
    pub effective_delay: Duration,
    /// Whether listings now and then give short or empty pages.
    pub uneven_pages: bool,
    /// `o-...`
    pub id: String,
    pub management: String,
    /// `r-...`
    pub root: String,
    pub units: BTreeMap<String, Unit>,
    pub accounts: BTreeMap<String, Account>,
    pub policies: BTreeMap<String, Policy>,
    /// By number, which is the order of attaching.
    pub attachments: BTreeMap<u64, Attachment>,
    pub features: Features,
    /// Requests to enable all features, by id.
    pub handshakes: BTreeMap<String, Handshake>,
    pub policy_types: BTreeSet<String>,
    /// Services with trusted access, and since when.
    pub services: BTreeMap<String, OffsetDateTime>,
    /// Delegated administrators by account and service, and since when.
    pub delegates: BTreeMap<(String, String), OffsetDateTime>,
    pub resource_policy: Option<ResourcePolicy>,
    /// Tags by the id of what carries them.
    pub tags: BTreeMap<String, BTreeMap<String, String>>,
    /// Accounts that have the service-linked role of AWS Backup, and since when.
    pub linked_roles: BTreeMap<String, OffsetDateTime>,
    pub creations: BTreeMap<String, Creation>,
    pub evaluations: Evaluations,
    pub backups: Backups,
    /// How many things were made so far; makes their ids.
    pub made: u64,
}

/// What a target id names.
#[derive(Debug, Clone, Copy)]
pub enum Target<'a> {
    Root,
    Unit(&'a Unit),
    Account(&'a Account),
}

impl Target<'_> {
    /// As ARNs name it.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Unit(_) => "ou",
            Self::Account(_) => "account",
        }
    }
}

impl World {
    /// A fresh id: `length` lower-case letters and digits, the same ones again when the journal is replayed.
    pub fn fresh(&mut self, kind: &str, length: usize) -> String {
        self.made += 1;
        hash::Dice::new(self.seed, &[hash::text(kind), self.made])
            .letters("abcdefghijklmnopqrstuvwxyz0123456789", length)
    }

    /// Resolves a root, OU or account id.
    pub fn target(&self, id: &str) -> Option<Target<'_>> {
        if id == self.root {
            return Some(Target::Root);
        }
        let unit = self.units.get(id).map(Target::Unit);
        unit.or_else(|| self.accounts.get(id).map(Target::Account))
    }

    pub fn is_parent(&self, id: &str) -> bool {
        id == self.root || self.units.contains_key(id)
    }

    /// The parent of an OU or account.
    pub fn parent_of(&self, id: &str) -> Option<&str> {
        let unit = self.units.get(id).map(|unit| unit.parent.as_str());
        unit.or_else(|| self.accounts.get(id).map(|account| account.parent.as_str()))
    }

    /// From the root down to the target, both included.
    pub fn chain<'a>(&'a self, id: &'a str) -> Vec<&'a str> {
        let mut chain: Vec<&str> = std::iter::successors(Some(id), |id| self.parent_of(id)).collect();
        chain.reverse();
        chain
    }

    /// `o-.../r-.../ou-.../<id>/`, as conditions and the service's answers write it.
    pub fn path(&self, id: &str) -> String {
        let mut path = format!("{}/", self.id);
        for step in self.chain(id) {
            path.push_str(step);
            path.push('/');
        }
        path
    }

    /// Whether `id` is `above` or stands somewhere below it.
    pub fn is_below(&self, id: &str, above: &str) -> bool {
        std::iter::successors(Some(id), |id| self.parent_of(id)).any(|step| step == above)
    }

    /// ARN of an entity of this organization, for example of kind `account`.
    pub fn arn(&self, kind: &str, id: &str) -> String {
        format!("arn:aws:organizations::{}:{kind}/{}/{id}", self.management, self.id)
    }

    /// Policies attached to a target itself, in attachment order.
    pub fn attached_to<'a>(&'a self, target: &'a str) -> impl Iterator<Item = (u64, &'a Policy)> {
        let here = self.attachments.iter().filter(move |(_, attachment)| attachment.target == target);
        here.filter_map(|(number, attachment)| Some((*number, self.policies.get(&attachment.policy)?)))
    }

    pub fn is_enabled(&self, policy_type: &str) -> bool {
        self.policy_types.contains(policy_type)
    }

    pub fn is_delegate(&self, account: &str) -> bool {
        self.delegates.keys().any(|(delegate, _)| delegate == account)
    }
}
