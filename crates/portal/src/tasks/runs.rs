//! What came of the tasks of this process, in numbers.

use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family},
};

/// Runs of tasks in this process, by what came of them.
pub(crate) type TaskRuns = Family<Run, Counter>;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Run {
    pub(super) kind: String,
    pub(super) outcome: &'static str,
}
