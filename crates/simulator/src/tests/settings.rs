//! Switches: trusted access, delegated administrators, the resource policy, AWS Backup's own settings.

use super::Aws;
use serde_json::{Value, json};

const BACKUP: &str = "backup.amazonaws.com";

#[tokio::test]
async fn trusted_access_off_hides_the_jobs_of_other_accounts() {
    let aws = Aws::demo();
    let all = "/backup-jobs/?accountId=*";
    assert!(!aws.get("eu-west-1", all).await["BackupJobs"].as_array().unwrap().is_empty());
    let deregister = json!({"AccountId": aws.account("security-audit").await, "ServicePrincipal": BACKUP});
    let service = json!({"ServicePrincipal": BACKUP});
    let refused = aws.call("DisableAWSServiceAccess", service.clone()).await;
    assert_eq!(refused.refusal().2, "DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE");
    aws.must("DeregisterDelegatedAdministrator", deregister).await;
    aws.must("DisableAWSServiceAccess", service.clone()).await;
    let others = |page: Value| page["BackupJobs"].as_array().unwrap().clone();
    let management =
        aws.must("DescribeOrganization", json!({})).await["Organization"]["MasterAccountId"].clone();
    assert!(others(aws.get("eu-west-1", all).await).iter().all(|job| job["AccountId"] == management));
    aws.must("EnableAWSServiceAccess", service).await;
    let since = others(aws.get("eu-west-1", all).await);
    assert!(since.iter().all(|job| job["AccountId"] == management), "only later jobs of others show");
}

#[tokio::test]
async fn only_known_services_get_trusted_access() {
    let aws = Aws::demo();
    let unknown = json!({"ServicePrincipal": "nothing.amazonaws.com"});
    let reply = aws.call("EnableAWSServiceAccess", unknown).await;
    assert_eq!(reply.refusal(), (400, "InvalidInputException", "UNRECOGNIZED_SERVICE_PRINCIPAL"));
    let listed = aws.all("ListAWSServiceAccessForOrganization", "EnabledServicePrincipals", json!({})).await;
    assert!(listed.iter().any(|service| service["ServicePrincipal"] == BACKUP));
}

#[tokio::test]
async fn five_delegated_administrators_can_be_registered() {
    let aws = Aws::demo();
    let names = ["log-archive", "backup-vaults", "incident-response", "network-01", "network-02"];
    for name in names {
        let input = json!({"AccountId": aws.account(name).await, "ServicePrincipal": BACKUP});
        let reply = aws.call("RegisterDelegatedAdministrator", input.clone()).await;
        if name == "network-02" {
            assert_eq!(reply.refusal().2, "MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED");
        } else {
            let again = aws.call("RegisterDelegatedAdministrator", input).await;
            assert_eq!(
                (reply.status.as_u16(), again.refusal().1),
                (200, "AccountAlreadyRegisteredException")
            );
        }
    }
    let input = json!({"ServicePrincipal": BACKUP});
    let listed = aws.all("ListDelegatedAdministrators", "DelegatedAdministrators", input).await;
    assert_eq!((listed.len(), listed[0].get("Paths")), (5, None));
    assert!(listed[0]["DelegationEnabledDate"].is_number());
}

#[tokio::test]
async fn some_accounts_cannot_be_delegated_administrators() {
    let aws = Aws::demo();
    let management = aws.account("northwick-management").await;
    let suspended = aws.account("former-01").await;
    let cases = [
        (management, BACKUP, "CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR"),
        (suspended.clone(), BACKUP, "CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR"),
        (suspended, "ram.amazonaws.com", "SERVICE_ACCESS_NOT_ENABLED"),
    ];
    for (account, service, reason) in cases {
        let input = json!({"AccountId": account, "ServicePrincipal": service});
        let reply = aws.call("RegisterDelegatedAdministrator", input).await;
        assert_eq!(reply.refusal(), (400, "ConstraintViolationException", reason));
    }
}

