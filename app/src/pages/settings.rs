//! What AWS needs before backup policies and cross-account monitoring work: live, each with its switch.

mod change;
mod command;
mod delegation;
mod exports;
mod features;
mod identity;
mod opt_in;
mod permissions;
mod put_back;
mod refused;
mod review;
mod row;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use model::{
    access::{self, Action},
    paths,
    session::Me,
    settings::{Setting, SettingState, SettingStatus, Settings, features::Step},
};

use crate::{
    components::{Button, Card, LinkButton, PageHeader, Time, icons, load, load_page},
    error::AppError,
    server_fns,
    words::counted,
};
use change::ChangeDialog;
use delegation::{DelegationCard, RegisterDialog, RemoveDialog};
use exports::ExportsCard;
use features::{FeaturesCard, FeaturesDialog};
use identity::IdentityCard;
use opt_in::{RegionsCard, SwitchDialog};
pub use permissions::PermissionsPage;
use put_back::PutBackDialog;
use refused::Refused;
use review::ReviewDialog;
use row::SettingRow;

/// The dialog that the address names.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Open {
    Change(Setting),
    Features(Step),
    PutBack(i64),
    Register,
    Remove(String),
    Review,
}

/// The settings page. The address names the dialog that is open: `?change=NAME`, `?all-features=STEP`,
/// `?put-back=EXPORT`, `?administrator=ACCOUNT`, `?delegation=register|review`, `?region=…&kind=…&switch=…`.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let query = use_query_map();
    let get = move |name: &'static str| query.with(|q| q.get(name));
    let open = Memo::new(move |_| {
        let change = get("change").and_then(|name| Setting::from_name(&name)).map(Open::Change);
        let put_back = || get("put-back").and_then(|id| id.parse().ok()).map(Open::PutBack);
        let delegation = || match get("delegation")?.as_str() {
            "register" => Some(Open::Register),
            "review" => Some(Open::Review),
            _ => None,
        };
        let features = || get("all-features").and_then(|step| Step::from_name(&step)).map(Open::Features);
        change
            .or_else(features)
            .or_else(put_back)
            .or_else(delegation)
            .or_else(|| get("administrator").map(Open::Remove))
    });
    let switch = Memo::new(move |_| Some((get("region")?, get("kind")?, get("switch")?)));
    let settings = Resource::new(|| (), |()| read());
    let regions = Resource::new(|| (), |()| server_fns::region_settings());
    let reload = Callback::new(move |()| settings.refetch());
    let reload_regions = Callback::new(move |()| regions.refetch());
    let check = Callback::new(move |()| {
        settings.refetch();
        regions.refetch();
    });
    load_page(settings, move |(data, me)| {
        let refused: Refused =
            me.as_ref().and_then(|me| me.why_not(Action::ChangeSettings, &access::Resource::Organization));
        let dialog = {
            let (data, refused) = (data.clone(), refused.clone());
            move || open.get().map(|open| dialog(open, &data, refused.clone(), reload))
        };
        let region_card = {
            let refused = refused.clone().or_else(|| data.identity.cannot_administer());
            let identity = data.identity.clone();
            load(regions, move |data| {
                let (shown, why) = (data.clone(), refused.clone());
                let dialog = move || {
                    let (region, kind, switch) = switch.get()?;
                    Some(
                        view! { <SwitchDialog data=shown.clone() region kind switch refused=why.clone() reload=reload_regions/> },
                    )
                };
                view! {
                    <RegionsCard data identity=identity.clone() refused=refused.clone()/>
                    {dialog}
                }
            })
        };
        view! {
            <SettingsList data refused check/>
            {region_card}
            {dialog}
        }
    })
}

async fn read() -> Result<(Settings, Option<Me>), AppError> {
    let settings = server_fns::settings().await?;
    Ok((settings, server_fns::frame().await?.me))
}

fn dialog(open: Open, data: &Settings, refused: Refused, reload: Callback<()>) -> AnyView {
    let refused = match open {
        Open::Change(setting) => refused.or_else(|| data.cannot_turn(setting)),
        Open::Features(_) => refused.or_else(|| data.identity.cannot_administer()),
        // Attaching takes no more than managing backup policies does.
        Open::PutBack(_) => refused,
        Open::Register | Open::Remove(_) | Open::Review => {
            refused.or_else(|| data.identity.cannot_administer())
        }
    };
    match open {
        Open::Change(setting) => {
            view! { <ChangeDialog setting data=data.clone() refused reload/> }.into_any()
        }
        Open::Features(step) => {
            view! { <FeaturesDialog step way=data.features.clone() refused reload/> }.into_any()
        }
        Open::PutBack(id) => view! { <PutBackDialog id refused reload/> }.into_any(),
        Open::Register => {
            view! { <RegisterDialog delegation=data.delegation.clone() refused reload/> }.into_any()
        }
        Open::Remove(account) => {
            view! { <RemoveDialog account delegation=data.delegation.clone() refused reload/> }.into_any()
        }
        Open::Review => {
            view! { <ReviewDialog policy=data.delegation.policy.clone() refused reload/> }.into_any()
        }
    }
}

