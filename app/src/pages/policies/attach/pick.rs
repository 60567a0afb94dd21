//! Choosing targets: in the tree, with a search, or by a list of ids.

use std::{sync::Arc, time::Duration};

use leptos::{ev::SubmitEvent, leptos_dom::helpers::debounce, prelude::*};
use leptos_router::hooks::use_query_map;
use model::{
    PolicyId,
    id::parse_target_list,
    organization::{Tree, TreeQuery, TreeRow},
    paths,
};

use super::row::choice_row;
use crate::{
    components::{
        Absent, Button, ChosenTargets, OrganizationTree, SearchInput, Size, TextArea, TreeChoice, TreeEnd,
        TreeLayout, TreeState, icons, load, tree_query,
    },
    server_fns,
    shell::NotRead,
    words,
};

/// How long somebody pauses before the tree is searched.
const PAUSE: Duration = Duration::from_millis(250);

/// The tree and the list. Their fields belong to `form`.
#[component]
pub fn Pick(
    policy: PolicyId,
    chosen: ChosenTargets,
    list: RwSignal<String>,
    form: &'static str,
) -> impl IntoView {
    let params = use_query_map();
    // The address says what is open at first; afterwards the page does, without a step in the browser's history for each.
    let query = RwSignal::new(params.with_untracked(tree_query));
    let tree = Resource::new(move || query.get(), server_fns::tree);
    let action = paths::attach(&policy);
    let in_place = Callback::new(move |wanted| query.set(wanted));
    let state = TreeState::new(action.clone(), query, Some(in_place));
    let search = move |text: String| query.update(|query| query.q = text);
    let mut typed = debounce(PAUSE, search);
    let on_input = move |event| typed(event_target_value(&event));
    let on_submit = move |event: SubmitEvent| event.prevent_default();
    let q = query.with_untracked(|query| query.q.clone());
    let shown = load(tree, move |tree| {
        let (policy, per_target) = (policy.clone(), tree.policies_per_target);
        let row = move |row: &TreeRow| choice_row(row, &policy, per_target);
        let choice = TreeChoice { name: "targets[]", form, chosen, row: Arc::new(row) };
        view! {
            <Matches tree=tree.clone() query/>
            {targets(tree, state.clone(), choice)}
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
        <PasteList list form/>
    }
}

fn targets(tree: Tree, state: TreeState, choice: TreeChoice) -> AnyView {
    if !tree.read {
        return view! { <NotRead what="OUs and accounts" icon=icons::ORGANIZATION/> }.into_any();
    }
    if tree.rows.is_empty() {
        return view! {
            <Absent title="No matches" text="No OU or account has this in its name, id or e-mail address." icon=icons::SEARCH/>
        }
        .into_any();
    }
    view! {
        <OrganizationTree state=state.clone() rows=tree.rows.clone() layout=TreeLayout::Choice(choice)/>
        <TreeEnd state tree/>
    }
    .into_any()
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
fn PasteList(list: RwSignal<String>, form: &'static str) -> impl IntoView {
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
            <TextArea name="targets[]" id="paste" label="Ids" bind=list rows=3 help mono=true optional=true form/>
            {move || list.with(|l| !l.is_empty()).then(|| view! { <Button label="Clear the list" size=Size::Small on_click=clear/> })}
        </details>
    }
}
