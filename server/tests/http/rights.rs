//! Everything that can be asked of a portal, as the code has it, asked by everybody: the table beside this file says what
//! each is answered.

use std::{collections::BTreeMap, fmt::Write, sync::OnceLock};

use leptos::server_fn::axum::server_fn_paths;
use model::{
    Action, Role,
    access::{Grant, Scope, TokenLimits},
    team::{GivenGrant, GrantSource},
};
use portal::{Origin, TokenWish};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use server::router::{handler_paths, page_paths};

use super::{
    api::{ask, token, with_organization},
    gate::Gate,
    identity_provider::{IdentityProvider, OTHER_SCIM_TOKEN, SCIM_TOKEN},
    site::{EMAIL, PASSWORD, Running, start_with_providers},
};

/// What each may be asked by each. A new page, function, route or operation is a new line; a line that changes needs a reason.
const TABLE: &str = include_str!("rights.txt");

const LEGEND: &str = "\
# yes: let in, whatever comes of it.  sign: asked to sign in.  role: the role does not allow it.  place: it lies outside the
# part of the organization.  none: nothing is there, as outside of the part.  token: the token was not made for it.
# part: administrator of one OU, asking for what lies outside.  A token is one of an administrator, made for one action.
# old: administrator of everything who showed a password or factor too long ago.  fresh: they are asked for it first.
# Of a directory (scim): whoever shows no token, a made-up one, an administrator's own, that of another directory, its own.
";

/// An OU, an account and a policy's target outside of it.
struct World {
    inside: String,
    outside: String,
    account: String,
    policy: String,
}

/// What is sent to a server function: its arguments, or nothing where it takes none.
fn arguments(world: &World) -> BTreeMap<&'static str, Value> {
    let (policy, outside) = (&world.policy, &world.outside);
    let grant = json!({"role": "viewer", "scope": "all"});
    let with = |more: Value| {
        let mut all = grant.clone();
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        all
    };
    BTreeMap::from([
        ("approve_device", json!({"id": -1})),
        ("attach_policy", json!({"id": policy, "targets": [outside]})),
        ("audit", json!({"filter": {}})),
        ("aws_effective_policy", json!({"account": world.account})),
        ("change", json!({"id": 1})),
        ("change_name", json!({"name": ""})),
        ("change_password", json!({"current_password": "not it", "password": "short"})),
        (
            "change_region_setting",
            json!({"region": "eu-west-1", "kind": "EBS", "switch": "opt_in", "turn": "off"}),
        ),
        ("change_setting", json!({"setting": "cross_account_backup", "turn": "off"})),
        ("create_policy", json!({"name": "", "description": "", "content": ""})),
        ("delete_person", json!({"id": -1})),
        ("delete_policy", json!({"id": policy})),
        ("detach_policy", json!({"id": policy, "targets": [outside]})),
        ("device_request", json!({"id": -1})),
        ("effective_policy", json!({"account": world.account})),
        ("enable_all_features", json!({"step": "finalize"})),
        ("end_own_session", json!({"session": "none"})),
        ("end_sessions_of_person", json!({"id": -1})),
        ("end_token", json!({"id": -1})),
        ("events", json!({"filter": {}})),
        ("exported_attachments", json!({"id": 1})),
        ("find_device", json!({"code": "none"})),
        ("finish_codes", json!({"code": "none"})),
        ("give_rights", with(json!({"id": -1}))),
        ("invite_person", with(json!({"email": "none", "name": ""}))),
        ("job", json!({"kind": "backup", "id": "none"})),
        ("jobs", json!({"query": ""})),
        ("join_link", json!({"token": "none"})),
        ("jump", json!({"text": "nothing"})),
        ("list_policies", json!({"query": {}})),
        ("make_service_account", with(json!({"name": ""}))),
        ("make_token", json!({"name": "", "scope": "all", "days": 0})),
        ("permissions", json!({"again": false})),
        ("policy", json!({"id": policy})),
        ("put_back_attachments", json!({"id": 1})),
        ("put_resource_policy", json!({"current": "shown", "proposed": "proposed"})),
        ("refuse_device", json!({"id": -1})),
        ("register_delegated_administrator", json!({"account": world.account})),
        ("remove_delegated_administrator", json!({"account": "999999999999"})),
        ("request_sync", json!({"jobs_only": true})),
        ("remove_passkey", json!({"id": -1})),
        ("rename_passkey", json!({"id": -1, "name": ""})),
        ("set_second_factor_rule", json!({"rule": "nobody"})),
        ("turn_local_sign_in_off", json!({"break_glass": -1})),
        ("set_person_disabled", json!({"id": -1, "disabled": true})),
        ("start_reset", json!({"id": -1})),
        ("target", json!({"id": outside})),
        ("tree", json!({"query": {}})),
        (
            "update_policy",
            json!({"id": policy, "opened": "none", "name": "x", "description": "", "content": "{\"plans\":{}}"}),
        ),
    ])
}

