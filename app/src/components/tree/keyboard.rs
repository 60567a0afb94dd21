//! How the keyboard moves in the tree, and what is open.

use model::{TargetKind, organization::TreeRow};

/// A list of ids separated by commas, with `id` taken out if it is in it and put in if not.
#[must_use]
pub fn toggled(list: &str, id: &str) -> String {
    let ids: Vec<&str> = list.split(',').filter(|one| !one.is_empty()).collect();
    let without: Vec<&str> = ids.iter().copied().filter(|one| *one != id).collect();
    if without.len() < ids.len() { without.join(",") } else { [without.as_slice(), &[id]].concat().join(",") }
}

/// A list of ids separated by commas, with `id` added once more: each mention shows another hundred children.
#[must_use]
pub fn once_more(list: &str, id: &str) -> String {
    if list.is_empty() { id.to_owned() } else { format!("{list},{id}") }
}

/// What a key does in the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Move {
    /// The focus goes to this row.
    To(usize),
    /// This row opens or closes.
    Toggle(usize),
    /// The key is not for the tree.
    None,
}

/// Rows that Page Up and Page Down pass over.
const PAGE: usize = 10;

/// What a key does while the focus is on row `at` of `rows`: up, down, in, out, first, last, as in every tree view.
#[must_use]
pub fn on_key(rows: &[TreeRow], at: usize, key: &str) -> Move {
    let (Some(row), Some(last)) = (rows.get(at), rows.len().checked_sub(1)) else { return Move::None };
    match key {
        "ArrowDown" => Move::To((at + 1).min(last)),
        "ArrowUp" => Move::To(at.saturating_sub(1)),
        "PageDown" => Move::To((at + PAGE).min(last)),
        "PageUp" => Move::To(at.saturating_sub(PAGE)),
        "Home" => Move::To(0),
        "End" => Move::To(last),
        "ArrowRight" if row.has_children && !row.open => Move::Toggle(at),
        "ArrowRight" if row.has_children => Move::To((at + 1).min(last)),
        // The root is always open.
        "ArrowLeft" if row.open && row.kind() != TargetKind::Root => Move::Toggle(at),
        "ArrowLeft" => {
            rows.iter().position(|r| Some(&r.id) == row.parent.as_ref()).map_or(Move::None, Move::To)
        }
        _ => Move::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: &str, parent: Option<&str>, open: bool) -> TreeRow {
        TreeRow {
            id: id.parse().unwrap(),
            parent: parent.map(|p| p.parse().unwrap()),
            name: id.into(),
            depth: 0,
            state: None,
            email: None,
            has_children: !id.starts_with('1'),
            open,
            accounts_below: 0,
            policies: Vec::new(),
            matches: true,
            hidden_children: 0,
        }
    }

    fn tree() -> Vec<TreeRow> {
        vec![
            row("r-root", None, true),
            row("ou-root-aaaaaaaa", Some("r-root"), true),
            row("111111111111", Some("ou-root-aaaaaaaa"), false),
            row("ou-root-bbbbbbbb", Some("r-root"), false),
        ]
    }

    #[test]
    fn keys_move_open_and_close_as_in_a_tree_view() {
        let rows = tree();
        for (at, key, then) in [
            (0, "ArrowDown", Move::To(1)),
            (3, "ArrowDown", Move::To(3)),
            (0, "ArrowUp", Move::To(0)),
            (0, "ArrowLeft", Move::None),
            (1, "ArrowLeft", Move::Toggle(1)),
            (1, "ArrowRight", Move::To(2)),
            (2, "ArrowLeft", Move::To(1)),
            (2, "ArrowRight", Move::None),
            (3, "ArrowRight", Move::Toggle(3)),
            (3, "ArrowLeft", Move::To(0)),
            (1, "End", Move::To(3)),
            (1, "Home", Move::To(0)),
            (0, "PageDown", Move::To(3)),
            (1, "Enter", Move::None),
        ] {
            assert_eq!(on_key(&rows, at, key), then, "{at} {key}");
        }
        assert_eq!(on_key(&[], 0, "ArrowDown"), Move::None);
    }

    #[test]
    fn lists_in_the_address_toggle() {
        assert_eq!(toggled("", "a"), "a");
        assert_eq!(toggled("a,b", "a"), "b");
        assert_eq!(toggled("a", "b"), "a,b");
        assert_eq!(once_more("a", "a"), "a,a");
    }
}
