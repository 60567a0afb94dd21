//! A release binary holds the site: this lists the files that `cargo xtask build` put together, for `src/site.rs` to include.
//! A debug binary reads them when it starts, so that changing a page does not mean linking it again.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=build.rs");
    let variable = |name| env::var_os(name).ok_or_else(|| io::Error::other(format!("{name} is not set")));
    let site = PathBuf::from(variable("CARGO_MANIFEST_DIR")?).join("../target/site");
    let mut list = String::new();
    if variable("PROFILE")? == "release" {
        println!("cargo:rerun-if-changed={}", site.display());
        if site.exists() {
            add(&site.canonicalize()?, "", &mut list)?;
        }
    }
    fs::write(Path::new(&variable("OUT_DIR")?).join("site_files.rs"), format!("&[{list}]"))
}

fn add(folder: &Path, prefix: &str, list: &mut String) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = format!("{prefix}{}", path.file_name().unwrap_or_default().to_string_lossy());
        if path.is_dir() {
            add(&path, &format!("{name}/"), list)?;
        } else {
            *list += &format!("({name:?}, include_bytes!({:?})),\n", path.display().to_string());
        }
    }
    Ok(())
}
