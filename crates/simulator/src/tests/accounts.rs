//! The tree: accounts, OUs, and who may look at them.

use super::Aws;
use serde_json::json;
use time::Duration;

#[tokio::test]
async fn accounts_say_where_they_stand() {
    let aws = Aws::demo();
    let id = aws.account("pos-berlin").await;
    let account = aws.must("DescribeAccount", json!({"AccountId": id})).await["Account"].clone();
    let path = account["Paths"][0].as_str().unwrap();
    assert_eq!(path.split('/').count(), 9, "{path}");
    let parent = aws.must("ListParents", json!({"ChildId": id})).await["Parents"][0].clone();
    assert!(path.ends_with(&format!("{}/{id}/", parent["Id"].as_str().unwrap())));
    assert_eq!((&account["State"], &account["Status"]), (&json!("ACTIVE"), &json!("ACTIVE")));
}

#[tokio::test]
async fn closed_accounts_keep_their_place_and_say_so() {
    let aws = Aws::demo();
    let accounts = aws.all("ListAccounts", "Accounts", json!({})).await;
    let count = |state: &str| accounts.iter().filter(|account| account["State"] == state).count();
    assert_eq!((count("ACTIVE"), count("SUSPENDED"), count("CLOSED")), (243, 6, 1));
}

#[tokio::test]
async fn an_account_moves_and_takes_the_policies_of_its_new_place() {
    let aws = Aws::demo();
    let id = aws.account("sandbox-01").await;
    assert_eq!(aws.effective(&id).await, json!({}));
    let source = aws.must("ListParents", json!({"ChildId": id})).await["Parents"][0]["Id"].clone();
    let security = aws.account("log-archive").await;
    let target = aws.must("ListParents", json!({"ChildId": security})).await["Parents"][0]["Id"].clone();
    let input = json!({"AccountId": id, "SourceParentId": source, "DestinationParentId": target});
    aws.must("MoveAccount", input.clone()).await;
    assert_eq!(aws.effective(&id).await, json!({}), "effective policies come later");
    aws.pass(Duration::seconds(3));
    assert!(aws.effective(&id).await["plans"]["baseline"].is_object());
    assert_eq!(aws.call("MoveAccount", input).await.refusal().1, "SourceParentNotFoundException");
}

#[tokio::test]
async fn accounts_are_created_in_the_background() {
    let aws = Aws::demo();
    let input = json!({"AccountName": "new", "Email": "new@northwick.example"});
    let created = aws.must("CreateAccount", input.clone()).await["CreateAccountStatus"].clone();
    assert_eq!(created["State"], "IN_PROGRESS");
    aws.pass(Duration::seconds(5));
    let request = json!({"CreateAccountRequestId": created["Id"]});
    let done = aws.must("DescribeCreateAccountStatus", request).await["CreateAccountStatus"].clone();
    assert_eq!(done["State"], "SUCCEEDED");
    assert_eq!(aws.account("new").await, done["AccountId"]);
    let again = aws.must("CreateAccount", input).await["CreateAccountStatus"]["Id"].clone();
    aws.pass(Duration::seconds(5));
    let failed = aws.must("DescribeCreateAccountStatus", json!({"CreateAccountRequestId": again})).await;
    assert_eq!(failed["CreateAccountStatus"]["FailureReason"], "EMAIL_ALREADY_EXISTS");
}

#[tokio::test]
async fn ous_are_made_named_and_removed_within_their_limits() {
    let aws = Aws::demo();
    let mut parent = aws.root().await;
    let input = json!({"ParentId": parent, "Name": "Sandbox"});
    let taken = aws.call("CreateOrganizationalUnit", input).await;
    assert_eq!(taken.refusal().1, "DuplicateOrganizationalUnitException");
    for level in 1..=5 {
        let input = json!({"ParentId": parent, "Name": format!("Level {level}")});
        let unit = aws.must("CreateOrganizationalUnit", input).await["OrganizationalUnit"].clone();
        parent = unit["Id"].as_str().unwrap().to_owned();
        assert_eq!(unit["Path"].as_str().unwrap().matches("/ou-").count(), level);
    }
    let deeper = aws.call("CreateOrganizationalUnit", json!({"ParentId": parent, "Name": "Level 6"})).await;
    assert_eq!(deeper.refusal(), (400, "ConstraintViolationException", "OU_DEPTH_LIMIT_EXCEEDED"));
    let renamed = json!({"OrganizationalUnitId": parent, "Name": "Bottom"});
    assert_eq!(aws.must("UpdateOrganizationalUnit", renamed).await["OrganizationalUnit"]["Name"], "Bottom");
    aws.must("DeleteOrganizationalUnit", json!({"OrganizationalUnitId": parent})).await;
    let gone = aws.call("DescribeOrganizationalUnit", json!({"OrganizationalUnitId": parent})).await;
    assert_eq!(gone.refusal().1, "OrganizationalUnitNotFoundException");
}

#[tokio::test]
async fn an_ou_with_accounts_stays() {
    let aws = Aws::demo();
    let account = aws.account("sandbox-01").await;
    let unit = aws.must("ListParents", json!({"ChildId": account})).await["Parents"][0]["Id"].clone();
    let refused = aws.call("DeleteOrganizationalUnit", json!({"OrganizationalUnitId": unit})).await;
    assert_eq!(refused.refusal().1, "OrganizationalUnitNotEmptyException");
}

#[tokio::test]
async fn members_see_their_own_effective_policy_and_little_else() {
    let aws = Aws::demo();
    let id = aws.account("dev-01").await;
    let denied = aws.call_as(&id, "ListAccounts", json!({})).await;
    assert_eq!(denied.refusal(), (400, "AccessDeniedException", ""));
    let own = aws.call_as(&id, "DescribeEffectivePolicy", json!({"PolicyType": "BACKUP_POLICY"})).await;
    assert_eq!(own.body["EffectivePolicy"]["TargetId"], json!(id));
    let other = aws.account("dev-02").await;
    let input = json!({"PolicyType": "BACKUP_POLICY", "TargetId": other});
    let denied = aws.call_as(&id, "DescribeEffectivePolicy", input).await;
    assert_eq!(denied.refusal().1, "AccessDeniedException");
}

#[tokio::test]
async fn tags_are_kept_within_their_rules() {
    let aws = Aws::demo();
    let id = aws.account("dev-01").await;
    let tag = |key: &str| json!({"ResourceId": id, "Tags": [{"Key": key, "Value": "x"}]});
    aws.must("TagResource", tag("team")).await;
    aws.must("UntagResource", json!({"ResourceId": id, "TagKeys": ["cost-center"]})).await;
    let tags = aws.all("ListTagsForResource", "Tags", json!({"ResourceId": id})).await;
    assert_eq!(tags, [json!({"Key": "team", "Value": "x"})]);
    let system = aws.call("TagResource", tag("aws:team")).await;
    assert_eq!(system.refusal().2, "INVALID_SYSTEM_TAGS_PARAMETER");
    let many: Vec<_> = (0..51).map(|number| json!({"Key": format!("k{number}"), "Value": ""})).collect();
    let many = aws.call("TagResource", json!({"ResourceId": id, "Tags": many})).await;
    assert_eq!(many.refusal().2, "MAX_TAG_LIMIT_EXCEEDED");
}