/// A body for each operation of the API that takes one.
fn body(operation: &str, world: &World) -> Option<Value> {
    let places = json!({"targets": [world.outside]});
    match operation {
        "create_policy" => Some(json!({"name": "", "document": "{}"})),
        "update_policy" => Some(json!({"name": "x", "document": "{\"plans\":{}}"})),
        "attach_policy" | "detach_policy" => Some(places),
        "sync" => Some(json!({"jobs_only": true})),
        "turn_setting" => Some(json!({"on": false})),
        "turn_region_setting" => Some(json!({"type": "EBS", "switch": "opt_in", "on": false})),
        "put_resource_policy" => Some(json!({"current": "shown", "proposed": "proposed"})),
        "enable_all_features" => Some(json!({"step": "finalize"})),
        "begin_device" => Some(json!({"name": "", "actions": ["read"], "days": 1})),
        "ask_device" => Some(json!({"device_code": "\u{1}"})),
        _ => None,
    }
}

/// A session's fields, as a form has them.
fn pairs(arguments: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let one = |(name, value): (&String, &Value)| match value {
        Value::Array(all) => all.iter().map(|one| (format!("{name}[]"), text(one))).collect(),
        one => vec![(name.clone(), text(one))],
    };
    arguments.as_object().unwrap().iter().flat_map(one).collect::<Vec<_>>()
}

async fn cell(answer: Response) -> &'static str {
    let status = answer.status();
    if status == StatusCode::SEE_OTHER {
        let to = answer.headers()["location"].to_str().unwrap().to_owned();
        // With a problem, what was sent was judged.
        let to_sign_in = to.starts_with("/sign-in") && !to.contains("problem=");
        return if to_sign_in { "sign" } else { "yes" };
    }
    let text = answer.text().await.unwrap();
    match status {
        StatusCode::TOO_MANY_REQUESTS => panic!("too many requests tell nothing: {text}"),
        StatusCode::UNAUTHORIZED => "sign",
        StatusCode::NOT_FOUND => "none",
        StatusCode::FORBIDDEN if text.contains("unconfirmed") => "fresh",
        StatusCode::FORBIDDEN if text.contains("Show that it is you") => "fresh",
        StatusCode::FORBIDDEN if text.contains("token") => "token",
        StatusCode::FORBIDDEN if text.contains("part of the organization") => "place",
        StatusCode::FORBIDDEN => "role",
        _ => "yes",
    }
}

/// Everybody with a session: nobody, each role everywhere, the administrator of one OU, and one who must show who it is.
async fn everybody(site: &Running, world: &World) -> Vec<(String, Running)> {
    let password_hash = site.store.user_by_email(EMAIL).await.unwrap().unwrap().password_hash;
    let mut all = vec![("nobody".to_owned(), site.other_browser())];
    let below = Scope::Below(vec![world.inside.parse().unwrap()]);
    let roles = Role::ALL.map(|role| (role.as_str(), Grant { role, scope: Scope::All }));
    let part = ("part", Grant { role: Role::Administrator, scope: below });
    let old = ("old", Grant { role: Role::Administrator, scope: Scope::All });
    for (name, grant) in roles.into_iter().chain([part, old]) {
        let given = vec![GivenGrant { grant, source: GrantSource::ByHand { by: String::new() } }];
        let email = format!("{name}@holdfast.example");
        let user = store::NewUser {
            email: email.clone(),
            name: name.into(),
            password_hash: password_hash.clone(),
            given,
        };
        let id = site.store.create_user(user, server::outside::now()).await.unwrap();
        let browser = site.other_browser();
        assert_eq!(browser.sign_in(&email, PASSWORD).await.headers()["location"], "/settings", "{name}");
        if name == "old" {
            let sql = format!(
                "UPDATE sessions SET data = (data::jsonb || '{{\"confirmed_at\": 0}}')::text WHERE user_id = {id}"
            );
            site.database().as_owner(&["sessions"], &sql).await;
        }
        all.push((name.to_owned(), browser));
    }
    all
}

