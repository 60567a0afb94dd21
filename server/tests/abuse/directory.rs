//! What directories send that are none, or that lie.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use super::{
    answer::Answer,
    attempt::Attempt,
    identity_provider::{OTHER_SCIM_TOKEN, SCIM_TOKEN, SECRET},
    portal::{Browser, World},
};

const SCIM_JSON: &str = "application/scim+json";
/// Of Ana, whom no directory has told of.
const OWNERS: &str = "ana@holdfast.example";

fn request(url: &str, method: Method, path: &str, from: &str) -> RequestBuilder {
    let request = reqwest::Client::new().request(method, format!("{url}/scim/v2{path}"));
    request.header("x-forwarded-for", from).header("content-type", SCIM_JSON)
}

/// With the directory's own token.
fn own(url: &str, method: Method, path: &str) -> RequestBuilder {
    request(url, method, path, "203.0.113.60").bearer_auth(SCIM_TOKEN)
}

fn sent(world: &World, method: &Method, path: &str, body: impl Into<reqwest::Body>) -> RequestBuilder {
    own(&world.url, method.clone(), path).body(body)
}

/// A new person of the directory, and their id.
async fn somebody(url: &str, name: &str) -> String {
    let body = json!({"userName": name, "externalId": name}).to_string();
    let answer: Value =
        own(url, Method::POST, "/Users").body(body).send().await.unwrap().json().await.unwrap();
    answer["id"].as_str().unwrap_or_default().to_owned()
}

/// Every operation with tokens that are none: made up, revoked, of people, of the provider's client.
pub fn tokens(world: &World) -> Vec<Attempt> {
    let revoked = "dGhlIHRva2VuIG9mIHRoZSBkaXJlY3RvcnkgYmVmb3Jl";
    let cut = &SCIM_TOKEN[..SCIM_TOKEN.len() - 1];
    let none = ["", "null", revoked, cut, SECRET, world.personal.as_str(), "' OR true --"];
    let mut attempts = Vec::new();
    for (n, token) in none.into_iter().enumerate() {
        for (method, path) in server::scim::operations() {
            let path = path.strip_prefix("/scim/v2").unwrap().replace("{id}", "x").replace("{name}", "User");
            let from = format!("198.51.100.{}", 10 + n);
            let request = request(&world.url, method.clone(), &path, &from).body("{\"userName\": \"x\"}");
            let request = if token.is_empty() { request } else { request.bearer_auth(token) };
            attempts.push(Attempt::request(format!("{token:.12} {method} {path}"), request));
        }
    }
    let by_session = world.other.get("/scim/v2/Users").header("accept", SCIM_JSON);
    attempts.push(Attempt::request("a session in the place of a token", by_session));
    attempts
}

/// What one directory has told, asked for and changed by the other.
pub fn foreign(world: &World) -> Vec<Attempt> {
    let patch = json!({"Operations": [{"op": "replace", "path": "active", "value": false}]}).to_string();
    let tries = [
        (Method::GET, String::new()),
        (Method::PUT, json!({"userName": "taken-over@staff.example"}).to_string()),
        (Method::PATCH, patch),
        (Method::DELETE, String::new()),
    ];
    let attempt = |(n, (method, body)): (usize, (Method, String))| {
        let url = world.url.clone();
        Attempt::doing(format!("{method} by another directory"), async move {
            let id = somebody(&url, &format!("foreign-{n}@staff.example")).await;
            let request = request(&url, method, &format!("/Users/{id}"), "203.0.113.61");
            Answer::of(request.bearer_auth(OTHER_SCIM_TOKEN).body(body).send().await).await
        })
    };
    tries.into_iter().enumerate().map(attempt).collect()
}

