//! Exports of attachments as files.

use axum::{
    Extension,
    extract::{Path, Request, State},
    http::header::{CACHE_CONTROL, CONTENT_DISPOSITION},
    response::{IntoResponse, Json, Response},
};
use portal::{Caller, Portal};

use crate::problem::{self, Asker};

/// `GET /settings/attachments/{id}`: an export as JSON, to be kept.
pub async fn attachment_export(
    State(portal): State<Portal>,
    Path(id): Path<i64>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Response {
    match portal.attachment_export(&caller, id).await {
        Ok(export) => {
            let name = format!("attachment; filename=\"holdfast-attachments-{id}.json\"");
            ([(CONTENT_DISPOSITION, name), (CACHE_CONTROL, "no-store".to_owned())], Json(export))
                .into_response()
        }
        Err(error) => problem::answer(&Asker::of(&request), error.into_failure()),
    }
}
