//! The developer's commands: `cargo xtask demo`, `test`, `build`, `e2e`, `bench`, `interop`.

mod bench;
mod cargo;
mod demo;
mod e2e;
#[cfg(test)]
mod house;
mod progress;
mod provision;
mod site;
mod test;
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
    /// Build everything and start it: portal, a PostgreSQL of its own, AWS simulator.
    Demo(demo::Demo),
    /// Run everything that must hold: formatting, clippy, tests, the browser tests.
    Test,
    /// Run the browser tests alone.
    E2e(e2e::EndToEnd),
    /// Measure.
    #[command(subcommand)]
    Bench(bench::Bench),
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
            let binary = site::build_all(&workspace, Progress::new(false), build.release)?;
            println!("{}", binary.display());
            Ok(())
        }
        Command::Demo(options) => demo::demo(&workspace, options),
        Command::Test => test::test(&workspace),
        Command::E2e(options) => e2e::run_all(&workspace, &options),
        Command::Bench(bench) => bench::run(&workspace, bench),
    }
}
