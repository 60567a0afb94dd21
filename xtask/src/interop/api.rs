//! The API against its own description, by a tester that makes requests up from it.

use anyhow::Result;

use super::{
    environment::{Environment, SCHEMATHESIS},
    portals::folder,
    start::{holdfast, verify},
};
use crate::{demo::Running, progress::Progress, provision::POSTGRES, workspace::Workspace};

/// Every operation, asked rightly and wrongly.
pub fn schemathesis(workspace: &Workspace, progress: Progress) -> Result<()> {
    POSTGRES.provide(progress)?;
    let python = Environment::provide(workspace, progress, &SCHEMATHESIS)?;
    let binary = holdfast(workspace, progress)?;
    let folder = folder()?;
    let portal = progress.step("Start a portal", |_| Running::start(&binary, folder.path(), &[]))?;
    let mut check = python.script(workspace, "api.py");
    verify(&mut check, Some(&portal.ready), "the API answers otherwise than it says")
}