#[tokio::test]
async fn a_delegated_administrator_reads_and_writes_only_what_the_resource_policy_grants() {
    let aws = Aws::demo();
    let delegate = aws.account("security-audit").await;
    assert_eq!(aws.call_as(&delegate, "ListAccounts", json!({})).await.status, 200);
    let create =
        json!({"Name": "theirs", "Description": "", "Type": "BACKUP_POLICY", "Content": "{\"plans\":{}}"});
    let denied = aws.call_as(&delegate, "CreatePolicy", create.clone()).await;
    assert_eq!(denied.refusal().1, "AccessDeniedException");
    aws.must("PutResourcePolicy", json!({"Content": delegation(&delegate, "organizations:CreatePolicy")}))
        .await;
    assert_eq!(aws.call_as(&delegate, "CreatePolicy", create).await.status, 200);
    let input = json!({"ServicePrincipal": BACKUP});
    let settings = aws.call_as(&delegate, "EnableAWSServiceAccess", input).await;
    assert_eq!(settings.refusal().1, "AccessDeniedException");
    aws.must("DeleteResourcePolicy", json!({})).await;
    let gone = aws.call("DescribeResourcePolicy", json!({})).await;
    assert_eq!(gone.refusal().1, "ResourcePolicyNotFoundException");
}

#[tokio::test]
async fn a_grant_reaches_as_far_as_its_resources_and_its_policy_type() {
    let aws = Aws::demo();
    let delegate = aws.account("security-audit").await;
    let (unit, account) = (aws.root().await, aws.account("sandbox-01").await);
    let policy = aws.policy("point-in-time").await;
    let actions = ["AttachPolicy", "CreatePolicy", "TagResource"].map(|name| format!("organizations:{name}"));
    let arns = ["arn:aws:organizations::*:policy/*/backup_policy/*", "arn:aws:organizations::*:account/*"];
    let mut document: Value = serde_json::from_str(&delegation(&delegate, "")).unwrap();
    document["Statement"][0]["Action"] = json!(actions);
    document["Statement"][0]["Resource"] = json!(arns);
    aws.must("PutResourcePolicy", json!({"Content": document.to_string()})).await;
    let tags = json!([{"Key": "owner", "Value": "audit"}]);
    let new = |name: &str, kind: &str| json!({"Name": name, "Description": "", "Type": kind, "Content": "{\"plans\":{}}"});
    let cases = [
        ("AttachPolicy", json!({"PolicyId": policy, "TargetId": account}), true),
        ("AttachPolicy", json!({"PolicyId": policy, "TargetId": unit}), false),
        ("AttachPolicy", json!({"PolicyId": "p-FullAWSAccess", "TargetId": account}), false),
        ("CreatePolicy", new("theirs", "BACKUP_POLICY"), true),
        ("CreatePolicy", new("other", "TAG_POLICY"), false),
        ("TagResource", json!({"ResourceId": policy, "Tags": tags}), true),
        ("TagResource", json!({"ResourceId": unit, "Tags": tags}), false),
        ("DetachPolicy", json!({"PolicyId": policy, "TargetId": account}), false),
    ];
    for (operation, input, allowed) in cases {
        let reply = aws.call_as(&delegate, operation, input.clone()).await;
        let expected = if allowed { "" } else { "AccessDeniedException" };
        assert_eq!(reply.refusal().1, expected, "{operation} {input}");
    }
}

#[tokio::test]
async fn a_resource_policy_carries_tags_as_long_as_it_is_there() {
    let aws = Aws::demo();
    let delegate = aws.account("security-audit").await;
    let content = delegation(&delegate, "organizations:ListRoots");
    let input = json!({"Content": content, "Tags": [{"Key": "owner", "Value": "audit"}]});
    let made = aws.must("PutResourcePolicy", input).await;
    let id = json!({"ResourceId": made["ResourcePolicy"]["ResourcePolicySummary"]["Id"]});
    let tags = aws.all("ListTagsForResource", "Tags", id.clone()).await;
    assert_eq!(tags, [json!({"Key": "owner", "Value": "audit"})]);
    aws.must("DeleteResourcePolicy", json!({})).await;
    assert_eq!(aws.call("ListTagsForResource", id).await.refusal().1, "TargetNotFoundException");
}

