//! Paging as AWS does it: opaque tokens, and now and then a page that is short or empty although more follows.

use super::answer::{Answer, AwsError};
use super::call::Call;
use super::operation::{Pages, Route};
use crate::hash;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Where a listing stands: the cursor that the next page continues after.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Token {
    /// Fingerprint of the operation and its filters: a token is good for the listing that gave it, and no other.
    scope: u64,
    after: String,
    /// Whether the page that gave this token was empty, so that two empty pages never follow each other.
    hollow: bool,
}

/// One page being filled.
#[derive(Debug)]
pub struct Page {
    scope: u64,
    /// Key of the last entry of the page before; entries up to and including it are skipped.
    after: Option<String>,
    limit: usize,
    hollow: bool,
}

impl Page {
    /// Reads the paging members of a call. `uneven` switches short and empty pages on.
    pub fn of(call: &Call, uneven: bool) -> Result<Self, AwsError> {
        let scope = scope(call);
        let token = call
            .text("NextToken")
            .map(|text| read(text, scope).ok_or_else(|| bad_token(call)))
            .transpose()?;
        let most = call.operation.pages.most();
        let asked = call.whole("MaxResults").and_then(|size| usize::try_from(size).ok()).unwrap_or(most);
        let after = token.as_ref().filter(|token| !token.after.is_empty()).map(|token| token.after.clone());
        let was_hollow = token.is_some_and(|token| token.hollow);
        let roll = hash::mix(scope, &[hash::text(after.as_deref().unwrap_or_default())]) % 12;
        let (limit, hollow) = match roll {
            0 if uneven && !was_hollow && call.text("NextToken").is_some() => (0, true),
            1 if uneven => (asked.div_ceil(2), false),
            _ => (asked, false),
        };
        Ok(Self { scope, after, limit, hollow })
    }

    pub fn after(&self) -> Option<&str> {
        self.after.as_deref()
    }

    /// The token for the page after the entry with this key.
    pub fn token(&self, last: Option<String>) -> String {
        let after = last.or_else(|| self.after.clone()).unwrap_or_default();
        write(&Token { scope: self.scope, after, hollow: self.hollow })
    }

    /// Takes one page of `entries`, which come in ascending order of their keys.
    pub fn take<T>(
        self,
        member: &str,
        entries: impl Iterator<Item = T>,
        key: impl Fn(&T) -> String,
        mut value: impl FnMut(T) -> Value,
    ) -> Answer {
        let mut values = Vec::new();
        let mut last = None;
        let mut more = false;
        for entry in entries {
            let key = key(&entry);
            if self.after.as_ref().is_some_and(|after| key <= *after) {
                continue;
            }
            if values.len() == self.limit {
                more = true;
                break;
            }
            values.push(value(entry));
            last = Some(key);
        }
        Ok(self.close(member, values, more, last))
    }

    /// The answer of a finished page.
    pub fn close(&self, member: &str, values: Vec<Value>, more: bool, last: Option<String>) -> Value {
        let mut answer = Map::new();
        answer.insert(member.to_owned(), Value::Array(values));
        if more {
            answer.insert("NextToken".to_owned(), Value::from(self.token(last)));
        }
        Value::Object(answer)
    }
}

fn scope(call: &Call) -> u64 {
    // In the order of their names: clients write the token before, after or between the filters.
    let filters: BTreeMap<_, _> =
        call.input.iter().filter(|(name, _)| !["NextToken", "MaxResults"].contains(&name.as_str())).collect();
    let filters = json!(filters).to_string();
    let texts = [call.operation.name, &call.account, &call.region, &filters];
    // 53 bits, so that the number survives every JSON reader.
    hash::mix(0, &texts.map(hash::text)) >> 11
}

fn write(token: &Token) -> String {
    let check = hash::mix(token.scope, &[hash::text(&token.after), u64::from(token.hollow)]) >> 32;
    URL_SAFE_NO_PAD.encode(json!([token, check]).to_string())
}

fn read(text: &str, scope: u64) -> Option<Token> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (token, _check): (Token, u64) = serde_json::from_slice(&bytes).ok()?;
    (token.scope == scope && write(&token) == text).then_some(token)
}

fn bad_token(call: &Call) -> AwsError {
    match (call.operation.route, call.operation.pages) {
        (Route::Target, _) | (_, Pages::Body) => {
            AwsError::invalid("INVALID_NEXT_TOKEN", "You specified an invalid value for NextToken.")
        }
        _ => AwsError::bad_value("Invalid NextToken."),
    }
}
