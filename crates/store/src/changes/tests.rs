use model::{
    PolicyId,
    audit::{AuditEntry, AuditFilter, Period},
    change::DetachPolicy,
    organization::{NodeRef, PolicyRef},
};
use serde_json::json;
use time::{Duration, macros::datetime};

use super::*;
use crate::{
    audit::tests::chain_is_whole,
    testing::{TestDatabase, database},
};

const NOW: OffsetDateTime = datetime!(2026-11-20 08:00 UTC);
const ACCOUNT: &str = "123456789012";

fn detach(policy: &str) -> (StepKind, Vec<Subject>) {
    let policy = PolicyRef { id: policy.parse::<PolicyId>().unwrap(), name: "Daily".into() };
    let target = NodeRef { id: ACCOUNT.parse().unwrap(), name: "payments".into() };
    let subjects = vec![Subject::alone(format!("attachment:{}", policy.id)), Subject::shared("attachments")];
    (StepKind::DetachPolicy(DetachPolicy { policy, target }), subjects)
}

fn change(policies: &[&str]) -> NewChange {
    let actor =
        Actor { person: "ada@example.com".into(), session: "5e55".into(), address: "192.0.2.7".into() };
    let steps = policies.iter().map(|policy| detach(policy)).collect();
    NewChange { title: "Detach".into(), actor, user: 1, resumes: true, steps }
}

async fn begun(db: &TestDatabase, policies: &[&str]) -> (ChangeId, Vec<StepRow>) {
    let (id, _) = db.store.begin_change(&change(policies), NOW, None).await.unwrap();
    (id, db.store.steps(id).await.unwrap())
}

fn result(state: StepState) -> StepResult {
    let failure = (state == StepState::Failed).then(|| model::FailureCode::NotCarriedOut.into());
    StepResult { state, request_id: Some("req-1".into()), failure, detail: AuditDetail::Nothing }
}

async fn entries(db: &TestDatabase) -> Vec<AuditEntry> {
    db.store.audit(crate::AuditSearch::of_all(&AuditFilter::default(), Period::default())).await.unwrap().rows
}

#[tokio::test]
async fn a_step_is_sent_once_and_its_entry_names_who_what_where_and_what_came_of_it() {
    let db = database().await;
    let (id, steps) = begun(&db, &["p-00000001"]).await;
    assert_eq!(entries(&db).await, [], "nothing was done yet");
    let mut step = steps[0].clone();
    let mut again = step.clone();
    assert!(db.store.send_step(&mut step, &[], NOW).await.unwrap());
    assert!(!db.store.send_step(&mut again, &[], NOW).await.unwrap(), "somebody sent it");
    let entry = entries(&db).await.remove(0);
    assert_eq!((entry.actor.as_str(), entry.address.as_str()), ("ada@example.com", "192.0.2.7"));
    assert_eq!(
        (entry.subject.id.as_str(), entry.target.as_ref().map(|t| t.id.as_str())),
        ("p-00000001", Some(ACCOUNT))
    );
    assert_eq!((entry.outcome, entry.change), (AuditOutcome::Begun, Some(id)));
    assert!(db.store.end_step(&step, &result(StepState::Unknown), NOW).await.unwrap());
    assert!(!db.store.end_step(&step, &result(StepState::Unknown), NOW).await.unwrap(), "said once");
    assert_eq!(db.store.end_change(id, None, NOW).await.unwrap(), Some(ChangeState::Settling));
    assert!(db.store.end_step(&step, &result(StepState::Done), NOW).await.unwrap());
    assert!(
        !db.store.end_step(&step, &result(StepState::Failed), NOW).await.unwrap(),
        "the first word stands"
    );
    assert_eq!(
        db.store.end_change(id, Some(ChangeState::Running), NOW).await.unwrap(),
        None,
        "it is not running"
    );
    assert_eq!(
        db.store.end_change(id, Some(ChangeState::Settling), NOW).await.unwrap(),
        Some(ChangeState::Done)
    );
    let [entry] = &entries(&db).await[..] else { panic!() };
    assert_eq!(
        (entry.outcome, entry.request_ids.as_slice()),
        (AuditOutcome::Succeeded, &["req-1".to_owned()][..])
    );
    assert_eq!(chain_is_whole(&db.store).await, 3, "begun, unknown, done");
    let set = db.store.change_set(id, &Visible::All).await.unwrap().unwrap();
    assert_eq!(
        (set.state, set.steps[0].state, set.steps[0].request_id.as_deref()),
        (ChangeState::Done, StepState::Done, Some("req-1"))
    );
}

