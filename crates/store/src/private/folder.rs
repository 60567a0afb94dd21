//! The private server's folder: data, socket, log and locks.

use std::{
    fs::{self, File},
    io,
    os::unix::fs::{DirBuilderExt, PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::Stdio,
    thread::sleep,
    time::Duration,
};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use tempfile::TempDir;

use super::{account::Account, error::PrivateError};

/// How long a start or a stop may take: recovery after a crash comes first.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);
pub(super) const POLL: Duration = Duration::from_millis(10);

/// What it is called within the data folder.
pub(super) const NAME: &str = "postgres";
/// All that a path in the query of an address cannot hold as it is.
const IN_QUERY: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');
/// Where it goes instead, where the server's account cannot get into the data folder (root's home, as a rule).
const ELSEWHERE: &str = "/var/lib";
/// A socket's whole path must fit into 108 bytes with its end on Linux, 104 on macOS.
const SOCKET_BYTES: usize = 100;
const SOCKET: &str = ".s.PGSQL.5432";

/// An existing folder that belongs to the server's account and is locked for us.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    /// Where the path within the folder would be too long.
    short_socket: Option<TempDir>,
    _lock: File,
}

impl Folder {
    pub(super) fn open(data_dir: &Path, account: &Account) -> Result<Self, PrivateError> {
        fs::create_dir_all(data_dir).map_err(PrivateError::io("create", data_dir))?;
        let data_dir = data_dir.canonicalize().map_err(PrivateError::io("find", data_dir))?;
        let named = data_dir.join(NAME);
        if !named.exists() {
            place(&named, account)?;
        }
        let path = named.canonicalize().map_err(PrivateError::io("find", &named))?;
        let lock = take_lock(&path.join("lock"), &path)?;
        let mut folder = Self { path, short_socket: None, _lock: lock };
        folder.log()?;
        // Whoever starts it next, root or not, finds nothing that belongs to somebody else.
        for file in ["lock", "log"] {
            account.own(&folder.path.join(file))?;
        }
        folder.make_socket(account)?;
        Ok(folder)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn cluster(&self) -> PathBuf {
        self.path.join("cluster")
    }

    pub(super) fn socket(&self) -> PathBuf {
        self.short_socket.as_ref().map_or_else(|| self.path.join("socket"), |dir| dir.path().to_owned())
    }

    pub(super) fn url(&self) -> String {
        let socket = self.socket();
        let encoded = percent_encode(socket.as_os_str().as_encoded_bytes(), IN_QUERY);
        format!("postgres://holdfast@localhost/postgres?host={encoded}")
    }

    /// The version that wrote the data; `None` where there is none yet.
    pub(super) fn version(&self) -> Result<Option<u32>, PrivateError> {
        let path = self.cluster().join("PG_VERSION");
        match fs::read_to_string(&path) {
            Ok(text) => Ok(text.trim().parse().ok()),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(PrivateError::io("read", &path)(e)),
        }
    }

    /// A name for the data to be made under, with whatever an earlier attempt left there removed.
    pub(super) fn fresh_cluster(&self) -> Result<PathBuf, PrivateError> {
        let new = self.path.join("cluster.new");
        match fs::remove_dir_all(&new) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(PrivateError::io("remove", &new)(e)),
            _ => Ok(new),
        }
    }

    pub(super) fn accept_cluster(&self) -> Result<(), PrivateError> {
        let new = self.path.join("cluster.new");
        fs::rename(&new, self.cluster()).map_err(PrivateError::io("rename", &new))
    }

    /// Where the programs write what they have to say.
    pub(super) fn log(&self) -> Result<Stdio, PrivateError> {
        let path = self.path.join("log");
        let file = File::options().create(true).append(true).open(&path);
        Ok(file.map_err(PrivateError::io("open", &path))?.into())
    }

    /// Whether the server under this process id takes connections: it writes so into the eighth line of its lock file.
    pub(super) fn is_ready(&self, pid: u32) -> bool {
        let text = fs::read_to_string(self.cluster().join("postmaster.pid")).unwrap_or_default();
        let mut lines = text.lines();
        lines.next().and_then(|l| l.trim().parse().ok()) == Some(pid)
            && lines.nth(6).is_some_and(|l| l.trim() == "ready")
    }

