//! `holdfast policy` with a server: lists, reads, writes and attaches its backup policies.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use http::Method;
use serde_json::{Value, json};

use super::{
    Client, Connection, Ended, ListArgs, Output, RemoteError, changes,
    client::{Answer, Sent},
    follow,
    output::{all, complain, facts, figure, moment, say, say_json, table, write},
    plain::plain,
};
use crate::api::policies::{Draft, Made, Places, Policy, PolicyRow};

#[derive(Debug, Args)]
pub struct List {
    /// Part of a name, id, description or plan
    #[arg(long, short, default_value = "", value_name = "TEXT")]
    q: String,
    /// Only those that are attached somewhere, or nowhere
    #[arg(long)]
    attached: Option<YesNo>,
    #[command(flatten)]
    list: ListArgs,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum YesNo {
    Yes,
    No,
}

#[derive(Debug, Args)]
pub struct Show {
    /// Its id, `p-…`
    id: String,
    /// Print the document alone, exactly as AWS keeps it; its ETag, for `save`, on standard error
    #[arg(long)]
    document: bool,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, Args)]
pub struct Create {
    /// The file with the document, or - for standard input
    file: PathBuf,
    /// Its name
    #[arg(long)]
    name: String,
    /// Its description
    #[arg(long, default_value = "")]
    description: String,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, Args)]
pub struct Save {
    /// Its id, `p-…`
    id: String,
    /// The file with the document, or - for standard input
    file: PathBuf,
    /// The ETag that `show` told, so that nobody's change since is lost
    #[arg(long, required_unless_present = "overwrite", conflicts_with = "overwrite")]
    etag: Option<String>,
    /// Write over whatever is there now
    #[arg(long)]
    overwrite: bool,
    /// Another name; it keeps its own without
    #[arg(long)]
    name: Option<String>,
    /// Another description; it keeps its own without
    #[arg(long)]
    description: Option<String>,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, Args)]
pub struct Delete {
    /// Its id, `p-…`
    id: String,
    /// The ETag that `show` told: it is deleted only as it was read
    #[arg(long)]
    etag: Option<String>,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, Args)]
pub struct Attach {
    /// The policy's id, `p-…`
    id: String,
    /// Roots, OUs and accounts, by their ids
    #[arg(required = true)]
    targets: Vec<String>,
    /// Wait until all of it is done, also where it is much
    #[arg(long)]
    follow: bool,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

/// What is asked of a server's policies.
pub enum Wish {
    List(List),
    Show(Show),
    Create(Create),
    Save(Save),
    Delete(Delete),
    Attach(Attach),
    Detach(Attach),
}

impl Wish {
    pub fn connection(&self) -> &Connection {
        match self {
            Self::List(args) => &args.connection,
            Self::Show(args) => &args.connection,
            Self::Create(args) => &args.connection,
            Self::Save(args) => &args.connection,
            Self::Delete(args) => &args.connection,
            Self::Attach(args) | Self::Detach(args) => &args.connection,
        }
    }

