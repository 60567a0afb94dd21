//! AWS Backup's settings of each Region.

use axum::{Json, extract::Path, http::StatusCode};
use model::{
    FailureCode,
    settings::opt_in::{RegionSettings, RegionState, RegionSwitch, TypeSettings},
};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::{
    answer::{Answer, Problems, Sent},
    caller::Api,
};

/// A Region that is configured, or that backup policies name.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct Region {
    pub region: String,
    /// `known`, `not_available` or `unknown`.
    pub state: String,
    /// Why it is not known; `null` where it is.
    pub problem: Option<String>,
    /// Backup policies that name it.
    pub policies: u64,
    /// `null` where they are not known.
    pub types: Option<Vec<ResourceType>>,
}

/// A resource type in a Region.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct ResourceType {
    /// AWS's name, as `SAP HANA on Amazon EC2`.
    pub r#type: String,
    /// Whether it is backed up at all.
    pub opt_in: bool,
    /// Whether AWS Backup manages its backups in full; `null` where that cannot be chosen.
    pub full_management: Option<bool>,
}

impl From<TypeSettings> for ResourceType {
    fn from(TypeSettings { kind, opted_in, full_management }: TypeSettings) -> Self {
        Self { r#type: kind, opt_in: opted_in, full_management }
    }
}

impl From<RegionSettings> for Region {
    fn from(RegionSettings { region, state, policies }: RegionSettings) -> Self {
        let (state, problem, types) = match state {
            RegionState::Known { types } => {
                ("known", None, Some(types.into_iter().map(ResourceType::from).collect()))
            }
            RegionState::NotAvailable => ("not_available", None, None),
            RegionState::Unknown { reason } => ("unknown", Some(reason), None),
        };
        Self { region, state: state.to_owned(), problem, policies, types }
    }
}

/// All Regions in use, as AWS says them now.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct Regions {
    pub items: Vec<Region>,
    #[serde(with = "time::serde::rfc3339")]
    pub checked_at: OffsetDateTime,
}

/// Resource types of each Region, asked from AWS now
#[utoipa::path(get, path = "/settings/regions", operation_id = "region_settings", tag = "Settings", responses((status = 200, body = Regions), Problems))]
pub async fn list(Api { portal, caller }: Api) -> Answer<Json<Regions>> {
    let all = portal.region_settings(&caller).await?;
    let items = all.regions.into_iter().map(Region::from).collect();
    Ok(Json(Regions { items, checked_at: all.checked_at }))
}

/// How a switch of a resource type is to stand.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TurnType {
    /// AWS's name, as `EBS`.
    pub r#type: String,
    #[schema(inline)]
    pub switch: Switch,
    pub on: bool,
}

/// Which of a resource type's two switches.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum Switch {
    /// Whether it is backed up at all.
    OptIn,
    /// Whether AWS Backup manages its backups in full.
    FullManagement,
}

impl From<Switch> for RegionSwitch {
    fn from(switch: Switch) -> Self {
        match switch {
            Switch::OptIn => Self::OptIn,
            Switch::FullManagement => Self::FullManagement,
        }
    }
}

/// Turn a switch of a resource type on or off in a Region
#[utoipa::path(put, path = "/settings/regions/{region}", operation_id = "turn_region_setting", tag = "Settings", params(("region" = String, Path, description = "As `eu-west-1`")), request_body = TurnType, responses((status = 204, description = "It is turned"), Problems))]
pub async fn turn(
    Api { portal, caller }: Api,
    region: Result<Path<String>, axum::extract::rejection::PathRejection>,
    Sent(TurnType { r#type, switch, on }): Sent<TurnType>,
) -> Answer<StatusCode> {
    let Path(region) = region.map_err(|_| FailureCode::NotFound { what: "Region".to_owned() })?;
    portal.change_region_setting(&caller, &region, &r#type, switch.into(), on).await?;
    Ok(StatusCode::NO_CONTENT)
}
