//! The organization's tree as lines, as far as it is open.

use std::collections::{BTreeSet, HashMap, HashSet};

use model::{
    Total,
    organization::{Coverage, Tree, TreeQuery, TreeRow},
    policies::POLICIES_PER_TARGET,
};

use crate::{directory::Place, sight::Sight};

/// Children of one node that are shown at first, and more with each “show more”.
const CHILDREN: usize = 100;
/// Lines of the tree at most.
const ROWS: usize = 2_000;
/// Matches of a search that are shown at first, and more with each “show more”.
const MATCHES: usize = 500;

/// What is shown of the tree.
struct Lines {
    rows: Vec<TreeRow>,
    /// What matches, or all accounts.
    total: Total,
    /// Whether there is more than may be shown.
    cut: bool,
}

/// The lines that a query asks for.
pub(crate) fn tree(sight: &Sight, query: &TreeQuery) -> Tree {
    let Lines { rows, total, cut } =
        if query.is_narrowed() { found(sight, query) } else { opened(sight, query) };
    let (accounts, ous) = sight.counts();
    Tree {
        read: sight.facts().is_some(),
        rows,
        cut,
        invalid_is_known: sight.invalid_is_known(),
        total,
        accounts,
        ous,
        policies_per_target: POLICIES_PER_TARGET,
    }
}

/// Without a search: the root, and what is below each open node.
fn opened(sight: &Sight, query: &TreeQuery) -> Lines {
    let open: HashSet<&str> = ids(&query.open).collect();
    let mut more: HashMap<&str, usize> = HashMap::new();
    for id in ids(&query.more) {
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
        stack.extend(children.into_iter().take(shown).rev());
        if rows.len() >= ROWS {
            break;
        }
    }
    Lines { rows, total: Total::exactly(sight.counts().0), cut: !stack.is_empty() }
}

fn ids(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').filter(|id| !id.is_empty())
}

/// With a search: what matches, together with everything above it.
fn found(sight: &Sight, query: &TreeQuery) -> Lines {
    let (text, coverage) = (query.q.trim().to_lowercase(), query.coverage());
    let holds =
        |place: &Place| place.text.contains(&text) && coverage.is_none_or(|coverage| place.needs(coverage));
    let matches: Vec<usize> =
        sight.positions().filter(|position| sight.at(*position).is_some_and(holds)).collect();
    let most = (MATCHES * (1 + ids(&query.more).count())).min(ROWS);
    let shown: HashSet<usize> = matches.iter().copied().take(most).collect();
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
    let cut = matches.len() > shown.len();
    Lines { rows: rows.collect(), total: Total::exactly(matches.len() as u64), cut }
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
        outdated: place.needs(Coverage::Outdated),
        accounts_below: sight.below(position, place).0,
        policies: place.policies.iter().map(|id| sight.policy_ref(id)).collect(),
        matches: false,
        hidden_children: 0,
    }
}

#[cfg(test)]
mod tests;
