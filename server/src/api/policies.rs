//! Backup policies: read, write, attach.

use axum::{
    Json,
    http::{HeaderMap, StatusCode, header::LOCATION},
    response::{IntoResponse, Response},
};
use model::{
    Failure, PolicyId, TargetId,
    change::ChangeSet as Change,
    policies::{PolicyDetail, PolicyDraft, PolicyQuery, PolicySummary},
};
use policy::problem::Severity;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};

use super::{
    answer::{Answer, Asked, Id, Problems, Refused, Sent, if_match, must_match, with_etag},
    caller::Api,
    changes::ChangeSet,
    page::Reference,
};

/// A row of the list.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct PolicyRow {
    pub id: String,
    pub name: String,
    pub description: String,
    /// False where the document was never read: then plans, errors and warnings say nothing.
    pub known: bool,
    pub plans: Vec<String>,
    /// Targets that it is attached to directly, as far as the owner of the token may see them; `null` where they were never read.
    pub targets: Option<u64>,
    /// Whether it is attached to others as well.
    pub attached_elsewhere: bool,
    /// Accounts that it reaches.
    pub accounts: Option<u64>,
    pub errors: u64,
    pub warnings: u64,
}

impl From<PolicySummary> for PolicyRow {
    fn from(row: PolicySummary) -> Self {
        let known = |figure: u64| (!row.targets_unknown).then_some(figure);
        Self {
            targets: known(row.targets),
            accounts: known(row.accounts),
            id: row.id.to_string(),
            name: row.name,
            description: row.description,
            known: !row.unknown,
            plans: row.plans,
            attached_elsewhere: row.attached_elsewhere,
            errors: row.errors,
            warnings: row.warnings,
        }
    }
}

/// All policies that match.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct Policies {
    pub items: Vec<PolicyRow>,
}

/// Which policies.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Part of a name, id, description or plan.
    #[serde(default)]
    #[param(max_length = 200)]
    q: String,
    /// Only those that are attached, or are not.
    attached: Option<bool>,
}

/// Backup policies, by name
#[utoipa::path(get, path = "/policies", operation_id = "policies", tag = "Policies", params(Wanted), responses((status = 200, body = Policies), Problems))]
pub async fn list(
    Api { portal, caller }: Api,
    Asked(Wanted { q, attached }): Asked<Wanted>,
) -> Answer<Json<Policies>> {
    let attached = match attached {
        None => "",
        Some(true) => "attached",
        Some(false) => "unattached",
    };
    let rows = portal.list_policies(&caller, &PolicyQuery { q, attached: attached.to_owned() }).await?;
    Ok(Json(Policies { items: rows.into_iter().map(PolicyRow::from).collect() }))
}

/// A policy in full. Its ETag names name, description and document together.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct Policy {
    pub id: String,
    pub arn: String,
    pub name: String,
    pub description: String,
    /// The document exactly as AWS keeps it.
    pub document: String,
    /// Why document or targets could not be read when the rest was: then they are older ones.
    pub unread: Option<String>,
    /// As far as the owner of the token may see them.
    pub targets: Vec<Reference>,
    pub attached_elsewhere: bool,
    pub accounts: u64,
    /// What our checks find in it.
    pub problems: Vec<Finding>,
    #[serde(with = "time::serde::rfc3339")]
    pub read_at: OffsetDateTime,
}

/// What a check finds.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct Finding {
    /// `error` keeps a document from being saved; `warning` or `info`.
    pub severity: String,
    pub code: String,
    pub path: String,
    pub line: u32,
    pub column: u32,
    pub message: String,
    pub help: String,
}

impl From<policy::Problem> for Finding {
    fn from(problem: policy::Problem) -> Self {
        Self {
            severity: match problem.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "info",
            }
            .to_owned(),
            code: problem.code.into_owned(),
            path: problem.path,
            line: problem.line,
            column: problem.column,
            message: problem.message,
            help: problem.help,
        }
    }
}

impl From<PolicyDetail> for Policy {
    fn from(policy: PolicyDetail) -> Self {
        Self {
            id: policy.id.to_string(),
            arn: policy.arn,
            name: policy.name,
            description: policy.description,
            document: policy.content,
            unread: policy.unread.or(policy.targets_unread),
            targets: policy.targets.into_iter().map(|target| target.node.into()).collect(),
            attached_elsewhere: policy.attached_elsewhere,
            accounts: policy.accounts,
            problems: policy.problems.into_iter().map(Finding::from).collect(),
            read_at: policy.seen_at,
        }
    }
}

fn tagged(policy: PolicyDetail) -> Response {
    with_etag(&policy.fingerprint(), Policy::from(policy))
}

