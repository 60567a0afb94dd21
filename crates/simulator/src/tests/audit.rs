//! Audit Manager: report plans, their jobs, and frameworks.

use super::{Aws, Reply};
use serde_json::{Value, json};
use time::Duration;

const REGION: &str = "eu-west-1";
const FRAMEWORKS: &str = "/audit/frameworks";

fn controls(count: usize) -> Value {
    let control = json!({
        "ControlName": "BACKUP_RECOVERY_POINT_MINIMUM_RETENTION_CHECK",
        "ControlInputParameters": [{"ParameterName": "requiredRetentionDays", "ParameterValue": "35"}],
        "ControlScope": {"ComplianceResourceTypes": ["EBS"]},
    });
    Value::Array(vec![control; count])
}

async fn create(aws: &Aws, name: &str, token: &str) -> Reply {
    let input = json!({
        "FrameworkName": name,
        "FrameworkDescription": "Retention",
        "FrameworkControls": controls(2),
        "IdempotencyToken": token,
        "FrameworkTags": {"owner": "audit"},
    });
    aws.backup("POST", REGION, FRAMEWORKS, input).await
}

async fn change(aws: &Aws, method: &str, name: &str, input: Value) -> Reply {
    aws.backup(method, REGION, &format!("{FRAMEWORKS}/{name}"), input).await
}

#[tokio::test]
async fn a_framework_is_deployed_in_the_background() {
    let aws = Aws::demo();
    let made = create(&aws, "retention", "1").await.body;
    let path = format!("{FRAMEWORKS}/retention");
    let shown = aws.get(REGION, &path).await;
    assert_eq!((&shown["FrameworkArn"], &shown["FrameworkControls"]), (&made["FrameworkArn"], &controls(2)));
    assert_eq!(
        (&shown["DeploymentStatus"], &shown["IdempotencyToken"]),
        (&json!("CREATE_IN_PROGRESS"), &json!("1"))
    );
    aws.pass(Duration::minutes(1));
    let shown = aws.get(REGION, &path).await;
    assert_eq!(
        (&shown["DeploymentStatus"], &shown["FrameworkStatus"]),
        (&json!("COMPLETED"), &json!("ACTIVE"))
    );
    let updated = change(&aws, "PUT", "retention", json!({"FrameworkControls": controls(3)})).await;
    assert_eq!(
        (&updated.body["CreationTime"], &updated.body["FrameworkArn"]),
        (&shown["CreationTime"], &made["FrameworkArn"])
    );
    let listed = aws.get(REGION, FRAMEWORKS).await["Frameworks"][0].clone();
    assert_eq!(
        (&listed["DeploymentStatus"], &listed["NumberOfControls"]),
        (&json!("UPDATE_IN_PROGRESS"), &json!(3))
    );
    assert_eq!(listed["FrameworkDescription"], "Retention", "what an update does not name stays");
}

#[tokio::test]
async fn a_framework_takes_one_change_at_a_time() {
    let aws = Aws::demo();
    create(&aws, "retention", "1").await;
    for method in ["PUT", "DELETE"] {
        let refused = change(&aws, method, "retention", json!({})).await;
        assert_eq!(refused.exception(), (400, "ConflictException"), "{method}");
    }
    aws.pass(Duration::minutes(1));
    let update = json!({"FrameworkDescription": "Longer", "IdempotencyToken": "2"});
    assert_eq!(change(&aws, "PUT", "retention", update.clone()).await.status, 200);
    assert_eq!(
        change(&aws, "PUT", "retention", update).await.status,
        200,
        "a repetition is no second change"
    );
    assert_eq!(change(&aws, "DELETE", "retention", json!({})).await.exception().1, "ConflictException");
}

