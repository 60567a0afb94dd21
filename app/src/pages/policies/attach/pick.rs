//! Choosing targets: in the tree, with a search, or by a list of ids.

use std::time::Duration;

use leptos::{ev::SubmitEvent, leptos_dom::helpers::debounce, prelude::*};
use leptos_router::hooks::use_query_map;
use model::{
    PolicyId,
    id::parse_target_list,
    organization::{Tree, TreeQuery},
    paths,
};

use super::{Chosen, FORM, tree::TreeView};
use crate::{
    components::{Button, SearchInput, Size, TextArea, load},
    server_fns, words,
};

/// How long somebody pauses before the tree is searched.
const PAUSE: Duration = Duration::from_millis(250);

/// The tree and the list.
#[component]
pub fn Pick(policy: PolicyId, chosen: Chosen, list: RwSignal<String>) -> impl IntoView {
    let params = use_query_map();
    // The address says what is open at first; afterwards the page does, without a step in the browser's history for each.
    let query = RwSignal::new(params.with_untracked(|p| TreeQuery {
        q: p.get("q").unwrap_or_default(),
        open: p.get("open").unwrap_or_default(),
        more: p.get("more").unwrap_or_default(),
        only: String::new(),
    }));
    let tree = Resource::new(move || query.get(), server_fns::tree);
    let toggled = StoredValue::new(None);
    let action = paths::attach(&policy);
    let search = move |text: String| query.update(|query| query.q = text);
    let mut typed = debounce(PAUSE, search);
    let on_input = move |event| typed(event_target_value(&event));
    let on_submit = move |event: SubmitEvent| event.prevent_default();
    let q = query.with_untracked(|query| query.q.clone());
    let shown = load(tree, move |tree| {
        let policy = policy.clone();
        view! {
            <Matches tree=tree.clone() query/>
            <TreeView tree policy query chosen toggled/>
        }
    });
    view! {
        <p class="muted">"Choose the root, OUs or accounts. The policy reaches every account at and below them."</p>
        <form method="get" action=action role="search" on:submit=on_submit on:input=on_input>
            <div class="search-form attach-search">
                <SearchInput name="q" label="Find OUs and accounts" value=q placeholder="Name, id or e-mail address" autofocus=true/>
                <noscript><Button label="Find" submit=true/></noscript>
            </div>
        </form>
        <div class="attach-tree">{shown}</div>
        <PasteList list/>
    }
}

/// How many match, while there is a search.
#[component]
fn Matches(tree: Tree, query: RwSignal<TreeQuery>) -> impl IntoView {
    let searched = query.with_untracked(|query| !query.q.trim().is_empty());
    let n = words::total(tree.total);
    let words = if searched {
        format!("{n} of {} OUs and accounts match", words::thousands(tree.accounts + tree.ous))
    } else {
        String::new()
    };
    view! { <p class="attach-matches" role="status" hidden=!searched>{words}</p> }
}

/// For organizations that are too large to look for every target by hand.
#[component]
fn PasteList(list: RwSignal<String>) -> impl IntoView {
    let help = Signal::derive(move || {
        let (ids, others) = list.with(|text| parse_target_list(text));
        let found = format!("{} in the list.", words::counted(ids.len() as u64, "target"));
        Some(match (list.with(|text| text.trim().is_empty()), others.is_empty()) {
            (true, _) => {
                "Twelve-digit account ids, ou-… or r-…, separated by spaces, commas or new lines.".to_owned()
            }
            (_, true) => found,
            _ => format!("{found} Not an id: {}", others.join(", ")),
        })
    });
    let opened = list.with_untracked(|list| !list.is_empty());
    let clear = move |_| list.set(String::new());
    view! {
        <details class="paste" open=opened>
            <summary>"Choose by a list of ids"</summary>
            <TextArea name="targets[]" id="paste" label="Ids" bind=list rows=3 help mono=true optional=true form=FORM/>
            {move || list.with(|l| !l.is_empty()).then(|| view! { <Button label="Clear the list" size=Size::Small on_click=clear/> })}
        </details>
    }
}
