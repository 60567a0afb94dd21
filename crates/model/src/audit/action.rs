//! What is written of.

use serde::{Deserialize, Serialize};

/// Every kind of event that is written. Closed: a new event is a new row here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditAction {
    SignIn,
    SignInRefused,
    SignOut,
    FirstAdministratorCreated,
    PolicyCreated,
    PolicyEdited,
    PolicyDeleted,
    PolicyAttached,
    PolicyDetached,
    SettingTurnedOn,
    SettingTurnedOff,
    AdministratorRegistered,
    AdministratorRemoved,
    ResourcePolicyPut,
    AllFeaturesRequested,
    AllFeaturesFinalized,
    AllFeaturesCanceled,
    SyncRequested,
    AccessRefused,
    AuditExported,
    PersonInvited,
    PersonJoined,
    RightsGiven,
    PersonDisabled,
    PersonEnabled,
    PersonDeleted,
    ResetStarted,
    PasswordReset,
    PasswordChanged,
    CodesSetUp,
    CodesRemoved,
    RecoveryCodesMade,
    RecoveryCodeUsed,
    PasskeyAdded,
    PasskeyRemoved,
    SecondFactorRuleChanged,
    LocalSignInTurnedOff,
    LocalSignInTurnedOn,
    BreakGlassUsed,
    SessionsEnded,
    PersonCameByProvider,
    ProviderLinked,
    GroupsMapped,
    TokenMade,
    TokenEnded,
    ServiceAccountMade,
    DirectoryPersonAdded,
    DirectoryPersonChanged,
    DirectoryGroupChanged,
}

impl AuditAction {
    /// Every action with the name under which it is stored and the words people read.
    pub const TABLE: [(Self, &'static str, &'static str); 49] = [
        (Self::SignIn, "sign_in", "Signed in"),
        (Self::SignInRefused, "sign_in_refused", "Sign-in refused"),
        (Self::SignOut, "sign_out", "Signed out"),
        (Self::FirstAdministratorCreated, "first_administrator_created", "First administrator created"),
        (Self::PolicyCreated, "policy_created", "Policy created"),
        (Self::PolicyEdited, "policy_edited", "Policy edited"),
        (Self::PolicyDeleted, "policy_deleted", "Policy deleted"),
        (Self::PolicyAttached, "policy_attached", "Policy attached"),
        (Self::PolicyDetached, "policy_detached", "Policy detached"),
        (Self::SettingTurnedOn, "setting_turned_on", "Setting turned on"),
        (Self::SettingTurnedOff, "setting_turned_off", "Setting turned off"),
        (Self::AdministratorRegistered, "administrator_registered", "Delegated administrator registered"),
        (Self::AdministratorRemoved, "administrator_removed", "Delegated administrator removed"),
        (Self::ResourcePolicyPut, "resource_policy_put", "Resource policy changed"),
        (Self::AllFeaturesRequested, "all_features_requested", "All features requested"),
        (Self::AllFeaturesFinalized, "all_features_finalized", "All features enabled"),
        (Self::AllFeaturesCanceled, "all_features_canceled", "Request for all features cancelled"),
        (Self::SyncRequested, "sync_requested", "Sync requested"),
        (Self::AccessRefused, "access_refused", "Access refused"),
        (Self::AuditExported, "audit_exported", "Audit list exported"),
        (Self::PersonInvited, "person_invited", "Person invited"),
        (Self::PersonJoined, "person_joined", "Invitation taken"),
        (Self::RightsGiven, "rights_given", "Rights changed"),
        (Self::PersonDisabled, "person_disabled", "Person disabled"),
        (Self::PersonEnabled, "person_enabled", "Person enabled"),
        (Self::PersonDeleted, "person_deleted", "Person deleted"),
        (Self::ResetStarted, "reset_started", "Reset link made"),
        (Self::PasswordReset, "password_reset", "Password reset"),
        (Self::PasswordChanged, "password_changed", "Password changed"),
        (Self::CodesSetUp, "codes_set_up", "One-time codes set up"),
        (Self::CodesRemoved, "codes_removed", "One-time codes removed"),
        (Self::RecoveryCodesMade, "recovery_codes_made", "Recovery codes made"),
        (Self::RecoveryCodeUsed, "recovery_code_used", "Recovery code used"),
        (Self::PasskeyAdded, "passkey_added", "Passkey added"),
        (Self::PasskeyRemoved, "passkey_removed", "Passkey removed"),
        (Self::SecondFactorRuleChanged, "second_factor_rule_changed", "Rule about second factors changed"),
        (Self::LocalSignInTurnedOff, "local_sign_in_turned_off", "Local sign-in switched off"),
        (Self::LocalSignInTurnedOn, "local_sign_in_turned_on", "Local sign-in switched on"),
        (Self::BreakGlassUsed, "break_glass_used", "Break-glass account used"),
        (Self::SessionsEnded, "sessions_ended", "Sessions ended"),
        (Self::PersonCameByProvider, "person_came_by_provider", "First sign-in by a provider"),
        (Self::ProviderLinked, "provider_linked", "Signs in by a provider from now on"),
        (Self::GroupsMapped, "groups_mapped", "Rights changed by groups"),
        (Self::TokenMade, "token_made", "Token made"),
        (Self::TokenEnded, "token_ended", "Token ended"),
        (Self::ServiceAccountMade, "service_account_made", "Service account made"),
        (Self::DirectoryPersonAdded, "directory_person_added", "Person added by a directory"),
        (Self::DirectoryPersonChanged, "directory_person_changed", "Person changed by a directory"),
        (Self::DirectoryGroupChanged, "directory_group_changed", "Group changed by a directory"),
    ];

    /// Whether it concerns everybody who reads, wherever in the organization: a policy itself, or what holds for all.
    #[must_use]
    pub const fn concerns_every_part(self) -> bool {
        matches!(
            self,
            Self::PolicyCreated
                | Self::PolicyEdited
                | Self::PolicyDeleted
                | Self::SettingTurnedOn
                | Self::SettingTurnedOff
                | Self::AllFeaturesRequested
                | Self::AllFeaturesFinalized
                | Self::AllFeaturesCanceled
        )
    }

    /// As stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::TABLE.iter().find(|(a, ..)| *a == self).map_or("", |(_, name, _)| name)
    }

    /// As people read it.
    #[must_use]
    pub fn words(self) -> &'static str {
        Self::TABLE.iter().find(|(a, ..)| *a == self).map_or("", |(.., words)| words)
    }

    /// The action stored under a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::TABLE.iter().find(|(_, n, _)| *n == name).map(|(a, ..)| *a)
    }
}
