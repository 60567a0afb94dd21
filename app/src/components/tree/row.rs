//! The rows of a tree.

use leptos::{ev::MouseEvent, prelude::*};
use model::{
    TargetKind,
    organization::{TreeQuery, TreeRow},
    paths,
};

use super::{
    aria::AriaLevel,
    focus::is_on_control,
    layout::{ChoiceRow, ChosenTargets, TreeChoice, TreeColumn, TreeLayout},
    lines::{Line, PlaceLine},
    state::TreeState,
};
use crate::{
    components::label::{Icon, icons},
    words::thousands,
};

/// One line of the tree.
pub(super) fn line(state: &TreeState, layout: &TreeLayout, line: &Line) -> AnyView {
    match (line, layout) {
        (Line::Place(line), TreeLayout::Grid(columns)) => grid_row(state, columns, line),
        (Line::Place(line), TreeLayout::Choice(choice)) => choice_row(state, choice, line),
        (Line::More { of }, _) => more_row(state, layout, of),
    }
}

fn grid_row(state: &TreeState, columns: &[TreeColumn], line: &PlaceLine) -> AnyView {
    let PlaceLine { row, at, of, first, dimmed } = line;
    let name = {
        let email = row.email.clone().map(|email| view! { <span class="tree-email">{email}</span> });
        view! {
            <a class="tree-name" data-main="" href=paths::target(&row.id)>{row.name.clone()}</a>
            <span class="visually-hidden">{row.kind().word()}</span>
            <code class="tree-id">{row.id.to_string()}</code>
            {email}
        }
    };
    let cells: Vec<_> = columns
        .iter()
        .map(|column| {
            let class = column.number.then_some("number");
            view! { <td role="gridcell" class=class data-label=column.label>{(column.cell)(row)}</td> }
        })
        .collect();
    view! {
        <tr
            role="row"
            aria-level=level(row.depth)
            aria-posinset=at.to_string()
            aria-setsize=of.to_string()
            aria-expanded=expanded(state, row)
            tabindex=if *first { "0" } else { "-1" }
            data-depth=row.depth.to_string()
            data-context=*dimmed
        >
            <td role="gridcell" class="tree-name-cell">
                <div class="tree-item">{toggle(state, row, ["Expand", "Collapse"])}{icon(row)}<span class="tree-words">{name}</span></div>
            </td>
            {cells}
        </tr>
    }
    .into_any()
}

fn choice_row(state: &TreeState, choice: &TreeChoice, line: &PlaceLine) -> AnyView {
    let PlaceLine { row, at, of, first, dimmed } = line;
    let ChoiceRow { fixed, spoken, end } = (choice.row)(row);
    let chosen = {
        let (chosen, id) = (choice.chosen, row.id.clone());
        Memo::new(move |_| fixed.unwrap_or_else(|| chosen.with(|chosen| chosen.contains_key(&id))))
    };
    let (targets, clicked) = (choice.chosen, row.clone());
    let on_click = move |event: MouseEvent| {
        if fixed.is_none() && !is_on_control(&event) {
            choose(targets, &clicked);
        }
    };
    view! {
        <div
            class="tree-row"
            role="treeitem"
            aria-level=level(row.depth)
            aria-posinset=at.to_string()
            aria-setsize=of.to_string()
            aria-expanded=expanded(state, row)
            aria-checked=move || chosen.get().to_string()
            aria-disabled=fixed.is_some().then_some("true")
            aria-label=spoken
            tabindex=if *first { "0" } else { "-1" }
            data-depth=row.depth.to_string()
            data-context=*dimmed
            on:click=on_click
        >
            {toggle(state, row, ["Open", "Close"])}
            {checkbox(choice, row, chosen, fixed.is_some())}
            {icon(row)}
            <span class="tree-words">
                <span class="tree-name">{row.name.clone()}</span>
                <code class="tree-id">{row.id.to_string()}</code>
            </span>
            <span class="tree-end">{end}</span>
        </div>
    }
    .into_any()
}

