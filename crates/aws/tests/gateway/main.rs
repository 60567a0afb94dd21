//! What becomes of answers, refusals and silence: against an endpoint that does exactly what it is told.

#![allow(clippy::unwrap_used)]

mod fate;
mod scripted;
mod words;

use std::time::Duration;

use aws::{Aws, AwsErrorKind, JobsAfter, JobsOf, Options, Rates};
use futures::FutureExt;
use model::{
    AccountId, JobKind, JobState, PolicyId, TargetId,
    failure::{CredentialsProblem, DeniedBy, Missing},
};
use scripted::{ATTEMPT, DEADLINE, JSON, Reply, Scripted, ok, refusal};

const POLICY: &str = r#"{"Policy":{"PolicySummary":{"Id":"p-abcdefgh12","Arn":"arn:p","Name":"Daily",
    "Description":"","Type":"BACKUP_POLICY","AwsManaged":false},"Content":"{ }"}}"#;

fn policy() -> PolicyId {
    "p-abcdefgh12".parse().unwrap()
}

fn root() -> TargetId {
    "r-ab12".parse().unwrap()
}

async fn kind_of_describe(reply: Reply) -> AwsErrorKind {
    let endpoint = Scripted::start([reply]).await;
    endpoint.aws().await.describe_policy(&policy()).await.unwrap_err().kind
}

async fn kind_of_list_jobs(reply: Reply) -> AwsErrorKind {
    let endpoint = Scripted::start([reply]).await;
    let (aws, filter) = (endpoint.aws().await, JobsAfter::default());
    aws.job_page("eu-west-1", JobKind::Copy, &filter, None).await.unwrap_err().kind
}

/// An error on AWS's side, as the tests script it.
fn failed_itself() -> AwsErrorKind {
    AwsErrorKind::ServerError { status: 500, code: "ServiceException".into(), message: "later".into() }
}

#[tokio::test]
async fn each_refusal_of_organizations_has_its_kind() {
    use AwsErrorKind::*;
    let conflict = |name: &str| Conflict { reason: name.to_owned() };
    let denied =
        Denied { action: "organizations:DescribePolicy", by: DeniedBy::Unsaid, said: "said so".into() };
    for (code, expected) in [
        ("AccessDeniedException", denied),
        ("TooManyRequestsException", Throttled),
        ("PolicyNotFoundException", NotFound(Missing::Policy)),
        ("DuplicatePolicyAttachmentException", AlreadyDone),
        ("PolicyInUseException", conflict("PolicyInUseException")),
        ("PolicyChangesInProgressException", conflict("PolicyChangesInProgressException")),
        ("MalformedPolicyDocumentException", Malformed),
        ("AWSOrganizationsNotInUseException", NotInOrganization),
        ("UnsupportedAPIEndpointException", NotAvailable),
        ("UnknownOperationException", NotAvailable),
        ("InvalidAction", NotAvailable),
        (
            "ExpiredTokenException",
            Credentials { problem: CredentialsProblem::Expired, said: "said so".into() },
        ),
        ("WhoKnowsException", Unexpected { message: "HTTP 400 WhoKnowsException said so".to_owned() }),
    ] {
        assert_eq!(kind_of_describe(refusal(code)).await, expected, "{code}");
    }
}

#[tokio::test]
async fn a_constraint_carries_awss_own_reason() {
    let body = r#"{"__type":"ConstraintViolationException","Message":"Too many.","Reason":"POLICY_NUMBER_LIMIT_EXCEEDED"}"#;
    let kind = kind_of_describe(Reply::Answer(400, JSON, body.to_owned())).await;
    let (reason, message) = ("POLICY_NUMBER_LIMIT_EXCEEDED".to_owned(), "Too many.".to_owned());
    assert_eq!(kind, AwsErrorKind::Constraint { reason, message });
}

