//! `cargo xtask bench directory`: what it takes to hold an organization in memory, and to preview a change of it.

use std::process::Command;

use anyhow::{Result, bail};

use super::program::Programs;
use crate::{progress::Progress, workspace::Workspace};

const PROGRAM: [&str; 6] = ["--package", "portal", "--bench", "directory", "--features", "bench"];
const ACCOUNTS: [&str; 2] = ["10000", "50000"];

/// Measures each size in a process of its own, so that its memory is its own.
///
/// # Errors
/// Where it does not build or fails.
pub fn run(workspace: &Workspace) -> Result<()> {
    let progress = Progress::new(false);
    let built = progress.step("building the benchmark", |_| Programs::build(workspace, &PROGRAM, false))?;
    let program = built.path("directory", "bench")?;
    for accounts in ACCOUNTS {
        if !Command::new(&program).args(["--accounts", accounts]).status()?.success() {
            bail!("the benchmark failed");
        }
    }
    Ok(())
}
