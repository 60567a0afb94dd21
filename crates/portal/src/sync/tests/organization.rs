use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use model::{TargetId, TargetKind};
use serde_json::json;
use store::StoreError;

use super::world::{Facts, World, in_aws, pass, stored};
use crate::sync::{Options, SyncError, import};

#[tokio::test]
async fn what_was_read_is_what_aws_has() {
    let world = World::new().await;
    world.sync().read_organization(None).await.unwrap();
    let snapshot = world.store().load_snapshot().await.unwrap();
    assert_eq!(snapshot.policy_type_enabled, Some(true));
    assert_eq!(snapshot.facts.unwrap(), world.aws.describe_organization().await.unwrap());
    let invalid = world.aws.invalid_accounts().await.unwrap();
    assert!(!invalid.is_empty());
    assert_eq!(snapshot.invalid_in_aws.unwrap(), invalid.into_iter().collect());
    let stored = stored(world.store()).await;
    assert_eq!(stored, in_aws(&world.aws).await);
    assert_eq!((stored.nodes.len(), stored.policies.len()), (275, 6));
}

#[tokio::test]
async fn an_endpoint_that_does_not_tell_places_is_walked() {
    let world = World::new().await;
    *world.gate.change.lock().unwrap() = Some(Box::new(|name, mut answer| {
        if name == "ListAccounts" {
            let accounts = answer["Accounts"].as_array_mut().unwrap();
            accounts.iter_mut().for_each(|account| drop(account.as_object_mut().unwrap().remove("Paths")));
        }
        answer
    }));
    world.sync().read_organization(None).await.unwrap();
    assert!(world.gate.asked.lock().unwrap().iter().any(|name| name == "ListAccountsForParent"));
    assert_eq!(stored(world.store()).await, in_aws(&world.aws).await);
}

#[tokio::test]
async fn a_reading_killed_at_any_request_goes_on_where_it_stopped() {
    let mut world = World::new().await;
    let expected = in_aws(&world.aws).await;
    world.sync().read_organization(None).await.unwrap();
    let whole = world.requests();
    for request in (1..=whole).step_by(4) {
        world = world.with_new_database().await;
        let ended = world.killed_at(request, world.sync().read_organization(None)).await;
        assert!(ended.is_none(), "request {request} of {whole} came");
        assert!(stored(world.store()).await.nodes.is_empty(), "half an organization is not shown");
        world.sync().read_organization(None).await.unwrap();
        assert_eq!(stored(world.store()).await, expected);
        // What was on its way, or not yet kept, when it was killed is asked again: at most a lane of OUs, of texts and
        // of targets, a page of accounts and of policies, the two first questions, the five about settings, and who is
        // invalid.
        let (all, most) = (world.requests(), whole + 3 * import::LANE + 12);
        assert!(all <= most, "killed at {request}: {all} requests, {whole} without");
    }
}

#[tokio::test]
async fn a_reading_killed_again_and_again_comes_to_its_end() {
    let world = World::new().await;
    let mut kills = 0;
    // Seven of these are asked each time: the two first questions, and the five about settings.
    while world.killed_at(world.requests() + 12, world.sync().read_organization(None)).await.is_none() {
        kills += 1;
        assert!(kills < 100, "no progress");
    }
    assert!(kills > 3);
    assert_eq!(stored(world.store()).await, in_aws(&world.aws).await);
}

