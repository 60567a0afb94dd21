//! AWS Backup's settings of a Region.

use model::settings::opt_in::{RegionSwitch, TypeSettings};

use crate::{Aws, AwsError, Written, convert::need, operation::Op};

impl Aws {
    /// Which resource types AWS Backup protects in a Region, and which it manages in full; by name. A type that AWS does
    /// not list is not opted in.
    ///
    /// # Errors
    /// As [`AwsErrorKind`](crate::AwsErrorKind) says.
    pub async fn region_settings(&self, region: &str) -> Result<Vec<TypeSettings>, AwsError> {
        const OP: Op = Op::DescribeRegionSettings;
        let answer = self
            .backup_call(OP, region, |c| async move { c.describe_region_settings().send().await })
            .await?;
        let opted = need(OP, "ResourceTypeOptInPreference", answer.value.resource_type_opt_in_preference)?;
        let managed = answer.value.resource_type_management_preference.unwrap_or_default();
        let mut types: Vec<TypeSettings> = opted
            .into_iter()
            .map(|(kind, opted_in)| TypeSettings {
                full_management: managed.get(&kind).copied(),
                kind,
                opted_in,
            })
            .collect();
        types.sort_by(|a, b| a.kind.cmp(&b.kind));
        Ok(types)
    }

    /// Turns one switch of one resource type in a Region; the others stay.
    ///
    /// # Errors
    /// As [`AwsErrorKind`](crate::AwsErrorKind) says.
    pub async fn set_region_setting(
        &self,
        region: &str,
        kind: &str,
        switch: RegionSwitch,
        on: bool,
    ) -> Result<Written<()>, AwsError> {
        let answer = self
            .backup_call(Op::UpdateRegionSettings, region, |c| {
                let request = c.update_region_settings();
                let request = match switch {
                    RegionSwitch::OptIn => request.resource_type_opt_in_preference(kind, on),
                    RegionSwitch::FullManagement => request.resource_type_management_preference(kind, on),
                };
                async move { request.send().await }
            })
            .await?;
        Ok(Written { value: (), request_id: answer.request_id })
    }
}
