//! The organization's tree as lines, as far as it is open.

use std::collections::{HashMap, HashSet};

use model::{
    Total,
    organization::{Tree, TreeQuery, TreeRow},
    policies::POLICIES_PER_TARGET,
};

use crate::directory::{Directory, Place};

/// Children of one node that are shown at first, and more with each “show more”.
const CHILDREN: usize = 100;
/// Lines of the tree at most.
const ROWS: usize = 2_000;
/// Matches of a search that are shown at most.
const MATCHES: usize = 500;

/// The lines that a query asks for.
pub(crate) fn tree(directory: &Directory, query: &TreeQuery) -> Tree {
    let (rows, total) = if query.is_narrowed() { found(directory, query) } else { opened(directory, query) };
    let root = directory.places.first();
    Tree {
        rows,
        total,
        accounts: root.map_or(0, |r| r.accounts_below),
        ous: root.map_or(0, |r| r.ous_below),
        policies_per_target: POLICIES_PER_TARGET,
    }
}

/// Without a search: the root, and what is below each open node.
fn opened(directory: &Directory, query: &TreeQuery) -> (Vec<TreeRow>, Total) {
    let open: HashSet<&str> = query.open.split(',').filter(|s| !s.is_empty()).collect();
    let mut more: HashMap<&str, usize> = HashMap::new();
    for id in query.more.split(',').filter(|s| !s.is_empty()) {
        *more.entry(id).or_default() += 1;
    }
    let mut rows = Vec::new();
    // Depth first without recursion: the next line is the top of the stack.
    let mut stack: Vec<usize> = directory.places.first().map(|_| 0).into_iter().collect();
    while let Some(place) = stack.pop().and_then(|i| directory.places.get(i)) {
        let id = place.node.id.as_str();
        let is_open = place.parent.is_none() || open.contains(id);
        let shown = CHILDREN * (1 + more.get(id).copied().unwrap_or(0).min(ROWS / CHILDREN));
        let mut row = row(directory, place);
        row.open = is_open && row.has_children;
        row.hidden_children = if is_open { place.children.len().saturating_sub(shown) as u64 } else { 0 };
        rows.push(row);
        if rows.len() >= ROWS {
            break;
        }
        if is_open {
            stack.extend(place.children.iter().take(shown).rev());
        }
    }
    let accounts = directory.places.first().map_or(0, |r| r.accounts_below);
    (rows, Total::exactly(accounts))
}

/// With a search: what matches, together with everything above it.
fn found(directory: &Directory, query: &TreeQuery) -> (Vec<TreeRow>, Total) {
    let (text, coverage) = (query.q.trim().to_lowercase(), query.coverage());
    let holds =
        |place: &Place| place.text.contains(&text) && coverage.is_none_or(|coverage| place.needs(coverage));
    let matches: Vec<usize> = (0..directory.places.len()).filter(|i| holds(&directory.places[*i])).collect();
    let mut wanted: Vec<usize> = Vec::new();
    let shown: HashSet<usize> = matches.iter().copied().take(MATCHES).collect();
    for &index in matches.iter().take(MATCHES) {
        wanted.extend(std::iter::successors(Some(index), |i| directory.places[*i].parent));
    }
    wanted.sort_unstable();
    wanted.dedup();
    let with_children: HashSet<usize> = wanted.iter().filter_map(|i| directory.places[*i].parent).collect();
    let rows = wanted.iter().map(|&index| {
        let mut row = row(directory, &directory.places[index]);
        row.open = with_children.contains(&index);
        row.matches = shown.contains(&index);
        row
    });
    (rows.collect(), Total::exactly(matches.len() as u64))
}

fn row(directory: &Directory, place: &Place) -> TreeRow {
    TreeRow {
        id: place.node.id.clone(),
        parent: place.node.parent.clone(),
        name: place.node.name.clone(),
        depth: place.depth,
        state: place.node.state,
        email: place.node.email.clone(),
        has_children: !place.children.is_empty(),
        open: false,
        accounts_below: place.accounts_below,
        policies: place.policies.iter().map(|id| directory.policy_ref(id)).collect(),
        matches: false,
        hidden_children: 0,
    }
}
