//! Where the server's programs are.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::error::PrivateError;

/// The oldest version that we run on.
const OLDEST: u32 = 15;

/// Folders in which distributions keep one folder for each version.
const PLACES: [&str; 4] =
    ["/usr/lib/postgresql", "/usr/local/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"];

/// The programs of one installed version.
#[derive(Debug)]
pub(super) struct Binaries {
    bin: PathBuf,
    version: u32,
}

impl Binaries {
    /// The version that wrote the data, or where there is none yet the first of PATH, `pg_config`, newest in the
    /// distribution's place.
    pub(super) fn find(wanted: Option<u32>, cluster: &Path) -> Result<Self, PrivateError> {
        choose(candidates(), wanted, cluster)
    }

    /// Path of a program.
    pub(super) fn path(&self, program: &str) -> PathBuf {
        self.bin.join(program)
    }
}

fn choose(found: Vec<Binaries>, wanted: Option<u32>, cluster: &Path) -> Result<Binaries, PrivateError> {
    let mut old = None;
    for one in found {
        if wanted.map_or(one.version >= OLDEST, |version| one.version == version) {
            return Ok(one);
        }
        old = old.or(Some(one));
    }
    match (wanted, old) {
        (Some(version), Some(_)) => Err(PrivateError::OtherVersion { version, cluster: cluster.to_owned() }),
        (None, Some(old)) => Err(PrivateError::TooOld { found: old.version, bin: old.bin }),
        (_, None) => Err(PrivateError::NotInstalled),
    }
}

fn candidates() -> Vec<Binaries> {
    let path = env::var_os("PATH").unwrap_or_default();
    let on_path = env::split_paths(&path).collect::<Vec<_>>();
    on_path
        .into_iter()
        .chain(from_pg_config())
        .chain(from_distribution())
        .filter_map(|bin| look(&bin))
        .collect()
}

fn from_pg_config() -> Option<PathBuf> {
    let said = Command::new("pg_config").arg("--bindir").output().ok()?;
    Some(PathBuf::from(String::from_utf8(said.stdout).ok()?.trim()))
}

/// Newest version first.
fn from_distribution() -> Vec<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = Vec::new();
    for place in PLACES {
        for entry in fs::read_dir(place).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().trim_start_matches("postgresql@").to_owned();
            if let Ok(version) = name.parse() {
                found.push((version, entry.path().join("bin")));
            }
        }
    }
    found.sort();
    found.into_iter().rev().map(|(_, bin)| bin).chain([PathBuf::from("/usr/pgsql/bin")]).collect()
}

/// The version in a folder, if both programs are in it.
fn look(bin: &Path) -> Option<Binaries> {
    if !bin.join("initdb").is_file() || !bin.join("postgres").is_file() {
        return None;
    }
    let said = Command::new(bin.join("postgres")).arg("--version").output().ok()?;
    let version = major(&String::from_utf8_lossy(&said.stdout))?;
    Some(Binaries { bin: bin.to_owned(), version })
}

/// 17 from “postgres (PostgreSQL) 17.2 (Debian 17.2-1)”.
fn major(said: &str) -> Option<u32> {
    let number = said.split_once(") ")?.1;
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn installed(versions: &[u32]) -> Vec<Binaries> {
        versions.iter().map(|v| Binaries { bin: format!("/pg/{v}").into(), version: *v }).collect()
    }

    #[test]
    fn the_version_is_read_from_what_the_server_says() {
        assert_eq!(major("postgres (PostgreSQL) 15.8 (Debian 15.8-0+deb12u1)\n"), Some(15));
        assert_eq!(major("postgres (PostgreSQL) 18beta1\n"), Some(18));
        assert_eq!(major("something else"), None);
    }

    #[test]
    fn data_is_opened_with_the_version_that_wrote_it() {
        let of =
            |found: &[u32], wanted| choose(installed(found), wanted, Path::new("/data")).map(|b| b.version);
        assert_eq!(of(&[14, 17, 16], None).unwrap(), 17);
        assert_eq!(of(&[17, 16], Some(16)).unwrap(), 16);
        assert!(matches!(of(&[17], Some(16)), Err(PrivateError::OtherVersion { version: 16, .. })));
        assert!(matches!(of(&[14], None), Err(PrivateError::TooOld { found: 14, .. })));
    }

    #[test]
    fn a_machine_without_postgres_is_told_in_one_line_what_to_install() {
        let why = choose(Vec::new(), None, Path::new("/data")).unwrap_err().to_string();
        assert!(why.contains("apt-get install postgresql") && !why.contains('\n'), "{why}");
    }
}
