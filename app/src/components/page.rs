//! What a page is divided into: its head, tabs, cards and facts.

mod announcer;
mod card;
mod header;
mod key_value;
mod list_row;
mod tabs;

pub use announcer::{Announcer, LiveRegion};
pub use card::Card;
pub use header::{Crumb, PageHeader};
pub use key_value::{Fact, KeyValue};
pub use list_row::ListRow;
pub use tabs::{Tab, Tabs};
