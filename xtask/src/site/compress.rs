//! Compresses the site's files once, at build time.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use flate2::{Compression, write::GzEncoder};

use super::files::files;

/// Files that gain from compression.
const COMPRESSIBLE: [&str; 8] = ["css", "html", "js", "json", "svg", "txt", "wasm", "webmanifest"];
const BROTLI_WINDOW: u32 = 22;

/// Writes `name.br` and `name.gz` beside every file that gets smaller: as small as possible for release, quickly else.
///
/// # Errors
/// Where a file cannot be read or written.
pub fn folder(folder: &Path, release: bool) -> Result<()> {
    for file in files(folder)? {
        let compressible = file.extension().is_some_and(|e| COMPRESSIBLE.iter().any(|c| e == *c));
        if compressible {
            compress(&file, release).with_context(|| format!("compressing {}", file.display()))?;
        }
    }
    Ok(())
}

/// Content packed with brotli: as small as possible for release, quickly else.
///
/// # Errors
/// Never, in fact: it is written to memory.
pub fn brotli(content: &[u8], release: bool) -> Result<Vec<u8>> {
    let mut packed = Vec::new();
    let quality = if release { 11 } else { 1 };
    brotli::CompressorWriter::new(&mut packed, 1 << 16, quality, BROTLI_WINDOW).write_all(content)?;
    Ok(packed)
}

fn compress(file: &Path, release: bool) -> Result<()> {
    let content = fs::read(file)?;
    let small = |packed: &[u8]| packed.len() < content.len();

    let brotli = brotli(&content, release)?;
    if small(&brotli) {
        fs::write(with_suffix(file, "br"), &brotli)?;
    }

    let level = if release { Compression::best() } else { Compression::fast() };
    let mut gzip = GzEncoder::new(Vec::new(), level);
    gzip.write_all(&content)?;
    let gzip = gzip.finish()?;
    if small(&gzip) {
        fs::write(with_suffix(file, "gz"), &gzip)?;
    }
    Ok(())
}

fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    name.into()
}