/// How the needed settings stand. What is not known is counted as neither.
fn readiness(rows: &[SettingStatus]) -> String {
    let needed: Vec<&SettingState> =
        rows.iter().filter(|row| !row.setting.text().optional).map(|row| &row.state).collect();
    let of = |is: fn(&SettingState) -> bool| needed.iter().filter(|state| is(state)).count();
    let ready = of(|state| matches!(state, SettingState::On { .. }));
    let parts = [
        (of(|state| matches!(state, SettingState::Off)), "off"),
        (of(|state| matches!(state, SettingState::Changing)), "being changed by AWS"),
        (of(|state| matches!(state, SettingState::NotAvailable)), "not available from this endpoint"),
        (of(|state| matches!(state, SettingState::NotTold | SettingState::Unknown { .. })), "not known"),
    ];
    let others = parts.into_iter().filter(|(n, _)| *n > 0).map(|(n, words)| format!("{n} {words}"));
    let all = counted(needed.len() as u64, "needed setting");
    // “0 of 4 ready” would say that none is, where it is only not known.
    let first = (ready > 0).then(|| format!("{ready} ready"));
    format!("Of {all}: {}", first.into_iter().chain(others).collect::<Vec<_>>().join(", "))
}

#[component]
fn SettingsList(
    data: Settings,
    #[prop(optional_no_strip)] refused: Refused,
    check: Callback<()>,
) -> impl IntoView {
    let subtitle = format!(
        "What AWS needs before backup policies and cross-account monitoring work. {}.",
        readiness(&data.rows)
    );
    let note = view! { "checked "<Time at=data.checked_at/> }.into_any();
    let actions = view! {
        <LinkButton label="Permissions" href=paths::PERMISSIONS/>
        <span data-needs-script=""><Button label="Check again" icon=icons::REFRESH on_click=move |_| check.run(())/></span>
    };
    let turn = |setting| refused.clone().or_else(|| data.cannot_turn(setting));
    let rows: Vec<_> = data.rows.iter().map(|row| (row.clone(), turn(row.setting))).collect();
    let (missing, ids, identity) = (data.missing, data.ids, data.identity);
    let delegating = refused.clone().or_else(|| identity.cannot_administer());
    let rows: Vec<_> =
        rows.into_iter().map(|(row, refused)| view! { <SettingRow row ids=ids.clone() refused/> }).collect();
    view! {
        <PageHeader title="Settings" subtitle=subtitle.into_any() actions=actions.into_any()/>
        <IdentityCard identity/>
        {data.features.map(|way| view! { <FeaturesCard way refused=delegating.clone()/> })}
        <Card title="Organization" note flush=true><ul class="settings-list">{rows}</ul></Card>
        <ExportsCard exports=data.exports missing refused/>
        <DelegationCard delegation=data.delegation refused=delegating/>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_counted_neither_as_ready_nor_as_off() {
        let rows = |states: [SettingState; 4]| {
            let needed = Setting::table().iter().filter(|text| !text.optional);
            let row = |(text, state): (&model::settings::SettingText, _)| SettingStatus {
                setting: text.setting,
                state,
                detail: String::new(),
            };
            readiness(&needed.zip(states).map(row).collect::<Vec<_>>())
        };
        let on = || SettingState::On { since: None };
        let unknown = || SettingState::Unknown { reason: String::new() };
        assert_eq!(rows([on(), on(), on(), on()]), "Of 4 needed settings: 4 ready");
        assert_eq!(
            rows([on(), on(), SettingState::Off, unknown()]),
            "Of 4 needed settings: 2 ready, 1 off, 1 not known"
        );
        assert_eq!(rows([unknown(), unknown(), unknown(), unknown()]), "Of 4 needed settings: 4 not known");
        assert_eq!(
            rows([on(), on(), SettingState::NotAvailable, SettingState::NotTold]),
            "Of 4 needed settings: 2 ready, 1 not available from this endpoint, 1 not known"
        );
    }
}
