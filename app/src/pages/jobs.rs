//! Jobs: the list and one job.

mod detail;
mod filter;
mod list;
mod tokens;

pub use detail::JobPage;
pub use list::JobsPage;
