//! Whom a token speaks for, and what it may.

use axum::Json;
use model::access::{Action, Resource, Scope};
use portal::Caller;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::{
    answer::{Answer, Problems},
    caller::Api,
};
use crate::api::answer::Refused;
use model::FailureCode;

/// Whom the token speaks for.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct Whoami {
    /// Sign-in name of the person, or `service:` and the name of the service account.
    pub owner: String,
    /// What the owner was given, in words.
    pub rights: String,
    pub token: TokenInfo,
}

/// The token itself.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct TokenInfo {
    pub name: String,
    /// What it was made for.
    pub actions: Vec<String>,
    /// Those of them that the owner may do anywhere today.
    pub allowed: Vec<String>,
    /// Roots, OUs and accounts that it is limited to; `null` for everywhere.
    pub places: Option<Vec<String>>,
    #[serde(with = "time::serde::rfc3339")]
    pub expires_at: OffsetDateTime,
}

/// Whom this token speaks for, and what it may
#[utoipa::path(get, path = "/me", operation_id = "me", tag = "Token", responses((status = 200, body = Whoami), Problems))]
pub async fn me(Api { caller, .. }: Api) -> Answer<Json<Whoami>> {
    let token = token_info(&caller).ok_or_else(|| Refused::from(FailureCode::SignedOut))?;
    Ok(Json(Whoami { owner: caller.email().to_owned(), rights: caller.rights().words(), token }))
}

fn token_info(caller: &Caller) -> Option<TokenInfo> {
    let token = caller.token()?;
    let names = |actions: &mut dyn Iterator<Item = &Action>| {
        actions.map(|action| action.as_str().to_owned()).collect::<Vec<_>>()
    };
    let may = |action: &&Action| caller.rights().refuses(**action, &Resource::Visible).is_none();
    let places = match &token.limits.scope {
        Scope::All => None,
        Scope::Below(tops) => Some(tops.iter().map(ToString::to_string).collect()),
    };
    Some(TokenInfo {
        name: token.name.clone(),
        actions: names(&mut token.limits.actions.iter()),
        allowed: names(&mut token.limits.actions.iter().filter(may)),
        places,
        expires_at: token.expires_at,
    })
}
