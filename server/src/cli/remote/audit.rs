//! `holdfast audit list`, `holdfast audit export` and `holdfast events`: who did what, and what changed outside Holdfast.

use std::io::{self, Write};

use clap::{Args, ValueEnum};

use super::{
    Client, Connection, Ended, ListArgs, RemoteError, follow,
    output::{moment, named, table},
};
use crate::api::{audit::Entry, events::Event};

/// Who did what through Holdfast, newest first
#[derive(Debug, Args)]
pub struct ListEntries {
    #[command(flatten)]
    filter: Filter,
    #[command(flatten)]
    list: ListArgs,
    #[command(flatten)]
    connection: Connection,
}

/// All entries as a file on standard output
#[derive(Debug, Args)]
pub struct Export {
    /// How it is written
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
    #[command(flatten)]
    filter: Filter,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    #[default]
    Jsonl,
    Csv,
}

impl Format {
    const fn word(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
        }
    }
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Filter")]
struct Filter {
    /// Part of the sign-in name of who did it
    #[arg(long)]
    actor: Option<String>,
    /// As `policy_edited`
    #[arg(long)]
    action: Option<String>,
    /// Part of the id or name of what it was done to
    #[arg(long)]
    target: Option<String>,
    /// From this moment on: `24h`, `7d`, a date, or a date and time
    #[arg(long)]
    from: Option<String>,
    /// Before this moment
    #[arg(long)]
    until: Option<String>,
}

impl Filter {
    fn pairs(&self) -> Vec<(&str, &str)> {
        let Self { actor, action, target, from, until } = self;
        let all =
            [("actor", actor), ("action", action), ("target", target), ("from", from), ("until", until)];
        all.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?))).collect()
    }
}

/// What changed in AWS outside Holdfast, newest first
#[derive(Debug, Args)]
pub struct EventsArgs {
    /// As `policy_edited`
    #[arg(long)]
    kind: Option<String>,
    /// Part of the id or name of what changed, or of the target
    #[arg(long)]
    subject: Option<String>,
    #[command(flatten)]
    list: ListArgs,
    #[command(flatten)]
    connection: Connection,
}

impl ListEntries {
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Asks and prints.
    ///
    /// # Errors
    /// Where the server refuses, or cannot be asked.
    pub async fn run(self, client: Client) -> Result<Ended, RemoteError> {
        let rows = follow(&client, &["audit"], &self.filter.pairs(), self.list.limit()).await?;
        self.list.print(rows, "no entries match that you may see", |entries: Vec<Entry>| {
            let row = |entry: Entry| {
                let subject = entry.subject.as_ref().map(named).unwrap_or_default();
                let at = entry.target.as_ref().map(named).unwrap_or_default();
                let when = moment(Some(entry.at), "");
                [when, entry.actor, entry.action, entry.outcome, subject, at, entry.detail]
            };
            let heads = ["WHEN", "WHO", "ACTION", "OUTCOME", "ON", "AT", "DETAIL"];
            table(heads, entries.into_iter().map(row))
        })?;
        Ok(Ended::Done)
    }
}

impl Export {
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Asks and prints, as it comes.
    ///
    /// # Errors
    /// Where the server refuses, cannot be asked, or breaks off.
    pub async fn run(self, client: Client) -> Result<Ended, RemoteError> {
        let mut query = self.filter.pairs();
        query.push(("format", self.format.word()));
        let mut file = client.file(&["audit", "export"], &query).await?;
        let mut out = io::stdout().lock();
        while let Some(part) = file.chunk().await.map_err(|source| client.unreachable(source))? {
            out.write_all(&part).map_err(RemoteError::Output)?;
        }
        out.flush().map_err(RemoteError::Output)?;
        Ok(Ended::Done)
    }
}

impl EventsArgs {
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Asks and prints.
    ///
    /// # Errors
    /// Where the server refuses, or cannot be asked.
    pub async fn run(self, client: Client) -> Result<Ended, RemoteError> {
        let wanted = [("kind", &self.kind), ("subject", &self.subject)];
        let query: Vec<_> =
            wanted.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?))).collect();
        let rows = follow(&client, &["events"], &query, self.list.limit()).await?;
        self.list.print(
            rows,
            "no changes outside Holdfast were found that you may see",
            |events: Vec<Event>| {
                let row = |event: Event| {
                    let target = event.target.as_ref().map(named).unwrap_or_default();
                    let (since, seen) = (moment(Some(event.since), ""), moment(Some(event.seen_at), ""));
                    [since, seen, event.kind, named(&event.subject), target, event.changes.join("; ")]
                };
                table(["AFTER", "SEEN", "KIND", "WHAT", "AT", "CHANGES"], events.into_iter().map(row))
            },
        )?;
        Ok(Ended::Done)
    }
}
