//! The main job, from sign-in to the audit list, against the real database and the simulator over HTTP.

#![recursion_limit = "256"]
#![expect(clippy::unwrap_used, reason = "a test fails where something is not as it must be")]

#[path = "house/house.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod house;

use house::{EMAIL, House, PASSWORD, SESSION};
use model::{
    AccountId, FailureCode, JobFilter, JobKind, Role, TargetId, TargetKind,
    audit::{AuditAction, AuditFilter, AuditOutcome},
    change::{ChangeState, StepState},
    event::{EventFilter, EventKind},
    organization::{AwsEffective, TreeQuery},
    permissions::{Feature, PermissionState},
    policies::{PolicyDraft, PolicyQuery, fingerprint},
    settings::Setting,
};
use portal::{Entry, Origin, SignInRefusal, Visitor};
use store::SyncPart;

const PLAN: &str = r#"{"plans":{"extra":{"regions":{"@@assign":["eu-west-1"]},"rules":{"nightly":{"schedule_expression":{"@@assign":"cron(0 3 ? * * *)"},"target_backup_vault_name":{"@@assign":"Default"},"lifecycle":{"delete_after_days":{"@@assign":"35"}}}},"selections":{"tags":{"tagged":{"iam_role_arn":{"@@assign":"arn:aws:iam::$account:role/BackupRole"},"tag_key":{"@@assign":"backup"},"tag_value":{"@@assign":["yes"]}}}}}}}"#;

fn draft(name: &str) -> PolicyDraft {
    PolicyDraft { name: name.into(), description: String::new(), content: PLAN.into() }
}

#[tokio::test]
async fn a_wrong_password_says_so_without_saying_which_part() {
    let house = House::empty().await;
    assert_eq!(
        house.portal.sign_in(&EMAIL.to_uppercase(), PASSWORD, "192.0.2.1").await.unwrap(),
        Entry::In(house.admin.clone())
    );
    let wrong = house.portal.sign_in(EMAIL, "not the password", "192.0.2.1").await.unwrap_err();
    let unknown = house.portal.sign_in("nobody@example.com", PASSWORD, "192.0.2.1").await.unwrap_err();
    assert_eq!(wrong.to_string(), unknown.to_string());
    assert!(matches!(wrong, SignInRefusal::Credentials));
}

#[tokio::test]
async fn what_is_typed_for_an_unknown_name_is_kept_nowhere_and_a_known_name_is() {
    let house = House::empty().await;
    let (typed, from) = ("hunter2 is my password", "192.0.2.1");
    house.portal.sign_in(typed, "x", from).await.unwrap_err();
    house.portal.sign_in(EMAIL, "wrong", from).await.unwrap_err();
    house.portal.sign_in(EMAIL, "wrong", from).await.unwrap_err();
    let filter = AuditFilter { action: "sign_in_refused".into(), ..AuditFilter::default() };
    let rows = house.portal.audit(&house.admin, &filter).await.unwrap().rows;
    let told: Vec<_> = rows.iter().map(|row| (row.actor.as_str(), row.detail.words())).collect();
    assert_eq!(told, [(EMAIL, "And 1 more in the same hour.".into()), ("(no such account)", String::new())]);
}

#[tokio::test]
async fn an_address_that_fails_too_often_has_to_wait_and_others_need_not() {
    let house = House::empty().await;
    for n in 0..20 {
        house.portal.sign_in(&format!("{n}@example.com"), "wrong", "192.0.2.9").await.unwrap_err();
    }
    let same = house.portal.sign_in(EMAIL, PASSWORD, "192.0.2.9").await;
    assert!(matches!(same, Err(SignInRefusal::Limited)));
    assert!(house.portal.sign_in(EMAIL, PASSWORD, "192.0.2.10").await.is_ok());
}

/// A browser with this secret, at an address.
fn from<'a>(address: &'a str, browser: &'a str) -> Visitor<'a> {
    Visitor { address, browser: Some(browser) }
}

