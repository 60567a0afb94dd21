//! The gateway against the simulator, over real HTTP.

#![allow(clippy::unwrap_used)]

use std::{sync::Arc, time::Instant};

use aws::{
    Aws, AwsErrorKind, GlobalSetting, HandshakeState, JobsAfter, Options, Page, PermissionOutcome,
    PolicyTypeStatus, Rates,
};
use model::{JobKind, TargetId, TargetKind};
use simulator::Simulator;
use time::{Duration, OffsetDateTime, macros::datetime};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const START: OffsetDateTime = datetime!(2026-11-20 12:00 UTC);
const DOCUMENT: &str = r#"{"plans":{"daily":{"regions":{"@@assign":["eu-west-1"]},"rules":{"nightly":{
    "schedule_expression":{"@@assign":"cron(0 2 * * ? *)"},"target_backup_vault_name":{"@@assign":"Default"}}},
    "selections":{"tags":{"all":{"iam_role_arn":{"@@assign":"arn:aws:iam::$account:role/Backup"},
    "tag_key":{"@@assign":"backup"},"tag_value":{"@@assign":["yes"]}}}}}}}"#;

async fn start(rates: simulator::Rates) -> (Simulator, String) {
    let begun = Instant::now();
    let clock = move || START + Duration::try_from(begun.elapsed()).unwrap();
    let options = simulator::Options {
        rates,
        effective_delay: Duration::ZERO,
        ..simulator::Options::demo(Arc::new(clock))
    };
    let simulator = Simulator::new(options).unwrap();
    let address = serve(&simulator).await;
    (simulator, address)
}

async fn serve(simulator: &Simulator) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let router = simulator.router();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

async fn demo() -> Aws {
    let (_, address) = start(simulator::Rates::Off).await;
    Aws::connect(Options::simulated(address, Rates::Off)).await.unwrap()
}

/// All rows of a paged list.
async fn all<T, F: Future<Output = Result<Page<T>, aws::AwsError>>>(
    ask: impl Fn(Option<String>) -> F,
) -> Vec<T> {
    let (mut rows, mut token) = (Vec::new(), None);
    loop {
        let page = ask(token).await.unwrap();
        rows.extend(page.rows);
        match page.next {
            Some(next) => token = Some(next),
            None => return rows,
        }
    }
}

async fn ous(aws: &Aws, parent: TargetId) -> Vec<TargetId> {
    let rows = all(|token| {
        let (aws, parent) = (aws.clone(), parent.clone());
        async move { aws.ous_page(&parent, token.as_deref()).await }
    })
    .await;
    let mut found = Vec::new();
    for ou in rows {
        found.push(ou.id.clone());
        found.extend(Box::pin(ous(aws, ou.id)).await);
    }
    found
}

#[tokio::test]
async fn the_demo_organization_is_read_in_full_and_both_ways_agree_on_places() {
    let aws = demo().await;
    let facts = aws.describe_organization().await.unwrap();
    assert!(facts.id.starts_with("o-") && facts.all_features);
    let root = aws.root().await.unwrap();
    assert_eq!((root.node.id.kind(), root.backup_policies), (TargetKind::Root, PolicyTypeStatus::Enabled));
    let mut places = vec![root.node.id.clone()];
    places.extend(ous(&aws, root.node.id).await);
    assert_eq!(places.len(), 25);
    let accounts = all(|token| {
        let aws = aws.clone();
        async move { aws.account_page(token.as_deref()).await }
    })
    .await;
    assert_eq!(accounts.len(), 250);
    let mut walked = 0;
    for place in &places {
        let below = all(|token| {
            let (aws, place) = (aws.clone(), place.clone());
            async move { aws.accounts_for_parent_page(&place, token.as_deref()).await }
        })
        .await;
        for account in &below {
            let listed = accounts.iter().find(|a| a.id == account.id).unwrap();
            assert_eq!(
                (&listed.name, &listed.email, listed.state),
                (&account.name, &account.email, account.state)
            );
            assert!(listed.parent.is_none() || listed.parent == account.parent, "{}", account.id);
        }
        walked += below.len();
    }
    assert_eq!(walked, 250);
    assert_eq!(aws.parent(&places[1]).await.unwrap(), places[0]);
}

