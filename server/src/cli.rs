//! The command line.

pub mod audit;
pub mod file;
pub mod policy;
pub mod providers;
pub mod remote;
pub mod sign_in;

use std::{fmt::Display, process::ExitCode, sync::Arc};

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand, builder::Resettable, error::ErrorKind};
use time::OffsetDateTime;

use self::remote::{
    Connection,
    audit::EventsArgs,
    changes::ChangeCommand,
    jobs::{JobArgs, JobsArgs},
    login::{LoginArgs, LogoutArgs, WhoamiArgs},
    organization::{AccountCommand, OrgCommand},
    settings::SettingsCommand,
};
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
    #[command(flatten)]
    connection: Connection,
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
    /// Backup policies: those of a server, and the language without one
    #[command(subcommand)]
    Policy(policy::PolicyCommand),
    /// The audit list: of a server, and its proof in a database
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Let people in who are locked out
    #[command(subcommand)]
    LocalSignIn(sign_in::LocalSignInCommand),
    /// Try out the file of identity providers
    #[command(subcommand)]
    Providers(providers::ProvidersCommand),
    /// The organization of a server
    #[command(subcommand)]
    Org(OrgCommand),
    /// One account, and what applies to it
    #[command(subcommand)]
    Account(AccountCommand),
    /// What was asked of AWS, step by step
    #[command(subcommand)]
    Change(ChangeCommand),
    /// Jobs of all accounts and Regions, newest first
    Jobs(Box<JobsArgs>),
    /// One job in full
    Job(JobArgs),
    /// What changed in AWS outside Holdfast, newest first
    Events(EventsArgs),
    /// What AWS needs before backup policies work
    #[command(subcommand)]
    Settings(SettingsCommand),
    /// Ask for a token in your name, which you approve in a browser, and keep it for the server
    Login(LoginArgs),
    /// Revoke the token that was kept for the server, and forget it
    Logout(LogoutArgs),
    /// Whom the token speaks for, and what it may
    Whoami(WhoamiArgs),
}

impl Cli {
    /// Reads the arguments of this process. Where they are wrong, the process ends with status 2.
    #[must_use]
    pub fn of_process() -> Self {
        // The environment is read after the command, where what was said before it goes first.
        let command = Self::command().mut_args(|argument| argument.env(Resettable::Reset));
        Self::from_arg_matches(&command.get_matches()).unwrap_or_else(|error| error.exit())
    }

    /// Runs the command to its end.
    #[must_use]
    pub fn run(self) -> ExitCode {
        let Self { connection: before, command } = self;
        if before.is_said() && !command.asks_server() {
            let words = "this command asks no server: leave out what stands before it";
            Self::command().error(ErrorKind::ArgumentConflict, words).exit();
        }
        match command {
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
            Command::Policy(command) => policy::run(command, before),
            Command::Org(command) => {
                remote::run(&before.or(command.connection().clone()), |c| command.run(c))
            }
            Command::Account(command) => {
                remote::run(&before.or(command.connection().clone()), |c| command.run(c))
            }
            Command::Change(command) => {
                remote::run(&before.or(command.connection().clone()), |c| command.run(c))
            }
            Command::Jobs(args) => remote::run(&before.or(args.connection().clone()), |c| args.run(c)),
            Command::Job(args) => remote::run(&before.or(args.connection().clone()), |c| args.run(c)),
            Command::Events(args) => remote::run(&before.or(args.connection().clone()), |c| args.run(c)),
            Command::Settings(command) => {
                remote::run(&before.or(command.connection().clone()), |c| command.run(c))
            }
            Command::Whoami(args) => remote::run(&before.or(args.connection().clone()), |c| args.run(c)),
            Command::Login(args) => {
                let connection = before.or(args.connection().clone());
                remote::run_as_stranger(&connection.clone(), |c| args.run(c, connection))
            }
            Command::Logout(args) => {
                remote::run_as_stranger(&before.or(args.connection().clone()), remote::login::logout)
            }
            Command::Providers(command) => providers::run(command),
            Command::Audit(command) => {
                log(LogFormat::Text, "warn");
                audit::run(command, before)
            }
            Command::LocalSignIn(command) => {
                log(LogFormat::Text, "warn");
                sign_in::run(command)
            }
        }
    }
}

impl Command {
    /// Whether it is for a server that runs.
    fn asks_server(&self) -> bool {
        match self {
            Self::Serve(_)
            | Self::Demo(_)
            | Self::Simulator(_)
            | Self::LocalSignIn(_)
            | Self::Providers(_) => false,
            Self::Policy(command) => command.asks_server(),
            Self::Audit(command) => command.asks_server(),
            Self::Org(_)
            | Self::Account(_)
            | Self::Change(_)
            | Self::Jobs(_)
            | Self::Job(_)
            | Self::Events(_)
            | Self::Settings(_)
            | Self::Login(_)
            | Self::Logout(_)
            | Self::Whoami(_) => true,
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
