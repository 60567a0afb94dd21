//! Why there is no private Postgres.

use std::{
    io,
    path::{Path, PathBuf},
};

/// Why there is no private Postgres. `Display` is one line with what to do.
#[derive(Debug, thiserror::Error)]
pub enum PrivateError {
    /// No server binaries were found.
    #[error(
        "PostgreSQL 15 or newer is not installed: run “apt-get install postgresql” (Debian, Ubuntu), “dnf install \
         postgresql-server” (Fedora) or “brew install postgresql@17” (macOS), or set DATABASE_URL to a server you have"
    )]
    NotInstalled,
    /// Only older ones were found.
    #[error("PostgreSQL {found} in {} is too old: install PostgreSQL 15 or newer, or set DATABASE_URL", bin.display())]
    TooOld { found: u32, bin: PathBuf },
    /// The folder was made by a version that is not installed any more.
    #[error(
        "{} was written by PostgreSQL {version}, which is not installed: install it again, or remove the folder to begin anew",
        cluster.display()
    )]
    OtherVersion { version: u32, cluster: PathBuf },
    /// Root may not run Postgres, and there is nobody else to run it.
    #[error(
        "Postgres must not run as root, and there is neither a user “postgres” nor “nobody”: add one of them"
    )]
    NoUser,
    /// The data folder is taken.
    #[error("another process uses the database in {}: stop it first, or choose another data folder", folder.display())]
    InUse { folder: PathBuf },
    /// A server program ended with an error.
    #[error("{program} failed in {}: {said}", folder.display())]
    Failed { program: &'static str, folder: PathBuf, said: String },
    /// The file system said no.
    #[error("cannot {doing} {}: {source}", path.display())]
    Io { doing: &'static str, path: PathBuf, source: io::Error },
}

impl PrivateError {
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { doing, path, source }
    }
}
