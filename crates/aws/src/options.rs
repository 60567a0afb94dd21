//! How to reach AWS.

use std::time::Duration;

/// Where credentials come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Credentials {
    /// The SDK's default chain: environment, profile, SSO, process, container and instance roles.
    #[default]
    Chain,
    /// Fixed ones that mean nothing, for an endpoint that checks none. Only plain HTTP is spoken then.
    Simulated,
}

/// A role to take on before anything is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleToAssume {
    pub arn: String,
    pub external_id: Option<String>,
    /// Shown in CloudTrail as the session's name.
    pub session_name: String,
}

/// Whether requests wait for the published rates.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Rates {
    /// At the published rates.
    #[default]
    On,
    /// As fast as answers come: for an endpoint without limits.
    Off,
    /// At the published rates times a factor, which is above 0.
    Scaled(f64),
}

/// How to reach AWS.
#[derive(Clone, Debug)]
pub struct Options {
    /// One URL for all services; `None` leaves it to the SDK (`AWS_ENDPOINT_URL`, profile, AWS's own endpoints).
    pub endpoint: Option<String>,
    pub credentials: Credentials,
    /// Taken on with the credentials above.
    pub role: Option<RoleToAssume>,
    /// Where AWS Backup's settings of the whole account are asked; `None` takes the SDK's Region, else us-east-1.
    pub home_region: Option<String>,
    pub rates: Rates,
    /// Requests under way at once, over all operations.
    pub concurrency: usize,
    /// For one attempt.
    pub attempt_timeout: Duration,
    /// For a call with all its attempts and waits; `Aws::with_deadline` changes it.
    pub deadline: Duration,
    /// Before the second attempt; doubles with each further one, up to fifty times as long. A random half of it falls
    /// away, so that callers that failed together part.
    pub first_pause: Duration,
    /// Of that randomness.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            endpoint: None,
            credentials: Credentials::Chain,
            role: None,
            home_region: None,
            rates: Rates::On,
            concurrency: 16,
            attempt_timeout: Duration::from_secs(20),
            deadline: Duration::from_secs(30),
            first_pause: Duration::from_millis(200),
            seed: 0,
        }
    }
}

impl Options {
    /// For a simulator at this address: meaningless credentials, no proxy, and rates as given.
    #[must_use]
    pub fn simulated(endpoint: impl Into<String>, rates: Rates) -> Self {
        Self {
            endpoint: Some(endpoint.into()),
            credentials: Credentials::Simulated,
            rates,
            ..Self::default()
        }
    }
}
