//! `/api/v1`: the use cases of the pages for programs. A handler says who asks, asks the use case, and answers in shapes of
//! its own, so that pages may change without breaking programs. The OpenAPI document is made from the same lines.

mod answer;
mod audit;
mod caller;
mod changes;
mod events;
mod jobs;
mod limit;
mod me;
mod openapi;
mod organization;
mod page;
mod policies;
mod settings;

use axum::{Router, middleware::from_fn_with_state, routing::get};
use utoipa::openapi::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::state::Parts;

pub use limit::Budgets;

/// Where the API lies.
pub const PREFIX: &str = "/api/";
const V1: &str = "/api/v1";

/// The routes, with who may come in.
pub fn router(parts: &Parts) -> Router<Parts> {
    let (routes, document) = described();
    let document = openapi::written(&document);
    let routes = routes
        .layer(from_fn_with_state(parts.budgets.clone(), limit::limit))
        .layer(from_fn_with_state(parts.clone(), caller::identify));
    Router::new()
        .nest(V1, routes.fallback(answer::no_such_operation))
        .route("/api/v1/openapi.json", get(move || openapi::serve(document.clone())))
}

/// The OpenAPI document of all operations.
#[must_use]
pub fn document() -> OpenApi {
    described().1
}

/// Each route, and what it says of itself.
fn described() -> (Router<Parts>, OpenApi) {
    let all = OpenApiRouter::new()
        .routes(routes!(me::me))
        .routes(routes!(organization::organization))
        .routes(routes!(organization::targets))
        .routes(routes!(organization::target))
        .routes(routes!(organization::effective_policy))
        .routes(routes!(policies::list, policies::create))
        .routes(routes!(policies::one, policies::update, policies::delete))
        .routes(routes!(policies::attach))
        .routes(routes!(policies::detach))
        .routes(routes!(changes::list))
        .routes(routes!(changes::one))
        .routes(routes!(jobs::list))
        .routes(routes!(jobs::one))
        .routes(routes!(events::list))
        .routes(routes!(audit::list))
        .routes(routes!(settings::list))
        .routes(routes!(settings::turn))
        .routes(routes!(organization::sync));
    let (routes, operations) = all.split_for_parts();
    (routes, openapi::complete(operations, V1))
}
