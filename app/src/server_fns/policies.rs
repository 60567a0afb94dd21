//! Backup policies: read, write, attach.

use leptos::prelude::*;
#[cfg(feature = "ssr")]
use model::TargetId;
use model::{
    PolicyId,
    change::ChangeSet,
    policies::{PolicyDetail, PolicyQuery, PolicySummary},
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
    ssr::end(portal.policy(&caller, &policy_id(&id)?).await)
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
    ssr::end(portal.update_policy(&caller, &policy_id(&id)?, &opened, draft).await)
}

/// Deletes an unattached policy and goes to the list.
///
/// # Errors
/// `Conflict` where it is attached; else where AWS or the portal fails.
#[server(output = Answer)]
pub async fn delete_policy(id: String) -> Result<(), AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.delete_policy(&caller, &policy_id(&id)?).await)?;
    ssr::go_to(model::paths::POLICIES);
    Ok(())
}

/// Attaches a policy to several targets, each a step of the change set that is answered. Of more than a few, the rest goes
/// on in the background.
///
/// # Errors
/// Where nothing was begun.
#[server(output = Answer)]
pub async fn attach_policy(
    id: String,
    #[server(default)] targets: Vec<String>,
) -> Result<ChangeSet, AppError> {
    let (portal, caller) = ssr::begin()?;
    let id = policy_id(&id)?;
    let change = ssr::end(portal.attach_policy(&caller, &id, &target_ids(&targets)?).await)?;
    ssr::go_to_change(&change, &model::paths::policy_tab(&id, "targets"));
    Ok(change)
}

/// Detaches a policy from several targets, as attaching does.
///
/// # Errors
/// Where nothing was begun.
#[server(output = Answer)]
pub async fn detach_policy(
    id: String,
    #[server(default)] targets: Vec<String>,
) -> Result<ChangeSet, AppError> {
    let (portal, caller) = ssr::begin()?;
    let id = policy_id(&id)?;
    let change = ssr::end(portal.detach_policy(&caller, &id, &target_ids(&targets)?).await)?;
    ssr::go_to_change(&change, &model::paths::policy_tab(&id, "targets"));
    Ok(change)
}

#[cfg(feature = "ssr")]
fn policy_id(id: &str) -> Result<PolicyId, AppError> {
    ssr::existing("backup policy", id)
}

/// What a form sent. Forms posted without scripts end lines with `\r\n`, which AWS would keep and count.
#[cfg(feature = "ssr")]
fn draft(name: String, description: String, content: String) -> model::policies::PolicyDraft {
    model::policies::PolicyDraft { name, description, content: model::text::unix_lines(&content) }
}

/// The ids in what a form sent: one of its fields may hold a list, or nothing.
#[cfg(feature = "ssr")]
fn target_ids(targets: &[String]) -> Result<Vec<TargetId>, AppError> {
    let (ids, others) = model::id::parse_target_list(&targets.join("\n"));
    match others.first() {
        Some(other) => ssr::parsed::<TargetId>("targets", other).map(|id| vec![id]),
        None => Ok(ids),
    }
}
