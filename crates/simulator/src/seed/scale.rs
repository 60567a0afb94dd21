//! The scale organization.

use super::{SETTLED, build};
use crate::world::{AccountState, World};

pub fn fill(world: &mut World) {
    let root = world.root.clone();
    build::account(world, "management", &root, AccountState::Active);
    build::full_access(world);
    let settled = world.start - SETTLED;
    world.evaluate_below(&root, settled);
}
