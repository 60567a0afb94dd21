use std::sync::Arc;

use model::access::Scope;
use store::Snapshot;

use super::*;
use crate::directory::{
    Directory,
    tests::{INNER, NOW, OU, ROOT, directory, node},
};

fn whole(directory: Directory) -> Sight {
    Sight::new(Arc::new(directory), &Scope::All)
}

/// What somebody sees who has these OUs and accounts.
fn part(places: &[&str]) -> Sight {
    let places = places.iter().map(|id| id.parse().unwrap()).collect();
    Sight::new(Arc::new(directory()), &Scope::Below(places))
}

fn ids(sight: &Sight, query: &TreeQuery) -> Vec<String> {
    let rows = tree(sight, query).rows;
    rows.iter().map(|r| format!("{}{}", "-".repeat(r.depth.into()), r.name)).collect()
}

#[test]
fn the_root_is_always_open_and_the_rest_as_the_address_says() {
    let sight = whole(directory());
    assert_eq!(ids(&sight, &TreeQuery::default()), ["Root", "-Production", "-management"]);
    let open = TreeQuery { open: format!("{OU},{INNER}"), ..TreeQuery::default() };
    assert_eq!(
        ids(&sight, &open),
        ["Root", "-Production", "--Inner", "---deep", "--alpha", "--Zeta", "-management"]
    );
}

#[test]
fn a_search_shows_matches_with_what_is_above_them() {
    let sight = whole(directory());
    let query = TreeQuery { q: " DEEP ".into(), ..TreeQuery::default() };
    let found = tree(&sight, &query);
    assert_eq!(found.total.count, 1);
    let rows: Vec<_> = found.rows.iter().map(|r| (r.name.as_str(), r.matches, r.open)).collect();
    assert_eq!(
        rows,
        [("Root", false, true), ("Production", false, true), ("Inner", false, true), ("deep", true, false)]
    );
}

#[test]
fn accounts_of_one_sort_are_shown_with_what_is_above_them() {
    let sight = whole(directory());
    let only = |only: &str, q: &str| {
        let query = TreeQuery { only: only.into(), q: q.into(), ..TreeQuery::default() };
        let found = tree(&sight, &query);
        let names: Vec<_> = found.rows.iter().filter(|r| r.matches).map(|r| r.name.clone()).collect();
        (found.total.count, names)
    };
    assert_eq!(only("without-plan", ""), (1, vec!["management".to_owned()]));
    assert_eq!(only("without-plan", "deep"), (0, vec![]));
    assert_eq!(
        only("outdated", ""),
        (4, ["deep", "alpha", "Zeta", "management"].map(str::to_owned).to_vec()),
        "the last one only because AWS says so"
    );
    assert!(only("something-newer", "").0 > 1, "an unknown name narrows nothing");
}

#[test]
fn children_beyond_the_first_hundred_are_counted_and_shown_when_asked_for() {
    let sight = large(250);
    let first = tree(&sight, &TreeQuery::default());
    assert_eq!((first.rows.len(), first.rows[0].hidden_children), (101, 150));
    let more = TreeQuery { more: format!("{ROOT},{ROOT}"), ..TreeQuery::default() };
    let all = tree(&sight, &more);
    assert_eq!((all.rows.len(), all.rows[0].hidden_children), (251, 0));
}

/// An organization of so many accounts under the root.
fn large(accounts: usize) -> Sight {
    let mut nodes = vec![node(ROOT, None, "Root")];
    nodes.extend(
        (0..accounts).map(|n| node(&format!("{:012}", n + 1), Some(ROOT), &format!("account {n:04}"))),
    );
    let snapshot = Snapshot {
        generation: 1,
        facts: None,
        nodes,
        policies: Vec::new(),
        attachments: Vec::new(),
        policy_type_enabled: None,
        seen_at: None,
        invalid_in_aws: None,
        unread: Vec::new(),
    };
    whole(Directory::build(snapshot, NOW).unwrap())
}