#[tokio::test]
async fn nobody_who_fails_in_the_owners_name_keeps_the_owners_browser_out() {
    let house = House::empty().await;
    let known = house.portal.remember_browser(&house.admin, None).await.unwrap();
    let mut judged = 0;
    for n in 0..60 {
        let address = format!("192.0.2.{}", n % 3);
        judged += u32::from(matches!(
            house.portal.sign_in(EMAIL, "wrong", from(&address, "made up")).await,
            Err(SignInRefusal::Credentials)
        ));
    }
    assert_eq!(judged, 50, "strangers, together");
    let stranger = house.portal.sign_in(EMAIL, PASSWORD, "192.0.2.77").await;
    assert!(matches!(stranger, Err(SignInRefusal::Limited)));
    assert!(house.portal.sign_in(EMAIL, PASSWORD, from("192.0.2.77", &known)).await.is_ok());
}

#[tokio::test]
async fn a_stolen_browser_guesses_no_more_than_ten_times_and_for_no_other_account() {
    let house = House::empty().await;
    let known = house.portal.remember_browser(&house.admin, None).await.unwrap();
    let mut judged = 0;
    for n in 0..15 {
        let address = format!("198.51.100.{n}");
        let refused = house.portal.sign_in(EMAIL, "wrong", from(&address, &known)).await;
        judged += u32::from(matches!(refused, Err(SignInRefusal::Credentials)));
    }
    assert_eq!(judged, 10);
    assert!(
        house.portal.sign_in(EMAIL, PASSWORD, "198.51.100.77").await.is_ok(),
        "the account is not locked"
    );
    let other = house.person(Role::Viewer).await;
    let theirs = house.portal.remember_browser(&other, None).await.unwrap();
    for n in 0..50 {
        let address = format!("203.0.113.{n}");
        house.portal.sign_in(EMAIL, "wrong", from(&address, &theirs)).await.unwrap_err();
    }
    let limited = house.portal.sign_in(EMAIL, PASSWORD, from("203.0.113.77", &theirs)).await;
    assert!(matches!(limited, Err(SignInRefusal::Limited)), "a browser of somebody else is a stranger's");
}

#[tokio::test]
async fn the_limit_of_an_address_holds_for_known_browsers_too_and_good_sign_ins_do_not_count() {
    let house = House::empty().await;
    let known = house.portal.remember_browser(&house.admin, None).await.unwrap();
    for _ in 0..25 {
        house.portal.sign_in(EMAIL, PASSWORD, "192.0.2.9").await.unwrap();
    }
    for n in 0..20 {
        house.portal.sign_in(&format!("{n}@example.com"), "wrong", "192.0.2.9").await.unwrap_err();
    }
    let limited = house.portal.sign_in(EMAIL, PASSWORD, from("192.0.2.9", &known)).await;
    assert!(matches!(limited, Err(SignInRefusal::Limited)));
}

#[tokio::test]
async fn what_can_be_no_address_counts_as_any_other() {
    let house = House::empty().await;
    let long = "a".repeat(300);
    for typed in ["a\0@example.com", "a\n@example.com", &long] {
        let refused = house.portal.sign_in(typed, "wrong", "192.0.2.9").await;
        assert!(matches!(refused, Err(SignInRefusal::Credentials)), "{typed:?}: {refused:?}");
    }
    for _ in 0..17 {
        house.portal.sign_in("a\0@example.com", "wrong", "192.0.2.9").await.unwrap_err();
    }
    let limited = house.portal.sign_in(EMAIL, PASSWORD, "192.0.2.9").await;
    assert!(matches!(limited, Err(SignInRefusal::Limited)));
}

#[tokio::test]
async fn the_first_administrator_is_made_once() {
    let house = House::empty().await;
    assert_eq!(house.portal.welcome_token().await.unwrap(), None);
}

#[tokio::test]
async fn a_disabled_person_is_nobody_at_once() {
    let house = House::empty().await;
    let viewer = house.person(Role::Viewer).await;
    house.portal.set_person_disabled(&house.admin, viewer.user_id(), true).await.unwrap();
    let now = house.portal.caller(viewer.user_id(), Origin::default(), Some(house::NOW)).await.unwrap();
    assert_eq!(now, None);
}

