//! `cargo xtask abuse`: attacks a real portal on loopback, and says what was let through.

use anyhow::{Context, Result, bail};

use crate::{cargo::cargo, progress::Progress, provision::POSTGRES, workspace::Workspace};

/// Builds it as the tests are built, and runs it: it says itself what it does.
///
/// # Errors
/// Where anything was let through, or answered wrongly.
pub fn run(workspace: &Workspace) -> Result<()> {
    POSTGRES.provide(Progress::new(false))?;
    let mut command = cargo(workspace);
    command.args(["test", "--workspace", "--exclude", "xtask", "--quiet", "--test", "abuse"]);
    if !command.status().context("starting cargo test")?.success() {
        bail!("not all attacks were refused as they must be");
    }
    Ok(())
}
