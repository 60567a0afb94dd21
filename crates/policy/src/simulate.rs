//! What applies to every account of an organization, and what a change would do to it, before it is made.
//!
//! Work is shared: accounts with the same policies on the way from the root have one result, so the cost grows
//! with the distinct ways and not with the accounts.

mod organization;
mod outcome;
mod preview;

pub use organization::{Action, Node, NodeKind, Organization, OrganizationError};
pub use outcome::{Effective, Outcome};
pub use preview::{Group, simulate};

#[cfg(test)]
mod tests;
