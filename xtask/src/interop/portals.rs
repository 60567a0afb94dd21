//! The portal on implementations of AWS that have some, nearly none, or spoiled parts of what it asks for.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::Path,
    process::Command,
};

use anyhow::{Result, bail};
use tempfile::TempDir;

use super::{
    environment::{Environment, LOCALEMU, MINISTACK, MOTO, Packages},
    start::{Server, free_port, holdfast, simulator, verify},
};
use crate::{cargo::run, demo::Running, progress::Progress, provision::POSTGRES, workspace::Workspace};

const ACCOUNT: &str = "111122223333";
/// Seconds in which an endpoint that lacks things has been asked for all of them.
const FIRST_IMPORT: &str = "60";

/// A folder that the database's own user can pass.
pub fn folder() -> Result<TempDir> {
    let folder = tempfile::Builder::new().prefix("holdfast-interop-").tempdir()?;
    fs::set_permissions(folder.path(), Permissions::from_mode(0o755))?;
    Ok(folder)
}

/// What is made in MiniStack arrives in the portal, and the other way round.
pub fn ministack(workspace: &Workspace, progress: Progress) -> Result<()> {
    POSTGRES.provide(progress)?;
    let python = Environment::provide(workspace, progress, &MINISTACK)?;
    let binary = holdfast(workspace, progress)?;
    let folder = folder()?;
    let port = free_port()?;
    let mut command = Command::new(python.program("ministack"));
    command
        .env("GATEWAY_PORT", port.to_string())
        .env("BIND_HOST", "127.0.0.1")
        .env("MINISTACK_ACCOUNT_ID", ACCOUNT);
    let ministack = Server::on_port(&mut command, "ministack", port, folder.path())?;
    progress.step("Build an organization in MiniStack", |step| {
        run(step, python.script(workspace, "ministack.py").args(["build", &ministack.endpoint]))
    })?;
    let arguments = ["--aws-endpoint", ministack.endpoint.as_str()];
    let portal =
        progress.step("Start a portal on it", |_| Running::start(&binary, folder.path(), &arguments))?;
    let mut check = python.script(workspace, "ministack.py");
    check.args(["verify", &ministack.endpoint]);
    verify(&mut check, Some(&portal.ready), "the portal and MiniStack do not understand each other")
}

/// An endpoint that lacks nearly everything.
struct Bare {
    name: &'static str,
    packages: &'static Packages,
    /// Whether an organization is made in it first.
    organization: bool,
    /// What the portal cannot read there.
    unread: &'static [&'static str],
    serve: fn(&Environment, &Workspace, u16) -> Command,
}

const NOTHING: &[&str] = &["organization", "policies", "jobs", "delegates", "invalid"];
// Their policy type is off, so that no account is on an outdated policy: that zero is true.
const NO_BACKUPS: &[&str] = &["jobs", "delegates"];

const BARE: [Bare; 4] = [
    Bare { name: "moto", packages: &MOTO, organization: true, unread: NO_BACKUPS, serve: moto },
    Bare {
        name: "moto without an organization",
        packages: &MOTO,
        organization: false,
        unread: NOTHING,
        serve: moto,
    },
    Bare { name: "LocalEmu", packages: &LOCALEMU, organization: true, unread: NO_BACKUPS, serve: localemu },
    Bare { name: "a web server", packages: &MOTO, organization: false, unread: NOTHING, serve: web_server },
];

fn moto(python: &Environment, _: &Workspace, port: u16) -> Command {
    let mut command = Command::new(python.program("moto_server"));
    command.args(["-H", "127.0.0.1", "-p", &port.to_string()]);
    command
}

fn localemu(python: &Environment, _: &Workspace, port: u16) -> Command {
    let mut command = Command::new(python.program("localemu"));
    command.args(["start", "--host", "127.0.0.1", "--port", &port.to_string()]);
    command
}

fn web_server(python: &Environment, workspace: &Workspace, port: u16) -> Command {
    let mut command = python.script(workspace, "bare.py");
    command.args(["serve", &port.to_string()]);
    command
}

/// On endpoints that lack what the portal asks for, no page says that there is none of it.
pub fn bare(workspace: &Workspace, progress: Progress) -> Result<()> {
    POSTGRES.provide(progress)?;
    let binary = holdfast(workspace, progress)?;
    each(&BARE, |endpoint| endpoint.name, |endpoint| bare_one(workspace, progress, &binary, endpoint))
}

fn bare_one(workspace: &Workspace, progress: Progress, binary: &Path, bare: &Bare) -> Result<()> {
    let python = Environment::provide(workspace, progress, bare.packages)?;
    let folder = folder()?;
    let port = free_port()?;
    let mut command = (bare.serve)(&python, workspace, port);
    // What it keeps at home goes with the folder.
    let server = Server::on_port(command.env("HOME", folder.path()), "endpoint", port, folder.path())?;
    if bare.organization {
        progress.step(&format!("Build an organization in {}", bare.name), |step| {
            run(step, python.script(workspace, "bare.py").args(["build", &server.endpoint]))
        })?;
    }
    let arguments = ["--aws-endpoint", server.endpoint.as_str(), "--first-import", FIRST_IMPORT];
    let portal = progress.step(&format!("Start a portal on {}", bare.name), |_| {
        Running::start(binary, folder.path(), &arguments)
    })?;
    let mut check = python.script(workspace, "bare.py");
    check.args(["verify", bare.name]).args(bare.unread);
    verify(&mut check, Some(&portal.ready), "pages tell zeros of what was never read")
}

/// In which ways a company's proxy and a broken line spoil answers.
const WAYS: [&str; 5] = ["html-403", "html-404", "html-501", "empty", "cut"];

/// A Region whose lists of jobs do not come through is missed by the header, the overview, the jobs and the metrics.
pub fn region(workspace: &Workspace, progress: Progress) -> Result<()> {
    POSTGRES.provide(progress)?;
    let python = Environment::provide(workspace, progress, &MINISTACK)?;
    let binary = holdfast(workspace, progress)?;
    each(
        &WAYS,
        |way| way,
        |way| {
            let folder = folder()?;
            let spoil = format!("eu-west-1={way}");
            let simulator = Server::simulator(simulator(&binary).args(["--spoil", &spoil]))?;
            let metrics = format!("127.0.0.1:{}", free_port()?);
            let arguments = ["--aws-endpoint", &simulator.endpoint, "--metrics-listen", &metrics];
            let portal = progress.step(&format!("Start a portal with eu-west-1 spoiled by {way}"), |_| {
                Running::start(&binary, folder.path(), &arguments)
            })?;
            let mut check = python.script(workspace, "region.py");
            check.args([way, "eu-west-1", &metrics]);
            verify(&mut check, Some(&portal.ready), "the portal is silent about a Region that it cannot read")
        },
    )
}

/// Every one to its end, and then whether all went well.
fn each<T>(all: &[T], name: impl Fn(&T) -> &str, check: impl Fn(&T) -> Result<()>) -> Result<()> {
    let mut failed = Vec::new();
    for one in all {
        if let Err(error) = check(one) {
            eprintln!("✗ {}: {error:#}", name(one));
            failed.push(name(one));
        }
    }
    if !failed.is_empty() {
        bail!("failed with {}", failed.join(", "));
    }
    Ok(())
}
