//! `cargo xtask bench`: figures that stand in documents and notes come from here.

mod policy;

use anyhow::{Result, bail};
use clap::Subcommand;

use crate::{cargo::cargo, workspace::Workspace};

#[derive(Clone, Copy, Subcommand)]
pub enum Bench {
    /// Effective policies of whole organizations.
    Policy,
}

/// Measures. Figures of an unoptimized build say nothing, so that one runs the optimized one instead.
///
/// # Errors
/// Where it cannot be built or fails.
pub fn run(workspace: &Workspace, bench: Bench) -> Result<()> {
    if cfg!(debug_assertions) {
        let Bench::Policy = bench;
        let arguments = ["run", "--quiet", "--release", "--package", "xtask", "--", "bench", "policy"];
        if !cargo(workspace).args(arguments).status()?.success() {
            bail!("the benchmark failed");
        }
        return Ok(());
    }
    match bench {
        Bench::Policy => policy::run(),
    }
}
