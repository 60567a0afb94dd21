//! Pages by key, in both directions. Lists are newest first: “next” is older, “previous” is newer.

/// Rows are counted up to this; beyond it a total is “at least”.
pub(crate) const COUNT_BOUND: i64 = 10_000;

/// Where a page begins. `K` orders the rows as the list does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Seek<K> {
    /// At the newest row.
    First,
    /// After this row, away from the newest.
    Older(K),
    /// Before this row, towards the newest.
    Newer(K),
}

impl<K> Seek<K> {
    /// Reads a cursor. One that cannot be read is the first page: links live longer than versions.
    pub(crate) fn parse(cursor: &str, key: impl Fn(&str) -> Option<K>) -> Self {
        let mut rest = cursor.chars();
        let direction = rest.next();
        match (direction, key(rest.as_str())) {
            (Some('o'), Some(key)) => Self::Older(key),
            (Some('n'), Some(key)) => Self::Newer(key),
            _ => Self::First,
        }
    }

    pub(crate) const fn is_newer(&self) -> bool {
        matches!(self, Self::Newer(_))
    }
}

/// A page's rows and the cursors of its neighbours.
pub(crate) struct Slice<R> {
    pub(crate) rows: Vec<R>,
    pub(crate) next: Option<String>,
    pub(crate) previous: Option<String>,
}

/// Makes a page of what was fetched: up to one row more than fits, in the direction of the search. `None` where a step
/// towards the newest came to the beginning: then the first page is what is wanted, and it is full.
pub(crate) fn slice<R, K>(
    seek: &Seek<K>,
    mut rows: Vec<R>,
    size: usize,
    key: impl Fn(&R) -> String,
) -> Option<Slice<R>> {
    let more = rows.len() > size;
    if seek.is_newer() && !more {
        return None;
    }
    rows.truncate(size);
    if seek.is_newer() {
        rows.reverse();
    }
    let has_next = more || seek.is_newer();
    let has_previous = !matches!(seek, Seek::First);
    let next = rows.last().filter(|_| has_next).map(|row| format!("o{}", key(row)));
    let previous = rows.first().filter(|_| has_previous).map(|row| format!("n{}", key(row)));
    Some(Slice { rows, next, previous })
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