#[tokio::test]
async fn the_organization_is_read_and_shown_as_a_tree() {
    let house = House::with_organization().await;
    let tree = house.portal.tree(&house.admin, &TreeQuery::default()).await.unwrap();
    assert_eq!((tree.accounts, tree.ous), (250, 24));
    assert_eq!(tree.rows[0].id.kind(), TargetKind::Root);
    let frame = house.portal.frame(Some(&house.admin)).await.unwrap();
    assert!(frame.organization.is_some() && frame.freshness.organization_at.is_some() && frame.simulated);
    let nobody = house.portal.frame(None).await.unwrap();
    assert!(nobody.organization.is_none() && nobody.simulated);
}

#[tokio::test]
async fn before_the_first_import_pages_are_empty_and_say_so() {
    let house = House::empty().await;
    let tree = house.portal.tree(&house.admin, &TreeQuery::default()).await.unwrap();
    assert!(tree.rows.is_empty());
    let overview = house.portal.overview(&house.admin).await.unwrap();
    assert!(!overview.organization_read && overview.last_day.is_none() && overview.days.is_empty());
}

#[tokio::test]
async fn our_effective_policy_is_what_aws_answers_for_every_account() {
    let house = House::with_organization().await;
    let mut compared = 0;
    for id in &accounts(&house).await {
        let ours = house.portal.effective_policy(&house.admin, &id.account().unwrap()).await.unwrap();
        match house.portal.aws_effective_policy(&house.admin, &id.account().unwrap()).await.unwrap() {
            AwsEffective::Same { .. } => compared += 1,
            AwsEffective::Differs { because_invalid, .. } => {
                assert!(because_invalid && !ours.problems.is_empty(), "{id}")
            }
            other => panic!("{id}: {other:?}"),
        }
        assert_eq!(ours.settings.is_empty(), ours.content == "{}", "{id}");
        assert!(ours.settings.iter().all(|s| !s.decided_by.is_empty() || s.values.is_empty()), "{id}");
    }
    assert!(compared > 200, "{compared}");
}

/// The filter that a query string is.
fn filter(query: &str) -> JobFilter {
    let (filter, problems) = JobFilter::from_query(query);
    assert!(problems.is_empty(), "{query}: {problems:?}");
    filter
}

async fn all_ids(house: &House) -> Vec<TargetId> {
    let query = TreeQuery { q: "@".into(), ..TreeQuery::default() };
    let tree = house.portal.tree(&house.admin, &query).await.unwrap();
    tree.rows.into_iter().map(|r| r.id).collect()
}

async fn accounts(house: &House) -> Vec<TargetId> {
    all_ids(house).await.into_iter().filter(|id| id.kind() == TargetKind::Account).collect()
}

#[tokio::test]
async fn a_policy_is_created_attached_seen_in_force_detached_and_deleted() {
    let house = House::with_organization().await;
    let (portal, admin) = (&house.portal, &house.admin);
    let id = portal.create_policy(admin, draft("Extra nightly")).await.unwrap();
    let listed = portal
        .list_policies(admin, &PolicyQuery { q: "extra".into(), ..PolicyQuery::default() })
        .await
        .unwrap();
    assert_eq!(listed.iter().map(|p| (&p.id, p.targets, p.accounts)).collect::<Vec<_>>(), [(&id, 0, 0)]);

    let accounts = &accounts(&house).await[..2];
    let change = portal.attach_policy(admin, &id, accounts).await.unwrap();
    assert_eq!((change.state, change.count(StepState::Done)), (ChangeState::Done, 2), "{change:?}");
    let detail = portal.policy(admin, &id).await.unwrap();
    assert_eq!((detail.targets.len(), detail.accounts), (2, 2));

    let effective = portal.effective_policy(admin, &accounts[0].account().unwrap()).await.unwrap();
    assert!(effective.settings.iter().any(|s| s.plan == "extra" && s.decided_by[0].policy.id == id));
    let aws = portal.aws_effective_policy(admin, &accounts[0].account().unwrap()).await.unwrap();
    assert!(matches!(aws, AwsEffective::Same { .. }), "{aws:?}");

    let attached = portal.delete_policy(admin, &id).await.unwrap_err().into_failure();
    assert!(matches!(attached.code, FailureCode::Conflict { .. }), "{attached:?}");
    portal.detach_policy(admin, &id, accounts).await.unwrap();
    portal.delete_policy(admin, &id).await.unwrap();
    assert_eq!(portal.policy(admin, &id).await.unwrap_err().into_failure().status(), 404);

    let audit = portal.audit(admin, &AuditFilter::default()).await.unwrap();
    let done: Vec<_> = audit
        .rows
        .iter()
        .rev()
        .map(|e| e.action)
        .filter(|a| *a != AuditAction::FirstAdministratorCreated)
        .collect();
    assert_eq!(
        done,
        [
            AuditAction::PolicyCreated,
            AuditAction::PolicyAttached,
            AuditAction::PolicyAttached,
            AuditAction::PolicyDeleted,
            AuditAction::PolicyDetached,
            AuditAction::PolicyDetached,
            AuditAction::PolicyDeleted,
        ]
    );
    let failed: Vec<_> = audit.rows.iter().filter(|e| e.outcome == AuditOutcome::Failed).collect();
    assert_eq!(failed.len(), 1);
    assert!(!audit.rows[0].request_ids.is_empty() && audit.rows[0].actor == EMAIL);
}

