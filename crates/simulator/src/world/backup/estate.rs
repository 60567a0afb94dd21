//! What accounts own, computed from the seed.

use super::resource::{KINDS, Kind, Resource};
use crate::hash::{self, Dice};
use crate::options::Organization;
use crate::world::members::{Account, AccountState};
use crate::world::state::World;

/// How many resources an account of the organization has at least, and how many more at most.
fn extent(organization: Organization) -> (u64, u64) {
    match organization {
        Organization::Demo => (4, 7),
        Organization::Scale => (3, 5),
    }
}

/// The resources of an account; none if it is not active.
pub fn resources(world: &World, account: &Account) -> impl Iterator<Item = Resource> + use<> {
    let roots = hash::mix(world.seed, &[hash::text("estate"), u64::from(account.number)]);
    let (least, more) = extent(world.organization);
    let count = if account.state == AccountState::Active { least + roots % (more + 1) } else { 0 };
    (0..count).map(move |number| resource(roots, number as u16))
}

/// The resource of an account by its number, whether or not the account reaches that far.
fn resource(account_roots: u64, number: u16) -> Resource {
    let mut dice = Dice::new(account_roots, &[u64::from(number)]);
    let region = match dice.below(100) {
        0..55 => 0,
        55..82 => 1,
        _ => 2,
    };
    Resource { number, part: 0, region, kind: draw_kind(dice.below(1000)), roots: dice.next() }
}

fn draw_kind(mut draw: u64) -> &'static Kind {
    for kind in KINDS {
        if draw < kind.share {
            return kind;
        }
        draw -= kind.share;
    }
    &KINDS[0]
}
