//! The state file: changes outlive the process, the seed does not have to be kept.

use super::{Aws, plan};
use crate::{Options, Simulator, StartError};
use serde_json::json;
use std::path::PathBuf;
use std::sync::Arc;
use time::Duration;

/// A file of this test in a folder of its own, removed at the end.
struct File(PathBuf);

impl File {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("simulator-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder.join("state.json"))
    }

    fn aws(&self) -> Aws {
        Aws::with(|options| options.state_file = Some(self.0.clone()))
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = self.0.parent().map(std::fs::remove_dir_all);
    }
}

#[tokio::test]
async fn changes_are_there_after_a_restart() {
    let file = File::new("restart");
    let first = file.aws();
    let account = first.account("sandbox-01").await;
    let policy = first.create_policy("kept", &plan("cron(0 5 ? * * *)", "standard")).await;
    first.must("AttachPolicy", json!({"PolicyId": policy, "TargetId": account})).await;
    first.call("DeletePolicy", json!({"PolicyId": policy})).await;
    first.backup_as(&account, "PUT", "eu-west-1", "/backup-vaults/special", json!({})).await;
    first.pass(Duration::hours(30));
    let jobs = format!("/backup-jobs/?accountId={account}");
    let (effective, listed) = (first.effective(&account).await, first.get("eu-west-1", &jobs).await);
    drop(first);

    let second = file.aws();
    second.pass(Duration::hours(30));
    assert_eq!(second.effective(&account).await, effective);
    assert_eq!(second.get("eu-west-1", &jobs).await, listed);
    assert_eq!(second.policy("kept").await, policy);
    let vaults = second.backup_as(&account, "GET", "eu-west-1", "/backup-vaults/special", json!(null)).await;
    assert_eq!(vaults.status, 200);
    let next = second.create_policy("next", &json!({"plans": {}})).await;
    assert_ne!(next, policy);
}

#[tokio::test]
async fn the_file_holds_changes_and_not_the_seed() {
    let file = File::new("size");
    let aws = file.aws();
    aws.create_policy("small", &json!({"plans": {}})).await;
    assert!(std::fs::read_to_string(&file.0).unwrap().len() < 1_000);
    assert!(!file.0.with_extension("tmp").exists());
}

#[tokio::test]
async fn history_stays_where_it_was_when_the_start_is_later() {
    let file = File::new("start");
    let first = file.aws();
    let account = first.account("pos-berlin").await;
    let joined = |aws: Aws| async move {
        let account = aws.must("DescribeAccount", json!({"AccountId": account})).await;
        account["Account"]["JoinedTimestamp"].clone()
    };
    let before = joined(first).await;
    let later = Aws::with(|options| {
        options.now = Arc::new(|| super::START + Duration::days(3));
        options.state_file = Some(file.0.clone());
    });
    let id = later.account("pos-berlin").await;
    let after =
        later.must("DescribeAccount", json!({"AccountId": id})).await["Account"]["JoinedTimestamp"].clone();
    assert_eq!(before, after);
}

#[tokio::test]
async fn a_file_of_another_seed_or_no_state_at_all_is_refused() {
    let file = File::new("other");
    drop(file.aws());
    let start = |seed| {
        let options = Options::demo(Arc::new(|| super::START));
        Simulator::new(Options { seed, state_file: Some(file.0.clone()), ..options }).map(drop)
    };
    assert!(matches!(start(2), Err(StartError::OtherSeed { seed: 1, .. })));
    std::fs::write(&file.0, "{").unwrap();
    assert!(matches!(start(1), Err(StartError::Malformed { .. })));
}