async fn world(site: &Running) -> World {
    let all = token(site, &[Action::Read], Scope::All).await;
    let get = async |path: &str| -> Value {
        ask(site, Method::GET, path, &all).send().await.unwrap().json().await.unwrap()
    };
    let accounts = get("/targets?kind=account&limit=500").await;
    let policies = get("/policies?attached=true").await;
    let ous = get("/targets?kind=ou").await;
    let items = |list: &Value| list["items"].as_array().unwrap().clone();
    let id = |value: &Value| value["id"].as_str().unwrap().to_owned();
    // Attached to the root or to an OU: not to the one that is the inside.
    let mut found = None;
    for policy in items(&policies) {
        let whole = get(&format!("/policies/{}", id(&policy))).await;
        let target =
            whole["targets"].as_array().unwrap().iter().map(id).find(|target| target.starts_with("ou-"));
        if let Some(target) = target {
            found = Some((id(&policy), target));
            break;
        }
    }
    let (policy, outside) = found.unwrap();
    let above = get(&format!("/targets/{outside}")).await;
    let related: Vec<String> = above["above"].as_array().unwrap().iter().map(id).collect();
    let below = |one: &Value| one["parent"] == outside.as_str();
    let has_accounts = |ou: &str| items(&accounts).iter().any(|one| one["parent"] == ou);
    let inside = items(&ous)
        .iter()
        .filter(|one| !below(one) && id(one) != outside && !related.contains(&id(one)))
        .map(id)
        .find(|ou| has_accounts(ou))
        .unwrap();
    let account = items(&accounts).iter().find(|one| one["parent"] != inside.as_str()).map(id).unwrap();
    World { inside, outside, account, policy }
}

/// The paths in the middle of which something varies, filled in.
fn filled(path: &str, world: &World) -> String {
    let id = if path.contains("/accounts/") {
        &world.account
    } else if path.contains("policies") {
        &world.policy
    } else if path.contains("changes") || path.contains("attachments") {
        "1"
    } else {
        &world.outside
    };
    path.replace("{id}", id)
        .replace("{kind}", "backup")
        .replace("{name}", "cross_account_backup")
        .replace("{account}", &world.account)
        .replace("{region}", "eu-west-1")
        .replace("{provider}", "none")
}

struct Line {
    name: String,
    cells: Vec<&'static str>,
}

async fn pages(people: &[(String, Running)], world: &World, lines: &mut Vec<Line>) {
    for path in page_paths() {
        let mut cells = Vec::new();
        for (_, browser) in people {
            cells.push(cell(browser.page(&filled(&path, world)).await).await);
        }
        lines.push(Line { name: format!("page {path}"), cells });
    }
}

/// What is neither a page nor a server function, each asked with nothing in it.
async fn handlers(
    site: &Running,
    paths: Vec<&'static str>,
    people: &[(String, Running)],
    world: &World,
    lines: &mut Vec<Line>,
) {
    for path in paths {
        // All of them come from one address, which may fail so often only.
        site.store.forget_attempts_of("address:127.0.0.1").await.unwrap();
        let mut cells = Vec::new();
        for (_, browser) in people {
            let concrete = filled(path, world);
            let by_provider = path.starts_with("/auth/oidc/") && !path.ends_with("/logout");
            let answer = match path {
                "/live" => browser.stream().await,
                "/audit/export" => browser.page("/audit/export?format=csv").await,
                "/team/mapping" => {
                    browser.post(path).form(&[("provider", "none"), ("token", "none")]).send().await.unwrap()
                }
                _ if by_provider || !path.starts_with("/auth/") => browser.page(&concrete).await,
                _ => browser.post(&concrete).form(&[("", "")]).send().await.unwrap(),
            };
            // A stream of news has no end to wait for.
            let streams = path == "/live" && answer.status() == StatusCode::OK;
            cells.push(if streams { "yes" } else { cell(answer).await });
        }
        lines.push(Line { name: format!("route {path}"), cells });
    }
}

