//! The organization's tree with a box on each row: one tab stop, arrows move, Space chooses.

use leptos::{
    ev::{KeyboardEvent, MouseEvent},
    prelude::*,
    wasm_bindgen::JsCast,
};
use model::{
    PolicyId, TargetId, TargetKind,
    organization::{AccountState, Attachability, Tree, TreeQuery, TreeRow},
    paths,
};

use super::{Chosen, FORM};
use crate::{
    components::{
        Absent, AccountStatus, AriaLevel, Icon, Pill, Tone, icons,
        tree::keyboard::{Move, on_key, once_more, toggled},
    },
    words,
};

/// What all rows share.
#[derive(Clone, Copy)]
struct Shared {
    query: RwSignal<TreeQuery>,
    chosen: Chosen,
    /// The row that the keyboard is on.
    active: RwSignal<Option<TargetId>>,
    /// The row that was opened or closed by keyboard: it takes the focus again when the new tree is there.
    toggled: StoredValue<Option<TargetId>>,
    /// False until scripts have taken over: until then every control is a tab stop.
    alive: RwSignal<bool>,
    per_target: u64,
}

/// The tree, as far as it is open.
#[component]
pub fn TreeView(
    tree: Tree,
    policy: PolicyId,
    query: RwSignal<TreeQuery>,
    chosen: Chosen,
    /// The row that was opened or closed by keyboard last.
    toggled: StoredValue<Option<TargetId>>,
) -> impl IntoView {
    let first = tree.rows.first().map(|row| row.id.clone());
    let shared = Shared {
        query,
        chosen,
        active: RwSignal::new(first),
        toggled,
        alive: RwSignal::new(false),
        per_target: tree.policies_per_target,
    };
    Effect::new(move || shared.alive.set(true));
    if tree.rows.is_empty() {
        return view! {
            <Absent title="No matches" text="No OU or account has this in its name, id or e-mail address." icon=icons::SEARCH/>
        }
        .into_any();
    }
    let rows = StoredValue::new(tree.rows);
    keep_focus(shared);
    let views =
        rows.with_value(|rows| rows.iter().map(|r| row(r.clone(), &policy, shared)).collect::<Vec<_>>());
    let on_keydown =
        move |event: KeyboardEvent| rows.with_value(|rows| keydown(&event, rows, &policy, shared));
    view! {
        <div class="pick-tree" role="tree" aria-label="Organization" aria-multiselectable="true" on:keydown=on_keydown>
            {views}
        </div>
    }
    .into_any()
}

fn row_id(id: &TargetId) -> String {
    format!("pick-{id}")
}

fn focus_row(id: &TargetId) {
    if let Some(row) = document().get_element_by_id(&row_id(id)) {
        let _ = row.unchecked_into::<leptos::web_sys::HtmlElement>().focus();
    }
}

fn keep_focus(shared: Shared) {
    Effect::new(move || {
        if let Some(id) = shared.toggled.try_update_value(Option::take).flatten() {
            shared.active.set(Some(id.clone()));
            focus_row(&id);
        }
    });
}

fn keydown(event: &KeyboardEvent, rows: &[TreeRow], policy: &PolicyId, shared: Shared) {
    let at = shared.active.with_untracked(|active| rows.iter().position(|r| Some(&r.id) == active.as_ref()));
    let (Some(at), false) = (at, event.ctrl_key() || event.alt_key() || event.meta_key()) else { return };
    let row = rows.get(at);
    match (event.key().as_str(), on_key(rows, at, &event.key())) {
        (" " | "Enter", _) => {
            if let Some(row) =
                row.filter(|row| row.attachability(policy, shared.per_target) == Attachability::Free)
            {
                choose(shared, row);
            }
        }
        (_, Move::To(to)) => {
            if let Some(row) = rows.get(to) {
                shared.active.set(Some(row.id.clone()));
                focus_row(&row.id);
            }
        }
        (_, Move::Toggle(at)) => {
            if let Some(row) = rows.get(at) {
                shared.toggled.set_value(Some(row.id.clone()));
                toggle(shared.query, row);
            }
        }
        (_, Move::None) => return,
    }
    event.prevent_default();
}

fn choose(shared: Shared, row: &TreeRow) {
    shared.chosen.update(|chosen| {
        if chosen.remove(&row.id).is_none() {
            chosen.insert(row.id.clone(), row.name.clone());
        }
    });
}

fn toggle(query: RwSignal<TreeQuery>, row: &TreeRow) {
    query.update(|query| query.open = toggled(&query.open, row.id.as_str()));
}

fn row(row: TreeRow, policy: &PolicyId, shared: Shared) -> AnyView {
    let choice = row.attachability(policy, shared.per_target);
    let free = choice == Attachability::Free;
    let searched = shared.query.with_untracked(|query| !query.q.trim().is_empty());
    let id = row.id.clone();
    let chosen = {
        let (id, attached) = (id.clone(), choice == Attachability::Attached);
        Memo::new(move |_| attached || shared.chosen.with(|chosen| chosen.contains_key(&id)))
    };
    let tabindex = {
        let id = id.clone();
        move || if shared.active.with(|active| active.as_ref() == Some(&id)) { "0" } else { "-1" }
    };
    let clicked = row.clone();
    let on_click = move |_: MouseEvent| {
        shared.active.set(Some(clicked.id.clone()));
        if free {
            choose(shared, &clicked);
        }
    };
    let more = more(&row, policy, shared);
    view! {
        <div
            class="pick-row"
            role="treeitem"
            id=row_id(&id)
            data-depth=row.depth.to_string()
            data-context=searched && !row.matches
            aria-level=(u32::from(row.depth) + 1).to_string()
            aria-expanded=row.has_children.then(|| row.open.to_string())
            aria-checked=move || chosen.get().to_string()
            aria-disabled=(!free).then_some("true")
            aria-label=spoken(&row, choice, shared.per_target)
            tabindex=tabindex
            on:click=on_click
        >
            {toggle_link(&row, policy, shared)}
            {check(&row, free, chosen, shared)}
            {words_of(&row)}
            {end(&row, choice, shared.per_target)}
        </div>
        {more}
    }
    .into_any()
}

