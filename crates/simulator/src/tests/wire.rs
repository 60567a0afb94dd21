//! Protocols: routing, errors, paging, input.

use super::{Aws, START};
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use time::Duration;
use tower::ServiceExt;

#[tokio::test]
async fn every_answer_carries_a_request_id_of_its_own() {
    let aws = Aws::demo();
    let one = aws.call("DescribeOrganization", json!({})).await;
    let other = aws.backup("GET", "eu-west-1", "/no-such-thing", Value::Null).await;
    let ids = [&one, &other].map(|reply| reply.headers["x-amzn-requestid"].clone());
    assert_ne!(ids[0], ids[1]);
    assert_eq!(ids[0].len(), 36);
}

#[tokio::test]
async fn unknown_operations_are_refused_as_each_protocol_does() {
    let aws = Aws::demo();
    let json = aws.call("CloseAccount", json!({})).await;
    assert_eq!(json.refusal(), (400, "UnknownOperationException", ""));
    assert_eq!(json.body["Message"], "not simulated: AWSOrganizationsV20161128.CloseAccount");
    let rest = aws.backup("GET", "eu-west-1", "/backup/template/plans", Value::Null).await;
    assert_eq!(rest.exception(), (404, "UnknownOperationException"));
    assert_eq!(rest.body["message"], "not simulated: GET /backup/template/plans");
}

#[tokio::test]
async fn broken_input_of_organizations_is_named_in_the_reason() {
    let aws = Aws::demo();
    let cases = [
        ("ListPolicies", json!({}), "INPUT_REQUIRED:FILTER"),
        ("ListPolicies", json!({"Filter": "OTHER_POLICY"}), "INVALID_ENUM:FILTER"),
        ("ListAccounts", json!({"MaxResults": 0}), "MIN_VALUE_EXCEEDED:MAX_RESULTS"),
        ("ListAccounts", json!({"MaxResults": 21}), "MAX_VALUE_EXCEEDED:MAX_RESULTS"),
        ("ListAccounts", json!({"NextToken": "nonsense"}), "INVALID_NEXT_TOKEN"),
        ("ListAccounts", json!({"NextToken": ""}), "INVALID_NEXT_TOKEN"),
        ("DescribePolicy", json!({"PolicyId": "policy"}), "INVALID_PATTERN:POLICY_ID"),
        (
            "CreatePolicy",
            json!({"Name": "", "Description": "", "Type": "BACKUP_POLICY", "Content": "{}"}),
            "MIN_LENGTH_EXCEEDED:NAME",
        ),
        ("DescribeEffectivePolicy", json!({}), "INPUT_REQUIRED:POLICY_TYPE"),
        (
            "CreateAccount",
            json!({"AccountName": "Größe", "Email": "new@northwick.example"}),
            "INVALID_PATTERN:ACCOUNT_NAME",
        ),
    ];
    for (operation, input, reason) in cases {
        let reply = aws.call(operation, input).await;
        assert_eq!(reply.refusal(), (400, "InvalidInputException", reason), "{operation}");
    }
}

#[tokio::test]
async fn a_value_of_the_wrong_type_cannot_be_read() {
    let aws = Aws::demo();
    let reply = aws.call("ListAccounts", json!({"MaxResults": "ten"})).await;
    assert_eq!(reply.refusal().1, "SerializationException");
    let request = Request::post("/").header("x-amz-target", "AWSOrganizationsV20161128.ListRoots");
    let reply = aws.send(request.body(Body::from("{")).unwrap()).await;
    assert_eq!(reply.refusal(), (400, "SerializationException", ""));
}

#[tokio::test]
async fn pages_of_organizations_hold_at_most_twenty_and_together_everything() {
    let aws = Aws::demo();
    let page = aws.must("ListAccounts", json!({})).await;
    assert_eq!(page["Accounts"].as_array().map(Vec::len), Some(20));
    assert_eq!(aws.all("ListAccounts", "Accounts", json!({"MaxResults": 7})).await.len(), 250);
}

