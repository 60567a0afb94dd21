//! The tree of the organization.

mod aria;
pub mod keyboard;

pub use aria::AriaLevel;
