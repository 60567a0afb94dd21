use std::collections::BTreeMap;

use futures::future::join_all;
use model::{
    AccountId, JobState, Page, Total,
    job::lists::{ListOutcome, OddRow},
};
use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use time::{
    Duration,
    macros::{date, datetime},
};

use super::*;
use crate::testing::{TestDatabase, database};

pub(in crate::jobs) const NOW: OffsetDateTime = datetime!(2026-11-20 08:00 UTC);

pub(in crate::jobs) fn job(n: u32) -> Job {
    Job {
        kind: JobKind::Backup,
        id: format!("job-{n:04}"),
        account: "111111111111".parse().unwrap(),
        region: "eu-west-1".into(),
        state: JobState::Completed,
        message: None,
        message_category: None,
        resource_type: Some("EBS".into()),
        resource_arn: Some(format!("arn:aws:ec2:eu-west-1:111111111111:volume/vol-{n}")),
        resource_name: None,
        vault: Some("Default".into()),
        vault_arn: Some("arn:vault/Default".into()),
        source_vault_arn: None,
        recovery_point_arn: None,
        created_resource_arn: None,
        role_arn: None,
        plan_id: None,
        plan_name: None,
        rule_id: None,
        rule_name: None,
        policy_made: false,
        planned: Some(false),
        restore_testing_plan: None,
        created_by_job_id: None,
        parent_job_id: None,
        is_parent: false,
        size: Some(1 << 40),
        percent: Some(100),
        created_at: NOW - Duration::minutes(i64::from(n)),
        completed_at: Some(NOW),
        start_by: None,
    }
}

fn query() -> JobQuery {
    JobQuery { size: 10, ..JobQuery::default() }
}

fn ids(page: &Page<JobRow>) -> Vec<&str> {
    page.rows.iter().map(|row| row.id.as_str()).collect()
}

async fn put(db: &TestDatabase, jobs: &[Job]) -> Upserted {
    db.store.upsert_jobs(jobs, NOW).await.unwrap()
}

async fn found(db: &TestDatabase, query: JobQuery) -> Vec<String> {
    let page = db.store.jobs(&query).await.unwrap();
    page.rows.into_iter().map(|row| row.id).collect()
}

#[tokio::test]
async fn a_job_comes_back_as_it_was() {
    let db = database().await;
    let mut full = job(1);
    full.message = Some("50% of “x” \u{1F600}".into());
    full.message_category = Some("AccessDenied".into());
    full.start_by = Some(NOW + Duration::hours(8));
    assert_eq!(put(&db, &[full.clone()]).await, Upserted { new: 1, changed: 0 });
    assert_eq!(db.store.job(JobKind::Backup, "job-0001").await.unwrap(), Some((full, NOW)));
    assert_eq!(db.store.job(JobKind::Copy, "job-0001").await.unwrap(), None);
    let row = db.store.jobs(&query()).await.unwrap().rows.remove(0);
    assert_eq!((row.resource.as_str(), row.account_name.as_str(), row.size), ("vol-1", "", Some(1 << 40)));
}

#[tokio::test]
async fn the_names_of_a_plan_come_from_jobs_that_tell_them_in_its_account_and_region_alone() {
    let db = database().await;
    let of_plan = |n: u32| Job {
        plan_id: Some("orgs/4232272a".into()),
        rule_id: Some("r-1".into()),
        policy_made: true,
        ..job(n)
    };
    let named = |n: u32, plan: &str, rule: &str| Job {
        plan_name: Some(plan.into()),
        rule_name: Some(rule.into()),
        ..of_plan(n)
    };
    // The youngest is job 1.
    put(&db, &[of_plan(1), named(4, "old", "nightly"), named(3, "daily", "nightly")]).await;
    put(&db, &[named(9, "older still", "nightly")]).await;
    let key = |rule: &str, region: &str, account: &str| PlanKey {
        account: account.parse().unwrap(),
        region: region.into(),
        plan_id: "orgs/4232272a".into(),
        rule_id: rule.into(),
    };
    let here = |rule| key(rule, "eu-west-1", "111111111111");
    let keys = [
        here(""),
        here("r-1"),
        here("r-2"),
        key("", "eu-central-1", "111111111111"),
        key("", "eu-west-1", "222222222222"),
    ];
    let names = db.store.plan_names(&keys).await.unwrap();
    let names: Vec<_> = names.iter().map(|(key, name)| (key.rule_id.as_str(), name.as_str())).collect();
    assert_eq!(names, [("", "daily"), ("r-1", "nightly")]);
    // They are found by these names too, and kept as AWS tells them.
    for (text, expected) in [("daily", vec!["job-0001", "job-0003"]), ("weekly", vec![])] {
        assert_eq!(found(&db, JobQuery { text: text.into(), ..query() }).await, expected);
    }
    let expected = ["job-0001", "job-0003", "job-0004", "job-0009"];
    assert_eq!(found(&db, JobQuery { text: "NIGHTLY".into(), ..query() }).await, expected);
    assert_eq!(db.store.job(JobKind::Backup, "job-0001").await.unwrap().unwrap().0, of_plan(1));
    // A younger job tells another name.
    put(&db, &[named(0, "renamed", "nightly")]).await;
    assert_eq!(db.store.plan_names(&[here("")]).await.unwrap()[&here("")], "renamed");
}

