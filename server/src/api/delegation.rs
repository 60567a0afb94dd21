//! Delegated administrators of AWS Backup: the registered accounts, and the organization's resource policy.

use axum::{Json, http::StatusCode};
use model::{
    AccountId,
    settings::delegation::{DelegatedAdministrator, Delegation as Found, Granted, ResourcePolicy as Policy},
};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::{
    answer::{Answer, Id, Problems, Sent},
    caller::Api,
    page::Reference,
};

/// Both halves of delegation.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct Delegation {
    /// Accounts that are registered, or that the resource policy names.
    pub items: Vec<Administrator>,
    /// Why the registered accounts could not be read; then there may be more than are listed. `null` where they were.
    pub problem: Option<String>,
    pub resource_policy: ResourcePolicy,
}

/// An account with at least one of the two halves.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct Administrator {
    pub account: Reference,
    /// Whether it is registered for AWS Backup.
    pub registered: bool,
    /// Since when, where AWS says so.
    #[serde(with = "time::serde::rfc3339::option")]
    pub since: Option<OffsetDateTime>,
    /// What the resource policy lets it do with backup policies: `all`, `part`, `nothing`, or `unknown`.
    pub granted: String,
    /// What it lacks of `all`, as `organizations:AttachPolicy`.
    pub missing: Vec<String>,
}

impl From<DelegatedAdministrator> for Administrator {
    fn from(found: DelegatedAdministrator) -> Self {
        let (granted, missing) = match found.granted {
            Granted::All => ("all", Vec::new()),
            Granted::Part { missing } => ("part", missing),
            Granted::Nothing => ("nothing", Vec::new()),
            Granted::Unknown => ("unknown", Vec::new()),
        };
        Self {
            account: Reference { id: found.account.to_string(), name: found.name },
            registered: found.registered,
            since: found.since,
            granted: granted.to_owned(),
            missing,
        }
    }
}

/// The organization's resource policy, and what it should be.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct ResourcePolicy {
    /// `known`, `not_available` or `unknown`.
    pub state: String,
    /// Why it is not known; `null` where it is.
    pub problem: Option<String>,
    /// As AWS has it, empty where there is none; `null` where it is not known.
    pub current: Option<String>,
    /// With statements for the registered accounts, empty where it should be deleted; `null` where that is not known.
    pub proposed: Option<String>,
}

impl From<Policy> for ResourcePolicy {
    fn from(policy: Policy) -> Self {
        let (state, problem, known) = match policy {
            Policy::Known { current, proposed } => ("known", None, Some((current, proposed))),
            Policy::NotAvailable => ("not_available", None, None),
            Policy::Unknown { reason } => ("unknown", Some(reason), None),
        };
        let (current, proposed) = known.unzip();
        Self { state: state.to_owned(), problem, current, proposed }
    }
}

impl From<Found> for Delegation {
    fn from(Found { administrators, problem, policy }: Found) -> Self {
        let items = administrators.into_iter().map(Administrator::from).collect();
        Self { items, problem, resource_policy: policy.into() }
    }
}

/// Delegated administrators and the resource policy, asked from AWS now
#[utoipa::path(get, path = "/settings/delegation", operation_id = "delegation", tag = "Settings", responses((status = 200, body = Delegation), Problems))]
pub async fn delegation(Api { portal, caller }: Api) -> Answer<Json<Delegation>> {
    Ok(Json(portal.settings(&caller).await?.delegation.into()))
}

/// Register an account as delegated administrator
#[utoipa::path(put, path = "/settings/delegation/{account}", operation_id = "register_administrator", tag = "Settings", params(("account" = String, Path, description = "Twelve digits")), responses((status = 204, description = "It is registered"), Problems))]
pub async fn register(Api { portal, caller }: Api, Id(account): Id<AccountId>) -> Answer<StatusCode> {
    portal.register_delegated_administrator(&caller, account).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take from an account to be delegated administrator
#[utoipa::path(delete, path = "/settings/delegation/{account}", operation_id = "remove_administrator", tag = "Settings", params(("account" = String, Path, description = "Twelve digits")), responses((status = 204, description = "It is removed"), Problems))]
pub async fn remove(Api { portal, caller }: Api, Id(account): Id<AccountId>) -> Answer<StatusCode> {
    portal.remove_delegated_administrator(&caller, account).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The resource policy as it was read, and as it is to be.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutPolicy {
    /// `current` of the delegation that was read: if AWS has another by now, nothing is written.
    pub current: String,
    /// Empty where it is to be deleted.
    pub proposed: String,
}

/// Put the organization's resource policy
#[utoipa::path(put, path = "/settings/resource-policy", operation_id = "put_resource_policy", tag = "Settings", request_body = PutPolicy, responses((status = 204, description = "It is put"), Problems))]
pub async fn put_policy(
    Api { portal, caller }: Api,
    Sent(PutPolicy { current, proposed }): Sent<PutPolicy>,
) -> Answer<StatusCode> {
    portal.put_resource_policy(&caller, &current, &proposed).await?;
    Ok(StatusCode::NO_CONTENT)
}