#[tokio::test]
async fn attaching_reports_each_target_and_attaching_twice_is_no_failure() {
    let house = House::with_organization().await;
    let (portal, admin) = (&house.portal, &house.admin);
    let id = portal.create_policy(admin, draft("Twice")).await.unwrap();
    let account = accounts(&house).await.remove(0);
    let targets = [account.clone(), "ou-zzzz-99999999".parse().unwrap(), account.clone()];
    let change = portal.attach_policy(admin, &id, &targets).await.unwrap();
    let steps: Vec<_> = change.steps.iter().map(|step| (step.state, step.failure.is_some())).collect();
    assert_eq!(steps, [(StepState::Done, false), (StepState::Failed, true)]);
    let again = portal.attach_policy(admin, &id, std::slice::from_ref(&account)).await.unwrap();
    assert_eq!((again.state, &again.steps[0].failure), (ChangeState::Done, &None));
    assert_eq!(portal.policy(admin, &id).await.unwrap().targets.len(), 1);
}

#[tokio::test]
async fn a_policy_changed_by_somebody_else_is_shown_and_not_overwritten() {
    let house = House::with_organization().await;
    let (portal, admin) = (&house.portal, &house.admin);
    let id = portal.create_policy(admin, draft("Shared")).await.unwrap();
    let opened = portal.policy(admin, &id).await.unwrap().fingerprint();
    // Somebody changes it in AWS, past Holdfast.
    house.aws.update_policy(&id, "Shared", "theirs", PLAN).await.unwrap();
    let mine = PolicyDraft { description: "mine".into(), ..draft("Shared") };
    let failure = portal.update_policy(admin, &id, &opened, mine.clone()).await.unwrap_err().into_failure();
    let FailureCode::Stale { current } = failure.code else { panic!("{failure:?}") };
    assert_eq!(current.description, "theirs");
    assert_eq!(house.aws.describe_policy(&id).await.unwrap().description, "theirs");
    let told = async || portal.events(admin, &EventFilter::default()).await.unwrap().rows;
    let events = told().await;
    let [event] = &events[..] else { panic!("{events:?}") };
    assert_eq!((event.kind, event.after.as_deref()), (EventKind::PolicyDescribed, Some("theirs")));
    let saved = portal.update_policy(admin, &id, &current.fingerprint(), mine).await.unwrap();
    assert_eq!(saved.description, "mine");
    assert_eq!(told().await.len(), 1, "one's own change is none");
}

#[tokio::test]
async fn a_policy_that_was_not_read_yet_is_not_shown_as_attached_nowhere() {
    let house = House::with_organization().await;
    let (portal, admin) = (&house.portal, &house.admin);
    let made = house.aws.create_policy("Theirs", "", PLAN).await.unwrap().value;
    let root = all_ids(&house).await.into_iter().find(|id| id.kind() == TargetKind::Root).unwrap();
    house.aws.attach_policy(&made.id, &root).await.unwrap();
    let opened = fingerprint(&made.name, &made.description, &made.content);
    let refused = portal.update_policy(admin, &made.id, &opened, draft("Ours")).await;
    assert!(matches!(refused.unwrap_err().into_failure().code, FailureCode::NotFound { .. }));
    assert!(portal.policy(admin, &made.id).await.is_err());
    assert_eq!(house.aws.describe_policy(&made.id).await.unwrap().name, "Theirs");
}

