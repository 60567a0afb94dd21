//! Backup policies: read, write, attach.

use leptos::prelude::*;
use model::{
    PolicyId,
    policies::{PolicyDetail, PolicyQuery, PolicySummary, TargetResult},
};
use server_fn::codec::Json;

#[cfg(feature = "ssr")]
use crate::server_fns::ssr;
use crate::{error::AppError, wire::Answer};

/// All backup policies that match; AWS allows 1,000 at most.
///
/// # Errors
/// Where the portal fails.
#[server(input = Json, output = Answer)]
pub async fn list_policies(query: PolicyQuery) -> Result<Vec<PolicySummary>, AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.list_policies(&caller, &query).await)
}

/// One policy in full.
///
/// # Errors
/// Where the portal fails, or there is no such policy.
#[server(input = Json, output = Answer)]
pub async fn policy(id: String) -> Result<PolicyDetail, AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.policy(&caller, &id).await)
}

/// Creates a policy and goes to its page.
///
/// # Errors
/// Where a field or the document is refused, or AWS or the portal fails. Nothing is created then.
#[server(output = Answer)]
pub async fn create_policy(name: String, description: String, content: String) -> Result<PolicyId, AppError> {
    let (portal, caller) = ssr::begin()?;
    let draft = draft(name, description, content);
    let created = ssr::end(portal.create_policy(&caller, draft).await)?;
    ssr::go_to(&model::paths::policy(&created));
    Ok(created)
}

/// Writes a policy, if it still is what it was when the editor opened it (`opened` is that fingerprint).
///
/// # Errors
/// `Stale` with the present policy where somebody else changed it; else as for creating.
#[server(output = Answer)]
pub async fn update_policy(
    id: String,
    opened: String,
    name: String,
    description: String,
    content: String,
) -> Result<PolicyDetail, AppError> {
    let (portal, caller) = ssr::begin()?;
    let draft = draft(name, description, content);
    ssr::end(portal.update_policy(&caller, &id, &opened, draft).await)
}

/// Deletes an unattached policy and goes to the list.
///
/// # Errors
/// `Conflict` where it is attached; else where AWS or the portal fails.
#[server(output = Answer)]
pub async fn delete_policy(id: String) -> Result<(), AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.delete_policy(&caller, &id).await)?;
    ssr::go_to(model::paths::POLICIES);
    Ok(())
}

/// Attaches a policy to several targets; each has a result of its own.
///
/// # Errors
/// Where nothing could be tried at all.
#[server(output = Answer)]
pub async fn attach_policy(
    id: String,
    #[server(default)] targets: Vec<String>,
) -> Result<Vec<TargetResult>, AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::each(ssr::end(portal.attach_policy(&caller, &id, &ids(&targets)).await)?)
}

/// Detaches a policy from several targets; each has a result of its own.
///
/// # Errors
/// Where nothing could be tried at all.
#[server(output = Answer)]
pub async fn detach_policy(
    id: String,
    #[server(default)] targets: Vec<String>,
) -> Result<Vec<TargetResult>, AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::each(ssr::end(portal.detach_policy(&caller, &id, &ids(&targets)).await)?)
}

/// What a form sent. Forms posted without scripts end lines with `\r\n`, which AWS would keep and count.
#[cfg(feature = "ssr")]
fn draft(name: String, description: String, content: String) -> model::policies::PolicyDraft {
    model::policies::PolicyDraft { name, description, content: model::text::unix_lines(&content) }
}

/// The ids in what a form sent: one of its fields may hold a list, or nothing.
#[cfg(feature = "ssr")]
fn ids(targets: &[String]) -> Vec<String> {
    let (ids, others) = model::id::parse_target_list(&targets.join("\n"));
    ids.into_iter().map(String::from).chain(others).collect()
}
