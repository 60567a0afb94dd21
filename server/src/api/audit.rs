//! Who did what through Holdfast.

use axum::{Json, extract::State, response::Response};
use model::{
    Failure, FailureCode,
    audit::{AuditEntry, AuditFilter},
    failure::Busy,
};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};

use super::{
    answer::{Answer, Asked, Problems, Refused},
    caller::Api,
    page::{Listed, Reference},
};
use crate::{audit_export, state::Parts};

/// Which entries.
#[derive(Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct Wanted {
    /// Part of the sign-in name of who did it.
    actor: String,
    /// As `policy_edited`; empty for all.
    action: String,
    /// Part of the id or name of what it was done to.
    target: String,
    /// From this moment on: `24h`, `7d`, a date, or a date and time.
    from: String,
    /// Before this moment.
    until: String,
    /// `next` of the page before.
    cursor: String,
}

/// What somebody did, and the newest that is known of what came of it.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct Entry {
    pub id: i64,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    pub actor: String,
    /// The first characters of the hash of their session, or `token:` and the number of a token.
    pub session: String,
    pub address: String,
    pub action: String,
    pub subject: Option<Reference>,
    pub target: Option<Reference>,
    /// The change set that it is a step of.
    pub change: Option<i64>,
    /// `begun`, `succeeded`, `failed` or `unknown`.
    pub outcome: String,
    /// AWS's ids of the decisive calls.
    pub request_ids: Vec<String>,
    /// What exactly was done, or why not, in words.
    pub detail: String,
}

impl From<AuditEntry> for Entry {
    fn from(entry: AuditEntry) -> Self {
        let subject = Reference::from(entry.subject);
        Self {
            id: entry.id,
            at: entry.at,
            actor: entry.actor,
            session: entry.session,
            address: entry.address,
            action: entry.action.as_str().to_owned(),
            subject: (!subject.id.is_empty() || !subject.name.is_empty()).then_some(subject),
            target: entry.target.map(Reference::from),
            change: entry.change.map(|change| change.0),
            outcome: entry.outcome.as_str().to_owned(),
            request_ids: entry.request_ids,
            detail: entry.detail.words(),
        }
    }
}

/// The audit list, newest first
#[utoipa::path(get, path = "/audit", operation_id = "audit", tag = "Audit", params(Wanted), responses((status = 200, body = Listed<Entry>), Problems))]
pub async fn list(
    Api { portal, caller }: Api,
    Asked(Wanted { actor, action, target, from, until, cursor }): Asked<Wanted>,
) -> Answer<Json<Listed<Entry>>> {
    let filter = AuditFilter { actor, action, target, from, until, cursor };
    Ok(Json(Listed::of(portal.audit(&caller, &filter).await?, Entry::from)))
}

/// Which entries, and how they are written.
#[derive(Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct WantedFile {
    /// `jsonl` or `csv`.
    format: String,
    /// Part of the sign-in name of who did it.
    actor: String,
    /// As `policy_edited`; empty for all.
    action: String,
    /// Part of the id or name of what it was done to.
    target: String,
    /// From this moment on: `24h`, `7d`, a date, or a date and time.
    from: String,
    /// Before this moment.
    until: String,
}

/// All entries as a file, which is made while it is read; one that breaks off was not sent whole
#[utoipa::path(get, path = "/audit/export", operation_id = "export_audit", tag = "Audit", params(WantedFile), responses((status = 200, description = "The file", content((String = "application/jsonl"), (String = "text/csv"))), Problems))]
pub async fn export(
    State(parts): State<Parts>,
    Api { portal, caller }: Api,
    Asked(WantedFile { format, actor, action, target, from, until }): Asked<WantedFile>,
) -> Answer<Response> {
    let no_format = || Refused::from(Failure::invalid("format", "Choose csv or jsonl."));
    let format = format.parse().map_err(|_| no_format())?;
    let counted = parts.exports.open(caller.user_id()).ok_or(FailureCode::Busy { what: Busy::Exports })?;
    let filter = AuditFilter { actor, action, target, from, until, cursor: String::new() };
    let export = portal.export_audit(&caller, filter, format).await?;
    Ok(audit_export::file(format, export, counted))
}
