//! `cargo xtask test`: everything that must hold, in the order in which it fails fastest.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{
    cargo::{cargo, run},
    e2e,
    progress::Progress,
    provision::POSTGRES,
    site,
    workspace::Workspace,
};

/// What is checked together. These commands stand apart: what they need would change how everything else is built.
const PACKAGES: [&[&str]; 2] = [&["--package", "xtask"], &["--workspace", "--exclude", "xtask"]];

/// Runs all of it.
///
/// # Errors
/// At the first thing that does not hold.
pub fn test(workspace: &Workspace) -> Result<()> {
    let progress = Progress::new(false);
    POSTGRES.provide(progress)?;
    progress.step("Formatting", |step| run(step, cargo(workspace).args(["fmt", "--all", "--check"])))?;
    for packages in PACKAGES {
        progress.step("Clippy", |step| {
            run(
                step,
                cargo(workspace).arg("clippy").args(packages).args([
                    "--all-targets",
                    "--",
                    "--deny",
                    "warnings",
                ]),
            )
        })?;
    }
    // With private items: these pages are for those who change the code.
    let options = ["--no-deps", "--document-private-items"];
    for packages in PACKAGES {
        progress.step("Links of the documentation", |step| {
            let mut doc = cargo(workspace);
            run(step, doc.arg("doc").args(packages).args(options).env("RUSTDOCFLAGS", "--deny warnings"))
        })?;
    }
    PACKAGES.iter().try_for_each(|packages| tests(workspace, packages))?;
    site::build(workspace, progress, false)?;
    progress.step("Clippy of the pages (WASM)", |step| {
        let flags = ["--target", site::WASM_TARGET, "--profile", "wasm-dev", "--", "--deny", "warnings"];
        run(step, cargo(workspace).args(["clippy", "--package", "frontend"]).args(flags))
    })?;
    // The binary that the integration tests were built with: building it alone would build half of what is below it again.
    e2e::run_on(workspace, &workspace.binary(false), &[])
}

/// Shown as they run: which test failed, and why, is what one wants to see.
fn tests(workspace: &Workspace, packages: &[&str]) -> Result<()> {
    let mut command: Command = cargo(workspace);
    command.arg("test").args(packages).arg("--quiet");
    let status = command.status().context("starting cargo test")?;
    if !status.success() {
        bail!("tests failed");
    }
    Ok(())
}
