//! Choosing where to attach: which rows may be chosen, what a pasted list holds, how the keyboard moves in the tree.

use model::{
    PolicyId, TargetId, TargetKind,
    organization::{AccountState, TreeRow},
};

/// Whether a row of the tree may be chosen for a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// It may.
    Free,
    /// The policy is attached here already.
    Attached,
    /// The target holds as many policies as AWS allows.
    Full,
}

/// Whether this row may be chosen for this policy.
#[must_use]
pub fn choice(row: &TreeRow, policy: &PolicyId, per_target: u64) -> Choice {
    if row.policies.iter().any(|p| p.id == *policy) {
        Choice::Attached
    } else if row.policies.len() as u64 >= per_target {
        Choice::Full
    } else {
        Choice::Free
    }
}

/// What a row says at its end: the state of an account that is not active comes before everything.
#[must_use]
pub fn state(row: &TreeRow) -> Option<AccountState> {
    row.state.filter(|state| *state != AccountState::Active)
}

/// “3 of 10 policies”.
#[must_use]
pub fn quota(row: &TreeRow, per_target: u64) -> String {
    format!("{} of {per_target} policies", row.policies.len())
}

/// The ids in a pasted list, each once, and the words in it that are none. Anything may stand between the ids.
#[must_use]
pub fn pasted(text: &str) -> (Vec<TargetId>, Vec<String>) {
    let (mut ids, mut others) = (Vec::new(), Vec::new());
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '"' | '\'' | '[' | ']'));
    for word in words.filter(|word| !word.is_empty()) {
        match word.parse::<TargetId>() {
            Ok(id) if ids.contains(&id) => {}
            Ok(id) => ids.push(id),
            Err(_) => others.push(word.to_owned()),
        }
    }
    (ids, others)
}

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
    use model::organization::PolicyRef;

    use super::*;

    fn row(id: &str, parent: Option<&str>, open: bool, policies: usize) -> TreeRow {
        let policy =
            |n: usize| PolicyRef { id: format!("p-0000000{n}").parse().unwrap(), name: n.to_string() };
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
            policies: (0..policies).map(policy).collect(),
            matches: true,
            hidden_children: 0,
        }
    }

    fn tree() -> Vec<TreeRow> {
        vec![
            row("r-root", None, true, 0),
            row("ou-root-aaaaaaaa", Some("r-root"), true, 2),
            row("111111111111", Some("ou-root-aaaaaaaa"), false, 0),
            row("ou-root-bbbbbbbb", Some("r-root"), false, 10),
        ]
    }

    #[test]
    fn a_row_may_be_chosen_unless_it_has_the_policy_or_is_full() {
        let policy: PolicyId = "p-00000001".parse().unwrap();
        let other: PolicyId = "p-99999999".parse().unwrap();
        let rows = tree();
        assert_eq!(choice(&rows[0], &policy, 10), Choice::Free);
        assert_eq!(choice(&rows[1], &policy, 10), Choice::Attached);
        assert_eq!(choice(&rows[3], &other, 10), Choice::Full);
        assert_eq!(quota(&rows[1], 10), "2 of 10 policies");
    }

    #[test]
    fn a_pasted_list_is_read_whatever_stands_between() {
        let (ids, others) =
            pasted("111111111111, \"ou-ab12-cdefgh34\";\n111111111111\r\n  r-ab12 [nonsense] 12345");
        assert_eq!(
            ids.iter().map(TargetId::as_str).collect::<Vec<_>>(),
            ["111111111111", "ou-ab12-cdefgh34", "r-ab12"]
        );
        assert_eq!(others, ["nonsense", "12345"]);
        assert_eq!(pasted(" \n"), (vec![], vec![]));
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