#[tokio::test]
async fn what_was_not_read_of_a_creator_is_filled_in_and_never_lost_again() {
    let db = database().await;
    let planned = async || db.store.job(JobKind::Backup, "job-0001").await.unwrap().unwrap().0.planned;
    for (brought, kept) in [
        (None, None),
        (Some(false), Some(false)),
        (None, Some(false)),
        (Some(true), Some(true)),
        (Some(false), Some(true)),
        (None, Some(true)),
    ] {
        put(&db, &[Job { planned: brought, ..job(1) }]).await;
        assert_eq!(planned().await, kept, "after {brought:?}");
    }
}

#[tokio::test]
async fn a_zero_character_in_a_message_does_not_stop_the_others() {
    let db = database().await;
    let bad = Job { message: Some("a\0b \\u0000".into()), ..job(1) };
    assert_eq!(put(&db, &[bad, job(2)]).await.new, 2);
    let (kept, _) = db.store.job(JobKind::Backup, "job-0001").await.unwrap().unwrap();
    assert_eq!(kept.message.as_deref(), Some("a\u{fffd}b \\u0000"));
}

#[tokio::test]
async fn bringing_the_same_again_changes_nothing() {
    let db = database().await;
    let jobs: Vec<Job> = (0..5).map(job).collect();
    assert_eq!(put(&db, &jobs).await, Upserted { new: 5, changed: 0 });
    let later = NOW + Duration::HOUR;
    assert_eq!(db.store.upsert_jobs(&jobs, later).await.unwrap(), Upserted::default());
    let changed = Job { state: JobState::CompletedWithIssues, ..job(3) };
    let upserted = db.store.upsert_jobs(&[job(2), changed], later).await.unwrap();
    assert_eq!(upserted, Upserted { new: 0, changed: 1 });
}

#[tokio::test]
async fn a_job_that_has_ended_is_never_open_again() {
    let db = database().await;
    let state = async || db.store.job(JobKind::Backup, "job-0001").await.unwrap().unwrap().0.state;
    put(&db, &[Job { state: JobState::Running, ..job(1) }]).await;
    put(&db, &[Job { state: JobState::Failed, ..job(1) }]).await;
    let older =
        db.store.upsert_jobs(&[Job { state: JobState::Running, ..job(1) }], NOW + Duration::HOUR).await;
    assert_eq!((older.unwrap(), state().await), (Upserted::default(), JobState::Failed));
    // In one batch, too, in any order.
    put(&db, &[job(2), Job { state: JobState::Running, ..job(2) }]).await;
    assert_eq!(
        db.store.job(JobKind::Backup, "job-0002").await.unwrap().unwrap().0.state,
        JobState::Completed
    );
}

#[tokio::test]
async fn an_answer_to_an_earlier_question_does_not_replace_a_later_one() {
    let db = database().await;
    put(&db, &[Job { state: JobState::Running, percent: Some(80), ..job(1) }]).await;
    let earlier = [Job { state: JobState::Pending, percent: Some(10), ..job(1) }];
    db.store.upsert_jobs(&earlier, NOW - Duration::MINUTE).await.unwrap();
    let (kept, seen_at) = db.store.job(JobKind::Backup, "job-0001").await.unwrap().unwrap();
    assert_eq!((kept.state, kept.percent, seen_at), (JobState::Running, Some(80), NOW));
}

#[tokio::test]
async fn a_fact_that_a_later_answer_leaves_out_stays() {
    let db = database().await;
    put(&db, &[Job { plan_name: Some("daily".into()), ..job(1) }]).await;
    put(&db, &[Job { plan_name: None, size: None, state: JobState::CompletedWithIssues, ..job(1) }]).await;
    let (kept, _) = db.store.job(JobKind::Backup, "job-0001").await.unwrap().unwrap();
    assert_eq!((kept.plan_name.as_deref(), kept.size), (Some("daily"), Some(1 << 40)));
}

