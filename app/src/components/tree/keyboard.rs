//! What a key does in the tree: up, down, in, out, first, last, as in every tree view.

use std::collections::HashMap;

use model::{TargetId, TargetKind, organization::TreeRow};

use super::lines::Line;

/// What the keyboard needs to know of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stop {
    /// Index of the line of the place above.
    parent: Option<usize>,
    has_children: bool,
    open: bool,
    /// Whether it can be closed: the root is always open.
    closes: bool,
}

impl Stop {
    fn of(row: &TreeRow, parent: Option<usize>) -> Self {
        let closes = row.open && row.kind() != TargetKind::Root;
        Self { parent, has_children: row.has_children, open: row.open, closes }
    }
}

/// The stops of the lines, one each.
pub(super) fn stops(lines: &[Line]) -> Vec<Stop> {
    let places: HashMap<&TargetId, usize> = lines
        .iter()
        .enumerate()
        .filter_map(|(at, line)| match line {
            Line::Place(line) => Some((&line.row.id, at)),
            Line::More { .. } => None,
        })
        .collect();
    let position = |id: &TargetId| places.get(id).copied();
    lines
        .iter()
        .map(|line| match line {
            Line::Place(line) => Stop::of(&line.row, line.row.parent.as_ref().and_then(position)),
            Line::More { of } => {
                Stop { parent: position(&of.id), has_children: false, open: false, closes: false }
            }
        })
        .collect()
}

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Move {
    /// The focus goes to this line.
    To(usize),
    /// The line opens or closes.
    Toggle,
    /// The key is not for the tree.
    None,
}

/// Lines that Page Up and Page Down pass over.
const PAGE: usize = 10;

/// What a key does while the focus is on line `at`.
pub(super) fn on_key(stops: &[Stop], at: usize, key: &str) -> Move {
    let (Some(stop), Some(last)) = (stops.get(at), stops.len().checked_sub(1)) else { return Move::None };
    match key {
        "ArrowDown" => Move::To((at + 1).min(last)),
        "ArrowUp" => Move::To(at.saturating_sub(1)),
        "PageDown" => Move::To((at + PAGE).min(last)),
        "PageUp" => Move::To(at.saturating_sub(PAGE)),
        "Home" => Move::To(0),
        "End" => Move::To(last),
        "ArrowRight" if stop.has_children && !stop.open => Move::Toggle,
        "ArrowRight" if stop.has_children => Move::To((at + 1).min(last)),
        "ArrowLeft" if stop.closes => Move::Toggle,
        "ArrowLeft" => stop.parent.map_or(Move::None, Move::To),
        _ => Move::None,
    }
}

#[cfg(test)]
mod tests {
    use super::{super::lines::lines, *};

    fn row(id: &str, parent: Option<&str>, depth: u8, open: bool, hidden_children: u64) -> TreeRow {
        TreeRow {
            id: id.parse().unwrap(),
            parent: parent.map(|p| p.parse().unwrap()),
            name: id.into(),
            depth,
            state: None,
            email: None,
            has_children: !id.starts_with('1'),
            open,
            outdated: false,
            accounts_below: 0,
            policies: Vec::new(),
            matches: true,
            hidden_children,
        }
    }

    fn tree(hidden_children: u64) -> Vec<Stop> {
        let rows = [
            row("r-root", None, 0, true, 0),
            row("ou-root-aaaaaaaa", Some("r-root"), 1, true, hidden_children),
            row("111111111111", Some("ou-root-aaaaaaaa"), 2, false, 0),
            row("ou-root-bbbbbbbb", Some("r-root"), 1, false, 0),
        ];
        stops(&lines(&rows, false))
    }

    #[test]
    fn keys_move_open_and_close_as_in_a_tree_view() {
        for (at, key, then) in [
            (0, "ArrowDown", Move::To(1)),
            (3, "ArrowDown", Move::To(3)),
            (0, "ArrowUp", Move::To(0)),
            (0, "ArrowLeft", Move::None),
            (1, "ArrowLeft", Move::Toggle),
            (1, "ArrowRight", Move::To(2)),
            (2, "ArrowLeft", Move::To(1)),
            (2, "ArrowRight", Move::None),
            (3, "ArrowRight", Move::Toggle),
            (3, "ArrowLeft", Move::To(0)),
            (1, "End", Move::To(3)),
            (1, "Home", Move::To(0)),
            (0, "PageDown", Move::To(3)),
            (1, "Enter", Move::None),
        ] {
            assert_eq!(on_key(&tree(0), at, key), then, "{at} {key}");
        }
        assert_eq!(on_key(&[], 0, "ArrowDown"), Move::None);
    }

    #[test]
    fn the_way_to_more_children_is_a_stop_below_its_place() {
        // Root, OU, its account, the way to more of the OU, the other OU.
        let stops = tree(7);
        assert_eq!(stops.len(), 5);
        assert_eq!(on_key(&stops, 2, "ArrowDown"), Move::To(3));
        assert_eq!(on_key(&stops, 3, "ArrowLeft"), Move::To(1));
        assert_eq!(on_key(&stops, 3, "ArrowRight"), Move::None);
        assert_eq!(on_key(&stops, 4, "ArrowLeft"), Move::To(0));
    }
}
