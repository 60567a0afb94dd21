//! `holdfast settings`: what AWS needs before backup policies work, asked from AWS now and changed.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use http::Method;
use serde::de::DeserializeOwned;

use super::{
    Asked, Client, Connection, Ended, Output, RemoteError,
    client::Sent,
    output::{facts, moment, named, say, say_json, table, write},
    plain::plain,
};
use crate::api::{
    delegation::{Delegation, PutPolicy},
    features::{AllFeatures, FeaturesStep, TakeStep},
    regions::{Region, Regions, Switch, TurnType},
    settings::{Settings, Turn},
};

/// What AWS needs before backup policies work
#[derive(Debug, Subcommand)]
pub enum SettingsCommand {
    /// Every setting of the organization
    List(Asked),
    /// Turn a setting on or off
    Turn(TurnSetting),
    /// Resource types of each Region: opt-in and full management
    Regions(Asked),
    /// Turn a switch of a resource type on or off in a Region
    TurnRegion(TurnRegion),
    /// Delegated administrators of AWS Backup, both halves
    Delegation(Asked),
    /// Register an account as delegated administrator
    Register(OneAccount),
    /// Take from an account to be delegated administrator
    Remove(OneAccount),
    /// Print the organization's resource policy
    ResourcePolicy(ResourcePolicyArgs),
    /// Put the organization's resource policy
    PutResourcePolicy(PutResourcePolicy),
    /// Whether the organization has all features, and how far it is on the way
    AllFeatures(Asked),
    /// Take a step on the way to all features
    EnableAllFeatures(Enable),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum OnOff {
    On,
    Off,
}

#[derive(Debug, Args)]
pub struct TurnSetting {
    /// Its name, as `policy_type`
    name: String,
    state: OnOff,
    /// The word that the server asks for, where turning it off destroys something
    #[arg(long, default_value = "", value_name = "WORD")]
    confirm: String,
    /// `shown` of `settings list --output json`: the attachments that turning off the policy type detaches
    #[arg(long, default_value = "", value_name = "FINGERPRINT")]
    shown: String,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, Args)]
pub struct TurnRegion {
    /// As `eu-west-1`
    region: String,
    /// AWS's name of the resource type, as `EBS`
    resource_type: String,
    /// Which of its two switches
    switch: Switch,
    state: OnOff,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, Args)]
pub struct OneAccount {
    /// Twelve digits
    account: String,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, Args)]
pub struct ResourcePolicyArgs {
    /// With Holdfast's statements for the registered accounts, as it should be
    #[arg(long)]
    proposed: bool,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, Args)]
pub struct PutResourcePolicy {
    /// The file with the policy as it is to be, or - for standard input; an empty one deletes it
    file: PathBuf,
    /// The file with the policy as it was read: if AWS has another by now, nothing is written
    #[arg(long, value_name = "FILE")]
    current: PathBuf,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, Args)]
pub struct Enable {
    step: FeaturesStep,
    /// The id of the request, `h-…`, as `settings all-features` tells it; not for `begin`
    #[arg(long, default_value = "", value_name = "ID")]
    request: String,
    /// The word that the server asks for, where it cannot be undone
    #[arg(long, default_value = "", value_name = "WORD")]
    confirm: String,
    #[command(flatten)]
    connection: Connection,
}

impl SettingsCommand {
    pub fn connection(&self) -> &Connection {
        match self {
            Self::List(asked) | Self::Regions(asked) | Self::Delegation(asked) | Self::AllFeatures(asked) => {
                &asked.connection
            }
            Self::Turn(args) => &args.connection,
            Self::TurnRegion(args) => &args.connection,
            Self::Register(args) | Self::Remove(args) => &args.connection,
            Self::ResourcePolicy(args) => &args.connection,
            Self::PutResourcePolicy(args) => &args.connection,
            Self::EnableAllFeatures(args) => &args.connection,
        }
    }

