//! `holdfast policy`: the policy language on the command line, for pipelines and for people without the portal; and the policies
//! of a server.
//!
//! Exit status without a server: 0 good, 1 refused, invalid or, where asked for, weakened; 2 unreadable input or bad usage.

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

use super::remote::{
    self, Connection,
    policies::{self, Wish},
};
use common::Verdict;

/// Backup policies: those of a server, and the language without one.
#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// List the policies of a server.
    List(policies::List),
    /// Show a policy of a server, with its ETag.
    Show(policies::Show),
    /// Create a policy on a server.
    Create(policies::Create),
    /// Change a policy of a server that was read before.
    Save(policies::Save),
    /// Delete a policy of a server that is attached nowhere.
    Delete(policies::Delete),
    /// Attach a policy of a server to roots, OUs and accounts.
    Attach(policies::Attach),
    /// Detach a policy of a server from roots, OUs and accounts.
    Detach(policies::Attach),
    /// Without a server: check policies as AWS does when they are saved.
    Lint(lint::LintArgs),
    /// Without a server: compute what applies to an account from the policies on its way down, and where each value is from.
    Effective(effective::EffectiveArgs),
    /// Without a server: say what changed between two policies, and whether it protects less.
    Diff(diff::DiffArgs),
    /// Without a server: list when the rules of a policy run next, and which of them meet.
    Runs(runs::RunsArgs),
    /// Without a server: say what a change would do to the accounts of an organization.
    Simulate(simulate::SimulateArgs),
}

impl PolicyCommand {
    /// Whether it is for a server that runs.
    #[must_use]
    pub const fn asks_server(&self) -> bool {
        !matches!(
            self,
            Self::Lint(_) | Self::Effective(_) | Self::Diff(_) | Self::Runs(_) | Self::Simulate(_)
        )
    }
}

/// Runs a command, prints its result and says how it ended.
pub fn run(command: PolicyCommand, before: Connection) -> ExitCode {
    let done = match command {
        PolicyCommand::Lint(args) => lint::run(&args),
        PolicyCommand::Effective(args) => effective::run(&args),
        PolicyCommand::Diff(args) => diff::run(&args),
        PolicyCommand::Runs(args) => runs::run(&args),
        PolicyCommand::Simulate(args) => simulate::run(&args),
        PolicyCommand::List(args) => return ask(Wish::List(args), before),
        PolicyCommand::Show(args) => return ask(Wish::Show(args), before),
        PolicyCommand::Create(args) => return ask(Wish::Create(args), before),
        PolicyCommand::Save(args) => return ask(Wish::Save(args), before),
        PolicyCommand::Delete(args) => return ask(Wish::Delete(args), before),
        PolicyCommand::Attach(args) => return ask(Wish::Attach(args), before),
        PolicyCommand::Detach(args) => return ask(Wish::Detach(args), before),
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

fn ask(wish: Wish, before: Connection) -> ExitCode {
    remote::run(&before.or(wish.connection().clone()), |client| wish.run(client))
}

#[cfg(test)]
mod tests;
