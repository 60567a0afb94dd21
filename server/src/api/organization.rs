//! The organization, its targets, and what applies to an account.

use axum::{Json, http::StatusCode};
use model::{
    AccountId, TargetId,
    id::TargetKind,
    organization::{EffectivePolicy, EffectiveSetting, TargetQuery, TargetRow},
};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};

use super::{
    answer::{Answer, Asked, Id, Problems, Refused, Sent},
    caller::Api,
    page::{Listed, Reference},
};

/// The organization. A figure that is not known is `null`, never zero.
#[derive(Serialize, ToSchema)]
pub struct Organization {
    /// `o-…`; `null` before it was first read.
    id: Option<String>,
    management_account: Option<String>,
    /// When it was last read whole.
    #[serde(with = "time::serde::rfc3339::option")]
    read_at: Option<OffsetDateTime>,
    /// When the list of jobs was last read whole that was read longest ago; `null` while one never was.
    #[serde(with = "time::serde::rfc3339::option")]
    jobs_read_at: Option<OffsetDateTime>,
    /// Why the last reading failed; `null` where it did not.
    problem: Option<String>,
    /// Needed settings that were off when they were last read.
    not_ready: Vec<String>,
    active_accounts: Option<u64>,
    /// Suspended, closing or closed.
    other_accounts: Option<u64>,
    ous: Option<u64>,
    policies: Option<u64>,
    /// Active accounts whose effective policy holds no plan.
    accounts_without_plan: Option<u64>,
    /// Active accounts whose effective policy is not known.
    accounts_not_known: Option<u64>,
    /// Accounts whose effective policy is invalid.
    invalid_accounts: Vec<Reference>,
    /// Whether AWS tells which effective policies it finds invalid.
    invalid_is_known: bool,
}

/// The organization at a glance
#[utoipa::path(get, path = "/organization", operation_id = "organization", tag = "Organization", responses((status = 200, body = Organization), Problems))]
pub async fn organization(Api { portal, caller }: Api) -> Answer<Json<Organization>> {
    let overview = portal.overview(&caller).await?;
    let frame = portal.frame(Some(&caller)).await?;
    let read = |figure: u64| overview.organization_read.then_some(figure);
    Ok(Json(Organization {
        id: frame.organization.as_ref().map(|head| head.id.clone()),
        management_account: frame.organization.map(|head| head.management_account_id),
        read_at: frame.freshness.organization_at,
        jobs_read_at: frame.freshness.jobs_at,
        problem: frame.freshness.problem,
        not_ready: frame.not_ready.iter().map(|setting| setting.text().name.to_owned()).collect(),
        active_accounts: read(overview.active_accounts),
        other_accounts: read(overview.other_accounts),
        ous: read(overview.ous),
        policies: read(overview.policies),
        accounts_without_plan: read(overview.accounts_without_plan),
        accounts_not_known: read(overview.accounts_not_known),
        invalid_is_known: overview.organization_read && overview.invalid_is_known,
        invalid_accounts: overview.invalid_accounts.into_iter().map(Reference::from).collect(),
    }))
}

/// What a policy can be attached to.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Root,
    Ou,
    Account,
}

impl From<TargetKind> for Kind {
    fn from(kind: TargetKind) -> Self {
        match kind {
            TargetKind::Root => Self::Root,
            TargetKind::Ou => Self::Ou,
            TargetKind::Account => Self::Account,
        }
    }
}

impl From<Kind> for TargetKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Root => Self::Root,
            Kind::Ou => Self::Ou,
            Kind::Account => Self::Account,
        }
    }
}

/// A root, OU or account.
#[derive(Serialize, ToSchema)]
pub struct Target {
    id: String,
    kind: Kind,
    name: String,
    arn: String,
    /// `null` for the root.
    parent: Option<String>,
    /// Accounts only.
    email: Option<String>,
    /// Accounts only; AWS's spelling, as `ACTIVE`.
    state: Option<String>,
    /// Attached here directly, oldest first.
    policies: Vec<Reference>,
}

impl From<TargetRow> for Target {
    fn from(TargetRow { node, policies }: TargetRow) -> Self {
        Self {
            kind: node.id.kind().into(),
            id: node.id.to_string(),
            name: node.name,
            arn: node.arn,
            parent: node.parent.map(|parent| parent.to_string()),
            email: node.email,
            state: node.state.map(|state| state.as_str().to_owned()),
            policies: policies.into_iter().map(Reference::from).collect(),
        }
    }
}

/// Which targets.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Targets {
    /// Only such.
    #[param(inline)]
    kind: Option<Kind>,
    /// `next` of the page before.
    #[param(max_length = 200)]
    cursor: Option<String>,
    /// Rows a page.
    #[serde(default = "rows")]
    #[param(minimum = 1, maximum = 500, default = 100)]
    limit: usize,
}

const fn rows() -> usize {
    100
}

/// Roots, OUs and accounts, each before what is below it
#[utoipa::path(get, path = "/targets", operation_id = "targets", tag = "Organization", params(Targets), responses((status = 200, body = Listed<Target>), Problems))]
pub async fn targets(
    Api { portal, caller }: Api,
    Asked(Targets { kind, cursor, limit }): Asked<Targets>,
) -> Answer<Json<Listed<Target>>> {
    let after = cursor.filter(|cursor| !cursor.is_empty()).map(|cursor| {
        cursor
            .parse()
            .map_err(|_| Refused::from(model::Failure::invalid("cursor", "This is no page of the list.")))
    });
    let query = TargetQuery { kind: kind.map(TargetKind::from), after: after.transpose()?, size: limit };
    Ok(Json(Listed::of(portal.targets(&caller, &query).await?, Target::from)))
}

