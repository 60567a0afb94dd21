//! What the ids of a call name, or the error that Organizations gives.

use crate::wire::answer::AwsError;
use crate::world::{Account, Policy, World};

/// # Errors
/// `AccountNotFoundException`.
pub fn account<'w>(world: &'w World, id: &str) -> Result<&'w Account, AwsError> {
    world.accounts.get(id).ok_or_else(|| {
        AwsError::new("AccountNotFoundException", "You specified an account that doesn't exist.")
    })
}

/// # Errors
/// `PolicyNotFoundException`.
pub fn policy<'w>(world: &'w World, id: &str) -> Result<&'w Policy, AwsError> {
    world
        .policies
        .get(id)
        .ok_or_else(|| AwsError::new("PolicyNotFoundException", "You specified a policy that doesn't exist."))
}
