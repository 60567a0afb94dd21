//! Numbers for Prometheus, on an address of their own: they are for whoever runs the portal, not for its visitors.

mod database;

use std::{sync::Arc, time::Duration};

use aws::Aws;
use axum::{
    Router,
    extract::State,
    http::{Method, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::get,
};
use portal::{Portal, tasks};
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, histogram::Histogram, info::Info},
    registry::{Registry, Unit},
};
use store::Store;

use self::database::DatabaseNumbers;
use crate::{outside, tls::Tls};

/// Upper bounds in seconds: from a file to a request that waits for AWS until its time is up.
const BOUNDS: [f64; 10] = [0.005, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 15.0, 90.0];
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: String,
}

/// Requests that were answered. Clones share the counters.
#[derive(Clone)]
pub struct Requests {
    answered: Family<Answered, Counter>,
    seconds: Family<Route, Histogram>,
}

impl Default for Requests {
    fn default() -> Self {
        Self { answered: Family::default(), seconds: Family::new_with_constructor(|| Histogram::new(BOUNDS)) }
    }
}

impl Requests {
    /// Counts a request. Those that match no route count as one route, so that strangers cannot make up numbers.
    pub(crate) fn answered(&self, method: &Method, route: Option<&str>, status: u16, took: Duration) {
        let route = route.unwrap_or("none").to_owned();
        let answered = Answered { method: name(method), route: route.clone(), status };
        self.answered.get_or_create(&answered).inc();
        self.seconds.get_or_create(&Route { route }).observe(took.as_secs_f64());
    }
}

/// What a scrape needs.
struct Scrape {
    registry: Registry,
    portal: Portal,
    store: Store,
    database: Arc<DatabaseNumbers>,
    /// Kinds of tasks.
    kinds: Vec<&'static str>,
}

/// `GET /metrics`.
pub fn router(aws: &Aws, requests: &Requests, portal: &Portal, store: Store, tls: Option<&Tls>) -> Router {
    let mut registry = Registry::default();
    let build = Info::new(vec![("version", env!("CARGO_PKG_VERSION"))]);
    registry.register("holdfast_build", "The version that runs", build);
    let Requests { answered, seconds } = requests;
    registry.register("holdfast_http_requests", "Requests answered", answered.clone());
    let help = "From a request to its answer";
    registry.register_with_unit("holdfast_http_request", help, Unit::Seconds, seconds.clone());
    aws.register_metrics(&mut registry);
    portal.register_metrics(&mut registry);
    if let Some(tls) = tls {
        tls.register_metrics(&mut registry);
    }
    let database = Arc::new(DatabaseNumbers::default());
    registry.register_collector(Box::new(database.clone()));
    let kinds = tasks::handlers().kinds().collect();
    let scrape = Scrape { registry, portal: portal.clone(), store, database, kinds };
    Router::new().route("/metrics", get(metrics)).with_state(Arc::new(scrape))
}

async fn metrics(State(scrape): State<Arc<Scrape>>) -> Response {
    scrape.database.look(&scrape.portal, &scrape.store, &scrape.kinds, outside::now()).await;
    let mut text = String::new();
    match encode(&mut text, &scrape.registry) {
        Ok(()) => ([(CONTENT_TYPE, OPEN_METRICS)], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "metrics cannot be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Anybody can send a method of their own making.
fn name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
