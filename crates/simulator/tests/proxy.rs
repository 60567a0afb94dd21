//! The spoiling proxy before a real simulator: what is carried out, and what the client gets to see of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use serde_json::{Value, json};
use simulator::proxy::{Gate, How, Moment, Proxy, Spoil};
use simulator::{Options, Simulator};
use std::sync::Arc;
use time::macros::datetime;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

struct House {
    simulator: Simulator,
    proxy: Proxy,
}

impl House {
    async fn start() -> Self {
        let clock = || datetime!(2026-11-20 12:00 UTC);
        let simulator = Simulator::new(Options::demo(Arc::new(clock))).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let router = simulator.router();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { simulator, proxy: Proxy::start(&endpoint).await.unwrap() }
    }

    /// Everything that comes back on the connection of one request.
    fn send(&self, request: String) -> JoinHandle<Vec<u8>> {
        let address = self.proxy.url().strip_prefix("http://").unwrap().to_owned();
        tokio::spawn(async move {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(request.as_bytes()).await.unwrap();
            let mut answer = Vec::new();
            // A connection that is reset has said what it had to say.
            let _ = stream.read_to_end(&mut answer).await;
            answer
        })
    }

    fn organizations(&self, operation: &str, input: &Value) -> JoinHandle<Vec<u8>> {
        let target = format!("X-Amz-Target: AWSOrganizationsV20161128.{operation}\r\n");
        self.send(request("POST /", &target, &input.to_string()))
    }

    fn create(&self, name: &str) -> JoinHandle<Vec<u8>> {
        self.organizations("CreatePolicy", &policy(name))
    }

    async fn answered(&self, name: &str) -> Answer {
        Answer::of(&self.create(name).await.unwrap())
    }

    fn received(&self, action: &str) -> u64 {
        self.simulator.calls().get(action).copied().unwrap_or_default()
    }

    fn statuses(&self) -> Vec<(String, Option<u16>, bool)> {
        self.proxy.calls().into_iter().map(|call| (call.operation, call.status, call.spoiled)).collect()
    }
}

/// An answer as it came, cut or not.
struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn of(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|part| part == b"\r\n\r\n").expect("headers");
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap().to_lowercase();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Self { status, head, body: bytes[end + 4..].to_vec() }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

fn request(line: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "{line} HTTP/1.1\r\nHost: aws\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
    )
}

fn policy(name: &str) -> Value {
    json!({"Name": name, "Description": "", "Type": "BACKUP_POLICY", "Content": "{\"plans\":{}}"})
}

#[tokio::test]
async fn answers_come_back_as_the_endpoint_gave_them_and_are_counted_in_each_protocol() {
    let house = House::start().await;
    let created = house.answered("plain").await;
    assert_eq!(created.status, 200);
    assert_eq!(created.json()["Policy"]["PolicySummary"]["Name"], "plain");
    let refused = house.answered("plain").await;
    assert_eq!((refused.status, &refused.json()["__type"]), (400, &json!("DuplicatePolicyException")));
    let vaults = house.send(request("GET /backup-vaults?maxResults=1", "", "")).await.unwrap();
    assert_eq!(Answer::of(&vaults).json()["BackupVaultList"].as_array().unwrap().len(), 1);
    let form = request("POST /", "", "Action=GetCallerIdentity&Version=2011-06-15");
    assert!(
        String::from_utf8(house.send(form).await.unwrap()).unwrap().contains("<GetCallerIdentityResult>")
    );
    assert_eq!(
        house.statuses(),
        [
            ("CreatePolicy".to_owned(), Some(200), false),
            ("CreatePolicy".to_owned(), Some(400), false),
            ("GET /backup-vaults".to_owned(), Some(200), false),
            ("GetCallerIdentity".to_owned(), Some(200), false),
        ]
    );
    assert_eq!(house.proxy.executed("CreatePolicy"), 1);
    assert_eq!(house.proxy.executed("*"), 3);
}

#[tokio::test]
async fn a_lost_answer_belongs_to_a_call_that_was_carried_out() {
    let house = House::start().await;
    house.proxy.spoil(Spoil::new("CreatePolicy", How::Lose).times(1));
    assert_eq!(house.create("lost").await.unwrap(), b"");
    assert_eq!(house.proxy.executed("CreatePolicy"), 1);
    let again = house.answered("lost").await;
    assert_eq!(again.json()["__type"], "DuplicatePolicyException");
    assert_eq!(
        house.statuses(),
        [("CreatePolicy".to_owned(), Some(200), true), ("CreatePolicy".to_owned(), Some(400), false)]
    );
}

