//! Change sets: what was asked for, and what became of it.

use leptos::prelude::*;
use model::change::{ChangeId, ChangeSet};
use server_fn::codec::Json;

#[cfg(feature = "ssr")]
use crate::server_fns::ssr;
use crate::{error::AppError, wire::Answer};

/// A change set with its steps.
///
/// # Errors
/// `NotFound` where there is none of that id; else where the portal fails.
#[server(input = Json, output = Answer)]
pub async fn change(id: ChangeId) -> Result<ChangeSet, AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.change(&caller, id).await)
}

/// The newest change sets, without their steps.
///
/// # Errors
/// Where the portal fails.
#[server(input = Json, output = Answer)]
pub async fn changes() -> Result<Vec<ChangeSet>, AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.changes(&caller).await)
}
