//! What AWS needs before backup policies work.

use axum::{Json, http::StatusCode};
use model::settings::{Setting, SettingState, SettingStatus, export::attachments_fingerprint};
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::{
    answer::{Answer, Id, Named, Problems, Sent},
    caller::Api,
};

/// A setting of the organization.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct SettingRow {
    pub name: String,
    pub title: String,
    /// `on`, `off`, `changing`, `not_told`, `not_available` or `unknown`.
    pub state: String,
    /// Why it is not known; `null` where it is.
    pub problem: Option<String>,
    /// A fact that helps.
    pub detail: String,
}

/// How a setting stands in a word, and why that is not known.
pub(super) fn state_of(state: SettingState) -> (&'static str, Option<String>) {
    match state {
        SettingState::On { .. } => ("on", None),
        SettingState::Off => ("off", None),
        SettingState::Changing => ("changing", None),
        SettingState::NotTold => ("not_told", None),
        SettingState::NotAvailable => ("not_available", None),
        SettingState::Unknown { reason } => ("unknown", Some(reason)),
    }
}

impl From<SettingStatus> for SettingRow {
    fn from(row: SettingStatus) -> Self {
        let (state, problem) = state_of(row.state);
        let text = row.setting.text();
        Self {
            name: text.name.to_owned(),
            title: text.title.to_owned(),
            state: state.to_owned(),
            problem,
            detail: row.detail,
        }
    }
}

/// All settings, as AWS says them now.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct Settings {
    pub items: Vec<SettingRow>,
    #[serde(with = "time::serde::rfc3339")]
    pub checked_at: OffsetDateTime,
    /// Names the list of attachments that turning the policy type off would lose: `shown` of that change.
    pub shown: String,
}

/// Settings of the organization, asked from AWS now
#[utoipa::path(get, path = "/settings", operation_id = "settings", tag = "Settings", responses((status = 200, body = Settings), Problems))]
pub async fn list(Api { portal, caller }: Api) -> Answer<Json<Settings>> {
    let settings = portal.settings(&caller).await?;
    Ok(Json(Settings {
        shown: attachments_fingerprint(&settings.attachments),
        items: settings.rows.into_iter().map(SettingRow::from).collect(),
        checked_at: settings.checked_at,
    }))
}

/// How a setting is to stand.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Turn {
    pub on: bool,
    /// The word that the page asks for, where turning it off destroys something.
    #[serde(default)]
    pub confirmation: String,
    /// `shown` of the settings that were read.
    #[serde(default)]
    pub shown: String,
}

/// A setting by its name.
pub struct Switch(Setting);

impl FromStr for Switch {
    type Err = ();
    fn from_str(name: &str) -> Result<Self, ()> {
        Setting::from_name(name).map(Self).ok_or(())
    }
}

impl Named for Switch {
    const WHAT: &'static str = "setting";
}

/// Turn a setting on or off
#[utoipa::path(put, path = "/settings/{name}", operation_id = "turn_setting", tag = "Settings", params(("name" = String, Path, description = "As `policy_type`")), request_body = Turn, responses((status = 204, description = "It is turned"), Problems))]
pub async fn turn(
    Api { portal, caller }: Api,
    Id(Switch(setting)): Id<Switch>,
    Sent(Turn { on, confirmation, shown }): Sent<Turn>,
) -> Answer<StatusCode> {
    portal.change_setting(&caller, setting, on, &confirmation, &shown).await?;
    Ok(StatusCode::NO_CONTENT)
}
