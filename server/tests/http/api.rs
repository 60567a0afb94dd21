//! `/api/v1` as programs meet it.

use model::{
    Action, Role, TargetId,
    access::{Scope, TokenLimits},
};
use portal::{Caller, Origin, TokenWish};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use store::SyncPart;

use super::{
    gate::{Gate, HANGS},
    site::{EMAIL, PASSWORD, Running, header, start, start_with},
};

/// The description of the API as it was agreed upon: a difference is a difference for programs.
const DOCUMENT: &str = include_str!("../../../docs/openapi.json");

const ALL: &[Action] = &[
    Action::Read,
    Action::ReadAudit,
    Action::Sync,
    Action::WritePolicy,
    Action::AttachPolicy,
    Action::DeletePolicy,
    Action::ChangeSettings,
];

/// A portal that has read the simulated organization.
pub async fn with_organization() -> (Running, Gate) {
    let gate = Gate::start().await;
    let site = start_with(&gate.address, HANGS).await.with_administrator().await;
    let aws = aws::Aws::connect(aws::Options::simulated(&gate.address, aws::Rates::Off)).await.unwrap();
    let (_, wake) = portal::sync::channel();
    let (store, options) = (site.store.clone(), portal::sync::Options::default());
    let regions = vec!["eu-west-1".to_owned()];
    let sync = portal::sync::Sync::new(store, aws, server::outside::now, regions, wake, options);
    sync.read_once(SyncPart::Organization).await.unwrap();
    (site, gate)
}

pub async fn administrator(site: &Running) -> Caller {
    let ana = site.store.user_by_email(EMAIL).await.unwrap().unwrap();
    let now = server::outside::now();
    site.portal.caller(ana.id, Origin::default(), Some(now)).await.unwrap().unwrap()
}

/// A token of the administrator.
pub async fn token(site: &Running, actions: &[Action], scope: Scope) -> String {
    let limits = TokenLimits { actions: actions.to_vec(), scope };
    let wish = TokenWish { name: "a test".into(), limits, days: 1 };
    site.portal.make_token(&administrator(site).await, wish).await.unwrap().token
}

/// A program, without cookies or an origin.
pub fn ask(site: &Running, method: Method, path: &str, token: &str) -> RequestBuilder {
    Client::new().request(method, format!("{}/api/v1{path}", site.url)).bearer_auth(token)
}

async fn get(site: &Running, path: &str, token: &str) -> Response {
    ask(site, Method::GET, path, token).send().await.unwrap()
}

async fn problem(answer: Response, status: StatusCode) -> Value {
    assert_eq!(answer.status(), status, "{}", answer.text().await.unwrap());
    assert_eq!(header(&answer, "content-type"), "application/problem+json");
    let problem: Value = answer.json().await.unwrap();
    assert_eq!(problem["status"], status.as_u16(), "{problem}");
    problem
}