/// Bodies that are none, too large, too deep, or lie about their kind.
pub fn bodies(world: &World) -> Vec<Attempt> {
    let deep = |open: &str, close: &str, n: usize| format!("{}{}", open.repeat(n), close.repeat(n));
    let long = json!({"userName": "x".repeat(2_000)}).to_string();
    let many: Vec<Value> = (0..20_000).map(|n| json!({"value": format!("{n}@x.example")})).collect();
    let bodies: Vec<(&str, Vec<u8>)> = vec![
        ("nothing", Vec::new()),
        ("no JSON", b"userName=x".to_vec()),
        ("no object", b"[]".to_vec()),
        ("no UTF-8", b"{\"userName\": \"\xff\"}".to_vec()),
        ("deep lists", deep("[", "]", 50_000).into_bytes()),
        ("deep objects", deep("{\"userName\":", "}", 20_000).into_bytes()),
        ("a long name", long.into_bytes()),
        ("a name of control characters", b"{\"userName\": \"x\\u0000\\u001b\"}".to_vec()),
        ("a name that is a list", b"{\"userName\": [\"x\"]}".to_vec()),
        ("too many values", json!({"userName": "x", "emails": many}).to_string().into_bytes()),
        ("too large", vec![b' '; 2 << 20]),
    ];
    let places = [
        (Method::POST, "/Users"),
        (Method::PUT, "/Users/none"),
        (Method::PATCH, "/Users/none"),
        (Method::POST, "/Groups"),
        (Method::PUT, "/Groups/none"),
        (Method::PATCH, "/Groups/none"),
    ];
    let mut attempts = Vec::new();
    for (method, path) in &places {
        for (what, body) in &bodies {
            let what = format!("{method} {path}: {what}");
            attempts.push(Attempt::request(what, sent(world, method, path, body.clone())));
        }
        let form = sent(world, method, path, "userName=x").header("content-type", "text/plain");
        attempts.push(Attempt::request(format!("{method} {path}: two content types"), form));
    }
    for path in ["/Users/%00", "/Users/..%2f..%2fsettings", "/Groups/%ff", "/Me", "/Bulk", "/.search"] {
        attempts.push(Attempt::request(path, sent(world, &Method::GET, path, "")));
        attempts.push(Attempt::request(path, sent(world, &Method::DELETE, path, "")));
    }
    attempts
}

/// Filters that are none, would be SQL, or have no end. Nobody is called so: those that can be read leave nobody.
pub fn filters(world: &World) -> Vec<Attempt> {
    let quoted = |text: &str| format!("userName eq {}", Value::from(text));
    let mut filters: Vec<String> = [
        "' OR true --",
        "'; DROP TABLE users; --",
        "x\" or userName pr or userName eq \"x",
        "%",
        "\u{0}",
        "\\",
    ]
    .iter()
    .map(|text| quoted(text))
    .collect();
    filters.extend(
        [
            "userName",
            "userName eq",
            "userName eq x or true",
            "1 eq 1",
            "(((((",
            "userName eq \"x\" or pr",
            "members[value eq \"x\" or",
            "users.password_hash sw \"$argon2\"",
            "password_hash pr",
            "user_id gt 0",
            "meta.location co \"' || version() || '\"",
            "emails[type eq \"' OR '1'='1\"]",
            "id eq \"x\"; select 1",
        ]
        .map(str::to_owned),
    );
    filters.push("(".repeat(4_000));
    filters.push(format!("{}id eq \"x\"{}", "not (".repeat(500), ")".repeat(500)));
    filters.push(["id eq \"x\""; 300].join(" or "));
    filters.push(quoted(&"x".repeat(8_000)));
    let mut attempts = Vec::new();
    for filter in &filters {
        for kind in ["Users", "Groups"] {
            let query =
                form_urlencoded::Serializer::new(String::new()).append_pair("filter", filter).finish();
            let request = sent(world, &Method::GET, &format!("/{kind}?{query}"), "");
            attempts.push(Attempt::request(format!("{kind} {filter:.60}"), request));
        }
    }
    for query in ["startIndex=-9223372036854775808&count=9223372036854775807", "count=-1", "startIndex=x"] {
        let request = sent(world, &Method::GET, &format!("/Users?filter=id%20eq%20%22x%22&{query}"), "");
        attempts.push(Attempt::request(query, request));
    }
    attempts
}

/// Nobody was left by any of the filters.
pub fn nobody(all: &[(String, Answer)]) -> Option<String> {
    let total = |answer: &Answer| {
        let list: Option<Value> = serde_json::from_str(&answer.body).ok();
        list.and_then(|list| list.get("totalResults")?.as_i64()).unwrap_or_default()
    };
    let found: Vec<&str> =
        all.iter().filter(|(_, answer)| total(answer) > 0).map(|(what, _)| what.as_str()).collect();
    (!found.is_empty()).then(|| format!("somebody was found by {found:?}"))
}

