//! `holdfast change`: what was asked of AWS, step by step.

use std::time::Duration;

use clap::{Args, Subcommand};
use http::Method;

use super::{
    AskedList, Client, Connection, Ended, ListArgs, Output, RemoteError,
    client::{Answer, Sent},
    follow,
    output::{complain, moment, named, say, say_json, table},
    plain::plain,
};
use crate::api::changes::{ChangeSet, Step};

/// Between two looks at a change set that goes on.
const EVERY: Duration = Duration::from_secs(2);

/// What was asked of AWS
#[derive(Debug, Subcommand)]
pub enum ChangeCommand {
    /// The newest change sets
    List(AskedList),
    /// One change set, step by step
    Show(One),
    /// Wait until a change set has ended, and say how. Exit status 1 where not all of it was done
    Follow(One),
}

#[derive(Debug, Args)]
pub struct One {
    /// Its number
    id: i64,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

impl ChangeCommand {
    pub fn connection(&self) -> &Connection {
        match self {
            Self::List(list) => &list.connection,
            Self::Show(one) | Self::Follow(one) => &one.connection,
        }
    }

    /// Asks and prints.
    ///
    /// # Errors
    /// Where the server refuses, or cannot be asked.
    pub async fn run(self, client: Client) -> Result<Ended, RemoteError> {
        match self {
            Self::List(list) => newest(&client, list.list).await,
            Self::Show(one) => {
                show(&read(&client, one.id).await?, one.output)?;
                Ok(Ended::Done)
            }
            Self::Follow(one) => follow_to_end(&client, read(&client, one.id).await?, one.output).await,
        }
    }
}

async fn newest(client: &Client, list: ListArgs) -> Result<Ended, RemoteError> {
    let rows = follow(client, &["changes"], &[], list.limit()).await?;
    list.print(rows, "no change sets that you may see", |changes: Vec<ChangeSet>| {
        let row = |change: ChangeSet| {
            let asked = moment(Some(change.asked_at), "");
            [change.id.to_string(), change.state, asked, change.asked_by, change.title]
        };
        table(["ID", "STATE", "ASKED", "BY", "TITLE"], changes.into_iter().map(row))
    })?;
    Ok(Ended::Done)
}

async fn read(client: &Client, id: i64) -> Result<Answer, RemoteError> {
    client.send(Method::GET, &["changes", &id.to_string()], &[], Sent::default()).await
}

fn show(answer: &Answer, output: Output) -> Result<(), RemoteError> {
    if output.is_json() { say_json(answer.value()) } else { say(&words(answer.as_read()?)) }
}

/// Waits until nothing of it is under way.
///
/// # Errors
/// Where the server refuses, or cannot be asked.
pub async fn follow_to_end(client: &Client, first: Answer, output: Output) -> Result<Ended, RemoteError> {
    let (mut answer, mut said) = (first, String::new());
    loop {
        let change: ChangeSet = answer.as_read()?;
        if is_over(&change) {
            show(&answer, output)?;
            return Ok(outcome(&change));
        }
        let done = change.steps.iter().filter(|step| step.state == "done").count();
        let now =
            format!("change {}: {}, {done} of {} steps done", change.id, change.state, change.steps.len());
        if now != said {
            complain(&now);
            said = now;
        }
        tokio::time::sleep(EVERY).await;
        answer = read(client, change.id).await?;
    }
}

/// What a change came to, as far as the server has waited for it: where it goes on, how to follow it.
///
/// # Errors
/// Where it cannot be written.
pub fn came_to(answer: &Answer, output: Output) -> Result<Ended, RemoteError> {
    show(answer, output)?;
    let change: ChangeSet = answer.as_read()?;
    if !is_over(&change) {
        complain(&format!("it goes on: `holdfast change follow {}` waits for its end", change.id));
        return Ok(Ended::Done);
    }
    Ok(outcome(&change))
}

fn is_over(change: &ChangeSet) -> bool {
    matches!(change.state.as_str(), "done" | "stopped")
}

fn outcome(change: &ChangeSet) -> Ended {
    let done = change.state == "done" && change.steps.iter().all(|step| step.state == "done");
    if done { Ended::Done } else { Ended::NotDone }
}

fn words(change: ChangeSet) -> String {
    let head = format!(
        "change {}: {}, {} (asked by {} {}, ended {})",
        change.id,
        change.title,
        change.state,
        change.asked_by,
        moment(Some(change.asked_at), ""),
        moment(change.ended_at, "not yet"),
    );
    let row = |step: Step| {
        let target = step.target.as_ref().map(named).unwrap_or_default();
        let request = step.request_id.unwrap_or_default();
        [step.state, step.action, named(&step.subject), target, step.problem.unwrap_or_default(), request]
    };
    let heads = ["STEP", "ACTION", "ON", "AT", "PROBLEM", "AWS REQUEST"];
    let elsewhere = match change.steps_elsewhere {
        0 => String::new(),
        steps => format!("\nand {steps} at places that you may not see"),
    };
    format!("{}\n{}{elsewhere}", plain(&head), table(heads, change.steps.into_iter().map(row)))
}
