use aws::{Aws, Rates};
use model::{
    FailureCode, JobFilter, JobKind, JobState,
    access::Role,
    job::Job,
    organization::{PolicyRef, TreeQuery},
    policies::PolicyQuery,
    settings::export::ExportedAttachment,
};
use rand::{SeedableRng, rngs::StdRng};
use store::testing::{TestDatabase, database};
use time::Duration;

use super::*;
use crate::Parts;

/// Not in the organization any more.
const LEFT: &str = "999999999999";

/// The organization of the snapshot in a database, and two people: one sees everything, the other Inner and Zeta.
pub(super) struct House {
    pub db: TestDatabase,
    pub portal: Portal,
    pub all: Caller,
    pub part: Caller,
}

impl House {
    pub async fn new() -> Self {
        let db = database().await;
        import(&db, snapshot(), NOW).await;
        // Nobody listens there.
        let aws = Aws::connect(aws::Options::simulated("http://127.0.0.1:9", Rates::Off)).await.unwrap();
        let portal = Portal::new(Parts {
            store: db.store.clone(),
            aws: aws.with_deadline(std::time::Duration::from_millis(1)),
            clock: || NOW,
            random: Box::new(StdRng::seed_from_u64(7)),
            simulated: true,
            regions: vec!["eu-west-1".to_owned()],
            sync: crate::sync::channel().0,
            providers: crate::Providers::default(),
        });
        let user = store::testing::person("ada@example.com", Role::Administrator);
        let id = db.store.create_user(user, NOW).await.unwrap();
        let all = portal.caller(id, crate::Origin::default(), Some(NOW)).await.unwrap().unwrap();
        let part = all.clone().with_scope(Scope::Below(ids(&[INNER, ZETA])));
        Self { db, portal, all, part }
    }
}

pub(super) async fn import(db: &TestDatabase, snapshot: store::Snapshot, at: OffsetDateTime) {
    let store = &db.store;
    let import = store.begin_import(at).await.unwrap().id;
    store.stage_facts(import, &snapshot.facts.unwrap(), Some(true)).await.unwrap();
    store.stage_nodes(import, &snapshot.nodes).await.unwrap();
    for policy in &snapshot.policies {
        let id = &policy.record.id;
        store.stage_policies(import, std::slice::from_ref(&policy.record)).await.unwrap();
        let attached = snapshot.attachments.iter().filter(|a| a.policy == *id);
        let targets: Vec<TargetId> = attached.map(|a| a.target.clone()).collect();
        store.stage_attachments(import, id, &targets).await.unwrap();
    }
    store.promote(import, at).await.unwrap();
    let invalid: Vec<AccountId> = snapshot.invalid_in_aws.unwrap().into_iter().collect();
    store.set_invalid_accounts(Some(&invalid), at).await.unwrap();
}

fn job(account: &str, kind: JobKind, hours: i64) -> Job {
    Job {
        kind,
        id: format!("{}-{account}", kind.as_str()),
        account: account.parse().unwrap(),
        region: "eu-west-1".into(),
        state: JobState::Failed,
        message: Some(format!("of {account}")),
        message_category: Some(format!("cause of {account}")),
        resource_type: Some(format!("type of {account}")),
        resource_arn: Some("arn:of-all".into()),
        resource_name: None,
        vault: Some(format!("vault of {account}")),
        vault_arn: Some("arn:vault".into()),
        source_vault_arn: None,
        recovery_point_arn: Some("arn:point".into()),
        created_resource_arn: None,
        role_arn: None,
        plan_id: None,
        plan_name: None,
        rule_id: None,
        rule_name: None,
        policy_made: true,
        planned: Some(true),
        restore_testing_plan: None,
        created_by_job_id: None,
        parent_job_id: None,
        is_parent: false,
        size: None,
        percent: None,
        created_at: NOW - Duration::hours(hours),
        completed_at: Some(NOW),
        start_by: None,
    }
}

