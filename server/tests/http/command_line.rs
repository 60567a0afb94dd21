//! `holdfast --server URL` as people and pipelines run it, against a portal that runs.

use std::{
    path::Path,
    process::{Output, Stdio},
    sync::{Arc, Mutex},
};

use axum::{Json, Router, http::HeaderMap, response::IntoResponse, routing::get};
use model::{Action, access::Scope};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
    process::Command,
};

use super::{
    api::{token, with_organization},
    device::{approve, find},
    site::{EMAIL, PASSWORD, Running, start, start_with_tls},
    tls::{Files, made},
};

const ALL: &[Action] = &[
    Action::Read,
    Action::ReadAudit,
    Action::Export,
    Action::Sync,
    Action::WritePolicy,
    Action::AttachPolicy,
    Action::DeletePolicy,
    Action::ChangeSettings,
];

/// How a run ended.
#[derive(Debug)]
struct Ended {
    status: Option<i32>,
    out: String,
    error: String,
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self { status: output.status.code(), out: text(output.stdout), error: text(output.stderr) }
    }
}

impl Ended {
    /// What it printed, where all went well.
    fn good(self) -> String {
        assert_eq!(self.status, Some(0), "{self:?}");
        self.out
    }

    /// Each line as JSON.
    fn lines(self) -> Vec<Value> {
        self.good().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// What it complained of, where it ended so.
    fn bad(self, status: i32) -> String {
        assert_eq!((self.status, self.out.as_str()), (Some(status), ""), "{self:?}");
        self.error
    }
}

/// The program with nothing of ours around it, and a home that is empty.
fn holdfast(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_holdfast"));
    for name in ["SERVER", "TOKEN", "TOKEN_FILE", "CA_FILE"] {
        command.env_remove(format!("HOLDFAST_{name}"));
    }
    command.env("HOME", home).env("XDG_CONFIG_HOME", home.join("config")).kill_on_drop(true);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A portal, and a token that the program asks it with.
struct Asked<'a> {
    url: &'a str,
    token: String,
    home: tempfile::TempDir,
}

impl<'a> Asked<'a> {
    async fn with(site: &'a Running, actions: &[Action]) -> Self {
        Self { url: &site.url, token: token(site, actions, Scope::All).await, home: home() }
    }

    async fn run(&self, arguments: &[&str]) -> Ended {
        self.run_with(arguments, "").await
    }

