//! What changes in AWS outside the portal, seen at the next reading.

use aws::{Aws, GlobalSetting};
use model::event::{EventFilter, EventKind};
use serde_json::json;

use super::world::{World, now, pass, stored};

/// What was found so far: kind and subject, oldest first.
async fn found(world: &World) -> Vec<(EventKind, String)> {
    let mut rows = world.store().events(&EventFilter::default()).await.unwrap().rows;
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
    world.store().turn_switch("cross_account_backup", turned, now()).await.unwrap();
    world.sync().read_organization(None).await.unwrap();
    assert_eq!(found(&world).await, []);
}
