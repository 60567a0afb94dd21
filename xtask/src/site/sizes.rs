//! What browsers load, beside what it may be.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use super::{files::files, split};

/// The WASM that every page needs, as it comes over the wire.
const FIRST_LOAD: Size = Size(400_000);
/// What a page needs beside it.
const PART: Size = Size(150_000);

/// A number of bytes.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
struct Size(u64);

impl std::fmt::Display for Size {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} KB", self.0.div_ceil(1000))
    }
}

/// One line for what every page loads, one for each part: “first load: 1,581 KB, brotli 394 KB of 400 KB”.
///
/// # Errors
/// Where a file cannot be read.
pub fn lines(package: &Path) -> Result<Vec<String>> {
    let all = files(package)?;
    let wasm = all.iter().find(|file| file.ends_with("holdfast.wasm")).context("the site has no WASM")?;
    let folder = wasm.parent().context("the WASM stands nowhere")?;
    let mut lines = vec![line("first load, WASM", std::slice::from_ref(wasm), Some(FIRST_LOAD))?];
    for (name, files) in split::parts(folder)? {
        let files: Vec<_> = files.iter().map(|file| folder.join(file)).collect();
        lines.push(line(&format!("part {name}"), &files, Some(PART))?);
    }
    for kind in ["js", "css"] {
        let of_kind: Vec<_> =
            all.iter().filter(|file| file.extension().is_some_and(|e| e == kind)).cloned().collect();
        lines.push(line(kind, &of_kind, None)?);
    }
    Ok(lines)
}

fn line(what: &str, files: &[PathBuf], budget: Option<Size>) -> Result<String> {
    let (mut plain, mut packed) = (Size(0), Size(0));
    for file in files {
        let compressed = PathBuf::from(format!("{}.br", file.display()));
        let length = |path: &Path| fs::metadata(path).map(|data| data.len());
        plain.0 += length(file)?;
        // What gains nothing is not compressed.
        packed.0 += length(&compressed).or_else(|_| length(file))?;
    }
    let budget =
        budget.map(|budget| format!(" of {budget}{}", if packed > budget { ", TOO LARGE" } else { "" }));
    let count = if files.len() > 1 { format!(" in {} files", files.len()) } else { String::new() };
    Ok(format!("{what}: {plain}{count}, brotli {packed}{}", budget.unwrap_or_default()))
}
