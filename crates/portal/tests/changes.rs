//! Changes whose answers are lost, whose database goes away, whose process dies, and that two people make at once: against
//! the real database, and the simulator behind a proxy.

#![recursion_limit = "256"]
#![expect(clippy::unwrap_used, reason = "a test fails where something is not as it must be")]

#[path = "house/house.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod house;

use std::{
    collections::BTreeSet,
    env,
    future::Future,
    pin::Pin,
    process::{Child, Command, Stdio},
    sync::OnceLock,
    time::Duration,
};

use house::{House, NOW, REGIONS, connect, management, portal_on};
use model::{
    AccountId, Failure, FailureCode, PolicyId, Role, TargetId,
    audit::{AuditEntry, AuditFilter, AuditOutcome},
    change::{ChangeSet, ChangeState, StepState},
    event::EventFilter,
    organization::TreeQuery,
    policies::{PolicyDraft, PolicyQuery},
    settings::{
        Setting, delegation::ResourcePolicy, export::attachments_fingerprint, features, opt_in::RegionSwitch,
    },
};
use portal::{Caller, Portal, PortalError, RUN_CHANGE_SET, tasks::Outcome};
use simulator::proxy::{How, Moment, Proxy, Spoil};
use store::{Store, SyncPart, private::PrivatePostgres};
use time::OffsetDateTime;
use tokio_util::sync::CancellationToken;

const PLAN: &str = r#"{"plans":{"extra":{"regions":{"@@assign":["eu-west-1"]},"rules":{"nightly":{"schedule_expression":{"@@assign":"cron(0 3 ? * * *)"},"target_backup_vault_name":{"@@assign":"Default"},"lifecycle":{"delete_after_days":{"@@assign":"35"}}}},"selections":{"tags":{"tagged":{"iam_role_arn":{"@@assign":"arn:aws:iam::$account:role/BackupRole"},"tag_key":{"@@assign":"backup"},"tag_value":{"@@assign":["yes"]}}}}}}}"#;

/// What a request that is lost on the way may take before it is known not to come any more.
const LATER: OffsetDateTime = time::macros::datetime!(2026-11-20 12:05 UTC);

fn draft(name: &str, description: &str) -> PolicyDraft {
    PolicyDraft { name: name.into(), description: description.into(), content: PLAN.into() }
}

/// The ways in which the answer to a call that was carried out can be spoiled.
const SPOILED: [How; 5] = [How::Lose, How::Cut, How::Empty, How::Garble, How::Html(403)];

type Changing<'a> = Pin<Box<dyn Future<Output = Result<(), PortalError>> + Send + 'a>>;

/// A change as somebody makes it, and the operation of AWS that makes it.
struct Made {
    operation: &'static str,
    change: for<'a> fn(&'a Portal, &'a Caller, &'a Facts) -> Changing<'a>,
}

/// What changes are made of.
struct Facts {
    policy: PolicyId,
    free: PolicyId,
    account: TargetId,
    administrator: AccountId,
}

async fn facts(house: &House) -> Facts {
    let (portal, admin) = (&house.portal, &house.admin);
    let policy = portal.create_policy(admin, draft("Changed", "")).await.unwrap();
    let free = portal.create_policy(admin, draft("Deleted", "")).await.unwrap();
    let account = accounts(house).await.remove(3);
    let administrator = named(house, "sandbox-01").await;
    Facts { policy, free, account, administrator }
}

async fn accounts(house: &House) -> Vec<TargetId> {
    let query = TreeQuery { q: "@".into(), ..TreeQuery::default() };
    let tree = house.portal.tree(&house.admin, &query).await.unwrap();
    tree.rows.into_iter().map(|row| row.id).filter(|id| id.account().is_some()).collect()
}

async fn named(house: &House, name: &str) -> AccountId {
    let query = TreeQuery { q: name.into(), ..TreeQuery::default() };
    let tree = house.portal.tree(&house.admin, &query).await.unwrap();
    tree.rows.into_iter().find(|row| row.name == name).unwrap().id.account().unwrap()
}

async fn audit(house: &House) -> Vec<AuditEntry> {
    house.portal.audit(&house.admin, &AuditFilter::default()).await.unwrap().rows
}