#[tokio::test]
async fn uneven_pages_are_short_or_empty_and_still_lead_to_everything() {
    let aws = Aws::with(|options| options.uneven_pages = true);
    let mut input = json!({"MaxResults": 5});
    let (mut sizes, mut ids) = (Vec::new(), BTreeSet::new());
    loop {
        let page = aws.must("ListAccounts", input.clone()).await;
        let accounts = page["Accounts"].as_array().unwrap();
        sizes.push(accounts.len());
        ids.extend(accounts.iter().map(|account| account["Id"].to_string()));
        let Some(token) = page.get("NextToken") else { break };
        assert_ne!(input.get("NextToken"), Some(token), "a client stops at a repeated token");
        input["NextToken"] = token.clone();
    }
    assert_eq!(ids.len(), 250);
    assert!(sizes.contains(&0) && sizes.contains(&3), "{sizes:?}");
}

#[tokio::test]
async fn a_token_is_good_for_its_own_listing_only() {
    let aws = Aws::demo();
    let token = aws.must("ListAccounts", json!({})).await["NextToken"].clone();
    let reply = aws.call("ListPolicies", json!({"Filter": "BACKUP_POLICY", "NextToken": token})).await;
    assert_eq!(reply.refusal().2, "INVALID_NEXT_TOKEN");
    let path = format!("/backup-jobs/?nextToken={}", token.as_str().unwrap());
    let reply = aws.backup("GET", "eu-west-1", &path, Value::Null).await;
    assert_eq!(reply.exception(), (400, "InvalidParameterValueException"));
}

#[tokio::test]
async fn a_token_that_is_damaged_or_of_another_caller_region_or_filter_is_refused() {
    let aws = Aws::demo();
    let list = "/backup-jobs?accountId=*&maxResults=2";
    let page = aws.get("eu-west-1", &format!("{list}&state=FAILED")).await;
    let token = page["NextToken"].as_str().unwrap();
    let delegate = aws.account("security-audit").await;
    let good = format!("{list}&state=FAILED&nextToken={token}");
    assert_eq!(aws.backup("GET", "eu-west-1", &good, Value::Null).await.status, 200);
    let damaged = |at: usize| {
        let other = if token.as_bytes()[at] == b'A' { "B" } else { "A" };
        format!("{list}&state=FAILED&nextToken={}{other}{}", &token[..at], &token[at + 1..])
    };
    let other_filter = format!("{list}&state=EXPIRED&nextToken={token}");
    let cases = [
        ("EXAMPLE", "us-east-1", good.clone()),
        (&delegate, "eu-west-1", good.clone()),
        ("EXAMPLE", "eu-west-1", other_filter),
        ("EXAMPLE", "eu-west-1", format!("{good}%3D")),
        ("EXAMPLE", "eu-west-1", damaged(3)),
        ("EXAMPLE", "eu-west-1", damaged(token.len() / 2)),
        ("EXAMPLE", "eu-west-1", damaged(token.len() - 2)),
        ("EXAMPLE", "eu-west-1", format!("{list}&state=FAILED&nextToken=")),
    ];
    for (key, region, path) in cases {
        let refused = aws.backup_as(key, "GET", region, &path, Value::Null).await;
        assert_eq!(refused.exception(), (400, "InvalidParameterValueException"), "{key} {region} {path}");
    }
    // How many entries a page has is not part of the listing.
    let wider = good.replace("maxResults=2", "maxResults=5");
    assert_eq!(aws.get("eu-west-1", &wider).await["BackupJobs"].as_array().unwrap().len(), 5);
}

