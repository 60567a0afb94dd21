//! Takes the pages that are not needed at first out of the WASM, each part of the site into files of its own.
//!
//! `app::pages::parts` says what the parts are. What several of them need and the first load does not stands in shared files.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, anyhow};
use wasm_split_cli_support::{Options, transform};
use wasmparser::{Parser, Payload};

/// The script that loads the parts; the pages name it too.
const LOADER: &str = "./parts.js";
/// Which files each part needs; the server reads it.
const LIST: &str = "parts.json";

/// Each part's name with its files.
pub type Parts = BTreeMap<String, Vec<String>>;

/// Writes the parts, their loader and their list into a folder, and what is left beside the WASM; answers where that is.
///
/// # Errors
/// Where the WASM was not linked for it, or a file cannot be read or written.
pub fn split(wasm: &Path, into: &Path) -> Result<PathBuf> {
    let rest = wasm.with_extension("first.wasm");
    let whole = fs::read(wasm).with_context(|| format!("reading {}", wasm.display()))?;
    let mut options = Options::new(&whole);
    options.output_dir = into;
    options.main_out_path = &rest;
    options.link_name = LOADER;
    options.main_module = "./holdfast.js";
    let made = transform(options).map_err(|error| anyhow!("splitting {}: {error:#}", wasm.display()))?;
    for file in &made.split_modules {
        fs::write(file, without_names(&fs::read(file)?)?)?;
    }
    let with_ending = |files: Vec<String>| files.into_iter().map(|file| format!("{file}.wasm")).collect();
    let parts: Parts =
        made.prefetch_map.into_iter().map(|(name, files)| (name, with_ending(files))).collect();
    fs::write(into.join(LIST), serde_json::to_string(&parts)?)?;
    Ok(rest)
}

/// The parts of a site that is put together; none where it is in one piece.
///
/// # Errors
/// Where their list cannot be read.
pub fn parts(folder: &Path) -> Result<Parts> {
    let list = folder.join(LIST);
    if !list.exists() {
        return Ok(Parts::new());
    }
    Ok(serde_json::from_slice(&fs::read(list)?)?)
}

/// WASM without the names of functions, which are half of it and nothing for browsers.
///
/// # Errors
/// Where it is no WASM.
pub fn without_names(wasm: &[u8]) -> Result<Vec<u8>> {
    let (header, _) = wasm.split_at_checked(8).context("a part is no WASM")?;
    let mut kept = header.to_vec();
    let mut done = header.len();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        let named = matches!(&payload, Payload::CustomSection(section) if ["name", "producers"].contains(&section.name()));
        // The others lie inside sections.
        let Some((_, range)) = payload.as_section() else { continue };
        let end = usize::try_from(range.end)?;
        if !named {
            kept.extend_from_slice(wasm.get(done..end).unwrap_or_default());
        }
        done = end;
    }
    Ok(kept)
}
