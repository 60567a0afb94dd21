//! What was changed since the seed: the successful writes, in order. Replaying them on a fresh world gives the same
//! world again, ids included, so a state file holds nothing but what people did.

use crate::options::{Options, Organization};
use crate::service::{self, handler::Run};
use crate::wire::call::Call;
use crate::wire::operation::Operation;
use crate::world::World;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use time::OffsetDateTime;

/// Why a simulator does not start, or cannot keep its state.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("the state file {path} cannot be used")]
    State { path: PathBuf, source: io::Error },
    #[error("the state file {path} is not one of this simulator")]
    Malformed { path: PathBuf, source: serde_json::Error },
    #[error("the state file belongs to organization {organization} of seed {seed}")]
    OtherSeed { organization: String, seed: u64 },
    #[error("the state file holds a change that cannot be made again: {operation}")]
    Replay { operation: String },
    #[error("cannot listen on {address}: {source}")]
    Address { address: SocketAddr, source: io::Error },
    #[error("the listener failed")]
    Listen(#[source] io::Error),
}

/// What a simulator begins with anew; what is not given stays.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Beginning {
    seed: Option<u64>,
    organization: Option<Organization>,
}

/// The journal and where it is kept.
#[derive(Debug)]
pub struct Journal {
    path: Option<PathBuf>,
    state: State,
}

#[derive(Debug, Serialize, Deserialize)]
struct State {
    organization: Organization,
    seed: u64,
    #[serde(with = "time::serde::timestamp::milliseconds")]
    start: OffsetDateTime,
    #[serde(default)]
    clock_offset: i64,
    entries: Vec<Entry>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    #[serde(with = "time::serde::timestamp::milliseconds")]
    at: OffsetDateTime,
    operation: String,
    account: String,
    region: String,
    input: Map<String, Value>,
}

impl Journal {
    /// Reads the state file of the options, or begins a journal at the present.
    pub fn open(options: &Options) -> Result<Self, StartError> {
        let path = options.state_file.clone();
        let kept = path.as_deref().map(read).transpose()?.flatten();
        let state = match kept {
            Some(state) if (state.organization, state.seed) != (options.organization, options.seed) => {
                let organization = state.organization.to_string();
                return Err(StartError::OtherSeed { organization, seed: state.seed });
            }
            Some(state) => state,
            None => State {
                organization: options.organization,
                seed: options.seed,
                start: whole_milliseconds((options.now)()),
                clock_offset: 0,
                entries: Vec::new(),
            },
        };
        let journal = Self { path, state };
        journal.save()?;
        Ok(journal)
    }

    pub fn start(&self) -> OffsetDateTime {
        self.state.start
    }

    pub fn clock_offset(&self) -> i64 {
        self.state.clock_offset
    }

    pub fn set_clock_offset(&mut self, milliseconds: i64) -> Result<(), StartError> {
        self.state.clock_offset = milliseconds;
        self.save()
    }

    /// Forgets all changes, and begins with another seed or organization if one is given.
    pub fn begin(&mut self, beginning: Beginning) -> Result<(), StartError> {
        self.state.seed = beginning.seed.unwrap_or(self.state.seed);
        self.state.organization = beginning.organization.unwrap_or(self.state.organization);
        self.state.entries.clear();
        self.state.clock_offset = 0;
        self.save()
    }

    /// The options, with the seed and the organization of this journal.
    pub fn options(&self, options: &Options) -> Options {
        let State { seed, organization, .. } = self.state;
        Options { seed, organization, ..options.clone() }
    }

    /// Makes all changes again.
    pub fn replay(&mut self, world: &mut World) -> Result<(), StartError> {
        self.state.entries.iter().try_for_each(|entry| {
            let failed = || StartError::Replay { operation: entry.operation.clone() };
            let handler = service::find(&entry.operation).ok_or_else(failed)?;
            let call = entry.call(&handler.operation);
            match handler.run {
                Run::Write(write) => write(world, &call).map(drop).map_err(|_| failed()),
                Run::Read(_) => Err(failed()),
            }
        })
    }

    /// Keeps a change that was made.
    pub fn add(&mut self, call: &Call) -> Result<(), StartError> {
        if self.path.is_none() {
            return Ok(());
        }
        self.state.entries.push(Entry {
            at: call.now,
            operation: call.operation.qualified(),
            account: call.account.clone(),
            region: call.region.clone(),
            input: call.input.clone(),
        });
        self.save()
    }

    fn save(&self) -> Result<(), StartError> {
        let Some(path) = &self.path else { return Ok(()) };
        let text = serde_json::to_vec(&self.state)
            .map_err(|source| StartError::Malformed { path: path.clone(), source })?;
        replace(path, &text).map_err(|source| StartError::State { path: path.clone(), source })
    }
}

impl Entry {
    fn call(&self, operation: &'static Operation) -> Call {
        Call {
            operation,
            account: self.account.clone(),
            session: false,
            region: self.region.clone(),
            now: self.at,
            input: self.input.clone(),
        }
    }
}

/// Journals keep milliseconds, so the world has to live by them from the start.
pub fn whole_milliseconds(at: OffsetDateTime) -> OffsetDateTime {
    let nanoseconds = at.nanosecond() / 1_000_000 * 1_000_000;
    at.replace_nanosecond(nanoseconds).unwrap_or(at)
}

fn read(path: &Path) -> Result<Option<State>, StartError> {
    match std::fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|source| StartError::Malformed { path: path.to_owned(), source }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(StartError::State { path: path.to_owned(), source }),
    }
}

/// Writes beside the file and renames, so that a crash leaves the old state or the new one.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension("tmp");
    let mut file = std::fs::File::create(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&beside, path)
}
