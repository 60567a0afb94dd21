//! Effective policies over time.

use super::{Aws, plan};
use serde_json::{Value, json};
use time::Duration;

const TYPE: &str = "BACKUP_POLICY";

#[tokio::test]
async fn a_change_shows_after_a_delay_with_its_own_time() {
    let aws = Aws::demo();
    let account = aws.account("sandbox-01").await;
    let input = json!({"PolicyType": TYPE, "TargetId": account});
    let before = aws.must("DescribeEffectivePolicy", input.clone()).await["EffectivePolicy"].clone();
    let policy = aws.create_policy("mine", &plan("cron(0 5 ? * * *)", "standard")).await;
    aws.must("AttachPolicy", json!({"PolicyId": policy, "TargetId": account})).await;
    let old = aws.must("DescribeEffectivePolicy", input.clone()).await["EffectivePolicy"].clone();
    assert_eq!(old, before);
    aws.pass(Duration::seconds(2));
    let new = aws.must("DescribeEffectivePolicy", input).await["EffectivePolicy"].clone();
    assert!(new["PolicyContent"].as_str().unwrap().contains("tested"));
    assert!(new["LastUpdatedTimestamp"].as_f64() > before["LastUpdatedTimestamp"].as_f64());
}

#[tokio::test]
async fn without_delay_a_change_shows_at_once() {
    let aws = Aws::with(|options| options.effective_delay = Duration::ZERO);
    let account = aws.account("sandbox-01").await;
    let policy = aws.create_policy("mine", &plan("cron(0 5 ? * * *)", "standard")).await;
    aws.must("AttachPolicy", json!({"PolicyId": policy, "TargetId": account})).await;
    assert!(aws.effective(&account).await["plans"]["tested"].is_object());
    let changed = plan("cron(0 6 ? * * *)", "standard").to_string();
    aws.must("UpdatePolicy", json!({"PolicyId": policy, "Content": changed})).await;
    let rule = &aws.effective(&account).await["plans"]["tested"]["rules"]["often"];
    assert_eq!(rule["schedule_expression"], "cron(0 6 ? * * *)");
}

#[tokio::test]
async fn an_invalid_evaluation_keeps_the_last_valid_content_and_moves_its_time() {
    let aws = Aws::with(|options| options.effective_delay = Duration::ZERO);
    let account = aws.account("sandbox-01").await;
    let policy = aws.create_policy("mine", &plan("cron(0 5 ? * * *)", "standard")).await;
    let both = json!({"PolicyId": policy, "TargetId": account});
    aws.must("AttachPolicy", both.clone()).await;
    let valid = aws.effective(&account).await;
    aws.pass(Duration::minutes(1));
    let broken = aws
        .create_policy("broken", &json!({"plans": {"half": {"regions": {"@@assign": ["eu-west-1"]}}}}))
        .await;
    aws.must("AttachPolicy", json!({"PolicyId": broken, "TargetId": account})).await;
    assert_eq!(aws.effective(&account).await, valid);
    let invalid =
        aws.all("ListAccountsWithInvalidEffectivePolicy", "Accounts", json!({"PolicyType": TYPE})).await;
    assert!(invalid.iter().any(|found| found["Id"] == json!(account)));
    let input = json!({"AccountId": account, "PolicyType": TYPE});
    let errors = aws.must("ListEffectivePolicyValidationErrors", input).await;
    let found: Vec<&Value> = errors["EffectivePolicyValidationErrors"].as_array().unwrap().iter().collect();
    assert!(
        found
            .iter()
            .all(|error| error["ErrorCode"] == "KEY_REQUIRED" && error["PathToError"] == "plans/half")
    );
    assert!(found.iter().any(|error| error["ErrorMessage"] == "'rules' is missing"), "{found:?}");
    assert!(errors["Path"].as_str().unwrap().ends_with(&format!("/{account}/")));
    let since = aws.must("DescribeEffectivePolicy", json!({"PolicyType": TYPE, "TargetId": account})).await;
    assert_eq!(since["EffectivePolicy"]["LastUpdatedTimestamp"], errors["EvaluationTimestamp"]);
}

#[tokio::test]
async fn a_valid_account_has_no_errors_and_no_path() {
    let aws = Aws::demo();
    let account = aws.account("dev-01").await;
    let input = json!({"AccountId": account, "PolicyType": TYPE});
    let answer = aws.must("ListEffectivePolicyValidationErrors", input).await;
    assert_eq!(answer["EffectivePolicyValidationErrors"], json!([]));
    assert_eq!((answer.get("Path"), answer.get("EvaluationTimestamp")), (None, None));
}

#[tokio::test]
async fn targets_and_types_that_have_no_effective_policy_are_refused() {
    let aws = Aws::demo();
    let root = aws.root().await;
    let cases = [
        (json!({"PolicyType": TYPE, "TargetId": root}), "InvalidInputException", "TARGET_NOT_SUPPORTED"),
        (json!({"PolicyType": TYPE, "TargetId": "111122223333"}), "TargetNotFoundException", ""),
        (
            json!({"PolicyType": "SERVICE_CONTROL_POLICY"}),
            "InvalidInputException",
            "INVALID_ENUM_POLICY_TYPE",
        ),
        (
            json!({"PolicyType": "RESOURCE_CONTROL_POLICY"}),
            "InvalidInputException",
            "INVALID_ENUM:POLICY_TYPE",
        ),
        (json!({"PolicyType": "TAG_POLICY"}), "EffectivePolicyNotFoundException", ""),
    ];
    for (input, name, reason) in cases {
        let reply = aws.call("DescribeEffectivePolicy", input.clone()).await;
        assert_eq!(reply.refusal(), (400, name, reason), "{input}");
    }
    let reply = aws.call("ListEffectivePolicyValidationErrors", json!({"PolicyType": TYPE})).await;
    assert_eq!(reply.refusal().2, "TARGET_NOT_SUPPORTED");
}

#[tokio::test]
async fn disabling_the_type_detaches_everything_and_enabling_starts_empty() {
    let aws = Aws::demo();
    let account = aws.account("dev-01").await;
    let root = json!({"RootId": aws.root().await, "PolicyType": TYPE});
    let disabled = aws.must("DisablePolicyType", root.clone()).await["Root"]["PolicyTypes"].clone();
    assert_eq!(disabled, json!([{"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}]));
    let policy = json!({"PolicyId": aws.policy("baseline-daily").await});
    assert!(aws.all("ListTargetsForPolicy", "Targets", policy).await.is_empty());
    let input = json!({"PolicyType": TYPE, "TargetId": account});
    let gone = aws.call("DescribeEffectivePolicy", input).await;
    assert_eq!(gone.refusal().1, "EffectivePolicyNotFoundException");
    assert_eq!(
        aws.call("DisablePolicyType", root.clone()).await.refusal().1,
        "PolicyTypeNotEnabledException"
    );
    aws.must("EnablePolicyType", root.clone()).await;
    assert_eq!(aws.effective(&account).await, json!({}));
    assert_eq!(aws.call("EnablePolicyType", root).await.refusal().1, "PolicyTypeAlreadyEnabledException");
}