#[test]
fn the_description_of_the_api_is_the_one_in_the_repo() {
    let ours = serde_json::to_string_pretty(&server::api::document()).unwrap();
    if ours.trim() != DOCUMENT.trim() {
        let path = std::env::temp_dir().join("holdfast-openapi.json");
        std::fs::write(&path, ours + "\n").unwrap();
        panic!("docs/openapi.json is not what the code says; that is in {}", path.display());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_but_a_token_lets_in_and_a_token_lets_in_nowhere_else() {
    let site = start().await.with_administrator().await;
    site.sign_in(EMAIL, PASSWORD).await;
    let good = token(&site, &[Action::Read], Scope::All).await;
    assert_eq!(get(&site, "/me", &good).await.status(), StatusCode::OK);

    let with_cookie = site.get("/api/v1/me").send().await.unwrap();
    assert_eq!(with_cookie.status(), StatusCode::UNAUTHORIZED, "a session is nothing here");
    for wrong in ["", "hf_", &good[..good.len() - 1], &good.to_uppercase(), &format!("hf_{}", "0".repeat(56))]
    {
        let answer = get(&site, "/me", wrong).await;
        assert!(header(&answer, "www-authenticate").starts_with("Bearer"), "{wrong}");
        assert_eq!(problem(answer, StatusCode::UNAUTHORIZED).await["code"], "signed_out", "{wrong}");
    }
    let in_address = Client::new().get(format!("{}/api/v1/me?access_token={good}", site.url)).send();
    assert_eq!(in_address.await.unwrap().status(), StatusCode::UNAUTHORIZED);
    let twice = ask(&site, Method::GET, "/me", &good).header("authorization", "Bearer x").send();
    assert_eq!(twice.await.unwrap().status(), StatusCode::UNAUTHORIZED);

    let stranger = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let page = stranger.get(format!("{}/policies", site.url)).bearer_auth(&good).send().await.unwrap();
    assert_eq!(page.status(), StatusCode::UNAUTHORIZED);
    let (path, _) =
        leptos::server_fn::axum::server_fn_paths().find(|(p, _)| p.ends_with("/overview")).unwrap();
    let function = site.other_browser().post(path).bearer_auth(&good).json(&json!({})).send().await.unwrap();
    assert_eq!(function.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_policy_is_written_attached_and_deleted_and_nobodys_change_is_lost() {
    let (site, _gate) = with_organization().await;
    let token = token(&site, ALL, Scope::All).await;
    let ask = |method, path: &str| ask(&site, method, path, &token);
    let document = r#"{"plans":{}}"#;
    let draft = json!({"name": "By a program", "document": document});
    let refused = ask(Method::POST, "/policies").json(&json!({"name": "x", "document": "{"})).send();
    problem(refused.await.unwrap(), StatusCode::UNPROCESSABLE_ENTITY).await;
    let misspelt = ask(Method::POST, "/policies").json(&json!({"name": "x", "dokument": "{}"})).send();
    problem(misspelt.await.unwrap(), StatusCode::UNPROCESSABLE_ENTITY).await;

    let made = ask(Method::POST, "/policies").json(&draft).send().await.unwrap();
    assert_eq!(made.status(), StatusCode::CREATED);
    let at = header(&made, "location").to_owned();
    let path = at.strip_prefix("/api/v1").unwrap();
    let id = made.json::<Value>().await.unwrap()["id"].as_str().unwrap().to_owned();
    assert_eq!(path, format!("/policies/{id}"));
    let read = ask(Method::GET, path).send().await.unwrap();
    let tag = header(&read, "etag").to_owned();
    assert_eq!(read.json::<Value>().await.unwrap()["document"], document);

    let other = json!({"name": "By a program", "description": "changed", "document": document});
    let put = |tag: Option<&str>| {
        let request = ask(Method::PUT, path).json(&other);
        tag.map_or(request.try_clone().unwrap(), |tag| request.header("if-match", tag)).send()
    };
    problem(put(None).await.unwrap(), StatusCode::PRECONDITION_REQUIRED).await;
    problem(put(Some("*")).await.unwrap(), StatusCode::BAD_REQUEST).await;
    assert_eq!(put(Some(&tag)).await.unwrap().status(), StatusCode::OK);
    let stale = problem(put(Some(&tag)).await.unwrap(), StatusCode::PRECONDITION_FAILED).await;
    assert_eq!(stale["code"], "stale");

    let root: Value = ask(Method::GET, "/targets?kind=root").send().await.unwrap().json().await.unwrap();
    let root = root["items"][0]["id"].as_str().unwrap().to_owned();
    let places = json!({"targets": [root]});
    let attach = ask(Method::POST, &format!("{path}/attach")).json(&places).send().await.unwrap();
    let change: Value = attach.json().await.unwrap();
    assert_eq!(
        (change["state"].as_str(), change["steps"][0]["state"].as_str()),
        (Some("done"), Some("done"))
    );
    let attached = ask(Method::DELETE, path).send().await.unwrap();
    problem(attached, StatusCode::CONFLICT).await;
    ask(Method::POST, &format!("{path}/detach")).json(&places).send().await.unwrap();
    let stale = ask(Method::DELETE, path).header("if-match", &tag).send().await.unwrap();
    problem(stale, StatusCode::PRECONDITION_FAILED).await;
    assert_eq!(ask(Method::DELETE, path).send().await.unwrap().status(), StatusCode::NO_CONTENT);
    problem(ask(Method::GET, path).send().await.unwrap(), StatusCode::NOT_FOUND).await;

    let audit: Value =
        ask(Method::GET, "/audit?target=By%20a%20program").send().await.unwrap().json().await.unwrap();
    let actions: Vec<&str> =
        audit["items"].as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    assert_eq!(actions[0], "policy_deleted");
    assert!(actions.contains(&"policy_created") && actions.contains(&"policy_attached"), "{actions:?}");
    let filter = model::audit::AuditFilter { target: "By a program".into(), ..Default::default() };
    let format = portal::audit::ExportFormat::JsonLines;
    let mut export = site.portal.export_audit(&administrator(&site).await, filter, format).await.unwrap();
    let part = export.next().await.unwrap().unwrap();
    assert!(String::from_utf8_lossy(&part).contains("token:"), "{part:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_was_done_is_said_to_be_done_to_a_token_that_may_not_look_at_it() {
    let (site, _gate) = with_organization().await;
    let writes = token(&site, &[Action::WritePolicy], Scope::All).await;
    let reads = token(&site, &[Action::Read], Scope::All).await;
    let draft = json!({"name": "Written blindly", "document": "{\"plans\":{}}"});
    let made = ask(&site, Method::POST, "/policies", &writes).json(&draft).send().await.unwrap();
    assert_eq!(made.status(), StatusCode::CREATED, "{}", made.text().await.unwrap());
    let path = header(&made, "location").strip_prefix("/api/v1").unwrap().to_owned();
    problem(get(&site, &path, &writes).await, StatusCode::FORBIDDEN).await;
    let tag = header(&get(&site, &path, &reads).await, "etag").to_owned();
    let changed = ask(&site, Method::PUT, &path, &writes).header("if-match", &tag).json(&draft);
    assert_eq!(changed.send().await.unwrap().status(), StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn lists_come_in_pages_without_a_gap_and_refuse_conditions_that_there_are_not() {
    let (site, _gate) = with_organization().await;
    let token = token(&site, ALL, Scope::All).await;
    let (mut seen, mut cursor, mut total) = (Vec::new(), String::new(), 0);
    loop {
        let path = format!("/targets?limit=70&cursor={cursor}");
        let page: Value = get(&site, &path, &token).await.json().await.unwrap();
        total = page["total"]["count"].as_u64().unwrap().max(total);
        let ids =
            page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned());
        seen.extend(ids);
        match page["next"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => break,
        }
    }
    assert_eq!(seen.len() as u64, total);
    let distinct: std::collections::BTreeSet<_> = seen.iter().collect();
    assert_eq!(distinct.len(), seen.len());
    for path in ["/jobs?stat=failed", "/jobs?state=fialed", "/targets?limit=0", "/targets?cursor=x"] {
        problem(get(&site, path, &token).await, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    for path in ["/targets?kinds=ou", "/policies?q=a&q=b", "/audit?who=x", "/targets?limit=many"] {
        problem(get(&site, path, &token).await, StatusCode::BAD_REQUEST).await;
    }
    for path in
        ["/nothing", "/policies/x", "/targets/x", "/changes/x", "/jobs/a/b", "/accounts/1/effective-policy"]
    {
        problem(get(&site, path, &token).await, StatusCode::NOT_FOUND).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_token_of_a_part_is_shown_that_part_alone() {
    let (site, _gate) = with_organization().await;
    let all = token(&site, ALL, Scope::All).await;
    let ous: Value = get(&site, "/targets?kind=ou", &all).await.json().await.unwrap();
    let accounts = async |token: &str| -> Value {
        get(&site, "/targets?kind=account&limit=500", token).await.json().await.unwrap()
    };
    let whole = accounts(&all).await;
    let ou: TargetId = ous["items"][0]["id"].as_str().unwrap().parse().unwrap();
    let part = token(&site, ALL, Scope::Below(vec![ou])).await;
    let shown = accounts(&part).await;
    let count = |list: &Value| list["total"]["count"].as_u64().unwrap();
    assert!(count(&shown) > 0 && count(&shown) < count(&whole));
    let inside = |id: &Value| shown["items"].as_array().unwrap().iter().any(|one| one["id"] == *id);
    let outside = whole["items"].as_array().unwrap().iter().find(|one| !inside(&one["id"])).unwrap();
    let id = outside["id"].as_str().unwrap();
    for path in [format!("/targets/{id}"), format!("/accounts/{id}/effective-policy")] {
        problem(get(&site, &path, &part).await, StatusCode::NOT_FOUND).await;
        assert_eq!(get(&site, &path, &all).await.status(), StatusCode::OK);
    }
    // Not even what the token's owner did elsewhere.
    let entries = async |token: &str| -> Value { get(&site, "/audit", token).await.json().await.unwrap() };
    assert_eq!((count(&entries(&part).await), count(&entries(&all).await)), (0, 3));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_asks_for_too_much_is_told_when_to_come_back() {
    let site = start().await.with_administrator().await;
    let [mine, same] =
        [token(&site, &[Action::Read], Scope::All).await, token(&site, &[Action::Read], Scope::All).await];
    let (mut told, mut last) = (None, String::new());
    for n in 0..400 {
        let answer = get(&site, "/me", if n % 2 == 0 { &mine } else { &same }).await;
        assert_eq!(header(&answer, "ratelimit-limit"), "120");
        header(&answer, "ratelimit-remaining").clone_into(&mut last);
        if answer.status() == StatusCode::TOO_MANY_REQUESTS {
            told = Some(header(&answer, "retry-after").parse::<u64>().unwrap());
            problem(answer, StatusCode::TOO_MANY_REQUESTS).await;
            break;
        }
    }
    assert!(told.is_some_and(|seconds| seconds >= 1) && last == "0", "{told:?} {last}");
    let user = store::testing::person("bob@holdfast.example", Role::Viewer);
    let id = site.store.create_user(user, server::outside::now()).await.unwrap();
    let bob = site.portal.caller(id, Origin::default(), Some(server::outside::now())).await.unwrap().unwrap();
    let limits = TokenLimits { actions: vec![Action::Read], scope: Scope::All };
    let wish = TokenWish { name: "other".into(), limits, days: 1 };
    let other = site.portal.make_token(&bob, wish).await.unwrap().token;
    assert_eq!(get(&site, "/me", &other).await.status(), StatusCode::OK, "others are not held up");
}