    async fn run_with(&self, arguments: &[&str], input: &str) -> Ended {
        let mut command = holdfast(self.home.path());
        command.env("HOLDFAST_TOKEN", &self.token).arg("--server").arg(self.url).args(arguments);
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // A command that does not read its input may end before it is there.
        let _ = stdin.write_all(input.as_bytes()).await;
        drop(stdin);
        child.wait_with_output().await.unwrap().into()
    }
}

fn home() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_organization_is_read_as_tables_and_as_lines_of_json() {
    let (site, _gate) = with_organization().await;
    let asked = Asked::with(&site, ALL).await;
    let accounts = asked.run(&["org", "accounts", "--limit", "1000", "--output", "json"]).await.lines();
    assert!(
        accounts.len() > 200 && accounts.iter().all(|one| one["kind"] == "account"),
        "{}",
        accounts.len()
    );
    let cut = asked.run(&["org", "accounts", "--limit", "7", "--output", "json"]).await;
    assert!(cut.error.starts_with(&format!("7 of {} shown", accounts.len())), "{}", cut.error);
    assert_eq!(cut.lines().len(), 7);
    let table = asked.run(&["org", "accounts", "--limit", "7"]).await.good();
    assert_eq!((table.lines().count(), table.starts_with("ID ")), (8, true), "{table}");

    let tree = asked.run(&["org", "tree"]).await.good();
    assert!(tree.starts_with("Root  r-") && tree.lines().any(|line| line.starts_with("    ")), "{tree}");
    assert!(tree.lines().count() > accounts.len());
    let shown = asked.run(&["org", "show"]).await.good();
    let line = |name: &str| shown.lines().find(|line| line.starts_with(name)).unwrap().to_owned();
    assert!(line("jobs read").ends_with("not all of their lists were ever read"), "{shown}");
    assert!(line("last problem").ends_with("none"), "{shown}");

    let id = accounts[0]["id"].as_str().unwrap();
    let effective = asked.run(&["account", "effective", id, "--output", "json"]).await.lines();
    assert_eq!(effective[0]["account"]["id"], id);
    assert!(asked.run(&["account", "effective", id]).await.good().contains("SETTING"));
    assert!(asked.run(&["account", "show", id]).await.good().contains("attached here"));
    let none = asked.run(&["account", "effective", "999999999999"]).await.bad(1);
    assert!(none.starts_with("error: Not found: There is no account"), "{none}");
    for list in
        [["policy", "list"], ["settings", "list"], ["settings", "regions"], ["settings", "delegation"]]
    {
        assert!(asked.run(&list).await.good().lines().count() > 1, "{list:?}");
        asked.run(&[&list[..], &["--output", "json"]].concat()).await.lines();
    }
    assert!(asked.run(&["settings", "all-features"]).await.good().starts_with("all features  on"));
    assert!(asked.run(&["whoami"]).await.good().contains(EMAIL));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn jobs_that_were_never_read_are_not_taken_for_none() {
    let (site, _gate) = with_organization().await;
    let asked = Asked::with(&site, ALL).await;
    let jobs = asked.run(&["jobs", "--state", "failed,aborted", "--from", "24h"]).await;
    assert_eq!((jobs.status, jobs.out.as_str()), (Some(0), ""), "{jobs:?}");
    assert!(jobs.error.starts_with("no jobs match, among those that were read"), "{jobs:?}");
    assert!(jobs.error.contains("backup jobs in eu-west-1 are untried (last read never)"), "{jobs:?}");
    let lists = asked.run(&["jobs", "--lists", "--output", "json"]).await.lines();
    assert!(lists.iter().all(|list| list["outcome"] == "untried" && list["read_at"].is_null()), "{lists:?}");
    let refused = asked.run(&["jobs", "--state", "fialed"]).await.bad(1);
    assert!(refused.contains("\n  state: "), "the field is named: {refused}");
    assert!(asked.run(&["job", "backup", "none"]).await.bad(1).contains("There is no job here"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_policy_is_created_saved_attached_and_deleted_and_a_stale_one_is_told_what_to_do() {
    let (site, _gate) = with_organization().await;
    let asked = Asked::with(&site, ALL).await;
    let document = "{\n  \"plans\": {}\n}\n";
    let refused = asked.run_with(&["policy", "create", "-", "--name", "x"], "{").await.bad(1);
    assert!(
        refused.starts_with("error: The policy document is refused") && refused.contains("\n  line 1"),
        "{refused}"
    );
    let id = asked.run_with(&["policy", "create", "-", "--name", "By hand"], document).await.good();
    let id = id.trim();
    let shown = asked.run(&["policy", "show", id, "--document"]).await;
    let etag = shown.error.trim().strip_prefix("ETag ").unwrap().to_owned();
    assert_eq!(shown.good(), document, "exactly as it is kept");

    let other = r#"{"plans":{"@@operators_allowed_for_child_policies":["@@none"]}}"#;
    let save = async |arguments: &[&str]| {
        asked.run_with(&[&["policy", "save", id, "-"], arguments].concat(), other).await
    };
    assert!(save(&[]).await.bad(2).contains("--etag"), "nothing is overwritten by accident");
    let saved = save(&["--etag", &etag, "--output", "json"]).await.lines();
    assert_eq!((&saved[0]["name"], &saved[0]["document"]), (&json!("By hand"), &json!(other)));
    let stale = save(&["--etag", &etag]).await.bad(1);
    assert!(stale.contains("Nothing was overwritten") && stale.contains("holdfast policy show"), "{stale}");
    save(&["--overwrite", "--description", "by force"]).await.good();
    let now = asked.run(&["policy", "show", id, "--output", "json"]).await.lines();
    assert_eq!((&now[0]["description"], &now[0]["name"]), (&json!("by force"), &json!("By hand")));

    let roots = asked.run(&["org", "tree", "--output", "json"]).await.lines();
    let root = roots[0]["id"].as_str().unwrap();
    let attached = asked.run(&["policy", "attach", id, root, "--follow", "--output", "json"]).await.lines();
    assert_eq!(attached[0]["steps"][0]["state"], "done");
    let change = attached[0]["id"].to_string();
    assert!(asked.run(&["change", "follow", &change]).await.good().contains("By hand"));
    assert!(asked.run(&["change", "list"]).await.good().contains(&change));
    assert!(asked.run(&["policy", "delete", id]).await.bad(1).contains("attached"));
    assert!(asked.run(&["policy", "detach", id, root]).await.good().contains("done"));
    let old = asked.run(&["policy", "delete", id, "--etag", &etag]).await;
    assert_eq!(old.status, Some(1), "{old:?}");
    asked.run(&["policy", "delete", id]).await.good();
    assert_eq!(asked.run(&["policy", "show", id]).await.status, Some(1));

    let entries = asked.run(&["audit", "list", "--target", "By hand", "--output", "json"]).await.lines();
    assert_eq!(entries[0]["action"], "policy_deleted");
    let export = asked.run(&["audit", "export", "--target", "By hand"]).await.lines();
    assert!(export.len() >= entries.len());
    let csv = asked.run(&["audit", "export", "--format", "csv"]).await.good();
    assert!(csv.lines().count() > export.len() && !csv.starts_with('{'), "{csv}");
    assert!(asked.run(&["events"]).await.error.contains("no changes outside Holdfast"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn settings_are_changed_as_on_their_page() {
    let (site, _gate) = with_organization().await;
    let asked = Asked::with(&site, ALL).await;
    let state = async |name: &str| {
        let rows = asked.run(&["settings", "list", "--output", "json"]).await.lines();
        let rows = rows[0]["items"].as_array().unwrap().clone();
        rows.into_iter().find(|row| row["name"] == name).unwrap()["state"].as_str().unwrap().to_owned()
    };
    let before = state("cross_account_backup").await;
    let to = if before == "on" { "off" } else { "on" };
    asked.run(&["settings", "turn", "cross_account_backup", to, "--confirm", "confirm"]).await.good();
    assert_eq!(state("cross_account_backup").await, to);
    let refused = asked.run(&["settings", "turn", "policy_type", "off"]).await.bad(1);
    assert!(refused.contains("confirm"), "{refused}");
    let regions = async || asked.run(&["settings", "regions", "--output", "json"]).await.lines().remove(0);
    let opted = |all: &Value| {
        let region =
            all["items"].as_array().unwrap().iter().find(|one| one["region"] == "eu-west-1").unwrap();
        let types = region["types"].as_array().unwrap();
        types.iter().find(|one| one["type"] == "EBS").unwrap()["opt_in"].as_bool().unwrap()
    };
    let on = opted(&regions().await);
    let to = if on { "off" } else { "on" };
    asked.run(&["settings", "turn-region", "eu-west-1", "EBS", "opt_in", to]).await.good();
    assert_eq!(opted(&regions().await), !on);
    let none = asked.run(&["settings", "turn-region", "nowhere-1", "EBS", "opt_in", "on"]).await.bad(1);
    assert!(none.contains("not in use here"), "{none}");
    let unknown = asked.run(&["settings", "register", "999999999999"]).await.bad(1);
    assert!(unknown.contains("No account of this organization"), "{unknown}");
    asked.run(&["settings", "resource-policy"]).await.good();
    asked.run(&["org", "sync", "--jobs-only"]).await.good();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_the_token_may_not_is_refused_in_the_words_of_the_api() {
    let site = start().await.with_administrator().await;
    let asked = Asked::with(&site, &[Action::Read]).await;
    let refused = asked.run(&["audit", "list"]).await.bad(1);
    assert!(
        refused.starts_with("error: Your role does not allow this: ") && refused.contains("token"),
        "{refused}"
    );
    let file = asked.home.path().join("token");
    std::fs::write(&file, format!("{}\n", asked.token)).unwrap();
    let wrong = Asked { token: "hf_wrong".into(), home: home(), ..asked };
    let by_file = wrong.run(&["whoami", "--token-file", file.to_str().unwrap()]).await.good();
    assert!(by_file.contains(EMAIL), "the file goes first: {by_file}");
    let asked = wrong;
    let gone = Asked { token: format!("hf_{}", "0".repeat(56)), ..asked };
    let refused = gone.run(&["whoami"]).await.bad(1);
    assert!(refused.contains("No token that is good") && refused.contains("holdfast login"), "{refused}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn bad_usage_ends_with_two_before_anything_is_asked() {
    let home = home();
    let run = async |arguments: &[&str], variables: &[(&str, &str)]| -> Ended {
        let mut command = holdfast(home.path());
        command.args(arguments).envs(variables.iter().copied());
        command.output().await.unwrap().into()
    };
    let token = ("HOLDFAST_TOKEN", "hf_x");
    assert!(run(&["jobs"], &[token]).await.bad(2).contains("HOLDFAST_SERVER"));
    let none = run(&["jobs", "--server", "https://b.example.com"], &[]).await.bad(2);
    assert!(none.contains("holdfast login") && none.contains("HOLDFAST_TOKEN_FILE"), "{none}");
    let plain = run(&["jobs"], &[token, ("HOLDFAST_SERVER", "http://b.example.com")]).await.bad(2);
    assert!(plain.contains("--allow-plain-http"), "{plain}");
    let path = run(&["--server", "https://b.example.com/x", "jobs"], &[token]).await.bad(2);
    assert!(path.contains("without a path"), "{path}");
    let argument = run(&["jobs", "--server", "https://b.example.com", "--token", "hf_x"], &[]).await.bad(2);
    assert!(argument.contains("unexpected argument"), "a token is no argument: {argument}");
    let local = run(&["--server", "https://b.example.com", "policy", "lint", "-"], &[]).await.bad(2);
    assert!(local.contains("asks no server"), "{local}");
    let file =
        run(&["whoami", "--server", "https://b.example.com", "--token-file", "/none"], &[]).await.bad(2);
    assert!(file.contains("/none"), "{file}");
    let nobody = run(&["whoami", "--server", "http://127.0.0.1:1"], &[token]).await.bad(1);
    assert!(nobody.contains("cannot be reached"), "{nobody}");
}

/// A server of another kind, and what it was sent as authorization.
async fn other(router: impl Fn(Arc<Mutex<Vec<String>>>) -> Router) -> (String, Arc<Mutex<Vec<String>>>) {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = router(seen.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, seen)
}

fn note(seen: &Arc<Mutex<Vec<String>>>, headers: &HeaderMap) -> usize {
    let mut seen = seen.lock().unwrap();
    seen.push(
        headers.get("authorization").map_or_else(String::new, |sent| sent.to_str().unwrap().to_owned()),
    );
    seen.len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_token_goes_to_its_server_and_is_not_sent_on_and_too_much_is_waited_for() {
    let (thief, stolen) = other(|seen| {
        Router::new().fallback(move |headers: HeaderMap| async move { note(&seen, &headers).to_string() })
    })
    .await;
    let to = format!("{thief}/api/v1/me");
    let (redirects, _) = other(move |_| {
        let to = to.clone();
        Router::new()
            .fallback(move || async move { (StatusCode::FOUND, [("location", to)], "").into_response() })
    })
    .await;
    let (busy, asked) = other(|seen| {
        let answer = move |headers: HeaderMap| async move {
            if note(&seen, &headers) > 1 {
                return Json(json!({"items": [], "next": null, "total": {"count": 0, "exact": true}})).into_response();
            }
            let problem = json!({"type": "about:blank", "title": "Holdfast is busy", "status": 429, "detail": "Wait.",
                "code": "busy", "incident": null});
            let headers = [("content-type", "application/problem+json"), ("retry-after", "1")];
            (StatusCode::TOO_MANY_REQUESTS, headers, problem.to_string()).into_response()
        };
        Router::new().route("/api/v1/events", get(answer))
    })
    .await;
    let run = async |url: &str, command: &str| {
        Asked { url, token: "hf_secret".into(), home: home() }.run(&[command]).await
    };
    let sent_on = run(&redirects, "whoami").await.bad(1);
    assert!(sent_on.contains("sends on to") && sent_on.contains(&thief), "{sent_on}");
    assert_eq!(*stolen.lock().unwrap(), Vec::<String>::new(), "nobody else has the token");
    let waited = run(&busy, "events").await;
    assert_eq!(waited.status, Some(0), "{waited:?}");
    assert_eq!(*asked.lock().unwrap(), ["Bearer hf_secret", "Bearer hf_secret"]);
    let other = run(&thief, "whoami").await.bad(1);
    assert!(other.contains("is not Holdfast"), "{other}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_server_is_believed_by_its_certificate_alone() {
    let made = made();
    let files = Files::with(&made);
    let site = start_with_tls(files.options(), &made.certificate).await.with_administrator().await;
    let asked = Asked::with(&site, &[Action::Read]).await;
    let stranger = asked.run(&["whoami"]).await.bad(1);
    assert!(stranger.contains("cannot be reached") && stranger.contains("certificate"), "{stranger}");
    let file = files.certificate();
    assert!(asked.run(&["whoami", "--ca-file", file.to_str().unwrap()]).await.good().contains(EMAIL));
    let empty = asked.run(&["whoami", "--ca-file", "/dev/null"]).await.bad(2);
    assert!(empty.contains("no certificate"), "{empty}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_person_signs_in_by_the_code_and_out_again() {
    let site = start().await.with_administrator().await;
    site.sign_in(EMAIL, PASSWORD).await;
    let home = home();
    let command = |arguments: &[&str]| {
        let mut command = holdfast(home.path());
        command.args(arguments).env("HOLDFAST_SERVER", &site.url);
        command
    };
    let run = async |arguments: &[&str]| -> Ended { command(arguments).output().await.unwrap().into() };
    let login = async |arguments: &[&str], allow: bool| -> Ended {
        let mut child = command(arguments).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut code = None;
        while let Some(line) = lines.next_line().await.unwrap() {
            let typed = line.trim();
            if typed.len() == 9 && typed.contains('-') {
                code = Some(typed.to_owned());
                break;
            }
        }
        let id = find(&site, &json!({"user_code": code.unwrap()})).await.unwrap();
        if allow {
            assert_eq!(approve(&site, &id).await, StatusCode::OK);
        } else {
            let ana = super::api::administrator(&site).await;
            site.portal.refuse_device(&ana, id.parse().unwrap()).await.unwrap();
        }
        let (mut out, mut error) = (String::new(), String::new());
        while let Some(line) = lines.next_line().await.unwrap() {
            out.push_str(&line);
        }
        child.stderr.take().unwrap().read_to_string(&mut error).await.unwrap();
        Ended { status: child.wait().await.unwrap().code(), out, error }
    };
    let refused = login(&["login"], false).await;
    assert_eq!(
        (refused.status, refused.error.contains("refused in the browser")),
        (Some(1), true),
        "{refused:?}"
    );
    assert!(run(&["whoami"]).await.bad(2).contains("holdfast login"));

    let signed_in =
        login(&["login", "--for", "read,sync", "--days", "2", "--name", "a test"], true).await.good();
    assert!(signed_in.contains(&format!("Signed in as {EMAIL} for read, sync")), "{signed_in}");
    let who = run(&["whoami", "--output", "json"]).await.lines();
    assert_eq!((&who[0]["owner"], &who[0]["token"]["name"]), (&json!(EMAIL), &json!("a test")));
    let path = home.path().join("config/holdfast/tokens.json");
    let kept: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    let first = kept["servers"][&site.url]["token"].as_str().unwrap().to_owned();
    let bearer = async |token: &str| {
        let request = reqwest::Client::new().get(format!("{}/api/v1/me", site.url)).bearer_auth(token);
        request.send().await.unwrap().status()
    };
    assert_eq!(bearer(&first).await, StatusCode::OK);
    login(&["login"], true).await.good();
    assert_eq!(bearer(&first).await, StatusCode::UNAUTHORIZED, "the one before is revoked");

    assert!(run(&["logout"]).await.good().contains("revoked"));
    assert_eq!(run(&["whoami"]).await.status, Some(2));
    assert!(run(&["logout"]).await.good().contains("no token is kept"));
    let ana = site.store.user_by_email(EMAIL).await.unwrap().unwrap();
    assert_eq!(site.store.tokens_of(ana.id).await.unwrap(), [], "nothing of it is left on the server");
}
