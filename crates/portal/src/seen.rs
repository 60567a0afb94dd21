//! Settings that are compared between two readings, to see what others changed in AWS: how each is kept, what a
//! difference is called, and what the portal itself changed.

use std::collections::BTreeMap;

use model::{
    change::{RESOURCE_POLICY, RESOURCE_POLICY_NAME},
    event::EventKind,
    settings::{
        Setting,
        opt_in::{RegionSwitch, TypeSettings},
    },
};
use store::ChangedSetting;

use crate::{Portal, PortalError};

/// By name, as the store keeps them.
pub(crate) type Values = BTreeMap<String, String>;

/// What AWS is asked for at once.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Area<'a> {
    /// `on` or `off`, by the name of the setting.
    TrustedAccess,
    /// As above.
    Global,
    /// Names of delegated administrators, by account id.
    Administrators,
    /// The document, where there is one.
    ResourcePolicy,
    /// `on` or `off`, by [`RegionSwitch::setting_name`].
    Region(&'a str),
}

impl Area<'_> {
    /// Where a setting of the page is kept; `None` for those that the organization's own tables have, or nobody compares.
    pub(crate) const fn of(setting: Setting) -> Option<Self> {
        match setting {
            Setting::TrustedAccess => Some(Self::TrustedAccess),
            Setting::CrossAccountBackup | Setting::DelegatedAdministration | Setting::MultiPartyApproval => {
                Some(Self::Global)
            }
            Setting::AllFeatures | Setting::PolicyType | Setting::ServiceLinkedRole => None,
        }
    }

    /// As stored.
    pub(crate) fn name(self) -> String {
        match self {
            Self::TrustedAccess => "trusted_access".to_owned(),
            Self::Global => "global_settings".to_owned(),
            Self::Administrators => "delegated_administrators".to_owned(),
            Self::ResourcePolicy => RESOURCE_POLICY.to_owned(),
            Self::Region(region) => format!("region/{region}"),
        }
    }

    /// What stands otherwise than before.
    pub(crate) fn changes(self, before: &Values, after: &Values) -> Vec<ChangedSetting> {
        let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
        names.sort_unstable();
        names.dedup();
        names.into_iter().filter_map(|name| self.change(name, before.get(name), after.get(name))).collect()
    }

    fn change(self, name: &str, before: Option<&String>, after: Option<&String>) -> Option<ChangedSetting> {
        let found = |kind, subject_name: String, before: Option<&str>, after: Option<&str>| {
            let own = |text: Option<&str>| text.map(str::to_owned);
            let subject = name.to_owned();
            Some(ChangedSetting { kind, subject, subject_name, before: own(before), after: own(after) })
        };
        let [was, is] = [before, after].map(|value| value.map(String::as_str));
        match self {
            Self::Administrators => match (was, is) {
                (None, Some(title)) => found(
                    EventKind::AdministratorRegistered,
                    title.to_owned(),
                    Some(NOT_REGISTERED),
                    Some(REGISTERED),
                ),
                (Some(title), None) => found(
                    EventKind::AdministratorRemoved,
                    title.to_owned(),
                    Some(REGISTERED),
                    Some(NOT_REGISTERED),
                ),
                // A renamed account is another matter.
                _ => None,
            },
            Self::ResourcePolicy if was != is => {
                found(EventKind::ResourcePolicyChanged, RESOURCE_POLICY_NAME.to_owned(), was, is)
            }
            // A type that AWS does not list is off; one that it lists newly is no change that somebody made.
            Self::Region(region) if was.unwrap_or(OFF) != is.unwrap_or(OFF) => {
                let title = region_title(region, name);
                found(
                    EventKind::RegionSettingTurned,
                    title,
                    Some(was.unwrap_or(OFF)),
                    Some(is.unwrap_or(OFF)),
                )
            }
            Self::TrustedAccess | Self::Global if was.is_some() && was != is => {
                found(EventKind::SwitchTurned, String::new(), was, is)
            }
            _ => None,
        }
    }
}

const ON: &str = "on";
const OFF: &str = "off";
const REGISTERED: &str = "Registered";
const NOT_REGISTERED: &str = "Not registered";

pub(crate) const fn on_or_off(on: bool) -> &'static str {
    if on { ON } else { OFF }
}

fn region_title(region: &str, name: &str) -> String {
    let kind = name.splitn(3, '/').nth(2).unwrap_or_default();
    let switch = name.split('/').next().and_then(RegionSwitch::from_name);
    switch.map_or_else(|| name.to_owned(), |switch| switch.setting_title(region, kind))
}

/// A Region's settings as they are kept.
pub(crate) fn region_values(region: &str, types: &[TypeSettings]) -> Values {
    let settings = |one: &TypeSettings| {
        let opt_in = Some((RegionSwitch::OptIn, one.opted_in));
        let management = one.full_management.map(|on| (RegionSwitch::FullManagement, on));
        let value = |(switch, on): (RegionSwitch, bool)| {
            (switch.setting_name(region, &one.kind), on_or_off(on).to_owned())
        };
        [opt_in, management].into_iter().flatten().map(value).collect::<Vec<_>>()
    };
    types.iter().flat_map(settings).collect()
}

impl Portal {
    /// Notes what the portal itself has changed in AWS, so that nobody else is said to have done it.
    pub(crate) async fn own_change(
        &self,
        area: Area<'_>,
        name: &str,
        value: Option<&str>,
    ) -> Result<(), PortalError> {
        Ok(self.store().set_seen(&area.name(), name, value).await?)
    }
}
