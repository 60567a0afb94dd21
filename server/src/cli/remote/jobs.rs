//! `holdfast jobs` and `holdfast job`: backup, copy and restore jobs of all accounts and Regions.

use clap::Args;
use http::Method;

use super::{
    Client, Connection, Ended, ListArgs, Output, RemoteError,
    client::Sent,
    follow,
    output::{complain, count, facts, moment, named, say, say_json, table},
    plain::plain,
};
use crate::api::jobs::{Job, JobInFull, List, StateCount};

/// How many rows a page can have.
const SIZES: [u64; 4] = [25, 50, 100, 200];

/// Jobs of all accounts and Regions, newest first. Values of one condition are alternatives: repeat it, or separate them by commas
#[derive(Debug, Args)]
pub struct JobsArgs {
    #[command(flatten)]
    filter: Filter,
    /// Instead of jobs, how many are in each state
    #[arg(long, conflicts_with = "lists")]
    count: bool,
    /// Instead of jobs, how each of AWS's lists of them was read
    #[arg(long)]
    lists: bool,
    #[command(flatten)]
    list: ListArgs,
    #[command(flatten)]
    connection: Connection,
}

/// The filter of the jobs page.
#[derive(Debug, Args)]
#[command(next_help_heading = "Filter")]
struct Filter {
    /// `backup`, `copy` or `restore`
    #[arg(long)]
    kind: Vec<String>,
    /// As `failed` or `completed`
    #[arg(long)]
    state: Vec<String>,
    /// Twelve digits
    #[arg(long)]
    account: Vec<String>,
    /// Root or OU, with whatever is below it
    #[arg(long)]
    ou: Vec<String>,
    /// Resource type, as `EBS`
    #[arg(long = "type")]
    resource_type: Vec<String>,
    #[arg(long)]
    region: Vec<String>,
    #[arg(long)]
    vault: Vec<String>,
    /// AWS's message category, or `other`
    #[arg(long)]
    cause: Vec<String>,
    /// Made by an organization's backup policy: `yes` or `no`
    #[arg(long)]
    policy: Option<String>,
    /// Created at or after: `24h`, `7d`, a date, or a date and time
    #[arg(long)]
    from: Option<String>,
    /// Created before
    #[arg(long)]
    until: Option<String>,
    /// A job id, or its first four characters or more
    #[arg(long)]
    id: Vec<String>,
    /// Part of a resource's name or ARN, a plan's or rule's name, or AWS's message
    #[arg(long, short)]
    q: Option<String>,
}

impl Filter {
    fn pairs(&self) -> Vec<(&str, &str)> {
        let many = [
            ("kind", &self.kind),
            ("state", &self.state),
            ("account", &self.account),
            ("ou", &self.ou),
            ("type", &self.resource_type),
            ("region", &self.region),
            ("vault", &self.vault),
            ("cause", &self.cause),
            ("id", &self.id),
        ];
        let one = [("policy", &self.policy), ("from", &self.from), ("until", &self.until), ("q", &self.q)];
        let many = many.into_iter().flat_map(|(name, values)| values.iter().map(move |value| (name, value)));
        let one = one.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
        many.chain(one).map(|(name, value)| (name, value.as_str())).collect()
    }
}

