//! A Postgres of our own, from the binaries that are installed: for the demo and for tests.
//!
//! It listens on a socket in its folder and nowhere else, keeps its data from run to run, and ends with the process
//! that started it, however that process ends: a small shell beside the server waits on a pipe whose other end only
//! we hold, and asks the server for a fast shutdown when the pipe closes. (The kernel's parent-death signal would be
//! shorter, but it follows the starting *thread*, and exists on Linux alone.)

mod account;
mod binaries;
mod error;
mod folder;

use std::{
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    thread::sleep,
    time::Duration,
};

use account::Account;
use binaries::Binaries;
use folder::{Folder, PATIENCE, POLL};

pub use error::PrivateError;

/// The shell around the server. Its inner shell is left to the system, so that the server never has a child that it
/// did not make; the outer one becomes the server. The rest of the arguments are the server's command line.
const WATCHED: &str = r#"
remove=$1; shift
( ( read -r _ <&3
    kill -INT $$
    if [ -n "$remove" ]; then
        for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do kill -0 $$ || break; sleep 0.2; done
        cd / && rm -rf "$remove"
    fi
) >/dev/null 2>&1 & ) 3<&0
exec "$@" </dev/null
"#;

/// A running private server. Dropping it stops it.
#[derive(Debug)]
pub struct PrivatePostgres {
    server: Child,
    /// Open as long as the server is to run.
    leash: Option<ChildStdin>,
    url: String,
    /// Held as long as the server runs; also keeps a short-lived socket folder.
    folder: Folder,
}

impl PrivatePostgres {
    /// Starts the server on the data in a folder, after making both where they are missing. Blocks for a second or
    /// two; the first time for a few more.
    ///
    /// # Errors
    /// Where Postgres is not installed, the folder is in use or not writable, or the server does not come up.
    pub fn start(data_dir: &Path) -> Result<Self, PrivateError> {
        Self::start_with(data_dir, &[], false)
    }

    /// Starts a server whose data nobody will miss: no waiting for the disk, and its folder goes when it ends.
    ///
    /// # Errors
    /// As [`PrivatePostgres::start`].
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn start_disposable(data_dir: &Path) -> Result<Self, PrivateError> {
        let careless = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300"];
        Self::start_with(data_dir, &careless, true)
    }

    fn start_with(data_dir: &Path, settings: &[&str], disposable: bool) -> Result<Self, PrivateError> {
        let account = Account::for_folder(&data_dir.join(folder::NAME))?;
        let folder = Folder::open(data_dir, &account)?;
        let binaries = Binaries::find(folder.version()?, &folder.cluster())?;
        if folder.version()?.is_none() {
            initialize(&binaries, &folder, &account, disposable)?;
        }
        if disposable {
            account.own(data_dir)?;
        }
        folder.clear_stale_locks()?;
        let mut server = spawn(&binaries, &folder, &account, settings, disposable.then_some(data_dir))?;
        let leash = server.stdin.take();
        let url = folder.url();
        let mut this = Self { server, leash, url, folder };
        this.wait_until_ready()?;
        Ok(this)
    }

    /// Where to connect, as a `DATABASE_URL`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Stops the server and waits until it has ended. The same as dropping it, in so many words.
    pub fn stop(self) {}

    /// The server writes its own state into its lock file; this is what `pg_ctl` waits for too.
    fn wait_until_ready(&mut self) -> Result<(), PrivateError> {
        let mut waited = Duration::ZERO;
        while !self.folder.is_ready(self.server.id()) {
            let ended = self.server.try_wait().map_err(PrivateError::io("watch", self.folder.path()))?;
            if ended.is_some() || waited > PATIENCE {
                return Err(self.folder.failure("postgres"));
            }
            sleep(POLL);
            waited += POLL;
        }
        Ok(())
    }
}

impl Drop for PrivatePostgres {
    fn drop(&mut self) {
        drop(self.leash.take());
        let mut waited = Duration::ZERO;
        while matches!(self.server.try_wait(), Ok(None)) {
            if waited > PATIENCE {
                let _ = self.server.kill();
                let _ = self.server.wait();
                return;
            }
            sleep(POLL);
            waited += POLL;
        }
    }
}

/// Makes the data folder beside its place and moves it there, so that one that exists is always whole.
fn initialize(
    bin: &Binaries,
    folder: &Folder,
    account: &Account,
    disposable: bool,
) -> Result<(), PrivateError> {
    // Without a UTF-8 locale, case is folded for English letters only: good enough to fall back to.
    for locale in ["--locale=C.UTF-8", "--locale=en_US.UTF-8", "--no-locale"] {
        let new = folder.fresh_cluster()?;
        let mut initdb = Command::new(bin.path("initdb"));
        initdb.arg("-D").arg(&new).args(["--username=holdfast", "--auth=trust", "--encoding=UTF8", locale]);
        if disposable {
            initdb.arg("--no-sync");
        }
        initdb.stdin(Stdio::null()).stdout(folder.log()?).stderr(folder.log()?);
        let status = account.apply(&mut initdb).current_dir(folder.path()).status();
        if status.map_err(PrivateError::io("run", &bin.path("initdb")))?.success() {
            return folder.accept_cluster();
        }
    }
    Err(folder.failure("initdb"))
}

fn spawn(
    bin: &Binaries,
    folder: &Folder,
    account: &Account,
    settings: &[&str],
    remove: Option<&Path>,
) -> Result<Child, PrivateError> {
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", WATCHED, "holdfast-postgres"]);
    shell.arg(remove.unwrap_or(Path::new("")));
    shell.arg(bin.path("postgres")).arg("-D").arg(folder.cluster());
    let socket = format!("unix_socket_directories={}", folder.socket().display());
    let fixed =
        ["listen_addresses=", "unix_socket_permissions=0700", "port=5432", "log_min_messages=warning"];
    for setting in fixed.iter().chain(settings).copied().chain([socket.as_str()]) {
        shell.args(["-c", setting]);
    }
    // A process group of its own: Ctrl-C in a terminal is for us, and we stop the server in our own time.
    shell.process_group(0).current_dir(folder.path());
    shell.stdin(Stdio::piped()).stdout(folder.log()?).stderr(folder.log()?);
    account.apply(&mut shell).spawn().map_err(PrivateError::io("run", Path::new("/bin/sh")))
}

#[cfg(test)]
mod tests;
