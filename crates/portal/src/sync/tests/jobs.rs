use std::collections::BTreeMap;

use model::{JobKind, JobState, job::Job};
use store::{JobQuery, Watermark};
use time::Duration;

use crate::sync::{Options, Sync};

use super::world::{REGIONS, World, backup_error, jobs_in_aws, now, pass};

/// All jobs that AWS lists for so long back.
async fn in_aws(world: &World, back: Duration) -> Vec<Job> {
    let mut all = Vec::new();
    for (region, kind) in lists() {
        all.extend(jobs_in_aws(&world.aws, region, kind, now() - back - Duration::SECOND).await);
    }
    assert!(all.len() > 1000, "{} jobs", all.len());
    all
}

/// The store has every job that AWS lists, in the same form: all that are open, and one of every so many others.
async fn assert_known(world: &World, there: &[Job]) {
    for (_, job) in there.iter().enumerate().filter(|(i, job)| i % 97 == 0 || !job.state.is_final()) {
        let here = world.store().job(job.kind, &job.id).await.unwrap().map(|(job, _)| job);
        assert_eq!(here.as_ref(), Some(job));
    }
}

/// And as many of each sort in each state, no more.
async fn assert_same(world: &World, there: &[Job]) {
    assert_known(world, there).await;
    for (region, kind) in lists() {
        let mut counts: BTreeMap<JobState, u64> = BTreeMap::new();
        for job in there.iter().filter(|job| job.region == region && job.kind == kind) {
            *counts.entry(job.state).or_default() += 1;
        }
        let query = JobQuery { kinds: vec![kind], regions: vec![region.to_owned()], ..JobQuery::default() };
        let here = world.store().count_by_state(&query).await.unwrap();
        let here: BTreeMap<JobState, u64> =
            here.into_iter().map(|(state, total)| (state, total.count)).collect();
        assert_eq!(here, counts, "{kind:?} {region}");
    }
}

/// Three days are enough to see most things, and quick.
const BRIEF: Duration = Duration::days(3);

fn brief(world: &World) -> Sync {
    world.sync_with(Options { keep_jobs: BRIEF, ..Options::default() }).0
}

fn lists() -> impl Iterator<Item = (&'static str, JobKind)> {
    REGIONS.into_iter().flat_map(|region| JobKind::ALL.map(|kind| (region, kind)))
}

#[tokio::test]
async fn thirty_days_of_jobs_are_read_then_only_what_is_new_and_what_has_ended() {
    let world = World::new().await;
    world.sync().read_organization(None).await.unwrap();
    let sync = world.sync();
    assert_eq!(sync.read_jobs().await.unwrap(), None);
    let one_by_one = |name: &String| name.contains("accountId=") && !name.contains("accountId=%2A");
    assert!(!world.gate.asked.lock().unwrap().iter().any(one_by_one), "all accounts are asked for at once");
    assert_same(&world, &in_aws(&world, Duration::days(30)).await).await;
    let asked = world.requests();
    for _ in 0..3 {
        pass(Duration::hours(5));
        assert_eq!(sync.read_jobs().await.unwrap(), None);
    }
    assert!(world.requests() - asked < asked / 2, "refreshes ask for little");
    assert_known(&world, &in_aws(&world, Duration::days(2)).await).await;
    let marks = world.store().watermarks().await.unwrap();
    assert_eq!(marks.len(), 9, "the configured Region and those of the policies");
    assert!(marks.iter().all(|mark| mark.read_at == Some(now()) && mark.problem.is_none()));
}