#[tokio::test]
async fn months_are_made_by_many_at_once_and_every_job_is_counted_once() {
    let db = database().await;
    let batch = |writer: u32| -> Vec<Job> {
        (0..24)
            .map(|n| Job { created_at: NOW + Duration::days(i64::from(n) * 31), ..job(writer * 100 + n) })
            .collect()
    };
    let batches: Vec<Vec<Job>> = (0..6).map(batch).chain([batch(0)]).collect();
    for result in join_all(batches.iter().map(|jobs| db.store.upsert_jobs(jobs, NOW))).await {
        result.unwrap();
    }
    let total = db.store.count_by_state(&query()).await.unwrap();
    assert_eq!(total, [(JobState::Completed, Total::exactly(6 * 24))]);
}

#[tokio::test]
async fn the_list_is_newest_first_and_its_pages_lead_there_and_back_while_jobs_arrive() {
    let db = database().await;
    // Pairs of jobs share an instant, so that pages are cut within one.
    let jobs: Vec<Job> =
        (0..35).map(|n| Job { created_at: NOW - Duration::hours(i64::from(n / 2)), ..job(n) }).collect();
    put(&db, &jobs).await;
    let at = async |cursor: &Option<String>| {
        let cursor = cursor.clone().unwrap_or_default();
        db.store.jobs(&JobQuery { cursor, ..query() }).await.unwrap()
    };
    let first = at(&None).await;
    assert_eq!((first.total, first.previous.is_none()), (Total::exactly(35), true));
    put(&db, &[Job { created_at: NOW + Duration::HOUR, ..job(9000) }]).await;
    let (second, mut seen) = (at(&first.next).await, ids(&first).join(" "));
    let (third, fourth) = (at(&second.next).await, at(&at(&second.next).await.next).await);
    for page in [&second, &third, &fourth] {
        seen = format!("{seen} {}", ids(page).join(" "));
    }
    let mut order: Vec<&Job> = jobs.iter().collect();
    order.sort_by(|a, b| (b.created_at, &b.id).cmp(&(a.created_at, &a.id)));
    assert_eq!(seen, order.iter().map(|j| j.id.as_str()).collect::<Vec<_>>().join(" "));
    assert_eq!((fourth.rows.len(), fourth.next.clone()), (5, None));
    assert_eq!(ids(&at(&fourth.previous).await), ids(&third));
    assert_eq!(ids(&at(&second.previous).await), ids(&first));
    let top = at(&at(&second.previous).await.previous).await;
    assert_eq!((ids(&top)[0], top.rows.len(), &top.previous), ("job-9000", 10, &None));
}

#[tokio::test]
async fn every_condition_narrows_the_list() {
    let db = database().await;
    let copy = Job { kind: JobKind::Copy, region: "us-east-1".into(), vault: Some("Other".into()), ..job(1) };
    let failed = Job {
        state: JobState::Failed,
        message: Some("Access 100% denied".into()),
        account: "222222222222".parse().unwrap(),
        resource_type: Some("RDS".into()),
        policy_made: true,
        ..job(2)
    };
    put(&db, &[job(0), copy, failed, job(3)]).await;
    let strings = |values: &[&str]| values.iter().map(|v| (*v).to_owned()).collect::<Vec<_>>();
    let ids_of = |ids: &[&str]| ids.iter().map(|id| id.parse().unwrap()).collect::<Vec<AccountId>>();
    let cases = [
        (query(), "job-0000 job-0001 job-0002 job-0003"),
        (JobQuery { kinds: vec![JobKind::Copy], ..query() }, "job-0001"),
        (JobQuery { states: vec![JobState::Failed, JobState::Expired], ..query() }, "job-0002"),
        (JobQuery { accounts: ids_of(&["222222222222", "333333333333"]), ..query() }, "job-0002"),
        (JobQuery { extent: Extent::Within(Vec::new()), ..query() }, ""),
        (
            JobQuery { accounts: (0..500).map(|n| format!("{n:012}").parse().unwrap()).collect(), ..query() },
            "",
        ),
        (
            JobQuery {
                accounts: (0..500).map(|n| format!("222222222{n:03}").parse().unwrap()).collect(),
                states: vec![JobState::Failed],
                ..query()
            },
            "job-0002",
        ),
        (JobQuery { resource_types: strings(&["RDS"]), ..query() }, "job-0002"),
        (JobQuery { regions: strings(&["us-east-1"]), ..query() }, "job-0001"),
        (JobQuery { vaults: strings(&["Other", "None"]), ..query() }, "job-0001"),
        (JobQuery { policy_made: Some(true), ..query() }, "job-0002"),
        (JobQuery { policy_made: Some(false), ..query() }, "job-0000 job-0001 job-0003"),
        (JobQuery { from: Some(NOW - Duration::MINUTE), ..query() }, "job-0000 job-0001"),
        (JobQuery { until: Some(NOW - Duration::MINUTE), ..query() }, "job-0002 job-0003"),
        (JobQuery { job_ids: strings(&["job-0003", "job-0001x"]), ..query() }, "job-0003"),
        (JobQuery { job_ids: strings(&["job-"]), ..query() }, "job-0000 job-0001 job-0002 job-0003"),
        (JobQuery { job_ids: strings(&["job_", "%"]), ..query() }, ""),
        (JobQuery { text: "VOLUME/VOL-3".into(), ..query() }, "job-0003"),
        (JobQuery { text: "100% d".into(), ..query() }, "job-0002"),
        (JobQuery { text: "100_".into(), ..query() }, ""),
        (JobQuery { text: "\\".into(), ..query() }, ""),
        (JobQuery { cursor: "o1.backup.x\0".into(), ..query() }, "job-0000 job-0001 job-0002 job-0003"),
        (
            JobQuery { cursor: "o-377705116800000000.backup.x".into(), ..query() },
            "job-0000 job-0001 job-0002 job-0003",
        ),
    ];
    for (query, expected) in cases {
        assert_eq!(found(&db, query.clone()).await.join(" "), expected, "{query:?}");
        let total: u64 = db.store.count_by_state(&query).await.unwrap().iter().map(|(_, t)| t.count).sum();
        assert_eq!(total, expected.split_whitespace().count() as u64, "{query:?}");
    }
}

