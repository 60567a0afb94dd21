//! The tree of the organization.

mod aria;

pub use aria::AriaLevel;
