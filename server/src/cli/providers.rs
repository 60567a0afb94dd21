//! `holdfast providers`: tries out the file of identity providers.

use std::{
    io::{self, Read},
    process::ExitCode,
};

use clap::{Args, Subcommand};
use model::team::MappingTrial;
use portal::{ProvidersError, TrialError};
use tokio::runtime::Runtime;

use crate::outside;

/// Try out the file of identity providers
#[derive(Debug, Subcommand)]
pub enum ProvidersCommand {
    /// Say what a sign-in would check of a token, who its person would be, and what their groups stand for. Reads the token (JWT), or
    /// the JSON of its claims, from standard input, and the provider's keys from the provider; nothing is changed
    Try(TryArgs),
}

#[derive(Debug, Args)]
pub struct TryArgs {
    /// The file of identity providers
    #[arg(long, env = "HOLDFAST_PROVIDERS_FILE", value_name = "FILE")]
    providers_file: String,
    /// The provider that the token is of, by its name in the file
    provider: String,
}

/// Why nothing could be said.
#[derive(Debug, thiserror::Error)]
enum CommandError {
    #[error("HOLDFAST_PROVIDERS_FILE: {0}")]
    Providers(#[from] ProvidersError),
    #[error(transparent)]
    Trial(#[from] TrialError),
    #[error("the token cannot be read: {0}")]
    Input(#[from] io::Error),
}

/// Runs the command. Exit status: 0 said; 1 they would be refused, also with a fresh token; 2 nothing could be said.
pub fn run(command: ProvidersCommand) -> ExitCode {
    let ProvidersCommand::Try(arguments) = command;
    match trial(&arguments) {
        Ok(trial) => {
            print!("{}", words(&trial));
            if trial.is_refused() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
        }
        Err(error) => {
            eprintln!("holdfast: {error}");
            ExitCode::from(2)
        }
    }
}

fn trial(arguments: &TryArgs) -> Result<MappingTrial, CommandError> {
    let providers = outside::providers(Some(&arguments.providers_file))?;
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    let trying = providers.try_claims(&arguments.provider, &text, outside::now());
    Ok(Runtime::new()?.block_on(trying)?)
}

fn words(trial: &MappingTrial) -> String {
    let (issuer, subject) = &trial.identity;
    let checked = trial.checks.iter();
    let checked =
        checked.map(|check| format!("{}: {}. {}", check.part.words(), check.verdict.words(), check.why));
    let mut lines: Vec<String> = checked.collect();
    lines.push(format!("Who: {subject} at {issuer}"));
    if let Some((claim, value)) = &trial.directory {
        lines.push(format!("In the directory: whoever has {value} ({claim})"));
    }
    match &trial.groups {
        None => lines.push("Groups: none are read from the token".into()),
        Some(groups) if groups.is_empty() => lines.push("Groups: none".into()),
        Some(groups) => lines.push(format!("Groups: {}", groups.join(", "))),
    }
    for given in &trial.grants {
        lines.push(format!("Grant: {}, {}", given.grant.words(), given.source.words()));
    }
    if trial.grants.is_empty() && trial.groups.is_some() {
        lines.push("Grant: none".into());
    }
    if !trial.unmapped.is_empty() {
        lines.push(format!("No row names: {}", trial.unmapped.join(", ")));
    }
    lines.extend(trial.problems.iter().map(|problem| format!("Problem: {problem}")));
    lines.into_iter().map(|line| clean(&line) + "\n").collect()
}

/// What a token says must not move the cursor of a terminal.
fn clean(line: &str) -> String {
    line.chars().map(|c| if model::text::is_never_typed(c) { '\u{fffd}' } else { c }).collect()
}