#[tokio::test]
async fn a_cut_answer_ends_after_half_of_what_its_headers_promise() {
    let house = House::start().await;
    house.proxy.spoil(Spoil::new("CreatePolicy", How::Cut));
    let cut = house.answered("cut").await;
    let promised: usize = cut.header("content-length").unwrap().parse().unwrap();
    assert_eq!((cut.status, cut.body.len()), (200, promised / 2));
    assert!(cut.body.starts_with(b"{\"Policy\""));
    house.proxy.spoil(Spoil::new("DELETE /backup-vaults/*", How::Cut));
    house.send(request("PUT /backup-vaults/emptied", "", "{}")).await.unwrap();
    let nothing = house.send(request("DELETE /backup-vaults/emptied", "", "")).await.unwrap();
    let nothing = Answer::of(&nothing);
    assert_eq!((nothing.status, nothing.header("content-length"), nothing.body.len()), (200, Some("1"), 0));
}

#[tokio::test]
async fn empty_garbled_and_foreign_answers_keep_the_requests_id_unless_it_is_taken_away() {
    let house = House::start().await;
    for (number, how) in [How::Empty, How::Garble, How::Html(502)].into_iter().enumerate() {
        house.proxy.spoil(Spoil::new("CreatePolicy", how).times(1));
        let spoiled = house.answered(&format!("named-{number}")).await;
        assert!(spoiled.header("x-amzn-requestid").is_some_and(|id| id.len() == 36), "{}", spoiled.head);
        assert!(serde_json::from_slice::<Value>(&spoiled.body).is_err());
        assert_eq!(spoiled.status, if how == How::Html(502) { 502 } else { 200 });
        let is_page = spoiled.header("content-type") == Some("text/html");
        assert_eq!(is_page, how == How::Html(502));
        assert_eq!(spoiled.body.is_empty(), how == How::Empty);
        house.proxy.spoil(Spoil::new("CreatePolicy", how).nameless().times(1));
        let spoiled = house.answered(&format!("nameless-{number}")).await;
        assert_eq!(spoiled.header("x-amzn-requestid"), None);
    }
    assert_eq!(house.proxy.executed("CreatePolicy"), 6);
}

#[tokio::test]
async fn a_stalled_answer_never_comes() {
    let house = House::start().await;
    house.proxy.spoil(Spoil::new("CreatePolicy", How::Stall).times(1));
    let stalled = house.create("stalled");
    // The name is taken once the stalled call was carried out.
    while house.proxy.executed("CreatePolicy") == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(house.answered("stalled").await.json()["__type"], "DuplicatePolicyException");
    assert!(!stalled.is_finished());
    // Nobody waits for it any longer than the proxy lives.
    drop(house.proxy);
    assert_eq!(stalled.await.unwrap(), b"");
}

#[tokio::test]
async fn calls_before_and_after_those_meant_are_left_alone() {
    let house = House::start().await;
    house.proxy.spoil(Spoil::new("Create*", How::Empty).skip(1).times(2));
    let mut lengths = Vec::new();
    for number in 0..5 {
        lengths.push(house.answered(&format!("counted-{number}")).await.body.is_empty());
    }
    assert_eq!(lengths, [false, true, true, false, false]);
    house.proxy.spoil(Spoil::new("*", How::Empty));
    assert!(house.answered("all").await.body.is_empty());
    house.proxy.heal();
    assert!(!house.answered("healed").await.body.is_empty());
}

/// Two calls that wait at a gate.
async fn two_at(house: &House, moment: Moment) -> (Gate, [JoinHandle<Vec<u8>>; 2]) {
    let gate = house.proxy.hold("CreatePolicy", moment);
    let first = house.create("first");
    gate.arrived(1).await;
    let second = house.create("second");
    gate.arrived(2).await;
    assert_eq!(gate.waiting(), 2);
    (gate, [first, second])
}

