//! Python environments with pinned packages, kept between runs below `target/interop`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use crate::{cargo::run, progress::Progress, provision::PYTHON, workspace::Workspace};

/// Packages that go together, pinned, so that a run says something about our change and not about theirs.
pub struct Packages {
    pub name: &'static str,
    pub pinned: &'static [&'static str],
}

pub const MINISTACK: Packages =
    Packages { name: "ministack", pinned: &["ministack==1.5.33", "boto3==1.43.106"] };
pub const MOTO: Packages = Packages { name: "moto", pinned: &["moto[server]==5.2.5"] };
pub const LOCALEMU: Packages = Packages { name: "localemu", pinned: &["localemu==1.3.2"] };
pub const CLIENTS: Packages = Packages {
    name: "clients",
    pinned: &["awscli==1.46.2", "boto3==1.44.5", "botocore==1.44.5", "regex==2026.11.15"],
};
pub const CUSTODIAN: Packages = Packages { name: "custodian", pinned: &["c7n==0.9.53"] };
pub const PROWLER: Packages = Packages { name: "prowler", pinned: &["prowler==5.46.0"] };
pub const POLICY_SENTRY: Packages = Packages { name: "policy-sentry", pinned: &["policy_sentry==0.15.2"] };

pub const OIDC: Packages = Packages { name: "oidc", pinned: &["oidc-provider-mock==0.3.4"] };
pub const SCIM: Packages = Packages {
    name: "scim",
    pinned: &["scim2-tester==0.5.2", "scim2-client[httpx2]==0.13.2", "scim2-models==0.12.3"],
};

pub const SCHEMATHESIS: Packages =
    Packages { name: "schemathesis", pinned: &["schemathesis==4.32.5", "boto3==1.44.5"] };

/// A Python with packages.
pub struct Environment(PathBuf);

impl Environment {
    /// The environment of an earlier run if it has these packages, else a new one.
    ///
    /// # Errors
    /// Where Python is missing, or the packages cannot be installed.
    pub fn provide(workspace: &Workspace, progress: Progress, packages: &Packages) -> Result<Self> {
        let python = PYTHON.provide(progress)?;
        let folder = workspace.target.join("interop").join(packages.name);
        let (stamp, pinned) = (folder.join("packages"), packages.pinned.join("\n"));
        if fs::read_to_string(&stamp).is_ok_and(|kept| kept == pinned) {
            return Ok(Self(folder));
        }
        progress
            .step(&format!("Install {}", packages.pinned.join(", ")), |step| {
                drop(fs::remove_dir_all(&folder));
                run(step, Command::new(&python).args(["-m", "venv"]).arg(&folder))?;
                let mut install = Command::new(folder.join("bin/pip"));
                run(
                    step,
                    install.args(["install", "--quiet", "--disable-pip-version-check"]).args(packages.pinned),
                )
            })
            .context("this part needs packages from PyPI, and pip could not get them: is there a network?")?;
        fs::write(&stamp, pinned)?;
        Ok(Self(folder))
    }

    /// A program that came with the packages.
    pub fn program(&self, name: &str) -> PathBuf {
        self.0.join("bin").join(name)
    }

    /// One of our scripts in this Python.
    pub fn script(&self, workspace: &Workspace, name: &str) -> Command {
        let mut command = Command::new(self.program("python"));
        // No byte code beside the scripts, which are in the checkout.
        command.arg("-B").arg(Path::new(&workspace.root).join("xtask/interop").join(name));
        command
    }
}
