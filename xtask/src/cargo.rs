//! Runs cargo and other programs inside a step.

use std::{
    collections::VecDeque,
    ffi::OsStr,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    sync::mpsc,
};

use anyhow::{Context, Result, bail};

use crate::{progress::Step, workspace::Workspace};

/// How much of a failed program's output is shown.
const KEPT_LINES: usize = 400;

/// cargo, at the workspace's root and with an environment that does not depend on who called.
pub fn cargo(workspace: &Workspace) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(&workspace.root);
    // Even an empty RUSTFLAGS would replace the flags of .cargo/config.toml, and both halves of the site must agree on those.
    command.env_remove("RUSTFLAGS");
    // What the outer `cargo run` set for us would make build scripts that watch these variables run again.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}

/// Runs a program to its end, showing its last line as the step's progress, and all of its output if it fails.
///
/// # Errors
/// Where it cannot be started or fails.
pub fn run(step: &Step, command: &mut Command) -> Result<()> {
    let name = describe(command);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("starting {name}"))?;
    let (sender, lines) = mpsc::channel();
    let (out, err) = (child.stdout.take(), child.stderr.take());
    std::thread::scope(|scope| {
        for stream in [out.map(boxed), err.map(boxed)].into_iter().flatten() {
            let sender = sender.clone();
            scope.spawn(move || stream.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        }
        drop(sender);
        let mut kept = VecDeque::new();
        for line in lines {
            step.now(line.trim());
            kept.push_back(line);
            if kept.len() > KEPT_LINES {
                kept.pop_front();
            }
        }
        let status = child.wait()?;
        if !status.success() {
            kept.iter().for_each(|line| step.print(line));
            bail!("{name} failed ({status})");
        }
        Ok(())
    })
}

fn boxed(stream: impl std::io::Read + Send + 'static) -> Box<dyn BufRead + Send> {
    Box::new(BufReader::new(stream))
}

fn describe(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args()).map(OsStr::to_string_lossy);
    words.collect::<Vec<_>>().join(" ")
}
