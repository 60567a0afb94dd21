//! How sessions of a provider are refreshed.

use std::collections::BTreeMap;

use serde::Deserialize;
use time::Duration;

use super::problem::ProvidersError;

/// Parameters of a request that are its own: others would undo what protects it.
const TAKEN: [&str; 11] = [
    "client_id",
    "code_challenge",
    "code_challenge_method",
    "max_age",
    "nonce",
    "redirect_uri",
    "request",
    "request_uri",
    "response_type",
    "scope",
    "state",
];
const LONGEST: usize = 100;

/// Sessions are refreshed with a token that the provider gives beside the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refresh {
    /// How often.
    pub every: Duration,
    /// Whether people are asked for their consent, without which some providers give no such token.
    pub consent: bool,
    /// What else the provider wants to be sent before it gives one.
    pub parameters: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RefreshRow {
    minutes: Option<u16>,
    #[serde(default)]
    parameters: BTreeMap<String, String>,
}

pub(super) fn refresh(name: &str, row: &RefreshRow, session_minutes: u16) -> Result<Refresh, ProvidersError> {
    let wrong = |field, why: String| ProvidersError::Field { name: name.to_owned(), field, why };
    // Late enough for the last but one to fail.
    let longest = session_minutes / 2;
    let minutes = row.minutes.unwrap_or((session_minutes / 4).max(1));
    if !(1..=longest).contains(&minutes) {
        let why = format!("must be 1 to {longest}, half of session_minutes");
        return Err(wrong("refresh.minutes", why));
    }
    let mut parameters = row.parameters.clone();
    let consent = match parameters.remove("prompt").as_deref() {
        None => false,
        Some("consent") => true,
        Some(_) => {
            return Err(wrong("refresh.parameters", "has a prompt, which can be consent alone".into()));
        }
    };
    for (parameter, value) in &parameters {
        let fits = |text: &str| {
            let plain = |c: char| c.is_ascii_graphic() || c == ' ';
            !text.is_empty() && text.len() <= LONGEST && text.chars().all(plain)
        };
        if TAKEN.contains(&parameter.as_str()) || !fits(parameter) || !fits(value) {
            return Err(wrong("refresh.parameters", format!("has {parameter:?}, which cannot be sent")));
        }
    }
    Ok(Refresh { every: Duration::minutes(i64::from(minutes)), consent, parameters })
}