#[tokio::test]
async fn a_deleted_framework_is_shown_until_it_is_gone_and_frees_its_name() {
    let aws = Aws::demo();
    let first = create(&aws, "retention", "1").await.body["FrameworkArn"].clone();
    aws.pass(Duration::minutes(1));
    assert_eq!(change(&aws, "DELETE", "retention", Value::Null).await.status, 200);
    let path = format!("{FRAMEWORKS}/retention");
    assert_eq!(aws.get(REGION, &path).await["DeploymentStatus"], "DELETE_IN_PROGRESS");
    assert_eq!(create(&aws, "retention", "1").await.exception(), (400, "AlreadyExistsException"));
    aws.pass(Duration::minutes(1));
    for method in ["GET", "PUT", "DELETE"] {
        let gone = change(&aws, method, "retention", Value::Null).await;
        assert_eq!(gone.exception(), (400, "ResourceNotFoundException"), "{method}");
    }
    assert_eq!(aws.get(REGION, FRAMEWORKS).await["Frameworks"], json!([]));
    let second = create(&aws, "retention", "1").await.body["FrameworkArn"].clone();
    assert!(second.is_string() && second != first);
}

#[tokio::test]
async fn one_token_creates_one_framework_and_another_one_finds_the_name_taken() {
    let aws = Aws::demo();
    let (first, again) = (create(&aws, "retention", "1").await, create(&aws, "retention", "1").await);
    assert_eq!((again.status.as_u16(), &again.body), (200, &first.body));
    let other = create(&aws, "retention", "2").await;
    assert_eq!(other.exception(), (400, "AlreadyExistsException"));
    assert_eq!(other.body["Arn"], first.body["FrameworkArn"]);
    assert_eq!(aws.get(REGION, FRAMEWORKS).await["Frameworks"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn frameworks_and_their_controls_are_limited_in_an_account_and_region() {
    let aws = Aws::demo();
    for number in 0..15 {
        assert_eq!(create(&aws, &format!("number_{number:02}"), "1").await.status, 200);
    }
    assert_eq!(create(&aws, "one_more", "1").await.exception(), (400, "LimitExceededException"));
    aws.pass(Duration::minutes(1));
    let many = change(&aws, "PUT", "number_00", json!({"FrameworkControls": controls(23)})).await;
    assert_eq!(many.exception(), (400, "LimitExceededException"));
    let most = change(&aws, "PUT", "number_00", json!({"FrameworkControls": controls(22)})).await;
    assert_eq!(most.status, 200);
    let elsewhere = json!({"FrameworkName": "elsewhere", "FrameworkControls": controls(50)});
    assert_eq!(aws.backup("POST", "eu-central-1", FRAMEWORKS, elsewhere).await.status, 200);
    let names: Vec<String> = aws
        .jobs(REGION, &format!("{FRAMEWORKS}?MaxResults=4"), "Frameworks")
        .await
        .iter()
        .map(|framework| framework["FrameworkName"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(names, (0..15).map(|number| format!("number_{number:02}")).collect::<Vec<_>>());
}

#[tokio::test]
async fn frameworks_with_a_mistake_are_refused() {
    let aws = Aws::demo();
    let bad = "InvalidParameterValueException";
    let named = |name: &str| json!([{"ControlName": name}]);
    let with = |member: &str, value: Value| json!([{"ControlName": "BACKUP_RECOVERY_POINT_ENCRYPTED", member: value}]);
    let parameter = json!([{"ParameterName": "requiredRetentionDays", "ParameterValue": "1"}]);
    let cases = [
        ("1st", Value::Null, controls(1), bad),
        ("good", json!("  "), controls(1), bad),
        ("good", Value::Null, Value::Null, "MissingParameterValueException"),
        ("good", Value::Null, json!([{}]), "MissingParameterValueException"),
        ("good", Value::Null, json!([]), bad),
        ("good", Value::Null, json!("all"), "SerializationException"),
        ("good", Value::Null, named("NO_SUCH_CONTROL"), bad),
        ("good", Value::Null, with("ControlInputParameters", parameter), bad),
        ("good", Value::Null, with("ControlScope", json!({"ComplianceResourceIds": []})), bad),
        ("good", Value::Null, with("ControlScope", json!({"Tags": {"a": "", "b": ""}})), bad),
    ];
    for (name, description, controls, error) in cases {
        let mut input = json!({"FrameworkName": name, "FrameworkDescription": description});
        input["FrameworkControls"] = controls;
        let refused = aws.backup("POST", REGION, FRAMEWORKS, input.clone()).await;
        assert_eq!(refused.exception(), (400, error), "{input}");
    }
    assert_eq!(aws.get(REGION, FRAMEWORKS).await["Frameworks"], json!([]));
}

#[tokio::test]
async fn a_framework_fails_where_aws_config_does_not_record() {
    let aws = Aws::demo();
    let input = json!({"FrameworkName": "far", "FrameworkControls": controls(1)});
    assert_eq!(aws.backup("POST", "ap-southeast-2", FRAMEWORKS, input).await.status, 200);
    aws.pass(Duration::minutes(1));
    let shown = aws.get("ap-southeast-2", &format!("{FRAMEWORKS}/far")).await;
    assert_eq!(
        (&shown["DeploymentStatus"], &shown["FrameworkStatus"]),
        (&json!("FAILED"), &json!("INACTIVE"))
    );
}

#[tokio::test]
async fn what_audit_manager_makes_carries_tags_for_its_own_account_only() {
    let aws = Aws::demo();
    let arn = create(&aws, "retention", "1").await.body["FrameworkArn"].as_str().unwrap().to_owned();
    let path = format!("/tags/{}", arn.replace('/', "%2F"));
    assert_eq!(aws.get(REGION, &path).await["Tags"], json!({"owner": "audit"}));
    let tag = aws.backup("POST", REGION, &path, json!({"Tags": {"level": "gold"}})).await;
    assert_eq!(tag.status, 200);
    assert_eq!(aws.get(REGION, &path).await["Tags"], json!({"level": "gold", "owner": "audit"}));
    let member = aws.account("shop-01").await;
    let other = aws.backup_as(&member, "GET", REGION, &path, Value::Null).await;
    assert_eq!(other.exception(), (400, "ResourceNotFoundException"));
}

fn report_plan() -> Value {
    json!({
        "ReportPlanName": "daily",
        "ReportDeliveryChannel": {"S3BucketName": "reports", "Shelf": 3},
        "ReportSetting": {"ReportTemplate": "BACKUP_JOB_REPORT"},
        "IdempotencyToken": "1",
    })
}

#[tokio::test]
async fn a_report_plan_makes_a_report_a_day_and_those_asked_for() {
    let aws = Aws::demo();
    assert_eq!(aws.backup("POST", REGION, "/audit/report-plans", report_plan()).await.status, 200);
    let ask = || aws.backup("POST", REGION, "/audit/report-jobs/daily", json!({"IdempotencyToken": "2"}));
    let asked = ask().await;
    assert_eq!(ask().await.body, asked.body, "one token starts one job");
    let path = format!("/audit/report-jobs/{}", asked.body["ReportJobId"].as_str().unwrap());
    assert_eq!(aws.get(REGION, &path).await["ReportJob"]["Status"], "CREATED");
    aws.pass(Duration::days(2));
    assert_eq!(aws.get(REGION, &path).await["ReportJob"]["Status"], "COMPLETED");
    let jobs = aws.get(REGION, "/audit/report-jobs?ReportPlanName=daily").await;
    assert_eq!(jobs["ReportJobs"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn a_report_plan_is_deployed_as_a_framework_is() {
    let aws = Aws::demo();
    let create = || aws.backup("POST", REGION, "/audit/report-plans", report_plan());
    let (made, again) = (create().await, create().await);
    assert_eq!((again.status.as_u16(), again.body), (200, made.body));
    let path = "/audit/report-plans/daily";
    let shown = aws.get(REGION, path).await["ReportPlan"].clone();
    assert_eq!(shown["DeploymentStatus"], "CREATE_IN_PROGRESS");
    assert_eq!(
        shown["ReportDeliveryChannel"],
        json!({"S3BucketName": "reports"}),
        "only what AWS Backup knows"
    );
    let busy = aws.backup("DELETE", REGION, path, Value::Null).await;
    assert_eq!(busy.exception(), (400, "ConflictException"));
    aws.pass(Duration::minutes(1));
    let change =
        json!({"ReportSetting": {"ReportTemplate": "CONTROL_COMPLIANCE_REPORT", "FrameworkArns": []}});
    let refused = aws.backup("PUT", REGION, path, change).await;
    assert_eq!(
        refused.exception(),
        (400, "InvalidParameterValueException"),
        "compliance is that of a framework"
    );
    assert_eq!(aws.backup("DELETE", REGION, path, Value::Null).await.status, 200);
    aws.pass(Duration::minutes(1));
    let gone = aws.backup("GET", REGION, path, Value::Null).await;
    assert_eq!(gone.exception(), (400, "ResourceNotFoundException"));
}
