//! The rows of the tree.

use leptos::prelude::*;
use model::{
    TargetId, TargetKind,
    organization::{TreeQuery, TreeRow},
    paths,
};

use super::tree::path;
use crate::{
    components::{AccountStatus, AriaLevel, Icon, Pill, Tone, icons},
    editor::targets::{once_more, toggled},
    words::thousands,
};

/// The views of all rows, with what a tree says about each: how deep, which of how many siblings, open or closed.
pub(super) fn tree_rows(rows: &[TreeRow], query: &TreeQuery) -> Vec<AnyView> {
    let places = places(rows);
    let mut views = Vec::with_capacity(rows.len());
    for (index, (row, place)) in rows.iter().zip(places).enumerate() {
        views.push(view(row, place, query, index == 0));
        views.extend(more_after(rows, index, query));
    }
    views
}

/// Which of how many siblings a row is, both counted with those that are not shown.
fn places(rows: &[TreeRow]) -> Vec<(u64, u64)> {
    use std::collections::HashMap;
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

fn view(row: &TreeRow, (at, of): (u64, u64), query: &TreeQuery, first: bool) -> AnyView {
    let expanded = row.has_children.then_some(if row.open { "true" } else { "false" });
    let accounts = (row.kind() != TargetKind::Account).then(|| thousands(row.accounts_below));
    let dimmed = (!query.q.is_empty() && !row.matches).then_some("");
    let policies: Vec<_> = row
        .policies
        .iter()
        .map(|p| view! { <Pill text=p.name.clone() href=paths::policy(&p.id) tone=Tone::Accent icon=icons::POLICY/> })
        .collect();
    view! {
        <tr
            role="row"
            aria-level=(u32::from(row.depth) + 1).to_string()
            aria-posinset=at.to_string()
            aria-setsize=of.to_string()
            aria-expanded=expanded
            tabindex=if first { "0" } else { "-1" }
            data-depth=row.depth.to_string()
            data-context=dimmed
        >
            <td role="gridcell" class="tree-name-cell">
                <div class="tree-name">{toggle(row, query)}{name(row)}</div>
            </td>
            <td role="gridcell" data-label="State">{row.state.map(|state| view! { <AccountStatus state/> })}</td>
            <td role="gridcell" class="number" data-label="Accounts">{accounts}</td>
            <td role="gridcell" data-label="Attached">
                {(!policies.is_empty()).then(|| view! { <span class="pills">{policies}</span> })}
            </td>
        </tr>
    }
    .into_any()
}

/// Opens or closes a row: a link, since the address says what is open. The root is always open.
fn toggle(row: &TreeRow, query: &TreeQuery) -> AnyView {
    if !row.has_children || row.kind() == TargetKind::Root {
        return view! { <span class="tree-toggle" aria-hidden="true"></span> }.into_any();
    }
    let href = path(&TreeQuery { open: toggled(&query.open, row.id.as_str()), ..query.clone() });
    let (verb, icon) = if row.open { ("Collapse", icons::DOWN) } else { ("Expand", icons::FORWARD) };
    view! {
        <a class="tree-toggle" data-toggle="" href=href data-noscroll="" aria-label=format!("{verb} {}", row.name)>
            <Icon icon/>
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

/// After the last shown child of a row with too many: the way to the next hundred.
fn more_after(rows: &[TreeRow], index: usize, query: &TreeQuery) -> Vec<AnyView> {
    let Some(row) = rows.get(index) else { return Vec::new() };
    let next = rows.get(index + 1).map(|next| next.depth);
    let mut above = Some(row);
    let mut views = Vec::new();
    // Every place that ends with this row, from the innermost out.
    while let Some(place) = above {
        if next.is_some_and(|depth| depth > place.depth) {
            break;
        }
        above = place.parent.as_ref().and_then(|id| rows.iter().find(|r| r.id == *id));
        let ends = |parent: &&TreeRow| next.is_none_or(|depth| depth <= parent.depth);
        views.extend(
            above.filter(|parent| parent.hidden_children > 0).filter(ends).map(|parent| more(parent, query)),
        );
    }
    views
}

fn more(parent: &TreeRow, query: &TreeQuery) -> AnyView {
    let href = path(&TreeQuery { more: once_more(&query.more, parent.id.as_str()), ..query.clone() });
    let label = format!("Show more of {}", parent.name);
    let hidden = format!("{} not shown", thousands(parent.hidden_children));
    view! {
        <tr role="row" tabindex="-1" aria-level=(u32::from(parent.depth) + 2).to_string() data-depth=(parent.depth + 1).to_string()>
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
        let counts: Vec<usize> =
            (0..rows.len()).map(|i| more_after(&rows, i, &TreeQuery::default()).len()).collect();
        assert_eq!(counts, [0, 0, 0, 2, 0]);
    }
}
