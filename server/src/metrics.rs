//! Numbers for Prometheus, on an address of their own: they are for whoever runs the portal, not for its visitors.

use std::{
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};

use aws::Aws;
use axum::{
    Router,
    extract::State,
    http::{Method, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::get,
};
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram, info::Info},
    registry::{Registry, Unit},
};
use store::Store;
use time::OffsetDateTime;

use crate::outside;

/// Upper bounds in seconds: from a file to a request that waits for AWS until its time is up.
const BOUNDS: [f64; 10] = [0.005, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 15.0, 90.0];
/// Who asks for numbers is told without those of the database rather than late.
const PATIENCE: Duration = Duration::from_secs(2);
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

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Part {
    part: &'static str,
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

/// Everything that is told, and where that is asked which is not counted along the way.
struct Told {
    registry: Registry,
    store: Store,
    database: Gauge,
    failing: Gauge,
    age: Family<Part, Gauge<f64, AtomicU64>>,
}

/// `GET /metrics`.
pub fn router(aws: &Aws, requests: &Requests, store: Store) -> Router {
    let mut registry = Registry::default();
    let build = Info::new(vec![("version", env!("CARGO_PKG_VERSION"))]);
    registry.register("holdfast_build", "The version that runs", build);
    let Requests { answered, seconds } = requests;
    registry.register("holdfast_http_requests", "Requests answered", answered.clone());
    let help = "From a request to its answer";
    registry.register_with_unit("holdfast_http_request", help, Unit::Seconds, seconds.clone());
    aws.register_metrics(&mut registry);
    let told = Told {
        registry,
        store,
        database: Gauge::default(),
        failing: Gauge::default(),
        age: Family::default(),
    };
    Router::new().route("/metrics", get(metrics)).with_state(Arc::new(told.registered()))
}

impl Told {
    fn registered(mut self) -> Self {
        let registry = &mut self.registry;
        registry.register("holdfast_database_up", "Whether the database answers", self.database.clone());
        let help = "Whether the last sync failed, in any process on this database";
        registry.register("holdfast_sync_failing", help, self.failing.clone());
        let help =
            "Since the last whole reading from AWS, by any process on this database; absent before the first";
        registry.register_with_unit("holdfast_sync_age", help, Unit::Seconds, self.age.clone());
        self
    }

    async fn look(&self, now: OffsetDateTime) {
        let asked = tokio::time::timeout(PATIENCE, self.store.freshness(now)).await;
        let known = asked.ok().and_then(Result::ok);
        self.database.set(i64::from(known.is_some()));
        let known = known.unwrap_or_default();
        self.failing.set(i64::from(known.problem.is_some()));
        for (part, at) in [("organization", known.organization_at), ("jobs", known.jobs_at)] {
            let part = Part { part };
            if let Some(at) = at {
                self.age.get_or_create(&part).set((now - at).as_seconds_f64());
            } else {
                self.age.remove(&part);
            }
        }
    }
}

async fn metrics(State(told): State<Arc<Told>>) -> Response {
    told.look(outside::now()).await;
    let mut text = String::new();
    match encode(&mut text, &told.registry) {
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
