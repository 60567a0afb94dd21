//! Report plans of AWS Backup Audit Manager, and the jobs that write their reports: one a day, and those asked for.

use super::deployment::settled;
use crate::hash;
use crate::service::backup::tagging;
use crate::service::listing;
use crate::wire::answer::{Answer, AwsError};
use crate::wire::call::Call;
use crate::wire::rule::epoch;
use crate::world::World;
use crate::world::backup::audit::ReportPlan;
use crate::world::backup::deployment::{Change, Deployment};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime, Time};

/// Most report plans of one account.
const PLAN_LIMIT: usize = 20;
/// When of a day the reports are written.
const DAILY: Time = Time::MIDNIGHT;
/// How long writing a report waits, and how long it takes.
const WAIT: Duration = Duration::seconds(20);
const WRITING: Duration = Duration::seconds(90);
/// How many days back report jobs are listed.
const REACH: i64 = 30;
/// What reports can be about.
pub const TEMPLATES: &[&str] = &[
    "BACKUP_JOB_REPORT",
    "COPY_JOB_REPORT",
    "RESTORE_JOB_REPORT",
    "SCAN_JOB_REPORT",
    "RESOURCE_COMPLIANCE_REPORT",
    "CONTROL_COMPLIANCE_REPORT",
];

/// A job that writes a report.
struct ReportJob<'w> {
    plan: &'w ReportPlan,
    created: OffsetDateTime,
}

impl ReportJob<'_> {
    fn id(&self) -> String {
        let milliseconds = (self.created.unix_timestamp_nanos() / 1_000_000) as u64;
        hash::uuid(hash::text(&self.plan.arn), &[milliseconds])
    }

    fn ends(&self) -> OffsetDateTime {
        self.created + WAIT + WRITING
    }

    fn status(&self, now: OffsetDateTime) -> &'static str {
        match now - self.created {
            age if age < WAIT => "CREATED",
            age if age < WAIT + WRITING => "RUNNING",
            _ => "COMPLETED",
        }
    }

    fn value(&self, region: &str, now: OffsetDateTime) -> Value {
        let bucket = self.plan.channel.get("S3BucketName").cloned().unwrap_or_default();
        let mut value = json!({
            "ReportJobId": self.id(),
            "ReportPlanArn": self.plan.arn,
            "ReportTemplate": self.plan.setting.get("ReportTemplate"),
            "CreationTime": epoch(self.created),
            "Status": self.status(now),
        });
        if self.ends() <= now
            && let Value::Object(members) = &mut value
        {
            members.insert("CompletionTime".to_owned(), epoch(self.ends()));
            let destination = json!({"S3BucketName": bucket, "S3Keys": self.keys(region)});
            members.insert("ReportDestination".to_owned(), destination);
        }
        value
    }

    /// `<prefix>/Backup/<region>/<year>/<month>/<day>/<name>.<format>`
    fn keys(&self, region: &str) -> Vec<String> {
        let prefix = self.plan.channel.get("S3KeyPrefix").and_then(Value::as_str);
        let prefix = prefix.map(|prefix| format!("{prefix}/")).unwrap_or_default();
        let day = self.created.date();
        let (year, month, day) = (day.year(), u8::from(day.month()), day.day());
        let formats = self.plan.channel.get("Formats").and_then(Value::as_array);
        let formats: Vec<&str> = formats.into_iter().flatten().filter_map(Value::as_str).collect();
        let formats = if formats.is_empty() { vec!["CSV"] } else { formats };
        let key = |format: &str| {
            let name = &self.plan.name;
            let end = format.to_ascii_lowercase();
            format!("{prefix}Backup/{region}/{year}/{month:02}/{day:02}/{name}.{end}")
        };
        formats.into_iter().map(key).collect()
    }
}

/// The jobs of a plan up to now, newest first.
fn jobs(plan: &ReportPlan, now: OffsetDateTime) -> Vec<ReportJob<'_>> {
    let days = (0..=REACH).filter_map(|back| now.date().checked_sub(Duration::days(back)));
    let daily = days.map(|day| day.with_time(DAILY).assume_utc()).filter(|at| *at > plan.created_at);
    let asked = plan.asked.iter().map(|(at, _)| *at).filter(|at| *at > now - Duration::days(REACH));
    let mut jobs: Vec<ReportJob> =
        daily.chain(asked).filter(|at| *at <= now).map(|created| ReportJob { plan, created }).collect();
    jobs.sort_by_key(|job| std::cmp::Reverse(job.created));
    jobs
}

