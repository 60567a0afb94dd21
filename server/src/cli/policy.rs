//! `holdfast policy`: the policy language on the command line, for pipelines and for people without the portal.
//!
//! Exit status: 0 good, 1 refused, invalid or, where asked for, weakened; 2 unreadable input or bad usage.

mod changes;
mod common;
mod diff;
mod effective;
mod input;
mod lint;
mod runs;
mod simulate;

use std::io::Write;
use std::process::ExitCode;

use clap::Subcommand;

use common::Verdict;

/// Work with backup policies without a server.
#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// Check policies as AWS does when they are saved.
    Lint(lint::LintArgs),
    /// Compute what applies to an account from the policies on its way down, and where each value is from.
    Effective(effective::EffectiveArgs),
    /// Say what changed between two policies, and whether it protects less.
    Diff(diff::DiffArgs),
    /// List when the rules of a policy run next, and which of them meet.
    Runs(runs::RunsArgs),
    /// Say what a change would do to the accounts of an organization.
    Simulate(simulate::SimulateArgs),
}

/// Runs a command, prints its result and says how it ended.
pub fn run(command: PolicyCommand) -> ExitCode {
    let done = match &command {
        PolicyCommand::Lint(args) => lint::run(args),
        PolicyCommand::Effective(args) => effective::run(args),
        PolicyCommand::Diff(args) => diff::run(args),
        PolicyCommand::Runs(args) => runs::run(args),
        PolicyCommand::Simulate(args) => simulate::run(args),
    };
    match done {
        Ok(Verdict::Good) => ExitCode::SUCCESS,
        Ok(Verdict::Bad) => ExitCode::from(1),
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "error: {error}");
            ExitCode::from(2)
        }
    }
}

#[cfg(test)]
mod tests;