#[tokio::test]
async fn a_request_that_is_too_long_or_of_no_protocol_is_refused() {
    let aws = Aws::demo();
    let send = |method: &str, path: &str, target: &str, body: String| {
        let request = Request::builder().method(method).uri(path).header("x-amz-target", target);
        aws.send(request.body(Body::from(body)).unwrap())
    };
    let long = json!({"Content": "x".repeat(1 << 20)}).to_string();
    let cases = [
        ("POST", "/", "AWSOrganizationsV20161128.CreatePolicy", long, 413),
        ("POST", "/", "AWSOrganizationsV20161128.", "{}".to_owned(), 400),
        ("POST", "/", "AWSOrganizationsV20161129.ListRoots", "{}".to_owned(), 400),
        ("POST", "/", "ListRoots", "{}".to_owned(), 400),
    ];
    for (method, path, target, body, status) in cases {
        let reply = send(method, path, target, body).await;
        assert_eq!(reply.status, status, "{target}");
        assert!(reply.body["__type"].is_string(), "{target}");
    }
    for (method, path) in
        [("PATCH", "/backup-jobs"), ("DELETE", "/backup-jobs"), ("GET", "/"), ("POST", "/x/y")]
    {
        let reply = aws.backup(method, "eu-west-1", path, Value::Null).await;
        assert_eq!(reply.exception(), (404, "UnknownOperationException"), "{method} {path}");
    }
}

#[tokio::test]
async fn backup_refuses_bad_parameters() {
    let aws = Aws::demo();
    for query in [
        "maxResults=0",
        "maxResults=1001",
        "maxResults=x",
        "state=DONE",
        "createdAfter=soon",
        "accountId=1",
        "resourceType=a%0A",
        "createdAfter=1e300",
        "resourceType=",
    ] {
        let reply = aws.backup("GET", "eu-west-1", &format!("/backup-jobs/?{query}"), Value::Null).await;
        assert_eq!(reply.exception(), (400, "InvalidParameterValueException"), "{query}");
        assert!(reply.body["Message"].is_string());
    }
}

#[tokio::test]
async fn times_in_bodies_are_epoch_seconds_and_in_queries_iso_8601_or_epoch() {
    let aws = Aws::demo();
    let after = START - Duration::hours(10);
    let epoch = after.unix_timestamp();
    let by_epoch = aws.get("eu-west-1", &format!("/backup-jobs/?accountId=%2A&createdAfter={epoch}")).await;
    let by_text =
        aws.get("eu-west-1", "/backup-jobs/?accountId=*&createdAfter=2026-11-20T02%3A00%3A00Z").await;
    assert_eq!(by_epoch["BackupJobs"], by_text["BackupJobs"]);
    let jobs = by_epoch["BackupJobs"].as_array().unwrap();
    assert!(jobs.iter().all(|job| job["CreationDate"].as_f64().unwrap() > epoch as f64) && !jobs.is_empty());
}

#[tokio::test]
async fn a_role_is_assumed_in_the_account_of_its_arn() {
    let aws = Aws::demo();
    let form = "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fp%2Freader&RoleSessionName=ann";
    let request = Request::post("/").body(Body::from(form)).unwrap();
    let response = aws.simulator.router().oneshot(request).await.unwrap();
    let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let body = String::from_utf8_lossy(&body);
    assert!(body.contains("<AccessKeyId>ASIA111122223333</AccessKeyId>"), "{body}");
    assert!(body.contains("assumed-role/reader/ann") && body.contains("2026-11-20T13:00:00Z"), "{body}");
    let token = body.split("<SessionToken>").nth(1).unwrap().split('<').next().unwrap();
    let request = Request::post("/")
        .header("x-amz-target", "AWSOrganizationsV20161128.DescribeOrganization")
        .header("x-amz-security-token", token)
        .body(Body::from("{}"))
        .unwrap();
    aws.simulator.router().oneshot(request).await.unwrap();
    assert_eq!(aws.simulator.sessions()["ann"]["organizations:DescribeOrganization"], 1);
}

#[tokio::test]
async fn the_region_comes_from_the_credential_scope() {
    let aws = Aws::demo();
    let job =
        aws.get("eu-central-1", "/backup-jobs/?accountId=*&maxResults=1").await["BackupJobs"][0].clone();
    assert!(job["BackupVaultArn"].as_str().unwrap().starts_with("arn:aws:backup:eu-central-1:"));
    let elsewhere = aws.get("ap-southeast-2", "/backup-jobs/?accountId=*").await;
    assert_eq!(elsewhere["BackupJobs"], json!([]));
}
