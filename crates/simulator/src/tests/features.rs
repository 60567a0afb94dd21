//! Consolidated billing, the way to all features, and the service-linked role.

use super::Aws;
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use time::Duration;

fn billing() -> Aws {
    Aws::with(|options| options.billing_only = true)
}

async fn iam(aws: &Aws, form: &'static str) -> (u16, String) {
    let request = Request::post("/").body(Body::from(form)).unwrap();
    let response = tower::ServiceExt::oneshot(aws.simulator.router(), request).await.unwrap();
    let status = response.status().as_u16();
    let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, String::from_utf8_lossy(&body).into_owned())
}

#[tokio::test]
async fn an_organization_with_consolidated_billing_has_no_policies_and_no_trusted_access() {
    let aws = billing();
    let organization = aws.must("DescribeOrganization", json!({})).await;
    assert_eq!(organization["Organization"]["FeatureSet"], "CONSOLIDATED_BILLING");
    let root = aws.must("ListRoots", json!({})).await["Roots"][0].clone();
    assert_eq!(root["PolicyTypes"], json!([]));
    let input = json!({"RootId": root["Id"], "PolicyType": "BACKUP_POLICY"});
    let refused = aws.call("EnablePolicyType", input).await;
    assert_eq!(refused.refusal(), (400, "PolicyTypeNotAvailableForOrganizationException", ""));
    let trusted =
        aws.call("EnableAWSServiceAccess", json!({"ServicePrincipal": "backup.amazonaws.com"})).await;
    assert_eq!(
        trusted.refusal(),
        (400, "ConstraintViolationException", "ORGANIZATION_NOT_IN_ALL_FEATURES_MODE")
    );
    let management = &organization["Organization"]["MasterAccountId"];
    let jobs = aws.jobs("eu-west-1", "/backup-jobs?accountId=*", "BackupJobs").await;
    assert!(jobs.iter().all(|job| job["AccountId"] == *management && job.get("CreatedBy").is_none()));
}

#[tokio::test]
async fn all_features_come_when_the_invited_accounts_approved_and_the_management_account_accepts() {
    let aws = billing();
    let begun = aws.must("EnableAllFeatures", json!({})).await["Handshake"].clone();
    assert_eq!((&begun["State"], &begun["Action"]), (&json!("REQUESTED"), &json!("ENABLE_ALL_FEATURES")));
    let by_id = json!({"HandshakeId": begun["Id"]});
    let early = aws.call("AcceptHandshake", by_id.clone()).await;
    assert_eq!(early.refusal().1, "InvalidHandshakeTransitionException");
    let again = aws.call("EnableAllFeatures", json!({})).await;
    assert_eq!(again.refusal().2, "ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION");
    aws.pass(Duration::MINUTE);
    assert_eq!(aws.must("DescribeHandshake", by_id.clone()).await["Handshake"]["State"], "OPEN");
    let all = aws.all("ListHandshakesForOrganization", "Handshakes", json!({})).await;
    let approved = |shown: &&Value| shown["Action"] == "APPROVE_ALL_FEATURES" && shown["State"] == "ACCEPTED";
    assert!(all.len() > 1 && all.iter().filter(approved).count() == all.len() - 1);
    let below = json!({"Filter": {"ParentHandshakeId": begun["Id"]}});
    assert_eq!(aws.all("ListHandshakesForOrganization", "Handshakes", below).await, all[1..]);
    assert_eq!(aws.must("AcceptHandshake", by_id).await["Handshake"]["State"], "ACCEPTED");
    let organization = aws.must("DescribeOrganization", json!({})).await;
    assert_eq!(organization["Organization"]["FeatureSet"], "ALL");
    let done = aws.call("EnableAllFeatures", json!({})).await;
    assert_eq!(done.refusal().2, "ORGANIZATION_ALREADY_HAS_ALL_FEATURES");
}

#[tokio::test]
async fn an_invited_account_approves_for_itself_only() {
    let aws = billing();
    aws.must("EnableAllFeatures", json!({})).await;
    let all = aws.all("ListHandshakesForOrganization", "Handshakes", json!({})).await;
    let open = all.iter().find(|shown| shown["State"] == "OPEN").unwrap();
    let by_id = json!({"HandshakeId": open["Id"]});
    assert_eq!(aws.call("AcceptHandshake", by_id.clone()).await.refusal().1, "AccessDeniedException");
    let account = open["Parties"][1]["Id"].as_str().unwrap();
    assert_eq!(aws.call_as(account, "AcceptHandshake", by_id).await.body["Handshake"]["State"], "ACCEPTED");
    let own = aws.call_as(account, "ListHandshakesForAccount", json!({})).await;
    assert_eq!(own.body["Handshakes"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_request_for_all_features_can_be_cancelled() {
    let aws = billing();
    let begun = aws.must("EnableAllFeatures", json!({})).await["Handshake"]["Id"].clone();
    let cancelled = aws.must("CancelHandshake", json!({"HandshakeId": begun})).await;
    assert_eq!(cancelled["Handshake"]["State"], "CANCELED");
    assert_eq!(aws.call("EnableAllFeatures", json!({})).await.status, 200);
}

#[tokio::test]
async fn the_control_endpoint_takes_all_features_away_and_gives_them_back() {
    let aws = Aws::demo();
    for features in ["CONSOLIDATED_BILLING", "ALL"] {
        let request = Request::put("/_control/features").header("content-type", "application/json");
        let body = json!({"FeatureSet": features}).to_string();
        assert!(aws.send(request.body(Body::from(body)).unwrap()).await.status.is_success());
        let organization = aws.must("DescribeOrganization", json!({})).await;
        assert_eq!(organization["Organization"]["FeatureSet"], features);
    }
}

#[tokio::test]
async fn an_account_outside_the_organization_is_told_so() {
    let aws = Aws::demo();
    let reply = aws.call_as("000000000000", "DescribeOrganization", json!({})).await;
    assert_eq!(reply.refusal().1, "AWSOrganizationsNotInUseException");
    let settings = aws.backup_as("000000000000", "GET", "eu-west-1", "/global-settings", Value::Null).await;
    assert_eq!(settings.exception(), (400, "InvalidRequestException"));
}

#[tokio::test]
async fn the_linked_role_is_missing_until_it_is_created() {
    const GET: &str = "Action=GetRole&Version=2010-05-08&RoleName=AWSServiceRoleForBackup";
    const CREATE: &str =
        "Action=CreateServiceLinkedRole&Version=2010-05-08&AWSServiceName=backup.amazonaws.com";
    let aws = billing();
    let (status, body) = iam(&aws, GET).await;
    assert!(status == 404 && body.contains("<Code>NoSuchEntity</Code>"), "{status} {body}");
    assert_eq!(iam(&aws, CREATE).await.0, 200);
    let (status, body) = iam(&aws, GET).await;
    assert!(status == 200 && body.contains("role/aws-service-role/backup.amazonaws.com/"), "{status} {body}");
    let (status, body) = iam(&aws, CREATE).await;
    assert!(status == 400 && body.contains("<Code>InvalidInput</Code>"), "{status} {body}");
}

#[tokio::test]
async fn allowing_delegated_administrators_makes_the_linked_role() {
    let aws = billing();
    let on = json!({"GlobalSettings": {"isDelegatedAdministratorEnabled": "true"}});
    assert_eq!(aws.backup("PUT", "us-east-1", "/global-settings", on).await.status, 200);
    let form = "Action=GetRole&Version=2010-05-08&RoleName=AWSServiceRoleForBackup";
    assert_eq!(iam(&aws, form).await.0, 200);
}
