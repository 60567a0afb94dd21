//! The state behind the services: one organization with its policies and its backups. Nothing here knows of requests.

pub mod backup;
mod billing;
pub mod effective;
mod evaluate;
mod evaluations;
mod members;
mod schedule;
mod state;
pub mod timeline;

pub use evaluations::{Evaluations, Version};
pub use members::{
    Account, AccountState, Attachment, Creation, Features, Handshake, Policy, ResourcePolicy, Unit,
};
pub use state::{BACKUP_POLICY, BACKUP_SERVICE, Target, World};
