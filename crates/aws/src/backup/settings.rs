//! AWS Backup's settings of the organization and of a Region.

use std::collections::{BTreeMap, HashMap};

use model::settings::opt_in::{RegionSwitch, TypeSettings};

use super::client::Backup;
use crate::{answer::Written, connect::Aws, convert::need, error::AwsError, operation::Op};

/// A switch among AWS Backup's settings of the organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GlobalSetting {
    /// Copies to vaults of other accounts.
    CrossAccountBackup,
    /// Keeps delegated permissions in step.
    DelegatedAdministrator,
    /// Multi-party approval.
    MultiPartyApproval,
}

impl GlobalSetting {
    /// AWS's key.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::CrossAccountBackup => "isCrossAccountBackupEnabled",
            Self::DelegatedAdministrator => "isDelegatedAdministratorEnabled",
            Self::MultiPartyApproval => "isMpaEnabled",
        }
    }
}

impl Aws {
    /// AWS Backup's settings of the organization, as AWS names them (`isCrossAccountBackupEnabled`, …).
    pub async fn global_settings(&self) -> Result<BTreeMap<String, bool>, AwsError> {
        const OP: Op = Op::DescribeGlobalSettings;
        let home = Backup(self.home_region());
        let answer = self.call(home, OP, |c| c.describe_global_settings().send()).await?;
        answer.value(|a| {
            let settings = need(OP, "GlobalSettings", a.global_settings)?;
            let is_on = |value: String| value.eq_ignore_ascii_case("true");
            Ok(settings.into_iter().map(|(name, value)| (name, is_on(value))).collect())
        })
    }

    /// Turns one of AWS Backup's settings of the organization; the others stay.
    ///
    /// # Errors
    /// `InvalidInput` outside the management account.
    pub async fn set_global_setting(
        &self,
        setting: GlobalSetting,
        on: bool,
    ) -> Result<Written<()>, AwsError> {
        let answer = self
            .call(Backup(self.home_region()), Op::UpdateGlobalSettings, |c| {
                let settings = HashMap::from([(setting.key().to_owned(), on.to_string())]);
                c.update_global_settings().set_global_settings(Some(settings)).send()
            })
            .await?;
        Ok(answer.done())
    }

    /// Which resource types AWS Backup protects in a Region, and which it manages in full; by name. A type that AWS does
    /// not list is not opted in.
    pub async fn region_settings(&self, region: &str) -> Result<Vec<TypeSettings>, AwsError> {
        const OP: Op = Op::DescribeRegionSettings;
        let answer = self.call(Backup(region), OP, |c| c.describe_region_settings().send()).await?;
        answer.value(|a| {
            let opted = need(OP, "ResourceTypeOptInPreference", a.resource_type_opt_in_preference)?;
            let managed = a.resource_type_management_preference.unwrap_or_default();
            let settings = |(kind, opted_in)| TypeSettings {
                full_management: managed.get(&kind).copied(),
                kind,
                opted_in,
            };
            let mut types: Vec<TypeSettings> = opted.into_iter().map(settings).collect();
            types.sort_by(|a, b| a.kind.cmp(&b.kind));
            Ok(types)
        })
    }

    /// Turns one switch of one resource type in a Region; the others stay.
    pub async fn set_region_setting(
        &self,
        region: &str,
        kind: &str,
        switch: RegionSwitch,
        on: bool,
    ) -> Result<Written<()>, AwsError> {
        let answer = self
            .call(Backup(region), Op::UpdateRegionSettings, |c| {
                let request = c.update_region_settings();
                match switch {
                    RegionSwitch::OptIn => request.resource_type_opt_in_preference(kind, on),
                    RegionSwitch::FullManagement => request.resource_type_management_preference(kind, on),
                }
                .send()
            })
            .await?;
        Ok(answer.done())
    }
}
