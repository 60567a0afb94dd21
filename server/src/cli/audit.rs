//! `holdfast audit`: proves the audit list, and prints what is kept elsewhere for that; and lists that of a server.
//!
//! Exit status of `verify`: 0 whole; 1 broken; 2 it could not be read, or bad usage.

use std::{
    fs::File,
    io::{self, BufReader, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use portal::audit::{Kept, KeptError, KeyError, PublicKey, SigningKey, Verdict, Whole, verify};
use store::{Store, StoreError};

use super::remote::{
    self, Connection,
    audit::{Export, ListEntries},
};

/// The audit list: of a server, and its proof in a database
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Who did what through a server, newest first
    List(ListEntries),
    /// All entries of a server as a file on standard output
    Export(Export),
    /// Walk the whole audit list, and find any change, gap, reordering, or end that was cut off
    Verify(VerifyArgs),
    /// Print the newest signed head as a line of JSON, to be kept elsewhere
    Head(Database),
    /// Print the public half of the key that signs heads
    Key(KeyArgs),
}

#[derive(Debug, Args)]
pub struct Database {
    /// A PostgreSQL 15 or newer, such as postgres://holdfast:secret@db.example.com/holdfast
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: String,
}

#[derive(Debug, Args)]
pub struct VerifyArgs {
    #[command(flatten)]
    database: Database,
    /// Heads or forwarded entries that were kept elsewhere, a line of JSON each; - reads standard input. May be repeated
    #[arg(long = "head", value_name = "FILE")]
    heads: Vec<PathBuf>,
    /// Public keys that may have signed heads, as `holdfast audit key` prints them; without any, those that the database
    /// names. May be repeated
    #[arg(long = "key", value_name = "FILE")]
    keys: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub struct KeyArgs {
    /// The file with the key, where one is given to Holdfast; else that of the database
    #[arg(long, env = "HOLDFAST_AUDIT_KEY_FILE", value_name = "FILE")]
    audit_key_file: Option<PathBuf>,
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: Option<String>,
}

/// Why nothing could be said.
#[derive(Debug, thiserror::Error)]
enum AuditError {
    #[error("DATABASE_URL: {0}")]
    Database(#[from] StoreError),
    #[error("{path}: {source}")]
    Kept { path: String, source: KeptError },
    #[error("{path}: {source}")]
    Key { path: String, source: KeyError },
    #[error(transparent)]
    KeyFile(#[from] KeyError),
    #[error("no head was signed yet: Holdfast signs the first within a minute of the first entry")]
    NoHead,
    #[error(
        "there is no key yet: Holdfast makes one when it starts, or give it one with HOLDFAST_AUDIT_KEY_FILE"
    )]
    NoKey,
    #[error("give --database-url (DATABASE_URL) or --audit-key-file (HOLDFAST_AUDIT_KEY_FILE)")]
    NoSource,
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// What a database is asked for.
enum Proof {
    Verify(VerifyArgs),
    Head(Database),
    Key(KeyArgs),
}

impl AuditCommand {
    /// Whether it is for a server that runs.
    #[must_use]
    pub const fn asks_server(&self) -> bool {
        matches!(self, Self::List(_) | Self::Export(_))
    }
}

/// Runs a command, prints its result and says how it ended.
pub fn run(command: AuditCommand, before: Connection) -> ExitCode {
    let command = match command {
        AuditCommand::List(args) => {
            return remote::run(&before.or(args.connection().clone()), |client| args.run(client));
        }
        AuditCommand::Export(args) => {
            return remote::run(&before.or(args.connection().clone()), |client| args.run(client));
        }
        AuditCommand::Verify(args) => Proof::Verify(args),
        AuditCommand::Head(database) => Proof::Head(database),
        AuditCommand::Key(args) => Proof::Key(args),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let done = runtime.map_err(AuditError::Io).and_then(|runtime| {
        runtime.block_on(async {
            match command {
                Proof::Verify(args) => proven(args).await,
                Proof::Head(database) => head(&database).await,
                Proof::Key(args) => key(args).await,
            }
        })
    });
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::from(2)
        }
    }
}

impl Database {
    /// The database, for one command.
    ///
    /// # Errors
    /// Where the address is none.
    pub fn connect(&self) -> Result<Store, StoreError> {
        let options = store::Options { max_connections: 2, acquire_timeout: Duration::from_secs(10) };
        Store::connect(&self.database_url, options)
    }
}

/// Whether the list is whole, with the verdict on standard output.
async fn proven(args: VerifyArgs) -> Result<bool, AuditError> {
    let mut kept = Kept::default();
    for path in &args.heads {
        read_kept(&mut kept, path)
            .map_err(|source| AuditError::Kept { path: path.display().to_string(), source })?;
    }
    let store = args.database.connect()?;
    let keys = if args.keys.is_empty() {
        store.audit_keys().await?.iter().filter_map(|key| PublicKey::from_bytes(&key.public_key)).collect()
    } else {
        args.keys.iter().map(|path| public_key(path)).collect::<Result<Vec<_>, _>>()?
    };
    let bar = bar();
    let verdict = verify(&store, &keys, &kept, |done, of| {
        bar.set_length(u64::try_from(of).unwrap_or_default());
        bar.set_position(u64::try_from(done).unwrap_or_default());
    })
    .await;
    bar.finish_and_clear();
    let mut out = io::stdout();
    match verdict? {
        Verdict::Whole(whole) => {
            writeln!(out, "whole: {}", words(&whole, args.keys.is_empty()))?;
            Ok(true)
        }
        Verdict::Broken(fault) => {
            writeln!(out, "broken at entry {}: {fault}", fault.seq())?;
            Ok(false)
        }
    }
}

fn words(whole: &Whole, keys_of_database: bool) -> String {
    let Whole { entries, hash, signed, kept, proven } = whole;
    let keys = if keys_of_database { "keys that the database names" } else { "the given keys" };
    if *entries == 0 {
        return "no entries".to_owned();
    }
    format!(
        "entries 1 to {entries}, the newest with hash {hash}; heads signed by {keys} that agree: {signed}; kept elsewhere \
         that agree: {kept}; proven by these up to entry {proven}"
    )
}

fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} entries, {eta} left");
    ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn read_kept(kept: &mut Kept, path: &Path) -> Result<(), KeptError> {
    if path == Path::new("-") {
        kept.read(io::stdin().lock())
    } else {
        kept.read(BufReader::new(File::open(path)?))
    }
}

fn public_key(path: &Path) -> Result<PublicKey, AuditError> {
    let shown = || path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|source| AuditError::Key {
        path: shown(),
        source: KeyError::Read { path: shown(), source },
    })?;
    PublicKey::from_pem(&text).map_err(|source| AuditError::Key { path: shown(), source })
}

async fn head(database: &Database) -> Result<bool, AuditError> {
    let head = database.connect()?.newest_audit_head().await?.ok_or(AuditError::NoHead)?;
    let line = serde_json::to_string(&head).map_err(io::Error::from)?;
    writeln!(io::stdout(), "{line}")?;
    Ok(true)
}

async fn key(args: KeyArgs) -> Result<bool, AuditError> {
    let key = match (args.audit_key_file, args.database_url) {
        (Some(file), _) => SigningKey::read(&file)?.public().clone(),
        (None, Some(database_url)) => {
            let keys = Database { database_url }.connect()?.audit_keys().await?;
            keys.first().and_then(|key| PublicKey::from_bytes(&key.public_key)).ok_or(AuditError::NoKey)?
        }
        (None, None) => return Err(AuditError::NoSource),
    };
    write!(io::stdout(), "Key {}\n{}", key.id(), key.to_pem())?;
    Ok(true)
}