fn key(call: &Call, name: &str) -> (String, String, String) {
    (call.account.clone(), call.region.clone(), name.to_owned())
}

fn own<'w>(world: &'w World, call: &'w Call) -> impl Iterator<Item = &'w ReportPlan> {
    let is_own = |((account, region, _), _): &(&(String, String, String), &ReportPlan)| {
        *account == call.account && *region == call.region
    };
    let plans = world.backups.report_plans.iter().filter(is_own).map(|(_, plan)| plan);
    plans.filter(|plan| !plan.deployment.is_gone(call.now))
}

/// Whether an ARN is that of a report plan of the caller.
pub fn is_own(world: &World, call: &Call, arn: &str) -> bool {
    own(world, call).any(|plan| plan.arn == arn)
}

fn find<'w>(world: &'w World, call: &'w Call) -> Result<&'w ReportPlan, AwsError> {
    let name = call.need("ReportPlanName")?;
    let missing = || AwsError::not_found(format!("Cannot find report plan {name}."));
    own(world, call).find(|plan| plan.name == name).ok_or_else(missing)
}

pub fn create(world: &mut World, call: &Call) -> Answer {
    let name = call.need("ReportPlanName")?;
    let token = call.text("IdempotencyToken");
    let (channel, setting) = (channel(call).unwrap_or_default(), setting(call)?.unwrap_or_default());
    if let Some(known) = own(world, call).find(|plan| plan.name == name) {
        if token.is_some() && known.token.as_deref() == token && known.setting == setting {
            return Ok(reference(known));
        }
        let message = format!("A report plan with the name {name} exists already.");
        return Err(AwsError::new("AlreadyExistsException", message)
            .with("Code", "ERROR_2603")
            .with("Arn", known.arn.as_str()));
    }
    if own(world, call).count() >= PLAN_LIMIT {
        let message = "The number of report plans reached its quota.";
        return Err(AwsError::new("LimitExceededException", message).with("Code", "ERROR_2701"));
    }
    let number =
        hash::mix(world.seed, &[hash::text(name), hash::text(&call.account), hash::text(&call.region)]);
    let uuid = hash::uuid(number, &[]);
    let plan = ReportPlan {
        name: name.to_owned(),
        arn: format!("arn:aws:backup:{}:{}:report-plan:{name}-{uuid}", call.region, call.account),
        description: call.text("ReportPlanDescription").map(str::to_owned),
        channel,
        setting,
        created_at: call.now,
        deployment: Deployment::new(Change::Create, call.now),
        token: token.map(str::to_owned),
        asked: Vec::new(),
    };
    tagging::give(world, call, "ReportPlanTags", &plan.arn)?;
    let answer = reference(&plan);
    world.backups.report_plans.insert(key(call, name), plan);
    Ok(answer)
}

pub fn update(world: &mut World, call: &Call) -> Answer {
    let mut plan = find(world, call)?.clone();
    let token = call.text("IdempotencyToken");
    let setting = setting(call)?;
    if token.is_some() && plan.token.as_deref() == token {
        return Ok(reference(&plan));
    }
    settled(plan.deployment, call.now)?;
    plan.channel = channel(call).unwrap_or(plan.channel);
    plan.setting = setting.unwrap_or(plan.setting);
    if let Some(description) = call.text("ReportPlanDescription") {
        plan.description = Some(description.to_owned());
    }
    plan.deployment = Deployment::new(Change::Update, call.now);
    plan.token = token.map(str::to_owned);
    let answer = reference(&plan);
    world.backups.report_plans.insert(key(call, &plan.name), plan);
    Ok(answer)
}

pub fn delete(world: &mut World, call: &Call) -> Answer {
    let mut plan = find(world, call)?.clone();
    settled(plan.deployment, call.now)?;
    plan.deployment = Deployment::new(Change::Delete, call.now);
    world.backups.report_plans.insert(key(call, &plan.name), plan);
    Ok(Value::Null)
}

