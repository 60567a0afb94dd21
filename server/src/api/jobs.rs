//! Backup, copy and restore jobs.

use axum::{
    Json,
    extract::{Path, RawQuery},
};
use model::{
    FailureCode, FieldProblem, JobFilter, JobKind,
    job::{Job as WholeJob, JobDetail, JobRow, lists::JobListState},
};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};

use super::{
    answer::{Answer, Problems},
    caller::Api,
    page::{Count, Reference},
};

/// The filter of the jobs page. Values of one name may be repeated, or separated by commas: they are alternatives. A name that
/// is not one of these is refused: a misspelt condition would leave all jobs.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the document is made of it; the filter itself reads the query")]
pub struct Filter {
    /// `backup`, `copy` or `restore`.
    kind: Option<String>,
    /// As `failed` or `completed`.
    state: Option<String>,
    /// Twelve digits.
    account: Option<String>,
    /// Root or OU, with whatever is below it.
    ou: Option<String>,
    /// Resource type, as `EBS`.
    r#type: Option<String>,
    region: Option<String>,
    vault: Option<String>,
    /// AWS's message category, or `other`.
    cause: Option<String>,
    /// Made by an organization's backup policy: `yes` or `no`.
    policy: Option<String>,
    /// Created at or after: `24h`, `7d`, a date, or a date and time.
    from: Option<String>,
    /// Created before.
    until: Option<String>,
    /// A job id, or its first four characters or more.
    id: Option<String>,
    /// Part of a resource's name or ARN, a plan's or rule's name, or AWS's message.
    q: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Rows a page: 25, 50, 100 or 200.
    size: Option<String>,
}

/// A job.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct Job {
    pub kind: String,
    pub id: String,
    pub account: Reference,
    pub region: String,
    pub state: String,
    pub message: Option<String>,
    pub resource_type: Option<String>,
    /// Name, or the last part of the ARN.
    pub resource: String,
    pub vault: Option<String>,
    pub plan: Option<String>,
    pub rule: Option<String>,
    /// What made it, in words, as far as AWS tells.
    pub made_by: String,
    /// Whether a plan of an organization's backup policy made it.
    pub policy_made: bool,
    /// Bytes.
    pub size: Option<i64>,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    pub completed_at: Option<OffsetDateTime>,
}

impl From<JobRow> for Job {
    fn from(row: JobRow) -> Self {
        Self {
            made_by: row.creator().short(),
            kind: row.kind.as_str().to_owned(),
            id: row.id,
            account: Reference { id: row.account.to_string(), name: row.account_name },
            region: row.region,
            state: row.state.as_str().to_owned(),
            message: row.message,
            resource_type: row.resource_type,
            resource: row.resource,
            vault: row.vault,
            plan: row.plan_name,
            rule: row.rule_name,
            policy_made: row.policy_made,
            size: row.size,
            created_at: row.created_at,
            completed_at: row.completed_at,
        }
    }
}

/// Jobs in one state, under the filter without its states.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct StateCount {
    pub state: String,
    #[serde(flatten)]
    pub jobs: Count,
}

/// How AWS's list of one kind in one Region was read. What is not `read` may have jobs that are not shown.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct List {
    pub region: String,
    pub kind: String,
    /// How the last attempt ended: `read`, `untried`, `not_available`, `denied` or `failed`.
    pub outcome: String,
    /// When it was last read whole.
    #[serde(with = "time::serde::rfc3339::option")]
    pub read_at: Option<OffsetDateTime>,
    /// Jobs created before this are known.
    #[serde(with = "time::serde::rfc3339::option")]
    pub known_until: Option<OffsetDateTime>,
    pub problem: Option<String>,
}

impl From<JobListState> for List {
    fn from(list: JobListState) -> Self {
        Self {
            region: list.region,
            kind: list.kind.as_str().to_owned(),
            outcome: list.outcome.as_str().to_owned(),
            read_at: list.read_at,
            known_until: list.known_until,
            problem: list.problem,
        }
    }
}

/// A page of jobs, and what of AWS's lists was read.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct Jobs {
    pub items: Vec<Job>,
    pub total: Count,
    /// The `cursor` of the next page; `null` on the last one.
    pub next: Option<String>,
    pub by_state: Vec<StateCount>,
    pub lists: Vec<List>,
}

