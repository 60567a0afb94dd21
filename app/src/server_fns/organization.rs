//! The organization's tree and what applies at each place.

use leptos::prelude::*;
use model::organization::{self, TargetDetail, TreeQuery};
use server_fn::codec::Json;

#[cfg(feature = "ssr")]
use crate::server_fns::ssr;
use crate::{error::AppError, wire::Answer};

/// The tree, as far as the query opens it.
///
/// # Errors
/// Where the portal fails.
#[server(input = Json, output = Answer)]
pub async fn tree(query: TreeQuery) -> Result<organization::Tree, AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.tree(&caller, &query).await)
}

/// A root, OU or account with the policies that apply there.
///
/// # Errors
/// Where the portal fails, or there is no such place.
#[server(input = Json, output = Answer)]
pub async fn target(id: String) -> Result<TargetDetail, AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.target(&caller, &ssr::existing("root, OU or account", &id)?).await)
}

/// An account's effective policy, as Holdfast computes it.
///
/// # Errors
/// Where the portal fails, or there is no such account.
#[server(input = Json, output = Answer)]
pub async fn effective_policy(account: String) -> Result<organization::EffectivePolicy, AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.effective_policy(&caller, &ssr::existing("account", &account)?).await)
}

/// What AWS answers for an account, compared with ours. Asks AWS live.
///
/// # Errors
/// Where the portal fails, or there is no such account.
#[server(input = Json, output = Answer)]
pub async fn aws_effective_policy(account: String) -> Result<organization::AwsEffective, AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.aws_effective_policy(&caller, &ssr::existing("account", &account)?).await)
}