pub fn describe(world: &World, call: &Call) -> Answer {
    Ok(json!({"ReportPlan": value(find(world, call)?, call.now)}))
}

pub fn list(world: &World, call: &Call) -> Answer {
    let plans = own(world, call);
    listing::page(world, call, "ReportPlans", plans, |plan| plan.name.clone(), |plan| value(plan, call.now))
}

pub fn start_job(world: &mut World, call: &Call) -> Answer {
    let mut plan = find(world, call)?.clone();
    let token = call.text("IdempotencyToken").map(str::to_owned);
    let known = plan.asked.iter().find(|(_, known)| token.is_some() && *known == token);
    let created = known.map_or(call.now, |(at, _)| *at);
    let id = ReportJob { plan: &plan, created }.id();
    if known.is_none() {
        plan.asked.push((call.now, token));
        world.backups.report_plans.insert(key(call, &plan.name), plan);
    }
    Ok(json!({"ReportJobId": id}))
}

pub fn describe_job(world: &World, call: &Call) -> Answer {
    let id = call.need("ReportJobId")?;
    let found = own(world, call).flat_map(|plan| jobs(plan, call.now)).find(|job| job.id() == id);
    let job = found.ok_or_else(|| AwsError::not_found(format!("Cannot find report job {id}.")))?;
    Ok(json!({"ReportJob": job.value(&call.region, call.now)}))
}

pub fn list_jobs(world: &World, call: &Call) -> Answer {
    let wanted = |job: &ReportJob| {
        call.text("ByReportPlanName").is_none_or(|name| name == job.plan.name)
            && call.text("ByStatus").is_none_or(|status| status == job.status(call.now))
            && call.time("ByCreationBefore").is_none_or(|before| job.created < before)
            && call.time("ByCreationAfter").is_none_or(|after| job.created > after)
    };
    let key = |job: &ReportJob| {
        let newest_first = i64::MAX - job.created.unix_timestamp();
        format!("{newest_first:020}-{}", job.id())
    };
    let mut found: Vec<ReportJob> =
        own(world, call).flat_map(|plan| jobs(plan, call.now)).filter(wanted).collect();
    found.sort_by_key(key);
    listing::page(world, call, "ReportJobs", found.into_iter(), key, |job| job.value(&call.region, call.now))
}

fn channel(call: &Call) -> Option<Value> {
    call.input.get("ReportDeliveryChannel").cloned()
}

fn setting(call: &Call) -> Result<Option<Value>, AwsError> {
    let Some(setting) = call.input.get("ReportSetting") else { return Ok(None) };
    let template = setting.get("ReportTemplate").and_then(Value::as_str).unwrap_or_default();
    let frameworks = setting.get("FrameworkArns").and_then(Value::as_array);
    if template.ends_with("COMPLIANCE_REPORT") && frameworks.is_none_or(Vec::is_empty) {
        return Err(AwsError::bad_value("Compliance reports need FrameworkArns."));
    }
    Ok(Some(setting.clone()))
}

fn reference(plan: &ReportPlan) -> Value {
    json!({
        "ReportPlanName": plan.name,
        "ReportPlanArn": plan.arn,
        "CreationTime": epoch(plan.created_at),
    })
}

fn value(plan: &ReportPlan, now: OffsetDateTime) -> Value {
    let mut value = reference(plan);
    if let Value::Object(members) = &mut value {
        let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
        if let Some(description) = &plan.description {
            put("ReportPlanDescription", description.as_str().into());
        }
        put("ReportDeliveryChannel", plan.channel.clone());
        put("ReportSetting", plan.setting.clone());
        put("DeploymentStatus", plan.deployment.status(now).into());
        let jobs = jobs(plan, now);
        if let Some(newest) = jobs.first() {
            put("LastAttemptedExecutionTime", epoch(newest.created));
        }
        if let Some(done) = jobs.iter().find(|job| job.ends() <= now) {
            put("LastSuccessfulExecutionTime", epoch(done.created));
        }
    }
    value
}
