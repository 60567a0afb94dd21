//! AWS Backup Audit Manager: the table of its operations.

mod deployment;
pub mod frameworks;
pub mod reports;

use crate::service::handler::Handler;
use crate::wire::operation::{Field, Pages, may, need, path, query};
use crate::wire::rule::{ANY, Form, Member, Rule, TEXT_MAP, TEXTS};

const NAME: Rule = Rule::Form(Form::AuditName);
const DESCRIPTION: Rule = Rule::Form(Form::Description);
const TOKEN: Field = may("IdempotencyToken", ANY);
const REPORT_PLAN: Field = path("ReportPlanName", "reportPlanName", NAME);
const FRAMEWORK: Field = path("FrameworkName", "frameworkName", NAME);

const CHANNEL: Rule = Rule::Shape(&[
    ("S3BucketName", true, ANY),
    ("S3KeyPrefix", false, ANY),
    ("Formats", false, Rule::List(&Rule::OneOf(&["CSV", "JSON"]), 0, usize::MAX)),
]);
const SETTING: Rule = Rule::Shape(&[
    ("ReportTemplate", true, Rule::OneOf(reports::TEMPLATES)),
    ("FrameworkArns", false, TEXTS),
    ("NumberOfFrameworks", false, Rule::Whole(0, 1_000)),
    ("Accounts", false, TEXTS),
    ("OrganizationUnits", false, TEXTS),
    ("Regions", false, TEXTS),
]);

const PARAMETER: &[Member] = &[("ParameterName", false, ANY), ("ParameterValue", false, ANY)];
const SCOPE: &[Member] = &[
    ("ComplianceResourceIds", false, Rule::List(&ANY, 1, 100)),
    ("ComplianceResourceTypes", false, TEXTS),
    ("Tags", false, TEXT_MAP),
];
const CONTROL: &[Member] = &[
    ("ControlName", true, ANY),
    ("ControlInputParameters", false, Rule::List(&Rule::Shape(PARAMETER), 0, usize::MAX)),
    ("ControlScope", false, Rule::Shape(SCOPE)),
];
const CONTROLS: Rule = Rule::List(&Rule::Shape(CONTROL), 1, usize::MAX);

/// Every operation of Audit Manager that the simulator knows.
pub const OPERATIONS: &[Handler] = &[
    Handler::send("CreateReportPlan", "POST", "/audit/report-plans", reports::create).input(&[
        need("ReportPlanName", NAME),
        may("ReportPlanDescription", DESCRIPTION),
        need("ReportDeliveryChannel", CHANNEL),
        need("ReportSetting", SETTING),
        may("ReportPlanTags", TEXT_MAP),
        TOKEN,
    ]),
    Handler::send("UpdateReportPlan", "PUT", "/audit/report-plans/{reportPlanName}", reports::update).input(
        &[
            REPORT_PLAN,
            may("ReportPlanDescription", DESCRIPTION),
            may("ReportDeliveryChannel", CHANNEL),
            may("ReportSetting", SETTING),
            TOKEN,
        ],
    ),
    Handler::send("DeleteReportPlan", "DELETE", "/audit/report-plans/{reportPlanName}", reports::delete)
        .input(&[REPORT_PLAN]),
    Handler::get("DescribeReportPlan", "/audit/report-plans/{reportPlanName}", reports::describe)
        .input(&[REPORT_PLAN]),
    Handler::get("ListReportPlans", "/audit/report-plans", reports::list).pages(Pages::Pascal),
    Handler::send("StartReportJob", "POST", "/audit/report-jobs/{reportPlanName}", reports::start_job)
        .input(&[REPORT_PLAN, TOKEN]),
    Handler::get("DescribeReportJob", "/audit/report-jobs/{reportJobId}", reports::describe_job)
        .input(&[path("ReportJobId", "reportJobId", ANY)]),
    Handler::get("ListReportJobs", "/audit/report-jobs", reports::list_jobs).pages(Pages::Pascal).input(&[
        query("ByReportPlanName", "ReportPlanName", NAME),
        query("ByCreationBefore", "CreationBefore", Rule::Instant),
        query("ByCreationAfter", "CreationAfter", Rule::Instant),
        query("ByStatus", "Status", ANY),
    ]),
    Handler::send("CreateFramework", "POST", "/audit/frameworks", frameworks::create).input(&[
        need("FrameworkName", NAME),
        may("FrameworkDescription", DESCRIPTION),
        need("FrameworkControls", CONTROLS),
        may("FrameworkTags", TEXT_MAP),
        TOKEN,
    ]),
    Handler::send("UpdateFramework", "PUT", "/audit/frameworks/{frameworkName}", frameworks::update).input(
        &[FRAMEWORK, may("FrameworkDescription", DESCRIPTION), may("FrameworkControls", CONTROLS), TOKEN],
    ),
    Handler::send("DeleteFramework", "DELETE", "/audit/frameworks/{frameworkName}", frameworks::delete)
        .input(&[FRAMEWORK]),
    Handler::get("DescribeFramework", "/audit/frameworks/{frameworkName}", frameworks::describe)
        .input(&[FRAMEWORK]),
    Handler::get("ListFrameworks", "/audit/frameworks", frameworks::list).pages(Pages::Pascal),
];
