//! Builds the measuring programs of `portal`.

use std::{path::PathBuf, process::Stdio};

use anyhow::{Context, Result, bail};
use cargo_metadata::{Artifact, Message};

use crate::{cargo::cargo, workspace::Workspace};

/// What cargo built.
pub struct Programs(Vec<Artifact>);

impl Programs {
    /// Builds what the arguments to `cargo build` name, optimized unless a debug build is to be measured.
    ///
    /// # Errors
    /// Where it does not build.
    pub fn build(workspace: &Workspace, arguments: &[&str], debug: bool) -> Result<Self> {
        let mut command = cargo(workspace);
        command.arg("build").args(arguments).args(["--message-format", "json-render-diagnostics"]);
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
        Ok(Self(artifacts.collect()))
    }

    /// Where the program of this name and kind (`bench`, `bin`) is.
    ///
    /// # Errors
    /// Where there is none.
    pub fn path(&self, name: &str, kind: &str) -> Result<PathBuf> {
        let found = self
            .0
            .iter()
            .find(|a| a.target.name == name && a.target.kind.iter().any(|k| k.to_string() == kind));
        let path = found.and_then(|artifact| artifact.executable.clone());
        Ok(path.with_context(|| format!("cargo built no {kind} {name}"))?.into())
    }
}
