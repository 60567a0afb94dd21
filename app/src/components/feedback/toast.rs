//! Results of what was done, for a while.

use std::time::Duration;

use leptos::prelude::*;

use super::failure_view::tone;
use crate::{
    components::{
        button::{Button, Kind, Size},
        label::{Icon, Tone, icons},
    },
    error::AppError,
};

/// How long a good one stays. Bad ones stay until they are closed.
const STAYS: Duration = Duration::from_secs(8);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Toast {
    id: u32,
    tone: Tone,
    text: String,
}

/// The results that are shown now.
#[derive(Clone, Copy, Debug, Default)]
pub struct Toasts {
    list: RwSignal<Vec<Toast>>,
    count: StoredValue<u32>,
}

impl Toasts {
    /// Says what was done, on what, and with what result.
    pub fn say(self, tone: Tone, text: impl Into<String>) {
        let id = self.count.get_value().wrapping_add(1);
        self.count.set_value(id);
        self.list.update(|list| list.push(Toast { id, tone, text: text.into() }));
        if matches!(tone, Tone::Good | Tone::Info) {
            set_timeout(move || self.drop(id), STAYS);
        }
    }

    /// Says why something was not done.
    pub fn failed(self, error: &AppError) {
        self.say(tone(&error.failure().code), error.to_string());
    }

    fn drop(self, id: u32) {
        self.list.update(|list| list.retain(|toast| toast.id != id));
    }
}

/// The results shown on this site; say something through it after an action.
#[must_use]
pub fn use_toasts() -> Toasts {
    use_context().unwrap_or_default()
}

/// Where results appear. Once, in the shell.
#[component]
pub fn ToastRegion() -> impl IntoView {
    let toasts = use_toasts();
    let shown = move || {
        toasts
            .list
            .get()
            .into_iter()
            .map(|Toast { id, tone, text }| {
                view! {
                    <div class="toast" data-tone=tone.as_str()>
                        <Icon icon=tone.icon()/>
                        <span class="toast-text">{text}</span>
                        <Button label="Close" kind=Kind::Quiet size=Size::Icon icon=icons::CLOSE on_click=move |_| toasts.drop(id)/>
                    </div>
                }
            })
            .collect::<Vec<_>>()
    };
    view! { <div class="toasts" role="status" aria-live="polite">{shown}</div> }
}