/// A failed backup of every account, and a restore elsewhere of that of the innermost.
async fn put_jobs(db: &TestDatabase) {
    let mut jobs: Vec<Job> =
        (1..).zip([DEEP, ALPHA, ZETA, MANAGEMENT, LEFT]).map(|(n, id)| job(id, JobKind::Backup, n)).collect();
    jobs.push(job(ALPHA, JobKind::Restore, 0));
    db.store.upsert_jobs(&jobs, NOW).await.unwrap();
    let mark = store::Watermark {
        read_up_to: Some(NOW),
        read_at: Some(NOW),
        ..store::Watermark::new("eu-west-1", JobKind::Backup)
    };
    db.store.set_watermark(&mark).await.unwrap();
}

fn filter(query: &str) -> JobFilter {
    JobFilter::from_query(query).0
}

fn is_missing<T>(answer: Result<T, PortalError>) -> bool {
    matches!(answer.map(drop).unwrap_err().into_failure().code, FailureCode::NotFound { .. })
}

#[tokio::test]
async fn the_tree_and_its_targets() {
    let House { db: _db, portal, all, part } = &House::new().await;
    let query = TreeQuery { open: format!("{OU},{INNER}"), ..TreeQuery::default() };
    let tree = portal.tree(part, &query).await.unwrap();
    let names: Vec<&str> = tree.rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["Root", "Production", "Inner", "deep", "Zeta"]);
    assert_eq!((tree.accounts, portal.tree(all, &query).await.unwrap().accounts), (2, 4));
    let detail = portal.target(part, &DEEP.parse().unwrap()).await.unwrap();
    assert_eq!(
        detail.ancestors.iter().map(|a| a.name.as_str()).collect::<Vec<_>>(),
        ["Root", "Production", "Inner"]
    );
    assert_eq!(detail.policies.len(), 4, "what is attached on the way applies");
    for outside in [ROOT, OU, ALPHA, MANAGEMENT] {
        assert!(is_missing(portal.target(part, &outside.parse().unwrap()).await), "{outside}");
        assert!(portal.target(all, &outside.parse().unwrap()).await.is_ok());
    }
    let frame = portal.frame(Some(part)).await.unwrap();
    assert!(frame.organization.is_some());
}

#[tokio::test]
async fn the_search_that_jumps_anywhere() {
    let House { db, portal, all, part } = &House::new().await;
    put_jobs(db).await;
    let hits = async |caller: &Caller, text: &str| {
        portal.jump(caller, text).await.unwrap().into_iter().map(|hit| hit.title).collect::<Vec<_>>()
    };
    assert_eq!(hits(part, "deep").await, ["deep"]);
    for (text, found) in
        [("alpha", "alpha"), ("production", "Production"), ("backup-2222", "backup-222222222222")]
    {
        assert_eq!(hits(all, text).await, [found]);
        assert!(hits(part, text).await.is_empty(), "{text}");
    }
    assert_eq!(hits(part, "backup-4444").await, ["backup-444444444444"]);
}

#[tokio::test]
async fn the_figures_of_the_first_page() {
    let House { db, portal, all, part } = &House::new().await;
    put_jobs(db).await;
    let (whole, seen) = (portal.overview(all).await.unwrap(), portal.overview(part).await.unwrap());
    assert_eq!((whole.active_accounts, whole.other_accounts, whole.ous), (4, 0, 2));
    assert_eq!((seen.active_accounts, seen.other_accounts, seen.ous), (2, 0, 1));
    assert_eq!((whole.accounts_without_plan, whole.distinct_policies), (1, 3));
    assert_eq!((seen.accounts_without_plan, seen.distinct_policies), (0, 2));
    let names = |nodes: &[NodeRef]| nodes.iter().map(|node| node.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&seen.invalid_accounts), ["deep", "Zeta"]);
    assert_eq!(names(&whole.invalid_accounts), ["deep", "alpha", "Zeta", "management"]);
    assert_eq!((whole.last_day.unwrap().failed, seen.last_day.unwrap().failed), (6, 2));
    let failed = |days: &[model::overview::DayOfJobs]| days.iter().map(|day| day.failed).sum::<u64>();
    assert_eq!((failed(&whole.days), failed(&seen.days)), (6, 2));
    let causes: Vec<_> = seen.causes.iter().map(|cause| cause.example.as_str()).collect();
    assert_eq!(causes, ["of 333333333333", "of 444444444444"]);
}

