//! The lines that a tree shows: its places, and between them the ways to children that are not shown.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
};

use model::{TargetId, organization::TreeRow};

/// One line.
pub(super) enum Line {
    Place(Box<PlaceLine>),
    /// The way to a place's further children.
    More {
        of: Box<TreeRow>,
    },
}

/// A place, and where it stands among its siblings.
pub(super) struct PlaceLine {
    pub row: TreeRow,
    /// Which of its siblings it is, from 1.
    pub at: u64,
    /// How many siblings there are, those that are not shown too.
    pub of: u64,
    pub first: bool,
    /// Shown only because something below it matches.
    pub dimmed: bool,
}

impl Line {
    /// Names the line by all that it shows, but for what follows its signals.
    pub(super) fn key(&self) -> u64 {
        let mut hash = DefaultHasher::new();
        match self {
            Self::Place(line) => {
                let PlaceLine { row, at, of, dimmed, .. } = &**line;
                (&row.id, &row.name, row.depth, row.state, &row.email, row.has_children).hash(&mut hash);
                (row.outdated, row.accounts_below, &row.policies, at, of, dimmed).hash(&mut hash);
            }
            Self::More { of } => (&of.id, &of.name, of.hidden_children, of.depth).hash(&mut hash),
        }
        hash.finish()
    }
}

/// The lines of the rows, top to bottom. Where the tree is narrowed to matches, the others are dimmed.
pub(super) fn lines(rows: &[TreeRow], narrowed: bool) -> Vec<Line> {
    let siblings = siblings(rows);
    let mut lines = Vec::with_capacity(rows.len());
    for (index, (row, (at, of))) in rows.iter().zip(siblings).enumerate() {
        let dimmed = narrowed && !row.matches;
        lines.push(Line::Place(Box::new(PlaceLine { row: row.clone(), at, of, first: index == 0, dimmed })));
        lines.extend(more_after(rows, index).into_iter().map(|of| Line::More { of: Box::new(of.clone()) }));
    }
    lines
}

/// Which of how many siblings each row is, both counted with those that are not shown.
fn siblings(rows: &[TreeRow]) -> Vec<(u64, u64)> {
    let mut seen: HashMap<Option<&TargetId>, u64> = HashMap::new();
    let mut siblings: Vec<(u64, u64)> = Vec::with_capacity(rows.len());
    for row in rows {
        let at = seen.entry(row.parent.as_ref()).or_default();
        *at += 1;
        siblings.push((*at, 0));
    }
    let hidden: HashMap<&TargetId, u64> = rows.iter().map(|row| (&row.id, row.hidden_children)).collect();
    for (row, (_, of)) in rows.iter().zip(&mut siblings) {
        let shown = seen.get(&row.parent.as_ref()).copied().unwrap_or(1);
        *of = shown + row.parent.as_ref().and_then(|p| hidden.get(p)).copied().unwrap_or(0);
    }
    siblings
}

/// The places whose last shown child is this row, or holds it as its last, and that have more: innermost first.
fn more_after(rows: &[TreeRow], index: usize) -> Vec<&TreeRow> {
    let next = rows.get(index + 1).map(|next| next.depth);
    let mut ended = Vec::new();
    let mut at = rows.get(index);
    while let Some(place) = at.filter(|place| next.is_none_or(|depth| depth <= place.depth)) {
        at = place.parent.as_ref().and_then(|id| rows.iter().find(|row| row.id == *id));
        ended.extend(at.filter(|parent| next.is_none_or(|depth| depth <= parent.depth)));
    }
    ended.retain(|place| place.hidden_children > 0);
    ended
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: &str, parent: Option<&str>, depth: u8, hidden: u64) -> TreeRow {
        TreeRow {
            id: id.parse().unwrap(),
            parent: parent.map(|p| p.parse().unwrap()),
            name: id.into(),
            depth,
            state: None,
            email: None,
            has_children: true,
            open: true,
            outdated: false,
            accounts_below: 0,
            policies: Vec::new(),
            matches: true,
            hidden_children: hidden,
        }
    }

    #[test]
    fn siblings_that_are_not_shown_are_counted() {
        let ou = "ou-ab12-11111111";
        let rows = [
            row("r-ab12", None, 0, 0),
            row(ou, Some("r-ab12"), 1, 150),
            row("111111111111", Some(ou), 2, 0),
            row("222222222222", Some(ou), 2, 0),
            row("333333333333", Some("r-ab12"), 1, 0),
        ];
        assert_eq!(siblings(&rows), [(1, 1), (1, 2), (1, 152), (2, 152), (2, 2)]);
    }

    #[test]
    fn the_way_to_more_stands_after_the_last_child_of_its_row() {
        let (outer, inner) = ("ou-ab12-11111111", "ou-ab12-22222222");
        let rows = [
            row("r-ab12", None, 0, 0),
            row(outer, Some("r-ab12"), 1, 5),
            row(inner, Some(outer), 2, 7),
            row("111111111111", Some(inner), 3, 0),
            row("222222222222", Some("r-ab12"), 1, 0),
        ];
        let counts: Vec<usize> = (0..rows.len()).map(|i| more_after(&rows, i).len()).collect();
        assert_eq!(counts, [0, 0, 0, 2, 0]);
    }

    #[test]
    fn a_row_is_shown_anew_when_it_says_something_else_and_not_when_it_opens() {
        let key = |row: TreeRow| lines(&[row], false).first().map(Line::key);
        let before = row("ou-ab12-11111111", None, 1, 0);
        assert_eq!(key(before.clone()), key(TreeRow { open: false, ..before.clone() }));
        assert_ne!(key(before.clone()), key(TreeRow { name: "renamed".into(), ..before }));
    }
}