fn choose(chosen: ChosenTargets, row: &TreeRow) {
    chosen.update(|chosen| {
        if chosen.remove(&row.id).is_none() {
            chosen.insert(row.id.clone(), row.name.clone());
        }
    });
}

fn checkbox(choice: &TreeChoice, row: &TreeRow, chosen: Memo<bool>, disabled: bool) -> AnyView {
    let (targets, changed) = (choice.chosen, row.clone());
    view! {
        <input
            class="checkbox"
            type="checkbox"
            name=choice.name
            form=choice.form
            value=row.id.to_string()
            aria-label=format!("Select {}", row.name)
            checked=chosen.get_untracked()
            prop:checked=move || chosen.get()
            disabled=disabled
            on:change=move |_| choose(targets, &changed)
        />
    }
    .into_any()
}

/// The way to children that are not shown because there are too many.
fn more_row(state: &TreeState, layout: &TreeLayout, of: &TreeRow) -> AnyView {
    let id = of.id.clone();
    let change = move |query: &TreeQuery| query.with_more(&id);
    let href = state.href(change.clone());
    let (shown, label) = (state.clone(), format!("Show more of {}", of.name));
    let on_click = move |event: MouseEvent| {
        if shown.show(&change) {
            event.prevent_default();
        }
    };
    let hidden = format!("{} not shown", thousands(of.hidden_children));
    let (level, depth) = (level(of.depth + 1), (of.depth + 1).to_string());
    let item = view! {
        <span class="tree-toggle" aria-hidden="true"></span>
        <a class="tree-name" data-main="" href=href data-noscroll="" on:click=on_click>{label}</a>
        <span class="tree-email">{hidden}</span>
    };
    match layout {
        TreeLayout::Grid(columns) => view! {
            <tr role="row" tabindex="-1" aria-level=level data-depth=depth>
                <td role="gridcell" colspan=(columns.len() + 1).to_string() class="tree-name-cell">
                    <div class="tree-item">{item}</div>
                </td>
            </tr>
        }
        .into_any(),
        TreeLayout::Choice(_) => {
            view! { <div class="tree-row" role="treeitem" tabindex="-1" aria-level=level data-depth=depth>{item}</div> }
                .into_any()
        }
    }
}

/// Opens or closes a row: a link, since the address says what is open. The root is always open. `verbs` are those of opening
/// and of closing.
fn toggle(state: &TreeState, row: &TreeRow, [open, close]: [&'static str; 2]) -> AnyView {
    if !row.has_children || row.kind() == TargetKind::Root {
        return view! { <span class="tree-toggle" aria-hidden="true"></span> }.into_any();
    }
    let (is_open, id, name) = (state.is_open(&row.id), row.id.clone(), row.name.clone());
    let change = move |query: &TreeQuery| query.toggled(&id);
    let href = state.href(change.clone());
    let shown = state.clone();
    let on_click = move |event: MouseEvent| {
        if shown.show(&change) {
            event.prevent_default();
        }
    };
    let label = move || format!("{} {name}", if is_open.get() { close } else { open });
    view! {
        <a class="tree-toggle" data-toggle="" data-open=move || is_open.get() href=href data-noscroll="" aria-label=label on:click=on_click>
            <Icon icon=icons::FORWARD/>
        </a>
    }
    .into_any()
}

fn expanded(state: &TreeState, row: &TreeRow) -> impl Fn() -> Option<&'static str> + Send + Sync + 'static {
    let (has_children, is_open) = (row.has_children, state.is_open(&row.id));
    move || has_children.then(|| if is_open.get() { "true" } else { "false" })
}

fn icon(row: &TreeRow) -> AnyView {
    let icon = match row.kind() {
        TargetKind::Root => icons::ROOT,
        TargetKind::Ou => icons::OU,
        TargetKind::Account => icons::ACCOUNT,
    };
    view! { <span class="tree-icon"><Icon icon/></span> }.into_any()
}

fn level(depth: u8) -> String {
    (u32::from(depth) + 1).to_string()
}