/// A target with all that applies there.
#[derive(Serialize, ToSchema)]
pub struct TargetInFull {
    #[serde(flatten)]
    target: Target,
    /// Root first.
    above: Vec<Reference>,
    /// Attached above, root first.
    inherited: Vec<Inherited>,
    accounts_below: u64,
    ous_below: u64,
    /// The oldest of the readings from AWS that it rests on.
    #[serde(with = "time::serde::rfc3339::option")]
    read_at: Option<OffsetDateTime>,
}

/// A policy, and where it is attached.
#[derive(Serialize, ToSchema)]
pub struct Inherited {
    policy: Reference,
    at: Reference,
}

/// One root, OU or account
#[utoipa::path(get, path = "/targets/{id}", operation_id = "target", tag = "Organization", params(("id" = String, Path, description = "`r-…`, `ou-…` or twelve digits")), responses((status = 200, body = TargetInFull), Problems))]
pub async fn target(Api { portal, caller }: Api, Id(id): Id<TargetId>) -> Answer<Json<TargetInFull>> {
    let detail = portal.target(&caller, &id).await?;
    let (direct, above): (Vec<_>, Vec<_>) = detail.policies.into_iter().partition(|policy| policy.direct);
    let direct = direct.into_iter().map(|attached| attached.policy).collect();
    let inherited = above.into_iter().map(|one| Inherited { policy: one.policy.into(), at: one.at.into() });
    Ok(Json(TargetInFull {
        target: TargetRow { node: detail.node, policies: direct }.into(),
        above: detail.ancestors.into_iter().map(Reference::from).collect(),
        inherited: inherited.collect(),
        accounts_below: detail.accounts_below,
        ous_below: detail.ous_below,
        read_at: detail.seen_at,
    }))
}

/// An account's effective policy, as Holdfast computes it.
#[derive(Serialize, ToSchema)]
pub struct Effective {
    account: Reference,
    /// False where a policy that applies was never read: then there is no document.
    known: bool,
    /// The merged document; `{}` where no policy applies.
    #[schema(value_type = Option<Object>)]
    document: Option<serde_json::Value>,
    values: Vec<Value>,
    /// Why AWS does not take it; empty where it does.
    problems: Vec<EffectiveProblem>,
    next_runs: Vec<Run>,
    #[serde(with = "time::serde::rfc3339::option")]
    read_at: Option<OffsetDateTime>,
}

/// One value, and who decided it.
#[derive(Serialize, ToSchema)]
pub struct Value {
    /// As `plans/daily/rules/nightly/lifecycle/delete_after_days`.
    path: String,
    values: Vec<String>,
    /// In the order in which they acted; the last assign decided.
    decided_by: Vec<Decision>,
    /// Whether a control keeps levels below from changing it.
    locked: bool,
}

/// One policy's part in a value.
#[derive(Serialize, ToSchema)]
pub struct Decision {
    policy: Reference,
    at: Reference,
    /// `assign`, `append` or `remove`.
    operator: String,
}

/// Why AWS does not take an effective policy.
#[derive(Serialize, ToSchema)]
pub struct EffectiveProblem {
    code: String,
    message: String,
    path: String,
}

/// A backup that is due.
#[derive(Serialize, ToSchema)]
pub struct Run {
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
    plan: String,
    rule: String,
}

impl From<EffectiveSetting> for Value {
    fn from(setting: EffectiveSetting) -> Self {
        let decisions = setting.decided_by.into_iter();
        let decided_by = decisions.map(|one| Decision {
            policy: one.policy.into(),
            at: one.at.into(),
            operator: one.operator,
        });
        Self {
            path: setting.path,
            values: setting.values,
            decided_by: decided_by.collect(),
            locked: setting.locked,
        }
    }
}

impl From<EffectivePolicy> for Effective {
    fn from(policy: EffectivePolicy) -> Self {
        let known = policy.unread.is_empty();
        let problems = policy.problems.into_iter();
        let runs = policy.next_runs.into_iter();
        Self {
            account: policy.account.into(),
            known,
            document: known.then(|| serde_json::from_str(&policy.content).ok()).flatten(),
            values: policy.settings.into_iter().map(Value::from).collect(),
            problems: problems
                .map(|one| EffectiveProblem { code: one.code, message: one.message, path: one.path })
                .collect(),
            next_runs: runs.map(|run| Run { at: run.at, plan: run.plan, rule: run.rule }).collect(),
            read_at: policy.seen_at,
        }
    }
}

/// An account's effective policy, with who decided each value
#[utoipa::path(get, path = "/accounts/{id}/effective-policy", operation_id = "effective_policy", tag = "Organization", params(("id" = String, Path, description = "Twelve digits")), responses((status = 200, body = Effective), Problems))]
pub async fn effective_policy(Api { portal, caller }: Api, Id(id): Id<AccountId>) -> Answer<Json<Effective>> {
    Ok(Json(portal.effective_policy(&caller, &id).await?.into()))
}

/// What is to be read again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SyncWish {
    /// Only the lists of jobs, not organization and policies.
    #[serde(default)]
    jobs_only: bool,
}

/// Ask AWS again now
#[utoipa::path(post, path = "/sync", operation_id = "sync", tag = "Organization", request_body = SyncWish, responses((status = 202, description = "It is asked for"), Problems))]
pub async fn sync(
    Api { portal, caller }: Api,
    Sent(SyncWish { jobs_only }): Sent<SyncWish>,
) -> Answer<StatusCode> {
    portal.request_sync(&caller, jobs_only).await?;
    Ok(StatusCode::ACCEPTED)
}
