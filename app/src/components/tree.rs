//! The tree of the organization: one for pages that lead to its places and for dialogs that choose among them.

mod aria;
mod end;
mod focus;
mod keyboard;
mod layout;
mod lines;
mod row;
mod state;

pub use end::TreeEnd;
pub use layout::{ChoiceRow, ChosenTargets, TreeChoice, TreeColumn, TreeLayout};
use leptos::{
    ev::{FocusEvent, KeyboardEvent},
    html,
    prelude::*,
    tachys::{reactive_graph::OwnedView, view::keyed::keyed},
};
use leptos_router::params::ParamsMap;
use model::organization::{TreeQuery, TreeRow};
pub use state::TreeState;

use self::{
    focus::{Inner, on_focusin, on_keydown, one_tab_stop},
    lines::{Line, lines},
};

/// The part of the tree that an address asks for.
#[must_use]
pub fn tree_query(params: &ParamsMap) -> TreeQuery {
    let get = |name| params.get(name).unwrap_or_default();
    TreeQuery { q: get("q").trim().to_owned(), open: get("open"), more: get("more"), only: get("only") }
}

/// The rows of an answer. Those that were there before and say the same stay untouched.
#[component]
pub fn OrganizationTree(state: TreeState, rows: Vec<TreeRow>, layout: TreeLayout) -> impl IntoView {
    state.answered(&rows);
    let lines = lines(&rows, state.is_narrowed());
    let stops = keyboard::stops(&lines);
    let inner = match layout {
        TreeLayout::Grid(_) => Inner::Reachable,
        TreeLayout::Choice(_) => Inner::Hidden,
    };
    let on_keydown = move |event: KeyboardEvent| on_keydown(&event, &stops);
    let on_focusin = move |event: FocusEvent| on_focusin(&event, inner);
    let view = {
        let layout = layout.clone();
        move |_, line: Line| {
            let (owner, view) = state.owned(|| row::line(&state, &layout, &line));
            (drop, OwnedView::new_with_owner(view, owner))
        }
    };
    let rows = keyed(lines, Line::key, view);
    match layout {
        TreeLayout::Grid(columns) => {
            let body = NodeRef::<html::Tbody>::new();
            one_tab_stop(body, inner);
            view! {
                <div class="table-frame">
                    <table class="table tree-table" role="treegrid" aria-label="Organization" aria-readonly="true">
                        <thead role="rowgroup">{head(columns)}</thead>
                        <tbody role="rowgroup" node_ref=body on:keydown=on_keydown on:focusin=on_focusin>{rows}</tbody>
                    </table>
                </div>
            }
            .into_any()
        }
        TreeLayout::Choice(_) => {
            let list = NodeRef::<html::Div>::new();
            one_tab_stop(list, inner);
            view! {
                <div class="tree-list" role="tree" aria-label="Organization" aria-multiselectable="true" node_ref=list on:keydown=on_keydown on:focusin=on_focusin>
                    {rows}
                </div>
            }
            .into_any()
        }
    }
}

fn head(columns: &[TreeColumn]) -> AnyView {
    let cells: Vec<_> = columns
        .iter()
        .map(|column| {
            let class = column.number.then_some("number");
            view! { <th role="columnheader" scope="col" class=class>{column.title}</th> }
        })
        .collect();
    view! { <tr role="row"><th role="columnheader" scope="col">"Name"</th>{cells}</tr> }.into_any()
}
