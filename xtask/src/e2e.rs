//! `cargo xtask e2e`: the browser tests, in headless Chromium against a fresh demo.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::Path,
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::{
    cargo::run,
    demo::Running,
    progress::Progress,
    provision::{CHROMIUM, NODE, POSTGRES},
    site,
    workspace::Workspace,
};

/// Somebody who may look and nothing else, whom the administrator invites first.
const VIEWER: &str = "viewer@holdfast.example";

#[derive(clap::Args)]
pub struct EndToEnd {
    /// Test the optimized build
    #[arg(long)]
    release: bool,
    /// Handed to Playwright, such as the name of a test file
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    playwright: Vec<String>,
}

/// Builds, starts a demo with an empty folder, and runs the tests.
///
/// # Errors
/// Where something is missing, does not build, or a test fails.
pub fn run_all(workspace: &Workspace, options: &EndToEnd) -> Result<()> {
    let binary = site::build_all(workspace, Progress::new(false), options.release)?;
    run_on(workspace, &binary, &options.playwright)
}

/// Runs the tests on a binary and a site that are built.
///
/// # Errors
/// Where something is missing or a test fails.
pub fn run_on(workspace: &Workspace, binary: &Path, arguments: &[String]) -> Result<()> {
    let progress = Progress::new(false);
    POSTGRES.provide(progress)?;
    let chromium = CHROMIUM.provide(progress)?;
    install(progress, &NODE.provide(progress)?, &workspace.end2end())?;

    let data_dir = tempfile::Builder::new().prefix("holdfast-e2e-").tempdir()?;
    // The database's own user must be able to pass.
    fs::set_permissions(data_dir.path(), Permissions::from_mode(0o755))?;
    let demo = progress.step("Start a demo", |_| Running::start(binary, data_dir.path(), &[]))?;
    let mut playwright = Command::new(workspace.end2end().join("node_modules/.bin/playwright"));
    playwright
        .arg("test")
        .args(arguments)
        .current_dir(workspace.end2end())
        .env("CHROMIUM", chromium)
        .env("HOLDFAST_BINARY", binary)
        .env("HOLDFAST_URL", &demo.ready.url)
        .env("HOLDFAST_AWS", &demo.ready.aws)
        .env("HOLDFAST_EMAIL", &demo.ready.email)
        .env("HOLDFAST_VIEWER", VIEWER)
        .env("HOLDFAST_PASSWORD", &demo.ready.password);
    let status = playwright.status().context("starting Playwright")?;
    drop(demo);
    if !status.success() {
        bail!("browser tests failed");
    }
    Ok(())
}

/// Installs the locked packages, unless the installed ones are newer than the lock.
fn install(progress: Progress, npm: &Path, folder: &Path) -> Result<()> {
    let changed = |name: &str| fs::metadata(folder.join(name)).and_then(|m| m.modified()).ok();
    let installed = changed("node_modules/.package-lock.json");
    if installed.is_some() && installed >= changed("package-lock.json") {
        return Ok(());
    }
    progress.step("Install Playwright", |step| {
        run(step, Command::new(npm).args(["ci", "--no-audit", "--no-fund"]).current_dir(folder))
    })
}
