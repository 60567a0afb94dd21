//! Faults, rates, the clock and the record of calls.

use super::Aws;
use crate::Rates;
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use time::Duration;
use tower::ServiceExt;

async fn control(aws: &Aws, method: &str, path: &str, body: Value) -> Value {
    let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    let reply = aws.send(request.body(body).unwrap()).await;
    assert!(reply.status.is_success(), "{} {}", reply.status, reply.body);
    reply.body
}

async fn fault(aws: &Aws, fault: Value) {
    control(aws, "POST", "/_control/faults", fault).await;
}

#[tokio::test]
async fn a_fault_hits_the_next_calls_of_its_operation_and_then_is_gone() {
    let aws = Aws::demo();
    fault(&aws, json!({"kind": "throttle", "operation": "ListRoots", "times": 2})).await;
    assert_eq!(aws.call("DescribeOrganization", json!({})).await.status, 200);
    for _ in 0..2 {
        let reply = aws.call("ListRoots", json!({})).await;
        assert_eq!(reply.refusal().1, "TooManyRequestsException");
        assert!(reply.body["Type"].is_string());
    }
    assert_eq!(aws.call("ListRoots", json!({})).await.status, 200);
    assert_eq!(control(&aws, "GET", "/_control/faults", Value::Null).await, json!({}));
}

#[tokio::test]
async fn a_denial_names_the_missing_action() {
    let aws = Aws::demo();
    fault(&aws, json!({"kind": "deny", "operation": "*"})).await;
    let json = aws.call("CreatePolicy", json!({})).await;
    assert_eq!(json.refusal(), (400, "AccessDeniedException", ""));
    assert!(
        json.body["Message"]
            .as_str()
            .unwrap()
            .contains("not authorized to perform: organizations:CreatePolicy")
    );
    let rest = aws.backup("GET", "eu-west-1", "/backup-jobs", Value::Null).await;
    assert_eq!(rest.exception(), (403, "AccessDeniedException"));
    assert!(rest.body["message"].as_str().unwrap().contains("backup:ListBackupJobs"));
    control(&aws, "DELETE", "/_control/faults", Value::Null).await;
    assert_eq!(aws.call("ListRoots", json!({})).await.status, 200);
}

#[tokio::test]
async fn a_list_of_jobs_can_refuse_all_accounts_at_once_and_give_each() {
    let aws = Aws::demo();
    let privileges = "Insufficient privileges to perform this action.";
    for (code, message) in
        [("AccessDeniedException", privileges), ("InvalidParameterValueException", "accountId is invalid")]
    {
        let refusal = json!({"kind": "error", "operation": "ListCopyJobs", "account": "*", "code": code, "message": message});
        fault(&aws, refusal).await;
        let all = aws.backup("GET", "eu-west-1", "/copy-jobs?accountId=*", Value::Null).await;
        assert_eq!(all.exception().1, code);
        assert!(all.body.to_string().contains(message), "{}", all.body);
        for others in ["/copy-jobs", "/backup-jobs?accountId=*"] {
            assert_eq!(aws.backup("GET", "eu-west-1", others, Value::Null).await.status, 200, "{others}");
        }
        control(&aws, "DELETE", "/_control/faults", Value::Null).await;
    }
}

#[tokio::test]
async fn server_faults_answer_500() {
    let aws = Aws::demo();
    fault(&aws, json!({"kind": "error500", "operation": "*"})).await;
    assert_eq!(aws.call("ListRoots", json!({})).await.refusal(), (500, "ServiceException", ""));
    let rest = aws.backup("GET", "eu-west-1", "/backup-jobs", Value::Null).await;
    assert_eq!(rest.exception(), (500, "ServiceUnavailableException"));
}

#[tokio::test]
async fn any_exception_can_be_asked_for() {
    let aws = Aws::demo();
    let code = "ConcurrentModificationException";
    fault(
        &aws,
        json!({"kind": "error", "operation": "organizations:TagResource", "code": code, "message": "later"}),
    )
    .await;
    let reply = aws.call("TagResource", json!({})).await;
    assert_eq!((reply.refusal().1, &reply.body["Message"]), (code, &json!("later")));
}