/// Minutes between the ages of jobs in a random history: it spans some four months.
const AGE: i64 = 1201;

/// A random history, and the changes that it went through.
async fn history(db: &TestDatabase, seed: u64) -> StdRng {
    let mut random = StdRng::seed_from_u64(seed);
    for batch in 0..12 {
        let mut jobs = Vec::new();
        for _ in 0..40 {
            let n = random.random_range(0..150);
            let categories = [None, Some("AccessDenied".to_owned()), Some(String::new())];
            let states: Vec<JobState> = JobState::TABLE.iter().map(|(s, ..)| *s).collect();
            jobs.push(Job {
                kind: JobKind::ALL[n as usize % 3],
                state: *states.choose(&mut random).unwrap(),
                account: format!("{:012}", n % 4).parse().unwrap(),
                region: ["eu-west-1", "us-east-1"][n as usize % 2].into(),
                resource_type: ["EBS", "RDS"].get(n as usize % 3).map(|t| (*t).to_owned()),
                message_category: categories.choose(&mut random).unwrap().clone(),
                created_at: NOW - Duration::minutes(i64::from(n) * AGE),
                ..job(n)
            });
        }
        db.store.upsert_jobs(&jobs, NOW + Duration::minutes(batch)).await.unwrap();
    }
    random
}

#[tokio::test]
async fn what_is_counted_by_day_and_month_is_what_a_recount_finds() {
    let db = database().await;
    for seed in [1, 2, 3] {
        history(&db, seed).await;
        let counted =
            "SELECT span || account, on_day::text, kind, region, state, resource_type, category, jobs
            FROM job_counts WHERE jobs <> 0 ORDER BY 1, 2, 3, 4, 5, 6, 7";
        let recounted = "SELECT s || a, date_trunc(s, created_at AT TIME ZONE 'UTC')::date::text, kind, region, state,
                coalesce(resource_type, ''), coalesce(message_category, ''), count(*)
            FROM jobs, LATERAL (VALUES ('day', account), ('day', ''), ('month', account), ('month', '')) AS v (s, a)
            GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1, 2, 3, 4, 5, 6, 7";
        type Row = (String, String, String, String, String, String, String, i64);
        let [counted, recounted]: [Vec<Row>; 2] = [
            sqlx::query_as(counted).fetch_all(&db.store.pool).await.unwrap(),
            sqlx::query_as(recounted).fetch_all(&db.store.pool).await.unwrap(),
        ];
        assert!(recounted.len() > 100);
        assert_eq!(counted, recounted);
    }
}

#[tokio::test]
async fn numbers_by_state_are_those_of_the_rows_for_any_range_of_time() {
    let db = database().await;
    let mut random = history(&db, 4).await;
    for _ in 0..40 {
        let mut instant = || {
            let minutes = random.random_range(-60..150 * AGE);
            let at = NOW - Duration::minutes(minutes);
            let at = if minutes % 5 == 0 { counts::midnight_before(at) } else { at };
            (minutes % 3 != 0).then_some(at)
        };
        let query = JobQuery { from: instant(), until: instant(), ..query() };
        let two = ["000000000001", "000000000002"].map(|id| id.parse().unwrap());
        let accounts = if random.random_bool(0.5) { two.to_vec() } else { Vec::new() };
        let query = JobQuery { accounts, ..query };
        let mut rows = BTreeMap::new();
        let page = db.store.jobs(&JobQuery { size: 500, ..query.clone() }).await.unwrap();
        for row in page.rows {
            *rows.entry(row.state).or_insert(0) += 1;
        }
        let counted = db.store.count_by_state(&query).await.unwrap();
        let counted: BTreeMap<JobState, u64> =
            counted.into_iter().map(|(state, t)| (state, t.count)).collect();
        assert_eq!(counted, rows, "{query:?}");
    }
}

