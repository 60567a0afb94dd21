//! Organizations generated from a seed.

mod build;
mod demo;
mod scale;

use crate::hash::{self, Dice};
use crate::options::{Options, Organization};
use crate::world::backup::Backups;
use crate::world::{BACKUP_POLICY, BACKUP_SERVICE, Evaluations, Features, World};
use build::SETTLED;
use std::collections::{BTreeMap, BTreeSet};
use time::OffsetDateTime;

const LETTERS: &str = "abcdefghijklmnopqrstuvwxyz0123456789";

/// The organization as the seed has it, before any change.
pub fn world(options: &Options, start: OffsetDateTime) -> World {
    let mut world = empty(options, start);
    match options.organization {
        Organization::Demo => demo::fill(&mut world),
        Organization::Scale => scale::fill(&mut world),
    }
    world.linked_roles.insert(world.management.clone(), start - SETTLED);
    if options.billing_only {
        world.evaluations = Evaluations::default();
        world.limit_to_billing(start);
    }
    world
}

fn empty(options: &Options, start: OffsetDateTime) -> World {
    let mut dice = Dice::new(options.seed, &[hash::text("organization")]);
    let settled = start - SETTLED;
    let services =
        [BACKUP_SERVICE, "cloudtrail.amazonaws.com", "member.org.stacksets.cloudformation.amazonaws.com"];
    World {
        seed: options.seed,
        organization: options.organization,
        start,
        effective_delay: options.effective_delay,
        uneven_pages: options.uneven_pages,
        id: format!("o-{}", dice.letters(LETTERS, 10)),
        management: build::account_id(&mut dice),
        root: format!("r-{}", dice.letters(LETTERS, 4)),
        units: BTreeMap::new(),
        accounts: BTreeMap::new(),
        policies: BTreeMap::new(),
        attachments: BTreeMap::new(),
        features: Features::All,
        handshakes: BTreeMap::new(),
        policy_types: BTreeSet::from([BACKUP_POLICY.to_owned(), "SERVICE_CONTROL_POLICY".to_owned()]),
        services: services.map(|service| (service.to_owned(), settled)).into(),
        delegates: BTreeMap::new(),
        resource_policy: None,
        tags: BTreeMap::new(),
        linked_roles: BTreeMap::new(),
        creations: BTreeMap::new(),
        evaluations: Evaluations::default(),
        backups: Backups::new(settled),
        made: 0,
    }
}
