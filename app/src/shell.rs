//! What stands around every page: navigation, top bar, live regions.

mod announcer;

pub use announcer::{Announcer, LiveRegion, use_announcer};
