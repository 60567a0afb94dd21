//! `holdfast local-sign-in`: for who is locked out, and has the database.
//!
//! Exit status: 0 done; 2 the database could not be asked, or bad usage.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::Subcommand;
use portal::turn_local_sign_in_on;
use store::StoreError;

use super::audit::Database;
use crate::outside;

/// Local sign-in
#[derive(Debug, Subcommand)]
pub enum LocalSignInCommand {
    /// Let local accounts sign in again, where an administrator has switched that off; written into the audit list
    On(Database),
}

#[derive(Debug, thiserror::Error)]
enum LocalSignInError {
    #[error("DATABASE_URL: {0}")]
    Database(#[from] StoreError),
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Runs a command, prints its result and says how it ended.
pub fn run(command: LocalSignInCommand) -> ExitCode {
    let LocalSignInCommand::On(database) = command;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let done = runtime.map_err(LocalSignInError::Io).and_then(|runtime| {
        runtime.block_on(async {
            let turned = turn_local_sign_in_on(&database.connect()?, outside::now()).await?;
            let words =
                if turned { "local accounts sign in again" } else { "local accounts sign in already" };
            Ok(writeln!(io::stdout(), "{words}")?)
        })
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::from(2)
        }
    }
}