/// Changes at paths that there are not, or that directories may not write.
pub fn paths(world: &World) -> Vec<Attempt> {
    let operations = [
        json!([{"op": "replace", "path": "", "value": "x"}]),
        json!([{"op": "replace", "path": "userName.x", "value": "x"}]),
        json!([{"op": "replace", "path": "emails[", "value": "x"}]),
        json!([{"op": "replace", "path": "emails[type eq \"x\" or", "value": "x"}]),
        json!([{"op": "replace", "path": "name[[familyName eq \"x\"]]", "value": "x"}]),
        json!([{"op": "replace", "path": format!("emails[{}]", "(".repeat(5_000)), "value": "x"}]),
        json!([{"op": "replace", "path": "../../users", "value": "x"}]),
        json!([{"op": "replace", "path": 7, "value": "x"}]),
        json!([{"op": "replace", "path": "id", "value": "x"}]),
        json!([{"op": "remove", "path": "userName"}]),
        json!([{"op": "remove"}]),
        json!([{"op": "drop", "path": "active"}]),
        json!([{"op": "replace", "path": "active", "value": {"a": 1}}]),
        json!([{"op": "add", "path": "userName", "value": null}]),
        json!({"op": "replace"}),
        Value::Null,
        Value::Array(vec![json!({"op": "replace", "path": "active", "value": true}); 1_001]),
    ];
    let attempt = |(n, operations): (usize, Value)| {
        let url = world.url.clone();
        let what = operations.to_string();
        Attempt::doing(format!("{what:.80}"), async move {
            let id = somebody(&url, &format!("path-{n}@staff.example")).await;
            let body = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations});
            let request = own(&url, Method::PATCH, &format!("/Users/{id}")).body(body.to_string());
            Answer::of(request.send().await).await
        })
    };
    operations.into_iter().enumerate().map(attempt).collect()
}

/// Somebody who has an account already, told of as one's own; and an id that is no directory's.
pub fn taken(world: &World) -> Vec<Attempt> {
    let bodies = [
        json!({"userName": OWNERS}),
        json!({"userName": "x@staff.example", "emails": [{"value": OWNERS, "primary": true}]}),
        json!({"userName": OWNERS.to_uppercase(), "active": false}),
    ];
    let told = bodies.into_iter().map(|body| {
        Attempt::request(body.to_string(), sent(world, &Method::POST, "/Users", body.to_string()))
    });
    let ids = ["1", "0", "-1", "ana@holdfast.example"].into_iter().flat_map(|id| {
        [Method::GET, Method::DELETE].map(|method| {
            let request = sent(world, &method, &format!("/Users/{id}"), "");
            Attempt::request(format!("{method} {id}"), request)
        })
    });
    told.chain(ids).collect()
}

/// One name, told of many times at once.
pub fn at_once(world: &World) -> Vec<Attempt> {
    let body = json!({"userName": "once@staff.example"}).to_string();
    (0..30)
        .map(|n| Attempt::request(format!("once, {n}"), sent(world, &Method::POST, "/Users", body.clone())))
        .collect()
}

/// One of them was first.
pub fn one(all: &[(String, Answer)]) -> Option<String> {
    let made = all.iter().filter(|(_, answer)| answer.status == 201).count();
    (made != 1).then(|| format!("{made} were made, and not one"))
}

/// The owner goes on being an administrator who can sign in, whatever a directory says of the group that makes some.
pub fn administrators(world: &World) -> Vec<Attempt> {
    let (url, owner) = (world.url.clone(), world.owner.clone());
    let attempt = move |what: &'static str, body: Value| {
        let (url, owner): (String, Browser) = (url.clone(), owner.clone());
        Attempt::doing(what, async move {
            let answer = own(&url, Method::POST, "/Groups").body(body.to_string()).send().await.unwrap();
            let answer: Value = answer.json().await.unwrap_or_default();
            let id = answer["id"].as_str().unwrap_or("none").to_owned();
            own(&url, Method::DELETE, &format!("/Groups/{id}")).send().await.unwrap();
            Answer::of(owner.get("/team").send().await).await
        })
    };
    vec![
        attempt("a group of administrators, empty, and removed", json!({"displayName": "admins"})),
        attempt(
            "a group with the owner's number in it",
            json!({"displayName": "x", "members": [{"value": "1"}]}),
        ),
    ]
}
