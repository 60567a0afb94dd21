//! `/api/v1`: the use cases of the pages for programs. A handler says who asks, asks the use case, and answers in shapes of
//! its own, so that pages may change without breaking programs. The OpenAPI document is made from the same lines.

pub(crate) mod answer;
pub(crate) mod audit;
mod caller;
pub(crate) mod changes;
pub(crate) mod delegation;
pub(crate) mod device;
pub(crate) mod events;
pub(crate) mod features;
pub(crate) mod jobs;
mod limit;
pub(crate) mod me;
mod openapi;
pub(crate) mod organization;
pub(crate) mod page;
pub(crate) mod policies;
pub(crate) mod regions;
pub(crate) mod settings;

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
    let routes = with_token()
        .layer(from_fn_with_state(parts.budgets.clone(), limit::limit))
        .layer(from_fn_with_state(parts.clone(), caller::identify));
    // Whoever has no token yet.
    let open = for_everybody().layer(from_fn_with_state(parts.clone(), caller::locate));
    let (routes, _) = routes.merge(open).split_for_parts();
    let document = openapi::written(&document());
    Router::new()
        .nest(V1, routes.fallback(answer::no_such_operation))
        .route("/api/v1/openapi.json", get(move || openapi::serve(document.clone())))
}

/// The OpenAPI document of all operations.
#[must_use]
pub fn document() -> OpenApi {
    let (_, operations) = with_token().merge(for_everybody()).split_for_parts();
    openapi::complete(operations, V1)
}

/// What asks for a token.
fn for_everybody() -> OpenApiRouter<Parts> {
    OpenApiRouter::new().routes(routes!(device::begin)).routes(routes!(device::ask))
}

/// What a token opens: each route, and what it says of itself.
fn with_token() -> OpenApiRouter<Parts> {
    OpenApiRouter::new()
        .routes(routes!(me::me))
        .routes(routes!(device::end))
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
        .routes(routes!(audit::export))
        .routes(routes!(settings::list))
        .routes(routes!(settings::turn))
        .routes(routes!(regions::list))
        .routes(routes!(regions::turn))
        .routes(routes!(delegation::delegation))
        .routes(routes!(delegation::register, delegation::remove))
        .routes(routes!(delegation::put_policy))
        .routes(routes!(features::all_features, features::take_step))
        .routes(routes!(organization::sync))
}
