//! The dialog that turns a setting on or off, with the consequence spelled out.

use leptos::prelude::*;
use model::{
    failure::count,
    organization::{NodeRef, PolicyRef},
    paths,
    settings::{Setting, SettingState, Settings, export::attachments_fingerprint},
};

use super::{command::Elsewhere, refused::Refused};
use crate::pages::dialogs::{Failed, FormButton, failure_of, leave_when_done, with_scripts};
use crate::{
    components::{Dialog, Kind, Notice, TextInput, Tone},
    refused::refused as form_refused,
    server_fns::settings::ChangeSetting,
    words::counted,
};

/// Attachments that the dialog lists one by one.
const LISTED: usize = 500;
const FORM: &str = "change-setting";

/// Turns one setting to what it is not.
#[component]
pub fn ChangeDialog(
    setting: Setting,
    data: Settings,
    #[prop(optional_no_strip)] refused: Refused,
    reload: Callback<()>,
) -> impl IntoView {
    let text = setting.text();
    let on = data.rows.iter().any(|r| r.setting == setting && matches!(r.state, SettingState::On { .. }));
    let typed = on && text.typed_confirmation;
    let change = ServerAction::<ChangeSetting>::new();
    let post = form_refused::<ChangeSetting>();
    let confirmation =
        RwSignal::new(post.map(|(post, _)| post.field("confirmation").to_owned()).unwrap_or_default());
    let refused = refused.or_else(|| on.then(|| obstacle(setting, &data)).flatten());
    let scripts = with_scripts();
    let disabled = move || {
        let wrong =
            typed && scripts.get() && !confirmation.with(|c| c.trim().eq_ignore_ascii_case("confirm"));
        refused.clone().or_else(|| wrong.then(|| "Type confirm first.".to_owned()))
    };
    let turned = if on { "off" } else { "on" };
    let said = move || format!("{} is {}.", text.title, text.states[usize::from(on)].to_lowercase());
    leave_when_done(change, said, reload, then(setting, on, &data));
    let failure = failure_of(change);
    let error =
        Signal::derive(move || failure.get().and_then(|f| f.field("confirmation").map(str::to_owned)));
    let (verb, kind) = (text.verb(!on), if on { Kind::Danger } else { Kind::Primary });
    let shown = attachments_fingerprint(&data.attachments);
    let command = data.ids.fill(text.commands[usize::from(on)]);
    let missing = data.missing;
    let lost = on.then(|| lost(setting, &data));
    let action =
        view! { <FormButton verb kind disabled=Signal::derive(disabled) busy=change.pending() form=FORM/> }
            .into_any();
    let back = (!on && setting == Setting::PolicyType && missing > 0).then(|| {
        view! { <p>{format!("{} that turning it off detached can be put back afterwards.", count(usize::try_from(missing).unwrap_or(usize::MAX), "attachment"))}</p> }
    });
    view! {
        <Dialog title=format!("{verb} {}", lowered(text.title)) close=paths::SETTINGS action>
            <ActionForm action=change attr:id=FORM attr:class="form">
                <input type="hidden" name="setting" value=text.name/>
                <input type="hidden" name="turn" value=turned/>
                <input type="hidden" name="shown" value=shown/>
                <Notice tone=if typed { Tone::Warn } else { Tone::Info } title="What changes">{if on { text.off } else { text.on }}</Notice>
                {lost}
                {back}
                {typed.then(|| view! { <TextInput name="confirmation" label="Type confirm to turn it off" bind=confirmation error autocomplete="off"/> })}
                <Failed failure/>
            </ActionForm>
            <Elsewhere summary="AWS CLI and console" about=text.title commands=vec![(verb, command)] console=text.console/>
        </Dialog>
    }
}

/// “Turn off trusted access for AWS Backup”.
fn lowered(title: &str) -> String {
    title.to_lowercase().replace("aws backup", "AWS Backup")
}

/// What is the next step: what was detached can be put back at once.
fn then(setting: Setting, on: bool, data: &Settings) -> String {
    match data.exports.first() {
        Some(newest) if setting == Setting::PolicyType && !on && data.missing > 0 => {
            format!("{}?put-back={}", paths::SETTINGS, newest.id)
        }
        _ => paths::SETTINGS.to_owned(),
    }
}

/// Why AWS would refuse to turn it off, as far as it is known.
fn obstacle(setting: Setting, data: &Settings) -> Option<String> {
    let names: Vec<String> =
        data.delegation.registered().map(|a| format!("{} ({})", a.name, a.account)).collect();
    (setting == Setting::TrustedAccess && !names.is_empty()).then(|| {
        format!(
            "AWS refuses while delegated administrators are registered. Remove them first: {}.",
            names.join(", ")
        )
    })
}

/// What turning it off destroys, one by one.
fn lost(setting: Setting, data: &Settings) -> Option<AnyView> {
    match setting {
        Setting::PolicyType => Some(view! { <Detached attachments=data.attachments.clone()/> }.into_any()),
        Setting::TrustedAccess => Some(
            view! {
                <p>{format!("The jobs of {} are no longer seen from here.", counted(data.other_accounts, "other account"))}</p>
                {obstacle(setting, data).map(|why| view! { <Notice tone=Tone::Warn title="Not possible now">{why}</Notice> })}
            }
            .into_any(),
        ),
        _ => None,
    }
}

/// What turning off the policy type detaches.
#[component]
fn Detached(attachments: Vec<(NodeRef, PolicyRef)>) -> impl IntoView {
    let total = attachments.len();
    let items: Vec<_> = attachments
        .into_iter()
        .take(LISTED)
        .map(|(node, policy)| view! { <li>{policy.name}" at "{node.name}" "<span class="mono muted">{node.id.to_string()}</span></li> })
        .collect();
    let rest = total.saturating_sub(items.len());
    let list = (total > 0).then(|| {
        view! {
            <ul class="lost" tabindex="0" aria-label="Attachments that would be lost">
                {items}{(rest > 0).then(|| view! { <li>{format!("and {rest} more")}</li> })}
            </ul>
        }
    });
    view! {
        <p>{format!("{} would be lost{}", count(total, "attachment"), if total > 0 { ":" } else { "." })}</p>
        {list}
        <p class="muted">"Holdfast keeps this list before it asks AWS. After turning the type on again, everything can be put back from here."</p>
    }
}