#[tokio::test]
async fn calls_held_on_arrival_are_carried_out_when_they_pass_and_in_their_order() {
    let house = House::start().await;
    let (gate, [first, second]) = two_at(&house, Moment::Arrived).await;
    assert_eq!(house.received("organizations:CreatePolicy"), 0);
    gate.pass(1);
    assert_eq!(Answer::of(&first.await.unwrap()).status, 200);
    assert_eq!((gate.waiting(), house.proxy.executed("CreatePolicy")), (1, 1));
    assert!(!second.is_finished());
    gate.open();
    assert_eq!(Answer::of(&second.await.unwrap()).status, 200);
    assert_eq!(house.answered("third").await.status, 200);
}

#[tokio::test]
async fn calls_held_after_their_execution_have_been_made_before_anybody_is_told() {
    let house = House::start().await;
    let (gate, [first, second]) = two_at(&house, Moment::Executed).await;
    assert_eq!(house.received("organizations:CreatePolicy"), 2);
    assert_eq!(house.proxy.executed("CreatePolicy"), 2);
    assert!(!first.is_finished() && !second.is_finished());
    drop(gate);
    assert_eq!(Answer::of(&first.await.unwrap()).status, 200);
    assert_eq!(Answer::of(&second.await.unwrap()).status, 200);
}

#[tokio::test]
async fn discarded_calls_end_where_they_were_held() {
    let house = House::start().await;
    let (gate, [first, second]) = two_at(&house, Moment::Arrived).await;
    gate.discard();
    assert_eq!((first.await.unwrap(), second.await.unwrap()), (Vec::new(), Vec::new()));
    assert_eq!(house.received("organizations:CreatePolicy"), 0);
    let (gate, [first, second]) = two_at(&house, Moment::Executed).await;
    gate.discard();
    assert_eq!((first.await.unwrap(), second.await.unwrap()), (Vec::new(), Vec::new()));
    assert_eq!(house.received("organizations:CreatePolicy"), 2);
    assert!(house.proxy.calls().iter().all(|call| call.spoiled));
    assert_eq!(house.answered("after").await.status, 200);
}

#[tokio::test]
async fn what_was_sent_is_carried_out_although_its_sender_has_gone() {
    let house = House::start().await;
    let gate = house.proxy.hold("CreatePolicy", Moment::Arrived);
    let sender = house.create("orphan");
    gate.arrived(1).await;
    sender.abort();
    assert!(sender.await.unwrap_err().is_cancelled());
    gate.open();
    while house.proxy.executed("CreatePolicy") == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(house.answered("orphan").await.json()["__type"], "DuplicatePolicyException");
}

#[tokio::test]
async fn a_call_that_the_endpoint_drops_is_dropped_here_too() {
    let house = House::start().await;
    let fault = json!({"kind": "drop", "operation": "CreatePolicy", "times": 1}).to_string();
    let json = "Content-Type: application/json\r\n";
    house.send(request("POST /_control/faults", json, &fault)).await.unwrap();
    assert_eq!(house.create("dropped").await.unwrap(), b"");
    assert_eq!(house.statuses().last(), Some(&("CreatePolicy".to_owned(), None, false)));
    assert_eq!(house.answered("dropped").await.status, 200);
}

#[tokio::test]
async fn an_endpoint_has_to_be_given_with_its_scheme_and_without_a_path() {
    for endpoint in ["127.0.0.1:4600", "https://127.0.0.1:4600", "http://", "http://127.0.0.1:4600/path"] {
        assert_eq!(Proxy::start(endpoint).await.unwrap_err().kind(), std::io::ErrorKind::InvalidInput);
    }
}

#[tokio::test]
async fn one_region_is_spoiled_and_the_others_are_not() {
    let house = House::start().await;
    house.proxy.spoil(Spoil::new("GET /*-jobs*", How::Html(403)).in_region("eu-west-1"));
    for (region, path, status) in [
        ("eu-west-1", "/backup-jobs?maxResults=1", 403),
        ("eu-west-1", "/copy-jobs?maxResults=1", 403),
        ("eu-west-1", "/backup-vaults?maxResults=1", 200),
        ("us-east-1", "/backup-jobs?maxResults=1", 200),
    ] {
        let signature = format!(
            "Authorization: AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20261120/{region}/backup/aws4_request, Signature=0\r\n"
        );
        let answer = house.send(request(&format!("GET {path}"), &signature, "")).await.unwrap();
        assert_eq!(Answer::of(&answer).status, status, "{region} {path}");
    }
}
