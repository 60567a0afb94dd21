//! SCIM 2.0 (RFC 7644): what directories tell of people and groups, under a bearer token and without a session.

mod about;
mod answer;
pub mod error;

use axum::{
    Extension, Router,
    body::Bytes,
    extract::{FromRequestParts, Path, Query, Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{MethodRouter, any, delete, get, patch, post, put},
};
use model::{FailureCode, paths};
use portal::{
    Portal, Visitor,
    provisioning::{
        PatchRequest, ProvisionedResource, ProvisioningClient, ProvisioningRefusal, ResourceKind,
        ResourceQuery, etag,
    },
};
use serde::{Deserialize, de::DeserializeOwned};

use crate::{
    auth::{address::Address, bearer::bearer},
    problem::{self, Asker},
    state::Parts,
};
use answer::{listed, no_content, refused, shown};

/// What can be asked: with the method and, below the base, the path of each.
fn handlers() -> Vec<(Method, String, MethodRouter<Parts>)> {
    let mut handlers = about::handlers();
    for kind in ResourceKind::ALL {
        let all = kind.endpoint().to_owned();
        let one = format!("{all}/{{id}}");
        handlers.extend([
            (Method::GET, all.clone(), get(list)),
            (Method::POST, all, post(create)),
            (Method::GET, one.clone(), get(read)),
            (Method::PUT, one.clone(), put(replace)),
            (Method::PATCH, one.clone(), patch(change)),
            (Method::DELETE, one, delete(remove)),
        ]);
    }
    handlers
}

/// Method and path of all that directories can ask; parts that vary stand in braces.
#[must_use]
pub fn operations() -> Vec<(Method, String)> {
    handlers().into_iter().map(|(method, path, _)| (method, format!("{}/{path}", paths::SCIM))).collect()
}

/// The routes, each behind the token.
pub fn routes(parts: &Parts) -> Router<Parts> {
    let add = |routes: Router<Parts>, (_, path, handler): (Method, String, MethodRouter<Parts>)| {
        routes.route(&format!("{}/{path}", paths::SCIM), handler)
    };
    handlers()
        .into_iter()
        .fold(Router::new(), add)
        .method_not_allowed_fallback(no_such_method)
        .route(&format!("{}/{{*rest}}", paths::SCIM), any(nothing_here))
        .layer(from_fn_with_state(parts.clone(), client))
}

/// Asks for the token, and puts the directory that it is of beside the request.
async fn client(State(parts): State<Parts>, mut request: Request, next: Next) -> Response {
    if !parts.schema.is_ready() {
        return problem::answer(&Asker::Directory, FailureCode::DatabaseUnavailable.into());
    }
    let Address(from) = Address::of(request.headers(), request.extensions(), &parts.web);
    let token = bearer(request.headers()).map(str::to_owned);
    let base = format!("{}{}", parts.web.url, paths::SCIM);
    match parts.portal.provisioning_client(token.as_deref(), &base, Visitor::from(from.as_str())).await {
        Ok(client) => {
            request.extensions_mut().insert(client);
            next.run(request).await
        }
        Err(refusal) => refused(refusal),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ListParameters {
    filter: String,
    start_index: Option<i64>,
    count: Option<i64>,
    attributes: String,
    excluded_attributes: String,
}

/// Which attributes are asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Projection {
    attributes: String,
    excluded_attributes: String,
}

impl Projection {
    fn of(&self, resource: &ProvisionedResource) -> serde_json::Value {
        portal::provisioning::project(&resource.shown, &self.attributes, &self.excluded_attributes)
    }
}

type Parameters<T> = Result<Query<T>, axum::extract::rejection::QueryRejection>;

fn parameters<T>(query: Parameters<T>) -> Result<T, ProvisioningRefusal> {
    query.map(|Query(query)| query).map_err(|_| ProvisioningRefusal::syntax("The query cannot be read."))
}

/// The portal, the directory that asks, and the kind of resource that the address is of.
struct Directory {
    portal: Portal,
    client: ProvisioningClient,
    kind: ResourceKind,
}

impl FromRequestParts<Parts> for Directory {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut http::request::Parts, state: &Parts) -> Result<Self, Response> {
        let client =
            Extension::from_request_parts(parts, state).await.map_err(IntoResponse::into_response)?;
        let rest = parts.uri.path().strip_prefix(paths::SCIM).unwrap_or_default();
        let group = rest.split('/').nth(1) == Some(ResourceKind::Group.endpoint());
        let kind = if group { ResourceKind::Group } else { ResourceKind::User };
        Ok(Self { portal: state.portal.clone(), client: client.0, kind })
    }
}

/// `GET /scim/v2/Users`, `GET /scim/v2/Groups`
async fn list(Directory { portal, client, kind }: Directory, query: Parameters<ListParameters>) -> Response {
    let listing = async {
        let ListParameters { filter, start_index, count, attributes, excluded_attributes } =
            parameters(query)?;
        let projection = Projection { attributes, excluded_attributes };
        let query = ResourceQuery { filter, start: start_index, count };
        let page = portal.provisioned_resources(&client, kind, &query).await?;
        let resources = page.resources.iter().map(|resource| projection.of(resource)).collect();
        Ok(listed(page.total, page.start, resources))
    };
    listing.await.unwrap_or_else(refused)
}

/// `GET /scim/v2/Users/{id}`, `GET /scim/v2/Groups/{id}`
async fn read(
    Directory { portal, client, kind }: Directory,
    Path(id): Path<String>,
    headers: HeaderMap,
    query: Parameters<Projection>,
) -> Response {
    let reading = async {
        let projection = parameters(query)?;
        let resource = portal.provisioned_resource(&client, kind, &id).await?;
        let known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| names(known, resource.version));
        if known {
            return Ok(StatusCode::NOT_MODIFIED.into_response());
        }
        Ok(shown(StatusCode::OK, &resource, projection.of(&resource)))
    };
    reading.await.unwrap_or_else(refused)
}

