//! Pages by key, in both directions. Lists are newest first: “next” is older, “previous” is newer.

use std::{fmt::Display, str::FromStr};

use model::Page;
use sqlx::{Postgres, QueryBuilder};

use crate::StoreError;

/// Rows are counted up to this; beyond it a total is “at least”.
pub(crate) const COUNT_BOUND: i64 = 10_000;

/// Where a page begins. `K` orders the rows as the list does; it is written into cursors and read from them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Seek<K> {
    /// At the newest row.
    First,
    /// After this row, away from the newest.
    Older(K),
    /// Before this row, towards the newest.
    Newer(K),
}

impl<K: FromStr> Seek<K> {
    /// Reads a cursor. One that cannot be read is the first page: links live longer than versions.
    fn parse(cursor: &str) -> Self {
        let mut rest = cursor.chars();
        let direction = rest.next();
        match (direction, rest.as_str().parse()) {
            (Some('o'), Ok(key)) => Self::Older(key),
            (Some('n'), Ok(key)) => Self::Newer(key),
            _ => Self::First,
        }
    }
}

impl<K> Seek<K> {
    pub(crate) const fn is_newer(&self) -> bool {
        matches!(self, Self::Newer(_))
    }
}

impl Seek<i64> {
    /// Adds condition, order and limit of a list whose key is one column. Other conditions stand before it.
    pub(crate) fn finish(&self, sql: &mut QueryBuilder<Postgres>, column: &str, size: usize) {
        if let Self::Older(id) | Self::Newer(id) = self {
            let sign = if self.is_newer() { '>' } else { '<' };
            sql.push(format_args!(" AND {column} {sign} ")).push_bind(*id);
        }
        let way = if self.is_newer() { "" } else { " DESC" };
        sql.push(format_args!(" ORDER BY {column}{way} LIMIT ")).push_bind(limit(size));
    }
}

/// Rows to fetch for a page: one more than fits, which tells whether there is another page.
pub(crate) fn limit(size: usize) -> i64 {
    i64::try_from(size.saturating_add(1)).unwrap_or(i64::MAX)
}

/// A page's rows and the cursors of its neighbours.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Slice<R> {
    pub(crate) rows: Vec<R>,
    pub(crate) next: Option<String>,
    pub(crate) previous: Option<String>,
}

impl<R> Slice<R> {
    /// The page, with its rows as model types.
    pub(crate) fn into_page<T>(self, total: model::Total) -> Result<Page<T>, StoreError>
    where
        T: TryFrom<R, Error = StoreError>,
    {
        let rows = self.rows.into_iter().map(T::try_from).collect::<Result<_, _>>()?;
        Ok(Page { rows, total, next: self.next, previous: self.previous })
    }
}

/// The page that a cursor names. `fetch` answers up to [`limit`] rows, in the direction of the search.
///
/// Where a step towards the newest comes to the beginning, the first page is answered: it is full, and shows what has
/// arrived meanwhile.
///
/// # Errors
/// Those of `fetch`.
pub(crate) async fn page<K, R, F>(
    cursor: &str,
    size: usize,
    key: impl Fn(&R) -> K,
    fetch: impl Fn(Seek<K>) -> F,
) -> Result<Slice<R>, StoreError>
where
    K: Clone + Display + FromStr,
    F: Future<Output = Result<Vec<R>, StoreError>>,
{
    let seek = Seek::parse(cursor);
    let rows = fetch(seek.clone()).await?;
    if seek.is_newer() && rows.len() <= size {
        return Ok(slice(&Seek::First, fetch(Seek::First).await?, size, key));
    }
    Ok(slice(&seek, rows, size, key))
}

fn slice<K: Display, R>(seek: &Seek<K>, mut rows: Vec<R>, size: usize, key: impl Fn(&R) -> K) -> Slice<R> {
    let more = rows.len() > size;
    rows.truncate(size);
    if seek.is_newer() {
        rows.reverse();
    }
    let has_next = more || seek.is_newer();
    let has_previous = !matches!(seek, Seek::First);
    let next = rows.last().filter(|_| has_next).map(|row| format!("o{}", key(row)));
    let previous = rows.first().filter(|_| has_previous).map(|row| format!("n{}", key(row)));
    Slice { rows, next, previous }
}

/// A pattern for ILIKE that finds a text anywhere, with nothing in it special.
pub(crate) fn anywhere(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for c in text.chars().filter(|c| *c != '\0') {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// A total from a count that stopped one above the bound.
pub(crate) fn total(counted: i64) -> model::Total {
    let count = u64::try_from(counted.min(COUNT_BOUND)).unwrap_or_default();
    model::Total { count, exact: counted <= COUNT_BOUND }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A list of the numbers below `count`, newest (greatest) first, in pages of three.
    async fn at(count: i64, cursor: &str) -> Slice<i64> {
        let fetch = async |seek: Seek<i64>| {
            let newest_first = (0..count).rev();
            let found: Vec<i64> = match seek {
                Seek::First => newest_first.collect(),
                Seek::Older(key) => newest_first.filter(|n| *n < key).collect(),
                Seek::Newer(key) => (0..count).filter(|n| *n > key).collect(),
            };
            Ok(found.into_iter().take(usize::try_from(limit(3)).unwrap()).collect())
        };
        page(cursor, 3, |n| *n, fetch).await.unwrap()
    }

    fn slice_of(rows: &[i64], next: Option<&str>, previous: Option<&str>) -> Slice<i64> {
        let [next, previous] = [next, previous].map(|cursor| cursor.map(str::to_owned));
        Slice { rows: rows.to_vec(), next, previous }
    }

    #[tokio::test]
    async fn pages_lead_to_the_end_and_back() {
        assert_eq!(at(7, "").await, slice_of(&[6, 5, 4], Some("o4"), None));
        assert_eq!(at(7, "o4").await, slice_of(&[3, 2, 1], Some("o1"), Some("n3")));
        assert_eq!(at(7, "o1").await, slice_of(&[0], None, Some("n0")));
        assert_eq!(at(7, "n0").await, slice_of(&[3, 2, 1], Some("o1"), Some("n3")));
    }

    #[tokio::test]
    async fn a_step_that_comes_to_the_newest_shows_the_first_page_whole() {
        assert_eq!(at(7, "n3").await, slice_of(&[6, 5, 4], Some("o4"), None));
        assert_eq!(at(8, "n4").await, slice_of(&[7, 6, 5], Some("o5"), None));
        assert_eq!(at(8, "n6").await, slice_of(&[7, 6, 5], Some("o5"), None));
    }

    #[tokio::test]
    async fn an_empty_list_and_a_cursor_of_another_version_are_a_first_page() {
        assert_eq!(at(0, "").await, slice_of(&[], None, None));
        assert_eq!(at(0, "n5").await, slice_of(&[], None, None));
        for cursor in ["x3", "o", "three", "o3.backup"] {
            assert_eq!(at(7, cursor).await, at(7, "").await, "{cursor}");
        }
    }
}