#[tokio::test]
async fn jobs_that_an_earlier_version_read_are_read_again_once_and_what_is_new_comes_first() {
    let world = World::new().await;
    world.sync().read_organization(None).await.unwrap();
    let back = Duration::days(9);
    let sync = world.sync_with(Options { keep_jobs: back, ..Options::default() }).0;
    // As a version left it that kept no creators.
    let older = in_aws(&world, back).await.into_iter().map(|job| Job {
        rule_id: None,
        planned: None,
        restore_testing_plan: None,
        created_by_job_id: None,
        ..job
    });
    world.store().upsert_jobs(&older.collect::<Vec<_>>(), now()).await.unwrap();
    for (region, kind) in lists() {
        let known = Some(now());
        let mark = Watermark {
            read_at: known,
            read_up_to: known,
            again_until: known,
            ..Watermark::new(region, kind)
        };
        world.store().set_watermark(&mark).await.unwrap();
    }
    pass(Duration::minutes(2));
    *world.gate.answer.lock().unwrap() = Some(Box::new(|name, _, _| {
        // The second day of what is read again.
        let of_all = name.contains("accountId=*") || name.contains("accountId=%2A");
        (of_all && name.contains("createdBefore=2026-11-19"))
            .then(|| backup_error(400, "LimitExceededException"))
    }));
    assert_eq!(sync.read_jobs().await.unwrap(), None, "what is new was read");
    let marks = world.store().watermarks().await.unwrap();
    assert!(marks.iter().all(|mark| mark.again_until.is_some() && mark.read_at == Some(now())));
    *world.gate.answer.lock().unwrap() = None;
    for _ in 0..2 {
        assert_eq!(sync.read_jobs().await.unwrap(), None);
    }
    assert!(world.store().watermarks().await.unwrap().iter().all(|mark| mark.again_until.is_none()));
    assert_known(&world, &in_aws(&world, back - Duration::HOUR).await).await;
    let rows = world.store().jobs(&JobQuery { size: 200, ..JobQuery::default() }).await.unwrap().rows;
    assert!(rows.iter().all(|row| row.planned.is_some()));
}

#[tokio::test]
async fn a_reading_of_jobs_killed_again_and_again_comes_to_its_end() {
    let world = World::new().await;
    world.sync().read_organization(None).await.unwrap();
    let mut kills = 0;
    while world.killed_at(world.requests() + 26, brief(&world).read_jobs()).await.is_none() {
        kills += 1;
        assert!(kills < 40, "no progress");
    }
    assert!(kills > 0);
    assert_same(&world, &in_aws(&world, BRIEF).await).await;
}

#[tokio::test]
async fn where_all_accounts_cannot_be_listed_at_once_each_is_asked() {
    let world = World::new().await;
    *world.gate.answer.lock().unwrap() = Some(Box::new(|name, _, _| {
        let refused = name.starts_with("/copy-jobs")
            && (name.contains("accountId=*") || name.contains("accountId=%2A"));
        refused.then(|| backup_error(400, "InvalidParameterValueException"))
    }));
    let sync = brief(&world);
    let before = sync.read_jobs().await.unwrap().unwrap();
    assert!(before.contains("could not be read"), "without accounts nothing can be asked: {before}");
    sync.read_organization(None).await.unwrap();
    assert_eq!(sync.read_jobs().await.unwrap(), None);
    assert_same(&world, &in_aws(&world, BRIEF).await).await;
}

#[tokio::test]
async fn what_fails_is_noted_where_it_fails_and_stops_nothing_else() {
    let world = World::new().await;
    world.sync().read_organization(None).await.unwrap();
    *world.gate.answer.lock().unwrap() = Some(Box::new(|name, headers, _| {
        let region = headers.get("authorization").and_then(|a| a.to_str().ok()).unwrap_or_default();
        if name.starts_with("/copy-jobs") && region.contains("/eu-west-1/") {
            Some(backup_error(403, "AccessDeniedException"))
        } else if name.starts_with("/restore-jobs") {
            Some(backup_error(404, "UnknownOperationException"))
        } else {
            None
        }
    }));
    let summary = brief(&world).read_jobs().await.unwrap().unwrap();
    assert!(summary.contains("jobs of eu-") && summary.contains("The same goes for 3 more"), "{summary}");
    for mark in world.store().watermarks().await.unwrap() {
        let expected = match (mark.kind, mark.region.as_str()) {
            (JobKind::Copy, "eu-west-1") => {
                Some("AWS denies backup:ListCopyJobs and does not say by what (said so)")
            }
            (JobKind::Restore, _) => Some("not available from this endpoint"),
            _ => None,
        };
        assert_eq!(mark.problem.as_deref(), expected, "{} {:?}", mark.region, mark.kind);
        assert_eq!(mark.read_at.is_some(), expected.is_none());
    }
    *world.gate.answer.lock().unwrap() = None;
    assert_eq!(brief(&world).read_jobs().await.unwrap(), None, "mended, it is read");
    assert_same(&world, &in_aws(&world, BRIEF).await).await;
}

#[tokio::test]
async fn open_jobs_are_followed_to_their_end() {
    let world = World::new().await;
    // Into the night, when backups run.
    pass(Duration::minutes(14 * 60 + 20));
    world.sync().read_organization(None).await.unwrap();
    let sync = brief(&world);
    sync.read_jobs().await.unwrap();
    let mut open = Vec::new();
    for (region, kind) in lists() {
        let ids = world.store().open_jobs(region, kind, now() + Duration::hours(1)).await.unwrap();
        open.extend(ids.into_iter().map(|id| (kind, id)));
    }
    assert!(!open.is_empty());
    // Within what is kept, and beyond what is listed anew.
    pass(Duration::days(2));
    sync.read_jobs().await.unwrap();
    for (kind, id) in open {
        let (job, _) = world.store().job(kind, &id).await.unwrap().unwrap();
        assert!(job.state.is_final() && job.state != JobState::Unknown, "{kind:?} {id} is {:?}", job.state);
    }
}