#[tokio::test]
async fn a_refresh_brings_what_changed_and_forgets_what_went() {
    let world = World::new().await;
    world.sync().read_organization(None).await.unwrap();
    let before = stored(world.store()).await;
    let policy = before.policies.keys().next().unwrap().clone();
    for target in before.attached.iter().filter(|(_, on)| on.contains(&policy)).map(|(target, _)| target) {
        world.aws.detach_policy(&policy, target).await.unwrap();
    }
    world.aws.delete_policy(&policy).await.unwrap();
    let other = before.policies.values().next_back().unwrap();
    world.aws.update_policy(&other.id, "Renamed", "now", r#"{"plans":{}}"#).await.unwrap();
    let root = before.nodes.values().find(|node| node.parent.is_none()).unwrap();
    let made =
        world.organizations("CreateOrganizationalUnit", json!({"ParentId": root.id, "Name": "New"})).await;
    let made: TargetId = made["OrganizationalUnit"]["Id"].as_str().unwrap().parse().unwrap();
    // In another order than that of the list: it decides who wins.
    for policy in before.policies.keys().rev().take(3) {
        world.aws.attach_policy(policy, &made).await.unwrap();
    }
    world.sync().read_organization(None).await.unwrap();
    let after = stored(world.store()).await;
    assert_eq!(after, in_aws(&world.aws).await);
    assert_eq!((after.nodes.len(), after.policies.len()), (276, 5));
}

/// A new OU, an account moved into it, and a policy attached there.
async fn disturb(world: &World, facts: &Facts, turn: usize) {
    let account =
        facts.nodes.values().filter(|n| n.id.kind() == TargetKind::Account).nth(turn * 7 % 250).unwrap();
    let root = facts.nodes.values().find(|node| node.parent.is_none()).unwrap();
    let made = json!({"ParentId": root.id, "Name": format!("Turn {turn}")});
    let made = world.organizations("CreateOrganizationalUnit", made).await;
    let ou = made["OrganizationalUnit"]["Id"].as_str().unwrap();
    let moved = json!({"AccountId": account.id, "SourceParentId": account.parent, "DestinationParentId": ou});
    world.organizations("MoveAccount", moved).await;
    let policy = facts.policies.keys().nth(turn % facts.policies.len()).unwrap();
    world.aws.attach_policy(policy, &ou.parse::<TargetId>().unwrap()).await.unwrap();
}

#[tokio::test]
async fn an_organization_that_changes_while_it_is_read_is_never_shown_inconsistent() {
    let world = World::new().await;
    let facts = in_aws(&world.aws).await;
    let disturbances = Arc::new(AtomicUsize::new(0));
    let mut taken_over = false;
    for turn in 0..4 {
        let busy = async {
            loop {
                let number = disturbances.fetch_add(1, Ordering::SeqCst);
                let pace = world.requests() + 6 + turn * 5;
                while world.requests() < pace {
                    tokio::task::yield_now().await;
                }
                disturb(&world, &facts, number).await;
            }
        };
        let read = tokio::select! {
            read = read_once(&world) => read,
            () = busy => unreachable!(),
        };
        taken_over |= read;
        check(&stored(world.store()).await, taken_over);
    }
    assert!(disturbances.load(Ordering::SeqCst) > 3);
    world.sync().read_organization(None).await.unwrap();
    assert_eq!(stored(world.store()).await, in_aws(&world.aws).await);
}

/// Whether what was read fitted together and was taken over.
async fn read_once(world: &World) -> bool {
    match world.sync().read_organization(None).await {
        Ok(_) => true,
        Err(SyncError::Store(StoreError::Inconsistent { .. })) => false,
        Err(error) => panic!("{error}"),
    }
}

/// Everything hangs together, whatever moment it is of.
fn check(shown: &Facts, read: bool) {
    for node in shown.nodes.values() {
        assert!(node.parent.as_ref().is_none_or(|parent| shown.nodes.contains_key(parent)), "{}", node.id);
    }
    for (target, policies) in &shown.attached {
        assert!(shown.nodes.contains_key(target) && policies.iter().all(|p| shown.policies.contains_key(p)));
    }
    let accounts = shown.nodes.keys().filter(|id| id.kind() == TargetKind::Account).count();
    assert!(accounts == 250 || (!read && accounts == 0), "{accounts} accounts");
}

#[tokio::test]
async fn what_the_portal_writes_while_aws_is_read_is_not_lost() {
    let world = World::new().await;
    world.sync().read_organization(None).await.unwrap();
    let before = stored(world.store()).await;
    let (target, policies) = before.attached.iter().next().unwrap();
    let whole = world.requests();
    // Near the end everything was read; then the portal changes two things, in AWS and in the store.
    let killed = world.killed_at(2 * whole - 1, world.sync().read_organization(None)).await;
    assert!(killed.is_none());
    world.aws.detach_policy(&policies[0], target).await.unwrap();
    world.store().remove_attachment(&policies[0], target).await.unwrap();
    let written = world.aws.create_policy("Ours", "", r#"{"plans":{}}"#).await.unwrap().value;
    world.store().put_policy(&written, super::world::now()).await.unwrap();
    world.sync().read_organization(None).await.unwrap();
    assert_eq!(stored(world.store()).await, in_aws(&world.aws).await);
}

/// Reads the organization, and policies only as long as the tree takes; how many texts it asked for.
async fn hurried(world: &World, asked: bool) -> usize {
    let texts = || world.gate.asked.lock().unwrap().iter().filter(|name| *name == "DescribePolicy").count();
    let before = texts();
    let options = Options { policies_for: std::time::Duration::ZERO, ..Options::default() };
    world.sync_with(options).0.read_organization(asked.then(super::world::now)).await.unwrap();
    texts() - before
}

#[tokio::test]
async fn a_refresh_in_a_hurry_reads_what_is_new_or_renamed_and_everything_that_is_an_hour_old() {
    let world = World::new().await;
    world.sync().read_organization(None).await.unwrap();
    let before = stored(world.store()).await;
    let all = before.policies.len();
    let renamed = before.policies.values().next().unwrap();
    world.aws.update_policy(&renamed.id, "Another", "", r#"{"plans":{}}"#).await.unwrap();
    let made = world.aws.create_policy("New", "", r#"{"plans":{}}"#).await.unwrap().value;
    let root = before.nodes.values().find(|node| node.parent.is_none()).unwrap();
    world.aws.attach_policy(&made.id, &root.id).await.unwrap();
    assert!((2..=all + 1).contains(&hurried(&world, false).await));
    assert_eq!(stored(world.store()).await, in_aws(&world.aws).await);
    let edited = before.policies.values().next_back().unwrap();
    world.aws.update_policy(&edited.id, &edited.name, &edited.description, r#"{"plans":{}}"#).await.unwrap();
    world.aws.detach_policy(&made.id, &root.id).await.unwrap();
    pass(time::Duration::minutes(61));
    assert_eq!(hurried(&world, false).await, all + 1);
    assert_eq!(stored(world.store()).await, in_aws(&world.aws).await);
}

#[tokio::test]
async fn a_refresh_that_somebody_asked_for_reads_everything() {
    let world = World::new().await;
    world.sync().read_organization(None).await.unwrap();
    let policies = stored(world.store()).await.policies;
    let edited = policies.values().next_back().unwrap();
    world.aws.update_policy(&edited.id, &edited.name, &edited.description, r#"{"plans":{}}"#).await.unwrap();
    assert_eq!(hurried(&world, true).await, policies.len());
    assert_eq!(stored(world.store()).await, in_aws(&world.aws).await);
}

#[tokio::test]
async fn a_refresh_that_somebody_asked_for_does_not_go_on_with_what_was_read_before() {
    let world = World::new().await;
    world.sync().read_organization(None).await.unwrap();
    let whole = world.requests();
    // All but read, then AWS changes, then somebody asks.
    assert!(world.killed_at(2 * whole - 1, world.sync().read_organization(None)).await.is_none());
    pass(time::Duration::MINUTE);
    disturb(&world, &in_aws(&world.aws).await, 1).await;
    world.sync().read_organization(Some(super::world::now())).await.unwrap();
    assert_eq!(stored(world.store()).await, in_aws(&world.aws).await);
}

#[tokio::test]
async fn what_a_list_leaves_out_is_gone_only_if_aws_does_not_know_it_when_asked() {
    let world = World::new().await;
    world.sync().read_organization(None).await.unwrap();
    let before = stored(world.store()).await;
    let (_, on) = before.attached.iter().next().unwrap();
    let account = before.nodes.keys().find(|id| id.kind() == TargetKind::Account).unwrap().to_string();
    let policy = on[0].to_string();
    *world.gate.change.lock().unwrap() = Some(Box::new(move |name, mut answer| {
        let (rows, left_out) = match name {
            "ListPolicies" => ("Policies", &policy),
            "ListAccounts" => ("Accounts", &account),
            _ => return answer,
        };
        answer[rows].as_array_mut().unwrap().retain(|row| row["Id"] != **left_out);
        answer
    }));
    world.sync().read_organization(None).await.unwrap();
    assert_eq!(stored(world.store()).await, before);
    assert_eq!(
        world.store().events(&model::event::EventFilter::default(), &store::Visible::All).await.unwrap().rows,
        []
    );
}

#[tokio::test]
async fn who_is_invalid_is_kept_through_a_passing_failure_and_unknown_where_aws_refuses_to_tell() {
    let world = World::new().await;
    let told = async || {
        world.sync().read_organization(None).await.unwrap();
        world.store().load_snapshot().await.unwrap().invalid_in_aws
    };
    let first = told().await;
    assert!(first.as_ref().is_some_and(|accounts| !accounts.is_empty()));
    for (status, code, expected) in [(500, "ServiceException", first), (400, "AccessDeniedException", None)] {
        *world.gate.answer.lock().unwrap() = Some(Box::new(move |name, _, _| {
            (name == "ListAccountsWithInvalidEffectivePolicy")
                .then(|| super::world::backup_error(status, code))
        }));
        assert_eq!(told().await, expected, "{code}");
    }
}