async fn blamed_on_others(house: &House) -> usize {
    house.read(SyncPart::Organization).await;
    house.portal.events(&house.admin, &EventFilter::default()).await.unwrap().rows.len()
}

/// One step of a change set as the result of a use case.
fn only(change: &ChangeSet) -> Result<(), PortalError> {
    match &change.steps[0].failure {
        None => Ok(()),
        Some(failure) => Err(PortalError::Failed(Box::new(failure.clone()))),
    }
}

async fn turn(portal: &Portal, admin: &Caller, setting: Setting, on: bool) -> Result<(), PortalError> {
    let shown = attachments_fingerprint(&portal.settings(admin).await?.attachments);
    portal.change_setting(admin, setting, on, "confirm", &shown).await
}

/// Every kind of change, in an order in which each can be made.
const CHANGES: [Made; 15] = [
    Made {
        operation: "CreatePolicy",
        change: |portal, admin, _| {
            Box::pin(async move { portal.create_policy(admin, draft("Made", "with words")).await.map(drop) })
        },
    },
    Made {
        operation: "UpdatePolicy",
        change: |portal, admin, facts| {
            Box::pin(async move {
                let opened = portal.policy(admin, &facts.policy).await?.fingerprint();
                portal.update_policy(admin, &facts.policy, &opened, draft("Renamed", "said")).await.map(drop)
            })
        },
    },
    Made {
        operation: "AttachPolicy",
        change: |portal, admin, facts| {
            Box::pin(async move {
                let targets = std::slice::from_ref(&facts.account);
                only(&portal.attach_policy(admin, &facts.policy, targets).await?)
            })
        },
    },
    Made {
        operation: "DetachPolicy",
        change: |portal, admin, facts| {
            Box::pin(async move {
                let targets = std::slice::from_ref(&facts.account);
                only(&portal.detach_policy(admin, &facts.policy, targets).await?)
            })
        },
    },
    Made {
        operation: "DeletePolicy",
        change: |portal, admin, facts| Box::pin(portal.delete_policy(admin, &facts.free)),
    },
    Made {
        operation: "PUT /global-settings",
        change: |portal, admin, _| Box::pin(turn(portal, admin, Setting::CrossAccountBackup, false)),
    },
    Made {
        operation: "PUT /account-settings",
        change: |portal, admin, _| {
            Box::pin(portal.change_region_setting(admin, REGIONS[0], "S3", RegionSwitch::OptIn, false))
        },
    },
    Made {
        operation: "RegisterDelegatedAdministrator",
        change: |portal, admin, facts| {
            Box::pin(portal.register_delegated_administrator(admin, facts.administrator.clone()))
        },
    },
    Made {
        operation: "PutResourcePolicy",
        change: |portal, admin, _| {
            Box::pin(async move {
                let delegation = portal.settings(admin).await?.delegation;
                let ResourcePolicy::Known { current, proposed } = delegation.policy else {
                    panic!("{delegation:?}")
                };
                assert_ne!(current, proposed);
                portal.put_resource_policy(admin, &current, &proposed).await
            })
        },
    },
    Made {
        operation: "DeregisterDelegatedAdministrator",
        change: |portal, admin, facts| {
            Box::pin(portal.remove_delegated_administrator(admin, facts.administrator.clone()))
        },
    },
    Made {
        operation: "DisablePolicyType",
        change: |portal, admin, _| Box::pin(turn(portal, admin, Setting::PolicyType, false)),
    },
    Made {
        operation: "EnablePolicyType",
        change: |portal, admin, _| Box::pin(turn(portal, admin, Setting::PolicyType, true)),
    },
    Made {
        // Put back, one after the other.
        operation: "AttachPolicy",
        change: |portal, admin, _| {
            Box::pin(async move {
                let export = portal.settings(admin).await?.exports[0].id;
                portal.put_back_attachments(admin, export).await.map(drop)
            })
        },
    },
    Made {
        operation: "DisableAWSServiceAccess",
        change: |portal, admin, _| Box::pin(turn(portal, admin, Setting::TrustedAccess, false)),
    },
    Made {
        operation: "EnableAWSServiceAccess",
        change: |portal, admin, _| Box::pin(turn(portal, admin, Setting::TrustedAccess, true)),
    },
];

