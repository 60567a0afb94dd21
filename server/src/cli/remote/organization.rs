//! `holdfast org` and `holdfast account`: the tree, and what applies to an account.

use std::collections::BTreeMap;

use clap::{Args, Subcommand};
use http::Method;
use serde_json::Value;

use super::{
    Asked, AskedList, Client, Connection, Ended, ListArgs, Output, RemoteError,
    client::Sent,
    follow,
    output::{all, facts, figure, moment, named, say, say_json, table},
    plain::plain,
};
use crate::api::organization::{Effective, Kind, Organization, SyncWish, Target, TargetInFull};

/// Rows of a page, which the server bounds.
const PAGE: (&str, &str) = ("limit", "500");

/// The organization, as Holdfast last read it
#[derive(Debug, Subcommand)]
pub enum OrgCommand {
    /// Figures of the organization, and how old they are
    Show(Asked),
    /// Roots, OUs and accounts as a tree, with the policies that are attached at each
    Tree(Asked),
    /// Accounts with their state
    Accounts(AskedList),
    /// OUs
    Ous(AskedList),
    /// One root, OU or account, with what is attached there and above
    Target(One),
    /// Ask AWS again now
    Sync(Sync),
}

/// What is asked for an account
#[derive(Debug, Subcommand)]
pub enum AccountCommand {
    /// One account, with what is attached there and above
    Show(One),
    /// The effective policy of an account, each value with who decided it
    Effective(EffectiveArgs),
}

#[derive(Debug, Args)]
pub struct One {
    /// `r-…`, `ou-…` or twelve digits
    id: String,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, Args)]
pub struct EffectiveArgs {
    /// The account, twelve digits
    id: String,
    /// Print the merged document alone
    #[arg(long)]
    document: bool,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, Args)]
pub struct Sync {
    /// Only the lists of jobs, not organization and policies
    #[arg(long)]
    jobs_only: bool,
    #[command(flatten)]
    connection: Connection,
}

impl OrgCommand {
    pub fn connection(&self) -> &Connection {
        match self {
            Self::Show(asked) | Self::Tree(asked) => &asked.connection,
            Self::Accounts(list) | Self::Ous(list) => &list.connection,
            Self::Target(one) => &one.connection,
            Self::Sync(sync) => &sync.connection,
        }
    }

    /// Asks and prints.
    ///
    /// # Errors
    /// Where the server refuses, or cannot be asked.
    pub async fn run(self, client: Client) -> Result<Ended, RemoteError> {
        match self {
            Self::Show(asked) => show(&client, asked.output).await,
            Self::Tree(asked) => tree(&client, asked.output).await,
            Self::Accounts(list) => targets(&client, list.list, "account").await,
            Self::Ous(list) => targets(&client, list.list, "ou").await,
            Self::Target(one) => target(&client, &one.id, one.output).await,
            Self::Sync(wish) => sync(&client, wish.jobs_only).await,
        }
    }
}

impl AccountCommand {
    pub fn connection(&self) -> &Connection {
        match self {
            Self::Show(one) => &one.connection,
            Self::Effective(args) => &args.connection,
        }
    }

    /// Asks and prints.
    ///
    /// # Errors
    /// Where the server refuses, or cannot be asked.
    pub async fn run(self, client: Client) -> Result<Ended, RemoteError> {
        match self {
            Self::Show(one) => target(&client, &one.id, one.output).await,
            Self::Effective(args) => effective(&client, &args).await,
        }
    }
}

async fn show(client: &Client, output: Output) -> Result<Ended, RemoteError> {
    let answer = client.send(Method::GET, &["organization"], &[], Sent::default()).await?;
    if output.is_json() {
        say_json(answer.value())?;
        return Ok(Ended::Done);
    }
    let found: Organization = answer.read()?;
    let unknown = || "not known".to_owned();
    let invalid = match (found.invalid_is_known, found.invalid_accounts.as_slice()) {
        (false, []) => unknown(),
        (false, accounts) => format!("{}; there may be more", all(accounts)),
        (true, accounts) => all(accounts),
    };
    let not_ready = if found.not_ready.is_empty() { "none".into() } else { found.not_ready.join(", ") };
    say(&facts([
        ("organization", found.id.unwrap_or_else(unknown)),
        ("management account", found.management_account.unwrap_or_else(unknown)),
        ("read", moment(found.read_at, "never")),
        ("jobs read", moment(found.jobs_read_at, "not all of their lists were ever read")),
        ("last problem", found.problem.unwrap_or_else(|| "none".into())),
        ("settings that are off", not_ready),
        ("active accounts", figure(found.active_accounts)),
        ("other accounts", figure(found.other_accounts)),
        ("OUs", figure(found.ous)),
        ("policies", figure(found.policies)),
        ("accounts without a plan", figure(found.accounts_without_plan)),
        ("accounts not known", figure(found.accounts_not_known)),
        ("invalid effective policies", invalid),
    ]))?;
    Ok(Ended::Done)
}