#[tokio::test]
async fn a_document_that_aws_would_refuse_never_reaches_aws() {
    let house = House::with_organization().await;
    let before = house.simulator.calls().get("organizations:CreatePolicy").copied();
    for content in ["{", r#"{"plans":{"p":{"unknown":{}}}}"#, r#"{"plans":{},"plans":{}}"#] {
        let bad = PolicyDraft { content: content.into(), ..draft("Bad") };
        let failure = house.portal.create_policy(&house.admin, bad).await.unwrap_err().into_failure();
        let FailureCode::InvalidDocument { problems } = failure.code else { panic!("{failure:?}") };
        assert!(problems.iter().all(|p| p.line >= 1 && !p.help.is_empty()), "{problems:?}");
    }
    let long =
        PolicyDraft { name: "n".repeat(129), description: "d".repeat(513), content: " ".repeat(10_001) };
    let failure = house.portal.create_policy(&house.admin, long).await.unwrap_err().into_failure();
    assert!(["name", "description", "content"].iter().all(|f| failure.field(f).is_some()), "{failure:?}");
    assert_eq!(house.simulator.calls().get("organizations:CreatePolicy").copied(), before);
}

#[tokio::test]
async fn a_taken_name_is_said_at_the_name() {
    let house = House::with_organization().await;
    house.portal.create_policy(&house.admin, draft("Taken")).await.unwrap();
    let failure = house.portal.create_policy(&house.admin, draft("Taken")).await.unwrap_err().into_failure();
    assert!(failure.field("name").is_some(), "{failure:?}");
}

#[tokio::test]
async fn jobs_are_filtered_by_every_condition_and_paged_by_cursor() {
    let house = House::with_jobs().await;
    let (portal, admin) = (&house.portal, &house.admin);
    let all = portal.jobs(admin, &filter("")).await.unwrap();
    assert!(all.page.total.count > 1_000 && all.page.rows.len() == 50, "{:?}", all.page.total);
    assert!(all.page.rows.windows(2).all(|w| w[0].created_at >= w[1].created_at));
    let next =
        portal.jobs(admin, &filter(&format!("cursor={}", all.page.next.clone().unwrap()))).await.unwrap();
    assert!(next.page.rows[0].created_at <= all.page.rows[49].created_at);
    let back = portal.jobs(admin, &filter(&format!("cursor={}", next.page.previous.unwrap()))).await.unwrap();
    assert_eq!(back.page.rows, all.page.rows);

    let one = all.page.rows[0].clone();
    let query = format!(
        "kind={}&state={}&account={}&region={}&type={}&policy={}&id={}&from=30d",
        one.kind.as_str(),
        one.state.as_str(),
        one.account,
        one.region,
        model::paths::encode(one.resource_type.as_deref().unwrap_or("")),
        if one.policy_made { "yes" } else { "no" },
        one.id
    );
    let found = portal.jobs(admin, &filter(&query)).await.unwrap();
    assert_eq!(found.page.rows, std::slice::from_ref(&one));
    let detail = portal.job(admin, one.kind, &one.id).await.unwrap();
    assert_eq!((&detail.job.id, &detail.account_name), (&one.id, &one.account_name));

    for (state, total) in &all.by_state {
        let narrowed = portal.jobs(admin, &filter(&format!("state={}", state.as_str()))).await.unwrap();
        assert_eq!(narrowed.page.total.count, total.count, "{state:?}");
        assert!(narrowed.page.rows.iter().all(|r| r.state == *state));
    }
    for kind in JobKind::ALL {
        assert!(
            portal.jobs(admin, &filter(&format!("kind={}", kind.as_str()))).await.unwrap().page.total.count
                > 0,
            "{kind:?}"
        );
    }
    jobs_below_an_ou_are_those_of_its_accounts(&house).await;
}

