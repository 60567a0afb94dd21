//! Measures the organization in memory: `cargo xtask bench directory`. Times are processor time, which other work on the
//! machine does not lengthen.

#[path = "sync/memory.rs"]
mod memory;
#[path = "../../../xtask/src/bench/sample.rs"]
mod sample;

use std::{error::Error, hint::black_box, process::ExitCode, time::Duration};

use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use model::organization::{AccountState, Attachment, Node, OrganizationFacts, PolicyRecord};
use policy::simulate::Action;
use portal::bench::build;
use store::{Snapshot, StoredPolicy};
use time::{OffsetDateTime, macros::datetime};

use sample::{OUS, POLICIES, Sample, account_id, document, ou_id, policy_id};

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

const NOW: OffsetDateTime = datetime!(2026-01-01 00:00 UTC);
/// Each figure is the mean of so many runs.
const RUNS: u32 = 5;

#[derive(Parser)]
struct Arguments {
    /// How many accounts the organization has
    #[arg(long)]
    accounts: usize,
    /// Cargo says so
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> ExitCode {
    match measure(Arguments::parse().accounts) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(accounts: usize) -> Outcome {
    let bar = ProgressBar::new_spinner();
    bar.set_style(ProgressStyle::with_template("{spinner} {elapsed}  {msg}")?);
    bar.enable_steady_tick(Duration::from_millis(200));
    bar.set_message(format!("{accounts} accounts: making the organization"));
    let snapshot = snapshot(accounts)?;

    bar.set_message(format!("{accounts} accounts: building it, for its memory"));
    let mine = snapshot.clone();
    let before = memory_in_use()?;
    let built = build(mine, NOW)?;
    let (peak, after) = (memory::peak()?, memory_in_use()?);

    bar.set_message(format!("{accounts} accounts: building it {RUNS} times"));
    let mut building = Duration::ZERO;
    for _ in 0..RUNS {
        let mine = snapshot.clone();
        let begun = memory::processor_time()?;
        let another = build(mine, NOW)?;
        building += memory::processor_time()?.saturating_sub(begun);
        drop(black_box(another));
    }

    bar.set_message(format!("{accounts} accounts: a preview {RUNS} times"));
    let attach = [Action::Attach { policy: policy_id(7).into(), target: ou_id(120).into() }];
    let begun = memory::processor_time()?;
    let mut changed = 0;
    for _ in 0..RUNS {
        changed = built.preview(&attach)?.iter().map(|group| group.accounts.len()).sum();
    }
    let preview = memory::processor_time()?.saturating_sub(begun);
    bar.finish_and_clear();

    let mean = |took: Duration| format!("{:.1} ms", took.as_secs_f64() * 1e3 / f64::from(RUNS));
    println!("{accounts} accounts, {OUS} OUs, {POLICIES} policies; mean processor time of {RUNS} runs");
    println!("  build    {:>10}", mean(building));
    println!(
        "  memory   {:>10} MB beside the snapshot that it is built of, {} MB at the most",
        after.saturating_sub(before),
        peak.saturating_sub(before)
    );
    println!("  preview  {:>10} of attaching a policy to an OU; {changed} accounts change", mean(preview));
    Ok(())
}

/// In megabytes; the peak begins anew.
fn memory_in_use() -> Outcome<u64> {
    memory::forget_peak()?;
    memory::peak()
}

fn snapshot(accounts: usize) -> Outcome<Snapshot> {
    let Sample { nodes, attachments } = Sample::new(accounts);
    let nodes: Vec<Node> =
        nodes.iter().map(|(id, parent)| node(id, parent.as_deref())).collect::<Result<_, _>>()?;
    let mut attached = Vec::new();
    for (target, policies) in &attachments {
        for (position, policy) in (0..).zip(policies) {
            attached.push(Attachment { policy: policy.parse()?, target: target.parse()?, position });
        }
    }
    Ok(Snapshot {
        generation: 1,
        facts: Some(OrganizationFacts {
            id: "o-benchmarks".into(),
            arn: String::new(),
            management_account: account_id(0).parse()?,
            all_features: true,
        }),
        nodes,
        policies: (0..POLICIES).map(policy).collect::<Result<_, _>>()?,
        attachments: attached,
        policy_type_enabled: Some(true),
        seen_at: Some(NOW),
        invalid_in_aws: Some([account_id(1).parse()?].into()),
        unread: Vec::new(),
    })
}

fn node(id: &str, parent: Option<&str>) -> Outcome<Node> {
    let is_account = parent.is_some() && !id.starts_with("ou-");
    Ok(Node {
        id: id.parse()?,
        parent: parent.map(str::parse).transpose()?,
        name: format!("workload-{id}"),
        arn: format!("arn:aws:organizations::000000000000:account/o-benchmarks/{id}"),
        email: is_account.then(|| format!("workload+{id}@example.com")),
        state: is_account.then_some(AccountState::Active),
        joined_at: is_account.then_some(NOW),
    })
}

fn policy(number: usize) -> Outcome<StoredPolicy> {
    let record = PolicyRecord {
        id: policy_id(number).parse()?,
        arn: String::new(),
        name: format!("policy {number}"),
        description: String::new(),
        content: document(number).to_string(),
    };
    Ok(StoredPolicy { record, changed_at: NOW, seen_at: NOW, targets_seen_at: NOW })
}
