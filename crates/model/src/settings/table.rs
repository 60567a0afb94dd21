//! The one table of settings: what each is called, why it matters, what turning it does, and who else can turn it.

use super::setting::Setting;

impl Setting {
    /// All settings, in the order of the page.
    #[must_use]
    pub fn table() -> &'static [SettingText] {
        &TABLE
    }

    /// The setting's row in the table.
    #[must_use]
    pub fn text(self) -> &'static SettingText {
        &TABLE[self as usize]
    }

    /// From its stored name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        TABLE.iter().find(|t| t.name == name).map(|t| t.setting)
    }
}

/// What a setting is called and what turning it does, in our words: read by the page and the confirmation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettingText {
    pub setting: Setting,
    /// As stored and sent.
    pub name: &'static str,
    pub title: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// What turning it on changes.
    pub on: &'static str,
    /// What turning it off changes or destroys.
    pub off: &'static str,
    /// What is so while it is off. Empty where that harms nobody.
    pub while_off: &'static str,
    /// Everything works without it; it adds something.
    pub optional: bool,
    /// Turning it off breaks other things, so it asks for typed confirmation.
    pub typed_confirmation: bool,
    /// Can be turned from here by its row's button, as far as it can be turned.
    pub switchable: bool,
    /// What it is called where it is on, and where it is off.
    pub states: [&'static str; 2],
    /// What turning it on and off is called.
    pub verbs: [&'static str; 2],
    /// The IAM actions that turning it on and off need; empty where it cannot be turned so.
    pub actions: [&'static str; 2],
    /// The AWS CLI's commands that turn it on and off; `{root}` and `{region}` stand for the organization's own. Empty
    /// where there is none.
    pub commands: [&'static str; 2],
    /// The AWS CLI's command that shows how it stands.
    pub look: &'static str,
    /// Where it is in the AWS console.
    pub console: &'static str,
}

impl SettingText {
    /// Whether its button turns it on, or off.
    #[must_use]
    pub fn turns(&self, on: bool) -> bool {
        self.switchable && !self.actions[usize::from(!on)].is_empty()
    }

    /// What turning it on or off is called.
    #[must_use]
    pub const fn verb(&self, on: bool) -> &'static str {
        let [turn_on, turn_off] = self.verbs;
        if on { turn_on } else { turn_off }
    }
}

const STATES: [&str; 2] = ["On", "Off"];
const VERBS: [&str; 2] = ["Turn on", "Turn off"];

/// Every setting, in the order of the page and of [`Setting`].
pub(super) static TABLE: [SettingText; 7] = [
    SettingText {
        setting: Setting::AllFeatures,
        name: "all_features",
        title: "All features enabled",
        why: "Backup policies need an organization with all features, not only consolidated billing.",
        on: "AWS asks every invited account to agree, and completes the change once all have agreed and you finalize it. It cannot be undone.",
        off: "All features cannot be turned off.",
        while_off: "Backup policies do not work: the organization has only consolidated billing.",
        optional: false,
        typed_confirmation: false,
        // The accounts have to agree first: it has a card of its own.
        switchable: false,
        states: STATES,
        verbs: ["Begin", "Turn off"],
        actions: ["organizations:EnableAllFeatures", ""],
        commands: ["aws organizations enable-all-features", ""],
        look: "aws organizations describe-organization --query Organization.FeatureSet",
        console: "AWS Organizations, Settings, Begin process to enable all features",
    },
    SettingText {
        setting: Setting::TrustedAccess,
        name: "trusted_access",
        title: "Trusted access for AWS Backup",
        why: "Without it, only jobs of this account can be seen.",
        on: "AWS Backup may read the organization. Jobs created from now on in all accounts become visible here.",
        off: "Jobs of other accounts disappear from AWS's lists. Jobs already kept here stay. Delegated administrators must be removed first.",
        while_off: "Jobs of other accounts are not seen: what is shown of jobs is this account's own, and what was read before.",
        optional: false,
        typed_confirmation: true,
        switchable: true,
        states: STATES,
        verbs: VERBS,
        actions: ["organizations:EnableAWSServiceAccess", "organizations:DisableAWSServiceAccess"],
        commands: [
            "aws organizations enable-aws-service-access --service-principal backup.amazonaws.com",
            "aws organizations disable-aws-service-access --service-principal backup.amazonaws.com",
        ],
        look: "aws organizations list-aws-service-access-for-organization",
        console: "AWS Backup, Settings, Cross-account monitoring",
    },
    SettingText {
        setting: Setting::PolicyType,
        name: "policy_type",
        title: "Backup policy type",
        why: "Backup policies can be attached and take effect only while their type is on for the root.",
        on: "Backup policies can be attached. None is attached by turning it on; what was attached before can be put back.",
        off: "AWS detaches every backup policy from every target at once, and the plans made by them disappear from all accounts: scheduled backups stop. Policies themselves and recovery points are kept. Turning it on again attaches nothing.",
        while_off: "No backup policy takes effect: AWS has detached all of them, and the plans they made are gone from every account.",
        optional: false,
        typed_confirmation: true,
        switchable: true,
        states: STATES,
        verbs: VERBS,
        actions: ["organizations:EnablePolicyType", "organizations:DisablePolicyType"],
        commands: [
            "aws organizations enable-policy-type --root-id {root} --policy-type BACKUP_POLICY",
            "aws organizations disable-policy-type --root-id {root} --policy-type BACKUP_POLICY",
        ],
        look: "aws organizations list-roots --query \"Roots[].PolicyTypes\"",
        console: "AWS Organizations, Policies, Backup policies",
    },
    SettingText {
        setting: Setting::CrossAccountBackup,
        name: "cross_account_backup",
        title: "Cross-account backup",
        why: "Copies to vaults of other accounts of the organization are allowed only while it is on.",
        on: "Copy actions may name vaults of other accounts of this organization.",
        off: "Copies to vaults of other accounts fail from now on. Copies already made stay.",
        while_off: "Copies to vaults of other accounts fail.",
        optional: false,
        typed_confirmation: false,
        switchable: true,
        states: STATES,
        verbs: VERBS,
        actions: ["backup:UpdateGlobalSettings", "backup:UpdateGlobalSettings"],
        commands: [
            "aws backup update-global-settings --region {region} --global-settings isCrossAccountBackupEnabled=true",
            "aws backup update-global-settings --region {region} --global-settings isCrossAccountBackupEnabled=false",
        ],
        look: "aws backup describe-global-settings --region {region}",
        console: "AWS Backup, Settings, Cross-account backup",
    },
    SettingText {
        setting: Setting::DelegatedAdministration,
        name: "delegated_administration",
        title: "Delegated administrator switch",
        why: "Keeps what delegated administrators may do in AWS Backup in step with their registration.",
        on: "AWS Backup creates the service-linked role that it keeps delegated permissions with. No account is registered by it.",
        off: "AWS Backup stops keeping delegated permissions in step. Registered accounts stay registered.",
        while_off: "",
        optional: true,
        typed_confirmation: false,
        switchable: true,
        states: STATES,
        verbs: VERBS,
        actions: ["backup:UpdateGlobalSettings", "backup:UpdateGlobalSettings"],
        commands: [
            "aws backup update-global-settings --region {region} --global-settings isDelegatedAdministratorEnabled=true",
            "aws backup update-global-settings --region {region} --global-settings isDelegatedAdministratorEnabled=false",
        ],
        look: "aws backup describe-global-settings --region {region}",
        console: "AWS Backup, Settings, Delegated administrator",
    },
    SettingText {
        setting: Setting::MultiPartyApproval,
        name: "multi_party_approval",
        title: "Multi-party approval",
        why: "Lets a team of approvers give access to a logically air-gapped vault when its own account is lost.",
        on: "Approval teams can be assigned to logically air-gapped vaults of the organization. None is assigned by it.",
        off: "Approval teams cannot be assigned to logically air-gapped vaults any more, so a vault whose account is lost may stay out of reach.",
        while_off: "",
        optional: true,
        typed_confirmation: false,
        switchable: true,
        states: STATES,
        verbs: VERBS,
        actions: ["backup:UpdateGlobalSettings", "backup:UpdateGlobalSettings"],
        commands: [
            "aws backup update-global-settings --region {region} --global-settings isMpaEnabled=true",
            "aws backup update-global-settings --region {region} --global-settings isMpaEnabled=false",
        ],
        look: "aws backup describe-global-settings --region {region}",
        console: "AWS Backup, Settings, Multi-party approval",
    },
    SettingText {
        setting: Setting::ServiceLinkedRole,
        name: "service_linked_role",
        title: "Service-linked role of AWS Backup",
        why: "AWS Backup acts with the role AWSServiceRoleForBackup, for example to delete recovery points that have expired. The management account should have it.",
        on: "The role AWSServiceRoleForBackup is created in the management account. Nobody but AWS Backup can take it on. Opening the vaults in the AWS Backup console creates it too.",
        off: "AWS deletes a service-linked role only after nothing needs it any more.",
        while_off: "",
        optional: true,
        typed_confirmation: false,
        switchable: true,
        states: ["Present", "Missing"],
        verbs: ["Create", "Delete"],
        actions: ["iam:CreateServiceLinkedRole", ""],
        commands: ["aws iam create-service-linked-role --aws-service-name backup.amazonaws.com", ""],
        look: "aws iam get-role --role-name AWSServiceRoleForBackup",
        console: "IAM, Roles, AWSServiceRoleForBackup",
    },
];