    /// What a program said last.
    pub(super) fn failure(&self, program: &'static str) -> PrivateError {
        let log = fs::read(self.path.join("log")).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let mut last: Vec<&str> = log.lines().rev().filter(|l| !l.trim().is_empty()).take(3).collect();
        last.reverse();
        PrivateError::Failed { program, folder: self.path.clone(), said: last.join(" / ") }
    }

    /// Removes the server's lock files where no server is behind them: after a power cut, its process id may belong
    /// to something else, and Postgres would wait for that to end. A server that is just ending is waited for.
    pub(super) fn clear_stale_locks(&self) -> Result<(), PrivateError> {
        let lock = self.cluster().join("postmaster.pid");
        let mut waited = Duration::ZERO;
        while let Ok(text) = fs::read_to_string(&lock) {
            let pid = text.lines().next().and_then(|l| l.trim().parse::<u32>().ok());
            match pid.map(|pid| serves(pid, &self.cluster())) {
                Some(Some(true)) if waited > PATIENCE => {
                    return Err(PrivateError::InUse { folder: self.path.clone() });
                }
                Some(Some(true)) => sleep(POLL),
                // Without /proc nobody knows: Postgres decides by itself.
                Some(None) => break,
                _ => remove(&lock)?,
            }
            waited += POLL;
        }
        remove(&self.socket().join(SOCKET))?;
        remove(&self.socket().join(format!("{SOCKET}.lock")))
    }

    fn make_socket(&mut self, account: &Account) -> Result<(), PrivateError> {
        let here = self.path.join("socket");
        if here.as_os_str().len() + 1 + SOCKET.len() <= SOCKET_BYTES {
            return make_private(&here, account);
        }
        let short = private_temporary("holdfast-", "/tmp");
        let short = short.map_err(PrivateError::io("create a folder in", Path::new("/tmp")))?;
        account.own(short.path())?;
        self.short_socket = Some(short);
        Ok(())
    }
}

/// Makes the server's folder, or a link to one that its account can get into.
fn place(named: &Path, account: &Account) -> Result<(), PrivateError> {
    make_private(named, account)?;
    if account.can_enter(named) {
        return Ok(());
    }
    let elsewhere = private_temporary("holdfast-postgres-", ELSEWHERE);
    let elsewhere = elsewhere.map_err(PrivateError::io("create a folder in", Path::new(ELSEWHERE)))?.keep();
    account.own(&elsewhere)?;
    fs::remove_dir(named).map_err(PrivateError::io("remove", named))?;
    symlink(&elsewhere, named).map_err(PrivateError::io("create", named))
}

/// A folder that only the server's account (and root) can look into.
fn make_private(path: &Path, account: &Account) -> Result<(), PrivateError> {
    match fs::DirBuilder::new().mode(0o700).create(path) {
        Err(e) if e.kind() != io::ErrorKind::AlreadyExists => Err(PrivateError::io("create", path)(e)),
        _ => account.own(path),
    }
}

fn private_temporary(prefix: &str, within: &str) -> io::Result<TempDir> {
    tempfile::Builder::new().prefix(prefix).permissions(fs::Permissions::from_mode(0o700)).tempdir_in(within)
}

fn remove(path: &Path) -> Result<(), PrivateError> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(PrivateError::io("remove", path)(e)),
        _ => Ok(()),
    }
}

/// Whether a process is a server on this data (it works in its data folder); `None` where the system does not tell.
fn serves(pid: u32, cluster: &Path) -> Option<bool> {
    if !Path::new("/proc/self").exists() {
        return None;
    }
    Some(fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd == cluster))
}

/// An open handle that nobody else may hold.
fn take_lock(path: &Path, folder: &Path) -> Result<File, PrivateError> {
    let open = File::options().create(true).truncate(false).write(true).open(path);
    let file = open.map_err(PrivateError::io("open", path))?;
    file.try_lock().map_err(|_| PrivateError::InUse { folder: folder.to_owned() })?;
    Ok(file)
}