#[tokio::test]
async fn a_plan_that_one_job_names_is_named_for_all_of_its_jobs() {
    let house = House::with_organization().await;
    let (portal, admin) = (&house.portal, &house.admin);
    let account = accounts(&house).await[0].account().unwrap();
    let by_ids = |id: &str| model::job::Job {
        id: id.into(),
        account: account.clone(),
        plan_id: Some("orgs/4232272a-ed54".into()),
        rule_id: Some("r-1".into()),
        policy_made: true,
        planned: Some(true),
        ..house::job()
    };
    let (plan_name, rule_name) = (Some("daily".to_owned()), Some("nightly".to_owned()));
    let named = model::job::Job { plan_name, rule_name, ..by_ids("job-named") };
    let other_rule = model::job::Job { rule_id: Some("r-2".into()), ..by_ids("job-other-rule") };
    let elsewhere = model::job::Job { region: house::REGIONS[1].into(), ..by_ids("job-elsewhere") };
    let jobs = [by_ids("job-by-ids"), named, other_rule, elsewhere];
    house.database.store.upsert_jobs(&jobs, house::NOW).await.unwrap();
    let told =
        |plan: Option<String>, rule: Option<String>| (plan.unwrap_or_default(), rule.unwrap_or_default());
    let rows = portal.jobs(admin, &filter("")).await.unwrap().page.rows;
    for (id, plan, rule, elsewhere) in [
        ("job-by-ids", "daily", "nightly", true),
        ("job-named", "daily", "nightly", false),
        ("job-other-rule", "daily", "", true),
        ("job-elsewhere", "", "", false),
    ] {
        let row = rows.iter().find(|row| row.id == id).unwrap().clone();
        assert_eq!(told(row.plan_name, row.rule_name), (plan.into(), rule.into()), "{id}");
        let detail = portal.job(admin, JobKind::Backup, id).await.unwrap();
        assert_eq!(detail.named_elsewhere, elsewhere, "{id}");
        assert_eq!(told(detail.job.plan_name, detail.job.rule_name), (plan.into(), rule.into()), "{id}");
    }
}

#[tokio::test]
async fn a_figure_of_the_last_day_and_the_list_behind_it_have_the_same_jobs_also_later() {
    use model::JobState::{self, Completed, Expired, Failed, Running};
    let house = House::with_organization().await;
    let account = accounts(&house).await[0].account().unwrap();
    let (second, day) = (time::Duration::SECOND, time::Duration::DAY);
    let made = [
        ("ahead", Failed, house::NOW + 2 * second),
        ("this-instant", Failed, house::NOW),
        ("now", Completed, house::NOW - second),
        ("open", Running, house::NOW - second),
        ("first", Expired, house::NOW + second - day),
        ("before", Failed, house::NOW - day),
    ];
    let jobs = made.map(|(id, state, created_at)| model::job::Job {
        id: id.into(),
        account: account.clone(),
        state,
        created_at,
        ..house::job()
    });
    house.database.store.upsert_jobs(&jobs, house::NOW).await.unwrap();
    let mark = store::Watermark {
        read_at: Some(house::NOW),
        ..store::Watermark::new(house::REGIONS[0], JobKind::Backup)
    };
    house.database.store.set_watermark(&mark).await.unwrap();
    let overview = house.portal.overview(&house.admin).await.unwrap();
    let figure = overview.last_day.clone().unwrap();
    assert_eq!((figure.completed, figure.with_issues, figure.failed), (1, 0, 2));
    let (later, _) = house.behind_proxy(|| house::NOW + time::Duration::HOUR).await;
    for portal in [&house.portal, &later] {
        let listed = async |holds: fn(JobState) -> bool| {
            let address = overview.last_day_jobs(holds).to_query();
            let mut ids: Vec<_> = portal
                .jobs(&house.admin, &filter(&address))
                .await
                .unwrap()
                .page
                .rows
                .into_iter()
                .map(|r| r.id)
                .collect();
            ids.sort();
            ids
        };
        assert_eq!(listed(JobState::is_failed).await, ["first", "this-instant"]);
        assert_eq!(listed(JobState::is_final).await, ["first", "now", "this-instant"]);
    }
}

