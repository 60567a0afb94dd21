//! What dialogs that do one thing have in common.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use model::Failure;
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    components::{Button, FailureView, Kind, Tone, use_toasts},
    error::AppError,
};

/// Closes the dialog once its action is done: says so, asks anew how things stand, and leaves for `then`.
pub fn leave_when_done<S>(
    action: ServerAction<S>,
    said: impl Fn() -> String + Send + Sync + 'static,
    reload: Callback<()>,
    then: String,
) where
    S: ServerFn<Error = AppError> + Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    let (navigate, toasts) = (use_navigate(), use_toasts());
    Effect::new(move || {
        if let Some(Ok(_)) = action.value().get() {
            toasts.say(Tone::Good, said());
            reload.run(());
            navigate(&then, NavigateOptions { scroll: false, ..NavigateOptions::default() });
        }
    });
}

/// True once scripts run. Until then nothing that is typed can enable a button, so none may be disabled for it: the server says
/// what is missing.
pub fn with_scripts() -> Signal<bool> {
    let running = RwSignal::new(false);
    Effect::new(move || running.set(true));
    running.into()
}

/// Why an action failed, once it has.
pub fn failure_of<S>(action: ServerAction<S>) -> Signal<Option<Failure>>
where
    S: ServerFn<Error = AppError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    Signal::derive(move || action.value().get().and_then(Result::err).map(AppError::into_failure))
}

/// What went wrong, in the dialog.
#[component]
pub fn Failed(failure: Signal<Option<Failure>>) -> impl IntoView {
    move || failure.get().map(|failure| view! { <FailureView failure/> })
}

/// The button that submits the form from the dialog's footer.
#[component]
pub fn FormButton(
    #[prop(into)] verb: String,
    #[prop(optional)] kind: Kind,
    #[prop(optional, into)] disabled: Signal<Option<String>>,
    #[prop(into)] busy: Signal<bool>,
    form: &'static str,
) -> impl IntoView {
    view! { <Button label=verb kind disabled busy submit=true form/> }
}
