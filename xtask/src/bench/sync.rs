//! `cargo xtask bench sync`: builds the measuring program of `portal` and the simulator, and becomes the former.

use std::{
    os::unix::process::CommandExt,
    path::PathBuf,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};
use cargo_metadata::{Artifact, Message};

use crate::{cargo::cargo, progress::Progress, provision::POSTGRES, workspace::Workspace};

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
    let built = progress.step("building the benchmark", |_| build(workspace, options.debug))?;
    let program = |name: &str, kind: &str| -> Result<PathBuf> {
        let found = built
            .iter()
            .find(|a| a.target.name == name && a.target.kind.iter().any(|k| k.to_string() == kind));
        let path = found.and_then(|artifact| artifact.executable.clone());
        Ok(path.with_context(|| format!("cargo built no {kind} {name}"))?.into())
    };
    let mut command = Command::new(program("sync", "bench")?);
    command.arg("--simulator").arg(program("simulator", "bin")?);
    command.args(["--organization", &options.organization, "--jobs", &options.jobs.to_string()]);
    Err(command.exec()).context("starting the benchmark")
}

fn build(workspace: &Workspace, debug: bool) -> Result<Vec<Artifact>> {
    let mut command = cargo(workspace);
    command.args([
        "build",
        "--package",
        "portal",
        "--package",
        "simulator",
        "--bench",
        "sync",
        "--bin",
        "simulator",
    ]);
    command.args(["--message-format", "json-render-diagnostics"]);
    if !debug {
        command.arg("--release");
    }
    let output = command.stdin(Stdio::null()).output().context("starting cargo")?;
    if !output.status.success() {
        bail!("it does not build:\n{}", String::from_utf8_lossy(&output.stderr));
    }
    let messages = Message::parse_stream(output.stdout.as_slice());
    let artifacts = messages.filter_map(|message| match message {
        Ok(Message::CompilerArtifact(artifact)) => Some(artifact),
        _ => None,
    });
    Ok(artifacts.collect())
}
