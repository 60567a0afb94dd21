//! The way from consolidated billing to all features.

use axum::{Json, http::StatusCode};
use model::settings::{
    Setting, SettingState,
    features::{AskedAccount, FeaturesRequest, FeaturesWay, Progress, Step},
};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::{
    answer::{Answer, Problems, Sent},
    caller::Api,
    page::Reference,
    settings::state_of,
};

/// Whether the organization has all features, and how far it is on the way.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct AllFeatures {
    /// As the state of a setting: `on`, `off`, `changing`, `not_told`, `not_available` or `unknown`.
    pub state: String,
    /// Why state or request are not known; `null` where they are.
    pub problem: Option<String>,
    /// False where the requests could not be read.
    pub request_known: bool,
    /// The last request of the past 30 days; `null` where there is none, or none that is known.
    pub request: Option<Request>,
}

/// A request for all features.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct Request {
    /// `h-…`
    pub id: String,
    /// `waiting`, `ready`, `accepted`, `declined`, `canceled`, `expired` or `unknown`.
    pub progress: String,
    #[serde(with = "time::serde::rfc3339::option")]
    pub requested_at: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339::option")]
    pub expires_at: Option<OffsetDateTime>,
    /// Those that have not approved come first.
    pub accounts: Vec<Asked>,
    /// Why the accounts could not be read; `null` where they were.
    pub problem: Option<String>,
}

/// An account that was asked.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct Asked {
    pub account: Reference,
    /// As of the request.
    pub progress: String,
}

const fn word(progress: Progress) -> &'static str {
    match progress {
        Progress::Waiting => "waiting",
        Progress::Ready => "ready",
        Progress::Accepted => "accepted",
        Progress::Declined => "declined",
        Progress::Canceled => "canceled",
        Progress::Expired => "expired",
        Progress::Unknown => "unknown",
    }
}

impl From<AskedAccount> for Asked {
    fn from(AskedAccount { account, name, progress }: AskedAccount) -> Self {
        Self { account: Reference { id: account, name }, progress: word(progress).to_owned() }
    }
}

impl From<FeaturesRequest> for Request {
    fn from(request: FeaturesRequest) -> Self {
        Self {
            id: request.id,
            progress: word(request.progress).to_owned(),
            requested_at: request.requested_at,
            expires_at: request.expires_at,
            accounts: request.accounts.into_iter().map(Asked::from).collect(),
            problem: request.problem,
        }
    }
}

/// All features, asked from AWS now
#[utoipa::path(get, path = "/settings/all-features", operation_id = "all_features", tag = "Settings", responses((status = 200, body = AllFeatures), Problems))]
pub async fn all_features(Api { portal, caller }: Api) -> Answer<Json<AllFeatures>> {
    let settings = portal.settings(&caller).await?;
    let row = settings.rows.into_iter().find(|row| row.setting == Setting::AllFeatures);
    let (state, problem) = state_of(row.map_or(SettingState::NotTold, |row| row.state));
    let (request_known, request, unread) = match settings.features {
        None => (true, None, None),
        Some(FeaturesWay::Known { request }) => (true, request.map(Request::from), None),
        Some(FeaturesWay::Unknown { reason }) => (false, None, Some(reason)),
    };
    let state = state.to_owned();
    Ok(Json(AllFeatures { state, problem: problem.or(unread), request_known, request }))
}

/// What is to be done with the request.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeStep {
    #[schema(inline)]
    pub step: FeaturesStep,
    /// The id of the request that was read; not for `begin`.
    #[serde(default)]
    pub request: String,
    /// The word that the page asks for, where it cannot be undone.
    #[serde(default)]
    pub confirmation: String,
}

/// A step on the way.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum FeaturesStep {
    /// Asks every invited account.
    Begin,
    /// Completes what all have approved. It cannot be undone.
    Finalize,
    /// Withdraws the request.
    Cancel,
}

impl From<FeaturesStep> for Step {
    fn from(step: FeaturesStep) -> Self {
        match step {
            FeaturesStep::Begin => Self::Begin,
            FeaturesStep::Finalize => Self::Finalize,
            FeaturesStep::Cancel => Self::Cancel,
        }
    }
}

/// Take a step on the way to all features
#[utoipa::path(post, path = "/settings/all-features", operation_id = "enable_all_features", tag = "Settings", request_body = TakeStep, responses((status = 204, description = "It is done"), Problems))]
pub async fn take_step(
    Api { portal, caller }: Api,
    Sent(TakeStep { step, request, confirmation }): Sent<TakeStep>,
) -> Answer<StatusCode> {
    portal.enable_all_features(&caller, step.into(), &request, &confirmation).await?;
    Ok(StatusCode::NO_CONTENT)
}