    /// Asks and prints.
    ///
    /// # Errors
    /// Where the server refuses, or cannot be asked.
    pub async fn run(self, client: Client) -> Result<Ended, RemoteError> {
        let put = Method::PUT;
        match self {
            Self::List(asked) => show(&client, &["settings"], asked.output, list).await,
            Self::Regions(asked) => show(&client, &["settings", "regions"], asked.output, regions).await,
            Self::Delegation(asked) => {
                show(&client, &["settings", "delegation"], asked.output, delegation).await
            }
            Self::AllFeatures(asked) => {
                show(&client, &["settings", "all-features"], asked.output, all_features).await
            }
            Self::Turn(TurnSetting { name, state, confirm, shown, .. }) => {
                let turn = Turn { on: state == OnOff::On, confirmation: confirm, shown };
                change(&client, put, &["settings", &name], Sent::body(&turn)?).await
            }
            Self::TurnRegion(TurnRegion { region, resource_type, switch, state, .. }) => {
                let turn = TurnType { r#type: resource_type, switch, on: state == OnOff::On };
                change(&client, put, &["settings", "regions", &region], Sent::body(&turn)?).await
            }
            Self::Register(one) => {
                change(&client, put, &["settings", "delegation", &one.account], Sent::default()).await
            }
            Self::Remove(one) => {
                let path = ["settings", "delegation", &one.account];
                change(&client, Method::DELETE, &path, Sent::default()).await
            }
            Self::ResourcePolicy(args) => resource_policy(&client, args.proposed).await,
            Self::PutResourcePolicy(PutResourcePolicy { file, current, .. }) => {
                let text = |path: &PathBuf| {
                    crate::cli::file::read(path).map_err(|source| RemoteError::file(path, source))
                };
                let policy = PutPolicy { current: text(&current)?, proposed: text(&file)? };
                change(&client, put, &["settings", "resource-policy"], Sent::body(&policy)?).await
            }
            Self::EnableAllFeatures(Enable { step, request, confirm, .. }) => {
                let step = TakeStep { step, request, confirmation: confirm };
                change(&client, Method::POST, &["settings", "all-features"], Sent::body(&step)?).await
            }
        }
    }
}

async fn show<T: DeserializeOwned>(
    client: &Client,
    path: &[&str],
    output: Output,
    words: impl Fn(T) -> String,
) -> Result<Ended, RemoteError> {
    let answer = client.send(Method::GET, path, &[], Sent::default()).await?;
    if output.is_json() {
        say_json(answer.value())?;
    } else {
        say(&words(answer.read()?))?;
    }
    Ok(Ended::Done)
}

async fn change(client: &Client, method: Method, path: &[&str], sent: Sent) -> Result<Ended, RemoteError> {
    client.send(method, path, &[], sent).await?;
    Ok(Ended::Done)
}

async fn resource_policy(client: &Client, proposed: bool) -> Result<Ended, RemoteError> {
    let found: Delegation = client.get(&["settings", "delegation"], &[]).await?;
    let policy = found.resource_policy;
    match if proposed { policy.proposed } else { policy.current } {
        Some(text) => write(&text)?,
        None => return Err(RemoteError::NotKnown(policy.problem.unwrap_or(policy.state))),
    }
    Ok(Ended::Done)
}

fn list(settings: Settings) -> String {
    let rows = settings.items.into_iter().map(|row| {
        let detail = row.problem.unwrap_or(row.detail);
        [row.name, row.state, row.title, detail]
    });
    table(["NAME", "STATE", "TITLE", "DETAIL"], rows)
}

fn regions(regions: Regions) -> String {
    table(["REGION", "TYPE", "OPT-IN", "FULL MANAGEMENT"], regions.items.into_iter().flat_map(types))
}

fn types(region: Region) -> Vec<[String; 4]> {
    let word = |on: bool| if on { "on" } else { "off" }.to_owned();
    match region.types {
        Some(types) => types
            .into_iter()
            .map(|one| {
                let full = one.full_management.map_or_else(|| "no choice".to_owned(), word);
                [region.region.clone(), one.r#type, word(one.opt_in), full]
            })
            .collect(),
        None => vec![[region.region, String::new(), region.state, region.problem.unwrap_or_default()]],
    }
}

fn delegation(found: Delegation) -> String {
    let rows = found.items.into_iter().map(|one| {
        let registered = if one.registered { moment(one.since, "yes") } else { "no".to_owned() };
        [named(&one.account), registered, one.granted, one.missing.join(", ")]
    });
    let mut words = table(["ACCOUNT", "REGISTERED", "RESOURCE POLICY GRANTS", "LACKS"], rows);
    if let Some(problem) = found.problem {
        words = format!("{words}\nnot known: which accounts are registered ({})", plain(&problem));
    }
    let policy = found.resource_policy;
    let stands = match (policy.current, policy.proposed) {
        (Some(current), Some(proposed)) if current == proposed => "as it should be".to_owned(),
        (Some(_), Some(_)) => "not as it should be: see `settings resource-policy --proposed`".to_owned(),
        _ => format!("{} {}", policy.state, policy.problem.unwrap_or_default()),
    };
    format!("{words}\nresource policy: {}", plain(&stands))
}

fn all_features(found: AllFeatures) -> String {
    let mut words =
        facts([("all features", found.state), ("problem", found.problem.unwrap_or_else(|| "none".into()))]);
    let Some(request) = found.request else {
        let request = if found.request_known { "none" } else { "not known" };
        return format!("{words}\nrequest       {request}");
    };
    words = format!(
        "{words}\n{}",
        facts([
            ("request", request.id),
            ("progress", request.progress),
            ("asked", moment(request.requested_at, "not told")),
            ("ends", moment(request.expires_at, "not told")),
            ("accounts", request.problem.map_or_else(|| "read".into(), |why| format!("not known: {why}"))),
        ])
    );
    let rows = request.accounts.into_iter().map(|one| [named(&one.account), one.progress]);
    format!("{words}\n{}", table(["ACCOUNT", "PROGRESS"], rows))
}
