//! The developer's commands: `cargo xtask demo`, `test`, `build`, `e2e`, `bench`, `fuzz`, `interop`, `abuse`.

mod abuse;
mod bench;
mod cargo;
mod demo;
mod e2e;
mod fuzz;
#[cfg(test)]
mod house;
mod interop;
mod progress;
mod provision;
mod site;
mod test;
mod workspace;

use std::process::ExitCode;

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
    /// Run everything that must hold: formatting, clippy, links of the documentation, tests, the browser tests.
    Test,
    /// Run the browser tests alone.
    E2e(e2e::EndToEnd),
    /// Run the portal and the simulator with programs that none of us wrote.
    Interop(interop::Interop),
    /// Measure.
    #[command(subcommand)]
    Bench(bench::Bench),
    /// Feed mutated input to the policy language.
    Fuzz(fuzz::Fuzz),
    /// Attack a portal on loopback, for a few minutes.
    Abuse,
}

#[derive(clap::Args)]
struct Build {
    /// Optimized, with the site inside the binary.
    #[arg(long)]
    release: bool,
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    let workspace = Workspace::find()?;
    match command {
        Command::Build(build) => {
            let binary = site::build_all(&workspace, Progress::new(false), build.release)?;
            println!("{}", binary.display());
            Ok(())
        }
        Command::Demo(options) => demo::demo(&workspace, options),
        Command::Test => test::test(&workspace),
        Command::E2e(options) => e2e::run_all(&workspace, &options),
        Command::Interop(options) => interop::run_all(&workspace, &options.parts),
        Command::Bench(bench) => bench::run(&workspace, bench),
        Command::Fuzz(options) => fuzz::run(&options),
        Command::Abuse => abuse::run(&workspace),
    }
}