async fn functions(people: &[(String, Running)], world: &World, lines: &mut Vec<Line>) {
    let arguments = arguments(world);
    let mut used = 0;
    let mut paths: Vec<&str> = server_fn_paths().map(|(path, _)| path).collect();
    paths.sort_unstable_by_key(|path| path.rsplit('/').next());
    // What ends sessions is asked last.
    let ends = |path: &&str| path.ends_with("/end_other_sessions") || path.ends_with("/change_password");
    let (last, first): (Vec<&str>, Vec<&str>) = paths.into_iter().partition(ends);
    for path in first.into_iter().chain(last) {
        let name = path.rsplit('/').next().unwrap();
        let sent = arguments.get(name).cloned().unwrap_or_else(|| json!({}));
        used += usize::from(arguments.contains_key(name));
        let mut cells = Vec::new();
        for (_, browser) in people {
            let json = browser.post(path).json(&sent).send().await.unwrap();
            // Each takes one of the two.
            let answer = if json.status() == StatusCode::BAD_REQUEST {
                browser.post(path).form(&pairs(&sent)).send().await.unwrap()
            } else {
                json
            };
            assert_ne!(answer.status(), StatusCode::BAD_REQUEST, "{name}: {}", answer.text().await.unwrap());
            cells.push(cell(answer).await);
        }
        lines.push(Line { name: format!("function {name}"), cells });
    }
    assert_eq!(used, arguments.len(), "arguments of functions that there are not");
}

/// Each has an owner of its own, and so what one may ask for in a minute.
async fn token_of_an_administrator(site: &Running, actions: &[Action], scope: Scope) -> String {
    let name = hex::encode(server::outside::random_bytes::<4>());
    let user = store::testing::person(&format!("{name}@holdfast.example"), Role::Administrator);
    let (id, now) =
        (site.store.create_user(user, server::outside::now()).await.unwrap(), server::outside::now());
    let owner = site.portal.caller(id, Origin::default(), Some(now)).await.unwrap().unwrap();
    let limits = TokenLimits { actions: actions.to_vec(), scope };
    let wish = TokenWish { name, limits, days: 1 };
    site.portal.make_token(&owner, wish).await.unwrap().token
}

async fn operations(site: &Running, world: &World, lines: &mut Vec<Line>) {
    static ACTIONS: OnceLock<Vec<Action>> = OnceLock::new();
    let actions =
        ACTIONS.get_or_init(|| Action::ALL.into_iter().filter(|action| action.is_for_tokens()).collect());
    let below = Scope::Below(vec![world.inside.parse().unwrap()]);
    let mut tokens = vec![String::new()];
    for action in actions {
        tokens.push(token_of_an_administrator(site, &[*action], Scope::All).await);
    }
    tokens.push(token_of_an_administrator(site, actions, below).await);
    let document = serde_json::to_value(server::api::document()).unwrap();
    let mut all = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            all.extend(operation["operationId"].as_str().map(|id| (path, method.to_uppercase(), id)));
        }
    }
    // What ends the token is asked last.
    let (last, first): (Vec<_>, Vec<_>) = all.into_iter().partition(|(.., id)| *id == "end_token");
    for (path, method, id) in first.into_iter().chain(last) {
        let mut cells = Vec::new();
        for token in &tokens {
            let verb = Method::from_bytes(method.as_bytes()).unwrap();
            let query = if id == "export_audit" { "?format=csv" } else { "" };
            let path = format!("{}{query}", filled(path, world));
            let mut request = ask(site, verb, &path, token).header("if-match", "\"none\"");
            if let Some(body) = body(id, world) {
                request = request.json(&body);
            }
            cells.push(cell(request.send().await.unwrap()).await);
        }
        lines.push(Line { name: format!("api {method} {path}"), cells });
    }
}

/// What a directory sends: to be taken where it may.
fn told(method: &Method, path: &str, of: &Value) -> Option<Value> {
    let user = path.contains("/Users");
    match *method {
        Method::POST if user => Some(json!({"userName": "made@example.com"})),
        Method::PUT if user => Some(json!({"userName": of["userName"]})),
        Method::POST | Method::PUT => Some(json!({"displayName": "made"})),
        Method::PATCH => Some(json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{"op": "replace", "path": "displayName", "value": "changed"}]})),
        _ => None,
    }
}

