//! The audit list as a file.

use std::io;

use axum::{
    Extension,
    body::Body,
    extract::{Query, Request, State, rejection::QueryRejection},
    http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use futures::stream;
use model::{Failure, FailureCode, audit::AuditFilter};
use portal::{
    Caller,
    audit::{AuditExport, ExportFormat},
};
use serde::Deserialize;
use time::macros::format_description;

use crate::{
    outside,
    problem::{self, Asker},
    state::Parts,
    streams::Counted,
};

/// The filter of the page, and how it is to be written.
#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    format: String,
    #[serde(flatten)]
    filter: AuditFilter,
}

/// `GET /audit/export`: all entries that the filter leaves. A file that breaks off was not sent whole: the connection ends
/// without its proper end then.
pub async fn audit_export(
    State(parts): State<Parts>,
    wanted: Result<Query<Wanted>, QueryRejection>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Response {
    let asker = Asker::of(&request);
    let wanted =
        wanted.ok().and_then(|Query(Wanted { format, filter })| Some((format.parse().ok()?, filter)));
    let Some((format, filter)) = wanted else {
        return problem::answer(&asker, Failure::invalid("format", "Choose csv or jsonl."));
    };
    let Some(counted) = parts.exports.open(caller.user_id()) else {
        let what = model::failure::Busy::Exports;
        return problem::answer(&asker, FailureCode::Busy { what }.into());
    };
    match parts.portal.export_audit(&caller, filter, format).await {
        Ok(export) => file(format, export, counted),
        Err(error) => problem::answer(&asker, error.into_failure()),
    }
}

/// The file, which is made while it is read.
pub fn file(format: ExportFormat, export: AuditExport, counted: Counted) -> Response {
    let now = format_description!("[year][month][day]T[hour][minute][second]Z");
    let now = outside::now().format(now).unwrap_or_default();
    let name = format!("attachment; filename=\"holdfast-audit-{now}.{}\"", format.as_str());
    let headers = [
        (CONTENT_DISPOSITION, name),
        (CONTENT_TYPE, format.media_type().to_owned()),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    let parts = stream::unfold(Some((export, counted)), |open| async {
        let (mut export, counted) = open?;
        match export.next().await {
            Ok(part) => Some((Ok(part?), Some((export, counted)))),
            Err(error) => Some((Err(io::Error::other(error.into_failure().explain().text)), None)),
        }
    });
    (headers, Body::from_stream(parts)).into_response()
}
