//! The search that jumps anywhere.

use std::time::Duration;

use leptos::{ev, html, prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;
use model::{organization::Jump, paths};

use crate::{
    components::{Icon, icons},
    server_fns,
};

/// Typing faster than this asks once.
const PAUSE: Duration = Duration::from_millis(150);

/// What the search knows and shows.
#[derive(Clone, Copy)]
struct Search {
    text: RwSignal<String>,
    /// `None` until the first answer to what is typed.
    hits: RwSignal<Option<Vec<Jump>>>,
    /// The marked hit.
    at: RwSignal<usize>,
    open: RwSignal<bool>,
}

impl Search {
    fn new() -> Self {
        Self {
            text: RwSignal::default(),
            hits: RwSignal::default(),
            at: RwSignal::new(0),
            open: RwSignal::new(false),
        }
    }

    /// Asks after a pause, and forgets the answer where something else was typed meanwhile.
    fn type_in(self, text: String) {
        self.text.set(text.clone());
        self.open.set(!text.trim().is_empty());
        if text.trim().is_empty() {
            return self.hits.set(None);
        }
        set_timeout(
            move || {
                if self.text.try_get_untracked().as_ref() != Some(&text) {
                    return;
                }
                spawn_local(async move {
                    let hits = server_fns::jump(text.clone()).await.unwrap_or_default();
                    if self.text.try_get_untracked() == Some(text) {
                        self.at.set(0);
                        self.hits.set(Some(hits));
                    }
                });
            },
            PAUSE,
        );
    }

    fn count(self) -> usize {
        self.hits.with_untracked(|hits| hits.as_ref().map_or(0, Vec::len))
    }

    /// Marks the next or previous hit, around the ends.
    fn step(self, forward: bool) {
        let count = self.count();
        if count > 0 {
            self.open.set(true);
            self.at.update(|at| *at = (*at + if forward { 1 } else { count - 1 }) % count);
        }
    }

    fn chosen(self) -> Option<String> {
        let at = self.at.get_untracked();
        self.hits.with_untracked(|hits| hits.as_ref()?.get(at).map(|hit| hit.href.clone()))
    }

    fn close(self) {
        self.open.set(false);
    }
}

/// Finds accounts, OUs, policies, jobs and pages, and goes there. Ctrl or Cmd and K leads to it. Without scripts it is the
/// organization's search.
#[component]
pub fn JumpSearch() -> impl IntoView {
    let search = Search::new();
    let node = NodeRef::<html::Input>::new();
    reach_by_shortcut(node);
    let navigate = use_navigate();
    let go = Callback::new(move |href: String| {
        search.close();
        search.text.set(String::new());
        search.hits.set(None);
        if let Some(input) = node.get_untracked() {
            input.set_value("");
        }
        navigate(&href, Default::default());
    });
    let on_keydown = move |event: ev::KeyboardEvent| {
        match event.key().as_str() {
            "ArrowDown" => search.step(true),
            "ArrowUp" => search.step(false),
            "Escape" if search.open.get_untracked() => search.close(),
            "Enter" => match search.chosen().filter(|_| search.open.get_untracked()) {
                Some(href) => go.run(href),
                None => return,
            },
            _ => return,
        }
        event.prevent_default();
    };
    let active = move || search.open.get().then(|| format!("jump-{}", search.at.get()));
    view! {
        <form class="jump" role="search" aria-label="Jump to" method="get" action=paths::ORGANIZATION>
            <div class="jump-box">
                <Icon icon=icons::SEARCH/>
                <input
                    class="input"
                    node_ref=node
                    type="search"
                    name="q"
                    role="combobox"
                    aria-label="Jump to an account, OU, policy, job or page"
                    aria-expanded=move || if search.open.get() { "true" } else { "false" }
                    aria-controls="jump-list"
                    aria-autocomplete="list"
                    aria-activedescendant=active
                    placeholder="Jump to account, OU, policy, job"
                    autocomplete="off"
                    spellcheck="false"
                    on:input=move |event| search.type_in(event_target_value(&event))
                    on:keydown=on_keydown
                    on:blur=move |_| search.close()
                />
                <kbd aria-hidden="true" data-needs-script="">"Ctrl K"</kbd>
            </div>
            <div class="jump-list" id="jump-list" role="listbox" aria-label="Hits" hidden=move || !search.open.get()>
                {move || hits(search, go)}
            </div>
        </form>
    }
}

fn hits(search: Search, go: Callback<String>) -> AnyView {
    match search.hits.get() {
        None => view! { <div class="jump-none" role="status">"Searching"</div> }.into_any(),
        Some(hits) if hits.is_empty() => {
            view! { <div class="jump-none" role="status">"Nothing has this name or id."</div> }.into_any()
        }
        Some(hits) => hits
            .into_iter()
            .enumerate()
            .map(|(i, hit)| option(i, hit, search, go))
            .collect::<Vec<_>>()
            .into_any(),
    }
}

fn option(i: usize, Jump { kind, title, hint, href }: Jump, search: Search, go: Callback<String>) -> AnyView {
    // The press comes before the blur that closes the list.
    let press = move |event: ev::MouseEvent| {
        event.prevent_default();
        go.run(href.clone());
    };
    view! {
        <div
            class="jump-option"
            id=format!("jump-{i}")
            role="option"
            aria-selected=move || if search.at.get() == i { "true" } else { "false" }
            on:mousedown=press
            on:mouseenter=move |_| search.at.set(i)
        >
            <span class="jump-kind">{kind}</span>
            <span class="jump-title">{title}</span>
            <span class="jump-hint">{hint}</span>
        </div>
    }
    .into_any()
}

fn reach_by_shortcut(node: NodeRef<html::Input>) {
    Effect::new(move || {
        let listener = window_event_listener(ev::keydown, move |event| {
            let wanted = (event.ctrl_key() || event.meta_key()) && event.key().eq_ignore_ascii_case("k");
            if let (true, Some(input)) = (wanted, node.get_untracked()) {
                event.prevent_default();
                let _ = input.focus();
                input.select();
            }
        });
        on_cleanup(move || listener.remove());
    });
}
