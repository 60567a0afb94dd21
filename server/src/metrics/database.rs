//! Numbers that are asked from the database when somebody looks. One that cannot be read is absent, never 0.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use model::{audit::AuditListProof, job::lists::JobListState, session::Freshness};
use portal::Portal;
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeGaugeValue, EncodeMetric},
    metrics::{MetricType, gauge::ConstGauge},
    registry::Unit,
};
use store::{Store, TaskCount};
use time::OffsetDateTime;

/// Who asks for numbers is told without those of the database rather than late.
const PATIENCE: Duration = Duration::from_secs(2);

/// What the database answered last.
#[derive(Debug, Default)]
pub(super) struct DatabaseNumbers(Mutex<Answers>);

#[derive(Debug, Default)]
struct Answers {
    freshness: Option<(Freshness, OffsetDateTime)>,
    tasks: Option<Vec<TaskCount>>,
    lists: Option<(Vec<JobListState>, OffsetDateTime)>,
    /// The newest signed head of the audit list, and how far the list was sent on.
    audit: Option<(AuditListProof, OffsetDateTime)>,
}

impl DatabaseNumbers {
    /// Asks the database. `kinds` of tasks are told even where there is none.
    pub async fn look(&self, portal: &Portal, store: &Store, kinds: &[&str], now: OffsetDateTime) {
        let freshness = async { Some((store.freshness(now).await.ok()?, now)) };
        let tasks = async { Some(with_none(store.task_counts(now).await.ok()?, kinds)) };
        let lists = async { Some((store.job_lists().await.ok()?, now)) };
        let audit = async {
            let head = store.newest_audit_head().await.ok()?;
            Some((AuditListProof { head, forwarding: portal.audit_forwarding().await.ok()? }, now))
        };
        let (freshness, tasks, lists, audit) = tokio::join!(
            tokio::time::timeout(PATIENCE, freshness),
            tokio::time::timeout(PATIENCE, tasks),
            tokio::time::timeout(PATIENCE, lists),
            tokio::time::timeout(PATIENCE, audit)
        );
        let answers = Answers {
            freshness: freshness.unwrap_or(None),
            tasks: tasks.unwrap_or(None),
            lists: lists.unwrap_or(None),
            audit: audit.unwrap_or(None),
        };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = answers;
    }
}

/// The counts, with zeros for kinds that have no task now.
fn with_none(counts: Vec<TaskCount>, kinds: &[&str]) -> Vec<TaskCount> {
    let none = |kind: &&str| TaskCount { kind: (*kind).to_owned(), waiting: 0, leased: 0, failing: 0 };
    let mut all: BTreeMap<String, TaskCount> =
        kinds.iter().map(none).map(|count| (count.kind.clone(), count)).collect();
    all.extend(counts.into_iter().map(|count| (count.kind.clone(), count)));
    all.into_values().collect()
}

impl Collector for DatabaseNumbers {
    fn encode(&self, mut encoder: DescriptorEncoder) -> fmt::Result {
        let Answers { freshness, tasks, lists, audit } =
            &*self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let up = i64::from(freshness.is_some());
        single(&mut encoder, "holdfast_database_up", "Whether the database answers.", up)?;
        if let Some((freshness, at)) = freshness {
            let help = "Whether the last sync failed, in any process on this database.";
            let failing = i64::from(freshness.problem.is_some());
            single(&mut encoder, "holdfast_sync_failing", help, failing)?;
            age(&mut encoder, freshness, *at)?;
        }
        if let Some((lists, at)) = lists {
            job_lists(&mut encoder, lists, *at)?;
        }
        if let Some((proof, at)) = audit {
            audit_list(&mut encoder, proof, *at)?;
        }
        tasks.as_ref().map_or(Ok(()), |tasks| queue(&mut encoder, tasks))
    }
}

fn age(encoder: &mut DescriptorEncoder, freshness: &Freshness, at: OffsetDateTime) -> fmt::Result {
    let help = "Since the last whole reading from AWS, by any process on this database; absent before the first, of jobs while any list was never read.";
    let name = "holdfast_sync_age";
    let mut family = encoder.encode_descriptor(name, help, Some(&Unit::Seconds), MetricType::Gauge)?;
    for (part, read_at) in [("organization", freshness.organization_at), ("jobs", freshness.jobs_at)] {
        if let Some(read_at) = read_at {
            let age = ConstGauge::new((at - read_at).as_seconds_f64());
            age.encode(family.encode_family(&[("part", part)])?)?;
        }
    }
    Ok(())
}

