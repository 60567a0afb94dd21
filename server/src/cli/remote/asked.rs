//! What most commands take.

use clap::Args;

use super::{Connection, ListArgs, Output};

/// For one answer.
#[derive(Debug, Args)]
pub struct Asked {
    #[command(flatten)]
    pub output: Output,
    #[command(flatten)]
    pub connection: Connection,
}

/// For a list.
#[derive(Debug, Args)]
pub struct AskedList {
    #[command(flatten)]
    pub list: ListArgs,
    #[command(flatten)]
    pub connection: Connection,
}
