//! `cargo xtask bench policy`: effective policies of whole organizations, beside what cannot be avoided.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use policy::Document;
use policy::fragment::Fragment;
use policy::simulate::{Action, Effective, Node, NodeKind, Organization};
use time::OffsetDateTime;

use super::sample::{OUS, POLICIES, Sample, account_id, document, ou_id, policy_id};

/// Each figure is the mean of runs that together take this long.
const LEAST_TIME: Duration = Duration::from_millis(300);
const MOST_RUNS: u32 = 2_000;
/// What one core should take at most for all effective policies of 10,000 accounts.
const AIM_ALL: Duration = Duration::from_secs(1);
/// All effective policies should take at most this many times the floor.
const AIM_FLOORS: f64 = 3.0;
const AIM_CHANGE: Duration = Duration::from_millis(50);

/// Measures organizations of 1,000, 10,000 and 50,000 accounts and prints a table.
pub fn run() -> Result<()> {
    let texts: Vec<String> = (0..POLICIES).map(|number| document(number).to_string()).collect();
    let characters: usize = texts.iter().map(String::len).sum();
    println!(
        "{POLICIES} policies of {} characters on average, {OUS} OUs; mean processor time",
        characters / POLICIES
    );
    println!(
        "aims: all within {AIM_FLOORS} floors and {AIM_ALL:?} at 10,000 accounts, one change within {AIM_CHANGE:?}"
    );
    println!(
        "\n{:>9} {:>6} {:>11} {:>11} {:>11} {:>11} {:>7} {:>9}",
        "accounts", "ways", "parse", "print", "floor", "all", "floors", "memory"
    );
    let mut changes = Vec::new();
    for accounts in [1_000, 10_000, 50_000] {
        changes.push((accounts, measure(&texts, accounts)?));
    }
    println!("\none simulated change");
    for (accounts, measured) in changes {
        for change in measured {
            println!(
                "{accounts:>9}  {:<34} {:>11}  {:>6} accounts change",
                change.name,
                show(change.took),
                change.accounts
            );
        }
    }
    Ok(())
}

struct Measured {
    name: &'static str,
    took: Duration,
    accounts: usize,
}

fn measure(texts: &[String], accounts: usize) -> Result<Vec<Measured>> {
    let now = OffsetDateTime::from_unix_timestamp(1_767_225_600)?;
    let (parse, fragments) = mean(|| texts.iter().map(|text| compile(text)).collect::<Result<Vec<_>>>())?;
    let organization = Arc::new(organization(accounts, fragments)?);
    let (all, effective) = mean(|| Ok(Effective::of(organization.clone(), now)))?;
    let mut outcomes: Vec<_> = effective.iter().map(|(_, outcome)| outcome).collect();
    outcomes.sort_by_key(|outcome| Arc::as_ptr(outcome));
    outcomes.dedup_by_key(|outcome| Arc::as_ptr(outcome));
    let (print, _) = mean(|| {
        Ok(outcomes.iter().map(|outcome| outcome.merged.to_json().to_string().len()).sum::<usize>())
    })?;
    let floor = parse + print;
    println!(
        "{accounts:>9} {:>6} {:>11} {:>11} {:>11} {:>11} {:>7.2} {:>6} MB",
        effective.ways(),
        show(parse),
        show(print),
        show(floor),
        show(all),
        all.as_secs_f64() / floor.as_secs_f64(),
        peak_memory()? / 1024
    );
    actions()?
        .into_iter()
        .map(|(name, action)| {
            let action = std::slice::from_ref(&action);
            let (took, groups) = mean(|| Ok(effective.simulate(action)?))?;
            Ok(Measured { name, took, accounts: groups.iter().map(|group| group.accounts.len()).sum() })
        })
        .collect()
}

/// From the common case to the worst.
fn actions() -> Result<Vec<(&'static str, Action)>> {
    let edited = compile(&document(0).to_string().replace("vault-daily", "vault-new"))?;
    let replaced = compile(&document(POLICIES).to_string())?;
    Ok(vec![
        (
            "attach to an account",
            Action::Attach { policy: policy_id(7).into(), target: account_id(42).into() },
        ),
        ("attach to an OU", Action::Attach { policy: policy_id(7).into(), target: ou_id(120).into() }),
        ("move an OU", Action::Move { node: ou_id(130).into(), parent: ou_id(3).into() }),
        ("edit a setting at the root", Action::Edit { policy: policy_id(0).into(), content: edited }),
        (
            "replace a whole policy at the root",
            Action::Edit { policy: policy_id(0).into(), content: replaced },
        ),
    ])
}

/// The mean over so many runs that the coarse clock does not matter, and the last result.
fn mean<T>(mut work: impl FnMut() -> Result<T>) -> Result<(Duration, T)> {
    work()?;
    let start = processor_time()?;
    let mut runs = 0;
    loop {
        let result = black_box(work()?);
        runs += 1;
        let took = processor_time()?.saturating_sub(start);
        if took >= LEAST_TIME || runs == MOST_RUNS {
            return Ok((took / runs, result));
        }
    }
}

/// How long this thread has been on a processor: what it would take on a machine that does nothing else.
fn processor_time() -> Result<Duration> {
    let times = std::fs::read_to_string("/proc/thread-self/schedstat")
        .context("processor time is read from Linux's /proc")?;
    let nanoseconds = times.split_whitespace().next().context("no schedstat")?;
    Ok(Duration::from_nanos(nanoseconds.parse().context("schedstat holds numbers")?))
}

fn show(took: Duration) -> String {
    format!("{:.2} ms", took.as_secs_f64() * 1e3)
}

/// The most memory this process has had, in kilobytes.
fn peak_memory() -> Result<u64> {
    let status =
        std::fs::read_to_string("/proc/self/status").context("the peak memory is read from Linux's /proc")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
    line.trim().trim_end_matches(" kB").parse().context("VmHWM is a number")
}

fn compile(text: &str) -> Result<Arc<Fragment>> {
    let document = Document::parse(text).map_err(|problems| anyhow!("{problems:?}"))?;
    Ok(Arc::new(Fragment::of(&document)))
}

/// The sample with policies ready for merging.
fn organization(accounts: usize, fragments: Vec<Arc<Fragment>>) -> Result<Organization> {
    let Sample { nodes, attachments } = Sample::new(accounts);
    let node = |(id, parent): (String, Option<String>)| {
        let kind = match id.as_bytes().first() {
            Some(b'r') => NodeKind::Root,
            Some(b'o') => NodeKind::Ou,
            _ => NodeKind::Account,
        };
        Node { id: id.into(), parent: parent.map(Into::into), kind }
    };
    let attached = |(target, policies): (String, Vec<String>)| {
        (target.into(), policies.into_iter().map(Into::into).collect())
    };
    let policies =
        fragments.into_iter().enumerate().map(|(number, fragment)| (policy_id(number).into(), fragment));
    Ok(Organization::new(nodes.into_iter().map(node), policies, attachments.into_iter().map(attached))?)
}
