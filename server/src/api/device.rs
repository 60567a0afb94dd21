//! How a program asks for a token of a person (the device flow, RFC 8628): these operations alone are open to whoever has no token.

use axum::{
    Extension, Json,
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use model::{
    Failure, IdError, TargetId,
    access::{Action, Scope, TokenLimits},
    paths,
};
use portal::{Origin, TokenAnswer, TokenWish};
use serde::{Deserialize, Serialize};
use serde_json::json;
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::{
    answer::{Answer, Problems, Refused, Sent},
    caller::Api,
};
use crate::state::Parts;

/// The token that a program asks for.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeviceWish {
    /// What the token is called: best with the name of the machine.
    pub name: String,
    /// What it is to be for, as `read`.
    #[schema(min_items = 1)]
    pub actions: Vec<String>,
    /// Roots, OUs and accounts that it is limited to; `null` for everywhere.
    #[serde(default)]
    pub places: Option<Vec<String>>,
    /// How long it is to be good.
    #[schema(minimum = 1, maximum = 366)]
    pub days: i64,
}

impl DeviceWish {
    fn read(self) -> Answer<TokenWish> {
        let Self { name, actions, places, days } = self;
        let unknown = |name: &str| {
            let known: Vec<&str> = Action::ALL
                .iter()
                .filter(|action| action.is_for_tokens())
                .map(|action| action.as_str())
                .collect();
            let name: String = name.chars().take(80).collect();
            let message = format!("There is no “{name}” for tokens; there are {}.", known.join(", "));
            Refused::from(Failure::invalid("actions", message))
        };
        let action = |name: &String| Action::from_name(name).ok_or_else(|| unknown(name));
        let actions = actions.iter().map(action).collect::<Result<_, _>>()?;
        let place = |id: &String| {
            id.parse::<TargetId>()
                .map_err(|error: IdError| Refused::from(Failure::invalid("places", format!("{error}."))))
        };
        let scope = match places {
            None => Scope::All,
            Some(places) => Scope::Below(places.iter().map(place).collect::<Result<_, _>>()?),
        };
        Ok(TokenWish { name, limits: TokenLimits { actions, scope }, days })
    }
}

/// What the program shows, and what it asks with.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct DeviceCodes {
    /// To be kept: whoever has it gets the token.
    pub device_code: String,
    /// What the person types, as `BCDF-GHJK`.
    pub user_code: String,
    /// Where they type it.
    pub verification_uri: String,
    /// Seconds until both codes end.
    pub expires_in: i64,
    /// Seconds between two looks.
    pub interval: i64,
}

/// Begin to ask a person for a token
#[utoipa::path(post, path = "/device", operation_id = "begin_device", tag = "Token", security(()), request_body = DeviceWish, responses((status = 200, body = DeviceCodes), Problems))]
pub async fn begin(
    State(parts): State<Parts>,
    Extension(Origin { address, .. }): Extension<Origin>,
    Sent(wish): Sent<DeviceWish>,
) -> Answer<Json<DeviceCodes>> {
    let codes = parts.portal.begin_device(wish.read()?, &address).await?;
    Ok(Json(DeviceCodes {
        device_code: codes.device_code,
        user_code: codes.user_code,
        verification_uri: format!("{}{}", parts.web.url, paths::DEVICE),
        expires_in: codes.expires_in,
        interval: codes.interval,
    }))
}

/// What the program asks with.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeviceCode {
    pub device_code: String,
}

/// The token, this once.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct DeviceToken {
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: String,
    /// Sign-in name of the person that it speaks for.
    pub owner: String,
    pub name: String,
    /// What it is for: of what was asked, what the person may.
    pub actions: Vec<String>,
    #[serde(with = "time::serde::rfc3339")]
    pub expires_at: OffsetDateTime,
}

/// Ask whether the person has decided. Until then 400 with the `code`, and as RFC 8628 has it the `error`,
/// `authorization_pending`, or `slow_down` where `interval` was not kept; at the end `access_denied` or `expired_token`
#[utoipa::path(post, path = "/device/token", operation_id = "ask_device", tag = "Token", security(()), request_body = DeviceCode, responses((status = 200, body = DeviceToken), Problems))]
pub async fn ask(
    State(parts): State<Parts>,
    Extension(Origin { address, .. }): Extension<Origin>,
    Sent(DeviceCode { device_code }): Sent<DeviceCode>,
) -> Answer<Response> {
    let answer = parts.portal.ask_device(&device_code, &address).await?;
    Ok(match answer {
        TokenAnswer::Pending => {
            not_yet("authorization_pending", "Nobody has decided yet", "Ask again after the interval.")
        }
        TokenAnswer::TooOften => {
            not_yet("slow_down", "Too often", "Wait five seconds longer between two looks from now on.")
        }
        TokenAnswer::Refused => {
            not_yet("access_denied", "Refused", "The person refused, or may not give a token any more.")
        }
        TokenAnswer::Over => {
            let detail = "The code was answered before, is older than ten minutes, or is none. Begin anew.";
            not_yet("expired_token", "This code is not good any more", detail)
        }
        TokenAnswer::Approved { secret, token, owner } => Json(DeviceToken {
            access_token: secret,
            token_type: "Bearer".to_owned(),
            owner,
            name: token.name,
            actions: token.limits.actions.iter().map(|action| action.as_str().to_owned()).collect(),
            expires_at: token.expires_at,
        })
        .into_response(),
    })
}

/// No token: in our words, and with the word of RFC 8628.
fn not_yet(code: &str, title: &str, detail: &str) -> Response {
    let body = json!({
        "type": "about:blank", "title": title, "status": 400, "detail": detail, "code": code, "error": code, "incident": null
    });
    let kind = [(CONTENT_TYPE, "application/problem+json")];
    (StatusCode::BAD_REQUEST, kind, body.to_string()).into_response()
}

/// End the token that this request comes with
#[utoipa::path(delete, path = "/me/token", operation_id = "end_token", tag = "Token", responses((status = 204, description = "It is no token any more"), Problems))]
pub async fn end(Api { portal, caller }: Api) -> Answer<StatusCode> {
    portal.end_this_token(&caller).await?;
    Ok(StatusCode::NO_CONTENT)
}