async fn every_change_spoiled(how: How) {
    let house = House::empty().await;
    // Trusted access cannot be turned off while there are any.
    for administrator in house.aws.delegated_administrators().await.unwrap() {
        house.aws.deregister_delegated_administrator(&administrator.account).await.unwrap();
    }
    house.read(SyncPart::Organization).await;
    let facts = facts(&house).await;
    let (portal, proxy) = house.behind_proxy(|| NOW).await;
    for Made { operation, change } in &CHANGES {
        let (before, entries) = (proxy.executed(operation), audit(&house).await.len());
        proxy.spoil(Spoil::new(*operation, how).times(1));
        change(&portal, &house.admin, &facts)
            .await
            .unwrap_or_else(|error| panic!("{operation} {how:?}: {error}"));
        let entry = audit(&house).await.remove(0);
        match audit(&house).await.len() - entries {
            // The change that was put into the queue: carried out by whoever takes it.
            0 => {
                let change = portal.changes(&house.admin).await.unwrap().remove(0);
                let ended = house.carry_out_with(&portal, change).await;
                assert_eq!(ended.state, ChangeState::Done, "{operation} {how:?}: {ended:?}");
                assert_eq!(proxy.executed(operation) - before, ended.steps.len(), "{operation}: once each");
            }
            new => {
                assert_eq!((new, proxy.executed(operation) - before), (1, 1), "{operation} {how:?}");
                assert_eq!(entry.outcome, AuditOutcome::Succeeded, "{operation} {how:?}: {entry:?}");
                let id_is_known = how != How::Lose;
                assert!(!id_is_known || !entry.request_ids.is_empty(), "{operation} {how:?}: {entry:?}");
            }
        }
        proxy.heal();
    }
    assert_eq!(blamed_on_others(&house).await, 0, "{how:?}: what was ours is told as somebody else's");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_that_aws_made_is_done_although_its_answer_was_lost() {
    every_change_spoiled(SPOILED[0]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_that_aws_made_is_done_although_its_answer_was_cut() {
    every_change_spoiled(SPOILED[1]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_that_aws_made_is_done_although_its_answer_was_empty() {
    every_change_spoiled(SPOILED[2]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_that_aws_made_is_done_although_its_answer_was_garbled() {
    every_change_spoiled(SPOILED[3]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_that_aws_made_is_done_although_somebody_on_the_way_answered_for_it() {
    every_change_spoiled(SPOILED[4]).await;
}

#[tokio::test]
async fn the_steps_to_all_features_are_done_although_their_answers_were_lost() {
    let house = House::with_organization().await;
    let (portal, proxy) = house.behind_proxy(|| NOW).await;
    house.take_all_features().await;
    let request = async || {
        let features = portal.settings(&house.admin).await.unwrap().features.unwrap();
        let model::settings::features::FeaturesWay::Known { request } = features else {
            panic!("{features:?}")
        };
        request.unwrap().id
    };
    for how in SPOILED {
        proxy.spoil(Spoil::new("EnableAllFeatures", how).times(1));
        portal.enable_all_features(&house.admin, features::Step::Begin, "", "").await.unwrap();
        proxy.spoil(Spoil::new("CancelHandshake", how).times(1));
        portal.enable_all_features(&house.admin, features::Step::Cancel, &request().await, "").await.unwrap();
    }
    assert!(audit(&house).await[..10].iter().all(|entry| entry.outcome == AuditOutcome::Succeeded));
    assert_eq!((proxy.executed("EnableAllFeatures"), proxy.executed("CancelHandshake")), (5, 5));
}

#[tokio::test]
async fn what_cannot_be_looked_at_is_unknown_until_it_can_and_is_never_called_failed() {
    let house = House::with_organization().await;
    let facts = facts(&house).await;
    let (portal, proxy) = house.behind_proxy(|| NOW).await;
    proxy.spoil(Spoil::new("AttachPolicy", How::Lose));
    house.fault("deny", "ListPoliciesForTarget").await;
    let targets = std::slice::from_ref(&facts.account);
    let change = portal.attach_policy(&house.admin, &facts.policy, targets).await.unwrap();
    assert_eq!((change.state, change.steps[0].state), (ChangeState::Settling, StepState::Unknown));
    let words = change.steps[0].failure.as_ref().unwrap().explain();
    assert!(
        words.title.contains("not known") && words.text.contains(&format!("change {}", change.id)),
        "{words:?}"
    );
    assert_eq!(audit(&house).await[0].outcome, AuditOutcome::Unknown);
    let again = portal.detach_policy(&house.admin, &facts.policy, targets).await.unwrap();
    assert!(
        matches!(again.steps[0].failure.as_ref().unwrap().code, FailureCode::Conflict { .. }),
        "{again:?}"
    );
    assert!(!house.settle(&portal, LATER).await, "still nobody can see");
    house.heal().await;
    assert!(house.settle(&portal, LATER + time::Duration::HOUR).await);
    let change = portal.change(&house.admin, change.id).await.unwrap();
    assert_eq!((change.state, change.steps[0].state), (ChangeState::Done, StepState::Done));
    assert_eq!(portal.policy(&house.admin, &facts.policy).await.unwrap().targets.len(), 1, "it is shown");
    assert_eq!(proxy.executed("AttachPolicy"), 1);
    assert_eq!(blamed_on_others(&house).await, 0);
}

#[tokio::test]
async fn what_aws_never_got_is_called_failed_only_once_it_cannot_come_any_more() {
    let house = House::with_organization().await;
    let facts = facts(&house).await;
    house.fault("drop", "AttachPolicy").await;
    let targets = std::slice::from_ref(&facts.account);
    let change = house.portal.attach_policy(&house.admin, &facts.policy, targets).await.unwrap();
    assert_eq!(change.steps[0].state, StepState::Unknown, "it may still be on its way");
    let (later, _proxy) = house.behind_proxy(|| LATER).await;
    assert!(house.settle(&later, LATER).await);
    let change = house.portal.change(&house.admin, change.id).await.unwrap();
    assert_eq!((change.state, change.steps[0].state), (ChangeState::Stopped, StepState::Failed));
    assert_eq!(change.steps[0].failure, Some(Failure::from(FailureCode::NotCarriedOut)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_who_save_one_policy_at_once_one_is_shown_what_the_other_saved() {
    let house = House::with_organization().await;
    let (other, _proxy) = house.behind_proxy(|| NOW).await;
    for (portals, word) in [([&house.portal, &house.portal], "one"), ([&house.portal, &other], "two")] {
        let mut policies = Vec::new();
        for n in 0..8 {
            let name = format!("Pair {word} {n}");
            let id = house.portal.create_policy(&house.admin, draft(&name, "")).await.unwrap();
            policies.push((
                id.clone(),
                name,
                house.portal.policy(&house.admin, &id).await.unwrap().fingerprint(),
            ));
        }
        let saving = policies.iter().flat_map(|(id, name, opened)| {
            let admin = &house.admin;
            portals.into_iter().zip(["first", "second"]).map(move |(portal, description)| async move {
                let saved = portal.update_policy(admin, id, opened, draft(name, description)).await;
                (id.clone(), description, saved)
            })
        });
        let saved = futures::future::join_all(saving).await;
        for pair in saved.chunks(2) {
            let won: Vec<&str> =
                pair.iter().filter(|(.., saved)| saved.is_ok()).map(|(_, who, _)| *who).collect();
            assert_eq!(won.len(), 1, "{pair:?}");
            let in_aws = house.aws.describe_policy(&pair[0].0).await.unwrap();
            assert_eq!(in_aws.description, won[0], "no save is lost");
        }
        for (_, _, saved) in saved {
            let Err(error) = saved else { continue };
            assert!(matches!(error.into_failure().code, FailureCode::Stale { .. }));
        }
    }
}

#[tokio::test]
async fn of_two_who_put_the_delegation_policy_at_once_one_is_shown_what_the_other_put() {
    let house = House::with_organization().await;
    let (other, _proxy) = house.behind_proxy(|| NOW).await;
    let admin = &house.admin;
    let shown = async || match house.portal.settings(admin).await.unwrap().delegation.policy {
        ResourcePolicy::Known { current, proposed } => (current, proposed),
        unread => panic!("{unread:?}"),
    };
    let account = named(&house, "sandbox-01").await;
    for portals in [[&house.portal, &house.portal], [&house.portal, &other]] {
        for registers in [true, false] {
            // Who is registered decides what is proposed: each round has something to put.
            if registers {
                house.portal.register_delegated_administrator(admin, account.clone()).await.unwrap();
            } else {
                house.portal.remove_delegated_administrator(admin, account.clone()).await.unwrap();
            }
            let (current, proposed) = shown().await;
            assert_ne!(current, proposed);
            let putting = portals.map(|portal| portal.put_resource_policy(admin, &current, &proposed));
            let (put, refused): (Vec<_>, Vec<_>) =
                futures::future::join_all(putting).await.into_iter().partition(Result::is_ok);
            assert_eq!((put.len(), refused.len()), (1, 1), "{refused:?}");
            let failure = refused.into_iter().next().unwrap().unwrap_err().into_failure();
            assert!(matches!(failure.code, FailureCode::Outdated { .. }), "{failure:?}");
            assert_eq!(house.aws.resource_policy().await.unwrap(), Some(proposed));
        }
    }
}

/// A change set of many steps, and the targets of its policy.
async fn many(house: &House, portal: &Portal, name: &str, count: usize) -> (PolicyId, ChangeSet) {
    let policy = house.portal.create_policy(&house.admin, draft(name, "")).await.unwrap();
    let targets: Vec<TargetId> = accounts(house).await.into_iter().take(count).collect();
    let change = portal.attach_policy(&house.admin, &policy, &targets).await.unwrap();
    assert_eq!((change.state, change.steps.len()), (ChangeState::Running, count));
    (policy, change)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_is_told_to_end_finishes_the_step_under_way_and_another_goes_on() {
    let house = House::with_organization().await;
    let (portal, proxy) = house.behind_proxy(|| NOW).await;
    let (policy, change) = many(&house, &portal, "Ended", 20).await;
    let gate = proxy.hold("AttachPolicy", Moment::Executed);
    let task = house.database.store.take_task(&[RUN_CHANGE_SET], NOW, LATER).await.unwrap().unwrap();
    let stop = CancellationToken::new();
    let running = tokio::spawn({
        let (portal, task, stop) = (portal.clone(), task.clone(), stop.clone());
        async move { portal.run_change_set(&task, &stop).await.unwrap() }
    });
    gate.arrived(1).await;
    stop.cancel();
    gate.open();
    assert_eq!(running.await.unwrap(), Outcome::Again { at: NOW });
    let shown = portal.change(&house.admin, change.id).await.unwrap();
    assert_eq!((shown.state, shown.ended(), shown.count(StepState::Waiting)), (ChangeState::Running, 1, 19));
    house.database.store.put_off_task(&task, NOW, None).await.unwrap();
    let ended = house.carry_out(change).await;
    assert_eq!((ended.state, ended.count(StepState::Done)), (ChangeState::Done, 20));
    assert_eq!(proxy.executed("AttachPolicy"), 1);
    assert_eq!(house.portal.policy(&house.admin, &policy).await.unwrap().targets.len(), 20);
}

#[tokio::test]
async fn a_change_set_of_somebody_who_was_disabled_since_is_not_gone_on_with() {
    let house = House::with_organization().await;
    let author = house.person(Role::PolicyAuthor).await;
    let policy = house.portal.create_policy(&author, draft("Theirs", "")).await.unwrap();
    let targets: Vec<TargetId> = accounts(&house).await.into_iter().take(7).collect();
    let change = house.portal.attach_policy(&author, &policy, &targets).await.unwrap();
    house.portal.set_person_disabled(&house.admin, author.user_id(), true).await.unwrap();
    let ended = house.carry_out(change).await;
    assert_eq!((ended.state, ended.count(StepState::Failed)), (ChangeState::Stopped, 7));
    assert_eq!(house.simulator.calls().get("organizations:AttachPolicy"), None);
}

async fn private_postgres(dir: &std::path::Path) -> PrivatePostgres {
    let dir = dir.to_owned();
    tokio::task::spawn_blocking(move || PrivatePostgres::start(&dir).unwrap()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_aws_has_done_is_done_although_the_database_goes_away_before_it_is_written_down() {
    let house = House::empty().await;
    let dir = tempfile::tempdir().unwrap();
    let postgres = private_postgres(dir.path()).await;
    let options = store::Options { acquire_timeout: Duration::from_millis(500), ..store::Options::default() };
    let store = Store::connect(postgres.url(), options).unwrap();
    store.migrate().await.unwrap();
    let (portal, admin, proxy) = house.elsewhere(&store).await;
    let policy = portal.list_policies(&admin, &PolicyQuery::default()).await.unwrap().remove(0).id;
    let query = TreeQuery { q: "sandbox-01".into(), ..TreeQuery::default() };
    let account = portal
        .tree(&admin, &query)
        .await
        .unwrap()
        .rows
        .into_iter()
        .find(|row| row.name == "sandbox-01")
        .unwrap()
        .id;

    let gate = proxy.hold("AttachPolicy", Moment::Executed);
    let attaching = tokio::spawn({
        let (portal, admin, account, policy) =
            (portal.clone(), admin.clone(), account.clone(), policy.clone());
        async move { portal.attach_policy(&admin, &policy, &[account]).await }
    });
    gate.arrived(1).await;
    tokio::task::spawn_blocking(|| postgres.stop()).await.unwrap();
    gate.open();
    let change = attaching.await.unwrap().unwrap();
    assert_eq!(
        (change.state, change.steps[0].state),
        (ChangeState::Done, StepState::Done),
        "AWS has said yes"
    );
    let refused = portal.attach_policy(&admin, &policy, std::slice::from_ref(&account)).await.unwrap_err();
    assert_ne!(refused.into_failure().code, FailureCode::Internal);

    let _postgres = private_postgres(dir.path()).await;
    // It is tried again with pauses of 15 seconds at the longest.
    let written = async {
        loop {
            if let Ok(Some(set)) = store.change_set(change.id, &store::Visible::All).await
                && set.steps[0].state == StepState::Done
            {
                return set;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    let set = tokio::time::timeout(Duration::from_secs(120), written).await.unwrap();
    assert!(set.steps[0].request_id.is_some(), "what AWS said is not lost");
    let entry = portal.audit(&admin, &AuditFilter::default()).await.unwrap().rows.remove(0);
    assert_eq!((entry.outcome, entry.target.unwrap().id), (AuditOutcome::Succeeded, account.to_string()));
    assert_eq!(proxy.executed("AttachPolicy"), 1);
}

#[tokio::test]
async fn nothing_is_sent_where_it_cannot_be_written_down() {
    let house = House::with_organization().await;
    let facts = facts(&house).await;
    // As a full disk does.
    house.database.refuse_inserts("audit_events", "53100").await;
    let targets = std::slice::from_ref(&facts.account);
    let change = house.portal.attach_policy(&house.admin, &facts.policy, targets).await.unwrap();
    assert_eq!(change.steps[0].failure.as_ref().unwrap().code, FailureCode::NotBegun);
    assert_eq!(house.simulator.calls().get("organizations:AttachPolicy"), None);
    house.database.refuse_inserts("change_sets", "53100").await;
    let refused =
        house.portal.create_policy(&house.admin, draft("Never", "")).await.unwrap_err().into_failure();
    assert!(refused.explain().title.contains("Nothing was sent"), "{refused:?}");
}

#[tokio::test]
async fn what_aws_has_done_is_done_although_the_disk_is_full_when_it_is_to_be_written_down() {
    let house = House::with_organization().await;
    let facts = facts(&house).await;
    let (portal, proxy) = house.behind_proxy(|| NOW).await;
    let gate = proxy.hold("AttachPolicy", Moment::Executed);
    let attaching = tokio::spawn({
        let (portal, admin, policy, account) =
            (portal.clone(), house.admin.clone(), facts.policy.clone(), facts.account.clone());
        async move { portal.attach_policy(&admin, &policy, &[account]).await.unwrap() }
    });
    gate.arrived(1).await;
    house.database.refuse_inserts("audit_events", "53100").await;
    gate.open();
    let change = attaching.await.unwrap();
    assert_eq!(change.steps[0].state, StepState::Done);
    assert_eq!(house.database.store.step(change.id, 0).await.unwrap().unwrap().state, StepState::Sent);
    house.database.allow_inserts("audit_events").await;
    // Whoever takes it over when the lease has ended looks in AWS.
    let (later, _) = house.behind_proxy(|| LATER).await;
    let task = house.database.store.take_task(&[RUN_CHANGE_SET], LATER, LATER).await.unwrap().unwrap();
    assert_eq!(later.run_change_set(&task, &CancellationToken::new()).await.unwrap(), Outcome::Done);
    let change = later.change(&house.admin, change.id).await.unwrap();
    assert_eq!((change.state, change.steps[0].state), (ChangeState::Done, StepState::Done));
    assert_eq!(blamed_on_others(&house).await, 0);
}

/// Each process of the test below lives a minute later than the one before: so no lease of one that was killed lasts.
static CLOCK: OnceLock<OffsetDateTime> = OnceLock::new();

/// No test, but the other process of the one below: takes change sets from the queue until there is none.
#[tokio::test]
#[ignore = "runs until it is killed"]
async fn a_process_that_carries_out_change_sets() {
    let (Ok(database), Ok(address)) = (env::var("KILLED_DATABASE"), env::var("KILLED_AWS")) else { return };
    let minute: i64 = env::var("KILLED_MINUTE").unwrap().parse().unwrap();
    CLOCK.set(NOW + time::Duration::minutes(minute)).unwrap();
    let now = *CLOCK.get().unwrap();
    let store = Store::connect(&database, store::Options::default()).unwrap();
    let aws = connect(&address, &management(&reqwest::Client::new(), &address).await).await;
    let portal = portal_on(&store, aws, || *CLOCK.get().unwrap());
    let lease = now + time::Duration::seconds(30);
    while let Some(task) = store.take_task(&[RUN_CHANGE_SET], now, lease).await.unwrap() {
        assert_eq!(portal.run_change_set(&task, &CancellationToken::new()).await.unwrap(), Outcome::Done);
        store.finish_task(&task).await.unwrap();
    }
}

fn process(house: &House, proxy: &Proxy, minute: usize) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["--ignored", "--exact", "a_process_that_carries_out_change_sets"])
        .env("KILLED_DATABASE", &house.database.url)
        .env("KILLED_AWS", proxy.url())
        .env("KILLED_MINUTE", minute.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_again_and_again_a_change_set_loses_nothing_and_does_nothing_twice() {
    let house = House::with_organization().await;
    let (portal, proxy) = house.behind_proxy(|| NOW).await;
    let (policy, change) = many(&house, &portal, "Killed", 200).await;
    let kills = 25;
    for kill in 1..=kills {
        // Killed with a call under way: now before AWS has it, now after AWS has done it.
        let moment = if kill % 2 == 0 { Moment::Executed } else { Moment::Arrived };
        let gate = proxy.hold("AttachPolicy", moment);
        gate.pass(kill % 7);
        let mut process = process(&house, &proxy, kill);
        gate.arrived(1).await;
        process.kill().unwrap();
        process.wait().unwrap();
        // What was sent by one who is gone is lost on its way, or was carried out.
        gate.discard();
    }
    let mut last = process(&house, &proxy, kills + 1);
    assert!(tokio::task::spawn_blocking(move || last.wait().unwrap()).await.unwrap().success());

    let attached: BTreeSet<TargetId> = {
        let mut found = BTreeSet::new();
        let mut token = None;
        loop {
            let page = house.aws.targets_page(&policy, token.as_deref()).await.unwrap();
            found.extend(page.rows);
            match page.next {
                Some(next) => token = Some(next),
                None => break found,
            }
        }
    };
    let ended = portal.change(&house.admin, change.id).await.unwrap();
    for step in &ended.steps {
        let target: TargetId = step.target.as_ref().unwrap().id.parse().unwrap();
        assert_eq!(step.state == StepState::Done, attached.contains(&target), "{step:?}");
        assert!(step.state.is_final(), "{step:?}");
    }
    let lost = ended.count(StepState::Failed);
    assert!(lost <= kills / 2 + 1, "{lost} of those that never reached AWS");
    assert_eq!(proxy.executed("AttachPolicy"), attached.len(), "nothing is done twice");
    let mut entries = Vec::new();
    let mut cursor = String::new();
    loop {
        let filter = AuditFilter {
            action: "policy_attached".into(),
            cursor: cursor.clone(),
            ..AuditFilter::default()
        };
        let page = portal.audit(&house.admin, &filter).await.unwrap();
        entries.extend(page.rows);
        match page.next {
            Some(next) => cursor = next,
            None => break,
        }
    }
    let done = |entry: &&AuditEntry| entry.outcome == AuditOutcome::Succeeded;
    assert_eq!((entries.len(), entries.iter().filter(done).count()), (200, attached.len()));
    assert_eq!(blamed_on_others(&house).await, 0);
}
