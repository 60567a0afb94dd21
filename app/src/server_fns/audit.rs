//! Who did what, and what others did in AWS.

use leptos::prelude::*;
use model::{
    Page,
    audit::{AuditEntry, AuditFilter, AuditListProof},
    event::{Event, EventFilter},
};
use server_fn::codec::Json;

#[cfg(feature = "ssr")]
use crate::server_fns::ssr;
use crate::{error::AppError, wire::Answer};

/// A page of the audit list, newest first.
///
/// # Errors
/// Where the caller may not read it, or the portal fails.
#[server(input = Json, output = Answer)]
pub async fn audit(filter: AuditFilter) -> Result<Page<AuditEntry>, AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.audit(&caller, &filter).await)
}

/// How the proof of the audit list stands.
///
/// # Errors
/// Where the caller may not read it, or the portal fails.
#[server(input = Json, output = Answer)]
pub async fn audit_proof() -> Result<Option<AuditListProof>, AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.audit_proof(&caller).await)
}

/// A page of what changed in AWS outside Holdfast, newest first.
///
/// # Errors
/// Where the caller may not read it, or the portal fails.
#[server(input = Json, output = Answer)]
pub async fn events(filter: EventFilter) -> Result<Page<Event>, AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.events(&caller, &filter).await)
}
