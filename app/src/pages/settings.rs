//! What AWS needs before backup policies and cross-account monitoring work: live, each with its switch.

mod change;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use model::{
    paths,
    role::{Action as May, why_not},
    session::Me,
    settings::{Setting, SettingState, SettingStatus, Settings},
};

use crate::{
    components::{Button, Card, Icon, Kind, LinkButton, PageHeader, Size, Time, Tone, icons, load_page},
    error::AppError,
    server_fns,
};
use change::ChangeDialog;

/// The settings page. `?change=NAME` opens the dialog that switches one of them.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let query = use_query_map();
    let change =
        Memo::new(move |_| query.with(|q| q.get("change").and_then(|name| Setting::from_name(&name))));
    let settings = Resource::new(|| (), |()| read());
    let reload = Callback::new(move |()| settings.refetch());
    load_page(settings, move |(data, me)| {
        let dialog = {
            let (data, me) = (data.clone(), me.clone());
            move || {
                change
                    .get()
                    .map(|setting| view! { <ChangeDialog setting data=data.clone() me=me.clone() reload/> })
            }
        };
        view! {
            <SettingsList data me reload/>
            {dialog}
        }
    })
}

async fn read() -> Result<(Settings, Option<Me>), AppError> {
    let settings = server_fns::settings().await?;
    Ok((settings, server_fns::frame().await?.me))
}

#[component]
fn SettingsList(data: Settings, me: Option<Me>, reload: Callback<()>) -> impl IntoView {
    let ready = data.rows.iter().filter(|row| matches!(row.state, SettingState::On { .. })).count();
    let subtitle = format!(
        "What AWS needs before backup policies and cross-account monitoring work. {ready} of {} ready.",
        data.rows.len()
    );
    let refused = me.as_ref().and_then(|me| why_not(me.role, May::ChangeSettings));
    let account = data.account.map(
        |account| view! { "as seen from "<span class="mono">{account}</span>", the management account · " },
    );
    let note = view! { {account}"checked "<Time at=data.checked_at/> }.into_any();
    let actions = view! {
        <span data-needs-script=""><Button label="Check again" icon=icons::REFRESH on_click=move |_| reload.run(())/></span>
    };
    let rows: Vec<_> =
        data.rows.into_iter().map(|row| view! { <SettingRow row refused=refused.clone()/> }).collect();
    view! {
        <PageHeader title="Settings" subtitle=subtitle.into_any() actions=actions.into_any()/>
        <Card title="Organization" note flush=true><ul class="settings-list">{rows}</ul></Card>
    }
}

#[component]
fn SettingRow(row: SettingStatus, #[prop(optional_no_strip)] refused: Option<String>) -> impl IntoView {
    let text = row.setting.text();
    let (tone, icon, word) = look(&row.state);
    let since = match &row.state {
        SettingState::On { since: Some(at) } => Some(view! { " since "<Time at=*at/> }),
        _ => None,
    };
    let why = match &row.state {
        SettingState::Unknown { reason } => reason.clone(),
        SettingState::NotAvailable => "The AWS endpoint in use does not offer this.".to_owned(),
        _ => text.why.to_owned(),
    };
    view! {
        <li class="setting">
            <span class="setting-icon" data-tone=tone.as_str()><Icon icon size=18/></span>
            <div class="setting-text">
                <h3>{text.title}</h3>
                <p class="setting-state" data-tone=tone.as_str()>{word}{since}</p>
                <p class="muted">{why}{(!row.detail.is_empty()).then(|| format!(" {}.", row.detail))}</p>
            </div>
            <div class="setting-action">{switch(&row, refused)}</div>
        </li>
    }
}

/// The button that leads to the dialog; disabled with the reason where it cannot be used.
fn switch(row: &SettingStatus, refused: Option<String>) -> Option<AnyView> {
    let text = row.setting.text();
    let on = matches!(row.state, SettingState::On { .. });
    let usable = on || row.state == SettingState::Off;
    let label = if on { "Turn off" } else { "Turn on" };
    let kind = match (on, text.typed_confirmation) {
        (true, true) => Kind::Danger,
        (true, false) => Kind::Normal,
        (false, _) => Kind::Primary,
    };
    let href = format!("{}?change={}", paths::SETTINGS, text.name);
    (text.switchable && usable).then(|| {
        view! { <LinkButton label about=text.title href kind size=Size::Small disabled=refused stay=true/> }.into_any()
    })
}

fn look(state: &SettingState) -> (Tone, icondata_core::Icon, &'static str) {
    match state {
        SettingState::On { .. } => (Tone::Good, icons::GOOD, "On"),
        SettingState::Off => (Tone::Warn, icons::WARN, "Off"),
        SettingState::Changing => (Tone::Info, icons::RUNNING, "AWS is changing it"),
        SettingState::NotAvailable => (Tone::Idle, icons::HELP, "Not available from this endpoint"),
        SettingState::Unknown { .. } => (Tone::Bad, icons::BAD, "Could not be read"),
    }
}
