//! Commands that ask a Holdfast over its API, by a token: the same questions and changes as the pages.
//!
//! Exit status: 0 done; 1 the server refused, could not be reached, or did not do all of it; 2 bad usage, no server, no token, or a
//! file that cannot be read.

pub mod audit;
pub mod changes;
pub mod jobs;
pub mod login;
pub mod organization;
pub mod policies;
pub mod settings;

mod asked;
mod client;
mod connection;
mod error;
mod kept;
mod list;
mod output;
mod plain;
mod problem;
mod token;

use std::{io, process::ExitCode};

pub use asked::{Asked, AskedList};
pub use client::Client;
pub use connection::Connection;
pub use error::RemoteError;
pub use list::{ListArgs, follow};
pub use output::Output;

use output::complain;

/// Asks the server that the options name, by the token that they name or that was kept, and says how it ended.
pub fn run<F, W>(connection: &Connection, work: W) -> ExitCode
where
    F: Future<Output = Result<Ended, RemoteError>>,
    W: FnOnce(Client) -> F,
{
    ended(connection.client().map(work))
}

/// The same without a token.
pub fn run_as_stranger<F, W>(connection: &Connection, work: W) -> ExitCode
where
    F: Future<Output = Result<Ended, RemoteError>>,
    W: FnOnce(Client) -> F,
{
    ended(connection.stranger().map(work))
}

/// Whether all that was asked for was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    Done,
    /// The server took it, and not all of it was done, or that is not known.
    NotDone,
}

/// Waits for the work, if it could be begun.
fn ended<F>(work: Result<F, RemoteError>) -> ExitCode
where
    F: Future<Output = Result<Ended, RemoteError>>,
{
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let done = work.and_then(|work| runtime.map_err(RemoteError::Runtime)?.block_on(work));
    match done {
        Ok(Ended::Done) => ExitCode::SUCCESS,
        Ok(Ended::NotDone) => ExitCode::FAILURE,
        // Whoever read it has enough.
        Err(RemoteError::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("error: {error}"));
            error.exit_code()
        }
    }
}
