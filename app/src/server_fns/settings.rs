//! The organization's switches.

use leptos::prelude::*;
use server_fn::codec::Json;

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::server_fns::ssr;

/// How every switch stands. Asks AWS live.
///
/// # Errors
/// Where the portal fails; a single switch that cannot be read is `Unknown` with its reason instead.
#[server(input = Json)]
pub async fn settings() -> Result<model::settings::Settings, AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.settings(&caller).await)
}

/// Turns a switch on (`turn` is `on`) or off (`off`). Where turning off breaks other things, `confirmation` must be the word “confirm”.
///
/// # Errors
/// `Invalid` without the confirmation; else where AWS or the portal fails.
#[server]
pub async fn change_setting(
    setting: String,
    turn: String,
    #[server(default)] confirmation: String,
) -> Result<model::settings::Settings, AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.change_setting(&caller, &setting, &turn, &confirmation).await)
}
