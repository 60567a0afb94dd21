//! What Holdfast can do with what directories tell: they read it before they begin.

use axum::{
    Extension,
    extract::{Path, Query, State},
    http::{Method, StatusCode},
    response::Response,
    routing::{MethodRouter, get},
};
use model::paths;
use portal::{
    Portal,
    provisioning::{MOST_RESOURCES, ProvisioningClient, ProvisioningRefusal, ResourceKind},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::{body, error, listed, refused};
use crate::{config::Web, state::Parts};

/// As [`super::handlers`] has them.
pub fn handlers() -> Vec<(Method, String, MethodRouter<Parts>)> {
    let row = |path: &str, handler| (Method::GET, path.to_owned(), handler);
    vec![
        row("ServiceProviderConfig", get(config)),
        row("ResourceTypes", get(resource_types)),
        row("ResourceTypes/{name}", get(resource_type)),
        row("Schemas", get(schemas)),
        row("Schemas/{id}", get(schema)),
    ]
}

fn address(web: &Web, rest: &str) -> String {
    format!("{}{}/{rest}", web.url, paths::SCIM)
}

/// `GET /scim/v2/ServiceProviderConfig`
async fn config(State(web): State<Web>) -> Response {
    let (yes, no) = (json!({"supported": true}), json!({"supported": false}));
    let config = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "patch": yes,
        "bulk": {"supported": false, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": true, "maxResults": MOST_RESOURCES},
        "changePassword": no,
        "sort": no,
        "etag": yes,
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": "Bearer token",
            "description": "A token from the file of identity providers.",
            "primary": true,
        }],
        "meta": {
            "resourceType": "ServiceProviderConfig",
            "location": address(&web, "ServiceProviderConfig"),
        },
    });
    body(StatusCode::OK, &config)
}

/// A filter must not be left out of what is looked at (RFC 7644, 4).
#[derive(Default, Deserialize)]
#[serde(default)]
struct Unfiltered {
    filter: String,
}

fn all(query: &Unfiltered, described: Vec<Value>) -> Response {
    if query.filter.is_empty() {
        let total = i64::try_from(described.len()).unwrap_or(i64::MAX);
        return listed(total, 1, described);
    }
    error(StatusCode::FORBIDDEN, None, "This list is not filtered.")
}

fn kinds(portal: &Portal, client: &ProvisioningClient) -> Vec<ResourceKind> {
    ResourceKind::ALL.into_iter().filter(|kind| portal.provisions(client, *kind)).collect()
}

fn type_of(web: &Web, kind: ResourceKind) -> Value {
    kind.resource_type(&address(web, &format!("ResourceTypes/{}", kind.name())))
}

fn schema_of(web: &Web, kind: ResourceKind) -> Value {
    kind.described(&address(web, &format!("Schemas/{}", kind.schema())))
}

/// `GET /scim/v2/ResourceTypes`
async fn resource_types(
    State(portal): State<Portal>,
    State(web): State<Web>,
    Extension(client): Extension<ProvisioningClient>,
    Query(query): Query<Unfiltered>,
) -> Response {
    all(&query, kinds(&portal, &client).into_iter().map(|kind| type_of(&web, kind)).collect())
}

/// `GET /scim/v2/ResourceTypes/{name}`
async fn resource_type(
    State(portal): State<Portal>,
    State(web): State<Web>,
    Extension(client): Extension<ProvisioningClient>,
    Path(name): Path<String>,
) -> Response {
    let kind = kinds(&portal, &client).into_iter().find(|kind| kind.name() == name);
    let found = kind.map(|kind| body(StatusCode::OK, &type_of(&web, kind)));
    found.unwrap_or_else(|| refused(ProvisioningRefusal::NotFound))
}

/// `GET /scim/v2/Schemas`
async fn schemas(
    State(portal): State<Portal>,
    State(web): State<Web>,
    Extension(client): Extension<ProvisioningClient>,
    Query(query): Query<Unfiltered>,
) -> Response {
    all(&query, kinds(&portal, &client).into_iter().map(|kind| schema_of(&web, kind)).collect())
}

/// `GET /scim/v2/Schemas/{id}`
async fn schema(
    State(portal): State<Portal>,
    State(web): State<Web>,
    Extension(client): Extension<ProvisioningClient>,
    Path(id): Path<String>,
) -> Response {
    let kind = kinds(&portal, &client).into_iter().find(|kind| kind.schema() == id);
    let found = kind.map(|kind| body(StatusCode::OK, &schema_of(&web, kind)));
    found.unwrap_or_else(|| refused(ProvisioningRefusal::NotFound))
}
