//! The developer's commands: `cargo xtask demo`, `test`, `build`, `e2e`, `bench`, `interop`.

mod cargo;
mod progress;
mod site;
mod workspace;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::{progress::Progress, workspace::Workspace};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Commands for people who work on Holdfast")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the site and the `holdfast` binary.
    Build(Build),
}

#[derive(clap::Args)]
struct Build {
    /// Optimized, with the site inside the binary.
    #[arg(long)]
    release: bool,
}

fn main() -> Result<()> {
    let workspace = Workspace::find()?;
    match Arguments::parse().command {
        Command::Build(build) => {
            let binary = site::build_all(&workspace, &Progress::new(false), build.release)?;
            println!("{}", binary.display());
            Ok(())
        }
    }
}
