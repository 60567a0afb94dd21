//! The organization without its features.

use super::backup::Visibility;
use super::members::Features;
use super::state::World;
use time::OffsetDateTime;

impl World {
    /// Leaves nothing but consolidated billing.
    pub fn limit_to_billing(&mut self, now: OffsetDateTime) {
        self.features = Features::Billing;
        self.policy_types.clear();
        self.attachments.clear();
        self.policies.clear();
        self.services.clear();
        self.delegates.clear();
        self.resource_policy = None;
        self.linked_roles.clear();
        self.handshakes.clear();
        self.backups.visibility = Visibility::Own;
        for switch in self.backups.global.values_mut() {
            switch.set(now, false);
        }
        self.clear_evaluations(now);
    }
}