/// Two families: how old each list is, and how the last attempt to read it ended, which is there from the first on.
fn job_lists(encoder: &mut DescriptorEncoder, lists: &[JobListState], at: OffsetDateTime) -> fmt::Result {
    let help =
        "Since a list of jobs was last read whole; absent while it never was: holdfast_jobs_list tells why.";
    let name = "holdfast_jobs_read_age";
    let mut family = encoder.encode_descriptor(name, help, Some(&Unit::Seconds), MetricType::Gauge)?;
    for list in lists {
        if let Some(read_at) = list.read_at {
            let labels = [("region", list.region.as_str()), ("kind", list.kind.as_str())];
            let age = ConstGauge::new((at - read_at).as_seconds_f64());
            age.encode(family.encode_family(&labels)?)?;
        }
    }
    let help = "1 for each list of jobs under how the last attempt to read it ended, and whether it was ever read whole.";
    let mut family = encoder.encode_descriptor("holdfast_jobs_list", help, None, MetricType::Gauge)?;
    for list in lists {
        let ever = if list.read_at.is_some() { "yes" } else { "no" };
        let (region, kind) = (list.region.as_str(), list.kind.as_str());
        let labels =
            [("region", region), ("kind", kind), ("outcome", list.outcome.as_str()), ("ever_read", ever)];
        ConstGauge::new(1_i64).encode(family.encode_family(&labels)?)?;
    }
    let help = "Rows of a list of jobs that could not be read, or not in full; at most 100 are counted.";
    let mut family = encoder.encode_descriptor("holdfast_jobs_odd_rows", help, None, MetricType::Gauge)?;
    for list in lists {
        let labels = [("region", list.region.as_str()), ("kind", list.kind.as_str())];
        let count = i64::try_from(list.odd.len()).unwrap_or(i64::MAX);
        ConstGauge::new(count).encode(family.encode_family(&labels)?)?;
    }
    Ok(())
}

/// How old the newest signed head is, and how far the list was sent on; each absent where there is none.
fn audit_list(encoder: &mut DescriptorEncoder, proof: &AuditListProof, at: OffsetDateTime) -> fmt::Result {
    if let Some(head) = &proof.head {
        let help = "Since the end of the audit list was last signed.";
        let name = "holdfast_audit_head_age";
        let age = ConstGauge::new((at - head.at).as_seconds_f64());
        age.encode(encoder.encode_descriptor(name, help, Some(&Unit::Seconds), MetricType::Gauge)?)?;
    }
    let Some(forwarding) = &proof.forwarding else { return Ok(()) };
    let help = "Events of the audit list that are still to be sent on.";
    let behind = i64::try_from(forwarding.behind).unwrap_or(i64::MAX);
    single(encoder, "holdfast_audit_forward_behind", help, behind)?;
    let help = "Whether the last attempt to send the audit list on failed, in any process on this database.";
    let failing = i64::from(forwarding.problem.is_some());
    single(encoder, "holdfast_audit_forward_failing", help, failing)
}

fn queue(encoder: &mut DescriptorEncoder, tasks: &[TaskCount]) -> fmt::Result {
    let help = "Tasks in the queue of this database: waiting, leased to a process, put off after a failure.";
    let mut family = encoder.encode_descriptor("holdfast_tasks", help, None, MetricType::Gauge)?;
    for TaskCount { kind, waiting, leased, failing } in tasks {
        for (state, count) in [("waiting", waiting), ("leased", leased), ("failing", failing)] {
            let labels = [("kind", kind.as_str()), ("state", state)];
            ConstGauge::new(*count).encode(family.encode_family(&labels)?)?;
        }
    }
    Ok(())
}

fn single(
    encoder: &mut DescriptorEncoder,
    name: &str,
    help: &str,
    value: impl EncodeGaugeValue,
) -> fmt::Result {
    ConstGauge::new(value).encode(encoder.encode_descriptor(name, help, None, MetricType::Gauge)?)
}
