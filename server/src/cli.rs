//! The command line.

pub mod audit;
pub mod policy;
pub mod providers;
pub mod sign_in;

use std::{fmt::Display, process::ExitCode, sync::Arc};

use clap::{Parser, Subcommand};
use time::OffsetDateTime;

use crate::{
    demo::{self, DemoOptions},
    log::{LogFormat, log},
    serve::{self, ServeOptions},
    start::StartError,
};

/// Pages are rendered on several threads even where the machine has one core: a page that waits for another thread's work
/// must not keep that thread waiting.
const LEAST_WORKERS: usize = 4;

/// A web portal for AWS Backup across a whole AWS organization.
#[derive(Parser)]
#[command(name = "holdfast", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the portal for your organization
    Serve(Box<ServeOptions>),
    /// Serve a portal for a simulated organization: with a PostgreSQL of its own, and nothing leaves this machine
    Demo(DemoOptions),
    /// Serve a simulated AWS for the AWS command line, any SDK and pipelines
    Simulator(simulator::Program),
    /// Work with backup policies without a server
    #[command(subcommand)]
    Policy(policy::PolicyCommand),
    /// Prove the audit list
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Let people in who are locked out
    #[command(subcommand)]
    LocalSignIn(sign_in::LocalSignInCommand),
    /// Try out the file of identity providers
    #[command(subcommand)]
    Providers(providers::ProvidersCommand),
}

impl Cli {
    /// Runs the command to its end.
    #[must_use]
    pub fn run(self) -> ExitCode {
        match self.command {
            Command::Serve(options) => {
                log(options.log_format, "info");
                serving(serve::serve(*options))
            }
            Command::Demo(options) => {
                log(LogFormat::Text, "warn,sqlx::query=error");
                serving(demo::demo(options))
            }
            Command::Simulator(program) => {
                log(LogFormat::Text, "warn");
                #[expect(
                    clippy::disallowed_methods,
                    reason = "the command line is where the real clock is read"
                )]
                let now = Arc::new(OffsetDateTime::now_utc);
                serving(program.run(now))
            }
            Command::Policy(command) => policy::run(command),
            Command::Providers(command) => providers::run(command),
            Command::Audit(command) => {
                log(LogFormat::Text, "warn");
                audit::run(command)
            }
            Command::LocalSignIn(command) => {
                log(LogFormat::Text, "warn");
                sign_in::run(command)
            }
        }
    }
}

fn serving<E: Display>(work: impl Future<Output = Result<(), E>>) -> ExitCode {
    let workers =
        std::thread::available_parallelism().map_or(LEAST_WORKERS, |cores| cores.get().max(LEAST_WORKERS));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(workers).enable_all().build();
    let done = match runtime {
        Ok(runtime) => runtime.block_on(work).map_err(|error| error.to_string()),
        Err(error) => Err(StartError::Runtime(error).to_string()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("holdfast: {error}");
            ExitCode::FAILURE
        }
    }
}