#[tokio::test]
async fn days_show_every_day_of_the_range_and_the_last_day_counts_from_its_minute() {
    let db = database().await;
    let on = |days: i64, n, state| Job { state, created_at: NOW - Duration::days(days), ..job(n) };
    put(
        &db,
        &[
            on(0, 1, JobState::Completed),
            on(0, 2, JobState::Running),
            on(1, 3, JobState::Partial),
            on(1, 4, JobState::CompletedWithIssues),
            on(3, 5, JobState::Expired),
            on(9, 6, JobState::Completed),
        ],
    )
    .await;
    let days =
        db.store.days_of_jobs(&Extent::All, date!(2026 - 11 - 17), date!(2026 - 11 - 20)).await.unwrap();
    let figures: Vec<_> = days.iter().map(|d| (d.on.day(), d.completed, d.with_issues, d.failed)).collect();
    assert_eq!(figures, [(17, 0, 0, 1), (18, 0, 0, 0), (19, 0, 2, 0), (20, 1, 0, 0)]);
    let since = async |at| {
        let day = db.store.jobs_between(&Extent::All, at, NOW + Duration::MINUTE).await.unwrap();
        (day.completed, day.with_issues, day.failed)
    };
    assert_eq!(since(NOW - Duration::DAY).await, (1, 2, 0));
    assert_eq!(since(NOW - Duration::DAY + Duration::SECOND).await, (1, 0, 0));
}

#[tokio::test]
async fn the_last_day_ends_now_whatever_is_dated_ahead() {
    let db = database().await;
    let at = |n, created_at| Job { created_at, ..job(n) };
    put(&db, &[at(1, NOW - Duration::HOUR), at(2, NOW), at(3, NOW + Duration::days(2))]).await;
    let until = NOW + Duration::SECOND;
    put(&db, &[at(4, until), at(5, until - Duration::DAY), at(6, NOW - Duration::DAY)]).await;
    let day = db.store.jobs_between(&Extent::All, until - Duration::DAY, until).await.unwrap();
    assert_eq!(day.completed, 3);
}

#[tokio::test]
async fn jobs_of_one_cause_are_listed_and_counted_alike() {
    let db = database().await;
    let failed = |n: u32, category: Option<&str>| Job {
        state: JobState::Failed,
        message_category: category.map(str::to_owned),
        created_at: NOW - Duration::hours(i64::from(n) * 7),
        ..job(n)
    };
    let long = "x".repeat(150);
    put(&db, &[failed(1, Some("KMS")), failed(2, None), failed(3, Some(&long)), failed(40, Some("KMS"))])
        .await;
    let listed = async |categories: &[&str], from: Option<OffsetDateTime>| {
        let categories = categories.iter().map(|c| (*c).to_owned()).collect();
        let query = JobQuery { categories, from, size: 50, ..JobQuery::default() };
        let page = db.store.jobs(&query).await.unwrap();
        let by_state = db.store.count_by_state(&query).await.unwrap();
        assert_eq!(by_state.iter().map(|(_, n)| n.count).sum::<u64>(), page.rows.len() as u64);
        page.rows.len()
    };
    assert_eq!(listed(&["KMS"], None).await, 2);
    assert_eq!(listed(&["KMS"], Some(NOW - Duration::days(7))).await, 1);
    assert_eq!(listed(&["KMS", ""], None).await, 3);
    assert_eq!(listed(&[&long[..100]], None).await, 1, "as it is counted and linked to");
    assert_eq!(listed(&["Other"], None).await, 0);
    let known = db.store.job_choices(&Extent::All).await.unwrap().categories;
    assert_eq!(known, ["", "KMS", &long[..100]]);
}

#[tokio::test]
async fn causes_are_counted_with_their_accounts_and_an_example() {
    let db = database().await;
    let failed = |n: u32, category: Option<&str>, age: i64| Job {
        state: JobState::Failed,
        account: format!("{:012}", n % 2).parse().unwrap(),
        message_category: category.map(str::to_owned),
        message: Some(format!("message {n}")),
        created_at: NOW - Duration::days(age),
        ..job(n)
    };
    put(
        &db,
        &[
            failed(1, Some("AccessDenied"), 1),
            failed(2, Some("AccessDenied"), 2),
            failed(3, Some("AccessDenied"), 30),
            failed(4, None, 0),
            Job { state: JobState::Completed, ..failed(5, Some("AccessDenied"), 0) },
        ],
    )
    .await;
    let causes = db.store.causes(&Extent::All, NOW - Duration::days(7), 5).await.unwrap();
    let figures: Vec<_> =
        causes.iter().map(|c| (c.category.as_str(), c.jobs, c.accounts, c.example.as_str())).collect();
    assert_eq!(figures, [("AccessDenied", 2, 2, "message 1"), ("", 1, 1, "message 4")]);
    assert_eq!(db.store.causes(&Extent::All, NOW - Duration::days(7), 1).await.unwrap().len(), 1);
}

