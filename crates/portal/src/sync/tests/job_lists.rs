//! What becomes of lists of jobs that are refused, spoiled on the way, or hold odd rows.

use aws::{Aws, Rates};
use axum::response::{IntoResponse, Response};
use model::{
    JobKind,
    job::lists::{Cover, ListOutcome},
    organization::AccountState,
};
use serde_json::{Value, json};
use simulator::proxy::{How, Proxy, Spoil};
use store::{JobQuery, SyncPart};
use time::Duration;

use super::world::{REGIONS, World, backup_error, jobs_in_aws, now, pass};
use crate::sync::{Options, Sync, channel};

/// A day is enough to see what becomes of a list.
fn brief(world: &World) -> Sync {
    world.sync_with(Options { keep_jobs: Duration::DAY, ..Options::default() }).0
}

/// The same by another way to AWS, of the Regions that are configured.
async fn brief_by(world: &World, options: aws::Options) -> Sync {
    let first_pause = std::time::Duration::from_millis(1);
    let aws = Aws::connect(aws::Options { first_pause, ..options }).await.unwrap();
    let (_, wake) = channel();
    let options = Options { keep_jobs: Duration::DAY, ..Options::default() };
    Sync::new(world.store().clone(), aws, now, REGIONS.map(str::to_owned).to_vec(), wake, options)
}

fn is_all_accounts(name: &str) -> bool {
    name.contains("accountId=*") || name.contains("accountId=%2A")
}

/// One kind of list refuses all accounts at once, with these words.
fn refuse_all(world: &World, list: &'static str, code: &'static str, message: &'static str) {
    *world.gate.answer.lock().unwrap() = Some(Box::new(move |name, _, _| {
        (name.starts_with(list) && is_all_accounts(name)).then(|| refusal(code, message))
    }));
}

fn refusal(code: &str, message: &str) -> Response {
    let status = if code == "AccessDeniedException" { 403 } else { 400 };
    let headers = [("x-amzn-errortype", code.to_owned()), ("content-type", "application/json".to_owned())];
    let status = axum::http::StatusCode::from_u16(status).unwrap();
    (status, headers, json!({"Message": message}).to_string()).into_response()
}

async fn cover(world: &World) -> Cover {
    Cover { lists: world.store().job_lists().await.unwrap(), now: now() }
}

async fn outcomes(world: &World, kind: JobKind) -> Vec<ListOutcome> {
    let lists = world.store().job_lists().await.unwrap();
    lists.into_iter().filter(|list| list.kind == kind).map(|list| list.outcome).collect()
}

#[tokio::test]
async fn a_region_that_is_spoiled_on_the_way_is_never_told_as_read() {
    let mut world = World::new().await;
    let proxy = Proxy::start(&world.address).await.unwrap();
    for how in [How::Html(403), How::Html(404), How::Html(501), How::Empty, How::Cut, How::Garble] {
        world = world.with_new_database().await;
        proxy.heal();
        for kind in JobKind::ALL {
            let list = format!("GET /{}-jobs", kind.as_str());
            proxy.spoil(Spoil::new(list, how).in_region("eu-west-1"));
        }
        let sync = brief_by(&world, aws::Options::simulated(proxy.url(), Rates::Off)).await;
        let summary = sync.read_jobs().await.unwrap();
        let summary = summary.expect("a failure of the sync");
        assert!(summary.contains("eu-west-1"), "{how:?}: {summary}");
        let freshness = world.store().freshness(now()).await.unwrap();
        assert_eq!((freshness.jobs_at, freshness.jobs_not_available), (None, false), "{how:?}");
        assert!(freshness.newest_jobs_at.is_some(), "{how:?}");
        let cover = cover(&world).await;
        let words = cover.words().unwrap();
        assert!(words.starts_with("2 of 3 Regions; eu-west-1 never read"), "{how:?}: {words}");
        for list in cover.lists.iter().filter(|list| list.region == "eu-west-1") {
            let told = (list.outcome, list.read_at, list.problem.is_some());
            assert!(!matches!(told.0, ListOutcome::Read | ListOutcome::Untried), "{how:?}: {told:?}");
            assert_eq!((told.1, told.2), (None, true), "{how:?}");
        }
    }
}

