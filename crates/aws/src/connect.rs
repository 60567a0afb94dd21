//! What all callers share: configuration, clients, budgets.

use std::{
    collections::HashMap,
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
use rand::{Rng, SeedableRng, rngs::StdRng};
use tokio::sync::Semaphore;

use crate::{
    Aws, AwsError, AwsErrorKind, Credentials, Options, Rates,
    bucket::Bucket,
    metrics::Metrics,
    operation::Op,
    session::{Assumed, Clients},
};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const DEFAULT_REGION: &str = "us-east-1";

/// What all clones of [`Aws`] share.
pub(crate) struct Shared {
    pub(crate) home_region: String,
    /// Where the services without Regions are asked.
    pub(crate) homes: &'static Homes,
    /// The portal's own.
    pub(crate) own: Clients,
    /// Where a role is taken on.
    pub(crate) assumed: Option<Assumed>,
    pub(crate) buckets: Mutex<HashMap<(Op, String), Bucket>>,
    pub(crate) under_way: Semaphore,
    pub(crate) metrics: Metrics,
    random: Mutex<StdRng>,
    pub(crate) rates: Rates,
    pub(crate) attempt_timeout: Duration,
}

impl Aws {
    /// Makes the clients. Asks AWS nothing yet, so that it also works while AWS cannot be reached.
    ///
    /// # Errors
    /// `InvalidInput` where the endpoint is no `http` or `https` URL.
    pub async fn connect(options: Options) -> Result<Self, AwsError> {
        check_endpoint(&options)?;
        let base = config(&options).await;
        let home_region = base.region().map_or(DEFAULT_REGION, Region::as_ref).to_owned();
        let homes = homes(&home_region);
        let assumed = options.role.map(|role| Assumed::new(base.clone(), role));
        let own = match &assumed {
            Some(assumed) => assumed.own_session().await,
            None => base,
        };
        let shared = Shared {
            own: Clients::new(own, homes),
            assumed,
            homes,
            home_region,
            buckets: Mutex::default(),
            under_way: Semaphore::new(options.concurrency.max(1)),
            metrics: Metrics::default(),
            random: Mutex::new(StdRng::seed_from_u64(options.seed)),
            rates: options.rates,
            attempt_timeout: options.attempt_timeout,
        };
        Ok(Self { shared: Arc::new(shared), deadline: options.deadline, person: None })
    }
}

impl Shared {
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

/// The Regions of services that have one home per partition: requests to them are signed for it.
pub(crate) struct Homes {
    /// What the names of the partition's Regions begin with.
    regions: &'static str,
    pub(crate) organizations: &'static str,
    pub(crate) iam: &'static str,
}

/// The commercial partition comes last: it takes what is of no other.
const HOMES: [Homes; 4] = [
    Homes { regions: "cn-", organizations: "cn-northwest-1", iam: "cn-north-1" },
    Homes { regions: "us-gov-", organizations: "us-gov-west-1", iam: "us-gov-west-1" },
    Homes { regions: "eusc-", organizations: "eusc-de-east-1", iam: "eusc-de-east-1" },
    Homes { regions: "", organizations: "us-east-1", iam: "us-east-1" },
];

fn homes(home_region: &str) -> &'static Homes {
    let [.., commercial] = &HOMES;
    HOMES.iter().find(|homes| home_region.starts_with(homes.regions)).unwrap_or(commercial)
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

    #[test]
    fn organizations_and_iam_are_asked_at_their_homes_in_the_partition() {
        for (home, organizations, iam) in [
            ("eu-central-1", "us-east-1", "us-east-1"),
            ("us-gov-east-1", "us-gov-west-1", "us-gov-west-1"),
            ("cn-northwest-1", "cn-northwest-1", "cn-north-1"),
            ("eusc-de-east-1", "eusc-de-east-1", "eusc-de-east-1"),
        ] {
            assert_eq!((homes(home).organizations, homes(home).iam), (organizations, iam), "{home}");
        }
    }

    #[tokio::test]
    async fn an_endpoint_that_is_no_url_is_refused_at_once() {
        for endpoint in ["localhost:4566", "http://", "ftp://x"] {
            let refused = Aws::connect(Options::simulated(endpoint, Rates::Off)).await.err().map(|e| e.kind);
            assert!(matches!(refused, Some(AwsErrorKind::InvalidInput { .. })), "{endpoint}");
        }
    }
}
