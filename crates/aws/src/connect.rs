//! The way to AWS and what its clones share: configuration, sessions, budgets.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use aws_config::{
    AppName, BehaviorVersion, Region, SdkConfig, stalled_stream_protection::StalledStreamProtectionConfig,
    timeout::TimeoutConfig,
};
use aws_credential_types::Credentials as Fixed;
use aws_smithy_http_client::{
    Builder, Connector,
    proxy::ProxyConfig,
    tls::{Provider, rustls_provider::CryptoMode},
};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use prometheus_client::registry::Registry;
use rand::{Rng, SeedableRng, rngs::StdRng};
use tokio::{sync::Semaphore, time::Instant};

use crate::{
    bucket::Bucket,
    complaints::Complaints,
    error::{AwsError, AwsErrorKind},
    homes::Homes,
    metrics::Metrics,
    operation::Op,
    options::{Credentials, Options, Rates, RoleToAssume},
    session::{Session, Sessions, session_name},
};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const DEFAULT_REGION: &str = "us-east-1";

/// The way to AWS. Cheap to clone; clones share connections, rate budgets and the bound on requests under way.
#[derive(Clone)]
pub struct Aws {
    pub(crate) shared: Arc<Shared>,
    /// From asking to the last answer, waiting and retries included.
    pub(crate) deadline: Duration,
    /// Who signs changes, where that is not the portal itself.
    person: Option<Arc<Session>>,
}

/// What all clones of [`Aws`] share.
pub(crate) struct Shared {
    pub(crate) homes: Homes,
    /// Somebody named an endpoint: it need not be AWS's, and need not offer everything.
    named_endpoint: bool,
    /// The portal's own.
    own: Session,
    assumed: Option<Assumed>,
    pub(crate) buckets: Mutex<HashMap<(Op, String), Bucket>>,
    pub(crate) under_way: Semaphore,
    pub(crate) metrics: Metrics,
    random: Mutex<StdRng>,
    pub(crate) rates: Rates,
    pub(crate) attempt_timeout: Duration,
    pub(crate) first_pause: Duration,
    /// The profile that the environment chooses, to name it where it is not there.
    pub(crate) profile: Option<String>,
    pub(crate) complaints: Complaints,
    /// Regions that took the credentials when they were asked last.
    accepted_in: Mutex<BTreeSet<String>>,
}

/// The role that is taken on before anything is asked.
struct Assumed {
    role: RoleToAssume,
    sessions: Sessions,
}

impl Aws {
    /// Makes the way. Asks AWS nothing yet, so that it also works while AWS cannot be reached.
    ///
    /// # Errors
    /// `InvalidInput` where the endpoint is no `http` or `https` URL.
    pub async fn connect(options: Options) -> Result<Self, AwsError> {
        check_endpoint(&options)?;
        let base = config(&options).await;
        let homes = Homes::new(base.region().map_or(DEFAULT_REGION, Region::as_ref));
        let named_endpoint = base.endpoint_url().is_some();
        let (own, assumed) = match options.role {
            Some(role) => {
                let sessions = Sessions::new(base);
                (sessions.begin(&role).await, Some(Assumed { role, sessions }))
            }
            None => (Session::new(base), None),
        };
        let shared = Shared {
            homes,
            named_endpoint,
            own,
            assumed,
            buckets: Mutex::default(),
            under_way: Semaphore::new(options.concurrency.max(1)),
            metrics: Metrics::default(),
            random: Mutex::new(StdRng::seed_from_u64(options.seed)),
            rates: options.rates,
            attempt_timeout: options.attempt_timeout,
            first_pause: options.first_pause,
            profile: std::env::var("AWS_PROFILE").ok().filter(|name| !name.is_empty()),
            complaints: Complaints::default(),
            accepted_in: Mutex::default(),
        };
        Ok(Self { shared: Arc::new(shared), deadline: options.deadline, person: None })
    }

    /// The same way to AWS for callers in no hurry: budgets are shared, only the deadline of each call is another.
    #[must_use]
    pub fn with_deadline(&self, deadline: Duration) -> Self {
        Self { deadline, ..self.clone() }
    }

    /// The same way to AWS on behalf of a person, who is known by a name or an e-mail address: where a role is taken on,
    /// changes are signed by a session of that role named after them, so that CloudTrail tells who made them. Reads stay
    /// the portal's own, and without a role nothing differs.
    pub async fn acting_for(&self, person: &str) -> Self {
        let person = match &self.shared.assumed {
            Some(Assumed { role, sessions }) => {
                let role = RoleToAssume { session_name: session_name(person), ..role.clone() };
                Some(sessions.get(role, Instant::now()).await)
            }
            None => None,
        };
        Self { person, ..self.clone() }
    }

