//! The organization's switches, delegated administrators, Region settings.

use leptos::prelude::*;
#[cfg(feature = "ssr")]
use model::{
    Failure,
    settings::{Setting, features::Step, opt_in::RegionSwitch},
};
use model::{
    change::ChangeSet,
    settings::{export::ExportView, opt_in::AllRegionSettings},
};
use server_fn::codec::Json;

#[cfg(feature = "ssr")]
use crate::server_fns::ssr;
use crate::{error::AppError, wire::Answer};

/// How every switch stands. Asks AWS live.
///
/// # Errors
/// Where the portal fails; a single switch that cannot be read is `Unknown` with its reason instead.
#[server(input = Json, output = Answer)]
pub async fn settings() -> Result<model::settings::Settings, AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.settings(&caller).await)
}

/// Turns a switch on (`turn` is `on`) or off (`off`). Where turning off breaks other things, `confirmation` must be the
/// word “confirm”; `shown` names the list of attachments that was shown.
///
/// # Errors
/// `Invalid` without the confirmation; else where AWS or the portal fails.
#[server(output = Answer)]
pub async fn change_setting(
    setting: String,
    turn: String,
    #[server(default)] confirmation: String,
    #[server(default)] shown: String,
) -> Result<(), AppError> {
    let (portal, caller) = ssr::begin()?;
    let setting = known("setting", "There is no such switch.", Setting::from_name(&setting))?;
    ssr::end(portal.change_setting(&caller, setting, is_on(&turn)?, &confirmation, &shown).await)?;
    ssr::go_back_to(model::paths::SETTINGS);
    Ok(())
}

/// Takes a step on the way to all features: `begin`, or `finalize` and `cancel` of a request. What cannot be undone needs
/// the word “confirm”.
///
/// # Errors
/// `Invalid` without the confirmation, `Conflict` where the request does not stand for it; else where AWS or the portal fails.
#[server(output = Answer)]
pub async fn enable_all_features(
    step: String,
    #[server(default)] request: String,
    #[server(default)] confirmation: String,
) -> Result<(), AppError> {
    let (portal, caller) = ssr::begin()?;
    let step = known("step", "There is no such step.", Step::from_name(&step))?;
    ssr::end(portal.enable_all_features(&caller, step, &request, &confirmation).await)?;
    ssr::go_back_to(model::paths::SETTINGS);
    Ok(())
}

/// What was detached by turning the policy type off, beside how it stands today.
///
/// # Errors
/// `NotFound` where there is no such export; else where the portal fails.
#[server(input = Json, output = Answer)]
pub async fn exported_attachments(id: i64) -> Result<ExportView, AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.exported_attachments(&caller, id).await)
}

/// Puts what is missing of an export's attachments back, each a step of the change set that is answered. Of more than a
/// few, the rest goes on in the background.
///
/// # Errors
/// Where nothing was begun.
#[server(output = Answer)]
pub async fn put_back_attachments(id: i64) -> Result<ChangeSet, AppError> {
    let (portal, caller) = ssr::begin()?;
    let change = ssr::end(portal.put_back_attachments(&caller, id).await)?;
    ssr::go_to_change(&change, model::paths::SETTINGS);
    Ok(change)
}

/// Makes an account a delegated administrator of AWS Backup.
///
/// # Errors
/// `Invalid` for an account that cannot be one; else where AWS or the portal fails.
#[server(output = Answer)]
pub async fn register_delegated_administrator(account: String) -> Result<(), AppError> {
    let (portal, caller) = ssr::begin()?;
    let account = ssr::parsed("account", account.trim())?;
    ssr::end(portal.register_delegated_administrator(&caller, account).await)?;
    ssr::go_back_to(model::paths::SETTINGS);
    Ok(())
}

/// Takes from an account to be a delegated administrator of AWS Backup.
///
/// # Errors
/// Where AWS or the portal fails.
#[server(output = Answer)]
pub async fn remove_delegated_administrator(account: String) -> Result<(), AppError> {
    let (portal, caller) = ssr::begin()?;
    let account = ssr::parsed("account", account.trim())?;
    ssr::end(portal.remove_delegated_administrator(&caller, account).await)?;
    ssr::go_back_to(model::paths::SETTINGS);
    Ok(())
}

/// Puts the organization's resource policy as it was shown, if AWS still has the one that was shown beside it.
///
/// # Errors
/// `Outdated` with both texts where somebody changed it meanwhile; else where AWS or the portal fails.
#[server(output = Answer)]
pub async fn put_resource_policy(
    #[server(default)] current: String,
    #[server(default)] proposed: String,
) -> Result<(), AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.put_resource_policy(&caller, &current, &proposed).await)?;
    ssr::go_back_to(model::paths::SETTINGS);
    Ok(())
}

/// What AWS allows Holdfast to do; `again` asks AWS anew.
///
/// # Errors
/// Where the portal fails; what cannot be known is not checked, with its reason.
#[server(input = Json, output = Answer)]
pub async fn permissions(again: bool) -> Result<model::permissions::Permissions, AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.permissions(&caller, again).await)
}

/// The settings of each Region. Asks AWS live.
///
/// # Errors
/// Where the portal fails; a Region that cannot be read is `Unknown` with its reason instead.
#[server(input = Json, output = Answer)]
pub async fn region_settings() -> Result<AllRegionSettings, AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.region_settings(&caller).await)
}

/// Turns one switch of one resource type in one Region.
///
/// # Errors
/// `Invalid` for an unknown switch, Region or type; else where AWS or the portal fails.
#[server(output = Answer)]
pub async fn change_region_setting(
    region: String,
    kind: String,
    switch: String,
    turn: String,
) -> Result<(), AppError> {
    let (portal, caller) = ssr::begin()?;
    let switch = known("switch", "There is no such switch.", RegionSwitch::from_name(&switch))?;
    ssr::end(portal.change_region_setting(&caller, &region, &kind, switch, is_on(&turn)?).await)?;
    ssr::go_back_to(model::paths::SETTINGS);
    Ok(())
}

/// What a form names, or which of its fields names nothing.
#[cfg(feature = "ssr")]
fn known<T>(field: &str, unknown: &str, found: Option<T>) -> Result<T, AppError> {
    found.ok_or_else(|| ssr::refuse(Failure::invalid(field, unknown)))
}

#[cfg(feature = "ssr")]
fn is_on(turn: &str) -> Result<bool, AppError> {
    let on = match turn {
        "on" => Some(true),
        "off" => Some(false),
        _ => None,
    };
    known("turn", "Say on or off.", on)
}
