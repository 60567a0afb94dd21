//! `cargo xtask interop`: the portal against MiniStack, an AWS implementation that none of us wrote, in a throw-away Python environment.

use std::{
    fs::{self, Permissions},
    io::Write,
    net::{Ipv4Addr, TcpListener},
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::Path,
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, bail};

use crate::{
    cargo::run,
    demo::Running,
    progress::Progress,
    provision::{POSTGRES, PYTHON},
    site,
    workspace::Workspace,
};

/// Pinned, so that a run says something about our change and not about theirs.
const PACKAGES: [&str; 2] = ["ministack==1.5.33", "boto3==1.43.106"];
const ACCOUNT: &str = "111122223333";

/// Builds, starts MiniStack and a portal on it, and checks both ways.
///
/// # Errors
/// Where something is missing, does not build, or a check fails.
pub fn run_all(workspace: &Workspace) -> Result<()> {
    let progress = Progress::new(false);
    POSTGRES.provide(progress)?;
    let python = PYTHON.provide(progress)?;
    let binary = site::build_all(workspace, progress, false)?;
    let folder = tempfile::Builder::new().prefix("holdfast-interop-").tempdir()?;
    // The database's own user must be able to pass.
    fs::set_permissions(folder.path(), Permissions::from_mode(0o755))?;
    let environment = folder.path().join("python");
    progress.step("Install MiniStack", |step| {
        run(step, Command::new(&python).args(["-m", "venv"]).arg(&environment))?;
        let mut install = Command::new(environment.join("bin/pip"));
        run(step, install.args(["install", "--quiet", "--disable-pip-version-check"]).args(PACKAGES))
    })?;

    let ministack = MiniStack::start(&environment, folder.path())?;
    let check = workspace.root.join("xtask/interop/check.py");
    let python = environment.join("bin/python");
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
    fn start(environment: &Path, folder: &Path) -> Result<Self> {
        // Free now; nobody else on this machine is likely to take it within the second.
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let log = fs::File::create(folder.join("ministack.log"))?;
        let child = Command::new(environment.join("bin/ministack"))
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