/// Jobs of all accounts and Regions, newest first
#[utoipa::path(get, path = "/jobs", operation_id = "jobs", tag = "Jobs", params(Filter), responses((status = 200, body = Jobs), Problems))]
pub async fn list(Api { portal, caller }: Api, RawQuery(query): RawQuery) -> Answer<Json<Jobs>> {
    let list = portal.jobs(&caller, &filter(query.as_deref().unwrap_or_default())?).await?;
    let states = list.by_state.into_iter();
    Ok(Json(Jobs {
        items: list.page.rows.into_iter().map(Job::from).collect(),
        total: list.page.total.into(),
        next: list.page.next,
        by_state: states
            .map(|(state, total)| StateCount { state: state.as_str().to_owned(), jobs: total.into() })
            .collect(),
        lists: list.cover.lists.into_iter().map(List::from).collect(),
    }))
}

fn filter(query: &str) -> Answer<JobFilter> {
    let (filter, mut problems) = JobFilter::from_query(query);
    for (name, _) in form_urlencoded::parse(query.as_bytes()) {
        if !JobFilter::NAMES.contains(&name.as_ref()) {
            let message = format!("There is no such condition; there are {}.", JobFilter::NAMES.join(", "));
            problems.push(FieldProblem { field: name.chars().take(80).collect(), message });
        }
    }
    if problems.is_empty() { Ok(filter) } else { Err(FailureCode::Invalid { fields: problems }.into()) }
}

/// A job in full.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct JobInFull {
    pub kind: String,
    pub id: String,
    pub account: Reference,
    pub region: String,
    pub state: String,
    pub message: Option<String>,
    pub message_category: Option<String>,
    pub resource_type: Option<String>,
    pub resource_arn: Option<String>,
    pub resource_name: Option<String>,
    pub vault_arn: Option<String>,
    pub source_vault_arn: Option<String>,
    pub recovery_point_arn: Option<String>,
    pub created_resource_arn: Option<String>,
    pub role_arn: Option<String>,
    pub plan_id: Option<String>,
    pub plan: Option<String>,
    pub rule_id: Option<String>,
    pub rule: Option<String>,
    pub made_by: String,
    pub policy_made: bool,
    pub parent_job_id: Option<String>,
    pub size: Option<i64>,
    pub percent: Option<u8>,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    pub completed_at: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339::option")]
    pub start_by: Option<OffsetDateTime>,
    /// Parent and children of a composite job, or the copies of a backup.
    pub related: Vec<Job>,
    /// When this was read from AWS.
    #[serde(with = "time::serde::rfc3339")]
    pub read_at: OffsetDateTime,
}

impl From<JobDetail> for JobInFull {
    fn from(detail: JobDetail) -> Self {
        let made_by = detail.job.creator().short();
        let JobDetail { job, account_name, related, seen_at, .. } = detail;
        let WholeJob { kind, account, state, .. } = job;
        Self {
            kind: kind.as_str().to_owned(),
            id: job.id,
            account: Reference { id: account.to_string(), name: account_name },
            region: job.region,
            state: state.as_str().to_owned(),
            message: job.message,
            message_category: job.message_category,
            resource_type: job.resource_type,
            resource_arn: job.resource_arn,
            resource_name: job.resource_name,
            vault_arn: job.vault_arn,
            source_vault_arn: job.source_vault_arn,
            recovery_point_arn: job.recovery_point_arn,
            created_resource_arn: job.created_resource_arn,
            role_arn: job.role_arn,
            plan_id: job.plan_id,
            plan: job.plan_name,
            rule_id: job.rule_id,
            rule: job.rule_name,
            made_by,
            policy_made: job.policy_made,
            parent_job_id: job.parent_job_id,
            size: job.size,
            percent: job.percent,
            created_at: job.created_at,
            completed_at: job.completed_at,
            start_by: job.start_by,
            related: related.into_iter().map(Job::from).collect(),
            read_at: seen_at,
        }
    }
}

/// One job
#[utoipa::path(get, path = "/jobs/{kind}/{id}", operation_id = "job", tag = "Jobs", params(("kind" = String, Path, description = "`backup`, `copy` or `restore`"), ("id" = String, Path)), responses((status = 200, body = JobInFull), Problems))]
pub async fn one(
    Api { portal, caller }: Api,
    Path((kind, id)): Path<(String, String)>,
) -> Answer<Json<JobInFull>> {
    let kind: JobKind = kind.parse().map_err(|_| FailureCode::NotFound { what: "kind of job".to_owned() })?;
    Ok(Json(portal.job(&caller, kind, &id).await?.into()))
}