#[tokio::test]
async fn a_change_set_ends_as_its_steps_did() {
    let db = database().await;
    for (states, expected) in [
        ([StepState::Done, StepState::Done], ChangeState::Done),
        ([StepState::Done, StepState::Failed], ChangeState::Stopped),
        ([StepState::Done, StepState::Waiting], ChangeState::Stopped),
        ([StepState::Failed, StepState::Unknown], ChangeState::Settling),
        ([StepState::Done, StepState::Sent], ChangeState::Settling),
    ] {
        let (id, steps) = begun(&db, &["p-00000001", "p-00000002"]).await;
        for (mut step, state) in steps.into_iter().zip(states) {
            if state != StepState::Waiting {
                db.store.send_step(&mut step, &[], NOW).await.unwrap();
            }
            if !matches!(state, StepState::Waiting | StepState::Sent) {
                db.store.end_step(&step, &result(state), NOW).await.unwrap();
            }
        }
        assert_eq!(db.store.end_change(id, None, NOW).await.unwrap(), Some(expected), "{states:?}");
    }
}

#[tokio::test]
async fn a_refusal_before_anything_was_sent_is_one_entry() {
    let db = database().await;
    let (_, steps) = begun(&db, &["p-00000001"]).await;
    assert!(db.store.end_step(&steps[0], &result(StepState::Failed), NOW).await.unwrap());
    let mut step = steps[0].clone();
    assert!(!db.store.send_step(&mut step, &[], NOW).await.unwrap(), "it has ended");
    assert_eq!(entries(&db).await.len(), 1);
    assert_eq!(entries(&db).await[0].outcome, AuditOutcome::Failed);
}

#[tokio::test]
async fn what_is_open_about_a_subject_is_found_by_it_and_not_by_what_is_shared() {
    let db = database().await;
    let (_, mut steps) = begun(&db, &["p-00000001", "p-00000002"]).await;
    db.store.send_step(&mut steps[0], &[], NOW).await.unwrap();
    let open = async |subject: Subject| db.store.unsettled_steps(&[subject]).await.unwrap().len();
    assert_eq!(open(Subject::alone("attachment:p-00000001")).await, 1);
    assert_eq!(open(Subject::alone("attachment:p-00000002")).await, 0, "it was not sent");
    assert_eq!(open(Subject::shared("attachments")).await, 0);
    db.store.end_step(&steps[0], &result(StepState::Done), NOW).await.unwrap();
    assert_eq!(open(Subject::alone("attachment:p-00000001")).await, 0);
}

#[tokio::test]
async fn a_leased_change_set_is_left_alone_until_its_lease_ends() {
    let db = database().await;
    let until = NOW + Duration::seconds(30);
    let task = NewTask { kind: "run", key: String::new(), payload: json!(null), run_at: NOW };
    let (id, task) = db.store.begin_change(&change(&["p-00000001"]), NOW, Some((task, until))).await.unwrap();
    assert_eq!(task.unwrap().key, id.to_string());
    assert_eq!(db.store.take_task(&["run"], NOW, until).await.unwrap(), None);
    assert_eq!(db.store.take_task(&["run"], until, until).await.unwrap().unwrap().attempts, 2);
    assert_eq!(db.store.change_owner(id).await.unwrap(), Some((Some(1), true)));
}

#[test]
fn the_steps_that_concern_everybody_are_those_whose_audit_entries_do() {
    let (policy, target) = (json!({"id": "p-00000001", "name": "P"}), json!({"id": ACCOUNT, "name": "A"}));
    let draft = json!({"name": "P", "description": "", "content": "{}"});
    let account = json!({"account": ACCOUNT, "name": "A"});
    let kinds = [
        ("create_policy", json!({"draft": draft, "made": null})),
        (
            "edit_policy",
            json!({"policy": policy, "opened": "", "draft": draft, "before": null, "after": null}),
        ),
        ("delete_policy", json!({"policy": policy, "before": null})),
        ("attach_policy", json!({"policy": policy, "target": target})),
        ("detach_policy", json!({"policy": policy, "target": target})),
        (
            "turn_setting",
            json!({"setting": model::settings::Setting::PolicyType, "on": true, "shown": "", "export": null, "lost": 0, "root": null}),
        ),
        (
            "turn_region_setting",
            json!({"region": "eu-west-1", "resource_type": "S3", "switch": "opt_in", "on": true}),
        ),
        ("register_administrator", account.clone()),
        ("remove_administrator", account),
        ("put_resource_policy", json!({"current": "", "proposed": "", "accounts": []})),
        ("take_features_step", json!({"step": "begin", "request": ""})),
    ];
    for (name, mut body) in kinds {
        body["kind"] = name.into();
        let kind: StepKind = serde_json::from_value(body).unwrap();
        assert_eq!(SHARED_STEPS.contains(&name), kind.action().concerns_every_part(), "{name}");
        // A kind that is new belongs here too.
        match kind {
            StepKind::CreatePolicy(_)
            | StepKind::EditPolicy(_)
            | StepKind::DeletePolicy(_)
            | StepKind::AttachPolicy(_)
            | StepKind::DetachPolicy(_)
            | StepKind::TurnSetting(_)
            | StepKind::TurnRegionSetting(_)
            | StepKind::RegisterAdministrator(_)
            | StepKind::RemoveAdministrator(_)
            | StepKind::PutResourcePolicy(_)
            | StepKind::TakeFeaturesStep(_) => (),
        }
    }
}
