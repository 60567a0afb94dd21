//! `cargo xtask bench sync`: builds the measuring program of `portal` and the simulator, and becomes the former.

use std::{os::unix::process::CommandExt, process::Command};

use anyhow::{Context, Result};

use super::program::Programs;
use crate::{progress::Progress, provision::POSTGRES, workspace::Workspace};

/// The measuring program, and what it measures against.
const PROGRAMS: [&str; 8] =
    ["--package", "portal", "--package", "simulator", "--bench", "sync", "--bin", "simulator"];

#[derive(clap::Args)]
pub struct Measured {
    /// Measure an unoptimized build
    #[arg(long)]
    debug: bool,
    /// How many jobs to import; 0 leaves them out
    #[arg(long, default_value_t = 1_000_000)]
    jobs: u64,
    /// demo: 250 accounts; scale: 10,000 accounts
    #[arg(long, default_value = "scale", value_parser = ["demo", "scale"])]
    organization: String,
}

/// Builds, then replaces this process: Ctrl-C goes straight to the one that has to clean up.
///
/// # Errors
/// Where something is missing or does not build.
pub fn run(workspace: &Workspace, options: &Measured) -> Result<()> {
    let progress = Progress::new(false);
    POSTGRES.provide(progress)?;
    let built =
        progress.step("building the benchmark", |_| Programs::build(workspace, &PROGRAMS, options.debug))?;
    let mut command = Command::new(built.path("sync", "bench")?);
    command.arg("--simulator").arg(built.path("simulator", "bin")?);
    command.args(["--organization", &options.organization, "--jobs", &options.jobs.to_string()]);
    Err(command.exec()).context("starting the benchmark")
}
