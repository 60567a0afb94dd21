//! Starts what a check needs beside it.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use anyhow::{Context, Result, bail};

use crate::{
    cargo::{cargo, run},
    demo::Ready,
    progress::Progress,
    workspace::Workspace,
};

/// How long other people's servers may take to listen, in tries.
const TRIES: u32 = 600;
const BETWEEN_TRIES: Duration = Duration::from_millis(200);

/// A server that runs beside us on a port of this machine; stopped when dropped.
pub struct Server {
    child: Child,
    pub endpoint: String,
}

impl Server {
    /// Starts a server on a port that it is told, and waits until it listens.
    ///
    /// # Errors
    /// Where it ends or does not listen; its log is named.
    pub fn on_port(command: &mut Command, name: &str, port: u16, folder: &Path) -> Result<Self> {
        let path = folder.join(format!("{name}.log"));
        let log = fs::File::create(&path)?;
        let command = command.current_dir(folder).stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let child = command.process_group(0).spawn().with_context(|| format!("starting {name}"))?;
        let mut server = Self { child, endpoint: format!("http://127.0.0.1:{port}") };
        for _ in 0..TRIES {
            if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
                return Ok(server);
            }
            if server.child.try_wait()?.is_some() {
                bail!("{name} ended before it listened:\n{}", fs::read_to_string(&path)?);
            }
            thread::sleep(BETWEEN_TRIES);
        }
        bail!("{name} does not listen:\n{}", fs::read_to_string(&path)?)
    }

    /// Starts a simulator, which says in its first line where it listens.
    ///
    /// # Errors
    /// Where it ends before.
    pub fn simulator(command: &mut Command) -> Result<Self> {
        let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).process_group(0);
        let mut child = command.spawn().context("starting the simulator")?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut line)?;
        }
        let server = Self { child, endpoint: line.trim().to_owned() };
        if !server.endpoint.starts_with("http://") {
            bail!("the simulator did not start");
        }
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that is free now; nobody else on this machine is likely to take it within the second.
///
/// # Errors
/// Where there is none.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// Builds the program without the site: the checks read pages as the server renders them.
///
/// # Errors
/// Where it does not build.
pub fn holdfast(workspace: &Workspace, progress: Progress) -> Result<PathBuf> {
    progress.step("Build the server", |step| {
        run(step, cargo(workspace).args(["build", "--package", "server", "--bin", "holdfast"]))
    })?;
    Ok(workspace.binary(false))
}

/// `holdfast simulator` on any port.
pub fn simulator(holdfast: &Path) -> Command {
    let mut command = Command::new(holdfast);
    command.args(["simulator", "--port", "0"]);
    command
}

/// Runs a script that checks a portal, told how to sign in to it by its standard input.
///
/// # Errors
/// Where it fails; `what` says what then does not hold.
pub fn verify(command: &mut Command, portal: Option<&Ready>, what: &str) -> Result<()> {
    let mut child = command.stdin(Stdio::piped()).spawn()?;
    if let (Some(mut input), Some(portal)) = (child.stdin.take(), portal) {
        input.write_all(serde_json::to_string(portal)?.as_bytes())?;
    }
    if !child.wait()?.success() {
        bail!("{what}");
    }
    Ok(())
}