#[tokio::test]
async fn a_job_that_is_open_for_longer_than_aws_lists_is_followed_to_its_end() {
    let world = World::new().await;
    world.sync().read_organization(None).await.unwrap();
    let mut seen = Vec::new();
    for (region, kind) in lists() {
        let jobs = jobs_in_aws(&world.aws, region, kind, now() - Duration::days(3)).await;
        seen.extend(jobs.into_iter().find(|job| job.state.is_final()));
    }
    assert!(seen.len() > 6, "{} lists have jobs", seen.len());
    let running = seen.iter().map(|job| Job { state: JobState::Running, completed_at: None, ..job.clone() });
    world.store().upsert_jobs(&running.collect::<Vec<_>>(), now()).await.unwrap();
    // One that AWS does not know keeps nothing from being read, and is not shown as running for ever.
    let lost = Job { id: "lost".into(), state: JobState::Running, completed_at: None, ..seen[0].clone() };
    world.store().upsert_jobs(std::slice::from_ref(&lost), now()).await.unwrap();
    // Beyond what is listed, and within the month that is kept.
    pass(Duration::days(5));
    assert_eq!(brief(&world).read_jobs().await.unwrap(), None);
    for job in seen {
        let (here, _) = world.store().job(job.kind, &job.id).await.unwrap().unwrap();
        assert_eq!(here.state, job.state, "{:?} {}", job.kind, job.id);
    }
    let (here, _) = world.store().job(lost.kind, "lost").await.unwrap().unwrap();
    assert_eq!(here.state, JobState::Unknown);
}

#[tokio::test]
async fn a_job_that_aws_lists_late_is_not_missed() {
    let world = World::new().await;
    world.sync().read_organization(None).await.unwrap();
    let all = in_aws(&world, Duration::days(1)).await;
    let newest = all.iter().map(|job| job.created_at).max().unwrap();
    let is_late = |job: &&Job| job.kind == JobKind::Backup && newest - job.created_at < Duration::minutes(50);
    let late: Vec<String> = all.iter().filter(is_late).map(|job| job.id.clone()).collect();
    assert!(!late.is_empty());
    let hidden = late.clone();
    *world.gate.change.lock().unwrap() = Some(Box::new(move |name, mut answer| {
        if let Some(jobs) = answer["BackupJobs"].as_array_mut().filter(|_| name.starts_with("/backup-jobs")) {
            jobs.retain(|job| !hidden.iter().any(|id| job["BackupJobId"] == **id));
        }
        answer
    }));
    let sync = brief(&world);
    sync.read_jobs().await.unwrap();
    assert!(world.store().job(JobKind::Backup, &late[0]).await.unwrap().is_none());
    *world.gate.change.lock().unwrap() = None;
    sync.read_jobs().await.unwrap();
    for id in late {
        assert!(world.store().job(JobKind::Backup, &id).await.unwrap().is_some(), "{id}");
    }
}

#[tokio::test]
async fn a_region_that_no_policy_names_any_more_is_read_until_its_jobs_have_ended() {
    let world = World::new().await;
    pass(Duration::minutes(14 * 60 + 20));
    world.sync().read_organization(None).await.unwrap();
    let sync = brief(&world);
    sync.read_jobs().await.unwrap();
    let mut open = Vec::new();
    for (region, kind) in lists().filter(|(region, _)| *region != "eu-west-1") {
        let ids = world.store().open_jobs(region, kind, now() + Duration::hours(1)).await.unwrap();
        open.extend(ids.into_iter().map(|id| (kind, id)));
    }
    assert!(!open.is_empty());
    for policy in world.store().load_snapshot().await.unwrap().policies {
        let none = model::organization::PolicyRecord { content: "{}".into(), ..policy.record };
        world.store().put_policy(&none, now()).await.unwrap();
    }
    sync.find_regions().await.unwrap();
    pass(Duration::days(2));
    sync.read_jobs().await.unwrap();
    for (kind, id) in open {
        let (job, _) = world.store().job(kind, &id).await.unwrap().unwrap();
        assert!(job.state.is_final(), "{kind:?} {id} is {:?}", job.state);
    }
}