#[tokio::test]
async fn effective_policies_and_who_shares_them() {
    let House { db: _db, portal, all, part } = &House::new().await;
    let deep = portal.effective_policy(part, &DEEP.parse().unwrap()).await.unwrap();
    let regions = deep.settings.iter().find(|setting| setting.path.ends_with("regions")).unwrap();
    let decided: Vec<_> = regions.decided_by.iter().map(|decision| decision.at.name.as_str()).collect();
    assert_eq!(decided, ["Production", "Inner"]);
    let shared =
        async |caller| portal.effective_policy(caller, &ZETA.parse().unwrap()).await.unwrap().shared_with;
    assert_eq!((shared(all).await, shared(part).await), (1, 0));
    for outside in [ALPHA, MANAGEMENT] {
        assert!(is_missing(portal.effective_policy(part, &outside.parse().unwrap()).await));
        assert!(is_missing(portal.aws_effective_policy(part, &outside.parse().unwrap()).await));
        assert!(portal.effective_policy(all, &outside.parse().unwrap()).await.is_ok());
    }
    assert!(portal.aws_effective_policy(part, &DEEP.parse().unwrap()).await.is_ok());
}

#[tokio::test]
async fn policies_with_their_targets_and_accounts() {
    let House { db, portal, all, part } = &House::new().await;
    db.store.put_attachment(&"p-bbbbbbbb".parse().unwrap(), &ALPHA.parse().unwrap()).await.unwrap();
    let list = async |caller: &Caller, attached: &str| {
        let query = PolicyQuery { attached: attached.into(), ..PolicyQuery::default() };
        let rows = portal.list_policies(caller, &query).await.unwrap();
        rows.iter().map(|row| (row.targets, row.attached_elsewhere, row.accounts)).collect::<Vec<_>>()
    };
    assert_eq!(list(all, "").await, [(1, false, 3), (3, false, 2), (1, false, 4)]);
    // The first at Production and the last at the root: on the way.
    assert_eq!(list(part, "").await, [(1, false, 2), (2, true, 1), (1, false, 2)]);
    let outside = part.clone().with_scope(Scope::Below(ids(&[MANAGEMENT])));
    assert_eq!(list(&outside, "").await, [(0, true, 0), (0, true, 0), (1, false, 1)]);
    assert!(list(&outside, "unattached").await.is_empty(), "not seen is not unattached");
    let detail = portal.policy(part, &"p-bbbbbbbb".parse().unwrap()).await.unwrap();
    let targets: Vec<_> = detail.targets.iter().map(|t| (t.node.name.as_str(), t.accounts)).collect();
    assert_eq!((targets, detail.accounts), (vec![("Inner", 1), ("deep", 1)], 1));
    assert!(detail.attached_elsewhere);
    let at_ou = portal.policy(part, &"p-aaaaaaaa".parse().unwrap()).await.unwrap();
    assert_eq!((at_ou.targets[0].node.name.as_str(), at_ou.targets[0].accounts), ("Production", 2));
}

