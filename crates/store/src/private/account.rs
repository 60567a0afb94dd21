//! As whom the server runs: Postgres refuses root.

use std::{
    fs,
    os::unix::{
        fs::{MetadataExt, chown},
        process::CommandExt,
    },
    path::Path,
    process::{Command, Stdio},
};

use super::error::PrivateError;

/// The account that runs the server.
#[derive(Debug)]
pub(super) struct Account {
    /// User and group to become; `None` where we are an ordinary user already.
    become_user: Option<(u32, u32)>,
}

impl Account {
    /// Ourselves, unless we are root: then whoever owns the server's folder, if it is there, or `postgres`, or `nobody`.
    pub(super) fn for_folder(folder: &Path) -> Result<Self, PrivateError> {
        if !is_root()? {
            return Ok(Self { become_user: None });
        }
        let owner = fs::metadata(folder).ok().map(|m| (m.uid(), m.gid()));
        let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
        let named = || user(&users, "postgres").or_else(|| user(&users, "nobody"));
        let found = owner.filter(|(uid, _)| *uid != 0).or_else(named).ok_or(PrivateError::NoUser)?;
        Ok(Self { become_user: Some(found) })
    }

    /// Makes a command run as this account.
    pub(super) fn apply<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        match self.become_user {
            Some((uid, gid)) => command.uid(uid).gid(gid),
            None => command,
        }
    }

    /// Gives a file or folder to this account.
    pub(super) fn own(&self, path: &Path) -> Result<(), PrivateError> {
        let Some((uid, gid)) = self.become_user else { return Ok(()) };
        chown(path, Some(uid), Some(gid)).map_err(PrivateError::io("change the owner of", path))
    }

    /// Whether this account can get into a folder: all folders above it must let it pass.
    pub(super) fn can_enter(&self, folder: &Path) -> bool {
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", "cd \"$1\" && cd \"$1/..\"", "sh"]).arg(folder).current_dir("/");
        shell.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        self.apply(&mut shell).status().is_ok_and(|s| s.success())
    }
}

fn is_root() -> Result<bool, PrivateError> {
    let said = Command::new("id").arg("-u").output().map_err(PrivateError::io("run", Path::new("id")))?;
    Ok(said.stdout.trim_ascii() == b"0")
}

/// User and group of a name in the text of `/etc/passwd`.
fn user(passwd: &str, name: &str) -> Option<(u32, u32)> {
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        (fields.next()? == name).then_some(())?;
        Some((fields.nth(1)?.parse().ok()?, fields.next()?.parse().ok()?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_and_group_are_read_by_the_whole_name() {
        let passwd =
            "root:x:0:0:root:/root:/bin/sh\npostgresql:x:7:7::/:/bin/sh\npostgres:x:101:104:,,:/:/bin/sh\n";
        assert_eq!(user(passwd, "postgres"), Some((101, 104)));
        assert_eq!(user(passwd, "nobody"), None);
    }
}