#[tokio::test]
async fn a_job_is_found_by_its_id_as_aws_writes_it_and_as_people_type_it() {
    let house = House::with_organization().await;
    let (portal, admin) = (&house.portal, &house.admin);
    let job = model::job::Job { id: "8F2C1A9B-77AA-41D5-9C1E-0D9E5B7A6C3F".into(), ..house::job() };
    house.database.store.upsert_jobs(std::slice::from_ref(&job), house::NOW).await.unwrap();
    for typed in [job.id.as_str(), &job.id.to_lowercase(), "8F2C1A9B", " 8f2c1a9B-77 "] {
        let hits = portal.jump(admin, typed).await.unwrap();
        let found: Vec<_> = hits.iter().map(|hit| (hit.title.as_str(), hit.href.clone())).collect();
        assert_eq!(found, [(job.id.as_str(), model::paths::job(job.kind, &job.id))], "{typed}");
        let list = portal.jobs(admin, &filter(&format!("id={}", typed.trim()))).await.unwrap();
        assert_eq!(list.page.rows.iter().map(|row| &row.id).collect::<Vec<_>>(), [&job.id], "{typed}");
    }
}

async fn jobs_below_an_ou_are_those_of_its_accounts(house: &House) {
    let (portal, admin) = (&house.portal, &house.admin);
    let tree = portal.tree(admin, &TreeQuery::default()).await.unwrap();
    let ou = tree.rows.iter().find(|r| r.id.kind() == TargetKind::Ou && r.accounts_below > 0).unwrap();
    let found = portal.jobs(admin, &filter(&format!("ou={}&size=200", ou.id))).await.unwrap();
    assert!(!found.page.rows.is_empty());
    for row in &found.page.rows {
        let detail = portal.target(admin, &row.account.clone().into()).await.unwrap();
        assert!(detail.ancestors.iter().any(|a| a.id == ou.id), "{}", row.account);
    }
    assert_eq!(found.names, [(ou.id.to_string(), ou.name.clone())]);
}

#[tokio::test]
async fn what_there_is_not_is_not_found() {
    let house = House::with_organization().await;
    let (portal, admin) = (&house.portal, &house.admin);
    let nobody: AccountId = "999999999999".parse().unwrap();
    for failure in [
        portal.target(admin, &nobody.clone().into()).await.map(drop).unwrap_err(),
        portal.policy(admin, &"p-nothere1".parse().unwrap()).await.map(drop).unwrap_err(),
        portal.job(admin, JobKind::Backup, "no-such-job").await.map(drop).unwrap_err(),
        portal.effective_policy(admin, &nobody).await.map(drop).unwrap_err(),
        portal.aws_effective_policy(admin, &nobody).await.map(drop).unwrap_err(),
    ] {
        assert_eq!(failure.into_failure().status(), 404);
    }
}

#[tokio::test]
async fn a_policy_that_others_detach_again_and_again_says_where() {
    let house = House::with_organization().await;
    let (portal, admin) = (&house.portal, &house.admin);
    let id = portal.create_policy(admin, draft("Looked after elsewhere")).await.unwrap();
    let target = &accounts(&house).await[0];
    for round in 0..2 {
        portal.attach_policy(admin, &id, std::slice::from_ref(target)).await.unwrap();
        house.read(SyncPart::Organization).await;
        assert!(portal.policy(admin, &id).await.unwrap().undone.is_empty(), "after {round} times");
        house.aws.detach_policy(&id, target).await.unwrap();
        house.read(SyncPart::Organization).await;
    }
    let undone = portal.policy(admin, &id).await.unwrap().undone;
    assert_eq!(undone.iter().map(|node| &node.id).collect::<Vec<_>>(), [target]);
    // What the portal itself detaches is nobody else's doing.
    let other = portal.create_policy(admin, draft("Ours")).await.unwrap();
    for _ in 0..2 {
        portal.attach_policy(admin, &other, std::slice::from_ref(target)).await.unwrap();
        portal.detach_policy(admin, &other, std::slice::from_ref(target)).await.unwrap();
        house.read(SyncPart::Organization).await;
    }
    assert!(portal.policy(admin, &other).await.unwrap().undone.is_empty());
}

