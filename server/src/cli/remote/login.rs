//! `holdfast login`, `logout` and `whoami`: a token by the device flow (RFC 8628), kept for the server until it is revoked.

use std::time::Duration;

use clap::Args;
use http::Method;
use serde_json::Value;

use super::{
    Client, Connection, Ended, Output, RemoteError,
    client::Sent,
    kept::Kept,
    output::{complain, facts, moment, say, say_json},
    plain::plain,
};
use crate::api::{
    device::{DeviceCode, DeviceCodes, DeviceToken, DeviceWish},
    me::Whoami,
};

/// What looking too often adds to the time between two looks.
const SLOWER: Duration = Duration::from_secs(5);
/// All that tokens can be made for.
const EVERYTHING: &str = "everything";

/// Ask for a token in your name, which you approve in a browser, and keep it for this server
#[derive(Debug, Args)]
pub struct LoginArgs {
    /// What it is to be for, separated by commas: read, read_audit, export, sync, write_policy, attach_policy, delete_policy,
    /// change_settings, or everything
    #[arg(long = "for", value_delimiter = ',', default_value = "read", value_name = "ACTIONS")]
    actions: Vec<String>,
    /// Roots, OUs and accounts that it is to be limited to, separated by commas; everything without
    #[arg(long, value_delimiter = ',', value_name = "IDS")]
    places: Vec<String>,
    /// How long it is to be good, 1 to 366
    #[arg(long, default_value_t = 30)]
    days: i64,
    /// What it is called; “holdfast on” this machine without
    #[arg(long)]
    name: Option<String>,
    #[command(flatten)]
    connection: Connection,
}

/// Revoke the token that was kept for this server, and forget it
#[derive(Debug, Args)]
pub struct LogoutArgs {
    #[command(flatten)]
    connection: Connection,
}

/// Whom the token speaks for, and what it may
#[derive(Debug, Args)]
pub struct WhoamiArgs {
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

impl LoginArgs {
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    fn wish(&self) -> DeviceWish {
        let all = self.actions.iter().any(|action| action == EVERYTHING);
        let every = || model::Action::ALL.into_iter().filter(|action| action.is_for_tokens());
        let actions = if all {
            every().map(|action| action.as_str().to_owned()).collect()
        } else {
            self.actions.clone()
        };
        let machine = || {
            hostname::get().map_or_else(|_| "a machine".into(), |name| name.to_string_lossy().into_owned())
        };
        DeviceWish {
            name: self.name.clone().unwrap_or_else(|| format!("holdfast on {}", machine())),
            actions,
            places: (!self.places.is_empty()).then(|| self.places.clone()),
            days: self.days,
        }
    }

    /// Asks, waits for the person, and keeps the token.
    ///
    /// # Errors
    /// Where the server or the person refuses, or it cannot be kept.
    pub async fn run(self, client: Client, connection: Connection) -> Result<Ended, RemoteError> {
        // What cannot be kept is not asked for.
        let mut kept = Kept::open()?;
        let codes: DeviceCodes =
            client.send(Method::POST, &["device"], &[], Sent::body(&self.wish())?).await?.read()?;
        let DeviceCodes { user_code, verification_uri, expires_in, .. } = &codes;
        let minutes = expires_in / 60;
        say(&plain(&format!(
            "Open {verification_uri} where you are signed in, and type\n\n    {user_code}\n\nwithin {minutes} minutes. Waiting for you there."
        )))?;
        let token = answer(&client, &codes).await?;
        let before = kept.token(client.server());
        kept.put(client.server(), &token.access_token, &token.owner)?;
        if let Some(before) = before {
            let before = client.with_token(before.0);
            // It may have ended by itself.
            let _ = before.send(Method::DELETE, &["me", "token"], &[], Sent::default()).await;
        }
        let ends = moment(Some(token.expires_at), "");
        let (owner, actions) = (&token.owner, token.actions.join(", "));
        say(&plain(&format!(
            "Signed in as {owner} for {actions}, until {ends}. Kept in {}.",
            kept.path().display()
        )))?;
        if let Some(named) = connection.names_token() {
            complain(&format!("{named} is set, and goes before what is kept"));
        }
        Ok(Ended::Done)
    }
}

/// Looks until the person has decided.
async fn answer(client: &Client, codes: &DeviceCodes) -> Result<DeviceToken, RemoteError> {
    let seconds =
        |seconds: i64| Duration::from_secs(u64::try_from(seconds).unwrap_or_default().clamp(1, 600));
    let (mut every, mut left) = (seconds(codes.interval), seconds(codes.expires_in));
    let code = DeviceCode { device_code: codes.device_code.clone() };
    loop {
        tokio::time::sleep(every).await;
        left = left.saturating_sub(every);
        let asked = client.send(Method::POST, &["device", "token"], &[], Sent::body(&code)?).await;
        let refusal = match asked {
            Ok(answer) => return answer.read(),
            // The network may come back before the time is over.
            Err(RemoteError::Unreachable { .. }) if !left.is_zero() => continue,
            Err(RemoteError::Refused(refusal)) => refusal,
            Err(error) => return Err(error),
        };
        match refusal.code.as_str() {
            "authorization_pending" | "slow_down" if left.is_zero() => {
                return Err(RemoteError::Login("nobody has approved it in time: run `holdfast login` again"));
            }
            "authorization_pending" => {}
            "slow_down" => every += SLOWER,
            "access_denied" => return Err(RemoteError::Login("it was refused in the browser")),
            "expired_token" => {
                return Err(RemoteError::Login("nobody has approved it in time: run `holdfast login` again"));
            }
            _ => return Err(RemoteError::Refused(refusal)),
        }
    }
}

impl LogoutArgs {
    pub fn connection(&self) -> &Connection {
        &self.connection
    }
}

/// Revokes what was kept, and forgets it; only what the server says is over by itself is forgotten without.
///
/// # Errors
/// Where the server cannot be asked: then the token is kept, for it is still good.
pub async fn logout(client: Client) -> Result<Ended, RemoteError> {
    let mut kept = Kept::open()?;
    let Some(token) = kept.token(client.server()) else {
        say("no token is kept for this server")?;
        return Ok(Ended::Done);
    };
    let own = client.with_token(token.0);
    let words = match own.send(Method::DELETE, &["me", "token"], &[], Sent::default()).await {
        Ok(_) => "the token is revoked and forgotten",
        Err(RemoteError::Refused(refusal)) if refusal.code == "signed_out" => {
            "the token had ended already, and is forgotten"
        }
        Err(error) => return Err(error),
    };
    kept.forget(client.server())?;
    say(words)?;
    Ok(Ended::Done)
}

impl WhoamiArgs {
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Asks and prints.
    ///
    /// # Errors
    /// Where the server refuses, or cannot be asked.
    pub async fn run(self, client: Client) -> Result<Ended, RemoteError> {
        let answer: Value = client.get(&["me"], &[]).await?;
        if self.output.is_json() {
            say_json(&answer)?;
            return Ok(Ended::Done);
        }
        let Whoami { owner, rights, token } =
            serde_json::from_value(answer).map_err(|error| RemoteError::Shape(error.to_string()))?;
        say(&facts([
            ("owner", owner),
            ("rights", rights),
            ("token", token.name),
            ("made for", token.actions.join(", ")),
            ("may today", if token.allowed.is_empty() { "nothing".into() } else { token.allowed.join(", ") }),
            (
                "limited to",
                token.places.map_or_else(|| "nothing: everywhere".into(), |places| places.join(", ")),
            ),
            ("ends", moment(Some(token.expires_at), "")),
        ]))?;
        Ok(Ended::Done)
    }
}
