//! `cargo xtask interop`: with programs that none of us wrote, in throw-away Python environments. The portal against
//! MiniStack, an implementation of AWS; and AWS's own clients against our simulator, held against AWS's service models.

use std::{
    fs::{self, Permissions},
    io::{BufRead, BufReader, Write},
    net::{Ipv4Addr, TcpListener},
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, bail};

use crate::{
    cargo::{cargo, run},
    demo::Running,
    progress::Progress,
    provision::{POSTGRES, PYTHON},
    site,
    workspace::Workspace,
};

/// Pinned, so that a run says something about our change and not about theirs.
const MINISTACK: [&str; 2] = ["ministack==1.5.33", "boto3==1.43.106"];
const CLIENTS: [&str; 4] = ["awscli==1.46.2", "boto3==1.44.5", "botocore==1.44.5", "regex==2026.11.15"];
const ACCOUNT: &str = "111122223333";

#[derive(clap::Args)]
pub struct Interop {
    /// Only this half
    #[arg(value_enum)]
    pub half: Option<Half>,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Half {
    /// The portal against MiniStack
    Portal,
    /// boto3 and the aws command line against the simulator
    Simulator,
}

/// Runs one half or both.
///
/// # Errors
/// Where something is missing, does not build, or a check fails.
pub fn run_all(workspace: &Workspace, half: Option<Half>) -> Result<()> {
    let progress = Progress::new(false);
    if half != Some(Half::Portal) {
        simulator(workspace, progress)?;
    }
    if half != Some(Half::Simulator) {
        portal(workspace, progress)?;
    }
    Ok(())
}

/// Builds and starts the simulator, and drives every operation that it has.
fn simulator(workspace: &Workspace, progress: Progress) -> Result<()> {
    let python = PYTHON.provide(progress)?;
    progress.step("Build the simulator", |step| {
        run(step, cargo(workspace).args(["build", "--package", "simulator", "--bin", "simulator"]))
    })?;
    let folder = tempfile::Builder::new().prefix("holdfast-interop-").tempdir()?;
    let python = environment(progress, &python, folder.path(), "boto3 and awscli", &CLIENTS)?;
    let simulator = Simulator::start(&workspace.target.join("debug/simulator"))?;
    let script = workspace.root.join("xtask/interop/simulator.py");
    let mut drive = Command::new(python);
    // No byte code beside the scripts, which are in the checkout.
    if !drive.arg("-B").arg(script).arg(&simulator.endpoint).status()?.success() {
        bail!("the simulator does not answer as AWS's service models say");
    }
    Ok(())
}

/// A new environment with these packages; its Python.
fn environment(
    progress: Progress,
    python: &Path,
    folder: &Path,
    what: &str,
    packages: &[&str],
) -> Result<PathBuf> {
    let environment = folder.join("python");
    progress.step(&format!("Install {what}"), |step| {
        run(step, Command::new(python).args(["-m", "venv"]).arg(&environment))?;
        let mut install = Command::new(environment.join("bin/pip"));
        run(step, install.args(["install", "--quiet", "--disable-pip-version-check"]).args(packages))
    })?;
    Ok(environment.join("bin/python"))
}

/// Builds, starts MiniStack and a portal on it, and checks both ways.
fn portal(workspace: &Workspace, progress: Progress) -> Result<()> {
    POSTGRES.provide(progress)?;
    let python = PYTHON.provide(progress)?;
    let binary = site::build_all(workspace, progress, false)?;
    let folder = tempfile::Builder::new().prefix("holdfast-interop-").tempdir()?;
    // The database's own user must be able to pass.
    fs::set_permissions(folder.path(), Permissions::from_mode(0o755))?;
    let python = environment(progress, &python, folder.path(), "MiniStack", &MINISTACK)?;

    let ministack = MiniStack::start(&python.with_file_name("ministack"), folder.path())?;
    let check = workspace.root.join("xtask/interop/check.py");
    progress.step("Build an organization in MiniStack", |step| {
        run(step, Command::new(&python).arg(&check).args(["build", &ministack.endpoint]))
    })?;
    let arguments = ["--aws-endpoint", ministack.endpoint.as_str()];
    let portal =
        progress.step("Start a portal on it", |_| Running::start(&binary, folder.path(), &arguments))?;

    let mut verify = Command::new(&python);
    let mut verify =
        verify.arg(&check).args(["verify", &ministack.endpoint]).stdin(Stdio::piped()).spawn()?;
    if let Some(mut input) = verify.stdin.take() {
        input.write_all(serde_json::to_string(&portal.ready)?.as_bytes())?;
    }
    if !verify.wait()?.success() {
        bail!("the portal and MiniStack do not understand each other");
    }
    Ok(())
}

/// MiniStack on a free port of this machine; stopped when dropped.
struct MiniStack {
    child: Child,
    endpoint: String,
}

impl MiniStack {
    fn start(program: &Path, folder: &Path) -> Result<Self> {
        // Free now; nobody else on this machine is likely to take it within the second.
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let log = fs::File::create(folder.join("ministack.log"))?;
        let child = Command::new(program)
            .env("GATEWAY_PORT", port.to_string())
            .env("BIND_HOST", "127.0.0.1")
            .env("MINISTACK_ACCOUNT_ID", ACCOUNT)
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .process_group(0)
            .spawn()
            .context("starting MiniStack")?;
        Ok(Self { child, endpoint: format!("http://127.0.0.1:{port}") })
    }
}

impl Drop for MiniStack {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The simulator on a free port of this machine; stopped when dropped.
struct Simulator {
    child: Child,
    endpoint: String,
}

impl Simulator {
    fn start(binary: &Path) -> Result<Self> {
        let mut command = Command::new(binary);
        command.args(["--port", "0"]).stdin(Stdio::null()).stdout(Stdio::piped()).process_group(0);
        let mut child = command.spawn().context("starting the simulator")?;
        // It says where it listens in its first line.
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut line)?;
        }
        let endpoint = line.trim().to_owned();
        let simulator = Self { child, endpoint };
        if !simulator.endpoint.starts_with("http://") {
            bail!("the simulator did not start");
        }
        Ok(simulator)
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
