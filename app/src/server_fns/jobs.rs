//! Backup, copy and restore jobs of all accounts and Regions.

use leptos::prelude::*;
use model::job::{JobDetail, JobList};
use server_fn::codec::Json;

#[cfg(feature = "ssr")]
use crate::server_fns::ssr;
use crate::{error::AppError, wire::Answer};

/// A page of jobs. The filter is the page's query string, so that what is shown is what the address says.
///
/// # Errors
/// `Invalid` where a condition has a wrong value; else where the portal fails.
#[server(input = Json, output = Answer)]
pub async fn jobs(query: String) -> Result<JobList, AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.jobs(&caller, &ssr::job_filter(&query)?).await)
}

/// One job in full.
///
/// # Errors
/// Where the portal fails, or there is no such job.
#[server(input = Json, output = Answer)]
pub async fn job(kind: String, id: String) -> Result<JobDetail, AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.job(&caller, ssr::existing("job", &kind)?, &id).await)
}