#[tokio::test]
async fn trusted_access_of_a_service_with_a_policy_type_of_its_own_ends_after_the_type() {
    let aws = Aws::demo();
    let (service, root) = (json!({"ServicePrincipal": "securityhub.amazonaws.com"}), aws.root().await);
    aws.must("EnableAWSServiceAccess", service.clone()).await;
    let kind = json!({"RootId": root, "PolicyType": "SECURITYHUB_POLICY"});
    aws.must("EnablePolicyType", kind.clone()).await;
    let refused = aws.call("DisableAWSServiceAccess", service.clone()).await;
    assert_eq!(refused.refusal().2, "POLICY_TYPE_ENABLED_FOR_THIS_SERVICE");
    aws.must("DisablePolicyType", kind).await;
    aws.must("DisableAWSServiceAccess", service).await;
    let unknown = aws.call("DisableAWSServiceAccess", json!({"ServicePrincipal": "no.example.com"})).await;
    assert_eq!(unknown.refusal().2, "UNRECOGNIZED_SERVICE_PRINCIPAL");
}

#[tokio::test]
async fn resource_policies_are_checked() {
    let aws = Aws::demo();
    let member = aws.account("security-audit").await;
    let cases = [
        ("{".to_owned(), "INVALID_RESOURCE_POLICY_JSON"),
        (delegation("111122223333", "organizations:CreatePolicy"), "INVALID_PRINCIPAL"),
        (delegation(&member, "organizations:CloseAccount"), "UNSUPPORTED_ACTION_IN_RESOURCE_POLICY"),
        (
            delegation(&member, "organizations:ListRoots").replace("BACKUP_POLICY", "LUNCH_POLICY"),
            "UNSUPPORTED_POLICY_TYPE_IN_RESOURCE_POLICY",
        ),
        (
            delegation(&member, "organizations:ListRoots").replace("\"*\"", "\"arn:aws:s3:::x\""),
            "UNSUPPORTED_RESOURCE_IN_RESOURCE_POLICY",
        ),
    ];
    for (content, reason) in cases {
        let reply = aws.call("PutResourcePolicy", json!({"Content": content})).await;
        assert_eq!(reply.refusal(), (400, "InvalidInputException", reason));
    }
}

fn delegation(account: &str, action: &str) -> String {
    json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow",
        "Principal": {"AWS": format!("arn:aws:iam::{account}:root")},
        "Action": [action],
        "Resource": "*",
        "Condition": {"StringLikeIfExists": {"organizations:PolicyType": ["BACKUP_POLICY"]}},
    }]})
    .to_string()
}

#[tokio::test]
async fn global_settings_are_the_management_accounts_to_change() {
    let aws = Aws::demo();
    let body = json!({"GlobalSettings": {"isCrossAccountBackupEnabled": "false"}});
    let member = aws.account("dev-01").await;
    let denied = aws.backup_as(&member, "PUT", "eu-west-1", "/global-settings", body.clone()).await;
    assert_eq!(denied.exception(), (400, "InvalidRequestException"));
    let changed = aws.backup("PUT", "eu-west-1", "/global-settings", body).await;
    assert_eq!((changed.status.as_u16(), changed.body), (200, Value::Null));
    let settings = aws.get("us-east-1", "/global-settings").await;
    assert_eq!(settings["GlobalSettings"]["isCrossAccountBackupEnabled"], "false");
    let bad = json!({"GlobalSettings": {"isCrossAccountBackupEnabled": "no"}});
    let bad = aws.backup("PUT", "eu-west-1", "/global-settings", bad).await;
    assert_eq!(bad.exception(), (400, "InvalidParameterValueException"));
}

#[tokio::test]
async fn opt_in_belongs_to_one_region() {
    let aws = Aws::demo();
    let body = json!({"ResourceTypeOptInPreference": {"EBS": false}});
    assert_eq!(aws.backup("PUT", "eu-west-1", "/account-settings", body).await.status, 200);
    let opted = |page: Value| page["ResourceTypeOptInPreference"]["EBS"].clone();
    assert_eq!(opted(aws.get("eu-west-1", "/account-settings").await), false);
    assert_eq!(opted(aws.get("eu-central-1", "/account-settings").await), true);
}
