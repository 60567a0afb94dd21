//! HTML, SQL and header lines where the portal wants text.

use std::collections::BTreeMap;

use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};
use server::router::page_paths;

use super::{
    answer::Answer,
    attempt::Attempt,
    portal::{Browser, World},
    wire::functions,
};

/// All of it at once; `answer::MARKUP` is in it.
const HOSTILE: &str =
    "x\"'><script>hf(1)</script><img src=x onerror=hf(2)>{{7*7}}${7*7}'; DROP TABLE users; --";
const LINES: &str = "x\r\nX-Injected: yes\r\n\r\n<script>hf(3)</script>";

/// What people type that is kept and shown again.
const KEPT: [(&str, &[(&str, &str)]); 6] = [
    ("policies/create_policy", &[("name", HOSTILE), ("description", HOSTILE), ("content", "{\"plans\":{}}")]),
    ("policies/create_policy", &[("name", "Plain"), ("description", HOSTILE), ("content", HOSTILE)]),
    ("team/change_name", &[("name", HOSTILE)]),
    (
        "team/invite_person",
        &[("email", "i@x.example"), ("name", HOSTILE), ("role", "viewer"), ("scope", "all")],
    ),
    ("team/invite_person", &[("email", HOSTILE), ("name", "X"), ("role", HOSTILE), ("scope", HOSTILE)]),
    ("settings/put_resource_policy", &[("text", HOSTILE), ("content", HOSTILE), ("opened", HOSTILE)]),
];

/// Every function, with the hostile text in each field that it asks for, as a form and as JSON.
pub fn fields(world: &World) -> Vec<Attempt> {
    let mut attempts = Vec::new();
    for text in [HOSTILE, LINES] {
        for (function, fields) in KEPT {
            let request = world.other.post(&format!("/rpc/app/server_fns/{function}"));
            let fields: Vec<_> =
                fields.iter().map(|(n, v)| (*n, if *v == HOSTILE { text } else { *v })).collect();
            attempts.push(Attempt::request(function, request.header("accept", "*/*").form(&fields)));
        }
        for path in functions() {
            let browser = world.other.clone();
            attempts.push(Attempt::doing(path, async move { filled(&browser, path, text).await }));
        }
    }
    attempts
}

/// Fills in each field that is said to be missing, until none is.
async fn filled(browser: &Browser, path: &str, text: &str) -> Answer {
    let mut fields: BTreeMap<String, String> = BTreeMap::new();
    let mut json_is_read = false;
    loop {
        let request = browser.post(path).header("accept", "*/*");
        let request = if json_is_read {
            request.header(CONTENT_TYPE, "application/json").body(json!(fields).to_string())
        } else {
            request.form(&fields)
        };
        let answer = Answer::of(request.send().await).await;
        if answer.status == 400 && !json_is_read && answer.body.contains("application/json") {
            json_is_read = true;
            continue;
        }
        let said: Value = serde_json::from_str(&answer.body).unwrap_or_default();
        match missing(&said).filter(|field| !fields.contains_key(field)) {
            Some(field) => fields.insert(field, text.to_owned()),
            None => return answer,
        };
    }
}

/// The field that a failure names, wherever it stands in it.
fn missing(said: &Value) -> Option<String> {
    match said {
        Value::Object(object) => {
            let own = object.get("field").and_then(Value::as_str).map(str::to_owned);
            own.or_else(|| object.values().find_map(missing))
        }
        Value::Array(list) => list.iter().find_map(missing),
        _ => None,
    }
}

/// Every page as it is, after all that was typed; and with hostile text in its path and its query.
pub fn addresses(world: &World) -> Vec<Attempt> {
    let names = [
        "q", "next", "problem", "page", "token", "actor", "target", "subject", "from", "until", "cursor",
        "view", "state", "open", "region", "confirm", "__err", "policy", "account",
    ];
    let mut attempts = Vec::new();
    for text in [HOSTILE, LINES] {
        let encoded: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
        let query: Vec<_> = names.iter().map(|name| format!("{name}={encoded}")).collect();
        let query = query.join("&");
        for page in page_paths() {
            let plain = page.replace('*', "");
            let filled: Vec<_> = plain
                .split('/')
                .map(|part| if part.starts_with('{') { encoded.as_str() } else { part })
                .collect();
            let filled = filled.join("/");
            attempts.push(Attempt::request(format!("{page} filled"), world.other.get(&filled)));
            attempts
                .push(Attempt::request(format!("{page}?"), world.other.get(&format!("{filled}?{query}"))));
            let stranger = world.stranger("192.0.2.12").get(&format!("{filled}?{query}"));
            attempts.push(Attempt::request(format!("{page}? as nobody"), stranger));
        }
        let oidc = format!("/auth/oidc/corp/callback?{query}&error={encoded}&code={encoded}");
        attempts.push(Attempt::request("callback", world.stranger("192.0.2.13").get(&oidc)));
    }
    attempts
}
