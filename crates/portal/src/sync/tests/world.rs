//! A simulator behind a gate, a database, and what is in each of them.

use std::{
    cell::Cell,
    collections::BTreeMap,
    future::Future,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use aws::{Aws, Page, Rates};
use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::HeaderMap,
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
};
use model::{
    JobKind, PolicyId, TargetId,
    job::Job,
    organization::{Node, PolicyRecord},
};
use serde_json::{Value, json};
use simulator::Simulator;
use store::{Store, testing::TestDatabase};
use time::{Duration, OffsetDateTime, macros::datetime};
use tokio::sync::Notify;

use crate::sync::{Options, Sync, SyncHandle, channel};

pub const REGIONS: [&str; 3] = ["eu-central-1", "eu-west-1", "us-east-1"];
const START: OffsetDateTime = datetime!(2026-11-20 12:00 UTC);

thread_local! {
    /// Each test runs on one thread and has its own time, which moves when it is told to.
    static LATER: Cell<Duration> = const { Cell::new(Duration::ZERO) };
}

pub fn now() -> OffsetDateTime {
    START + LATER.get()
}

pub fn pass(time: Duration) {
    LATER.set(LATER.get() + time);
}

type Answering = Box<dyn Fn(&str, &HeaderMap, &Bytes) -> Option<Response> + Send + std::marker::Sync>;
type Changing = Box<dyn Fn(&str, Value) -> Value + Send + std::marker::Sync>;

/// Stands before the simulator.
#[derive(Default)]
pub struct Gate {
    /// Requests that came.
    pub count: AtomicUsize,
    /// The request with this number, and all after it, are never answered; 0 lets all pass.
    pub stop_at: AtomicUsize,
    pub stopped: Notify,
    /// Answers in the place of the simulator. Gets the operation or path.
    pub answer: Mutex<Option<Answering>>,
    /// Changes answers of the simulator. Gets the operation or path.
    pub change: Mutex<Option<Changing>>,
    /// The operations and paths asked for.
    pub asked: Mutex<Vec<String>>,
}

pub struct World {
    pub gate: Arc<Gate>,
    pub database: TestDatabase,
    /// To the simulator itself.
    pub address: String,
    /// To the simulator through the gate.
    gated: Aws,
    pub gated_address: String,
    /// To the simulator itself.
    pub aws: Aws,
}

impl World {
    pub async fn new() -> Self {
        LATER.set(Duration::ZERO);
        let options =
            simulator::Options { effective_delay: Duration::ZERO, ..simulator::Options::demo(Arc::new(now)) };
        let simulator = Simulator::new(options).unwrap();
        let gate = Arc::new(Gate::default());
        let address = serve(simulator.router()).await;
        let gated = serve(simulator.router().layer(from_fn_with_state(gate.clone(), pass_gate))).await;
        Self {
            gate,
            database: listened_to(store::testing::database().await),
            aws: Aws::connect(aws::Options::simulated(&address, Rates::Off)).await.unwrap(),
            gated: Aws::connect(aws::Options::simulated(&gated, Rates::Off)).await.unwrap(),
            gated_address: gated,
            address,
        }
    }

    /// The same simulator with an empty database.
    pub async fn with_new_database(self) -> Self {
        self.gate.count.store(0, Ordering::SeqCst);
        Self { database: listened_to(store::testing::database().await), ..self }
    }

    pub fn store(&self) -> &Store {
        &self.database.store
    }

    pub fn sync(&self) -> Sync {
        self.sync_with(Options::default()).0
    }

    pub fn sync_with(&self, options: Options) -> (Sync, SyncHandle) {
        let (handle, wake) = channel();
        let regions = vec!["eu-west-1".to_owned()];
        (Sync::new(self.store().clone(), self.gated.clone(), now, regions, wake, options), handle)
    }

    pub fn requests(&self) -> usize {
        self.gate.count.load(Ordering::SeqCst)
    }

    /// Runs some work until the gate stops a request, then drops it as a kill would; whether it ended before.
    pub async fn killed_at<T>(&self, request: usize, work: impl Future<Output = T>) -> Option<T> {
        self.gate.stop_at.store(request, Ordering::SeqCst);
        let stopped = async {
            // The bell may still ring from the kill before.
            while self.requests() < request {
                self.gate.stopped.notified().await;
            }
        };
        let ended = tokio::select! {
            biased;
            () = stopped => None,
            ended = work => Some(ended),
        };
        self.gate.stop_at.store(0, Ordering::SeqCst);
        ended
    }

    /// Calls the simulator directly, also with what the gateway does not offer.
    pub async fn organizations(&self, operation: &str, input: Value) -> Value {
        let signed = "AWS4-HMAC-SHA256 Credential=simulated/20261120/us-east-1/organizations/aws4_request, \
            SignedHeaders=host, Signature=0";
        let request = reqwest::Client::new()
            .post(&self.address)
            .header("x-amz-target", format!("AWSOrganizationsV20161128.{operation}"))
            .header("content-type", "application/x-amz-json-1.1")
            .header("authorization", signed)
            .body(input.to_string());
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{operation}: {}", answer.text().await.unwrap());
        serde_json::from_str(&answer.text().await.unwrap()).unwrap_or(Value::Null)
    }
}