#[tokio::test]
async fn choices_are_what_jobs_have_most_used_vaults_first() {
    let db = database().await;
    let jobs: Vec<Job> = (0..6)
        .map(|n| Job {
            vault: Some(if n < 2 { "a-rare" } else { "b-common" }.into()),
            region: if n < 1 { "us-east-1" } else { "eu-west-1" }.into(),
            resource_type: (n > 0).then(|| "EBS".into()),
            ..job(n)
        })
        .collect();
    put(&db, &jobs).await;
    let known = db.store.job_choices(&Extent::All).await.unwrap();
    assert_eq!(known.regions, ["eu-west-1", "us-east-1"]);
    assert_eq!(known.resource_types, ["EBS"]);
    assert_eq!(known.vaults, ["b-common", "a-rare"]);
}

#[tokio::test]
async fn old_months_go_with_their_counts_and_others_stay() {
    let db = database().await;
    let on = |at, n| Job { created_at: at, ..job(n) };
    let [september, october, november] =
        [datetime!(2026-09-30 23:59 UTC), datetime!(2026-10-01 00:00 UTC), datetime!(2026-11-01 00:00 UTC)];
    put(&db, &[on(september, 1), on(october, 2), on(november, 3)]).await;
    assert_eq!(db.store.drop_jobs_before(date!(2026 - 10 - 31)).await.unwrap(), 1);
    assert_eq!(found(&db, query()).await, ["job-0003", "job-0002"]);
    assert_eq!(db.store.count_by_state(&query()).await.unwrap(), [(JobState::Completed, Total::exactly(2))]);
    assert_eq!(db.store.drop_jobs_before(date!(2026 - 10 - 31)).await.unwrap(), 0);
    // A late arrival makes its month again.
    put(&db, &[on(september, 1)]).await;
    assert_eq!(found(&db, query()).await.len(), 3);
}

#[tokio::test]
async fn a_family_of_jobs_finds_itself() {
    let db = database().await;
    let arn = Some("arn:volume/1".to_owned());
    let base = |n: u32, kind, hours: i64| Job {
        kind,
        resource_arn: arn.clone(),
        created_at: NOW + Duration::hours(hours),
        ..job(n)
    };
    let backup =
        |n, hours| Job { recovery_point_arn: Some(format!("arn:rp/{n}")), ..base(n, JobKind::Backup, hours) };
    let copy = |n, hours| Job {
        source_vault_arn: Some("arn:vault/Default".into()),
        vault_arn: Some("arn:vault/Far".into()),
        ..base(n, JobKind::Copy, hours)
    };
    let restore = Job { recovery_point_arn: Some("arn:rp/1".into()), ..base(5, JobKind::Restore, 30) };
    let child =
        Job { parent_job_id: Some("job-0001".into()), resource_arn: None, ..base(6, JobKind::Backup, 0) };
    let jobs = [backup(1, 0), backup(2, 24), copy(3, 1), copy(4, 25), restore, child];
    put(&db, &jobs).await;
    let related = async |n: usize| {
        let rows = db.store.related_jobs(&jobs[n - 1]).await.unwrap();
        rows.iter().map(|row| row.id.trim_start_matches("job-000").to_owned()).collect::<String>()
    };
    assert_eq!(related(1).await, "536", "restore, copy, child: newest first");
    assert_eq!(related(2).await, "4");
    assert_eq!(related(3).await, "1");
    assert_eq!(related(5).await, "1");
    assert_eq!(related(6).await, "1");
}

#[tokio::test]
async fn open_jobs_are_those_that_aws_may_still_change() {
    let db = database().await;
    let all: Vec<Job> = JobState::TABLE
        .iter()
        .enumerate()
        .map(|(n, (state, ..))| Job { state: *state, ..job(u32::try_from(n).unwrap()) })
        .collect();
    put(&db, &all).await;
    let open = db.store.open_jobs("eu-west-1", JobKind::Backup, NOW + Duration::HOUR).await.unwrap();
    let mut expected: Vec<&str> = all.iter().filter(|j| !j.state.is_final()).map(|j| j.id.as_str()).collect();
    expected.reverse();
    assert_eq!(open, expected);
    assert_eq!(
        db.store.open_jobs("eu-west-1", JobKind::Backup, NOW).await.unwrap().len(),
        expected.len() - 1
    );
    assert!(db.store.open_jobs("eu-west-1", JobKind::Copy, NOW).await.unwrap().is_empty());
}