#[tokio::test]
async fn an_endpoint_that_offers_no_list_at_all_makes_no_failure_and_is_told() {
    let world = World::new().await;
    world.sync().read_organization(None).await.unwrap();
    *world.gate.answer.lock().unwrap() = Some(Box::new(|name, _, _| {
        name.contains("-jobs?").then(|| backup_error(404, "UnknownOperationException"))
    }));
    assert_eq!(brief(&world).read_jobs().await.unwrap(), None);
    let freshness = world.store().freshness(now()).await.unwrap();
    assert!(freshness.jobs_not_available && freshness.jobs_at.is_none());
    assert!(cover(&world).await.is_not_available());
    // One kind that answers makes the others a failure.
    *world.gate.answer.lock().unwrap() = Some(Box::new(|name, _, _| {
        let lacks = name.contains("-jobs?") && !name.starts_with("/backup-jobs");
        lacks.then(|| backup_error(404, "UnknownOperationException"))
    }));
    let summary = brief(&world).read_jobs().await.unwrap().unwrap();
    assert!(summary.contains("not available"), "{summary}");
}

#[tokio::test]
async fn without_cross_account_monitoring_our_own_jobs_are_read_and_the_reason_is_told() {
    let world = World::new().await;
    world.sync().read_organization(None).await.unwrap();
    refuse_all(&world, "/", "AccessDeniedException", "Insufficient privileges to perform this action.");
    let told = brief(&world).read_jobs().await.unwrap().unwrap();
    assert!(told.contains("Only the jobs of Holdfast's own account are read"), "{told}");
    assert!(told.contains("cross-account monitoring") && !told.contains("neither"), "{told}");
    let management = world.store().load_snapshot().await.unwrap().facts.unwrap().management_account;
    let rows = world.store().jobs(&JobQuery { size: 100, ..JobQuery::default() }).await.unwrap().rows;
    assert!(rows.iter().all(|row| row.account == management));
    let of_caller = |name: &String| name.contains("-jobs?") && !name.contains("accountId=");
    let asked = world.gate.asked.lock().unwrap().iter().filter(|name| of_caller(name)).count();
    assert!(asked >= 9, "our own jobs of each list were asked for: {asked}");
    for list in cover(&world).await.lists {
        assert_eq!(
            (list.outcome, list.read_at, list.own_account_at),
            (ListOutcome::Denied, None, Some(now()))
        );
    }
    assert!(cover(&world).await.words().unwrap().contains("of one account alone"));
    *world.gate.answer.lock().unwrap() = None;
    assert_eq!(brief(&world).read_jobs().await.unwrap(), None, "once it is on, all are read");
    assert!(cover(&world).await.is_whole());
    let lists = cover(&world).await.lists;
    assert!(lists.iter().all(|list| list.own_account_at.is_none()));
}

#[tokio::test]
async fn a_member_account_is_told_that_it_is_one() {
    let world = World::new().await;
    world.sync().read_organization(None).await.unwrap();
    let member = {
        let facts = world.store().load_snapshot().await.unwrap();
        let management = facts.facts.unwrap().management_account;
        let accounts = facts.nodes.into_iter().filter(|node| node.state == Some(AccountState::Active));
        accounts.filter_map(|node| node.id.account()).find(|account| *account != management).unwrap()
    };
    let role = aws::RoleToAssume {
        arn: format!("arn:aws:iam::{member}:role/Holdfast"),
        external_id: None,
        session_name: "holdfast".into(),
    };
    let options = aws::Options { role: Some(role), ..aws::Options::simulated(&world.address, Rates::Off) };
    let told = brief_by(&world, options).await.read_jobs().await.unwrap().unwrap();
    let words = format!("account {member} is neither the management account nor a delegated administrator");
    assert!(told.contains(&words), "{told}");
}

