//! Measures the sync against a simulator in a process of its own, on a Postgres of its own: `cargo xtask bench sync`.
//! The memory it prints is that of this process, so that of the portal's side alone.

mod sync {
    pub mod floor;
    pub mod memory;
    pub mod simulator;
}

use std::{
    error::Error,
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    process::ExitCode,
    time::{Duration, Instant},
};

use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use portal::sync::{Options, Sync, channel};
use store::{JobQuery, Store, SyncPart, private::PrivatePostgres};
use time::OffsetDateTime;

use sync::{
    floor::{self, Size},
    memory,
    simulator::Simulator,
};

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// A first import should take at most this many times what the rates allow.
const AIM_FLOORS: f64 = 1.15;
/// In megabytes.
const AIM_MEMORY: u64 = 200;
/// So that a refresh, as in life, finds the buckets full.
const REST: Duration = Duration::from_secs(5);
const POLL: Duration = Duration::from_millis(500);
/// The figures of jobs are printed so many times on the way.
const STAGES: u64 = 4;

/// First import and refresh of the scale organization, and the import of many jobs, at AWS's published rates.
#[derive(Parser)]
struct Arguments {
    /// The simulator's program
    #[arg(long)]
    simulator: PathBuf,
    /// demo: 250 accounts; scale: 10,000 accounts
    #[arg(long, default_value = "scale")]
    organization: String,
    /// How many jobs to import; 0 leaves them out
    #[arg(long, default_value_t = 1_000_000)]
    jobs: u64,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let measured = tokio::select! {
        measured = measure(&arguments) => measured,
        // Dropping what was begun stops Postgres and the simulator and removes the folder.
        _ = tokio::signal::ctrl_c() => Err("stopped".into()),
    };
    match measured {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// What is measured. The order of the fields is that in which they end.
struct Bench {
    sync: Sync,
    store: Store,
    simulator: Simulator,
    _postgres: PrivatePostgres,
    _folder: tempfile::TempDir,
}

async fn measure(arguments: &Arguments) -> Outcome {
    let bench = Bench::start(arguments).await?;
    println!("built {}; aims: {AIM_FLOORS} floors, {AIM_MEMORY} MB", floor::built());
    bench.organization("first import", true).await?;
    tokio::time::sleep(REST).await;
    bench.organization("refresh", false).await?;
    if arguments.jobs > 0 {
        bench.jobs(arguments.jobs).await?;
    }
    Ok(())
}

impl Bench {
    async fn start(arguments: &Arguments) -> Outcome<Self> {
        let folder = tempfile::Builder::new().prefix("holdfast-bench-").tempdir()?;
        // Where we are root, another user runs Postgres.
        std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755))?;
        let postgres = PrivatePostgres::start(folder.path())?;
        let store = Store::connect(postgres.url(), store::Options::default())?;
        store.migrate().await?;
        let simulator = Simulator::start(&arguments.simulator, &arguments.organization).await?;
        let aws = aws::Aws::connect(aws::Options::simulated(&simulator.address, aws::Rates::On)).await?;
        let regions = ["eu-west-1", "eu-central-1", "us-east-1"].map(str::to_owned).to_vec();
        let (_, wake) = channel();
        let sync = Sync::new(store.clone(), aws, now, regions, wake, Options::default());
        Ok(Self { sync, store, simulator, _postgres: postgres, _folder: folder })
    }

    /// Reads the organization once and prints what it took.
    async fn organization(&self, what: &str, first: bool) -> Outcome {
        self.simulator.forget_calls().await?;
        memory::forget_peak()?;
        let begun = Instant::now();
        let bar = bar(what, "{spinner} {prefix}  {elapsed}  {pos} requests");
        let showing = async {
            loop {
                tokio::time::sleep(POLL).await;
                let calls = self.simulator.calls().await.unwrap_or_default();
                bar.set_position(calls.values().sum());
            }
        };
        tokio::select! {
            read = self.sync.read_once(SyncPart::Organization) => read?,
            () = showing => (),
        }
        let took = begun.elapsed();
        bar.finish_and_clear();
        let calls = self.simulator.calls().await?;
        let snapshot = self.store.load_snapshot().await?;
        let size = Size::of(&snapshot);
        let (floor, operation) = size.floor(first);
        println!(
            "\n{what}: {:.1} s, floor {:.1} s ({operation}), {:.2} floors, peak memory {} MB",
            took.as_secs_f64(),
            floor.as_secs_f64(),
            took.as_secs_f64() / floor.as_secs_f64(),
            memory::peak()?
        );
        println!("  of {size}");
        for (action, count) in calls {
            println!("  {count:>6} {action}");
        }
        Ok(())
    }

    /// Imports jobs until there are so many and prints what it took on the way.
    async fn jobs(&self, wanted: u64) -> Outcome {
        self.simulator.forget_calls().await?;
        memory::forget_peak()?;
        println!("\njobs of thirty days, three Regions, rates on (AWS Backup publishes none: our own guess)");
        println!(
            "{:>10} {:>9} {:>9} {:>14} {:>11}",
            "jobs", "time", "jobs/s", "processor time", "peak memory"
        );
        let bar = bar("jobs", "{spinner} {prefix}  {elapsed}  {bar:30} {pos} of {len}  eta {eta}");
        bar.set_length(wanted);
        let begun = Instant::now();
        let processor = memory::processor_time()?;
        let counting = async {
            for stage in 1..=STAGES {
                let count = self.until(wanted * stage / STAGES, &bar).await?;
                let (took, used) = (begun.elapsed(), memory::processor_time()? - processor);
                let speed = count as f64 / took.as_secs_f64();
                let (took, used, peak) = (took.as_secs_f64(), used.as_secs_f64(), memory::peak()?);
                bar.suspend(|| {
                    println!("{count:>10} {took:>7.1} s {speed:>9.0} {used:>12.1} s {peak:>8} MB")
                });
            }
            Outcome::Ok(())
        };
        tokio::select! {
            read = self.sync.read_once(SyncPart::Jobs) => {
                read?;
                println!("there were no more jobs");
            }
            counted = counting => counted?,
        }
        bar.finish_and_clear();
        Ok(())
    }

    /// Waits until so many jobs are kept; how many there are then.
    async fn until(&self, wanted: u64, bar: &ProgressBar) -> Outcome<u64> {
        loop {
            let by_state = self.store.count_by_state(&JobQuery::default()).await?;
            let count = by_state.iter().map(|(_, total)| total.count).sum();
            bar.set_position(count);
            if count >= wanted {
                return Ok(count);
            }
            tokio::time::sleep(POLL).await;
        }
    }
}

fn bar(what: &str, template: &str) -> ProgressBar {
    let bar = ProgressBar::new_spinner().with_prefix(what.to_owned());
    bar.set_style(ProgressStyle::with_template(template).unwrap_or(ProgressStyle::default_spinner()));
    bar.enable_steady_tick(POLL);
    bar
}

#[allow(clippy::disallowed_methods, reason = "a program of its own reads the real clock")]
fn now() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}
