//! A page of a list of jobs.

use model::job::{Job, lists::OddRow};

/// A page of a list of jobs, read row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobPage {
    pub rows: Vec<Job>,
    /// Rows that could not be read, or not in full.
    pub odd: Vec<OddRow>,
    /// Opaque; asks for the page after this one.
    pub next: Option<String>,
}