/// Of two directories beside each other, what each is answered who asks for what the first has told.
async fn directories(lines: &mut Vec<Line>) {
    let at = IdentityProvider::start(server::outside::now().unix_timestamp()).await;
    let providers = at.configuration(
        "people = \"directory\"\n[provider.scim]\ntoken_env = \"SCIM_TOKEN\"\n\
         [[provider]]\nname = \"other\"\ntitle = \"Other\"\nissuer = \"https://id.example.com\"\n\
         client_id = \"holdfast\"\nclient_secret_env = \"SECRET\"\npeople = \"directory\"\n\
         [provider.scim]\ntoken_env = \"OTHER_SCIM_TOKEN\"\n",
    );
    let site = start_with_providers(providers).await.with_administrator().await;
    let own = token(&site, &[Action::Read], Scope::All).await;
    let http = reqwest::Client::new();
    let send = async |method: &Method, path: &str, token: &str, body: Option<Value>| {
        let request = http.request(method.clone(), format!("{}{path}", site.url));
        let request = if token.is_empty() { request } else { request.bearer_auth(token) };
        let request = body.into_iter().fold(request, |request, body| request.json(&body));
        request.send().await.unwrap()
    };
    let tell = async |path: &str, body: Value| -> Value {
        send(&Method::POST, path, SCIM_TOKEN, Some(body)).await.json().await.unwrap()
    };
    let user = tell("/scim/v2/Users", json!({"userName": "bob@example.com"})).await;
    let group = tell("/scim/v2/Groups", json!({"displayName": "readers"})).await;
    for (method, path) in server::scim::operations() {
        site.store.forget_attempts_of("address:127.0.0.1").await.unwrap();
        let of = if path.contains("/Groups") { &group } else { &user };
        let schema = "urn:ietf:params:scim:schemas:core:2.0:User";
        let id = if path.contains("/Schemas") { schema } else { of["id"].as_str().unwrap() };
        let concrete = path.replace("{id}", id).replace("{name}", "User");
        let mut cells = Vec::new();
        for token in ["", "made up, of more than thirty-two letters", &own, OTHER_SCIM_TOKEN, SCIM_TOKEN] {
            let answer = send(&method, &concrete, token, told(&method, &path, of)).await;
            assert_ne!(answer.status(), StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
            assert_ne!(answer.status(), StatusCode::BAD_REQUEST, "{method} {path}");
            cells.push(cell(answer).await);
        }
        lines.push(Line { name: format!("scim {method} {path}"), cells });
    }
}

fn print(heads: &[&str], lines: &[Line], text: &mut String) {
    let width = |column: usize| {
        let cells = lines.iter().map(|line| line.cells[column].len());
        cells.chain([heads[column].len()]).max().unwrap_or_default() + 1
    };
    let name = lines.iter().map(|line| line.name.len()).max().unwrap_or_default() + 2;
    let row = |first: &str, cells: &[&str]| {
        let mut row = format!("{first:<name$}");
        for (column, cell) in cells.iter().enumerate() {
            write!(row, "{cell:<0$}", width(column)).unwrap();
        }
        format!("{}\n", row.trim_end())
    };
    text.push('\n');
    text.push_str(&row("", heads));
    for line in lines {
        text.push_str(&row(&line.name, &line.cells));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn everything_that_can_be_asked_is_answered_to_everybody_as_the_table_in_the_repo_says() {
    let (site, _gate): (Running, Gate) = with_organization().await;
    let world = world(&site).await;
    let people = everybody(&site, &world).await;
    let (mut by_people, mut by_programs) = (Vec::new(), Vec::new());
    pages(&people, &world, &mut by_people).await;
    let (last, first) = handler_paths().into_iter().partition(|path| *path == "/auth/sign-out");
    handlers(&site, first, &people, &world, &mut by_people).await;
    functions(&people, &world, &mut by_people).await;
    handlers(&site, last, &people, &world, &mut by_people).await;
    operations(&site, &world, &mut by_programs).await;
    let mut by_directories = Vec::new();
    directories(&mut by_directories).await;

    let mut text = LEGEND.to_owned();
    let heads: Vec<&str> = people.iter().map(|(name, _)| name.as_str()).collect();
    print(&heads, &by_people, &mut text);
    let tokens = Action::ALL.into_iter().filter(|action| action.is_for_tokens()).map(Action::as_str);
    let heads: Vec<&str> = ["nobody"].into_iter().chain(tokens).chain(["part"]).collect();
    print(&heads, &by_programs, &mut text);
    print(&["nobody", "made-up", "personal", "other", "own"], &by_directories, &mut text);
    if text != TABLE {
        let path = std::env::temp_dir().join("holdfast-rights.txt");
        std::fs::write(&path, &text).unwrap();
        panic!(
            "server/tests/http/rights.txt is not what is answered; that is in {}:\n{text}",
            path.display()
        );
    }
}