/// `POST /scim/v2/Users`, `POST /scim/v2/Groups`
async fn create(
    Directory { portal, client, kind }: Directory,
    headers: HeaderMap,
    query: Parameters<Projection>,
    body: Bytes,
) -> Response {
    let creating = async {
        let (projection, resource) = (parameters(query)?, json(&headers, &body)?);
        let resource = portal.provision(&client, kind, &resource).await?;
        Ok(shown(StatusCode::CREATED, &resource, projection.of(&resource)))
    };
    creating.await.unwrap_or_else(refused)
}

/// `PUT /scim/v2/Users/{id}`, `PUT /scim/v2/Groups/{id}`
async fn replace(
    Directory { portal, client, kind }: Directory,
    Path(id): Path<String>,
    headers: HeaderMap,
    query: Parameters<Projection>,
    body: Bytes,
) -> Response {
    let replacing = async {
        let (projection, resource) = (parameters(query)?, json(&headers, &body)?);
        let expected = expected(&headers)?;
        let resource = portal.replace_provisioned(&client, (kind, &id), expected, &resource).await?;
        Ok(shown(StatusCode::OK, &resource, projection.of(&resource)))
    };
    replacing.await.unwrap_or_else(refused)
}

/// `PATCH /scim/v2/Users/{id}`, `PATCH /scim/v2/Groups/{id}`
async fn change(
    Directory { portal, client, kind }: Directory,
    Path(id): Path<String>,
    headers: HeaderMap,
    query: Parameters<Projection>,
    body: Bytes,
) -> Response {
    let changing = async {
        let (projection, request) = (parameters(query)?, json::<PatchRequest>(&headers, &body)?);
        let expected = expected(&headers)?;
        let resource = portal.patch_provisioned(&client, (kind, &id), expected, &request).await?;
        Ok(shown(StatusCode::OK, &resource, projection.of(&resource)))
    };
    changing.await.unwrap_or_else(refused)
}

/// `DELETE /scim/v2/Users/{id}`, `DELETE /scim/v2/Groups/{id}`
async fn remove(
    Directory { portal, client, kind }: Directory,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let removing = async {
        let expected = expected(&headers)?;
        portal.remove_provisioned(&client, (kind, &id), expected).await?;
        Ok(no_content())
    };
    removing.await.unwrap_or_else(refused)
}

async fn no_such_method(method: Method) -> Response {
    answer::error(StatusCode::METHOD_NOT_ALLOWED, None, &format!("{method} is not taken here."))
}

async fn nothing_here() -> Response {
    refused(ProvisioningRefusal::NotFound)
}

/// What was sent as JSON, under either content type.
fn json<T: DeserializeOwned>(headers: &HeaderMap, body: &Bytes) -> Result<T, ProvisioningRefusal> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if ![error::SCIM_JSON, "application/json"].iter().any(|taken| kind.eq_ignore_ascii_case(taken)) {
        return Err(ProvisioningRefusal::syntax("Send it as application/scim+json."));
    }
    serde_json::from_slice(body)
        .map_err(|error| ProvisioningRefusal::syntax(format!("It cannot be read: {error}.")))
}

/// The version that a change is for, where it says.
fn expected(headers: &HeaderMap) -> Result<Option<i64>, ProvisioningRefusal> {
    let Some(value) = headers.get(header::IF_MATCH).and_then(|value| value.to_str().ok()) else {
        return Ok(None);
    };
    let digits = value.trim().trim_start_matches("W/").trim_matches('"');
    match digits {
        "*" => Ok(None),
        digits => digits.parse().map(Some).map_err(|_| ProvisioningRefusal::Stale),
    }
}

fn names(header: &header::HeaderValue, version: i64) -> bool {
    let value = header.to_str().unwrap_or_default();
    value.split(',').any(|tag| tag.trim() == "*" || tag.trim() == etag(version))
}
