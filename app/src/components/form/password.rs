//! Passwords.

use leptos::prelude::*;

use super::field::{Field, described_by};

/// What is said of a new one.
const NEW_PASSWORD: &str = "12 to 128 characters. Any characters; common passwords are refused.";

/// A labelled password. Pasting works; it can be shown while it is typed.
#[component]
pub fn PasswordInput(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    /// `current-password` or `new-password`.
    #[prop(into)]
    autocomplete: String,
    /// May be left empty.
    #[prop(optional)]
    optional: bool,
    /// A new one: it says so, and the browser refuses fewer than 12 or more than 128 characters.
    #[prop(optional)]
    new: bool,
    #[prop(optional, into)] error: Signal<Option<String>>,
) -> impl IntoView {
    let help = new.then(|| NEW_PASSWORD.to_owned());
    let shown = RwSignal::new(false);
    let described = described_by(&name);
    view! {
        <Field id=name.clone() label help error>
            <div class="input-with-end">
                <input
                    class="input"
                    id=name.clone()
                    name=name
                    type=move || if shown.get() { "text" } else { "password" }
                    required=!optional
                    autocomplete=autocomplete
                    minlength=new.then_some("12")
                    maxlength=new.then_some("128")
                    spellcheck="false"
                    autocapitalize="none"
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    aria-describedby=described
                />
                <span class="input-end" data-needs-script="">
                    <button
                        class="button"
                        type="button"
                        data-kind="quiet"
                        data-size="small"
                        aria-pressed=move || if shown.get() { "true" } else { "false" }
                        aria-label="Show password"
                        on:click=move |_| shown.update(|shown| *shown = !*shown)
                    >
                        {move || if shown.get() { "Hide" } else { "Show" }}
                    </button>
                </span>
            </div>
        </Field>
    }
}
