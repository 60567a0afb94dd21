//! Listings: pages of what the world holds.

use crate::wire::answer::Answer;
use crate::wire::call::Call;
use crate::wire::page::Page;
use crate::world::World;
use serde_json::Value;

/// One page of a listing; see [`Page::take`].
pub fn page<T>(
    world: &World,
    call: &Call,
    member: &str,
    entries: impl Iterator<Item = T>,
    key: impl Fn(&T) -> String,
    value: impl FnMut(T) -> Value,
) -> Answer {
    Page::of(call, world.uneven_pages)?.take(member, entries, key, value)
}