#[derive(Debug, Args)]
pub struct JobArgs {
    /// `backup`, `copy` or `restore`
    kind: String,
    /// Its id
    id: String,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

impl JobsArgs {
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Asks and prints.
    ///
    /// # Errors
    /// Where the server refuses, or cannot be asked.
    pub async fn run(self, client: Client) -> Result<Ended, RemoteError> {
        let size = self.list.page(&SIZES);
        let mut query = self.filter.pairs();
        query.push(("size", size.as_str()));
        // The figures stand on the first page.
        let limit = if self.count || self.lists { Some(0) } else { self.list.limit() };
        let rows = follow(&client, &["jobs"], &query, limit).await?;
        let lists: Vec<List> = read(&rows.first, "lists")?;
        if self.lists {
            print_all(self.list, &rows.first, "lists", &lists_words(&lists))?;
            return Ok(Ended::Done);
        }
        if self.count {
            let states: Vec<StateCount> = read(&rows.first, "by_state")?;
            let row = |one: StateCount| [one.state, count(&one.jobs)];
            print_all(
                self.list,
                &rows.first,
                "by_state",
                &table(["STATE", "JOBS"], states.into_iter().map(row)),
            )?;
        } else {
            self.list.print(rows, "no jobs match, among those that were read", words)?;
        }
        not_read(&lists);
        Ok(Ended::Done)
    }
}

fn read<T: serde::de::DeserializeOwned>(page: &serde_json::Value, member: &str) -> Result<T, RemoteError> {
    serde_json::from_value(page[member].clone()).map_err(|error| RemoteError::Shape(error.to_string()))
}

fn print_all(list: ListArgs, page: &serde_json::Value, member: &str, table: &str) -> Result<(), RemoteError> {
    match page[member].as_array() {
        Some(rows) if list.is_json() => rows.iter().try_for_each(say_json),
        _ => say(table),
    }
}

/// Says of which lists there may be jobs that are not shown.
fn not_read(lists: &[List]) {
    for list in lists.iter().filter(|list| list.outcome != "read") {
        let List { region, kind, outcome, problem, .. } = list;
        let before = moment(list.read_at, "never");
        let why = problem.as_ref().map(|problem| format!(": {problem}")).unwrap_or_default();
        complain(&plain(&format!("{kind} jobs in {region} are {outcome} (last read {before}){why}")));
    }
}

fn lists_words(lists: &[List]) -> String {
    let row = |list: &List| {
        let (read, known) = (moment(list.read_at, "never"), moment(list.known_until, "none"));
        let problem = list.problem.clone().unwrap_or_default();
        [list.region.clone(), list.kind.clone(), list.outcome.clone(), read, known, problem]
    };
    table(["REGION", "KIND", "OUTCOME", "READ WHOLE", "JOBS KNOWN UNTIL", "PROBLEM"], lists.iter().map(row))
}

fn words(jobs: Vec<Job>) -> String {
    let row = |job: Job| {
        let created = moment(Some(job.created_at), "");
        let resource = format!("{} {}", job.resource_type.unwrap_or_default(), job.resource);
        [created, job.kind, job.state, named(&job.account), job.region, resource, job.made_by, job.id]
    };
    let heads = ["CREATED", "KIND", "STATE", "ACCOUNT", "REGION", "RESOURCE", "MADE BY", "ID"];
    table(heads, jobs.into_iter().map(row))
}

impl JobArgs {
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Asks and prints.
    ///
    /// # Errors
    /// Where the server refuses, or cannot be asked.
    pub async fn run(self, client: Client) -> Result<Ended, RemoteError> {
        let answer = client.send(Method::GET, &["jobs", &self.kind, &self.id], &[], Sent::default()).await?;
        if self.output.is_json() {
            say_json(answer.value())?;
        } else {
            say(&in_full(answer.read()?))?;
        }
        Ok(Ended::Done)
    }
}

fn in_full(job: JobInFull) -> String {
    let told = |value: Option<String>| value.unwrap_or_else(|| "not told".to_owned());
    let related: Vec<String> = job.related.iter().map(|one| format!("{} {}", one.kind, one.id)).collect();
    facts([
        ("job", format!("{} {}", job.kind, job.id)),
        ("state", job.state),
        ("message", told(job.message)),
        ("message category", told(job.message_category)),
        ("account", named(&job.account)),
        ("Region", job.region),
        ("resource type", told(job.resource_type)),
        ("resource", told(job.resource_name)),
        ("resource ARN", told(job.resource_arn)),
        ("vault", told(job.vault_arn)),
        ("source vault", told(job.source_vault_arn)),
        ("recovery point", told(job.recovery_point_arn)),
        ("restored to", told(job.created_resource_arn)),
        ("role", told(job.role_arn)),
        ("plan", told(job.plan.or(job.plan_id))),
        ("rule", told(job.rule.or(job.rule_id))),
        ("made by", job.made_by),
        ("bytes", job.size.map_or_else(|| "not told".into(), |size| size.to_string())),
        ("percent", job.percent.map_or_else(|| "not told".into(), |percent| percent.to_string())),
        ("created", moment(Some(job.created_at), "")),
        ("ended", moment(job.completed_at, "not told")),
        ("start by", moment(job.start_by, "not told")),
        ("related", if related.is_empty() { "none".into() } else { related.join(", ") }),
        ("read", moment(Some(job.read_at), "never")),
    ])
}
