//! Jobs: the list and one job.

mod detail;
mod filter;
mod filter_tokens;
mod list;
mod lists;

pub use detail::JobPage;
pub use list::JobsPage;