#[tokio::test]
async fn answers_that_are_not_awss_mean_that_the_operation_is_not_offered() {
    let page = || "<!doctype html><title>Not found</title>".to_owned();
    let unavailable = Reply::Answer(503, "text/html", page());
    for (reply, expected) in [
        (Reply::Answer(404, "text/html", page()), AwsErrorKind::NotAvailable),
        (Reply::Answer(200, "text/html", page()), AwsErrorKind::NotAvailable),
        (Reply::Answer(404, JSON, "{}".to_owned()), AwsErrorKind::NotAvailable),
        (Reply::Answer(501, JSON, r#"{"__type":"InternalFailure"}"#.to_owned()), AwsErrorKind::NotAvailable),
        (
            Reply::Answer(400, JSON, r#"{"__type":"X","message":"not yet implemented"}"#.to_owned()),
            AwsErrorKind::NotAvailable,
        ),
        (
            Reply::Answer(500, "text/html", "<p>NotImplementedError: The list_backup_jobs action".to_owned()),
            AwsErrorKind::NotAvailable,
        ),
        // An unknown path answered with an empty object must not pass for a Region without jobs.
        (ok("{}"), AwsErrorKind::NotAvailable),
        (unavailable, AwsErrorKind::ServerError { status: 503, code: String::new(), message: String::new() }),
    ] {
        assert_eq!(kind_of_list_jobs(reply).await, expected);
    }
}

#[tokio::test]
async fn a_denial_names_the_action_and_the_request() {
    let body = r#"{"message":"User: arn:aws:iam::123456789012:user/x is not authorized"}"#.to_owned();
    let endpoint = Scripted::start([Reply::Answer(403, "application/json", body)]).await;
    let filter = JobsAfter::default();
    let error = endpoint.aws().await.job_page("eu-west-1", JobKind::Copy, &filter, None).await.unwrap_err();
    // Without an error name in the answer it is what it says.
    assert!(matches!(error.kind, AwsErrorKind::Denied { by: DeniedBy::Unsaid, .. }), "{error}");
    let endpoint = Scripted::start([refusal("AccessDeniedException")]).await;
    let error = endpoint.aws().await.job_page("eu-west-1", JobKind::Copy, &filter, None).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "ListCopyJobs: AWS denies backup:ListCopyJobs and does not say by what (said so) [request request-1]"
    );
    assert_eq!(endpoint.requests().len(), 1, "a denial is not asked again");
}

#[tokio::test]
async fn a_denial_of_what_aws_does_on_the_way_names_that() {
    let denied = async |said: &str| {
        let said = serde_json::json!({"__type": "AccessDeniedException", "Message": said}).to_string();
        let endpoint = Scripted::start([Reply::Answer(400, JSON, said)]).await;
        endpoint.aws().await.enable_trusted_access().await.unwrap_err().kind
    };
    let user = "User: arn:aws:iam::123456789012:user/x is not authorized to perform:";
    for (said, action) in [
        ("iam:CreateServiceLinkedRole on resource: arn:aws:iam::1:role/x", "iam:CreateServiceLinkedRole"),
        ("organizations:ListPoliciesForTarget because of", "organizations:ListPoliciesForTarget"),
        // What nobody knows here, or no name at all, does not take the place of what was asked.
        ("kms:Decrypt", "organizations:EnableAWSServiceAccess"),
        ("", "organizations:EnableAWSServiceAccess"),
    ] {
        let kind = denied(&format!("{user} {said}")).await;
        assert!(matches!(kind, AwsErrorKind::Denied { action: named, .. } if named == action), "{kind:?}");
    }
}

#[tokio::test]
async fn iam_is_asked_at_its_one_home_and_its_xml_is_understood() {
    let xml = |code: &str, said: &str| {
        let body = format!(
            "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{said}</Message></Error></ErrorResponse>"
        );
        Reply::Answer(if code == "NoSuchEntity" { 404 } else { 403 }, "text/xml", body)
    };
    let taken = "Service role name AWSServiceRoleForBackup has been taken in this account";
    let replies = [
        xml("NoSuchEntity", "The role cannot be found."),
        xml("AccessDenied", "User is not authorized to perform: iam:GetRole"),
        xml("InvalidInput", taken),
        xml("Unheard", "of"),
        Reply::Answer(404, "text/html", "<html><body>Not here</body></html>".to_owned()),
    ];
    let endpoint = Scripted::start(replies).await;
    let aws = endpoint.aws().await;
    assert_eq!(aws.service_linked_role().await.unwrap(), None);
    let denied = aws.service_linked_role().await.unwrap_err().kind;
    assert!(matches!(denied, AwsErrorKind::Denied { action: "iam:GetRole", .. }), "{denied:?}");
    let taken = aws.create_service_linked_role().await.unwrap_err().kind;
    assert_eq!(taken, AwsErrorKind::AlreadyDone);
    let unheard = aws.service_linked_role().await.unwrap_err().kind;
    assert!(
        matches!(&unheard, AwsErrorKind::Unexpected { message } if message.contains("Unheard")),
        "{unheard:?}"
    );
    assert_eq!(aws.service_linked_role().await.unwrap_err().kind, AwsErrorKind::NotAvailable);
    let asked = endpoint.requests();
    assert!(asked.iter().all(|request| request.contains("/us-east-1/iam/aws4_request")), "{asked:?}");
}

#[tokio::test]
async fn a_throttled_call_is_made_again_also_where_it_writes() {
    let replies = [refusal("TooManyRequestsException"), refusal("TooManyRequestsException"), ok(POLICY)];
    let endpoint = Scripted::start(replies).await;
    let written = endpoint.aws().await.create_policy("Daily", "", "{ }").await.unwrap();
    assert_eq!(written.value.content, "{ }");
    assert_eq!(written.request_id.as_deref(), Some("request-3"));
    assert_eq!(endpoint.requests().len(), 3);
}

#[tokio::test]
async fn throttling_without_end_ends_after_twelve_attempts() {
    let endpoint = Scripted::start([refusal("ThrottlingException")]).await;
    let error = endpoint.aws().await.describe_policy(&policy()).await.unwrap_err();
    assert_eq!((error.kind, error.request_id.as_deref()), (AwsErrorKind::Throttled, Some("request-12")));
    assert_eq!(endpoint.requests().len(), 12);
}

#[tokio::test]
async fn throttling_ends_at_the_deadline_where_that_comes_sooner() {
    let endpoint = Scripted::start([refusal("ThrottlingException")]).await;
    // Half of it is still longer than the deadline: nobody waits for it.
    let options = Options { first_pause: DEADLINE * 3, ..endpoint.options() };
    let (aws, policy) = (Aws::connect(options).await.unwrap(), policy());
    let asked = tokio::time::timeout(Duration::from_secs(60), aws.describe_policy(&policy)).await;
    let error = asked.expect("nobody waits for a pause that outlasts the deadline").unwrap_err();
    assert_eq!((error.kind, error.request_id.as_deref()), (AwsErrorKind::Throttled, Some("request-1")));
}

#[tokio::test]
async fn a_read_is_asked_again_after_silence_a_broken_connection_or_an_error_of_the_server() {
    for first in [
        Reply::Silence,
        Reply::Drop,
        Reply::Half,
        Reply::Answer(500, JSON, r#"{"__type":"ServiceException","Message":"later"}"#.to_owned()),
        Reply::Answer(502, "text/html", "<html>".to_owned()),
    ] {
        let endpoint = Scripted::start([first, ok(POLICY)]).await;
        let aws = endpoint.aws().await;
        let record = endpoint.through_silence(aws.describe_policy(&policy())).await.unwrap();
        assert_eq!(record.name, "Daily");
        assert_eq!(endpoint.requests().len(), 2);
    }
}

#[tokio::test]
async fn a_change_whose_fate_is_unknown_is_not_made_twice() {
    let failed = Reply::Answer(500, JSON, r#"{"__type":"ServiceException","Message":"later"}"#.to_owned());
    for (reply, kind) in [
        (Reply::Silence, AwsErrorKind::Timeout),
        (Reply::Drop, AwsErrorKind::Unavailable),
        (Reply::Half, AwsErrorKind::Unavailable),
        (failed, failed_itself()),
    ] {
        let endpoint = Scripted::start([reply, ok(POLICY)]).await;
        let aws = endpoint.aws().await;
        let error = endpoint.through_silence(aws.create_policy("Daily", "", "{ }")).await.unwrap_err();
        assert_eq!((error.operation, &error.kind), ("CreatePolicy", &kind));
        assert_eq!(endpoint.requests().len(), 1, "{kind:?}");
    }
}

#[tokio::test]
async fn a_change_refused_for_one_under_way_is_made_again() {
    let endpoint = Scripted::start([refusal("ConcurrentModificationException"), ok("{}")]).await;
    let written = endpoint.aws().await.attach_policy(&policy(), &root()).await.unwrap();
    assert_eq!(written.request_id.as_deref(), Some("request-2"));
}

#[tokio::test]
async fn nobody_listening_is_unavailable() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let options =
        Options { first_pause: Duration::from_millis(1), ..Options::simulated(address, Rates::Off) };
    let error = Aws::connect(options).await.unwrap().attach_policy(&policy(), &root()).await.unwrap_err();
    assert_eq!(error.kind, AwsErrorKind::Unavailable);
}

#[tokio::test]
async fn who_would_wait_beyond_the_deadline_is_refused_without_asking_aws() {
    let endpoint = Scripted::start([ok(POLICY)]).await;
    // Two at once, then one in half a day.
    let options = Options { rates: Rates::Scaled(1e-5), ..endpoint.options() };
    let aws = Aws::connect(options).await.unwrap();
    let other = aws.clone();
    aws.describe_policy(&policy()).await.unwrap();
    other.describe_policy(&policy()).await.unwrap();
    let error = aws.describe_policy(&policy()).await.unwrap_err();
    assert_eq!(error.kind, AwsErrorKind::Throttled);
    assert_eq!(endpoint.requests().len(), 2);
}

#[tokio::test]
async fn empty_pages_are_walked_through() {
    let page = |id: &str, next: &str| {
        let rows = if id.is_empty() { String::new() } else { format!(r#"{{"Id":"{id}"}}"#) };
        let next = if next.is_empty() { String::new() } else { format!(r#","NextToken":"{next}""#) };
        ok(&format!(r#"{{"Policies":[{rows}]{next}}}"#))
    };
    let replies = [page("", "a"), page("p-aaaaaaaa11", "b"), page("", "c"), page("p-bbbbbbbb22", "")];
    let endpoint = Scripted::start(replies).await;
    let found = endpoint.aws().await.policies_for_target(&root()).await.unwrap();
    assert_eq!(found.iter().map(PolicyId::as_str).collect::<Vec<_>>(), ["p-aaaaaaaa11", "p-bbbbbbbb22"]);
    let requests = endpoint.requests();
    assert!(!requests[0].contains("NextToken") && requests[3].contains(r#""NextToken":"c""#));
}

#[tokio::test]
async fn a_list_that_breaks_goes_on_at_the_page_where_it_broke() {
    let page = |id: &str, next: &str| ok(&format!(r#"{{"Policies":[{{"Id":"{id}"}}]{next}}}"#));
    let failed = Reply::Answer(500, JSON, r#"{"__type":"ServiceException","Message":"later"}"#.to_owned());
    let replies = [
        page("p-aaaaaaaa11", r#","NextToken":"a""#),
        Reply::Drop,
        refusal("TooManyRequestsException"),
        failed,
        page("p-bbbbbbbb22", ""),
    ];
    let endpoint = Scripted::start(replies).await;
    let found = endpoint.aws().await.policies_for_target(&root()).await.unwrap();
    assert_eq!(found.iter().map(PolicyId::as_str).collect::<Vec<_>>(), ["p-aaaaaaaa11", "p-bbbbbbbb22"]);
    let requests = endpoint.requests();
    assert_eq!(requests.len(), 5);
    assert!(!requests[0].contains("NextToken"));
    assert!(requests[1..].iter().all(|request| request.contains(r#""NextToken":"a""#)), "{requests:?}");
}

#[tokio::test]
async fn no_more_requests_are_under_way_than_allowed_whoever_asks() {
    let endpoint = Scripted::start([Reply::Held(POLICY.to_owned())]).await;
    let aws = Aws::connect(Options { concurrency: 2, ..endpoint.options() }).await.unwrap();
    let callers: Vec<_> = (0..8).map(|n| aws.with_deadline(DEADLINE + Duration::from_secs(n))).collect();
    let asked = policy();
    let answers = futures::future::join_all(callers.iter().map(|aws| aws.describe_policy(&asked)));
    let releasing = async {
        for answered in 0..8 {
            let under_way = (8 - answered).min(2);
            endpoint.received(answered + under_way).await;
            assert_eq!(endpoint.requests().len(), answered + under_way);
            endpoint.release();
        }
    };
    let (answers, ()) = tokio::join!(answers, releasing);
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(endpoint.requests().len(), 8);
}

#[tokio::test]
async fn a_server_that_keeps_failing_is_asked_five_times() {
    let failed = Reply::Answer(500, JSON, r#"{"__type":"ServiceException","Message":"later"}"#.to_owned());
    let endpoint = Scripted::start([failed]).await;
    let error = endpoint.aws().await.describe_policy(&policy()).await.unwrap_err();
    assert_eq!((error.kind, error.request_id.as_deref()), (failed_itself(), Some("request-5")));
    assert_eq!(endpoint.requests().len(), 5);
}

#[tokio::test]
async fn silence_without_end_ends_at_the_deadline() {
    let endpoint = Scripted::start([Reply::Silence]).await;
    let options = Options { deadline: ATTEMPT * 5 / 2, ..endpoint.options() };
    let aws = Aws::connect(options).await.unwrap();
    let error = endpoint.through_silence(aws.describe_policy(&policy())).await.unwrap_err();
    assert_eq!(error.kind, AwsErrorKind::Timeout);
    assert_eq!(endpoint.requests().len(), 3, "the deadline, not the attempts, ended it");
}

#[tokio::test]
async fn an_attempt_under_way_ends_at_the_deadline() {
    let endpoint = Scripted::start([Reply::Silence]).await;
    let options = Options { attempt_timeout: ATTEMPT * 9, deadline: ATTEMPT / 2, ..endpoint.options() };
    let (aws, policy) = (Aws::connect(options).await.unwrap(), policy());
    let asked = tokio::time::timeout(ATTEMPT, aws.describe_policy(&policy));
    let error = endpoint.through_silence(asked).await.expect("the deadline comes first").unwrap_err();
    assert_eq!((error.kind, endpoint.requests().len()), (AwsErrorKind::Timeout, 1));
}

#[tokio::test]
async fn silence_without_end_ends_after_five_attempts() {
    let endpoint = Scripted::start([Reply::Silence]).await;
    let aws = endpoint.aws().await;
    let error = endpoint.through_silence(aws.describe_policy(&policy())).await.unwrap_err();
    assert_eq!((error.kind, endpoint.requests().len()), (AwsErrorKind::Timeout, 5));
}

#[tokio::test]
async fn accounts_are_placed_by_their_path_and_read_by_state_before_status() {
    let endpoint = Scripted::start([ok(
        r#"{"Accounts":[{"Id":"123456789012","Name":"One","Email":"one@example.com","Status":"ACTIVE",
            "State":"PENDING_CLOSURE","Paths":["o-abcdefghij/r-ab12/ou-ab12-11111111/123456789012/"],
            "JoinedTimestamp":1700000000.123},
           {"Id":"210987654321","Name":"Two","Status":"SUSPENDED"}],"NextToken":"x"}"#,
    )])
    .await;
    let page = endpoint.aws().await.account_page(None).await.unwrap();
    assert_eq!(page.next.as_deref(), Some("x"));
    let read: Vec<_> = page
        .rows
        .iter()
        .map(|n| (n.parent.as_ref().map(TargetId::as_str), n.state.unwrap().as_str()))
        .collect();
    assert_eq!(read, [(Some("ou-ab12-11111111"), "PENDING_CLOSURE"), (None, "SUSPENDED")]);
}

#[tokio::test]
async fn a_wrong_id_in_an_answer_is_reported_not_passed_on() {
    let endpoint = Scripted::start([ok(r#"{"Accounts":[{"Id":"12","Name":"One"}]}"#)]).await;
    let page = endpoint.aws().await.account_page(None).await.unwrap();
    assert!(page.rows.is_empty() && page.odd.len() == 1 && page.odd[0].contains("“12”"), "{page:?}");
}

#[tokio::test]
async fn jobs_are_read_with_everything_aws_tells() {
    let endpoint = Scripted::start([ok(
        r#"{"BackupJobs":[{"AccountId":"123456789012","BackupJobId":"job-1","BackupVaultName":"Default",
            "BackupVaultArn":"arn:aws:backup:eu-west-1:123456789012:backup-vault:Default","State":"COMPLETED",
            "MessageCategory":"VSS","StatusMessage":"with a note","PercentDone":"100.0%","BackupSizeInBytes":42,
            "ResourceType":"EC2","CreationDate":1700000000.5,"CompletionDate":1700000100,
            "CreatedBy":{"BackupPlanId":"orgs/1234","BackupPlanName":"daily","BackupRuleName":"nightly"}}]}"#,
    )])
    .await;
    let account: AccountId = "123456789012".parse().unwrap();
    let after = time::OffsetDateTime::from_unix_timestamp(1_699_999_999).unwrap();
    let filter =
        JobsAfter { created_after: Some(after), of: JobsOf::Account(account), ..JobsAfter::default() };
    let page = endpoint.aws().await.job_page("eu-west-1", JobKind::Backup, &filter, None).await.unwrap();
    let job = &page.rows[0];
    assert_eq!((job.state, job.percent, job.size), (JobState::CompletedWithIssues, Some(100), Some(42)));
    assert!(job.policy_made && job.rule_name.as_deref() == Some("nightly"));
    assert_eq!(job.created_at.unix_timestamp_nanos(), 1_700_000_000_500_000_000);
    let asked = endpoint.requests().remove(0);
    assert!(
        asked.contains("accountId=123456789012") && asked.contains("createdAfter=2023-11-14T22"),
        "{asked}"
    );
    assert!(asked.contains("/eu-west-1/backup/"), "signed for its Region: {asked}");
}

#[tokio::test]
async fn all_accounts_are_asked_for_with_a_star() {
    let endpoint = Scripted::start([ok(r#"{"RestoreJobs":[]}"#)]).await;
    endpoint.aws().await.job_page("eu-west-1", JobKind::Restore, &JobsAfter::default(), None).await.unwrap();
    let asked = endpoint.requests().remove(0);
    assert!(asked.contains("accountId=%2A") || asked.contains("accountId=*"), "{asked}");
}

#[tokio::test]
async fn calls_are_counted_with_their_attempts_refusals_and_outcome() {
    let denied = refusal("AccessDeniedException");
    let endpoint = Scripted::start([refusal("TooManyRequestsException"), ok(POLICY), denied]).await;
    let aws = endpoint.aws().await;
    aws.describe_policy(&policy()).await.unwrap();
    aws.clone().create_policy("Daily", "", "{ }").await.unwrap_err();
    // Nobody waits for the third.
    assert!(aws.describe_policy(&policy()).now_or_never().is_none());

    let mut registry = prometheus_client::registry::Registry::default();
    aws.register_metrics(&mut registry);
    let mut text = String::new();
    prometheus_client::encoding::text::encode(&mut text, &registry).unwrap();
    let at = |name: &str| format!(r#"operation="{name}",region="us-east-1""#);
    let (described, created) = (at("DescribePolicy"), at("CreatePolicy"));
    for line in [
        format!("holdfast_aws_calls_total{{{described},outcome=\"ok\"}} 1"),
        format!("holdfast_aws_calls_total{{{described},outcome=\"abandoned\"}} 1"),
        format!("holdfast_aws_calls_total{{{created},outcome=\"denied\"}} 1"),
        format!("holdfast_aws_throttles_total{{{described}}} 1"),
        format!("holdfast_aws_attempts_total{{{created}}} 1"),
        format!("holdfast_aws_call_seconds_count{{{described}}} 2"),
    ] {
        assert!(text.lines().any(|l| l == line), "{line}\n{text}");
    }
    assert!(text.contains(&format!("holdfast_aws_wait_seconds_total{{{described}}}")), "{text}");
}

const BACKUP: &str =
    r#""BackupJobId":"good","AccountId":"123456789012","CreationDate":1631121728.678,"State":"COMPLETED""#;

async fn backups(rows: &str) -> aws::JobPage {
    let endpoint = Scripted::start([ok(&format!(r#"{{"BackupJobs":[{rows}],"NextToken":"n"}}"#))]).await;
    let (aws, filter) = (endpoint.aws().await, JobsAfter::default());
    aws.job_page("eu-west-1", JobKind::Backup, &filter, None).await.unwrap()
}

/// A row without one of its members, or with another value for it, beside a good one.
async fn odd_beside_good(odd: &str) -> (Vec<String>, Vec<(Option<String>, String, bool)>) {
    let page = backups(&format!("{{{BACKUP}}},{odd}")).await;
    assert_eq!(page.next.as_deref(), Some("n"), "{odd}");
    let ids = page.rows.iter().map(|job| job.id.clone()).collect();
    (ids, page.odd.into_iter().map(|odd| (odd.id, odd.member, odd.kept)).collect())
}

#[tokio::test]
async fn one_odd_row_costs_no_other_row_of_its_page() {
    for (odd, member) in [
        (r#"{"BackupJobId":"odd","CreationDate":1700000000}"#, "AccountId"),
        (r#"{"BackupJobId":"odd","CreationDate":1700000000,"AccountId":"12"}"#, "AccountId"),
        (r#"{"BackupJobId":"odd","AccountId":"123456789012"}"#, "CreationDate"),
        (r#"{"BackupJobId":"odd","AccountId":"123456789012","CreationDate":"yesterday"}"#, "CreationDate"),
        (r#"{"BackupJobId":"odd","AccountId":"123456789012","CreationDate":1e17}"#, "CreationDate"),
        (r#"{"BackupJobId":"odd","CreationDate":1700000000,"AccountId":123456789012}"#, "AccountId"),
        (
            r#"{"BackupJobId":"odd","AccountId":"123456789012","CreationDate":null,"PercentDone":1}"#,
            "CreationDate",
        ),
    ] {
        let (ids, told) = odd_beside_good(odd).await;
        assert_eq!(ids, ["good"], "{odd}");
        assert_eq!(told, [(Some("odd".into()), member.into(), false)], "{odd}");
    }
    for (odd, member) in [
        (r#"{"AccountId":"123456789012","CreationDate":1700000000}"#, "BackupJobId"),
        (r#"{"BackupJobId":"","AccountId":"123456789012","CreationDate":1700000000}"#, "BackupJobId"),
    ] {
        let (ids, told) = odd_beside_good(odd).await;
        assert_eq!((ids.len(), told.len(), told[0].1.as_str()), (1, 1, member), "{odd}");
    }
}

#[tokio::test]
async fn a_member_of_another_type_costs_itself_alone() {
    let row = |more: &str| {
        format!(r#"{{"BackupJobId":"odd","AccountId":"123456789012","CreationDate":1700000000,{more}}}"#)
    };
    for (more, members) in [
        (r#""BackupSizeInBytes":"22548578304""#, vec!["BackupSizeInBytes"]),
        (r#""PercentDone":100"#, vec!["PercentDone"]),
        (r#""IsParent":"no","ResourceType":["EBS"]"#, vec!["IsParent", "ResourceType"]),
        (r#""CreatedBy":"me""#, vec!["CreatedBy"]),
        (r#""CompletionDate":{}"#, vec!["CompletionDate"]),
    ] {
        let (mut ids, told) = odd_beside_good(&row(more)).await;
        ids.sort();
        assert_eq!(ids, ["good", "odd"], "{more}");
        let expected: Vec<_> = members.iter().map(|m| (Some("odd".into()), (*m).to_owned(), true)).collect();
        assert_eq!(told, expected, "{more}");
    }
}

#[tokio::test]
async fn a_restore_without_an_account_is_of_the_account_of_what_it_made_or_of_its_role() {
    for member in [
        r#""CreatedResourceArn":"arn:aws:ec2:eu-west-1:123456789012:volume/v""#,
        r#""CreatedResourceArn":"arn:aws:s3:::bucket","IamRoleArn":"arn:aws:iam::123456789012:role/R""#,
    ] {
        let body =
            format!(r#"{{"RestoreJobs":[{{"RestoreJobId":"r","CreationDate":1700000000,{member}}}]}}"#);
        let endpoint = Scripted::start([ok(&body)]).await;
        let (aws, filter) = (endpoint.aws().await, JobsAfter::default());
        let page = aws.job_page("eu-west-1", JobKind::Restore, &filter, None).await.unwrap();
        assert_eq!((page.rows[0].account.as_str(), page.odd.len()), ("123456789012", 0), "{member}");
    }
}

#[tokio::test]
async fn creators_are_read_by_name_by_id_and_by_arn() {
    let by = async |created_by: &str| backups(&format!("{{{BACKUP}{created_by}}}")).await.rows.remove(0);
    let told = by(r#","CreatedBy":{"BackupPlanId":"orgs/4232272a","BackupRuleId":"r"}"#).await;
    assert_eq!(told.creator().short(), "a backup policy of the organization");
    let arn =
        r#","CreatedBy":{"BackupPlanArn":"arn:aws:backup:eu-west-1:123456789012:backup-plan:aws/efs/73d9"}"#;
    assert_eq!(by(arn).await.creator().short(), "EFS automatic backup");
    assert_eq!(by(r#","CreatedBy":{}"#).await.creator().short(), "a plan that AWS does not name");
    assert_eq!(by("").await.creator().short(), "on demand");
    let plan = "arn:aws:backup:eu-west-1:123456789012:restore-testing-plan:monthly-1";
    let body = format!(
        r#"{{"RestoreJobs":[{{"RestoreJobId":"r","AccountId":"123456789012","CreationDate":1,"CreatedBy":{{"RestoreTestingPlanArn":"{plan}"}}}}]}}"#
    );
    let endpoint = Scripted::start([ok(&body)]).await;
    let (aws, filter) = (endpoint.aws().await, JobsAfter::default());
    let restores = aws.job_page("eu-west-1", JobKind::Restore, &filter, None).await.unwrap();
    assert_eq!(restores.rows[0].creator().short(), "restore testing plan monthly-1");
    let body = r#"{"CopyJobs":[{"CopyJobId":"c","AccountId":"123456789012","CreationDate":1,"CreatedByBackupJobId":"b-1"}]}"#;
    let endpoint = Scripted::start([ok(body)]).await;
    let aws = endpoint.aws().await;
    let copies = aws.job_page("eu-west-1", JobKind::Copy, &filter, None).await.unwrap();
    assert_eq!(copies.rows[0].creator().short(), "backup job b-1");
}

#[tokio::test]
async fn a_creator_in_another_form_is_not_told_as_none() {
    let job = backups(&format!(r#"{{{BACKUP},"CreatedBy":"me"}}"#)).await.rows.remove(0);
    assert_eq!((job.planned, job.creator().short().as_str()), (None, "not known"));
    let by_ids = format!(r#"{{{BACKUP},"CreatedBy":{{"BackupPlanId":"p","BackupRuleId":"r"}}}}"#);
    assert_eq!(backups(&by_ids).await.rows.remove(0).rule_id.as_deref(), Some("r"));
}

#[tokio::test]
async fn a_size_below_zero_is_no_size_and_milliseconds_stay() {
    let job = backups(&format!(r#"{{{BACKUP},"BackupSizeInBytes":-1}}"#)).await.rows.remove(0);
    assert_eq!((job.size, job.created_at.unix_timestamp_nanos()), (None, 1_631_121_728_678_000_000));
}

#[tokio::test]
async fn the_numbers_of_aws_backup_say_more_than_its_names() {
    for (number, expected) in [
        ("ERROR_2502", AwsErrorKind::NotAvailable),
        ("ERROR_9601", AwsErrorKind::NotInOrganization),
        (
            "ERROR_1",
            AwsErrorKind::InvalidInput { reason: "InvalidRequestException".into(), message: "No.".into() },
        ),
    ] {
        let body = format!(r#"{{"__type":"InvalidRequestException","Code":"{number}","Message":"No."}}"#);
        assert_eq!(kind_of_list_jobs(Reply::Answer(400, JSON, body)).await, expected, "{number}");
    }
}
