//! The organization's tree as lines, as far as it is open.

use std::collections::{BTreeSet, HashMap, HashSet};

use model::{
    Total,
    organization::{Tree, TreeQuery, TreeRow},
    policies::POLICIES_PER_TARGET,
};

use crate::{directory::Place, sight::Sight};

/// Children of one node that are shown at first, and more with each “show more”.
const CHILDREN: usize = 100;
/// Lines of the tree at most.
const ROWS: usize = 2_000;
/// Matches of a search that are shown at most.
const MATCHES: usize = 500;

/// The lines that a query asks for.
pub(crate) fn tree(sight: &Sight, query: &TreeQuery) -> Tree {
    let (rows, total) = if query.is_narrowed() { found(sight, query) } else { opened(sight, query) };
    let (accounts, ous) = sight.counts();
    Tree { rows, total, accounts, ous, policies_per_target: POLICIES_PER_TARGET }
}

/// Without a search: the root, and what is below each open node.
fn opened(sight: &Sight, query: &TreeQuery) -> (Vec<TreeRow>, Total) {
    let open: HashSet<&str> = query.open.split(',').filter(|s| !s.is_empty()).collect();
    let mut more: HashMap<&str, usize> = HashMap::new();
    for id in query.more.split(',').filter(|s| !s.is_empty()) {
        *more.entry(id).or_default() += 1;
    }
    let mut rows = Vec::new();
    // Depth first without recursion: the next line is the top of the stack.
    let mut stack: Vec<usize> = sight.root().into_iter().collect();
    while let Some((position, place)) = stack.pop().and_then(|at| Some((at, sight.at(at)?))) {
        let id = place.node.id.as_str();
        let is_open = place.parent.is_none() || open.contains(id);
        let shown = CHILDREN * (1 + more.get(id).copied().unwrap_or(0).min(ROWS / CHILDREN));
        let mut row = row(sight, position, place);
        row.open = is_open && row.has_children;
        let children: Vec<usize> =
            if is_open { sight.children(position, place).collect() } else { Vec::new() };
        row.hidden_children = children.len().saturating_sub(shown) as u64;
        rows.push(row);
        if rows.len() >= ROWS {
            break;
        }
        stack.extend(children.into_iter().take(shown).rev());
    }
    (rows, Total::exactly(sight.counts().0))
}

/// With a search: what matches, together with everything above it.
fn found(sight: &Sight, query: &TreeQuery) -> (Vec<TreeRow>, Total) {
    let (text, coverage) = (query.q.trim().to_lowercase(), query.coverage());
    let holds =
        |place: &Place| place.text.contains(&text) && coverage.is_none_or(|coverage| place.needs(coverage));
    let matches: Vec<usize> =
        sight.positions().filter(|position| sight.at(*position).is_some_and(holds)).collect();
    let shown: HashSet<usize> = matches.iter().copied().take(MATCHES).collect();
    let parent = |position: &usize| sight.at(*position).and_then(|place| place.parent);
    let wanted: BTreeSet<usize> =
        shown.iter().flat_map(|position| std::iter::successors(Some(*position), parent)).collect();
    let with_children: HashSet<usize> = wanted.iter().filter_map(parent).collect();
    let rows = wanted.iter().filter_map(|position| {
        let mut row = row(sight, *position, sight.at(*position)?);
        row.open = with_children.contains(position);
        row.matches = shown.contains(position);
        Some(row)
    });
    (rows.collect(), Total::exactly(matches.len() as u64))
}

fn row(sight: &Sight, position: usize, place: &Place) -> TreeRow {
    TreeRow {
        id: place.node.id.clone(),
        parent: place.node.parent.clone(),
        name: place.node.name.clone(),
        depth: place.depth,
        state: place.node.state,
        email: place.node.email.clone(),
        has_children: sight.children(position, place).next().is_some(),
        open: false,
        accounts_below: sight.below(position, place).0,
        policies: place.policies.iter().map(|id| sight.policy_ref(id)).collect(),
        matches: false,
        hidden_children: 0,
    }
}

#[cfg(test)]
mod tests;
