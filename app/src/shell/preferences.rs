//! Theme, density and time zone: chosen per browser, remembered there, applied by attributes of the document.

use leptos::prelude::*;

use crate::components::{Button, LocalTimes, Segment, Segments, Size, icons};

const THEME: Preference = Preference { name: "theme", without: "system" };
const DENSITY: Preference = Preference { name: "density", without: "comfortable" };
const TIMES: Preference = Preference { name: "times", without: "utc" };

/// A choice that the browser keeps.
struct Preference {
    /// Attribute `data-<name>`, and the key `holdfast.<name>` in the browser's storage.
    name: &'static str,
    /// The value that is kept by keeping nothing.
    without: &'static str,
}

impl Preference {
    fn load(&self) -> String {
        let root = document().document_element();
        root.and_then(|root| root.get_attribute(&format!("data-{}", self.name)))
            .unwrap_or_else(|| self.without.into())
    }

    fn save(&self, value: &str) {
        let (attribute, key) = (format!("data-{}", self.name), format!("holdfast.{}", self.name));
        let storage = window().local_storage().ok().flatten();
        let root = document().document_element();
        // Neither can fail in a way that matters: without storage the choice lasts as long as the page.
        if value == self.without {
            let _ = root.map(|root| root.remove_attribute(&attribute));
            let _ = storage.map(|storage| storage.remove_item(&key));
        } else {
            let _ = root.map(|root| root.set_attribute(&attribute, value));
            let _ = storage.map(|storage| storage.set_item(&key, value));
        }
    }
}

/// What was chosen in this browser.
#[derive(Clone, Copy)]
pub struct Preferences {
    theme: RwSignal<String>,
    density: RwSignal<String>,
    times: RwSignal<String>,
}

/// Reads what was chosen, once the page is alive; once, in the app.
pub fn provide_preferences() {
    let chosen = Preferences {
        theme: RwSignal::new(THEME.without.into()),
        density: RwSignal::new(DENSITY.without.into()),
        times: RwSignal::new(TIMES.without.into()),
    };
    provide_context(chosen);
    provide_context(LocalTimes(Memo::new(move |_| chosen.times.with(|times| times == "local")).into()));
    Effect::new(move || {
        chosen.theme.set(THEME.load());
        chosen.density.set(DENSITY.load());
        chosen.times.set(TIMES.load());
    });
}

/// Whether dark is shown now, chosen or not. Browser only.
fn dark_now(theme: &str) -> bool {
    match theme {
        "dark" => true,
        "light" => false,
        _ => window()
            .match_media("(prefers-color-scheme: dark)")
            .ok()
            .flatten()
            .is_some_and(|dark| dark.matches()),
    }
}

/// Between light and dark in one step.
#[component]
pub fn ThemeButton() -> impl IntoView {
    let Some(Preferences { theme, .. }) = use_context() else { return ().into_any() };
    let toggle = move |_| {
        let wanted = if dark_now(&theme.get_untracked()) { "light" } else { "dark" };
        THEME.save(wanted);
        theme.set(wanted.into());
    };
    view! { <span class="theme-button" data-needs-script=""><Button label="Switch between light and dark" size=Size::Icon icon=icons::DARK on_click=toggle/></span> }
        .into_any()
}

const THEMES: &[Segment] = &[
    Segment { value: "system", label: "System" },
    Segment { value: "light", label: "Light" },
    Segment { value: "dark", label: "Dark" },
];
const DENSITIES: &[Segment] =
    &[Segment { value: "comfortable", label: "Comfortable" }, Segment { value: "compact", label: "Compact" }];

const ZONES: &[Segment] =
    &[Segment { value: "utc", label: "UTC" }, Segment { value: "local", label: "This browser’s" }];

/// Theme, density and time zone, all choices shown.
#[component]
pub fn PreferenceChoices() -> impl IntoView {
    let Some(Preferences { theme, density, times }) = use_context() else { return ().into_any() };
    let choose = |preference: &'static Preference, signal: RwSignal<String>| {
        move |value: &'static str| {
            preference.save(value);
            signal.set(value.into());
        }
    };
    view! {
        <Segments title="Theme" choices=THEMES chosen=theme on_choose=choose(&THEME, theme)/>
        <Segments title="Density" choices=DENSITIES chosen=density on_choose=choose(&DENSITY, density)/>
        <Segments title="Time zone" choices=ZONES chosen=times on_choose=choose(&TIMES, times)/>
    }
    .into_any()
}
