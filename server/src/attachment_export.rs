//! Exports of attachments as files.

use axum::{
    Extension,
    extract::{Path, Request, State, rejection::PathRejection},
    http::header::{CACHE_CONTROL, CONTENT_DISPOSITION},
    response::{IntoResponse, Json, Response},
};
use model::FailureCode;
use portal::{Caller, Portal};

use crate::problem::{self, Asker};

/// `GET /settings/attachments/{id}`: an export as JSON, to be kept.
pub async fn attachment_export(
    State(portal): State<Portal>,
    id: Result<Path<i64>, PathRejection>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Response {
    let Ok(Path(id)) = id else {
        let nothing = FailureCode::NotFound { what: "export".to_owned() };
        return problem::answer(&Asker::of(&request), nothing.into());
    };
    match portal.attachment_export(&caller, id).await {
        Ok(export) => {
            let name = format!("attachment; filename=\"holdfast-attachments-{id}.json\"");
            ([(CONTENT_DISPOSITION, name), (CACHE_CONTROL, "no-store".to_owned())], Json(export))
                .into_response()
        }
        Err(error) => problem::answer(&Asker::of(&request), error.into_failure()),
    }
}
