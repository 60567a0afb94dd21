//! Lists, page by page, up to a bound.

use clap::Args;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    client::Client,
    error::RemoteError,
    output::{self, Output},
};
use crate::api::page::Count;

/// How much of a list is shown, and how.
#[derive(Clone, Copy, Debug, Args)]
pub struct ListArgs {
    /// How many at most, the list's first
    #[arg(long, default_value_t = 100, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    limit: u64,
    #[command(flatten)]
    output: Output,
}

/// The rows of a list, and what else its first page says.
pub struct Rows {
    items: Vec<Value>,
    /// The first page, without its rows.
    pub first: Value,
    cut: bool,
}

/// Follows a list page by page until it ends or there is enough of it.
///
/// # Errors
/// Where the server refuses, or cannot be asked.
pub async fn follow(
    client: &Client,
    path: &[&str],
    query: &[(&str, &str)],
    limit: Option<u64>,
) -> Result<Rows, RemoteError> {
    let (mut items, mut first, mut cursor) = (Vec::new(), Value::Null, None::<String>);
    let full = |items: &Vec<Value>| limit.is_some_and(|limit| items.len() as u64 >= limit);
    loop {
        let mut query = query.to_vec();
        query.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
        let mut page: Value = client.get(path, &query).await?;
        if let Some(Value::Array(rows)) = page.get_mut("items").map(Value::take) {
            items.extend(rows);
        }
        let next = page.get("next").and_then(Value::as_str).map(str::to_owned);
        if first.is_null() {
            first = page;
        }
        // A page that leads to itself leads nowhere.
        let goes_on = next.is_some() && next != cursor;
        if !goes_on || full(&items) {
            let most = limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
            let cut = goes_on || items.len() > most;
            items.truncate(most);
            return Ok(Rows { items, first, cut });
        }
        cursor = next;
    }
}

impl Rows {
    /// The rows alone.
    #[must_use]
    pub fn into_items(self) -> Vec<Value> {
        self.items
    }
}

impl ListArgs {
    /// The bound.
    #[must_use]
    pub const fn limit(self) -> Option<u64> {
        Some(self.limit)
    }

    /// How many rows are asked for at once, where the list lets its readers choose among `sizes`, smallest first.
    #[must_use]
    pub fn page(self, sizes: &[u64]) -> String {
        let fits = sizes.iter().find(|size| **size >= self.limit).or(sizes.last());
        fits.map_or_else(String::new, ToString::to_string)
    }

    /// Prints rows: an object a line, or as `table` arranges them; and says that there are none, or more.
    ///
    /// # Errors
    /// Where a row has another shape, or nothing can be written.
    pub fn print<T: DeserializeOwned>(
        self,
        rows: Rows,
        none: &str,
        table: impl Fn(Vec<T>) -> String,
    ) -> Result<(), RemoteError> {
        let Rows { items, first, cut } = rows;
        let shown = items.len();
        if shown == 0 {
            output::complain(none);
        } else if self.output.is_json() {
            items.iter().try_for_each(output::say_json)?;
        } else {
            let items: Result<Vec<T>, _> = items.into_iter().map(serde_json::from_value).collect();
            let items = items.map_err(|error| RemoteError::Shape(error.to_string()))?;
            output::say(&table(items))?;
        }
        if cut {
            let total =
                first.get("total").and_then(|total| serde_json::from_value::<Count>(total.clone()).ok());
            let of = total.map(|total| format!(" of {}", output::count(&total))).unwrap_or_default();
            output::complain(&format!("{shown}{of} shown: --limit shows more"));
        }
        Ok(())
    }

    /// Whether programs read it.
    #[must_use]
    pub fn is_json(self) -> bool {
        self.output.is_json()
    }
}
