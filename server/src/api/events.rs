//! What changed in AWS outside Holdfast.

use axum::Json;
use model::event::{Event as Found, EventFilter};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};

use super::{
    answer::{Answer, Asked, Problems},
    caller::Api,
    page::{Listed, Reference},
};

/// Which of them.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
#[derive(Default)]
pub struct Wanted {
    /// As `policy_edited`; empty for all.
    kind: String,
    /// Part of the id or name of what changed, or of the target.
    subject: String,
    /// `next` of the page before.
    cursor: String,
}

/// A change that was found by comparing what AWS says with what it said before.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct Event {
    pub id: i64,
    /// It happened after this.
    #[serde(with = "time::serde::rfc3339")]
    pub since: OffsetDateTime,
    /// It happened before this: then it was seen.
    #[serde(with = "time::serde::rfc3339")]
    pub seen_at: OffsetDateTime,
    pub kind: String,
    pub subject: Reference,
    pub target: Option<Reference>,
    pub before: Option<String>,
    pub after: Option<String>,
    /// What an edited policy does other than before.
    pub changes: Vec<String>,
}

impl From<Found> for Event {
    fn from(event: Found) -> Self {
        let target = Reference { id: event.target, name: event.target_name };
        Self {
            id: event.id,
            since: event.since,
            seen_at: event.seen_at,
            kind: event.kind.as_str().to_owned(),
            subject: Reference { id: event.subject, name: event.subject_name },
            target: (!target.id.is_empty()).then_some(target),
            before: event.before,
            after: event.after,
            changes: event.changes,
        }
    }
}

/// What changed outside Holdfast, newest first
#[utoipa::path(get, path = "/events", operation_id = "events", tag = "Audit", params(Wanted), responses((status = 200, body = Listed<Event>), Problems))]
pub async fn list(
    Api { portal, caller }: Api,
    Asked(Wanted { kind, subject, cursor }): Asked<Wanted>,
) -> Answer<Json<Listed<Event>>> {
    let page = portal.events(&caller, &EventFilter { kind, subject, cursor }).await?;
    Ok(Json(Listed::of(page, Event::from)))
}
