//! Which resource types are backed up in which Region, and the dialog that turns one of them.

use leptos::prelude::*;
use model::{
    paths,
    settings::{
        identity::{Identity, Standing},
        opt_in::{AllRegionSettings, RegionSettings, RegionState, RegionSwitch, TypeSettings},
    },
};

use super::{command::Elsewhere, refused::Refused};
use crate::pages::dialogs::{Failed, FormButton, failure_of, leave_when_done};
use crate::{
    components::{Absent, Card, Column, Dialog, Icon, Kind, Notice, Row, Table, Time, Tone, icons},
    server_fns::settings::ChangeRegionSetting,
    words::counted,
};

const FORM: &str = "change-region-setting";

/// Resource types by Region.
#[component]
pub fn RegionsCard(
    data: AllRegionSettings,
    identity: Identity,
    #[prop(optional_no_strip)] refused: Refused,
) -> impl IntoView {
    let problems: Vec<_> = data.regions.iter().filter_map(problem).collect();
    let mut columns = vec![Column::new("Resource type")];
    columns.extend(data.regions.iter().map(|r| Column::new(r.region.clone())));
    let rows = data.kinds().into_iter().map(|kind| row(&kind, &data.regions, refused.as_ref())).collect();
    let note =
        view! { {format!("as {} has it, checked ", whose(&identity))}<Time at=data.checked_at/> }.into_any();
    let other = identity.is_member().then(|| {
        view! {
            <div class="card-notice">
                <Notice tone=Tone::Warn title="Not the settings that backup policies go by">
                    "What is shown here holds for plans of this account alone. That of the management account can be seen there only."
                </Notice>
            </div>
        }
    });
    let absent = if problems.is_empty() {
        let text = "AWS answers for every Region, and names no resource type.";
        view! { <Absent title="No resource type is told" text/> }
    } else {
        view! { <Absent title="No Region could be read" text="What AWS said is shown above."/> }
    }
    .into_any();
    view! {
        <Card title="Resource types by Region" note flush=true id="regions">
            <p class="card-intro muted">
                "For plans of backup policies, the opt-in of the management account decides in every account. A type that is off is not backed up where a policy selects by tag."
            </p>
            {other}
            {problems}
            <div class="regions"><Table caption="Resource types by Region" columns rows absent/></div>
        </Card>
    }
}

/// The account that answers for itself.
fn whose(identity: &Identity) -> String {
    match identity {
        Identity::Known { standing: Standing::Management, .. } => "the management account".to_owned(),
        Identity::Known { account, .. } => format!("account {account}"),
        Identity::Unknown { .. } => "this account".to_owned(),
    }
}

fn problem(region: &RegionSettings) -> Option<AnyView> {
    let (tone, title, text) = match &region.state {
        RegionState::Known { .. } => return None,
        RegionState::NotAvailable => (
            Tone::Info,
            format!("{}: not available from this endpoint", region.region),
            "The AWS endpoint in use does not offer the settings of Regions.".to_owned(),
        ),
        RegionState::Unknown { reason } => {
            (Tone::Bad, format!("{} could not be read", region.region), reason.clone())
        }
    };
    Some(view! { <div class="card-notice"><Notice tone title>{text}</Notice></div> }.into_any())
}

fn row(kind: &str, regions: &[RegionSettings], refused: Option<&String>) -> Row {
    let mut cells = vec![view! { {kind.to_owned()} }.into_any()];
    cells.extend(regions.iter().map(|region| match region.of(kind) {
        None => ().into_any(),
        Some(settings) => cell(region, settings, refused),
    }));
    Row::new(cells)
}

fn cell(region: &RegionSettings, settings: &TypeSettings, refused: Option<&String>) -> AnyView {
    let managed = settings
        .full_management
        .map(|on| toggle(region, settings, RegionSwitch::FullManagement, on, refused));
    view! {
        <div class="region-cell">
            {toggle(region, settings, RegionSwitch::OptIn, settings.opted_in, refused)}
            {managed}
        </div>
    }
    .into_any()
}