#[tokio::test]
async fn a_dropped_connection_gives_no_answer() {
    let aws = Aws::demo();
    fault(&aws, json!({"kind": "drop", "operation": "GetSupportedResourceTypes", "times": 1})).await;
    let request = Request::get("/supported-resource-types").body(Body::empty()).unwrap();
    let response = aws.simulator.router().oneshot(request).await.unwrap();
    assert!(axum::body::to_bytes(response.into_body(), usize::MAX).await.is_err());
    assert!(aws.get("eu-west-1", "/supported-resource-types").await["ResourceTypes"].is_array());
}

#[tokio::test(start_paused = true)]
async fn a_stalled_call_waits_and_then_answers() {
    let aws = Aws::demo();
    fault(&aws, json!({"kind": "stall", "operation": "ListRoots", "times": 1, "delay": 5000})).await;
    let before = tokio::time::Instant::now();
    assert_eq!(aws.call("ListRoots", json!({})).await.status, 200);
    assert_eq!(before.elapsed().as_secs(), 5);
}

#[tokio::test]
async fn published_rates_throttle_and_refill() {
    let aws = Aws::with(|options| options.rates = Rates::On);
    let id = aws.policy("baseline-daily").await;
    let describe = || aws.call("DescribePolicy", json!({"PolicyId": id}));
    assert_eq!([describe().await.status, describe().await.status], [200, 200]);
    assert_eq!(describe().await.refusal().1, "TooManyRequestsException");
    aws.pass(Duration::seconds(1));
    assert_eq!(describe().await.status, 200);
}

#[tokio::test]
async fn calls_are_counted_by_action() {
    let aws = Aws::demo();
    aws.call("ListRoots", json!({})).await;
    aws.call("ListRoots", json!({"MaxResults": 0})).await;
    aws.get("eu-west-1", "/global-settings").await;
    let calls = control(&aws, "GET", "/_control/calls", Value::Null).await;
    assert_eq!(calls, json!({"organizations:ListRoots": 2, "backup:DescribeGlobalSettings": 1}));
    control(&aws, "DELETE", "/_control/calls", Value::Null).await;
    assert!(aws.simulator.calls().is_empty());
}

#[tokio::test]
async fn a_reset_brings_back_the_world_of_the_seed() {
    let aws = Aws::demo();
    let policy = aws.create_policy("mine", &json!({"plans": {}})).await;
    fault(&aws, json!({"kind": "deny", "operation": "*"})).await;
    control(&aws, "PUT", "/_control/clock", json!({"offset": 60})).await;
    control(&aws, "POST", "/_control/reset", Value::Null).await;
    let gone = aws.call("DescribePolicy", json!({"PolicyId": policy})).await;
    assert_eq!(gone.refusal().1, "PolicyNotFoundException");
    assert_eq!(aws.simulator.now(), super::START);
}

#[tokio::test]
async fn the_clock_can_be_moved() {
    let aws = Aws::demo();
    let before = aws.simulator.now();
    control(&aws, "PUT", "/_control/clock", json!({"offset": 86_400})).await;
    assert_eq!(aws.simulator.now() - before, Duration::days(1));
}

#[tokio::test]
async fn a_reset_may_begin_with_another_seed_and_organization() {
    let aws = Aws::demo();
    let other = Aws::with(|options| options.seed = 7);
    let path = "/backup-jobs?accountId=*&maxResults=3";
    control(&aws, "POST", "/_control/reset", json!({"seed": 7})).await;
    assert_eq!(aws.get("eu-west-1", path).await, other.get("eu-west-1", path).await);
    control(&aws, "POST", "/_control/reset", json!({"organization": "scale"})).await;
    let about = control(&aws, "GET", "/_control", Value::Null).await;
    assert_eq!((&about["seed"], &about["accounts"]), (&json!(7), &json!(10_000)), "the seed stays");
    let request = Request::post("/_control/reset").body(Body::from("{\"sead\": 1}")).unwrap();
    assert_eq!(aws.simulator.router().oneshot(request).await.unwrap().status(), 400);
}

#[tokio::test]
async fn the_clock_stays_where_jobs_can_be_computed() {
    let aws = Aws::demo();
    for offset in [1e18, 1e11, -1e10, 1e300] {
        let body = json!({"offset": offset}).to_string();
        let request = Request::put("/_control/clock").header("content-type", "application/json");
        let request = request.body(Body::from(body)).unwrap();
        assert_eq!(aws.simulator.router().oneshot(request).await.unwrap().status(), 400, "{offset}");
    }
    assert_eq!(aws.simulator.now(), super::START);
}
