//! Which part of the organization a role is limited to.

use leptos::{prelude::*, task::spawn_local};
use model::{TargetId, organization::Jump};

use crate::{
    components::{Button, Kind, Segment, Segments, Size, TextInput, icons},
    server_fns,
};

const CHOICES: [Segment; 2] =
    [Segment { value: "all", label: "Everything" }, Segment { value: "below", label: "A part" }];

/// The fields `scope` and `places` of a grant. Ids can be typed; OUs and accounts are found by their names too.
#[component]
pub fn PlacesField(
    /// Limited to a part at first.
    #[prop(optional)]
    limited: bool,
    /// Ids between spaces.
    #[prop(optional, into)]
    places: String,
    error: Signal<Option<String>>,
) -> impl IntoView {
    let scope = RwSignal::new(if limited { "below" } else { "all" }.to_owned());
    let places = RwSignal::new(places);
    let choose = Callback::new(move |value: &'static str| scope.set(value.to_owned()));
    let scripts = super::dialogs::with_scripts();
    let part = move || scope.with(|scope| scope == "below") || !scripts.get();
    let help = "Ids of OUs and accounts, with spaces between; whatever is below them is included.".to_owned();
    view! {
        <Segments title="Limited to" choices=&CHOICES chosen=scope on_choose=choose/>
        <input type="hidden" name="scope" value=move || scope.get() disabled=move || !scripts.get()/>
        <noscript inner_html=choices_without_scripts(limited)></noscript>
        <div class="places" hidden=move || !part()>
            <TextInput name="places" label="OUs and accounts" bind=places mono=true autocomplete="off" help=help error/>
            <Finder places/>
        </div>
    }
}

/// As text: put together by scripts, fields within `<noscript>` are fields like others, and would be sent beside the hidden one.
fn choices_without_scripts(limited: bool) -> String {
    let choice = |segment: &Segment| {
        let checked = if (segment.value == "below") == limited { " checked" } else { "" };
        let Segment { value, label } = segment;
        format!(
            "<label class=\"choice\"><input type=\"radio\" name=\"scope\" value=\"{value}\"{checked}>{label}</label>"
        )
    };
    CHOICES.iter().map(choice).collect()
}

/// Finds OUs and accounts by name, and adds their ids.
#[component]
fn Finder(places: RwSignal<String>) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let found = RwSignal::new(Vec::<Jump>::new());
    let search = move || {
        let wanted = text.get_untracked();
        spawn_local(async move {
            let hits = server_fns::jump(wanted.clone()).await.unwrap_or_default();
            if text.try_get_untracked() == Some(wanted) {
                found.set(hits.into_iter().filter(|hit| id_of(hit).is_some()).take(6).collect());
            }
        });
    };
    Effect::new(
        move || {
            if text.with(|text| text.trim().len() >= 2) { search() } else { found.set(Vec::new()) }
        },
    );
    let add = move |id: String| {
        places.update(|places| {
            if !places.split_whitespace().any(|place| place == id) {
                *places = format!("{places} {id}").trim().to_owned();
            }
        });
        text.set(String::new());
    };
    let hits = move || {
        let buttons = found.get().into_iter().filter_map(|hit| {
            let id = id_of(&hit)?;
            let label = format!("Add {}, {id}", hit.title);
            Some(view! { <li><Button label kind=Kind::Quiet size=Size::Small icon=icons::ADD on_click=move |_| add(id.clone())/></li> })
        });
        buttons.collect::<Vec<_>>()
    };
    view! {
        <div data-needs-script="">
            <TextInput name="" id="find-place" label="Find by name" bind=text autocomplete="off"/>
            <ul class="found-places" aria-live="polite">{hits}</ul>
        </div>
    }
}

/// The id of an OU or account that a search has found.
fn id_of(hit: &Jump) -> Option<String> {
    let id = hit.href.rsplit('/').next()?;
    id.parse::<TargetId>().ok().map(|id| id.to_string())
}