/// “3 of 10 policies”.
fn quota(row: &TreeRow, per_target: u64) -> String {
    format!("{} of {per_target} policies", row.policies.len())
}

/// The state of an account that is not active.
fn state(row: &TreeRow) -> Option<AccountState> {
    row.state.filter(|state| *state != AccountState::Active)
}

/// Everything that the row shows, for those who hear it.
fn spoken(row: &TreeRow, choice: Attachability, per_target: u64) -> String {
    let state = state(row).map(|state| format!(", {}", state.word().to_lowercase())).unwrap_or_default();
    let why = match choice {
        Attachability::Free => String::new(),
        Attachability::Attached => ", attached here".into(),
        Attachability::Full => ", takes no more policies".into(),
    };
    format!("{} {}, {}{state}{why}", row.kind().word(), row.name, quota(row, per_target))
}

/// Opens and closes: a link for those without scripts.
fn toggle_link(row: &TreeRow, policy: &PolicyId, shared: Shared) -> AnyView {
    if !row.has_children || row.kind() == TargetKind::Root {
        return view! { <span class="pick-toggle"></span> }.into_any();
    }
    let href = shared.query.with_untracked(|query| {
        address(policy, &TreeQuery { open: toggled(&query.open, row.id.as_str()), ..query.clone() })
    });
    let toggled = row.clone();
    let on_click = move |event: MouseEvent| {
        event.prevent_default();
        event.stop_propagation();
        shared.active.set(Some(toggled.id.clone()));
        toggle(shared.query, &toggled);
    };
    let (verb, icon) = if row.open { ("Close", icons::DOWN) } else { ("Open", icons::FORWARD) };
    view! {
        <a
            class="pick-toggle"
            href=href
            data-noscroll=""
            aria-label=format!("{verb} {}", row.name)
            tabindex=move || shared.alive.get().then_some("-1")
            on:click=on_click
        >
            <Icon icon/>
        </a>
    }
    .into_any()
}

fn check(row: &TreeRow, free: bool, chosen: Memo<bool>, shared: Shared) -> AnyView {
    let changed = row.clone();
    view! {
        <input
            class="checkbox"
            type="checkbox"
            name="targets[]"
            form=FORM
            value=row.id.to_string()
            aria-label=format!("Select {}", row.name)
            checked=chosen.get_untracked()
            prop:checked=move || chosen.get()
            disabled=!free
            tabindex=move || shared.alive.get().then_some("-1")
            on:click=|event: MouseEvent| event.stop_propagation()
            on:change=move |_| choose(shared, &changed)
        />
    }
    .into_any()
}

fn words_of(row: &TreeRow) -> AnyView {
    let icon = match row.kind() {
        TargetKind::Root => icons::ROOT,
        TargetKind::Ou => icons::OU,
        TargetKind::Account => icons::ACCOUNT,
    };
    view! {
        <span class="pick-icon"><Icon icon/></span>
        <span class="pick-words">
            <span class="pick-name">{row.name.clone()}</span>
            <span class="pick-id mono">{row.id.to_string()}</span>
        </span>
    }
    .into_any()
}

fn end(row: &TreeRow, choice: Attachability, per_target: u64) -> AnyView {
    let accounts = (row.accounts_below > 0).then(|| words::counted(row.accounts_below, "account"));
    let quota = quota(row, per_target);
    let mark = match choice {
        Attachability::Attached => {
            view! { <Pill text="attached here" tone=Tone::Accent icon=icons::CHECK/> }.into_any()
        }
        Attachability::Full => {
            view! { <Pill text=format!("{quota}: detach one first") tone=Tone::Warn icon=icons::LOCK/> }
                .into_any()
        }
        Attachability::Free => view! { <span class="pick-quota">{quota}</span> }.into_any(),
    };
    view! {
        <span class="pick-end">
            {state(row).map(|state| view! { <AccountStatus state/> })}
            {accounts.map(|accounts| view! { <span class="pick-accounts">{accounts}</span> })}
            {mark}
        </span>
    }
    .into_any()
}

/// The way to children that are not shown because there are too many.
fn more(row: &TreeRow, policy: &PolicyId, shared: Shared) -> Option<AnyView> {
    if row.hidden_children == 0 || !row.open {
        return None;
    }
    let more = shared.query.with_untracked(|query| once_more(&query.more, row.id.as_str()));
    let href = shared
        .query
        .with_untracked(|query| address(policy, &TreeQuery { more: more.clone(), ..query.clone() }));
    let on_click = move |event: MouseEvent| {
        event.prevent_default();
        shared.query.update(|query| query.more = more.clone());
    };
    let label = format!("Show more of {}: {} hidden", row.name, words::thousands(row.hidden_children));
    Some(
        view! {
            <div class="pick-more" role="none" data-depth=row.depth.to_string()>
                <a href=href data-noscroll="" on:click=on_click>{label}</a>
            </div>
        }
        .into_any(),
    )
}

/// The dialog with the tree open as the query says.
fn address(policy: &PolicyId, query: &TreeQuery) -> String {
    let parts = [("q", &query.q), ("open", &query.open), ("more", &query.more)];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", paths::encode(value)))
        .collect();
    let path = paths::attach(policy);
    if parts.is_empty() { path } else { format!("{path}?{}", parts.join("&")) }
}
