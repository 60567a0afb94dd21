//! One part of the organization that AWS does not show keeps nothing else from being read.

use model::{
    PolicyId, TargetId,
    event::EventFilter,
    organization::{Part, UnreadPart},
};
use serde_json::Value;

use super::world::{Facts, World, backup_error, in_aws, now, stored};
use crate::{
    directory::Directory,
    sync::import::{LANE, refusals::ALIKE},
};

/// Denies an operation for what the body names.
fn deny(world: &World, denied: Vec<(&'static str, String)>) {
    *world.gate.answer.lock().unwrap() = Some(Box::new(move |name, _, body| {
        let body = String::from_utf8_lossy(body);
        let is_denied = denied.iter().any(|(operation, id)| *operation == name && body.contains(id.as_str()));
        is_denied.then(|| backup_error(400, "AccessDeniedException"))
    }));
}

fn allow(world: &World) {
    *world.gate.answer.lock().unwrap() = None;
    *world.gate.change.lock().unwrap() = None;
}

async fn unread(world: &World) -> Vec<(Part, String)> {
    let parts = world.store().load_snapshot().await.unwrap().unread;
    parts.into_iter().map(|UnreadPart { part, id, .. }| (part, id)).collect()
}

async fn read(world: &World) {
    world.sync().read_organization(None).await.unwrap();
}

/// A policy that is attached, another one, and an OU that holds OUs or accounts.
fn chosen(facts: &Facts) -> (PolicyId, PolicyId, TargetId) {
    let attached = facts.attached.values().next().unwrap()[0].clone();
    let other = facts.policies.keys().find(|id| **id != attached).unwrap().clone();
    let inner = facts.nodes.values().find(|node| {
        let parent = node.parent.as_ref().and_then(|id| facts.nodes.get(id));
        node.id.account().is_none() && parent.is_some_and(|parent| parent.parent.is_some())
    });
    (attached, other, inner.unwrap().parent.clone().unwrap())
}

/// Denies the text of a policy, the targets of another and the OUs of an OU; which.
fn deny_one_of_each(world: &World, facts: &Facts) -> (PolicyId, PolicyId, TargetId) {
    let (text, targets, ou) = chosen(facts);
    let denied = vec![
        ("DescribePolicy", text.to_string()),
        ("ListTargetsForPolicy", targets.to_string()),
        ("ListOrganizationalUnitsForParent", ou.to_string()),
    ];
    deny(world, denied);
    (text, targets, ou)
}

#[tokio::test]
async fn what_aws_never_showed_is_unknown_everything_else_is_there_and_nobody_changed_it_when_it_shows() {
    let world = World::new().await;
    let facts = in_aws(&world.aws).await;
    let (text, targets, ou) = deny_one_of_each(&world, &facts);
    *world.gate.change.lock().unwrap() = Some(Box::new(|name, mut answer: Value| {
        if name == "ListAccounts" {
            answer["Accounts"].as_array_mut().unwrap().push(serde_json::json!({"Id": "12", "Name": "odd"}));
        }
        answer
    }));
    read(&world).await;
    let shown = stored(world.store()).await;
    assert_eq!(shown.nodes.keys().collect::<Vec<_>>(), facts.nodes.keys().collect::<Vec<_>>());
    assert_eq!(shown.policies.len(), facts.policies.len());
    for (id, policy) in &facts.policies {
        let expected = if *id == text { "" } else { &policy.content };
        assert_eq!(shown.policies[id].content, expected, "{id}");
    }
    let found = unread(&world).await;
    for part in [
        (Part::PolicyText, text.to_string()),
        (Part::PolicyTargets, targets.to_string()),
        (Part::Ous, ou.to_string()),
    ] {
        assert!(found.contains(&part), "{part:?}: {found:?}");
    }
    let entry = |id: &PolicyId, directory: &Directory| directory.policies[id].may_be_attached_anywhere();
    assert!(found.iter().any(|(part, id)| *part == Part::Row && id.starts_with("accounts")), "{found:?}");

    let directory = Directory::build(world.store().load_snapshot().await.unwrap(), now()).unwrap();
    let reached = directory.places.iter().filter(|place| place.is_active() && place.unknown).count() as u64;
    assert!(reached > 0 && directory.figures.unknown == reached, "{:?}", directory.figures);
    assert!(
        directory
            .places
            .iter()
            .filter(|place| place.unknown)
            .all(|place| { !place.needs(model::organization::Coverage::WithoutPlan) })
    );

    assert!(entry(&targets, &directory) && !entry(&text, &directory), "unread is not unattached");

    allow(&world);
    read(&world).await;
    assert_eq!(stored(world.store()).await, facts);
    assert_eq!(unread(&world).await, []);
    assert_eq!(
        world.store().events(&EventFilter::default(), &store::Visible::All).await.unwrap().rows,
        [],
        "it was so before"
    );
}

#[tokio::test]
async fn what_aws_shows_no_more_stays_as_it_was_known() {
    let world = World::new().await;
    read(&world).await;
    let before = stored(world.store()).await;
    let (text, _, _) = deny_one_of_each(&world, &before);
    world.sync().read_organization(Some(now())).await.unwrap();
    assert_eq!(stored(world.store()).await, before);
    assert_eq!(unread(&world).await.len(), 3);
    let directory = Directory::build(world.store().load_snapshot().await.unwrap(), now()).unwrap();
    assert_eq!(directory.figures.unknown, 0, "an older text is known");
    assert!(directory.policies[&text].unread.is_some());
}

#[tokio::test]
async fn where_every_text_is_refused_alike_only_a_few_are_asked_for() {
    let world = World::new().await;
    for n in 0..20 {
        world.aws.create_policy(&format!("More {n}"), "", r#"{"plans":{}}"#).await.unwrap();
    }
    deny(&world, vec![("DescribePolicy", String::new())]);
    read(&world).await;
    let asked = world.gate.asked.lock().unwrap().iter().filter(|name| *name == "DescribePolicy").count();
    let policies = world.store().load_snapshot().await.unwrap().policies.len();
    let texts = unread(&world).await.iter().filter(|(part, _)| *part == Part::PolicyText).count();
    assert_eq!(texts, policies);
    // Those that were on their way when the third was refused are answered too.
    assert!(policies > 20 && asked < ALIKE + LANE, "{asked} of {policies}");
}
