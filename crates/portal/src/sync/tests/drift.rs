//! What changes in AWS outside the portal, seen at the next reading.

use aws::{Aws, GlobalSetting};
use model::{
    event::{EventFilter, EventKind},
    settings::opt_in::RegionSwitch,
};
use serde_json::json;

use super::world::{World, backup_error, now, pass, stored};

/// What was found so far: kind and subject, oldest first.
async fn found(world: &World) -> Vec<(EventKind, String)> {
    let mut rows = world.store().events(&EventFilter::default(), &store::Visible::All).await.unwrap().rows;
    rows.reverse();
    rows.into_iter().map(|event| (event.kind, event.subject)).collect()
}

/// Whether copies to vaults of other accounts are allowed.
async fn copies_allowed(aws: &Aws) -> bool {
    aws.global_settings()
        .await
        .unwrap()
        .get(GlobalSetting::CrossAccountBackup.key())
        .copied()
        .unwrap_or(false)
}

#[tokio::test]
async fn what_others_change_in_aws_is_told_at_the_next_reading() {
    let world = World::new().await;
    world.sync().read_organization(None).await.unwrap();
    assert_eq!(found(&world).await, []);
    pass(time::Duration::MINUTE);
    let before = stored(world.store()).await;
    let (target, on) = before.attached.iter().next().unwrap();
    let edited = before.policies.values().next_back().unwrap();
    let account = before.nodes.values().find(|node| node.id.account().is_some()).unwrap();
    let root = before.nodes.values().find(|node| node.parent.is_none()).unwrap();
    let aws = &world.aws;
    aws.detach_policy(&on[0], target).await.unwrap();
    aws.update_policy(&edited.id, &edited.name, &edited.description, r#"{"plans":{}}"#).await.unwrap();
    let made = aws.create_policy("Theirs", "", r#"{"plans":{}}"#).await.unwrap().value;
    aws.attach_policy(&made.id, &root.id).await.unwrap();
    let turned = !copies_allowed(aws).await;
    aws.set_global_setting(GlobalSetting::CrossAccountBackup, turned).await.unwrap();
    let moved = json!({
        "AccountId": account.id, "SourceParentId": account.parent, "DestinationParentId": root.id,
    });
    world.organizations("MoveAccount", moved).await;
    world.sync().read_organization(None).await.unwrap();
    let mut expected = vec![
        (EventKind::SwitchTurned, "cross_account_backup".to_owned()),
        (EventKind::AccountMoved, account.id.to_string()),
        (EventKind::PolicyCreated, made.id.to_string()),
        (EventKind::PolicyEdited, edited.id.to_string()),
        (EventKind::PolicyAttached, made.id.to_string()),
        (EventKind::PolicyDetached, on[0].to_string()),
    ];
    if account.parent.as_ref() == Some(&root.id) {
        expected.remove(1);
    }
    assert_eq!(found(&world).await, expected);
    world.sync().read_organization(None).await.unwrap();
    assert_eq!(found(&world).await, expected, "once");
}

#[tokio::test]
async fn what_the_portal_changes_is_not_told() {
    let world = World::new().await;
    world.sync().read_organization(None).await.unwrap();
    let before = stored(world.store()).await;
    let (target, on) = before.attached.iter().next().unwrap();
    world.aws.detach_policy(&on[0], target).await.unwrap();
    world.store().remove_attachment(&on[0], target).await.unwrap();
    let made = world.aws.create_policy("Ours", "", r#"{"plans":{}}"#).await.unwrap().value;
    world.store().put_policy(&made, now()).await.unwrap();
    let turned = !copies_allowed(&world.aws).await;
    world.aws.set_global_setting(GlobalSetting::CrossAccountBackup, turned).await.unwrap();
    let value = if turned { "on" } else { "off" };
    world.store().set_seen("global_settings", "cross_account_backup", Some(value)).await.unwrap();
    world.sync().read_organization(None).await.unwrap();
    assert_eq!(found(&world).await, []);
}

#[tokio::test]
async fn administrators_the_resource_policy_and_region_settings_changed_by_others_are_told_with_before_and_after()
 {
    let world = World::new().await;
    world.sync().read_organization(None).await.unwrap();
    pass(time::Duration::MINUTE);
    let aws = &world.aws;
    let old = aws.delegated_administrators().await.unwrap().remove(0);
    let policy = aws.resource_policy().await.unwrap();
    let facts = stored(world.store()).await;
    let new = facts.nodes.values().find(|node| node.name == "sandbox-01").unwrap();
    let theirs = policy.clone().unwrap_or_else(|| format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Sid":"Theirs","Effect":"Allow","Principal":{{"AWS":"{}"}},"Action":"organizations:ListRoots","Resource":"*"}}]}}"#,
        new.id
    )).replace("Holdfast", "Theirs");
    aws.deregister_delegated_administrator(&old.account).await.unwrap();
    aws.register_delegated_administrator(&new.id.as_str().parse().unwrap()).await.unwrap();
    aws.put_resource_policy(&theirs).await.unwrap();
    aws.set_region_setting("eu-west-1", "S3", RegionSwitch::OptIn, false).await.unwrap();
    aws.set_region_setting("eu-west-1", "DynamoDB", RegionSwitch::FullManagement, false).await.unwrap();
    world.sync().read_organization(None).await.unwrap();
    let rows = world.store().events(&EventFilter::default(), &store::Visible::All).await.unwrap().rows;
    let find = |kind: EventKind, subject: &str| {
        rows.iter().find(|event| event.kind == kind && event.subject == subject).unwrap()
    };
    assert_eq!(rows.len(), 5, "{rows:?}");
    let removed = find(EventKind::AdministratorRemoved, old.account.as_str());
    assert_eq!(
        (removed.subject_name.as_str(), removed.after.as_deref()),
        (old.name.as_str(), Some("Not registered"))
    );
    let registered = find(EventKind::AdministratorRegistered, new.id.as_str());
    assert_eq!(
        (registered.subject_name.as_str(), registered.before.as_deref()),
        ("sandbox-01", Some("Not registered"))
    );
    let changed = find(EventKind::ResourcePolicyChanged, "resource_policy");
    assert_eq!((&changed.before, changed.after.as_deref()), (&policy, Some(theirs.as_str())));
    for subject in ["opt_in/eu-west-1/S3", "full_management/eu-west-1/DynamoDB"] {
        let turned = find(EventKind::RegionSettingTurned, subject);
        assert_eq!((turned.before.as_deref(), turned.after.as_deref()), (Some("on"), Some("off")));
        assert!(turned.subject_name.ends_with("in eu-west-1") && turned.since < turned.seen_at);
    }
    world.sync().read_organization(None).await.unwrap();
    assert_eq!(
        world.store().events(&EventFilter::default(), &store::Visible::All).await.unwrap().rows,
        rows,
        "once"
    );
}

#[tokio::test]
async fn settings_that_cannot_be_read_are_not_taken_for_gone() {
    let world = World::new().await;
    world.sync().read_organization(None).await.unwrap();
    *world.gate.answer.lock().unwrap() = Some(Box::new(|name, _, _| {
        let settings = [
            "ListDelegatedAdministrators",
            "DescribeResourcePolicy",
            "/account-settings",
            "/global-settings",
        ];
        settings.contains(&name).then(|| backup_error(403, "AccessDeniedException"))
    }));
    world.sync().read_organization(None).await.unwrap();
    *world.gate.answer.lock().unwrap() = None;
    world.sync().read_organization(None).await.unwrap();
    assert_eq!(found(&world).await, []);
}