/// Each target stands after the one above it.
async fn tree(client: &Client, output: Output) -> Result<Ended, RemoteError> {
    let rows = follow(client, &["targets"], &[PAGE], None).await?;
    let mut depths: BTreeMap<String, usize> = BTreeMap::new();
    for row in rows.into_items() {
        if output.is_json() {
            say_json(&row)?;
            continue;
        }
        let target: Target =
            serde_json::from_value(row).map_err(|error| RemoteError::Shape(error.to_string()))?;
        let above = target.parent.as_ref().and_then(|parent| depths.get(parent));
        let depth = above.map_or(0, |depth| depth + 1);
        let state = target.state.as_deref().filter(|state| *state != "ACTIVE");
        let state = state.map(|state| format!(" {state}")).unwrap_or_default();
        let policies: Vec<String> = target.policies.iter().map(named).collect();
        let policies =
            if policies.is_empty() { String::new() } else { format!("  [{}]", policies.join(", ")) };
        let line = format!("{}{}  {}{state}{policies}", "  ".repeat(depth), target.name, target.id);
        say(&plain(&line).replace('\n', " "))?;
        depths.insert(target.id, depth);
    }
    Ok(Ended::Done)
}

async fn targets(client: &Client, list: ListArgs, kind: &str) -> Result<Ended, RemoteError> {
    let rows = follow(client, &["targets"], &[("kind", kind), PAGE], list.limit()).await?;
    list.print(
        rows,
        "none that you may see, as far as the organization was read",
        |targets: Vec<Target>| {
            let heads = ["ID", "NAME", "STATE", "PARENT", "POLICIES"];
            let row = |target: Target| {
                let state = target.state.unwrap_or_default();
                [target.id, target.name, state, target.parent.unwrap_or_default(), all(&target.policies)]
            };
            table(heads, targets.into_iter().map(row))
        },
    )?;
    Ok(Ended::Done)
}

async fn target(client: &Client, id: &str, output: Output) -> Result<Ended, RemoteError> {
    let answer = client.send(Method::GET, &["targets", id], &[], Sent::default()).await?;
    if output.is_json() {
        say_json(answer.value())?;
        return Ok(Ended::Done);
    }
    let TargetInFull { target, above, inherited, accounts_below, ous_below, read_at } = answer.read()?;
    let kind = match target.kind {
        Kind::Root => "root",
        Kind::Ou => "OU",
        Kind::Account => "account",
    };
    let inherited: Vec<String> =
        inherited.iter().map(|one| format!("{} at {}", named(&one.policy), named(&one.at))).collect();
    say(&facts([
        ("id", target.id),
        ("kind", kind.into()),
        ("name", target.name),
        ("email", target.email.unwrap_or_default()),
        ("state", target.state.unwrap_or_default()),
        ("above", all(&above)),
        ("attached here", all(&target.policies)),
        ("inherited", if inherited.is_empty() { "none".into() } else { inherited.join(", ") }),
        ("OUs below", ous_below.to_string()),
        ("accounts below", accounts_below.to_string()),
        ("read", moment(read_at, "never")),
    ]))?;
    Ok(Ended::Done)
}

async fn effective(client: &Client, args: &EffectiveArgs) -> Result<Ended, RemoteError> {
    let path = ["accounts", &args.id, "effective-policy"];
    let answer = client.send(Method::GET, &path, &[], Sent::default()).await?;
    if args.document {
        let document = &answer.value()["document"];
        if document.is_null() {
            return Err(RemoteError::NotKnown("a policy that applies was never read".to_owned()));
        }
        say(&serde_json::to_string_pretty(document).unwrap_or_default())?;
        return Ok(Ended::Done);
    }
    if args.output.is_json() {
        say_json(answer.value())?;
        return Ok(Ended::Done);
    }
    say(&effective_words(answer.read()?))?;
    Ok(Ended::Done)
}

fn effective_words(found: Effective) -> String {
    let mut words = vec![format!("{}, read {}", named(&found.account), moment(found.read_at, "never"))];
    if !found.known {
        words.push("The effective policy is not known: a policy that applies was never read.".into());
    } else if found.values.is_empty() {
        words.push("No backup plan applies.".into());
    }
    let values = found.values.into_iter().map(|value| {
        let by = value
            .decided_by
            .iter()
            .map(|one| format!("{} by {} at {}", one.operator, named(&one.policy), named(&one.at)));
        let locked = if value.locked { "; locked" } else { "" };
        [value.path, value.values.join(", "), format!("{}{locked}", by.collect::<Vec<_>>().join(", "))]
    });
    words.push(table(["SETTING", "VALUE", "DECIDED"], values));
    words.extend(
        found.problems.iter().map(|one| format!("invalid: {} at {} ({})", one.message, one.path, one.code)),
    );
    words.extend(
        found
            .next_runs
            .iter()
            .map(|run| format!("next {} {}: {}", run.plan, run.rule, moment(Some(run.at), ""))),
    );
    words.iter().map(|line| plain(line)).collect::<Vec<_>>().join("\n")
}

async fn sync(client: &Client, jobs_only: bool) -> Result<Ended, RemoteError> {
    let wish = Sent::body(&SyncWish { jobs_only })?;
    let _: Value = client.send(Method::POST, &["sync"], &[], wish).await?.read()?;
    say("AWS is asked again; `holdfast org show` says when it was read")?;
    Ok(Ended::Done)
}