/// A database whose news this process hears.
fn listened_to(database: TestDatabase) -> TestDatabase {
    let store = database.store.clone();
    tokio::spawn(async move { store.listen().await });
    database
}

async fn serve(router: axum::Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

async fn pass_gate(State(gate): State<Arc<Gate>>, request: Request, next: Next) -> Response {
    let number = gate.count.fetch_add(1, Ordering::SeqCst) + 1;
    let stop_at = gate.stop_at.load(Ordering::SeqCst);
    if stop_at > 0 && number >= stop_at {
        gate.stopped.notify_one();
        return std::future::pending().await;
    }
    let (parts, body) = request.into_parts();
    let target = parts.headers.get("x-amz-target").and_then(|t| t.to_str().ok());
    let path = parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
    let name = target.and_then(|t| t.rsplit('.').next()).map_or(path, str::to_owned);
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    gate.asked.lock().unwrap().push(name.clone());
    let answered =
        gate.answer.lock().unwrap().as_ref().and_then(|answer| answer(&name, &parts.headers, &body));
    if let Some(answer) = answered {
        return answer;
    }
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    if gate.change.lock().unwrap().is_none() {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let changed = {
        let change = gate.change.lock().unwrap();
        let value = serde_json::from_slice(&body).unwrap_or(Value::Null);
        change.as_ref().map(|change| change(&name, value))
    };
    parts.headers.remove("content-length");
    Response::from_parts(parts, Body::from(changed.map_or_else(|| body, |value| value.to_string().into())))
}

/// An error answer of AWS Backup.
pub fn backup_error(status: u16, code: &str) -> Response {
    let status = axum::http::StatusCode::from_u16(status).unwrap();
    let headers = [("x-amzn-errortype", code.to_owned()), ("content-type", "application/json".to_owned())];
    (status, headers, json!({"Message": "said so"}).to_string()).into_response()
}

/// An organization as plain facts, to be compared.
#[derive(Debug, PartialEq, Eq)]
pub struct Facts {
    pub nodes: BTreeMap<TargetId, Node>,
    pub policies: BTreeMap<PolicyId, PolicyRecord>,
    /// In the order of attachment.
    pub attached: BTreeMap<TargetId, Vec<PolicyId>>,
}

/// What the store shows its readers.
pub async fn stored(store: &Store) -> Facts {
    let snapshot = store.load_snapshot().await.unwrap();
    let mut attached: BTreeMap<TargetId, Vec<PolicyId>> = BTreeMap::new();
    for attachment in snapshot.attachments {
        attached.entry(attachment.target).or_default().push(attachment.policy);
    }
    Facts {
        nodes: snapshot.nodes.into_iter().map(|node| (node.id.clone(), node)).collect(),
        policies: snapshot.policies.into_iter().map(|p| (p.record.id.clone(), p.record)).collect(),
        attached,
    }
}

/// What AWS has, read place by place.
pub async fn in_aws(aws: &Aws) -> Facts {
    let root = aws.root().await.unwrap().node;
    let mut facts = Facts { nodes: BTreeMap::new(), policies: BTreeMap::new(), attached: BTreeMap::new() };
    let mut open = vec![root.id.clone()];
    facts.nodes.insert(root.id.clone(), root);
    while let Some(place) = open.pop() {
        let ous = all(async |token| aws.ous_page(&place, token.as_deref()).await).await;
        let accounts = all(async |token| aws.accounts_for_parent_page(&place, token.as_deref()).await).await;
        open.extend(ous.iter().map(|ou| ou.id.clone()));
        facts.nodes.extend(ous.into_iter().chain(accounts).map(|node| (node.id.clone(), node)));
    }
    for head in all(async |token| aws.policies_page(token.as_deref()).await).await {
        facts.policies.insert(head.id.clone(), aws.describe_policy(&head.id).await.unwrap());
    }
    for place in facts.nodes.keys() {
        let policies = aws.policies_for_target(place).await.unwrap();
        if !policies.is_empty() {
            facts.attached.insert(place.clone(), policies);
        }
    }
    facts
}

/// Every job of a Region and kind that AWS lists, created after an instant.
pub async fn jobs_in_aws(aws: &Aws, region: &str, kind: JobKind, after: OffsetDateTime) -> Vec<Job> {
    let filter = aws::JobsAfter { created_after: Some(after), ..aws::JobsAfter::default() };
    let page = async |token: Option<String>| {
        let page = aws.job_page(region, kind, &filter, token.as_deref()).await?;
        Ok(Page { rows: page.rows, next: page.next, odd: Vec::new() })
    };
    all(page).await
}

async fn all<T>(ask: impl AsyncFn(Option<String>) -> Result<Page<T>, aws::AwsError>) -> Vec<T> {
    let (mut rows, mut token) = (Vec::new(), None);
    loop {
        let page = ask(token).await.unwrap();
        rows.extend(page.rows);
        match page.next {
            Some(next) => token = Some(next),
            None => return rows,
        }
    }
}