    /// Asks and prints.
    ///
    /// # Errors
    /// Where the server refuses, or cannot be asked.
    pub async fn run(self, client: Client) -> Result<Ended, RemoteError> {
        match self {
            Self::List(args) => list(&client, args).await,
            Self::Show(args) => show(&client, &args).await,
            Self::Create(args) => create(&client, args).await,
            Self::Save(args) => save(&client, args).await,
            Self::Delete(args) => delete(&client, args).await,
            Self::Attach(args) => attach(&client, args, "attach").await,
            Self::Detach(args) => attach(&client, args, "detach").await,
        }
    }
}

async fn list(client: &Client, args: List) -> Result<Ended, RemoteError> {
    let attached = args.attached.map(|attached| match attached {
        YesNo::Yes => ("attached", "true"),
        YesNo::No => ("attached", "false"),
    });
    let query: Vec<_> = attached.into_iter().chain([("q", args.q.as_str())]).collect();
    let rows = follow(client, &["policies"], &query, args.list.limit()).await?;
    args.list.print(
        rows,
        "no policies, as far as the organization was read",
        |policies: Vec<PolicyRow>| {
            let heads = ["ID", "NAME", "TARGETS", "ACCOUNTS", "PROBLEMS", "PLANS"];
            table(heads, policies.into_iter().map(row))
        },
    )?;
    Ok(Ended::Done)
}

fn row(policy: PolicyRow) -> [String; 6] {
    let PolicyRow { id, name, known, plans, targets, attached_elsewhere, accounts, errors, warnings, .. } =
        policy;
    let more = if attached_elsewhere { " and others" } else { "" };
    let problems = format!("{errors} errors, {warnings} warnings");
    let of_document = |text: String| if known { text } else { "not known".to_owned() };
    let targets = format!("{}{more}", figure(targets));
    [id, name, targets, figure(accounts), of_document(problems), of_document(plans.join(", "))]
}

async fn read(client: &Client, id: &str) -> Result<Answer, RemoteError> {
    client.send(Method::GET, &["policies", id], &[], Sent::default()).await
}

async fn show(client: &Client, args: &Show) -> Result<Ended, RemoteError> {
    let answer = read(client, &args.id).await?;
    let etag = answer.etag().unwrap_or_default();
    if args.document {
        let policy: Policy = answer.read()?;
        if let Some(unread) = &policy.unread {
            complain(&format!("older than the rest: {unread}"));
        }
        write(&policy.document)?;
        complain(&format!("ETag {etag}"));
        return Ok(Ended::Done);
    }
    print(&answer, &etag, args.output)?;
    Ok(Ended::Done)
}

/// A policy with its ETag, which JSON has as a member of its own.
fn print(answer: &Answer, etag: &str, output: Output) -> Result<(), RemoteError> {
    if output.is_json() {
        let mut value = answer.value().clone();
        if let Value::Object(policy) = &mut value {
            policy.insert("etag".into(), json!(etag));
        }
        return say_json(&value);
    }
    let policy: Policy = answer.as_read()?;
    let elsewhere = if policy.attached_elsewhere { ", and others" } else { "" };
    say(&facts([
        ("id", policy.id),
        ("name", policy.name),
        ("description", policy.description),
        ("attached to", format!("{}{elsewhere}", all(&policy.targets))),
        ("accounts", policy.accounts.to_string()),
        ("read", moment(Some(policy.read_at), "never")),
        ("older than the rest", policy.unread.unwrap_or_else(|| "nothing".into())),
        ("ETag", etag.to_owned()),
    ]))?;
    for one in &policy.problems {
        let words = format!(
            "{}: line {}, column {}: {} {}",
            one.severity, one.line, one.column, one.message, one.help
        );
        say(&plain(&words))?;
    }
    Ok(())
}

/// The text of a file, or of standard input for `-`.
fn document(file: &Path) -> Result<String, RemoteError> {
    crate::cli::file::read(file).map_err(|source| RemoteError::file(file, source))
}

async fn create(client: &Client, args: Create) -> Result<Ended, RemoteError> {
    let Create { file, name, description, output, .. } = args;
    let draft = Draft { name, description, document: document(&file)? };
    let answer = client.send(Method::POST, &["policies"], &[], Sent::body(&draft)?).await?;
    if output.is_json() {
        say_json(answer.value())?;
    } else {
        let Made { id } = answer.read()?;
        say(&id)?;
    }
    Ok(Ended::Done)
}

async fn save(client: &Client, args: Save) -> Result<Ended, RemoteError> {
    let Save { id, file, mut etag, overwrite, mut name, mut description, output, .. } = args;
    let document = document(&file)?;
    if overwrite || name.is_none() || description.is_none() {
        let answer = read(client, &id).await?;
        if overwrite {
            etag = answer.etag();
        }
        let now: Policy = answer.read()?;
        name = name.or(Some(now.name));
        description = description.or(Some(now.description));
    }
    let (name, description) = (name.unwrap_or_default(), description.unwrap_or_default());
    let draft = Sent::body(&Draft { name, description, document })?.if_match(etag);
    let answer = client.send(Method::PUT, &["policies", &id], &[], draft).await?;
    match answer.etag() {
        Some(etag) => print(&answer, &etag, output)?,
        // Whoever may write need not be allowed to look.
        None if output.is_json() => say_json(answer.value())?,
        None => say(&id)?,
    }
    Ok(Ended::Done)
}

async fn delete(client: &Client, args: Delete) -> Result<Ended, RemoteError> {
    let sent = Sent::default().if_match(args.etag);
    client.send(Method::DELETE, &["policies", &args.id], &[], sent).await?;
    Ok(Ended::Done)
}

async fn attach(client: &Client, args: Attach, what: &str) -> Result<Ended, RemoteError> {
    let Attach { id, targets, follow, output, .. } = args;
    let places = Sent::body(&Places { targets })?;
    let answer = client.send(Method::POST, &["policies", &id, what], &[], places).await?;
    if follow {
        return changes::follow_to_end(client, answer, output).await;
    }
    changes::came_to(&answer, output)
}