    /// Whose session signs an operation.
    pub(crate) fn session(&self, op: Op) -> &Session {
        match &self.person {
            Some(person) if !op.row().read => person,
            _ => &self.shared.own,
        }
    }

    /// The Region where AWS Backup's settings of the organization are asked.
    #[must_use]
    pub fn home_region(&self) -> &str {
        &self.shared.homes.configured
    }

    /// Whether an endpoint was named in the place of AWS's own: one that may lack operations.
    #[must_use]
    pub fn has_named_endpoint(&self) -> bool {
        self.shared.named_endpoint
    }

    /// Adds the counters of this way to AWS and all its clones to a registry: calls by outcome, how long they took,
    /// attempts, refusals for asking too fast, and seconds spent waiting for a turn.
    pub fn register_metrics(&self, registry: &mut Registry) {
        self.shared.metrics.register(registry);
    }
}

impl Shared {
    /// Notes whether a Region takes the credentials.
    pub(crate) fn accepted(&self, region: &str, accepted: bool) {
        let mut regions = self.accepted_in.lock().unwrap_or_else(PoisonError::into_inner);
        match accepted {
            true if !regions.contains(region) => drop(regions.insert(region.to_owned())),
            true => (),
            false => drop(regions.remove(region)),
        }
    }

    /// Whether other Regions take the credentials, and this one never did.
    pub(crate) fn is_accepted_elsewhere(&self, region: &str) -> bool {
        let regions = self.accepted_in.lock().unwrap_or_else(PoisonError::into_inner);
        !regions.is_empty() && !regions.contains(region)
    }

    /// A part of a span, evenly between half and whole: enough to part callers that failed together.
    pub(crate) fn jitter(&self, span: Duration) -> Duration {
        let part = self.random.lock().unwrap_or_else(PoisonError::into_inner).random_range(0.5..=1.0);
        span.mul_f64(part)
    }
}

fn check_endpoint(options: &Options) -> Result<(), AwsError> {
    let Some(endpoint) = &options.endpoint else { return Ok(()) };
    let host = ["http://", "https://"].iter().find_map(|scheme| endpoint.strip_prefix(scheme));
    if host.is_some_and(|host| !host.is_empty()) {
        return Ok(());
    }
    let message = format!("“{endpoint}” is not the URL of an endpoint; it begins with http:// or https://");
    Err(AwsError::not_sent("Connect", AwsErrorKind::InvalidInput { reason: "ENDPOINT".to_owned(), message }))
}

async fn config(options: &Options) -> SdkConfig {
    let timeouts = TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).build();
    let region = options.home_region.clone().map(Region::new);
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .timeout_config(timeouts)
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
    if let Ok(name) = AppName::new("holdfast") {
        loader = loader.app_name(name);
    }
    if let Some(endpoint) = &options.endpoint {
        loader = loader.endpoint_url(endpoint);
    }
    match options.credentials {
        // The Region is given, so that nobody looks for one in the environment or at the instance's metadata.
        Credentials::Simulated => {
            let fixed = Fixed::new("simulated", "simulated", None, None, "simulated");
            loader
                .http_client(Builder::new().build_http())
                .region(region.unwrap_or(Region::from_static(DEFAULT_REGION)))
                .credentials_provider(fixed)
                .load()
                .await
        }
        Credentials::Chain => {
            loader = loader.http_client(http_client());
            if let Some(region) = region {
                loader = loader.region(region);
            }
            loader.load().await
        }
    }
}

/// TLS by ring with the system's roots, and the proxy of the environment (`HTTPS_PROXY`, `NO_PROXY`), if any.
fn http_client() -> SharedHttpClient {
    Builder::new().build_with_connector_fn(|settings, components| {
        let mut builder = Connector::builder().proxy_config(ProxyConfig::from_env());
        builder.set_connector_settings(settings.cloned());
        builder.set_sleep_impl(components.and_then(|c| c.sleep_impl()));
        builder.tls_provider(Provider::Rustls(CryptoMode::Ring)).build()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_endpoint_that_is_no_url_is_refused_at_once() {
        for endpoint in ["localhost:4566", "http://", "ftp://x"] {
            let refused = Aws::connect(Options::simulated(endpoint, Rates::Off)).await.err().map(|e| e.kind);
            assert!(matches!(refused, Some(AwsErrorKind::InvalidInput { .. })), "{endpoint}");
        }
    }
}
