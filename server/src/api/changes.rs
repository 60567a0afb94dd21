//! Change sets: what was asked of AWS, step by step.

use axum::Json;
use model::{
    change::{ChangeId, ChangeSet as Change, Step as ChangeStep},
    failure::Explanation,
};
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::{
    answer::{Answer, Id, Problems},
    caller::Api,
    page::Reference,
};

/// What somebody asked Holdfast to change in AWS.
#[derive(Serialize, ToSchema)]
pub struct ChangeSet {
    id: i64,
    title: String,
    asked_by: String,
    #[serde(with = "time::serde::rfc3339")]
    asked_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    ended_at: Option<OffsetDateTime>,
    /// `running`, `settling`, `done` or `stopped`.
    state: String,
    steps: Vec<Step>,
    /// Steps at places that whoever asks may not see, beside these.
    steps_elsewhere: u64,
}

/// One step of it.
#[derive(Serialize, ToSchema)]
pub struct Step {
    /// As in the audit list.
    action: String,
    subject: Reference,
    target: Option<Reference>,
    /// `waiting`, `sent`, `done`, `failed` or `unknown`: sent, and not known what came of it.
    state: String,
    /// Why it is not done, or not known.
    problem: Option<String>,
    /// AWS's id of the decisive call.
    request_id: Option<String>,
}

impl From<ChangeStep> for Step {
    fn from(step: ChangeStep) -> Self {
        let words = |Explanation { title, text }| format!("{title}. {text}");
        Self {
            action: step.action.as_str().to_owned(),
            subject: step.subject.into(),
            target: step.target.map(Reference::from),
            state: step.state.as_str().to_owned(),
            problem: step.failure.map(|failure| words(failure.explain())),
            request_id: step.request_id,
        }
    }
}

impl From<Change> for ChangeSet {
    fn from(change: Change) -> Self {
        Self {
            id: change.id.0,
            title: change.title,
            asked_by: change.asked_by,
            asked_at: change.asked_at,
            ended_at: change.ended_at,
            state: change.state.as_str().to_owned(),
            steps_elsewhere: change.elsewhere,
            steps: change.steps.into_iter().map(Step::from).collect(),
        }
    }
}

/// The newest change sets.
#[derive(Serialize, ToSchema)]
pub struct ChangeSets {
    /// Newest first.
    items: Vec<ChangeSet>,
}

/// The newest change sets
#[utoipa::path(get, path = "/changes", operation_id = "changes", tag = "Changes", responses((status = 200, body = ChangeSets), Problems))]
pub async fn list(Api { portal, caller }: Api) -> Answer<Json<ChangeSets>> {
    let changes = portal.changes(&caller).await?;
    Ok(Json(ChangeSets { items: changes.into_iter().map(ChangeSet::from).collect() }))
}

/// One change set
#[utoipa::path(get, path = "/changes/{id}", operation_id = "change", tag = "Changes", params(("id" = i64, Path)), responses((status = 200, body = ChangeSet), Problems))]
pub async fn one(Api { portal, caller }: Api, Id(id): Id<i64>) -> Answer<Json<ChangeSet>> {
    Ok(Json(portal.change(&caller, ChangeId(id)).await?.into()))
}
