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
#[derive(Serialize, Deserialize, ToSchema)]
pub struct Organization {
    /// `o-…`; `null` before it was first read.
    pub id: Option<String>,
    pub management_account: Option<String>,
    /// When it was last read whole.
    #[serde(with = "time::serde::rfc3339::option")]
    pub read_at: Option<OffsetDateTime>,
    /// When the list of jobs was last read whole that was read longest ago; `null` while one never was.
    #[serde(with = "time::serde::rfc3339::option")]
    pub jobs_read_at: Option<OffsetDateTime>,
    /// Why the last reading failed; `null` where it did not.
    pub problem: Option<String>,
    /// Needed settings that were off when they were last read.
    pub not_ready: Vec<String>,
    pub active_accounts: Option<u64>,
    /// Suspended, closing or closed.
    pub other_accounts: Option<u64>,
    pub ous: Option<u64>,
    pub policies: Option<u64>,
    /// Active accounts whose effective policy holds no plan.
    pub accounts_without_plan: Option<u64>,
    /// Active accounts whose effective policy is not known.
    pub accounts_not_known: Option<u64>,
    /// Accounts whose effective policy is invalid.
    pub invalid_accounts: Vec<Reference>,
    /// Whether AWS tells which effective policies it finds invalid.
    pub invalid_is_known: bool,
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
#[derive(Serialize, Deserialize, ToSchema)]
pub struct Target {
    pub id: String,
    pub kind: Kind,
    pub name: String,
    pub arn: String,
    /// `null` for the root.
    pub parent: Option<String>,
    /// Accounts only.
    pub email: Option<String>,
    /// Accounts only; AWS's spelling, as `ACTIVE`.
    pub state: Option<String>,
    /// Attached here directly, oldest first.
    pub policies: Vec<Reference>,
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
#[derive(Serialize, Deserialize, ToSchema)]
pub struct TargetInFull {
    #[serde(flatten)]
    pub target: Target,
    /// Root first.
    pub above: Vec<Reference>,
    /// Attached above, root first.
    pub inherited: Vec<Inherited>,
    pub accounts_below: u64,
    pub ous_below: u64,
    /// The oldest of the readings from AWS that it rests on.
    #[serde(with = "time::serde::rfc3339::option")]
    pub read_at: Option<OffsetDateTime>,
}

/// A policy, and where it is attached.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct Inherited {
    pub policy: Reference,
    pub at: Reference,
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
#[derive(Serialize, Deserialize, ToSchema)]
pub struct Effective {
    pub account: Reference,
    /// False where a policy that applies was never read: then there is no document.
    pub known: bool,
    /// The merged document; `{}` where no policy applies.
    #[schema(value_type = Option<Object>)]
    pub document: Option<serde_json::Value>,
    pub values: Vec<Value>,
    /// Why AWS does not take it; empty where it does.
    pub problems: Vec<EffectiveProblem>,
    pub next_runs: Vec<Run>,
    #[serde(with = "time::serde::rfc3339::option")]
    pub read_at: Option<OffsetDateTime>,
}

/// One value, and who decided it.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct Value {
    /// As `plans/daily/rules/nightly/lifecycle/delete_after_days`.
    pub path: String,
    pub values: Vec<String>,
    /// In the order in which they acted; the last assign decided.
    pub decided_by: Vec<Decision>,
    /// Whether a control keeps levels below from changing it.
    pub locked: bool,
}

/// One policy's part in a value.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct Decision {
    pub policy: Reference,
    pub at: Reference,
    /// `assign`, `append` or `remove`.
    pub operator: String,
}

/// Why AWS does not take an effective policy.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct EffectiveProblem {
    pub code: String,
    pub message: String,
    pub path: String,
}

/// A backup that is due.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct Run {
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    pub plan: String,
    pub rule: String,
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
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SyncWish {
    /// Only the lists of jobs, not organization and policies.
    #[serde(default)]
    pub jobs_only: bool,
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
