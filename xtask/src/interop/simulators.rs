//! Other people's clients of our simulator, our command line on what they print, and our IAM policy.

use std::path::Path;

use anyhow::Result;

use super::{
    environment::{CLIENTS, CUSTODIAN, Environment, POLICY_SENTRY, PROWLER},
    start::{Server, holdfast, simulator, verify},
};
use crate::{
    cargo::{cargo, run},
    demo::Running,
    progress::Progress,
    provision::POSTGRES,
    workspace::Workspace,
};

/// The documented IAM policy, every action and condition key of which is one of AWS's.
pub fn iam(workspace: &Workspace, progress: Progress) -> Result<()> {
    let python = Environment::provide(workspace, progress, &POLICY_SENTRY)?;
    let mut check = python.script(workspace, "iam.py");
    let page = workspace.root.join("docs/iam-policy.md");
    verify(check.arg(page), None, "the IAM policy names what AWS does not have")
}

/// Every operation that the simulator has, by boto3 and the aws command line.
pub fn clients(workspace: &Workspace, progress: Progress) -> Result<()> {
    let python = Environment::provide(workspace, progress, &CLIENTS)?;
    progress.step("Build the simulator", |step| {
        run(step, cargo(workspace).args(["build", "--package", "simulator", "--bin", "simulator"]))
    })?;
    let mut program = std::process::Command::new(workspace.target.join("debug/simulator"));
    let simulator = Server::simulator(program.args(["--port", "0"]))?;
    let mut drive = python.script(workspace, "simulator.py");
    let what = "the simulator does not answer as AWS's service models say";
    verify(drive.arg(&simulator.endpoint), None, what)
}

/// `holdfast policy` on what the aws command line prints, piped as people pipe it.
pub fn policy(workspace: &Workspace, progress: Progress) -> Result<()> {
    let python = Environment::provide(workspace, progress, &CLIENTS)?;
    let binary = holdfast(workspace, progress)?;
    let simulator = Server::simulator(&mut simulator(&binary))?;
    let mut check = python.script(workspace, "policy.py");
    check.arg(&simulator.endpoint).arg(&binary).arg(python.program("aws"));
    verify(&mut check, None, "holdfast policy does not understand what the aws command line prints")
}

/// Cloud Custodian and Prowler find in the simulator what the portal shows of it.
pub fn inventory(workspace: &Workspace, progress: Progress) -> Result<()> {
    POSTGRES.provide(progress)?;
    let custodian = Environment::provide(workspace, progress, &CUSTODIAN)?;
    let prowler = Environment::provide(workspace, progress, &PROWLER)?;
    let binary = holdfast(workspace, progress)?;
    let simulator = Server::simulator(&mut simulator(&binary))?;
    let folder = super::portals::folder()?;
    let portal = portal(progress, &binary, folder.path(), &simulator.endpoint)?;
    let mut check = custodian.script(workspace, "inventory.py");
    check.arg(&simulator.endpoint).arg(custodian.program("custodian")).arg(prowler.program("prowler"));
    check.arg(folder.path().join("inventory"));
    let what = "an inventory finds something else than the portal shows";
    verify(&mut check, Some(&portal.ready), what)
}

fn portal(progress: Progress, binary: &Path, folder: &Path, endpoint: &str) -> Result<Running> {
    progress.step("Start a portal on it", |_| Running::start(binary, folder, &["--aws-endpoint", endpoint]))
}
