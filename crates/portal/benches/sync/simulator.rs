//! The simulator in a process of its own.

use std::{collections::BTreeMap, path::Path, process::Stdio};

use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use crate::Outcome;

/// Ends with this value.
pub struct Simulator {
    pub address: String,
    http: reqwest::Client,
    _process: Child,
}

impl Simulator {
    /// Starts it at AWS's published rates and waits until it listens.
    pub async fn start(program: &Path, organization: &str) -> Outcome<Self> {
        let mut process = Command::new(program)
            .args(["--port", "0", "--rates", "on", "--organization", organization])
            .envs([("RUST_LOG", "simulator=info"), ("NO_COLOR", "1")])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let mut lines = BufReader::new(process.stdout.take().ok_or("no output")?).lines();
        let address = loop {
            let line = lines.next_line().await?.ok_or("the simulator ended before it listened")?;
            if let Some(at) = line.find("http://") {
                break line[at..].trim().to_owned();
            }
        };
        // What it says later is for nobody, but it must be able to say it.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Self { address, http: reqwest::Client::new(), _process: process })
    }

    /// Calls received, by IAM action.
    pub async fn calls(&self) -> Outcome<BTreeMap<String, u64>> {
        Ok(self.http.get(self.control()).send().await?.error_for_status()?.json().await?)
    }

    pub async fn forget_calls(&self) -> Outcome {
        self.http.delete(self.control()).send().await?.error_for_status()?;
        Ok(())
    }

    fn control(&self) -> String {
        format!("{}/_control/calls", self.address)
    }
}
