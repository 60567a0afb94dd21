//! The end of a tree that is longer than what is shown of it.

use leptos::{ev::MouseEvent, prelude::*};
use model::organization::{Tree, TreeQuery};

use super::TreeState;
use crate::{
    components::button::LinkButton,
    words::{thousands, total},
};

/// The most rows that the server answers.
const ROWS: usize = 2_000;

/// Says that the tree is cut, where it is, and leads on.
#[component]
pub fn TreeEnd(state: TreeState, tree: Tree) -> impl IntoView {
    if !tree.cut {
        return ().into_any();
    }
    let matches = tree.rows.iter().filter(|row| row.matches).count();
    let (text, way) = if !state.is_narrowed() {
        let text = format!(
            "The tree is cut here, after {} rows. Close some of what is open, or search.",
            thousands(tree.rows.len() as u64)
        );
        (text, Some(("Close all", close_all as fn(&TreeQuery) -> TreeQuery)))
    } else if matches < ROWS {
        let text = format!("{} of {} matches are shown.", thousands(matches as u64), total(tree.total));
        (text, Some(("Show 500 more", TreeQuery::with_more_matches as fn(&TreeQuery) -> TreeQuery)))
    } else {
        let text = format!(
            "{} of {} matches are shown, and no more can be. Narrow the search.",
            thousands(matches as u64),
            total(tree.total)
        );
        (text, None)
    };
    let way = way.map(|(label, change)| {
        let href = state.href(change);
        let shown = state.clone();
        let on_click = move |event: MouseEvent| {
            if shown.show(change) {
                event.prevent_default();
            }
        };
        view! { <span on:click=on_click><LinkButton label href=href.get_untracked() stay=true/></span> }
    });
    view! { <div class="tree-end"><span role="status">{text}</span>{way}</div> }.into_any()
}

fn close_all(query: &TreeQuery) -> TreeQuery {
    TreeQuery { open: String::new(), more: String::new(), ..query.clone() }
}