#[tokio::test]
async fn regions_have_jobs_as_long_as_one_is_open_or_young() {
    let db = database().await;
    let on = |n: u32, days, region: &str, state| Job {
        region: region.into(),
        state,
        created_at: NOW - Duration::days(days),
        ..job(n)
    };
    let regions = async || {
        let [month, days] = [30, 3].map(|days| NOW - Duration::days(days));
        db.store.regions_of_jobs(month, days).await.unwrap().join(" ")
    };
    let open = on(1, 20, "open", JobState::Running);
    put(&db, &[open.clone(), on(2, 3, "young", JobState::Failed), on(3, 4, "old", JobState::Completed)])
        .await;
    put(&db, &[on(4, 31, "older", JobState::Running)]).await;
    assert_eq!(regions().await, "open young");
    put(&db, &[Job { state: JobState::Expired, ..open }]).await;
    assert_eq!(regions().await, "young");
}

#[tokio::test]
async fn watermarks_are_kept_whole() {
    let db = database().await;
    let odd = crate::OddJob {
        row: OddRow::lost(Some("odd\0".into()), "AccountId", "is missing"),
        created_after: Some(NOW),
        created_before: None,
        completed_after: None,
        account: None,
        asked_at: NOW,
    };
    let mut mark = crate::Watermark {
        read_up_to: Some(NOW),
        outcome: ListOutcome::Denied,
        problem: Some("denied".into()),
        page_cursor: Some("page 3".into()),
        own_account_at: Some(NOW),
        accounts_refused_at: Some(NOW),
        ..crate::Watermark::new("eu-west-1", JobKind::Copy)
    };
    db.store.set_watermark(&mark).await.unwrap();
    assert_eq!(db.store.watermarks().await.unwrap(), [mark.clone()]);
    assert!(mark.add_odd(odd.clone()) && !mark.add_odd(odd), "a known odd row is noted once");
    (mark.read_at, mark.problem, mark.page_cursor) = (Some(NOW), None, None);
    db.store.set_watermark(&mark).await.unwrap();
    let kept = db.store.watermarks().await.unwrap().remove(0);
    assert_eq!(kept.odd_rows[0].row.id.as_deref(), Some("odd\u{fffd}"));
    assert_eq!(crate::Watermark { odd_rows: mark.odd_rows.clone(), ..kept }, mark);
}

#[tokio::test]
async fn a_list_that_was_not_tried_is_known_to_be_missing() {
    let db = database().await;
    let regions = ["eu-west-1".to_owned()];
    let read = crate::Watermark { read_at: Some(NOW), ..crate::Watermark::new("eu-west-1", JobKind::Copy) };
    db.store.set_watermark(&read).await.unwrap();
    db.store.add_watermarks_of(&regions).await.unwrap();
    let lists = db.store.job_lists().await.unwrap();
    let told: Vec<_> = lists.iter().map(|list| (list.kind, list.read_at.is_some())).collect();
    assert_eq!(told, [(JobKind::Backup, false), (JobKind::Copy, true), (JobKind::Restore, false)]);
}

#[tokio::test]
async fn accounts_of_a_list_take_turns_and_their_ages_are_counted() {
    let db = database().await;
    let account = |n: u32| format!("{n:012}").parse::<AccountId>().unwrap();
    let all: Vec<(AccountId, bool)> = (1..=4).map(|n| (account(n), n != 4)).collect();
    let (store, region, kind) = (&db.store, "eu-west-1", JobKind::Copy);
    store.set_watermark(&crate::Watermark::new(region, kind)).await.unwrap();
    store.keep_job_accounts(region, kind, &all).await.unwrap();
    let turn = async || {
        let turn = store.job_accounts_in_turn(region, kind, 2).await.unwrap();
        turn.into_iter().map(|read| read.account).collect::<Vec<_>>()
    };
    assert_eq!(turn().await, [account(1), account(2)]);
    store.set_job_account(region, kind, &account(1), NOW, None).await.unwrap();
    store.set_job_account(region, kind, &account(2), NOW, Some("denied")).await.unwrap();
    assert_eq!(turn().await, [account(3), account(4)]);
    store.set_job_account(region, kind, &account(4), NOW, Some("of a closed account")).await.unwrap();
    assert_eq!(store.job_account_problem(region, kind).await.unwrap(), Some(("denied".into(), 1)));
    let read = store.job_lists().await.unwrap().remove(0).accounts.unwrap();
    assert_eq!((read.read, read.of, read.oldest_at), (1, 3, Some(NOW)));
    store.keep_job_accounts(region, kind, &all[1..]).await.unwrap();
    assert_eq!(turn().await, [account(3), account(2)], "one left, the others keep their turn");
    store.keep_watermarks_of(&[]).await.unwrap();
    assert!(turn().await.is_empty());
}

