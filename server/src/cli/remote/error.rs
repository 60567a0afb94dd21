//! Why a command came to nothing.

use std::{error::Error, io, path::Path, process::ExitCode};

use super::problem::Refusal;

/// Why a command came to nothing; `Display` says what to do.
#[derive(Debug, thiserror::Error)]
pub enum RemoteError {
    #[error("say which server: --server URL, or HOLDFAST_SERVER")]
    NoServer,
    #[error("{0} is not the address of a server: write https://host or https://host:port, without a path")]
    Address(String),
    #[error(
        "{0} is on another machine and has no TLS: whoever listens on the way would have the token. Write https://, or insist with \
         --allow-plain-http"
    )]
    PlainHttp(String),
    #[error(
        "there is no token for this server: run `holdfast login`, or set HOLDFAST_TOKEN or HOLDFAST_TOKEN_FILE"
    )]
    NoToken,
    #[error("{path}: {source}")]
    File { path: String, source: io::Error },
    #[error("{0} holds no certificate in PEM")]
    NoCertificate(String),
    #[error("{0} can be read by others: run chmod 600 on it, and revoke the tokens in it if others had it")]
    OpenToOthers(String),
    #[error("{0} is not what `holdfast login` writes: mend or delete it")]
    NotKept(String),
    #[error("there is no folder for what is kept: set HOME or XDG_CONFIG_HOME")]
    NoFolder,
    #[error("{0}")]
    Usage(String),
    #[error("the way to the server cannot be set up: {}", reasons(.0))]
    Client(#[source] reqwest::Error),
    #[error("the runtime did not start: {0}")]
    Runtime(#[source] io::Error),
    #[error("{server} cannot be reached: {}", reasons(.source))]
    Unreachable { server: String, source: reqwest::Error },
    #[error(
        "{server} sends on to {to}, and a token is not sent after it: name that address as the server, if it is right"
    )]
    Redirected { server: String, to: String },
    #[error("what answers at {server} is not Holdfast, or something on the way answers in its place: {what}")]
    NotHoldfast { server: String, what: String },
    #[error(
        "the server answers in another shape than this holdfast knows ({0}): take the one of the server's version"
    )]
    Shape(String),
    /// What was asked for is not known, which is an answer.
    #[error("not known: {0}")]
    NotKnown(String),
    #[error("{0}")]
    Refused(Box<Refusal>),
    #[error("{0}")]
    Login(&'static str),
    #[error("standard output: {0}")]
    Output(#[source] io::Error),
}

impl RemoteError {
    /// What a file could not be used for.
    pub fn file(path: &Path, source: io::Error) -> Self {
        Self::File { path: path.display().to_string(), source }
    }

    /// 2 where the server was not asked for what was wanted, 1 where it was.
    #[must_use]
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Unreachable { .. }
            | Self::Redirected { .. }
            | Self::NotHoldfast { .. }
            | Self::Shape(_)
            | Self::NotKnown(_)
            | Self::Refused(_)
            | Self::Login(_)
            | Self::Output(_) => ExitCode::FAILURE,
            _ => ExitCode::from(2),
        }
    }
}

/// The library's own words end before the reason.
fn reasons(error: &reqwest::Error) -> String {
    let mut words = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        words = format!("{words}: {source}");
        next = source.source();
    }
    words
}
