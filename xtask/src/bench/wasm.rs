//! `cargo xtask bench wasm`: what the policy language weighs in a browser, built as the site's WASM is.

use std::fs;

use anyhow::Result;

use crate::{
    cargo::{self, cargo},
    progress::Progress,
    site::{self, WASM_RELEASE, WASM_TARGET, compress, split},
    workspace::Workspace,
};

/// What it should weigh at most, over the wire.
const AIM: usize = 110_000;

/// Builds `crates/policy/examples/browser.rs` and prints its size.
///
/// # Errors
/// Where it does not build.
pub fn run(workspace: &Workspace) -> Result<()> {
    let progress = Progress::new(false);
    site::install_wasm_target(progress)?;
    progress.step("Build the policy language (WASM)", |step| {
        let mut command = cargo(workspace);
        command.args(["build", "--package", "policy", "--example", "browser"]);
        command.args(["--target", WASM_TARGET, "--profile", WASM_RELEASE]);
        cargo::run(step, &mut command)
    })?;
    let built = workspace.target.join(WASM_TARGET).join(WASM_RELEASE).join("examples/browser.wasm");
    let wasm = split::without_names(&fs::read(built)?)?;
    let packed = compress::brotli(&wasm, true)?;
    let kb = |bytes: usize| bytes.div_ceil(1000);
    println!("policy language: {} KB, brotli {} KB; aim: {} KB", kb(wasm.len()), kb(packed.len()), kb(AIM));
    Ok(())
}