#[tokio::test]
async fn a_job_is_found_by_the_beginning_of_its_id_in_any_case_of_letters() {
    let db = database().await;
    let named = |n, id: &str| Job { id: id.into(), ..job(n) };
    put(&db, &[named(1, "8F2C1A9B-77AA"), named(2, "8f2c1a9b-88bb"), named(3, "9F2C1A9B-77AA")]).await;
    for (typed, expected) in [
        ("8F2C1A9B-77AA", "8F2C1A9B-77AA"),
        ("8f2c1a9b-77aa", "8F2C1A9B-77AA"),
        ("8F2C1A9B-88", "8f2c1a9b-88bb"),
        ("8f2C", "8F2C1A9B-77AA 8f2c1a9b-88bb"),
        ("F2C1", ""),
    ] {
        let query = JobQuery { job_ids: vec![typed.to_owned()], ..query() };
        assert_eq!(found(&db, query).await.join(" "), expected, "{typed}");
    }
}

/// The indexes that a statement reads where the planner may use any, by the names that the migrations gave them.
async fn indexes_of(db: &TestDatabase, sql: &str, bind: &[&str]) -> Vec<String> {
    let mut tx = db.store.begin().await.unwrap();
    // These tables are so small that reading them whole is cheapest.
    sqlx::query("SET LOCAL enable_seqscan = off").execute(&mut *tx).await.unwrap();
    let mut text = sql.to_owned();
    for (n, value) in bind.iter().enumerate() {
        text = text.replace(&format!("${}", n + 1), value);
    }
    let explain = format!("EXPLAIN (FORMAT JSON) {text}");
    let Json(plan): Json<serde_json::Value> =
        sqlx::query_scalar(AssertSqlSafe(explain)).fetch_one(&mut *tx).await.unwrap();
    let (mut names, mut open) = (Vec::new(), vec![&plan]);
    while let Some(value) = open.pop() {
        match value {
            serde_json::Value::Array(members) => open.extend(members),
            serde_json::Value::Object(members) => {
                names.extend(members.get("Index Name").and_then(|name| name.as_str()).map(str::to_owned));
                open.extend(members.values());
            }
            _ => {}
        }
    }
    let sql = "SELECT DISTINCT p.relname::text FROM pg_class c JOIN pg_inherits ON inhrelid = c.oid
        JOIN pg_class p ON p.oid = inhparent WHERE c.relname = ANY ($1) ORDER BY 1";
    sqlx::query_scalar(sql).bind(names).fetch_all(&mut *tx).await.unwrap()
}

#[tokio::test]
async fn the_database_reads_job_states_as_the_model_does() {
    let db = database().await;
    let sql = "SELECT $1 = ANY (open_job_states()), $1 = ANY (failed_job_states()), $1 = ANY (job_states_with_issues())";
    for (state, name, ..) in JobState::TABLE {
        let read: (bool, bool, bool) =
            sqlx::query_as(sql).bind(name).fetch_one(&db.store.pool).await.unwrap();
        assert_eq!(read, (!state.is_final(), state.is_failed(), state.has_issues()), "{name}");
    }
    let named = "SELECT count(*) FROM
        unnest(open_job_states() || failed_job_states() || job_states_with_issues() || '{completed}'::text[])";
    let named: i64 = sqlx::query_scalar(named).fetch_one(&db.store.pool).await.unwrap();
    assert_eq!(named, JobState::TABLE.len() as i64, "no state that the model does not know, and none twice");
}

#[tokio::test]
async fn indexes_of_some_states_serve_those_who_ask_for_these_states_by_their_meaning() {
    let db = database().await;
    put(&db, &[job(1)]).await;
    let open = ["'eu-west-1'", "'backup'", "'2026-11-20'::timestamptz"];
    assert_eq!(indexes_of(&db, watermarks::OPEN, &open).await, ["jobs_open_idx"]);
    let causes = figures::causes_of(&Extent::All, NOW.date(), 5);
    let bind = ["'2026-11-13'::date", "5", "'2026-11-13'::timestamptz"];
    assert_eq!(
        indexes_of(&db, causes.sql().as_str(), &bind).await,
        ["job_counts_failed_idx", "jobs_state_idx"]
    );
}

#[tokio::test]
async fn an_index_serves_those_who_look_for_the_beginning_of_an_id() {
    let db = database().await;
    put(&db, &[job(1)]).await;
    let mut sql = sqlx::QueryBuilder::new("SELECT id FROM jobs WHERE true");
    JobQuery { job_ids: vec!["8F2C1A9B".into()], ..query() }.narrow(&mut sql);
    assert_eq!(indexes_of(&db, sql.sql().as_str(), &["'8f2c1a9b%'"]).await, ["jobs_lower_id_idx"]);
}
