//! The OpenAPI document.

use axum::{body::Bytes, http::header::CONTENT_TYPE, response::IntoResponse};
use utoipa::PartialSchema;
use utoipa::openapi::{
    Info, OpenApi, SecurityRequirement,
    security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    server::ServerBuilder,
};

use super::answer::Problem;

const ABOUT: &str = "What Holdfast knows and does, for programs. Send a token as `Authorization: Bearer hf_…`. Lists come in \
    pages: `next` of an answer is the `cursor` of the next page. Every failure is `application/problem+json`. `RateLimit-Limit`, \
    `RateLimit-Remaining` and `RateLimit-Reset` (seconds) come with each answer.";

/// Adds what no single operation says.
pub fn complete(mut operations: OpenApi, prefix: &str) -> OpenApi {
    operations.info =
        Info::builder().title("Holdfast").version(env!("CARGO_PKG_VERSION")).description(Some(ABOUT)).build();
    operations.servers = Some(vec![ServerBuilder::new().url(prefix).build()]);
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("hf_…").build();
    let components = operations.components.get_or_insert_default();
    components.add_security_scheme("token", SecurityScheme::Http(bearer));
    // Answers refer to it, and bring nothing along.
    components.schemas.insert("Problem".to_owned(), Problem::schema());
    operations.security = Some(vec![SecurityRequirement::new("token", Vec::<String>::new())]);
    operations
}

/// The document as it is served: written once, since anybody may ask for it.
pub fn written(document: &OpenApi) -> Bytes {
    serde_json::to_vec(document).unwrap_or_default().into()
}

pub async fn serve(document: Bytes) -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], document)
}
