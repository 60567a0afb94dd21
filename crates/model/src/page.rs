//! Pages by cursor: never by offset, so that page 1,000 costs what page 1 costs.

use serde::{Deserialize, Serialize};

/// How many rows there are in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Total {
    /// Rows counted.
    pub count: u64,
    /// False where counting stopped at a bound: there are at least `count`.
    pub exact: bool,
}

impl Total {
    /// A total that was counted to the end.
    #[must_use]
    pub const fn exactly(count: u64) -> Self {
        Self { count, exact: true }
    }
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The rows, in the list's order.
    pub rows: Vec<T>,
    /// All rows that match, not only those on this page.
    pub total: Total,
    /// Opaque; names the page after this one.
    pub next: Option<String>,
    /// Opaque; names the page before this one.
    pub previous: Option<String>,
}

impl<T> Page<T> {
    /// A page without rows.
    #[must_use]
    pub const fn empty() -> Self {
        Self { rows: Vec::new(), total: Total::exactly(0), next: None, previous: None }
    }
}