#[tokio::test]
async fn aws_bad_days_become_failures_with_a_next_step() {
    let house = House::with_organization().await;
    let (portal, admin) = (&house.portal, &house.admin);
    house.fault("deny", "CreatePolicy").await;
    let create = async { portal.create_policy(admin, draft("Denied")).await.unwrap_err().into_failure() };
    let denied = portal::incident::within("a1b2", create).await;
    assert!(denied.explain().text.contains("organizations:CreatePolicy"), "{}", denied.explain().text);
    assert_eq!(denied.incident.as_deref(), Some("a1b2"));
    house.fault("throttle", "AttachPolicy").await;
    let account = accounts(&house).await.remove(0);
    let policy = portal.list_policies(admin, &PolicyQuery::default()).await.unwrap().remove(0).id;
    let change = portal.attach_policy(admin, &policy, std::slice::from_ref(&account)).await.unwrap();
    let failure = change.steps[0].failure.clone().unwrap();
    assert!(matches!(failure.code, FailureCode::AwsThrottled { .. }), "{failure:?}");
    house.fault("stall", "DescribeEffectivePolicy").await;
    let effective = portal.effective_policy(admin, &account.account().unwrap()).await.unwrap();
    assert!(!effective.content.is_empty());
    let aws = portal.aws_effective_policy(admin, &account.account().unwrap()).await.unwrap();
    assert!(matches!(aws, AwsEffective::Failed { .. }), "{aws:?}");
}

#[tokio::test]
async fn what_a_person_changes_is_signed_in_their_name_and_what_is_read_in_the_portals() {
    let house = House::with_organization().await;
    let (portal, author) = (&house.portal, &house.person(Role::PolicyAuthor).await);
    let id = portal.create_policy(author, draft("Extra nightly")).await.unwrap();
    let opened = portal.policy(author, &id).await.unwrap();
    let opened = model::policies::fingerprint(&opened.name, &opened.description, &opened.content);
    portal.update_policy(author, &id, &opened, draft("Renamed")).await.unwrap();
    let targets = &all_ids(&house).await[..1];
    portal.attach_policy(author, &id, targets).await.unwrap();
    portal.detach_policy(author, &id, targets).await.unwrap();
    portal.delete_policy(&house.admin, &id).await.unwrap();
    portal.change_setting(&house.admin, Setting::CrossAccountBackup, false, "", "").await.unwrap();

    let sessions = house.simulator.sessions();
    let calls_of = |session: &str| sessions[session].keys().map(String::as_str).collect::<Vec<_>>();
    let of_author = ["AttachPolicy", "CreatePolicy", "DetachPolicy", "UpdatePolicy"];
    assert_eq!(calls_of("policy_author@example.com"), of_author.map(|name| format!("organizations:{name}")));
    assert_eq!(calls_of(EMAIL), ["backup:UpdateGlobalSettings", "organizations:DeletePolicy"]);
    assert_eq!(sessions.len(), 3, "{sessions:?}");
    for operation in aws::operations().iter().filter(|operation| !operation.read) {
        assert_eq!(sessions[SESSION].get(operation.action), None, "{}", operation.action);
    }
}

#[tokio::test]
async fn what_aws_denies_the_portal_is_listed_by_feature_with_the_policy_that_allows_it() {
    let house = House::empty().await;
    house.fault("deny", "ListCopyJobs").await;
    let viewer = house.person(Role::Viewer).await;
    let found = house.portal.permissions(&viewer, false).await.unwrap();
    let row = |feature| found.rows.iter().find(|row| row.feature == feature).unwrap();
    let jobs = row(Feature::ReadJobs);
    assert_eq!((&jobs.state, jobs.missing.len()), (&PermissionState::Denied, house::REGIONS.len()));
    assert!(jobs.missing.iter().all(|m| m.action == "backup:ListCopyJobs" && m.region.is_some()));
    assert_eq!(row(Feature::ReadOrganization).state, PermissionState::Allowed);
    let PermissionState::NotChecked { reason } = &row(Feature::WritePolicies).state else {
        panic!("{found:?}")
    };
    assert!(reason.contains("changes something"), "{reason}");
    assert!(found.policy.contains("backup:ListCopyJobs"));
    let to_add = found.to_add.as_deref().unwrap();
    assert!(to_add.contains("backup:ListCopyJobs") && !to_add.contains("CreatePolicy"), "{to_add}");
    let calls = house.simulator.calls();
    house.portal.permissions(&viewer, true).await.unwrap();
    assert_eq!(house.simulator.calls(), calls, "what was asked a moment ago is not asked again");
}