#[tokio::test]
async fn jobs_with_their_counts_and_choices() {
    let House { db, portal, all, part } = &House::new().await;
    put_jobs(db).await;
    let listed = async |caller: &Caller, query: &str| {
        let list = portal.jobs(caller, &filter(query)).await.unwrap();
        let counted: u64 = list.by_state.iter().map(|(_, total)| total.count).sum();
        assert_eq!(counted, list.page.rows.len() as u64, "{query}");
        list.page.rows.iter().map(|row| row.account_name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(listed(all, "").await, ["alpha", "deep", "alpha", "Zeta", "management", ""]);
    assert_eq!(listed(part, "").await, ["deep", "Zeta"]);
    assert_eq!(listed(part, &format!("ou={OU}")).await, ["deep", "Zeta"]);
    assert_eq!(listed(part, &format!("ou={INNER}")).await, ["deep"]);
    assert_eq!(listed(all, &format!("ou={ROOT}")).await.len(), 5, "who left belongs to no OU");
    assert_eq!(listed(all, &format!("account={LEFT}")).await, [""]);
    for outside in [ALPHA, LEFT] {
        let list = portal.jobs(part, &filter(&format!("account={outside}"))).await.unwrap();
        assert!(list.page.rows.is_empty() && list.names.is_empty(), "{outside}");
    }
    let choices = portal.jobs(part, &JobFilter::default()).await.unwrap().choices;
    assert_eq!((choices.ous.len(), choices.accounts), (1, 2));
    assert_eq!(choices.ous[0].1, "Production / Inner");
    assert_eq!(choices.resource_types, ["type of 333333333333", "type of 444444444444"]);
    assert_eq!(choices.vaults, ["vault of 333333333333", "vault of 444444444444"]);
    assert_eq!(choices.causes, ["cause of 333333333333", "cause of 444444444444"]);
}

#[tokio::test]
async fn one_job_with_those_that_belong_to_it() {
    let House { db, portal, all, part } = &House::new().await;
    put_jobs(db).await;
    let related = async |caller: &Caller| {
        let job = portal.job(caller, JobKind::Backup, "backup-444444444444").await.unwrap();
        job.related.iter().map(|row| row.id.clone()).collect::<Vec<_>>()
    };
    assert_eq!(related(all).await, ["restore-222222222222"]);
    assert!(related(part).await.is_empty());
    for outside in [ALPHA, MANAGEMENT, LEFT] {
        let id = format!("backup-{outside}");
        assert!(is_missing(portal.job(part, JobKind::Backup, &id).await), "{outside}");
        assert!(portal.job(all, JobKind::Backup, &id).await.is_ok());
    }
}

#[tokio::test]
async fn settings_with_what_they_count_and_exports() {
    let House { db, portal, all, part } = &House::new().await;
    let settings = async |caller: &Caller| {
        let settings = portal.settings(caller).await.unwrap();
        (settings.attachments.len(), settings.other_accounts, settings.missing)
    };
    let attachment = |target: &str| ExportedAttachment {
        target: NodeRef { id: target.parse().unwrap(), name: target.into() },
        policy: PolicyRef { id: "p-aaaaaaaa".parse().unwrap(), name: "P".into() },
    };
    let exported = [OU, DEEP, ALPHA, LEFT].map(attachment);
    let id = db.store.add_attachment_export("ada@example.com", &exported, NOW).await.unwrap();
    assert_eq!(settings(all).await, (4, 3, 2));
    assert_eq!(settings(part).await, (4, 2, 1));
    let rows = async |caller: &Caller| {
        let view = portal.exported_attachments(caller, id).await.unwrap();
        view.rows.iter().map(|(a, standing)| (a.target.name.clone(), *standing)).collect::<Vec<_>>()
    };
    use model::settings::export::Standing::{Attached, Missing, TargetGone};
    let of = |name: &str, standing| (name.to_owned(), standing);
    assert_eq!(rows(part).await, [of(OU, Attached), of(DEEP, Missing)]);
    let whole = [of(OU, Attached), of(DEEP, Missing), of(ALPHA, Missing), of(LEFT, TargetGone)];
    assert_eq!(rows(all).await, whole);
}