#[tokio::test]
async fn an_open_job_of_an_account_that_aws_tells_nothing_of_stops_nothing() {
    let world = World::new().await;
    world.sync().read_organization(None).await.unwrap();
    let sync = brief(&world);
    sync.read_jobs().await.unwrap();
    let mut job =
        jobs_in_aws(&world.aws, "eu-west-1", JobKind::Backup, now() - Duration::DAY).await.remove(0);
    (job.id, job.state, job.completed_at) = ("left".into(), JobState::Running, None);
    job.created_at = now() - Duration::DAY;
    job.account = "000000000001".parse().unwrap();
    world.store().upsert_jobs(std::slice::from_ref(&job), now()).await.unwrap();
    *world.gate.answer.lock().unwrap() = Some(Box::new(|name, _, _| {
        name.contains("accountId=000000000001").then(|| backup_error(403, "AccessDeniedException"))
    }));
    pass(Duration::MINUTE);
    assert_eq!(sync.read_jobs().await.unwrap(), None);
    assert!(world.gate.asked.lock().unwrap().iter().any(|name| name.contains("accountId=000000000001")));
    assert!(world.store().watermarks().await.unwrap().iter().all(|mark| mark.read_at == Some(now())));
}

#[tokio::test]
async fn where_each_account_is_asked_one_that_is_refused_keeps_no_other_from_being_read() {
    let world = World::new().await;
    world.sync().read_organization(None).await.unwrap();
    let there = jobs_in_aws(&world.aws, "eu-west-1", JobKind::Copy, now() - BRIEF).await;
    let first = there.iter().map(|job| job.account.clone()).min().unwrap();
    let refused = format!("accountId={first}");
    *world.gate.answer.lock().unwrap() = Some(Box::new(move |name, _, _| {
        let all = name.contains("accountId=*") || name.contains("accountId=%2A");
        if name.starts_with("/copy-jobs") && all {
            Some(backup_error(400, "InvalidParameterValueException"))
        } else {
            (name.starts_with("/copy-jobs") && name.contains(&refused))
                .then(|| backup_error(403, "AccessDeniedException"))
        }
    }));
    let said = brief(&world).read_jobs().await.unwrap().unwrap_or_default();
    assert!(
        said.contains("1 account refused, asked for one by one: AWS denies backup:ListCopyJobs"),
        "{said}"
    );
    for job in there {
        let here = world.store().job(job.kind, &job.id).await.unwrap();
        assert_eq!(here.is_some(), job.account != first, "{}", job.id);
    }
}

#[tokio::test]
async fn a_first_reading_that_broke_off_in_its_first_day_goes_on_at_its_page() {
    let world = World::new().await;
    world.sync().read_organization(None).await.unwrap();
    // The month that AWS lists has moved on since.
    let from = now() - BRIEF - Duration::MINUTE;
    let day = |at: time::OffsetDateTime| at.format(&time::format_description::well_known::Rfc3339).unwrap();
    let span = serde_json::json!({"from": day(from), "until": day(from + Duration::DAY), "token": "kept"});
    let mark =
        Watermark { page_cursor: Some(span.to_string()), ..Watermark::new("eu-west-1", JobKind::Backup) };
    world.store().set_watermark(&mark).await.unwrap();
    assert_eq!(brief(&world).read_jobs().await.unwrap(), None);
    assert!(world.gate.asked.lock().unwrap().iter().any(|name| name.contains("nextToken=kept")));
    // The simulator does not know that page, so the day was begun again.
    assert_same(&world, &in_aws(&world, BRIEF).await).await;
}

#[tokio::test]
async fn a_policy_that_names_hundreds_of_regions_does_not_have_hundreds_asked() {
    let world = World::new().await;
    world.sync().read_organization(None).await.unwrap();
    let regions: Vec<String> = (0..300).map(|n| format!("eu-nowhere-{n}")).collect();
    let content = serde_json::json!({"plans": {"p": {"regions": {"@@assign": regions}}}}).to_string();
    let policy = world.store().load_snapshot().await.unwrap().policies.remove(0).record;
    let policy = model::organization::PolicyRecord { content, ..policy };
    world.store().put_policy(&policy, now()).await.unwrap();
    let sync = world.sync();
    sync.find_regions().await.unwrap();
    assert!((100..110).contains(&sync.regions().len()), "{} Regions", sync.regions().len());
    assert!(sync.regions().contains(&"eu-west-1".to_owned()), "the configured one is read in any case");
}