#[test]
fn a_tree_and_a_search_that_are_cut_say_so_and_lead_on() {
    let sight = large(2_500);
    let opened =
        |more: usize| tree(&sight, &TreeQuery { more: vec![ROOT; more].join(","), ..TreeQuery::default() });
    assert!(!opened(0).cut, "what is behind “show more” is not cut off");
    assert_eq!((opened(30).rows.len(), opened(30).cut), (2_000, true));
    let query = TreeQuery { q: "account".into(), ..TreeQuery::default() };
    let found = |query: &TreeQuery| {
        let tree = tree(&sight, query);
        (tree.rows.iter().filter(|row| row.matches).count(), tree.total.count, tree.cut)
    };
    assert_eq!(found(&query), (500, 2_500, true));
    assert_eq!(found(&query.with_more_matches()), (1_000, 2_500, true));
    let all = (0..9).fold(query, |query, _| query.with_more_matches());
    assert_eq!(found(&all), (2_000, 2_500, true), "there is an end to it");
    let few = large(300);
    assert!(!tree(&few, &TreeQuery { q: "account".into(), ..TreeQuery::default() }).cut);
}

#[test]
fn a_tree_that_was_never_read_says_so() {
    assert!(whole(directory()).facts().is_some() && tree(&whole(directory()), &TreeQuery::default()).read);
    assert!(!tree(&large(0), &TreeQuery::default()).read);
}

fn all_open() -> TreeQuery {
    TreeQuery { open: format!("{OU},{INNER}"), ..TreeQuery::default() }
}

#[test]
fn a_part_is_shown_with_the_way_to_it_and_nothing_beside_it() {
    assert_eq!(ids(&part(&[INNER]), &all_open()), ["Root", "-Production", "--Inner", "---deep"]);
    assert_eq!(ids(&part(&[INNER]), &TreeQuery::default()), ["Root", "-Production"]);
    assert_eq!(
        ids(&part(&["333333333333", "111111111111"]), &all_open()),
        ["Root", "-Production", "--Zeta", "-management"]
    );
    assert_eq!(ids(&part(&["999999999999"]), &all_open()), Vec::<String>::new());
    assert_eq!(ids(&part(&[]), &all_open()), Vec::<String>::new());
    assert_eq!(ids(&part(&[ROOT]), &all_open()), ids(&whole(directory()), &all_open()));
}

#[test]
fn figures_of_a_part_count_what_lies_in_it_also_on_the_way_there() {
    let tree = tree(&part(&[INNER, "333333333333"]), &all_open());
    assert_eq!((tree.accounts, tree.ous, tree.total.count), (2, 1, 2));
    let rows: Vec<_> =
        tree.rows.iter().map(|r| (r.name.as_str(), r.accounts_below, r.hidden_children)).collect();
    assert_eq!(rows, [("Root", 2, 0), ("Production", 2, 0), ("Inner", 1, 0), ("deep", 0, 0), ("Zeta", 0, 0)]);
    // What is attached above applies here.
    let policies: Vec<_> = tree.rows.iter().map(|r| r.policies.len()).collect();
    assert_eq!(policies, [1, 1, 1, 1, 0]);
    let deep = super::tree(&part(&["444444444444"]), &all_open());
    assert!(deep.rows.iter().take(3).all(|row| row.has_children) && deep.ous == 0);
}

#[test]
fn a_search_in_a_part_finds_nothing_outside_nor_what_leads_there() {
    let found = |q: &str, only: &str| {
        let query = TreeQuery { q: q.into(), only: only.into(), ..TreeQuery::default() };
        let tree = tree(&part(&[INNER]), &query);
        let matches: Vec<_> = tree.rows.iter().filter(|r| r.matches).map(|r| r.name.clone()).collect();
        (tree.rows.len(), tree.total.count, matches)
    };
    assert_eq!(found("alpha", ""), (0, 0, vec![]));
    assert_eq!(found("production", ""), (0, 0, vec![]), "on the way, not in scope");
    assert_eq!(found("deep", ""), (4, 1, vec!["deep".to_owned()]));
    assert_eq!(found("", "without-plan").1, 0);
    assert_eq!(found("", "outdated"), (4, 1, vec!["deep".to_owned()]));
}
