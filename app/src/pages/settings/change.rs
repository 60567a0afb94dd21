//! The dialog that turns a setting on or off, with the consequence spelled out.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use model::{
    failure::count,
    organization::{NodeRef, PolicyRef},
    paths,
    role::{Action as May, why_not},
    session::Me,
    settings::{Setting, SettingState, Settings},
};

use crate::{
    components::{Button, Dialog, FailureView, Kind, Notice, TextInput, Tone, use_toasts},
    server_fns::settings::ChangeSetting,
};

/// Attachments that the dialog lists one by one.
const LISTED: usize = 50;

/// Turns one setting to what it is not.
#[component]
pub fn ChangeDialog(
    setting: Setting,
    data: Settings,
    #[prop(optional_no_strip)] me: Option<Me>,
    reload: Callback<()>,
) -> impl IntoView {
    let text = setting.text();
    let on = data.rows.iter().any(|r| r.setting == setting && matches!(r.state, SettingState::On { .. }));
    let typed = on && text.typed_confirmation;
    let change = ServerAction::<ChangeSetting>::new();
    let confirmation = RwSignal::new(String::new());
    let refused = me.and_then(|me| why_not(me.role, May::ChangeSettings));
    let disabled = move || {
        let wrong = typed && !confirmation.with(|c| c.trim().eq_ignore_ascii_case("confirm"));
        refused.clone().or_else(|| wrong.then(|| "Type confirm first.".to_owned()))
    };
    leave_when_done(change, if on { "off" } else { "on" }, text.title, reload);
    let failure = move || {
        let error = change.value().get().and_then(Result::err)?;
        Some(view! { <FailureView failure=error.into_failure()/> })
    };
    let error = Signal::derive(move || {
        change
            .value()
            .get()
            .and_then(Result::err)
            .and_then(|e| e.failure().field("confirmation").map(str::to_owned))
    });
    let (verb, kind) = if on { ("Turn off", Kind::Danger) } else { ("Turn on", Kind::Primary) };
    let lost = (on && setting == Setting::PolicyType).then(|| view! { <Lost attachments=data.attachments/> });
    let action =
        view! { <FormButton verb kind disabled=Signal::derive(disabled) busy=change.pending().into()/> }
            .into_any();
    view! {
        <Dialog title=format!("{verb} {}", text.title.to_lowercase().replace("aws backup", "AWS Backup")) close=paths::SETTINGS action>
            <ActionForm action=change attr:id="change-setting" attr:class="form">
                <input type="hidden" name="setting" value=text.name/>
                <input type="hidden" name="turn" value=if on { "off" } else { "on" }/>
                <Notice tone=if typed { Tone::Warn } else { Tone::Info } title="What changes">{if on { text.off } else { text.on }}</Notice>
                {lost}
                {typed.then(|| view! { <TextInput name="confirmation" label="Type confirm to turn it off" bind=confirmation error autocomplete="off"/> })}
                {failure}
            </ActionForm>
        </Dialog>
    }
}

/// The button that submits the form from the dialog's footer.
#[component]
fn FormButton(
    verb: &'static str,
    kind: Kind,
    disabled: Signal<Option<String>>,
    busy: Signal<bool>,
) -> impl IntoView {
    view! { <Button label=verb kind disabled busy submit=true form="change-setting"/> }
}

fn leave_when_done(
    change: ServerAction<ChangeSetting>,
    turned: &'static str,
    title: &'static str,
    reload: Callback<()>,
) {
    let (navigate, toasts) = (use_navigate(), use_toasts());
    Effect::new(move || {
        if let Some(Ok(_)) = change.value().get() {
            toasts.say(Tone::Good, format!("{title} is {turned}."));
            reload.run(());
            navigate(paths::SETTINGS, NavigateOptions { scroll: false, ..NavigateOptions::default() });
        }
    });
}

/// What turning off the policy type detaches.
#[component]
fn Lost(attachments: Vec<(NodeRef, PolicyRef)>) -> impl IntoView {
    let total = attachments.len();
    let items: Vec<_> = attachments
        .into_iter()
        .take(LISTED)
        .map(|(node, policy)| view! { <li>{policy.name}" at "{node.name}" "<span class="mono muted">{node.id.to_string()}</span></li> })
        .collect();
    let rest = total.saturating_sub(items.len());
    view! {
        <p>{format!("{} would be lost:", count(total, "attachment"))}</p>
        <ul class="lost">{items}{(rest > 0).then(|| view! { <li>{format!("and {rest} more")}</li> })}</ul>
        <p class="muted">"The audit list keeps all of them, so that they can be attached again."</p>
    }
}
