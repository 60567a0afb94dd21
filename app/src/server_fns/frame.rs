//! What every page shows around its content, and the first page.

use leptos::prelude::*;
use model::{organization, overview as first_page, session};
use server_fn::codec::Json;

#[cfg(feature = "ssr")]
use crate::server_fns::ssr;
use crate::{error::AppError, wire::Answer};

/// The frame around every page. Answers signed-out callers too, with nothing in it but whether this is a simulation.
///
/// # Errors
/// Where the portal fails.
#[server(input = Json, output = Answer)]
pub async fn frame() -> Result<session::Frame, AppError> {
    let (portal, caller) = (ssr::portal()?, ssr::caller());
    ssr::end(portal.frame(caller.as_ref()).await)
}

/// Whom a one-time link is for; `None` where it is not good. For everybody: whoever has the link may know.
///
/// # Errors
/// `Busy` after too many tries from one network.
#[server(input = Json, output = Answer)]
pub async fn join_link(token: String) -> Result<Option<session::JoinLink>, AppError> {
    let portal = ssr::portal()?;
    ssr::end(portal.join_link(&token, &ssr::address()).await)
}

/// The figures of the first page.
///
/// # Errors
/// Where the portal fails.
#[server(input = Json, output = Answer)]
pub async fn overview() -> Result<first_page::Overview, AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.overview(&caller).await)
}

/// Accounts, OUs, policies, jobs and pages whose name or id holds the text; at most 20.
///
/// # Errors
/// Where the portal fails.
#[server(input = Json, output = Answer)]
pub async fn jump(text: String) -> Result<Vec<organization::Jump>, AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.jump(&caller, &text).await)
}

/// Asks AWS again now, instead of at the next scheduled time.
///
/// # Errors
/// Where the portal fails.
#[server(input = Json, output = Answer)]
pub async fn request_sync(jobs_only: bool) -> Result<(), AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.request_sync(&caller, jobs_only).await)
}
