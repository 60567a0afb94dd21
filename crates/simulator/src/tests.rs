//! The simulator as a client sees it: requests into the router, answers out of it.

mod accounts;
mod audit;
mod control;
mod demo;
mod effective;
mod features;
mod filters;
mod fuzz;
mod inventory;
mod jobs;
mod life;
mod plans;
mod points;
mod policies;
mod scale;
mod scans;
mod settings;
mod started;
mod state;
mod wire;

use crate::{Options, Simulator};
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use time::{Duration, OffsetDateTime, macros::datetime};
use tower::ServiceExt;

/// When the tests start: a Friday noon.
const START: OffsetDateTime = datetime!(2026-11-20 12:00 UTC);

/// A simulator with a clock of its own.
struct Aws {
    simulator: Simulator,
    seconds: Arc<AtomicI64>,
}

struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
}

impl Aws {
    fn demo() -> Self {
        Self::with(|_| {})
    }

    fn with(change: impl FnOnce(&mut Options)) -> Self {
        let seconds = Arc::new(AtomicI64::new(0));
        let clock = Arc::clone(&seconds);
        let now = move || START + Duration::seconds(clock.load(Ordering::Relaxed));
        let mut options = Options { uneven_pages: false, ..Options::demo(Arc::new(now)) };
        change(&mut options);
        Self { simulator: Simulator::new(options).unwrap(), seconds }
    }

    fn pass(&self, time: Duration) {
        self.seconds.fetch_add(time.whole_seconds(), Ordering::Relaxed);
    }

    async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.simulator.router().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap() };
        Reply { status: parts.status, headers: parts.headers, body }
    }

    /// An operation of Organizations as the management account.
    async fn call(&self, operation: &str, input: Value) -> Reply {
        self.call_as("EXAMPLE", operation, input).await
    }

    /// An operation of Organizations with an access key id after `AKIA`.
    async fn call_as(&self, key: &str, operation: &str, input: Value) -> Reply {
        let request = Request::post("/")
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", format!("AWSOrganizationsV20161128.{operation}"))
            .header("authorization", authorization(key, "us-east-1", "organizations"));
        self.send(request.body(Body::from(input.to_string())).unwrap()).await
    }

    /// An operation of Organizations that has to succeed.
    async fn must(&self, operation: &str, input: Value) -> Value {
        let reply = self.call(operation, input).await;
        assert_eq!(reply.status, 200, "{operation}: {}", reply.body);
        reply.body
    }

    /// All pages of a listing of Organizations.
    async fn all(&self, operation: &str, member: &str, input: Value) -> Vec<Value> {
        let mut input = input;
        let mut found = Vec::new();
        loop {
            let page = self.must(operation, input.clone()).await;
            found.extend(page[member].as_array().unwrap().iter().cloned());
            match page.get("NextToken") {
                Some(token) => input["NextToken"] = token.clone(),
                None => return found,
            }
        }
    }

    /// A request to AWS Backup.
    async fn backup(&self, method: &str, region: &str, path: &str, body: Value) -> Reply {
        self.backup_as("EXAMPLE", method, region, path, body).await
    }

    async fn backup_as(&self, key: &str, method: &str, region: &str, path: &str, body: Value) -> Reply {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", authorization(key, region, "backup"));
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        self.send(request.body(body).unwrap()).await
    }

    /// A read of AWS Backup that has to succeed.
    async fn get(&self, region: &str, path: &str) -> Value {
        let reply = self.backup("GET", region, path, Value::Null).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.body);
        reply.body
    }

    /// All pages of a listing of AWS Backup.
    async fn jobs(&self, region: &str, path: &str, member: &str) -> Vec<Value> {
        // The older listings take their token by another name than the younger ones.
        let is_younger = ["/audit/", "/scan/"].iter().any(|start| path.starts_with(start));
        let name = if is_younger { "NextToken" } else { "nextToken" };
        let mut found = Vec::new();
        let mut page = self.get(region, path).await;
        loop {
            found.extend(page[member].as_array().unwrap().iter().cloned());
            let Some(token) = page["NextToken"].as_str() else { return found };
            let joint = if path.contains('?') { '&' } else { '?' };
            page = self.get(region, &format!("{path}{joint}{name}={token}")).await;
        }
    }

    async fn account(&self, name: &str) -> String {
        let accounts = self.all("ListAccounts", "Accounts", json!({})).await;
        let found = accounts.iter().find(|account| account["Name"] == name).unwrap();
        found["Id"].as_str().unwrap().to_owned()
    }

    async fn root(&self) -> String {
        self.must("ListRoots", json!({})).await["Roots"][0]["Id"].as_str().unwrap().to_owned()
    }

    async fn policy(&self, name: &str) -> String {
        let policies = self.all("ListPolicies", "Policies", json!({"Filter": "BACKUP_POLICY"})).await;
        let found = policies.iter().find(|policy| policy["Name"] == name).unwrap();
        found["Id"].as_str().unwrap().to_owned()
    }

    /// Creates a policy and gives its id.
    async fn create_policy(&self, name: &str, content: &Value) -> String {
        let input = policy_input(name, content);
        let policy = self.must("CreatePolicy", input).await;
        policy["Policy"]["PolicySummary"]["Id"].as_str().unwrap().to_owned()
    }

    async fn effective(&self, account: &str) -> Value {
        let input = json!({"PolicyType": "BACKUP_POLICY", "TargetId": account});
        let answer = self.must("DescribeEffectivePolicy", input).await;
        serde_json::from_str(answer["EffectivePolicy"]["PolicyContent"].as_str().unwrap()).unwrap()
    }
}

impl Reply {
    /// The exception of a refused call of Organizations with its Reason.
    fn refusal(&self) -> (u16, &str, &str) {
        let text = |member: &str| self.body[member].as_str().unwrap_or_default();
        (self.status.as_u16(), text("__type"), text("Reason"))
    }

    /// The exception of a refused call of AWS Backup.
    fn exception(&self) -> (u16, &str) {
        let header = self.headers.get("x-amzn-errortype").map(|name| name.to_str().unwrap());
        (self.status.as_u16(), header.unwrap_or_default())
    }
}

fn authorization(key: &str, region: &str, service: &str) -> String {
    format!(
        "AWS4-HMAC-SHA256 Credential=AKIA{key}/20261120/{region}/{service}/aws4_request, SignedHeaders=host, Signature=0"
    )
}

fn policy_input(name: &str, content: &Value) -> Value {
    json!({"Name": name, "Description": "", "Type": "BACKUP_POLICY", "Content": content.to_string()})
}

/// A complete plan of one rule.
fn plan(schedule: &str, vault: &str) -> Value {
    json!({"plans": {"tested": {
        "regions": {"@@assign": ["eu-west-1"]},
        "rules": {"often": {
            "schedule_expression": {"@@assign": schedule},
            "target_backup_vault_name": {"@@assign": vault},
        }},
        "selections": {"tags": {"standard": {
            "iam_role_arn": {"@@assign": "arn:aws:iam::$account:role/backup"},
            "tag_key": {"@@assign": "backup-tier"},
            "tag_value": {"@@assign": ["standard"]},
        }}},
    }}})
}
