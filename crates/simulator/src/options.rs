//! How a simulator starts.

use crate::rates::Rates;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::sync::Arc;
use std::{fmt, str};
use time::{Duration, OffsetDateTime};

/// Where the simulator reads the time; injected, so that tests and benchmarks can hold or speed it up.
pub type Clock = Arc<dyn Fn() -> OffsetDateTime + Send + Sync>;

/// How to start a simulator.
#[derive(Clone)]
pub struct Options {
    pub organization: Organization,
    /// The same seed gives the same organization and the same jobs.
    pub seed: u64,
    pub rates: Rates,
    /// Whether the organization has only consolidated billing; a call to EnableAllFeatures begins to change that.
    pub billing_only: bool,
    pub now: Clock,
    /// How long effective policies lag behind changes.
    pub effective_delay: Duration,
    /// Whether listings now and then give short or empty pages, as AWS does.
    pub uneven_pages: bool,
    /// Where changes are kept over restarts; none keeps them in memory.
    pub state_file: Option<PathBuf>,
}

impl Options {
    /// The demo organization without throttling.
    pub fn demo(now: Clock) -> Self {
        Self {
            organization: Organization::Demo,
            seed: 1,
            rates: Rates::Off,
            billing_only: false,
            now,
            effective_delay: Duration::seconds(2),
            uneven_pages: true,
            state_file: None,
        }
    }
}

/// Which organization is simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Organization {
    /// 250 accounts in 24 OUs, for people to look at.
    Demo,
    /// 10,000 accounts in 300 OUs, for measuring.
    Scale,
}

impl fmt::Display for Organization {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Demo => "demo",
            Self::Scale => "scale",
        })
    }
}

impl str::FromStr for Organization {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "demo" => Ok(Self::Demo),
            "scale" => Ok(Self::Scale),
            _ => Err("expected demo or scale".to_owned()),
        }
    }
}
