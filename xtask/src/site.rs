//! Builds what browsers load: WASM and its JavaScript glue, style sheet, public files.
//!
//! WASM, glue and style stand together in `pkg/<hash>/`, where the hash is taken over all of their content: the browser may keep them for
//! ever, and the page needs to know one folder name only. Everything is compressed here, once, so that the server never does.
//! A release build also splits the WASM into what every page needs and parts that pages load when they need them.

pub mod compress;
mod files;
mod sizes;
pub mod split;
mod style;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use self::files::files;
use crate::{
    cargo::{cargo, run},
    progress::Progress,
    workspace::Workspace,
};

pub const WASM_TARGET: &str = "wasm32-unknown-unknown";
/// The profile of what ships.
pub const WASM_RELEASE: &str = "wasm-release";

/// Builds the site, then the binary; answers the binary's path. In this order, because a release binary holds the site.
///
/// # Errors
/// Where something does not build.
pub fn build_all(workspace: &Workspace, progress: Progress, release: bool) -> Result<PathBuf> {
    build(workspace, progress, release)?;
    progress.step("Build the server", |step| {
        let mut command = cargo(workspace);
        command.args(["build", "--package", "server", "--bin", "holdfast"]);
        if release {
            command.arg("--release");
        }
        run(step, &mut command)
    })?;
    Ok(workspace.binary(release))
}

/// Builds the site alone.
///
/// # Errors
/// Where something does not build.
pub fn build(workspace: &Workspace, progress: Progress, release: bool) -> Result<()> {
    let profile = if release { WASM_RELEASE } else { "wasm-dev" };
    install_wasm_target(progress)?;
    progress.step("Build the pages (WASM)", |step| {
        let mut command = cargo(workspace);
        command.args([
            "rustc",
            "--package",
            "frontend",
            "--lib",
            "--target",
            WASM_TARGET,
            "--profile",
            profile,
        ]);
        if release {
            // What refers to what is needed to take it apart.
            command.args(["--features", "split", "--", "-Clink-args=--emit-relocs"]);
        }
        run(step, &mut command)
    })?;
    progress.step("Put the site together", |step| {
        let wasm = workspace.target.join(WASM_TARGET).join(profile).join("frontend.wasm");
        let staging = workspace.root.join("target/site-staging");
        recreate(&staging)?;
        let first = if release {
            step.now("parts");
            split::split(&wasm, &staging.join("pkg/new"))?
        } else {
            wasm
        };
        step.now("JavaScript glue");
        glue(&first, &staging.join("pkg/new"), release)?;
        step.now("style");
        let css = style::bundle(&workspace.root.join("style/main.css"))?;
        fs::write(staging.join("pkg/new/holdfast.css"), css)?;
        copy_folder(&workspace.root.join("public"), &staging)?;
        fs::rename(
            staging.join("pkg/new"),
            staging.join("pkg").join(hash_folder(&staging.join("pkg/new"))?),
        )?;
        step.now("compression");
        compress::folder(&staging, release)?;
        if release {
            sizes::lines(&staging.join("pkg"))?.iter().for_each(|line| step.print(line));
        }
        replace(&staging, &workspace.site())
    })
}

/// rustup adds the target where it is missing; a toolchain without rustup either has it or says so itself.
///
/// # Errors
/// Where rustup fails.
pub fn install_wasm_target(progress: Progress) -> Result<()> {
    let Ok(listed) = Command::new("rustup").args(["target", "list", "--installed"]).output() else {
        return Ok(());
    };
    if String::from_utf8_lossy(&listed.stdout).lines().any(|line| line == WASM_TARGET) {
        return Ok(());
    }
    progress.step("Add the WASM target", |step| {
        run(step, Command::new("rustup").args(["target", "add", WASM_TARGET]))
    })
}

fn glue(wasm: &Path, into: &Path, release: bool) -> Result<()> {
    wasm_bindgen_cli_support::Bindgen::new()
        .input_path(wasm)
        .out_name("holdfast")
        .web(true)?
        .typescript(false)
        .debug(!release)
        // Parts find the rest by its exports.
        .keep_lld_exports(release)
        .remove_name_section(release)
        .remove_producers_section(release)
        .generate(into)
        .context("generating the JavaScript glue")?;
    // The name that leptos asks for.
    fs::rename(into.join("holdfast_bg.wasm"), into.join("holdfast.wasm")).context("naming the WASM file")
}

/// A name made of the content of all files below a folder.
fn hash_folder(folder: &Path) -> Result<String> {
    let mut hash = Sha256::new();
    for file in files(folder)? {
        hash.update(file.strip_prefix(folder)?.to_string_lossy().as_bytes());
        hash.update(Sha256::digest(fs::read(&file)?));
    }
    let mut name = hex::encode(hash.finalize());
    name.truncate(16);
    Ok(name)
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    for file in files(from)? {
        let target = to.join(file.strip_prefix(from)?);
        fs::create_dir_all(target.parent().unwrap_or(to))?;
        fs::copy(&file, target)?;
    }
    Ok(())
}

fn recreate(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder.join("pkg")).with_context(|| format!("making {}", folder.display()))
}

fn replace(new: &Path, old: &Path) -> Result<()> {
    if old.exists() {
        fs::remove_dir_all(old)?;
    }
    fs::rename(new, old).with_context(|| format!("moving the site to {}", old.display()))
}
