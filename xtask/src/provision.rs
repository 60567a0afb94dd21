//! Programs that the commands need. As root on Debian or Ubuntu, what is missing is installed; elsewhere one line says what to install.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Result, bail};

use crate::{cargo::run, progress::Progress};

/// A program from the distribution.
pub struct Need {
    /// What people call it.
    name: &'static str,
    /// Debian's packages.
    packages: &'static [&'static str],
    /// How it is called on the command line; any will do.
    commands: &'static [&'static str],
    /// Where distributions keep it off the path; a star stands for one folder.
    place: Option<(&'static str, &'static str)>,
}

pub const POSTGRES: Need = Need {
    name: "PostgreSQL 15 or newer",
    packages: &["postgresql"],
    commands: &["postgres"],
    place: Some(("/usr/lib/postgresql", "bin/postgres")),
};
pub const CHROMIUM: Need = Need {
    name: "Chromium",
    packages: &["chromium"],
    commands: &["chromium", "chromium-browser", "google-chrome"],
    place: None,
};
pub const NODE: Need = Need {
    name: "Node.js 20 or newer with npm",
    packages: &["nodejs", "npm"],
    commands: &["npm"],
    place: None,
};
pub const PYTHON: Need = Need {
    name: "Python 3 with venv",
    packages: &["python3", "python3-venv"],
    commands: &["python3"],
    place: None,
};

impl Need {
    /// Where it is, after installing it if that can be done.
    ///
    /// # Errors
    /// Where it is missing and cannot be installed; the message says what to install.
    pub fn provide(&self, progress: Progress) -> Result<PathBuf> {
        if let Some(path) = self.find() {
            return Ok(path);
        }
        if on_path("apt-get").is_none() || !is_root() {
            bail!(
                "{} is not installed: install it (on Debian: apt-get install {})",
                self.name,
                self.packages.join(" ")
            );
        }
        progress.step(&format!("Install {}", self.name), |step| {
            run(step, Command::new("apt-get").arg("update"))?;
            let mut install = Command::new("apt-get");
            install.args(["install", "--yes", "--no-install-recommends"]).args(self.packages);
            run(step, install.env("DEBIAN_FRONTEND", "noninteractive"))
        })?;
        match self.find() {
            Some(path) => Ok(path),
            None => bail!("{} was installed but cannot be found", self.name),
        }
    }

    /// Where it is, if it is there.
    pub fn find(&self) -> Option<PathBuf> {
        self.commands.iter().find_map(|command| on_path(command)).or_else(|| {
            let (folder, below) = self.place?;
            let versions = Path::new(folder).read_dir().ok()?;
            versions
                .filter_map(Result::ok)
                .map(|version| version.path().join(below))
                .find(|path| path.exists())
        })
    }
}

fn on_path(command: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(command)).find(|path| path.is_file())
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|said| said.stdout.trim_ascii() == b"0")
}
