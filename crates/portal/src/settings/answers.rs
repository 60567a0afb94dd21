//! What AWS answers about the settings, whoever sees which part of it.

use std::collections::BTreeMap;

use aws::{AwsError, CallerIdentity, DelegatedAdministrator, Handshake};
use model::{organization::OrganizationFacts, settings::SettingState};
use time::OffsetDateTime;

/// All of them, asked at once.
pub(crate) struct Answers {
    pub(super) at: OffsetDateTime,
    pub(super) organization: Result<OrganizationFacts, AwsError>,
    pub(super) caller: Result<CallerIdentity, AwsError>,
    pub(super) states: States,
    /// Where not all features are on.
    pub(super) requests: Option<Requests>,
    pub(super) delegated: Delegated,
}

/// How the switches stand that have a question each.
pub(super) struct States {
    pub features: SettingState,
    pub access: SettingState,
    pub policy_type: SettingState,
    pub role: SettingState,
    pub globals: Result<BTreeMap<String, bool>, AwsError>,
}

/// Both halves of delegation.
pub(super) struct Delegated {
    pub registered: Result<Vec<DelegatedAdministrator>, AwsError>,
    pub policy: Result<Option<String>, AwsError>,
}

/// The way to all features: its last request.
pub(super) struct Requests(pub Result<Option<Request>, AwsError>);

/// A request for all features, with the accounts that were asked.
pub(super) struct Request {
    pub last: Handshake,
    pub asked: Result<Vec<Handshake>, AwsError>,
}
