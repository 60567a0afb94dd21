//! A door for `cargo xtask bench directory`, and for nothing else.

use policy::simulate::{Action, Group, OrganizationError};
use store::Snapshot;
use time::OffsetDateTime;

use crate::directory::Directory;

/// The organization as requests share it.
pub struct Built(Directory);

/// Builds it as a new generation is built.
///
/// # Errors
/// Where the nodes make no tree.
pub fn build(snapshot: Snapshot, now: OffsetDateTime) -> Result<Built, OrganizationError> {
    Directory::build(snapshot, now).map(Built)
}

impl Built {
    /// What a change would do.
    ///
    /// # Errors
    /// An action that does not fit the organization.
    pub fn preview(&self, actions: &[Action]) -> Result<Vec<Group>, OrganizationError> {
        self.0.preview(actions)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::tests::{NOW, OU, snapshot};

    #[test]
    fn what_is_measured_is_what_requests_share() {
        let built = build(snapshot(), NOW).unwrap();
        let action = Action::Attach { policy: "p-bbbbbbbb".into(), target: OU.into() };
        assert_eq!(built.preview(&[action]).unwrap()[0].accounts.len(), 2);
    }
}
