//! One setting: how it stands, why it matters, its button, and who else can turn it.

use leptos::prelude::*;
use model::{
    paths,
    settings::{OwnIds, Setting, SettingState, SettingStatus, SettingText},
};

use super::{command::Elsewhere, features::PLACE, refused::Refused};
use crate::components::{Icon, Kind, LinkButton, Size, Time, Tone, icons};

/// A row of the list.
#[component]
pub fn SettingRow(
    row: SettingStatus,
    ids: OwnIds,
    #[prop(optional_no_strip)] refused: Refused,
) -> impl IntoView {
    let text = row.setting.text();
    let (tone, icon, word) = look(&row.state, text);
    let since = match &row.state {
        SettingState::On { since: Some(at) } => Some(view! { " since "<Time at=*at/> }),
        _ => None,
    };
    let detail = (!row.detail.is_empty()).then(|| format!(" {}.", row.detail));
    let problem = match &row.state {
        SettingState::Unknown { reason } => Some(reason.clone()),
        SettingState::NotAvailable => Some("The AWS endpoint in use does not offer this.".to_owned()),
        SettingState::NotTold => Some(
            "AWS answers, and leaves this setting out: most likely nobody has ever turned it.".to_owned(),
        ),
        _ => None,
    };
    // Where there is no button, the way around it is what the row is for.
    let open = problem.is_some();
    view! {
        <li class="setting" id=text.name>
            <span class="setting-icon" data-tone=tone.as_str()><Icon icon size=18/></span>
            <div class="setting-text">
                <h3>
                    {text.title}" "
                    {text.optional.then(|| view! { <span class="setting-optional">"optional"</span> })}
                </h3>
                <p class="muted"><span class="setting-state" data-tone=tone.as_str()>{word}{since}"."</span>" "{text.why}{detail}</p>
                {problem.map(|problem| view! { <p class="muted">{problem}</p> })}
                <Elsewhere summary="AWS CLI and console" about=text.title changes=changes(&row) commands=commands(&row, &ids) console=text.console open/>
            </div>
            <div class="setting-action">{switch(&row, refused)}</div>
        </li>
    }
}

/// What the commands change, as `Turn off: …`.
fn changes(row: &SettingStatus) -> String {
    let text = row.setting.text();
    let said = |on: bool| format!("{}: {}", text.verb(on), if on { text.on } else { text.off });
    match row.state {
        SettingState::On { .. } => said(false),
        SettingState::Off => said(true),
        _ => format!("{} {}", said(true), said(false)),
    }
}

/// The commands that make sense as it stands, each with what it does.
fn commands(row: &SettingStatus, ids: &OwnIds) -> Vec<(&'static str, String)> {
    let text = row.setting.text();
    let [on, off] = text.commands;
    let is = matches!(row.state, SettingState::On { .. });
    let turn_on = (!is && !on.is_empty()).then_some((text.verb(true), on));
    let turn_off = (row.state != SettingState::Off && !off.is_empty()).then_some((text.verb(false), off));
    let all = [Some(("Show", text.look)), turn_on, turn_off];
    all.into_iter().flatten().map(|(what, command)| (what, ids.fill(command))).collect()
}

/// The button that leads to the dialog; disabled with the reason where it cannot be used.
fn switch(row: &SettingStatus, refused: Refused) -> Option<AnyView> {
    let text = row.setting.text();
    let on = matches!(row.state, SettingState::On { .. });
    let usable = on || matches!(row.state, SettingState::Off | SettingState::NotTold);
    let label = text.verb(!on);
    let kind = match (on, text.typed_confirmation, text.optional) {
        (true, true, _) => Kind::Danger,
        (false, _, false) => Kind::Primary,
        _ => Kind::Normal,
    };
    if row.setting == Setting::AllFeatures && row.state == SettingState::Off {
        let href = format!("#{PLACE}");
        return Some(
            view! { <LinkButton label="See the steps" about=text.title href size=Size::Small reload=true/> }
                .into_any(),
        );
    }
    let href = format!("{}?change={}", paths::SETTINGS, text.name);
    (usable && text.turns(!on)).then(|| {
        view! { <LinkButton label about=text.title href kind size=Size::Small disabled=refused stay=true/> }.into_any()
    })
}

fn look(state: &SettingState, text: &SettingText) -> (Tone, icondata_core::Icon, &'static str) {
    let [on, off] = text.states;
    match state {
        SettingState::On { .. } => (Tone::Good, icons::GOOD, on),
        SettingState::Off if text.optional => (Tone::Idle, icons::STOPPED, off),
        SettingState::Off => (Tone::Warn, icons::WARN, off),
        SettingState::Changing => (Tone::Info, icons::RUNNING, "AWS is changing it"),
        SettingState::NotTold => (Tone::Idle, icons::HELP, "AWS does not tell"),
        SettingState::NotAvailable => (Tone::Idle, icons::HELP, "Not available from this endpoint"),
        SettingState::Unknown { .. } => (Tone::Bad, icons::BAD, "Could not be read"),
    }
}
