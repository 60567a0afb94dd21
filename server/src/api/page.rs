//! Lists, page by page.

use model::page::{Page, Total};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How many there are.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Count {
    pub count: u64,
    /// False where counting stopped at a bound: there are at least `count`.
    pub exact: bool,
}

impl From<Total> for Count {
    fn from(Total { count, exact }: Total) -> Self {
        Self { count, exact }
    }
}

/// One page of a list.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Listed<T> {
    pub items: Vec<T>,
    /// All that match, not only those on this page.
    pub total: Count,
    /// The `cursor` of the next page; `null` on the last one.
    pub next: Option<String>,
}

impl<T> Listed<T> {
    /// A page of the portal in the shape of the API.
    pub fn of<Row>(page: Page<Row>, shape: impl Fn(Row) -> T) -> Self {
        Self { items: page.rows.into_iter().map(shape).collect(), total: page.total.into(), next: page.next }
    }
}

/// Something by its id and its name.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Reference {
    pub id: String,
    /// Empty where it has none that is known.
    pub name: String,
}

impl From<model::organization::NodeRef> for Reference {
    fn from(node: model::organization::NodeRef) -> Self {
        Self { id: node.id.to_string(), name: node.name }
    }
}

impl From<model::organization::PolicyRef> for Reference {
    fn from(policy: model::organization::PolicyRef) -> Self {
        Self { id: policy.id.to_string(), name: policy.name }
    }
}

impl From<model::change::Named> for Reference {
    fn from(named: model::change::Named) -> Self {
        Self { id: named.id, name: named.name }
    }
}
