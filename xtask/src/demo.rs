//! `cargo xtask demo`: builds everything and becomes `holdfast demo`.

use std::{
    io::{BufRead, BufReader},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use crate::{progress::Progress, provision::POSTGRES, site, workspace::Workspace};

#[derive(clap::Args)]
pub struct Demo {
    /// Port on this machine; 0 takes any free one
    #[arg(long, default_value_t = 3000)]
    port: u16,
    /// Folder that keeps what you do over restarts [default: .demo in the checkout]
    #[arg(long)]
    data_dir: Option<PathBuf>,
    /// demo: 250 accounts; scale: 10,000 accounts
    #[arg(long, default_value = "demo", value_parser = ["demo", "scale"])]
    organization: String,
    /// Build it optimized
    #[arg(long)]
    release: bool,
    /// Print one line of JSON (url, email, password, aws, database) once ready, then stay quiet
    #[arg(long)]
    headless: bool,
}

/// Builds, then replaces this process: Ctrl-C goes straight to the demo.
///
/// # Errors
/// Where something is missing or does not build.
pub fn demo(workspace: &Workspace, demo: Demo) -> Result<()> {
    let progress = Progress::new(demo.headless);
    POSTGRES.provide(progress)?;
    let binary = site::build_all(workspace, progress, demo.release)?;
    let data_dir = demo.data_dir.unwrap_or_else(|| workspace.root.join(".demo"));
    let mut command = Command::new(&binary);
    command.args([
        "demo",
        "--organization",
        &demo.organization,
        "--port",
        &demo.port.to_string(),
        "--data-dir",
    ]);
    command.arg(data_dir);
    if demo.headless {
        command.arg("--headless");
    }
    Err(command.exec()).with_context(|| format!("starting {}", binary.display()))
}

/// A demo that runs beside us, on a free port; stopped when dropped.
pub struct Running {
    child: Child,
    pub ready: Ready,
}

/// What the demo says once it is ready.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Ready {
    pub url: String,
    pub email: String,
    pub password: String,
    /// The simulator's address.
    pub aws: String,
    /// URL of the demo's own database.
    pub database: String,
}

impl Running {
    /// Starts a built demo on an empty folder.
    ///
    /// # Errors
    /// Where it ends before it is ready.
    pub fn start(binary: &Path, data_dir: &Path, options: &[&str]) -> Result<Self> {
        let mut command = Command::new(binary);
        command.args(["demo", "--headless", "--port", "0", "--data-dir"]).arg(data_dir).args(options);
        // A process group of its own: Ctrl-C is for us, and dropping stops it.
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).process_group(0).spawn()?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut line)?;
        }
        let Ok(ready) = serde_json::from_str(&line) else {
            bail!("the demo did not start ({})", child.wait()?);
        };
        Ok(Self { child, ready })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let terminated = Command::new("kill").arg(self.child.id().to_string()).status();
        if terminated.is_err() {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}