#[tokio::test]
async fn accounts_are_asked_one_by_one_in_turns_until_all_are_refused_alike() {
    let world = World::new().await;
    world.sync().read_organization(None).await.unwrap();
    refuse_all(&world, "/copy-jobs", "InvalidParameterValueException", "accountId is invalid");
    let sync = brief(&world);
    assert_eq!(sync.read_jobs().await.unwrap(), None);
    assert!(cover(&world).await.is_whole());
    let read = cover(&world).await.lists.iter().filter_map(|list| list.accounts).collect::<Vec<_>>();
    assert!(read.len() == 3 && read.iter().all(|read| read.read == read.of && read.of > 200), "{read:?}");

    // Another database, to which every account is refused: three are asked, and none again within the hour.
    let world = world.with_new_database().await;
    world.sync().read_organization(None).await.unwrap();
    *world.gate.answer.lock().unwrap() = Some(Box::new(|name, _, _| {
        let refused = name.starts_with("/copy-jobs") && name.contains("accountId=");
        refused.then(|| refusal("InvalidRequestException", "No."))
    }));
    let asked = || {
        let asked = std::mem::take(&mut *world.gate.asked.lock().unwrap());
        let by_account = |name: &&String| name.contains("accountId=") && !name.contains("createdBefore=");
        asked.iter().filter(|name| name.starts_with("/copy-jobs")).filter(by_account).count()
    };
    asked();
    let sync = brief(&world);
    assert!(sync.read_jobs().await.unwrap().unwrap().contains("Copy jobs"));
    assert_eq!(asked(), 3 * (1 + 3), "all at once and three accounts in each of three Regions");
    assert_eq!(outcomes(&world, JobKind::Copy).await, [ListOutcome::Failed; 3]);
    assert_eq!(outcomes(&world, JobKind::Backup).await, [ListOutcome::Read; 3]);
    pass(Duration::minutes(2));
    sync.read_jobs().await.unwrap();
    assert_eq!(asked(), 3, "all at once");
    pass(Duration::minutes(61));
    sync.read_jobs().await.unwrap();
    assert_eq!(asked(), 3 * (1 + 3), "after an hour some are tried again");
}

#[tokio::test]
async fn odd_rows_are_named_and_asked_for_again_and_cost_no_other() {
    let world = World::new().await;
    world.sync().read_organization(None).await.unwrap();
    let there = jobs_in_aws(&world.aws, "eu-west-1", JobKind::Backup, now() - Duration::hours(20)).await;
    let spoil = there[0].id.clone();
    let spoiled = spoil.clone();
    *world.gate.change.lock().unwrap() = Some(Box::new(move |_, mut answer| {
        for job in answer.get_mut("BackupJobs").and_then(Value::as_array_mut).into_iter().flatten() {
            if job["BackupJobId"] == spoiled {
                job["CreationDate"] = Value::Null;
            }
            // Of another type, in every row.
            job["PercentDone"] = json!(100);
        }
        answer
    }));
    let sync = brief(&world);
    assert_eq!(sync.read_jobs().await.unwrap(), None, "the lists were read");
    let store = world.store();
    assert!(store.job(JobKind::Backup, &spoil).await.unwrap().is_none());
    assert!(store.job(JobKind::Backup, &there[1].id).await.unwrap().is_some());
    let list = |lists: Vec<model::job::lists::JobListState>| {
        lists.into_iter().find(|l| l.region == "eu-west-1" && l.kind == JobKind::Backup).unwrap()
    };
    let odd = list(store.job_lists().await.unwrap());
    let lost: Vec<_> = odd.odd.iter().filter(|odd| !odd.kept).collect();
    assert_eq!((lost.len(), lost[0].id.as_deref(), &*lost[0].member), (1, Some(&*spoil), "CreationDate"));
    assert!(odd.odd_more && odd.odd.len() == 100, "bounded: {}", odd.odd.len());

    *world.gate.change.lock().unwrap() = None;
    // Beyond what a refresh lists anew.
    pass(Duration::hours(3));
    for _ in 0..5 {
        sync.read_jobs().await.unwrap();
    }
    assert!(store.job(JobKind::Backup, &spoil).await.unwrap().is_some(), "asked for again");
    assert_eq!(list(store.job_lists().await.unwrap()).odd, []);
}

#[tokio::test]
async fn a_failure_stays_told_while_the_next_attempt_runs() {
    let world = World::new().await;
    let store = world.store();
    store.set_sync_result(SyncPart::Jobs, now(), Some("AWS denied it.")).await.unwrap();
    let running = model::session::SyncProgress { step: "jobs".into(), done: 1, of: None };
    store.set_sync_progress(Some(running), now()).await.unwrap();
    let freshness = store.freshness(now()).await.unwrap();
    assert!(freshness.problem.is_some() && freshness.running.is_some());
}
