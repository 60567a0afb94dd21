//! Policies and attachments.

use super::{Aws, plan, policy_input};
use serde_json::json;

const DAILY: &str = "cron(0 5 ? * * *)";

#[tokio::test]
async fn a_policy_is_kept_as_it_was_sent() {
    let aws = Aws::demo();
    let content = format!("  {}\n", plan(DAILY, "standard"));
    let input = json!({"Name": "mine", "Description": "", "Type": "BACKUP_POLICY", "Content": content});
    let created = aws.must("CreatePolicy", input.clone()).await["Policy"].clone();
    let id = created["PolicySummary"]["Id"].clone();
    assert!(created["PolicySummary"]["Arn"].as_str().unwrap().contains("/backup_policy/p-"));
    let read = aws.must("DescribePolicy", json!({"PolicyId": id})).await["Policy"].clone();
    assert_eq!(read["Content"], json!(content));
    assert_eq!(read["PolicySummary"]["AwsManaged"], false);
    assert_eq!(aws.call("CreatePolicy", input).await.refusal().1, "DuplicatePolicyException");
}

#[tokio::test]
async fn documents_that_break_a_rule_are_malformed_without_saying_where() {
    let aws = Aws::demo();
    let literal_role = json!({"plans": {"p": {"selections": {"tags": {"s": {
        "iam_role_arn": {"@@assign": "arn:aws:iam::111122223333:role/r"},
        "tag_key": {"@@assign": "k"}, "tag_value": {"@@assign": ["v"]},
    }}}}}});
    for content in [json!({}), json!({"plan": {}}), plan("rate(1 day)", "standard"), literal_role] {
        let reply = aws.call("CreatePolicy", policy_input("bad", &content)).await;
        assert_eq!(reply.refusal(), (400, "MalformedPolicyDocumentException", ""), "{content}");
        assert_eq!(reply.body.as_object().unwrap().len(), 2);
    }
}

#[tokio::test]
async fn a_policy_has_at_most_ten_thousand_characters() {
    let aws = Aws::demo();
    let content = format!("{}{}", plan(DAILY, "standard"), " ".repeat(10_000));
    let input = json!({"Name": "long", "Description": "", "Type": "BACKUP_POLICY", "Content": content});
    let reply = aws.call("CreatePolicy", input).await;
    assert_eq!(reply.refusal(), (400, "ConstraintViolationException", "POLICY_CONTENT_LIMIT_EXCEEDED"));
}

#[tokio::test]
async fn an_update_answers_with_what_was_sent_and_keeps_the_rest() {
    let aws = Aws::demo();
    let id = aws.policy("baseline-daily").await;
    let answer =
        aws.must("UpdatePolicy", json!({"PolicyId": id, "Name": "renamed", "Description": ""})).await;
    let summary = &answer["Policy"]["PolicySummary"];
    assert_eq!((&summary["Name"], &summary["Description"]), (&json!("renamed"), &json!("")));
    let kept = aws.must("DescribePolicy", json!({"PolicyId": id})).await["Policy"]["PolicySummary"].clone();
    assert!(kept["Description"].as_str().unwrap().starts_with("Daily backups"));
    let only_content = json!({"PolicyId": id, "Content": plan(DAILY, "standard").to_string()});
    let answer = aws.must("UpdatePolicy", only_content).await;
    assert_eq!(answer["Policy"]["PolicySummary"].get("Name"), None);
}

#[tokio::test]
async fn an_attached_policy_cannot_be_deleted() {
    let aws = Aws::demo();
    let (id, root) = (aws.create_policy("mine", &plan(DAILY, "standard")).await, aws.root().await);
    let both = json!({"PolicyId": id, "TargetId": root});
    aws.must("AttachPolicy", both.clone()).await;
    let twice = aws.call("AttachPolicy", both.clone()).await;
    assert_eq!(twice.refusal().1, "DuplicatePolicyAttachmentException");
    let only = json!({"PolicyId": id});
    assert_eq!(aws.call("DeletePolicy", only.clone()).await.refusal().1, "PolicyInUseException");
    let targets = aws.all("ListTargetsForPolicy", "Targets", only.clone()).await;
    assert_eq!((&targets[0]["TargetId"], &targets[0]["Type"]), (&json!(root), &json!("ROOT")));
    assert_eq!(aws.must("DetachPolicy", both.clone()).await, json!({}));
    assert_eq!(aws.call("DetachPolicy", both).await.refusal().1, "PolicyNotAttachedException");
    aws.must("DeletePolicy", only.clone()).await;
    assert_eq!(aws.call("DescribePolicy", only).await.refusal().1, "PolicyNotFoundException");
}

#[tokio::test]
async fn a_target_takes_ten_policies_of_a_type() {
    let aws = Aws::demo();
    let target = aws.account("sandbox-01").await;
    for number in 1..=11 {
        let id = aws.create_policy(&format!("policy {number}"), &json!({"plans": {}})).await;
        let reply = aws.call("AttachPolicy", json!({"PolicyId": id, "TargetId": target})).await;
        match number {
            11 => assert_eq!(reply.refusal().2, "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED"),
            _ => assert_eq!(reply.status, 200),
        }
    }
    let input = json!({"TargetId": target, "Filter": "BACKUP_POLICY"});
    let attached = aws.all("ListPoliciesForTarget", "Policies", input).await;
    let names: Vec<&str> = attached.iter().map(|policy| policy["Name"].as_str().unwrap()).collect();
    assert_eq!((names.len(), names[0], names[9]), (10, "policy 1", "policy 10"));
}

#[tokio::test]
async fn attaching_needs_the_policy_type_and_an_existing_target() {
    let aws = Aws::demo();
    let id = aws.policy("baseline-daily").await;
    let nowhere = json!({"PolicyId": id, "TargetId": "111122223333"});
    assert_eq!(aws.call("AttachPolicy", nowhere).await.refusal().1, "TargetNotFoundException");
    let root = aws.root().await;
    aws.must("DisablePolicyType", json!({"RootId": root, "PolicyType": "BACKUP_POLICY"})).await;
    let refused = aws.call("AttachPolicy", json!({"PolicyId": id, "TargetId": root})).await;
    assert_eq!(refused.refusal().1, "PolicyTypeNotEnabledException");
}

#[tokio::test]
async fn policies_of_aws_stay_as_they_are() {
    let aws = Aws::demo();
    let policies = aws.all("ListPolicies", "Policies", json!({"Filter": "SERVICE_CONTROL_POLICY"})).await;
    assert_eq!((policies.len(), &policies[0]["AwsManaged"]), (1, &json!(true)));
    let refused = aws.call("DeletePolicy", json!({"PolicyId": policies[0]["Id"]})).await;
    assert_eq!(refused.refusal().2, "IMMUTABLE_POLICY");
}