/// One policy
#[utoipa::path(get, path = "/policies/{id}", operation_id = "policy", tag = "Policies", params(("id" = String, Path, description = "`p-…`")), responses((status = 200, body = Policy, headers(("ETag" = String, description = "For `If-Match` of a change"))), Problems))]
pub async fn one(Api { portal, caller }: Api, Id(id): Id<PolicyId>) -> Answer<Response> {
    Ok(tagged(portal.policy(&caller, &id).await?))
}

/// What a policy is to be.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    pub name: String,
    #[serde(default)]
    pub description: String,
    /// The document as text, so that it is kept as it was written.
    pub document: String,
}

impl From<Draft> for PolicyDraft {
    fn from(Draft { name, description, document: content }: Draft) -> Self {
        Self { name, description, content }
    }
}

/// A policy that was made. It is read by itself: who may write need not be allowed to look.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct Made {
    pub id: String,
}

/// Create a policy
#[utoipa::path(post, path = "/policies", operation_id = "create_policy", tag = "Policies", request_body = Draft, responses((status = 201, body = Made, headers(("Location" = String))), Problems))]
pub async fn create(Api { portal, caller }: Api, Sent(draft): Sent<Draft>) -> Answer<Response> {
    let id = portal.create_policy(&caller, draft.into()).await?;
    let at = [(LOCATION, format!("/api/v1/policies/{id}"))];
    Ok((StatusCode::CREATED, at, Json(Made { id: id.to_string() })).into_response())
}

/// Change a policy that was read before
#[utoipa::path(put, path = "/policies/{id}", operation_id = "update_policy", tag = "Policies", params(("id" = String, Path, description = "`p-…`"), ("If-Match" = String, Header, description = "The ETag that was read")), request_body = Draft, responses((status = 200, body = Policy, headers(("ETag" = String))), Problems))]
pub async fn update(
    Api { portal, caller }: Api,
    Id(id): Id<PolicyId>,
    headers: HeaderMap,
    Sent(draft): Sent<Draft>,
) -> Answer<Response> {
    let opened = must_match(&headers)?;
    Ok(tagged(portal.update_policy(&caller, &id, &opened, draft.into()).await?))
}

/// Delete a policy that is attached nowhere
#[utoipa::path(delete, path = "/policies/{id}", operation_id = "delete_policy", tag = "Policies", params(("id" = String, Path, description = "`p-…`"), ("If-Match" = Option<String>, Header, description = "The ETag that was read")), responses((status = 204, description = "It is deleted"), Problems))]
pub async fn delete(
    Api { portal, caller }: Api,
    Id(id): Id<PolicyId>,
    headers: HeaderMap,
) -> Answer<StatusCode> {
    match if_match(&headers)? {
        Some(read) => portal.delete_policy_as_read(&caller, &id, &read).await?,
        None => portal.delete_policy(&caller, &id).await?,
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Where a policy is attached or detached.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Places {
    /// Ids of roots, OUs and accounts.
    #[schema(min_items = 1)]
    pub targets: Vec<String>,
}

impl Places {
    fn ids(&self) -> Answer<Vec<TargetId>> {
        let id = |text: &String| {
            text.parse().map_err(|error: model::IdError| {
                Refused::from(Failure::invalid("targets", format!("{error}.")))
            })
        };
        self.targets.iter().map(id).collect()
    }
}

fn changed(change: Change) -> Response {
    let status = if change.state.is_open() { StatusCode::ACCEPTED } else { StatusCode::OK };
    (status, Json(ChangeSet::from(change))).into_response()
}

/// Attach a policy
#[utoipa::path(post, path = "/policies/{id}/attach", operation_id = "attach_policy", tag = "Policies", params(("id" = String, Path, description = "`p-…`")), request_body = Places, responses((status = 200, body = ChangeSet), (status = 202, body = ChangeSet, description = "It goes on"), Problems))]
pub async fn attach(
    Api { portal, caller }: Api,
    Id(id): Id<PolicyId>,
    Sent(places): Sent<Places>,
) -> Answer<Response> {
    Ok(changed(portal.attach_policy(&caller, &id, &places.ids()?).await?))
}

/// Detach a policy
#[utoipa::path(post, path = "/policies/{id}/detach", operation_id = "detach_policy", tag = "Policies", params(("id" = String, Path, description = "`p-…`")), request_body = Places, responses((status = 200, body = ChangeSet), (status = 202, body = ChangeSet, description = "It goes on"), Problems))]
pub async fn detach(
    Api { portal, caller }: Api,
    Id(id): Id<PolicyId>,
    Sent(places): Sent<Places>,
) -> Answer<Response> {
    Ok(changed(portal.detach_policy(&caller, &id, &places.ids()?).await?))
}
