//! `cargo xtask bench`: figures that stand in documents and notes come from here.

mod directory;
mod policy;
mod program;
mod sample;
mod sync;
mod wasm;

use anyhow::{Result, bail};
use clap::Subcommand;

use crate::{cargo::cargo, workspace::Workspace};

#[derive(Subcommand)]
pub enum Bench {
    /// Effective policies of whole organizations.
    Policy,
    /// The organization in memory: building it, its memory, and a preview.
    Directory,
    /// First import and refresh of 10,000 accounts, and the import of a million jobs, at AWS's published rates.
    Sync(sync::Measured),
    /// What the policy language weighs in a browser.
    Wasm,
}

/// Measures.
///
/// # Errors
/// Where it cannot be built or fails.
pub fn run(workspace: &Workspace, bench: Bench) -> Result<()> {
    match bench {
        // Figures of an unoptimized build say nothing, so that one runs the optimized one instead.
        Bench::Policy if cfg!(debug_assertions) => {
            let arguments = ["run", "--quiet", "--release", "--package", "xtask", "--", "bench", "policy"];
            if !cargo(workspace).args(arguments).status()?.success() {
                bail!("the benchmark failed");
            }
            Ok(())
        }
        Bench::Policy => policy::run(),
        Bench::Directory => directory::run(workspace),
        Bench::Sync(options) => sync::run(workspace, &options),
        Bench::Wasm => wasm::run(workspace),
    }
}
