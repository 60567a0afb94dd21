//! The rows of the tree.

use std::{
    collections::{HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
};

use leptos::{
    prelude::*,
    tachys::{reactive_graph::OwnedView, view::keyed::keyed},
};
use model::{
    TargetId, TargetKind,
    organization::{TreeQuery, TreeRow},
    paths,
};

use super::tree::path;
use crate::{
    components::{
        AccountStatus, AriaLevel, Icon, Pill, Tone, icons,
        tree::keyboard::{once_more, toggled},
    },
    words::thousands,
};

/// What the rows share, and what of them changes while they stay: so opening one row touches no other.
#[derive(Clone)]
pub(super) struct Rows {
    /// What the address says.
    query: Memo<TreeQuery>,
    /// The rows that are open, as the server answered last.
    open: RwSignal<HashSet<TargetId>>,
    /// Lives as long as the page: rows outlive the answer that brought them.
    owner: Owner,
}

/// A line of the table.
enum Line {
    Place {
        row: Box<TreeRow>,
        at: u64,
        of: u64,
        first: bool,
        dimmed: bool,
    },
    /// The way to a place's further children.
    More {
        of: Box<TreeRow>,
    },
}

impl Rows {
    /// For one page.
    pub(super) fn new(query: Memo<TreeQuery>) -> Self {
        Self { query, open: RwSignal::default(), owner: Owner::current().unwrap_or_default() }
    }

    /// The lines of the table. Those that were there before and say the same stay untouched.
    pub(super) fn view(&self, rows: &[TreeRow]) -> AnyView {
        self.open.set(rows.iter().filter(|row| row.open).map(|row| row.id.clone()).collect());
        let rows_of_page = self.clone();
        let line = move |_, line: Line| {
            let owner = rows_of_page.owner.with(Owner::new);
            let view = owner.with(|| match line {
                Line::Place { row, at, of, first, dimmed } => {
                    place(&rows_of_page, &row, (at, of), first, dimmed.then_some(""))
                }
                Line::More { of } => more(&rows_of_page, &of),
            });
            (drop, OwnedView::new_with_owner(view, owner))
        };
        keyed(lines(rows, self.query.read_untracked().is_narrowed()), Line::key, line).into_any()
    }
}

impl Line {
    /// Names the line by all that it shows, but for what follows its signals.
    fn key(&self) -> u64 {
        let mut hash = DefaultHasher::new();
        match self {
            Self::Place { row, at, of, dimmed, .. } => {
                (&row.id, &row.name, row.depth, row.state, &row.email, row.has_children).hash(&mut hash);
                (row.accounts_below, &row.policies, at, of, dimmed).hash(&mut hash);
            }
            Self::More { of } => (&of.id, &of.name, of.hidden_children, of.depth).hash(&mut hash),
        }
        hash.finish()
    }
}

/// The rows with their places among their siblings, and the ways to more between them.
fn lines(rows: &[TreeRow], searched: bool) -> Vec<Line> {
    let places = places(rows);
    let mut lines = Vec::with_capacity(rows.len());
    for (index, (row, (at, of))) in rows.iter().zip(places).enumerate() {
        let dimmed = searched && !row.matches;
        lines.push(Line::Place { row: Box::new(row.clone()), at, of, first: index == 0, dimmed });
        lines.extend(more_after(rows, index).into_iter().map(|of| Line::More { of: Box::new(of.clone()) }));
    }
    lines
}

/// Which of how many siblings a row is, both counted with those that are not shown.
fn places(rows: &[TreeRow]) -> Vec<(u64, u64)> {
    let mut seen: HashMap<Option<&TargetId>, u64> = HashMap::new();
    let mut places: Vec<(u64, u64)> = Vec::with_capacity(rows.len());
    for row in rows {
        let at = seen.entry(row.parent.as_ref()).or_default();
        *at += 1;
        places.push((*at, 0));
    }
    let hidden: HashMap<&TargetId, u64> = rows.iter().map(|row| (&row.id, row.hidden_children)).collect();
    for (row, place) in rows.iter().zip(&mut places) {
        let shown = seen.get(&row.parent.as_ref()).copied().unwrap_or(1);
        place.1 = shown + row.parent.as_ref().and_then(|p| hidden.get(p)).copied().unwrap_or(0);
    }
    places
}

fn place(
    rows: &Rows,
    row: &TreeRow,
    (at, of): (u64, u64),
    first: bool,
    dimmed: Option<&'static str>,
) -> AnyView {
    let is_open = {
        let (open, id) = (rows.open, row.id.clone());
        move || open.with(|open| open.contains(&id))
    };
    let has_children = row.has_children;
    let expanded = move || has_children.then(|| if is_open() { "true" } else { "false" });
    let accounts = (row.kind() != TargetKind::Account).then(|| thousands(row.accounts_below));
    let policies: Vec<_> = row
        .policies
        .iter()
        .map(|p| view! { <Pill text=p.name.clone() href=paths::policy(&p.id) tone=Tone::Accent icon=icons::POLICY/> })
        .collect();
    let (level, depth) = ((u32::from(row.depth) + 1).to_string(), row.depth.to_string());
    let state = row.state.map(|state| view! { <AccountStatus state/> });
    let (toggle, name) = (toggle(rows, row), name(row));
    view! {
        <tr
            role="row"
            aria-level=level
            aria-posinset=at.to_string()
            aria-setsize=of.to_string()
            aria-expanded=expanded
            tabindex=if first { "0" } else { "-1" }
            data-depth=depth
            data-context=dimmed
        >
            <td role="gridcell" class="tree-name-cell">
                <div class="tree-name">{toggle}{name}</div>
            </td>
            <td role="gridcell" data-label="State">{state}</td>
            <td role="gridcell" class="number" data-label="Accounts">{accounts}</td>
            <td role="gridcell" data-label="Attached">
                {(!policies.is_empty()).then(|| view! { <span class="pills">{policies}</span> })}
            </td>
        </tr>
    }
    .into_any()
}

/// Opens or closes a row: a link, since the address says what is open. The root is always open.
fn toggle(rows: &Rows, row: &TreeRow) -> AnyView {
    if !row.has_children || row.kind() == TargetKind::Root {
        return view! { <span class="tree-toggle" aria-hidden="true"></span> }.into_any();
    }
    let Rows { query, open, .. } = *rows;
    let id = row.id.clone();
    let is_open = Memo::new(move |_| open.with(|open| open.contains(&id)));
    let id = row.id.clone();
    let href = move || query.with(|q| path(&TreeQuery { open: toggled(&q.open, id.as_str()), ..q.clone() }));
    let name = row.name.clone();
    let label = move || format!("{} {name}", if is_open.get() { "Collapse" } else { "Expand" });
    view! {
        <a class="tree-toggle" data-toggle="" data-open=move || is_open.get() href=href data-noscroll="" aria-label=label>
            <Icon icon=icons::FORWARD/>
        </a>
    }
    .into_any()
}

fn name(row: &TreeRow) -> AnyView {
    let icon = match row.kind() {
        TargetKind::Root => icons::ROOT,
        TargetKind::Ou => icons::OU,
        TargetKind::Account => icons::ACCOUNT,
    };
    let id = row.id.to_string();
    let email = row.email.clone().map(|email| view! { <span class="tree-email">{email}</span> });
    view! {
        <span class="tree-icon"><Icon icon/></span>
        <span class="tree-words">
            <a class="tree-link" data-main="" href=paths::target(&row.id)>{row.name.clone()}</a>
            <span class="visually-hidden">{row.kind().word()}</span>
            <code class="tree-id">{id}</code>
            {email}
        </span>
    }
    .into_any()
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

fn more(rows: &Rows, of: &TreeRow) -> AnyView {
    let (query, id) = (rows.query, of.id.clone());
    let href =
        move || query.with(|q| path(&TreeQuery { more: once_more(&q.more, id.as_str()), ..q.clone() }));
    let label = format!("Show more of {}", of.name);
    let hidden = format!("{} not shown", thousands(of.hidden_children));
    let (level, depth) = ((u32::from(of.depth) + 2).to_string(), (of.depth + 1).to_string());
    view! {
        <tr role="row" tabindex="-1" aria-level=level data-depth=depth>
            <td role="gridcell" colspan="4" class="tree-name-cell">
                <div class="tree-name">
                    <span class="tree-toggle" aria-hidden="true"></span>
                    <a class="tree-link" data-main="" href=href data-noscroll="">{label}</a>
                    <span class="tree-email">{hidden}</span>
                </div>
            </td>
        </tr>
    }
    .into_any()
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
        assert_eq!(places(&rows), [(1, 1), (1, 2), (1, 152), (2, 152), (2, 2)]);
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
