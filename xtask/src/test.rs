//! `cargo xtask test`: everything that must hold, in the order in which it fails fastest.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{
    cargo::{cargo, run},
    e2e::{self, EndToEnd},
    progress::Progress,
    provision::POSTGRES,
    site,
    workspace::Workspace,
};

/// Runs all of it.
///
/// # Errors
/// At the first thing that does not hold.
pub fn test(workspace: &Workspace) -> Result<()> {
    let progress = Progress::new(false);
    POSTGRES.provide(progress)?;
    progress.step("Formatting", |step| run(step, cargo(workspace).args(["fmt", "--all", "--check"])))?;
    progress.step("Clippy", |step| {
        run(
            step,
            cargo(workspace).args(["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"]),
        )
    })?;
    tests(workspace)?;
    site::build(workspace, progress, false)?;
    progress.step("Clippy of the pages (WASM)", |step| {
        let flags = ["--target", site::WASM_TARGET, "--profile", "wasm-dev", "--", "--deny", "warnings"];
        run(step, cargo(workspace).args(["clippy", "--package", "frontend"]).args(flags))
    })?;
    e2e::run_all(workspace, &EndToEnd::ALL)
}

/// Shown as they run: which test failed, and why, is what one wants to see.
fn tests(workspace: &Workspace) -> Result<()> {
    let mut command: Command = cargo(workspace);
    command.args(["test", "--workspace", "--quiet"]);
    let status = command.status().context("starting cargo test")?;
    if !status.success() {
        bail!("tests failed");
    }
    Ok(())
}
