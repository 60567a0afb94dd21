//! The tokens that `holdfast login` keeps: one for each server, in a file that its owner alone can read.

use std::{
    collections::BTreeMap,
    fs::{self, DirBuilder, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use etcetera::{BaseStrategy, choose_base_strategy};
use reqwest::Url;
use serde::{Deserialize, Serialize};

use super::{error::RemoteError, token::Token};

/// Bits that let others at a file.
const OTHERS: u32 = 0o077;

/// What is kept.
pub struct Kept {
    path: PathBuf,
    file: File,
}

#[derive(Default, Serialize, Deserialize)]
struct File {
    /// By the server's address.
    servers: BTreeMap<String, Entry>,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    token: String,
    /// Whose it is.
    owner: String,
}

impl Kept {
    /// Reads the file; nothing is kept where there is none.
    ///
    /// # Errors
    /// Where it cannot be read, or others can read it.
    pub fn open() -> Result<Self, RemoteError> {
        let base = choose_base_strategy().map_err(|_| RemoteError::NoFolder)?;
        Self::at(base.config_dir().join("holdfast").join("tokens.json"))
    }

    fn at(path: PathBuf) -> Result<Self, RemoteError> {
        let failed = |source| RemoteError::file(&path, source);
        let file = match fs::metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => File::default(),
            Err(error) => return Err(failed(error)),
            Ok(about) if about.permissions().mode() & OTHERS != 0 => {
                return Err(RemoteError::OpenToOthers(path.display().to_string()));
            }
            Ok(_) => {
                let text = fs::read_to_string(&path).map_err(failed)?;
                serde_json::from_str(&text).map_err(|_| RemoteError::NotKept(path.display().to_string()))?
            }
        };
        Ok(Self { path, file })
    }

    /// The token for a server.
    #[must_use]
    pub fn token(&self, server: &Url) -> Option<Token> {
        self.file.servers.get(&name(server)).map(|entry| Token(entry.token.clone()))
    }

    /// Keeps a token for a server in the place of the one before.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn put(&mut self, server: &Url, token: &str, owner: &str) -> Result<(), RemoteError> {
        let entry = Entry { token: token.to_owned(), owner: owner.to_owned() };
        self.file.servers.insert(name(server), entry);
        self.write()
    }

    /// Forgets a server's token.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn forget(&mut self, server: &Url) -> Result<(), RemoteError> {
        if self.file.servers.remove(&name(server)).is_none() { Ok(()) } else { self.write() }
    }

    /// Where it lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whole or not at all: a file beside it takes its place.
    fn write(&self) -> Result<(), RemoteError> {
        self.try_write().map_err(|source| RemoteError::file(&self.path, source))
    }

    fn try_write(&self) -> io::Result<()> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        let new = self.path.with_extension(format!("json.{}", std::process::id()));
        let text = serde_json::to_string_pretty(&self.file)?;
        let written = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&new)
            .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()))
            .and_then(|()| fs::rename(&new, &self.path));
        if written.is_err() {
            let _ = fs::remove_file(&new);
        }
        written
    }
}

/// A server's address as a key.
fn name(server: &Url) -> String {
    server.origin().ascii_serialization()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        text.parse().unwrap()
    }

    #[test]
    fn each_server_has_its_token_until_it_is_forgotten_and_nobody_else_can_read_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("below").join("tokens.json");
        let mut kept = Kept::at(path.clone()).unwrap();
        kept.put(&url("https://a.example.com"), "one", "ana").unwrap();
        kept.put(&url("https://b.example.com:8443"), "two", "bob").unwrap();
        kept.put(&url("https://a.example.com/"), "three", "ana").unwrap();
        let read =
            |server: &str| Kept::at(path.clone()).unwrap().token(&url(server)).map(|Token(token)| token);
        assert_eq!(read("https://a.example.com").as_deref(), Some("three"));
        assert_eq!(read("https://b.example.com:8443").as_deref(), Some("two"));
        assert_eq!(read("https://b.example.com"), None, "another port is another server");
        assert_eq!(read("http://a.example.com"), None);
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "nothing is left beside it");
        kept.forget(&url("https://a.example.com")).unwrap();
        assert_eq!(read("https://a.example.com"), None);
        assert_eq!(read("https://b.example.com:8443").as_deref(), Some("two"));
    }

    #[test]
    fn what_others_can_read_or_nobody_can_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tokens.json");
        fs::write(&path, "{\"servers\":{}}").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(Kept::at(path.clone()), Err(RemoteError::OpenToOthers(_))));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        assert!(Kept::at(path.clone()).is_ok());
        fs::write(&path, "nonsense").unwrap();
        assert!(matches!(Kept::at(path), Err(RemoteError::NotKept(_))));
    }
}