#[tokio::test]
async fn a_policy_is_created_attached_takes_effect_and_goes() {
    let aws = demo().await;
    let created = aws.create_policy("Ours", "first", DOCUMENT).await.unwrap();
    assert!(created.request_id.is_some());
    let id = created.value.id;
    let taken = aws.create_policy("Ours", "again", DOCUMENT).await.unwrap_err();
    assert_eq!(taken.kind, AwsErrorKind::Conflict { reason: "DuplicatePolicyException".to_owned() });
    let account = all(|token| {
        let aws = aws.clone();
        async move { aws.account_page(token.as_deref()).await }
    })
    .await
    .remove(7)
    .id;
    aws.attach_policy(&id, &account).await.unwrap();
    assert_eq!(aws.attach_policy(&id, &account).await.unwrap_err().kind, AwsErrorKind::AlreadyDone);
    let targets = aws.targets_page(&id, None).await.unwrap();
    assert_eq!(targets.rows, std::slice::from_ref(&account));
    assert!(aws.policies_for_target(&account).await.unwrap().contains(&id));
    let effective = aws.describe_effective_policy(&account.account().unwrap()).await.unwrap();
    assert!(effective.content.contains("nightly"), "{}", effective.content);
    let in_use = aws.delete_policy(&id).await.unwrap_err();
    assert_eq!(in_use.kind, AwsErrorKind::Conflict { reason: "PolicyInUseException".to_owned() });
    aws.update_policy(&id, "Theirs", "second", "{\"plans\":{}}").await.unwrap();
    let now = aws.describe_policy(&id).await.unwrap();
    assert_eq!(
        (now.name.as_str(), now.description.as_str(), now.content.as_str()),
        ("Theirs", "second", "{\"plans\":{}}")
    );
    aws.detach_policy(&id, &account).await.unwrap();
    assert_eq!(aws.detach_policy(&id, &account).await.unwrap_err().kind, AwsErrorKind::AlreadyDone);
    aws.delete_policy(&id).await.unwrap();
    assert!(aws.describe_policy(&id).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn a_document_that_breaks_the_rules_is_malformed_and_a_long_one_breaks_a_limit() {
    let aws = demo().await;
    let malformed = aws.create_policy("Bad", "", r#"{"plans":{"x":{"rules":1}}}"#).await.unwrap_err();
    assert_eq!(malformed.kind, AwsErrorKind::Malformed);
    let long = format!(r#"{{"plans":{{}}}}{}"#, " ".repeat(10_000));
    let limit = aws.create_policy("Long", "", &long).await.unwrap_err().kind;
    assert!(
        matches!(&limit, AwsErrorKind::Constraint { reason, .. } if reason == "POLICY_CONTENT_LIMIT_EXCEEDED"),
        "{limit:?}"
    );
}

#[tokio::test]
async fn the_switches_are_read_as_they_were_set() {
    let aws = demo().await;
    let root = aws.root().await.unwrap().node.id;
    assert!(matches!(aws.trusted_access().await.unwrap(), Some(Some(_))));
    for setting in [
        GlobalSetting::CrossAccountBackup,
        GlobalSetting::DelegatedAdministrator,
        GlobalSetting::MultiPartyApproval,
    ] {
        let mut wanted = aws.global_settings().await.unwrap();
        let on = wanted.entry(setting.key().to_owned()).or_default();
        *on = !*on;
        aws.set_global_setting(setting, *on).await.unwrap();
        assert_eq!(aws.global_settings().await.unwrap(), wanted);
    }
    assert_eq!(aws.enable_policy_type(&root).await.unwrap_err().kind, AwsErrorKind::AlreadyDone);
    aws.disable_policy_type(&root).await.unwrap();
    assert_eq!(aws.policy_type().await.unwrap(), PolicyTypeStatus::Disabled);
    assert_eq!(aws.disable_policy_type(&root).await.unwrap_err().kind, AwsErrorKind::AlreadyDone);
    let facts = aws.describe_organization().await.unwrap();
    let off = aws.describe_effective_policy(&facts.management_account).await.unwrap_err();
    assert!(off.is_not_found());
}

#[tokio::test]
async fn the_gateway_keeps_to_the_published_rates_and_is_hardly_ever_throttled() {
    let (simulator, address) = start(simulator::Rates::On).await;
    let aws = Aws::connect(Options::simulated(address, Rates::On)).await.unwrap();
    let policies = aws.policies_page(None).await.unwrap().rows;
    let asked = policies.iter().map(|policy| aws.describe_policy(&policy.id));
    let answers = futures::future::join_all(asked).await;
    assert!(answers.len() >= 6 && answers.iter().all(Result::is_ok));
    // A request that is held up on its way comes together with the next; a caller without a budget is refused again and
    // again here.
    let refused = simulator.calls()["organizations:DescribePolicy"] - answers.len() as u64;
    assert!(refused <= 2, "{refused} were refused");
}

#[tokio::test]
async fn too_fast_a_caller_still_gets_all_its_answers() {
    let (simulator, address) = start(simulator::Rates::On).await;
    let aws = Aws::connect(Options::simulated(address, Rates::Off)).await.unwrap();
    let policies = aws.policies_page(None).await.unwrap().rows;
    let answers =
        futures::future::join_all(policies.iter().map(|policy| aws.describe_policy(&policy.id))).await;
    assert!(answers.iter().all(Result::is_ok));
    assert!(
        simulator.calls()["organizations:DescribePolicy"] > answers.len() as u64,
        "some were refused at first"
    );
}

#[tokio::test]
async fn jobs_of_all_accounts_are_listed_and_described() {
    let aws = demo().await;
    for kind in JobKind::ALL {
        let filter = JobsAfter { created_after: Some(START - Duration::days(1)), ..JobsAfter::default() };
        let jobs = all(|token| {
            let (aws, filter) = (aws.clone(), filter.clone());
            async move {
                let page = aws.job_page("eu-west-1", kind, &filter, token.as_deref()).await?;
                Ok(Page { rows: page.rows, next: page.next, odd: Vec::new() })
            }
        })
        .await;
        assert!(jobs.iter().all(|job| job.kind == kind && job.created_at > START - Duration::days(1)));
        let accounts: std::collections::BTreeSet<_> = jobs.iter().map(|job| &job.account).collect();
        assert!(
            kind != JobKind::Backup || (jobs.len() > 100 && accounts.len() > 50),
            "{} {}",
            jobs.len(),
            accounts.len()
        );
        let Some(job) = jobs.first() else { continue };
        match aws.describe_job("eu-west-1", kind, &job.id).await {
            Ok(described) => assert_eq!(&described, job),
            Err(error) => assert!(error.is_not_found(), "{error}"),
        }
    }
}

#[tokio::test]
async fn each_person_has_one_session_for_their_changes_and_the_portal_one_for_what_is_read() {
    // Sessions end an hour later by the simulator's clock, which is ahead here so that none ends.
    let clock = Arc::new(|| datetime!(2090-01-01 0:00 UTC));
    let simulator = Simulator::new(simulator::Options::demo(clock)).unwrap();
    let address = serve(&simulator).await;
    let plain = Aws::connect(Options::simulated(&address, Rates::Off)).await.unwrap();
    let management = plain.describe_organization().await.unwrap().management_account;
    let role = aws::RoleToAssume {
        arn: format!("arn:aws:iam::{management}:role/Holdfast"),
        external_id: None,
        session_name: "holdfast".to_owned(),
    };
    let options = Options { role: Some(role), ..Options::simulated(address, Rates::Off) };
    let aws = Aws::connect(options).await.unwrap();
    for (person, policy) in [("ana@example.com", "1"), ("Ben O'Hara", "2"), ("ana@example.com", "3")] {
        let acting = aws.acting_for(person).await;
        let made = acting.create_policy(policy, "", "{\"plans\":{}}").await.unwrap().value.id;
        acting.describe_policy(&made).await.unwrap();
        acting.set_global_setting(GlobalSetting::CrossAccountBackup, true).await.unwrap();
    }
    let calls = |names: &[(&str, u64)]| names.iter().map(|(name, n)| (name.to_string(), *n)).collect();
    let writes = |n| calls(&[("backup:UpdateGlobalSettings", n), ("organizations:CreatePolicy", n)]);
    let expected = std::collections::BTreeMap::from([
        ("ana@example.com".to_owned(), writes(2)),
        ("Ben-O-Hara".to_owned(), writes(1)),
        ("holdfast".to_owned(), calls(&[("organizations:DescribePolicy", 3)])),
    ]);
    assert_eq!(simulator.sessions(), expected);
    assert_eq!(simulator.calls()["sts:AssumeRole"], 3);
}

#[tokio::test]
async fn a_role_that_cannot_be_taken_on_is_reported_and_nothing_is_sent() {
    let (simulator, address) = start(simulator::Rates::Off).await;
    let role = aws::RoleToAssume {
        arn: "arn:aws:iam::nobody:role/Holdfast".to_owned(),
        external_id: Some("ours".to_owned()),
        session_name: "holdfast".to_owned(),
    };
    let options = Options { role: Some(role), ..Options::simulated(address, Rates::Off) };
    let aws = Aws::connect(options).await.unwrap().acting_for("ana@example.com").await;
    for refused in [aws.root().await.err(), aws.create_policy("Ours", "", DOCUMENT).await.err()] {
        let kind = refused.map(|error| error.kind);
        assert!(matches!(kind, Some(AwsErrorKind::Credentials { .. })), "{kind:?}");
    }
    assert_eq!(simulator.calls().into_keys().collect::<Vec<_>>(), ["sts:AssumeRole"]);
}

async fn fault(address: &str, kind: &str, operation: &str) {
    let fault = format!(r#"{{"kind":"{kind}","operation":"{operation}"}}"#);
    control(address, "POST", "faults", &fault).await;
}

/// Steers the simulator.
async fn control(address: &str, method: &str, what: &str, body: &str) {
    let mut stream = tokio::net::TcpStream::connect(address.trim_start_matches("http://")).await.unwrap();
    let request = format!(
        "{method} /_control/{what} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
         connection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 20"), "{answer}");
}

#[tokio::test]
async fn the_account_tells_who_it_is_and_its_linked_role_is_missing_until_it_is_created() {
    let (_, address) = start(simulator::Rates::Off).await;
    control(&address, "PUT", "features", r#"{"FeatureSet": "CONSOLIDATED_BILLING"}"#).await;
    let aws = Aws::connect(Options::simulated(&address, Rates::Off)).await.unwrap();
    let management = aws.describe_organization().await.unwrap().management_account;
    let who = aws.caller_identity().await.unwrap();
    assert_eq!(who.account, management);
    assert_eq!(who.arn, format!("arn:aws:iam::{management}:user/simulated"));
    assert_eq!(aws.service_linked_role().await.unwrap(), None);
    assert!(aws.create_service_linked_role().await.unwrap().request_id.is_some());
    assert!(aws.service_linked_role().await.unwrap().unwrap().since.is_some());
    assert_eq!(aws.create_service_linked_role().await.unwrap_err().kind, AwsErrorKind::AlreadyDone);
    fault(&address, "deny", "GetRole").await;
    let denied = aws.service_linked_role().await.unwrap_err().kind;
    assert!(
        matches!(&denied, AwsErrorKind::Denied { action: "iam:GetRole", by, .. } if by.lacks_allow()),
        "{denied:?}"
    );
}

#[tokio::test]
async fn all_features_are_asked_for_withdrawn_and_completed_once_all_have_approved() {
    let (_, address) = start(simulator::Rates::Off).await;
    control(&address, "PUT", "features", r#"{"FeatureSet": "CONSOLIDATED_BILLING"}"#).await;
    let aws = Aws::connect(Options::simulated(&address, Rates::Off)).await.unwrap();
    assert_eq!(aws.all_features_requests().await.unwrap(), []);
    let first = aws.enable_all_features().await.unwrap().value;
    let again = aws.enable_all_features().await.unwrap_err().kind;
    assert!(
        matches!(&again, AwsErrorKind::Constraint { reason, .. } if reason == "ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION"),
        "{again:?}"
    );
    aws.cancel_handshake(&first.id).await.unwrap();
    let over = aws.accept_handshake(&first.id).await.unwrap_err().kind;
    assert!(matches!(over, AwsErrorKind::Conflict { .. }), "{over:?}");
    let second = aws.enable_all_features().await.unwrap().value;
    let asked = aws.all_features_approvals(&second.id).await.unwrap();
    assert!(asked.len() > 1 && asked.iter().all(|one| one.account.is_some()));
    control(&address, "PUT", "clock", r#"{"offset": 60}"#).await;
    let states: Vec<_> = aws.all_features_requests().await.unwrap().into_iter().map(|h| h.state).collect();
    assert!(
        states.contains(&HandshakeState::Canceled) && states.contains(&HandshakeState::Open),
        "{states:?}"
    );
    let asked = aws.all_features_approvals(&second.id).await.unwrap();
    assert!(asked.iter().all(|one| one.state == HandshakeState::Accepted));
    aws.accept_handshake(&second.id).await.unwrap();
    assert!(aws.describe_organization().await.unwrap().all_features);
    assert_eq!(aws.accept_handshake(&second.id).await.unwrap_err().kind, AwsErrorKind::AlreadyDone);
}

#[tokio::test]
async fn every_permission_to_read_is_checked_and_nothing_is_changed() {
    let (simulator, address) = start(simulator::Rates::Off).await;
    let aws = Aws::connect(Options::simulated(address, Rates::Off)).await.unwrap();
    let regions = ["eu-west-1".to_owned(), "eu-central-1".to_owned()];
    let checks = aws.check_permissions(&regions, START).await;
    for row in aws::operations() {
        let found: Vec<_> = checks.iter().filter(|check| check.action == row.action).collect();
        assert!(!found.is_empty(), "{}", row.action);
        for check in found {
            let claimed = check.outcome == PermissionOutcome::Allowed;
            assert_eq!(claimed, row.read, "{check:?}");
        }
        assert!(row.read || !simulator.calls().contains_key(row.action), "{} changes something", row.action);
    }
    let asked = checks.iter().filter(|check| check.action == "backup:ListCopyJobs");
    let asked: Vec<_> = asked.map(|check| check.region.as_deref().unwrap()).collect();
    assert_eq!(asked, ["eu-central-1", "eu-west-1"]);
    assert_eq!(simulator.calls()["backup:ListCopyJobs"], 2);
}

#[tokio::test]
async fn a_denied_action_is_told_from_one_that_could_not_be_asked() {
    let (_, address) = start(simulator::Rates::Off).await;
    // Without the root and the policies there is nothing real to ask about: the others are asked all the same.
    for operation in ["ListRoots", "ListPolicies", "ListCopyJobs"] {
        fault(&address, "deny", operation).await;
    }
    fault(&address, "error500", "DescribeGlobalSettings").await;
    let first_pause = std::time::Duration::from_millis(1);
    let options = Options { first_pause, ..Options::simulated(address, Rates::Off) };
    let checks =
        Aws::connect(options).await.unwrap().check_permissions(&["eu-west-1".to_owned()], START).await;
    for check in
        checks.iter().filter(|check| aws::operations().iter().any(|o| o.read && o.action == check.action))
    {
        let name = check.action.split(':').next_back().unwrap();
        match (name, &check.outcome) {
            ("ListRoots" | "ListPolicies" | "ListCopyJobs", PermissionOutcome::Denied { by, said })
                if by.lacks_allow() && said.contains("not authorized to perform") => {}
            ("DescribeGlobalSettings", PermissionOutcome::Failed { reason }) => {
                assert!(!reason.is_empty())
            }
            (_, PermissionOutcome::Allowed) => (),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn the_documented_iam_policy_is_the_one_that_the_table_of_operations_asks_for() {
    let page = include_str!("../../../docs/iam-policy.md");
    let block = page.split("```json\n").nth(1).unwrap().split("\n```").next().unwrap();
    assert_eq!(block, aws::iam_policy(), "put this into docs/iam-policy.md:\n{}", aws::iam_policy());
}

#[test]
fn every_action_stands_in_one_statement_of_the_iam_policy() {
    let policy = aws::iam_policy();
    for row in aws::operations() {
        assert_eq!(policy.matches(&format!("\"{}\"", row.action)).count(), 1, "{}", row.action);
    }
}
