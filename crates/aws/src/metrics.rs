//! What is counted of the calls to AWS, for whoever watches the portal.

use std::{sync::atomic::AtomicU64, time::Duration};

use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, histogram::Histogram},
    registry::{Registry, Unit},
};
use tokio::time::Instant;

use crate::operation::Operation;

/// Upper bounds in seconds: from an answer of a near endpoint to the patience of the sync.
const BOUNDS: [f64; 10] = [0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0];
/// Of a call that nobody waited for any more.
const ABANDONED: &str = "abandoned";

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Called {
    operation: &'static str,
    region: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Ended {
    operation: &'static str,
    region: String,
    outcome: &'static str,
}

/// Counters of one way to AWS and all its clones.
#[derive(Debug)]
pub(crate) struct Metrics {
    calls: Family<Ended, Counter>,
    seconds: Family<Called, Histogram>,
    attempts: Family<Called, Counter>,
    throttles: Family<Called, Counter>,
    waited: Family<Called, Counter<f64, AtomicU64>>,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            calls: Family::default(),
            seconds: Family::new_with_constructor(|| Histogram::new(BOUNDS)),
            attempts: Family::default(),
            throttles: Family::default(),
            waited: Family::default(),
        }
    }
}

impl Metrics {
    pub(crate) fn register(&self, registry: &mut Registry) {
        let Self { calls, seconds, attempts, throttles, waited } = self;
        registry.register("holdfast_aws_calls", "Calls to AWS, by outcome", calls.clone());
        let help = "From asking to the last answer, waits and all attempts included";
        registry.register_with_unit("holdfast_aws_call", help, Unit::Seconds, seconds.clone());
        registry.register("holdfast_aws_attempts", "Requests sent to AWS", attempts.clone());
        let help = "Requests that AWS refused because there were too many";
        registry.register("holdfast_aws_throttles", help, throttles.clone());
        let help = "Time that requests waited for the rate budget and for others under way";
        registry.register_with_unit("holdfast_aws_wait", help, Unit::Seconds, waited.clone());
    }

    /// Begins to count a call, which ends when this is dropped.
    pub(crate) fn call<'a>(&'a self, row: &'static Operation, region: &'a str) -> Counting<'a> {
        Counting { metrics: self, row, region, begun: Instant::now(), outcome: ABANDONED }
    }

    pub(crate) fn attempt(&self, row: &'static Operation, region: &str, waited: Duration) {
        let labels = called(row, region);
        self.attempts.get_or_create(&labels).inc();
        self.waited.get_or_create(&labels).inc_by(waited.as_secs_f64());
    }

    pub(crate) fn throttle(&self, row: &'static Operation, region: &str) {
        self.throttles.get_or_create(&called(row, region)).inc();
    }
}

/// A call under way.
pub(crate) struct Counting<'a> {
    metrics: &'a Metrics,
    row: &'static Operation,
    region: &'a str,
    begun: Instant,
    pub(crate) outcome: &'static str,
}

impl Drop for Counting<'_> {
    fn drop(&mut self) {
        let Called { operation, region } = called(self.row, self.region);
        let ended = Ended { operation, region: region.clone(), outcome: self.outcome };
        self.metrics.calls.get_or_create(&ended).inc();
        let seconds = self.metrics.seconds.get_or_create(&Called { operation, region });
        seconds.observe(self.begun.elapsed().as_secs_f64());
    }
}

fn called(row: &'static Operation, region: &str) -> Called {
    Called { operation: row.name, region: region.to_owned() }
}
