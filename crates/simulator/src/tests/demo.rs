//! Facts of the seeded organizations.

use super::Aws;
use crate::Organization;
use serde_json::json;
use std::collections::BTreeMap;

/// Every OU with its depth, found by walking the tree.
async fn depths(aws: &Aws) -> BTreeMap<String, usize> {
    let mut depths = BTreeMap::new();
    let mut open = vec![(aws.root().await, 0)];
    while let Some((parent, depth)) = open.pop() {
        let input = json!({"ParentId": parent});
        for unit in aws.all("ListOrganizationalUnitsForParent", "OrganizationalUnits", input).await {
            let id = unit["Id"].as_str().unwrap().to_owned();
            depths.insert(id.clone(), depth + 1);
            open.push((id, depth + 1));
        }
    }
    depths
}

#[tokio::test]
async fn the_demo_has_250_accounts_in_24_ous_five_deep_and_six_policies() {
    let aws = Aws::demo();
    let depths = depths(&aws).await;
    assert_eq!((depths.len(), depths.values().max()), (24, Some(&5)));
    let accounts = aws.all("ListAccounts", "Accounts", json!({})).await;
    assert_eq!(accounts.len(), 250);
    let mut emails: Vec<&str> = accounts.iter().map(|account| account["Email"].as_str().unwrap()).collect();
    emails.sort_unstable();
    emails.dedup();
    assert_eq!(emails.len(), 250);
    let policies = aws.all("ListPolicies", "Policies", json!({"Filter": "BACKUP_POLICY"})).await;
    assert_eq!(policies.len(), 6);
    for policy in policies {
        let targets = aws.all("ListTargetsForPolicy", "Targets", json!({"PolicyId": policy["Id"]})).await;
        assert!(!targets.is_empty());
    }
}

#[tokio::test]
async fn seeded_policies_are_admitted_and_inherited() {
    let aws = Aws::demo();
    aws.simulator.with_world(|world| {
        let backup = world.policies.values().filter(|policy| policy.policy_type == "BACKUP_POLICY");
        let refused: Vec<&str> =
            backup.filter(|policy| policy.compiled.is_none()).map(|policy| policy.name.as_str()).collect();
        assert_eq!(refused, [] as [&str; 0]);
    });
    let shop = aws.effective(&aws.account("shop-01").await).await;
    let production = &shop["plans"]["production"];
    assert_eq!(
        production["regions"],
        json!(["eu-west-1", "eu-central-1", "us-east-1"]),
        "the guard rail holds"
    );
    let values = &production["selections"]["tags"]["critical-tier"]["tag_value"];
    assert_eq!(values, &json!(["critical", "retail-critical"]));
    let dev = aws.effective(&aws.account("dev-01").await).await;
    let baseline = &dev["plans"]["baseline"];
    assert_eq!(baseline["regions"], json!(["eu-west-1", "eu-central-1"]));
    assert_eq!(baseline["rules"]["daily"]["schedule_expression"], "cron(0 4 ? * SAT *)");
    assert_eq!(baseline["rules"]["daily"]["lifecycle"]["delete_after_days"], "35", "locked from above");
    assert_eq!(aws.effective(&aws.account("sandbox-01").await).await, json!({}));
}

#[tokio::test]
async fn one_account_is_invalid_and_keeps_its_last_valid_policy() {
    let aws = Aws::demo();
    let input = json!({"PolicyType": "BACKUP_POLICY"});
    let invalid = aws.all("ListAccountsWithInvalidEffectivePolicy", "Accounts", input).await;
    assert_eq!((invalid.len(), &invalid[0]["Name"]), (1, &json!("pos-berlin")));
    let kept = aws.effective(invalid[0]["Id"].as_str().unwrap()).await;
    assert_eq!(kept, aws.effective(&aws.account("pos-hamburg").await).await);
    let input = json!({"AccountId": invalid[0]["Id"], "PolicyType": "BACKUP_POLICY"});
    let errors = aws.must("ListEffectivePolicyValidationErrors", input).await;
    let error = &errors["EffectivePolicyValidationErrors"][0];
    assert_eq!(error["ErrorCode"], "CROSS_ATTRIBUTE_VALIDATION");
    assert_eq!(error["PathToError"], "plans/production/rules/nightly");
}

#[tokio::test]
async fn two_weeks_hold_thousands_of_jobs_with_a_realistic_share_of_trouble() {
    let aws = Aws::demo();
    let (mut total, mut failed, mut issues) = (0, 0, 0);
    for region in ["eu-west-1", "eu-central-1", "us-east-1"] {
        let path = "/audit/backup-job-summaries?AccountId=AGGREGATE_ALL&State=ANY&MessageCategory=ANY\
                    &AggregationPeriod=FOURTEEN_DAYS";
        for row in aws.get(region, path).await["BackupJobSummaries"].as_array().unwrap() {
            let count = row["Count"].as_u64().unwrap();
            let with_issue = row["State"] == "COMPLETED" && row["MessageCategory"] != "SUCCESS";
            total += count;
            failed += if row["State"] == "FAILED" { count } else { 0 };
            issues += if with_issue { count } else { 0 };
        }
    }
    assert!((10_000..30_000).contains(&total), "{total}");
    let percent = failed * 100 / total;
    assert!((2..10).contains(&percent), "{percent} %");
    assert!(issues * 1000 / total > 3, "{issues}");
}

#[tokio::test]
async fn the_same_seed_gives_the_same_world_and_another_seed_another() {
    let path = "/backup-jobs/?accountId=*&maxResults=50";
    let (one, same) = (Aws::demo(), Aws::demo());
    assert_eq!(one.get("us-east-1", path).await, same.get("us-east-1", path).await);
    let other = Aws::with(|options| options.seed = 2);
    assert_ne!(one.root().await, other.root().await);
    assert_ne!(one.get("us-east-1", path).await, other.get("us-east-1", path).await);
}

#[tokio::test]
async fn the_scale_organization_has_its_size_and_valid_policies() {
    let aws = Aws::with(|options| options.organization = Organization::Scale);
    aws.simulator.with_world(|world| {
        let backup: Vec<_> =
            world.policies.values().filter(|policy| policy.policy_type == "BACKUP_POLICY").collect();
        assert_eq!((world.accounts.len(), world.units.len(), backup.len()), (10_000, 300, 200));
        assert!(backup.iter().all(|policy| policy.compiled.is_some()));
    });
    let input = json!({"PolicyType": "BACKUP_POLICY"});
    let invalid = aws.all("ListAccountsWithInvalidEffectivePolicy", "Accounts", input).await;
    assert!(invalid.is_empty());
}