/// How it stands, as a link to the dialog that turns it.
fn toggle(
    region: &RegionSettings,
    settings: &TypeSettings,
    switch: RegionSwitch,
    on: bool,
    refused: Option<&String>,
) -> AnyView {
    let (region, kind) = (&region.region, &settings.kind);
    let href = format!(
        "{}?region={}&kind={}&switch={}",
        paths::SETTINGS,
        paths::encode(region),
        paths::encode(kind),
        switch.name()
    );
    let (tone, icon) = if on { (Tone::Good, icons::GOOD) } else { (Tone::Idle, icons::STOPPED) };
    let word = match (switch, on) {
        (RegionSwitch::OptIn, true) => "On",
        (RegionSwitch::OptIn, false) => "Off",
        (RegionSwitch::FullManagement, true) => "Full management",
        (RegionSwitch::FullManagement, false) => "No full management",
    };
    let about = format!(", {} of {kind} in {region}", switch.title().to_lowercase());
    let refused = refused.cloned();
    let usable = refused.is_none();
    view! {
        <a
            class="region-toggle"
            data-tone=tone.as_str()
            href=usable.then_some(href)
            role="link"
            tabindex="0"
            data-noscroll=""
            title=refused.clone()
            aria-disabled=(!usable).then_some("true")
            aria-description=refused
        >
            <Icon icon size=14/>
            <span>{word}</span>
            <span class="visually-hidden">{about}</span>
        </a>
    }
    .into_any()
}

/// Turns one switch to what it is not.
#[component]
pub fn SwitchDialog(
    data: AllRegionSettings,
    region: String,
    kind: String,
    switch: String,
    #[prop(optional_no_strip)] refused: Refused,
    reload: Callback<()>,
) -> impl IntoView {
    let found = data.regions.iter().find(|r| r.region == region);
    let settings = found.and_then(|r| r.of(&kind));
    let policies = found.map_or(0, |r| r.policies);
    let switch = RegionSwitch::from_name(&switch).unwrap_or(RegionSwitch::OptIn);
    let on = settings.and_then(|s| match switch {
        RegionSwitch::OptIn => Some(s.opted_in),
        RegionSwitch::FullManagement => s.full_management,
    });
    let (unknown, on) = (on.is_none(), on.unwrap_or_default());
    let (verb, action_kind) = if on { ("Turn off", Kind::Danger) } else { ("Turn on", Kind::Primary) };
    let change = ServerAction::<ChangeRegionSetting>::new();
    let what = format!("{} of {kind} in {region}", switch.title());
    let said = {
        let what = what.clone();
        move || format!("{what} is {}.", if on { "off" } else { "on" })
    };
    leave_when_done(change, said, reload, paths::SETTINGS.to_owned());
    let failure = failure_of(change);
    let disabled = Signal::derive(move || {
        refused.clone().or_else(|| unknown.then(|| "AWS does not list this here.".to_owned()))
    });
    let action =
        view! { <FormButton verb kind=action_kind disabled busy=change.pending() form=FORM/> }.into_any();
    let command = switch.command(&region, &kind, !on);
    let tone = if on { Tone::Warn } else { Tone::Info };
    let consequence = switch.consequence(&region, &kind, !on);
    let names = if policies == 1 { "names" } else { "name" };
    let reach = format!("{} {names} {region}.", counted(policies, "backup policy"));
    let title = format!("{verb} {} of {kind} in {region}", switch.title().to_lowercase());
    view! {
        <Dialog title close=paths::SETTINGS action>
            <ActionForm action=change attr:id=FORM attr:class="form">
                <input type="hidden" name="region" value=region.clone()/>
                <input type="hidden" name="kind" value=kind.clone()/>
                <input type="hidden" name="switch" value=switch.name()/>
                <input type="hidden" name="turn" value=if on { "off" } else { "on" }/>
                <Notice tone title="What changes">{consequence}</Notice>
                <p>{reach}</p>
                <Failed failure/>
            </ActionForm>
            <Elsewhere summary="AWS CLI and console" about=what commands=vec![(verb, command)] console="AWS Backup, Settings, Service opt-in"/>
        </Dialog>
    }
}
