//! Delegated administrators: who they are, both halves, and the dialogs that register and remove them.

use leptos::prelude::*;
use model::{
    paths,
    settings::delegation::{
        DelegatedAdministrator, Delegation, Granted, MOST_ADMINISTRATORS, ResourcePolicy,
    },
};

use super::{command::Elsewhere, refused::Refused};
use crate::pages::dialogs::{Failed, FormButton, failure_of, leave_when_done, with_scripts};
use crate::{
    components::{
        Absent, Card, Column, Dialog, Kind, LinkButton, Notice, Row, Size, Status, Table, TextInput, Time,
        Tone, icons,
    },
    refused::refused as form_refused,
    server_fns::settings::{RegisterDelegatedAdministrator, RemoveDelegatedAdministrator},
    words::counted,
};

const REGISTER: &str = "register-administrator";
const REMOVE: &str = "remove-administrator";

/// The list with what is half done.
#[component]
pub fn DelegationCard(delegation: Delegation, #[prop(optional_no_strip)] refused: Refused) -> impl IntoView {
    let registered = delegation.registered().count();
    let known = delegation.problem.is_none();
    let full = if known {
        (registered >= MOST_ADMINISTRATORS)
            .then(|| format!("AWS Backup takes {MOST_ADMINISTRATORS} at most. Remove one first."))
    } else {
        Some("Who is registered already could not be read.".to_owned())
    };
    let register = format!("{}?delegation=register", paths::SETTINGS);
    let actions = view! {
        <LinkButton label="Register account" href=register icon=icons::ADD size=Size::Small disabled=refused.clone().or(full) stay=true/>
    }
    .into_any();
    let note = if known {
        format!("{registered} of {MOST_ADMINISTRATORS} registered for AWS Backup")
    } else {
        "who is registered is not known".to_owned()
    };
    let note = view! { {note} }.into_any();
    let state = state(&delegation);
    let columns = vec![
        Column::new("Account"),
        Column::new("Registered for AWS Backup"),
        Column::new("Resource policy"),
        Column::unseen("Actions"),
    ];
    let rows = delegation.administrators.into_iter().map(|one| row(one, known, refused.clone())).collect();
    let absent = if known {
        view! {
            <Absent title="No delegated administrator" text="Only the management account sees all jobs and manages backup policies. A member account can do both once it is registered and named in the resource policy."/>
        }
    } else {
        view! { <Absent title="Not known" text="Delegated administrators appear here once they can be read."/> }
    }
    .into_any();
    view! {
        <Card title="Delegated administrators" note actions flush=true id="delegation">
            {state}
            <Table caption="Delegated administrators" columns rows absent/>
        </Card>
    }
}

/// What could not be read, or is half done, with the next step.
fn state(delegation: &Delegation) -> Option<AnyView> {
    let notice = |tone, title: &'static str, text: String, action: Option<AnyView>| {
        let view = match action {
            Some(action) => view! { <Notice tone title action>{text}</Notice> }.into_any(),
            None => view! { <Notice tone title>{text}</Notice> }.into_any(),
        };
        Some(view! { <div class="card-notice">{view}</div> }.into_any())
    };
    if let Some(problem) = &delegation.problem {
        return notice(Tone::Bad, "The delegated administrators could not be read", problem.clone(), None);
    }
    let half = delegation.half_done().count() as u64;
    match &delegation.policy {
        ResourcePolicy::Unknown { reason } => {
            notice(Tone::Bad, "The resource policy could not be read", reason.clone(), None)
        }
        ResourcePolicy::NotAvailable => notice(
            Tone::Info,
            "The resource policy is not available from this endpoint",
            "Whether delegated administrators may manage backup policies is not known.".into(),
            None,
        ),
        policy if policy.is_due() => {
            let href = format!("{}?delegation=review", paths::SETTINGS);
            let kind = if half > 0 { Kind::Primary } else { Kind::Normal };
            let action =
                view! { <LinkButton label="Review delegation policy" href kind size=Size::Small stay=true/> };
            let (tone, title, text) = if half > 0 {
                let text = format!(
                    "{} with one half only: registered without a resource policy that lets it manage backup policies, or the other way round.",
                    counted(half, "account")
                );
                (Tone::Warn, "Half done", text)
            } else {
                let text =
                    "Other statements give the accounts what they need. Holdfast's own would say it plainly.";
                (Tone::Info, "The delegation policy is not Holdfast's", text.to_owned())
            };
            notice(tone, title, text, Some(action.into_any()))
        }
        ResourcePolicy::Known { .. } => None,
    }
}

fn row(one: DelegatedAdministrator, known: bool, refused: Refused) -> Row {
    let name = if one.name.is_empty() { "Not in this organization".to_owned() } else { one.name.clone() };
    let id = one.account.to_string();
    let account = view! { {name.clone()}" "<span class="mono muted nowrap">{id.clone()}</span> }.into_any();
    let since = one.since.map(|at| view! { <span class="muted">" since "<Time at/></span> });
    let registration = if one.registered {
        view! { <Status tone=Tone::Good word="Registered"/>{since} }.into_any()
    } else if known {
        view! { <Status tone=Tone::Warn word="Not registered"/> }.into_any()
    } else {
        view! { <Status tone=Tone::Idle word="Not known"/> }.into_any()
    };
    let (tone, word) = match &one.granted {
        Granted::All => (Tone::Good, "Manages backup policies".to_owned()),
        Granted::Part { missing } => {
            (Tone::Warn, format!("Lacks {}", counted(missing.len() as u64, "action")))
        }
        Granted::Nothing => (Tone::Warn, "Not named".to_owned()),
        Granted::Unknown => (Tone::Idle, "Not known".to_owned()),
    };
    let missing = match &one.granted {
        Granted::Part { missing } => Some(view! { <span class="sub">{missing.join(", ")}</span> }),
        _ => None,
    };
    let href = format!("{}?administrator={id}", paths::SETTINGS);
    let remove = one.registered.then(|| {
        view! { <LinkButton label="Remove" about=name href size=Size::Small disabled=refused stay=true/> }
    });
    Row::new(vec![
        account,
        registration,
        view! { <Status tone word/>{missing} }.into_any(),
        view! { <div class="row-actions">{remove}</div> }.into_any(),
    ])
}

/// Registers one more.
#[component]
pub fn RegisterDialog(
    delegation: Delegation,
    #[prop(optional_no_strip)] refused: Refused,
    reload: Callback<()>,
) -> impl IntoView {
    let register = ServerAction::<RegisterDelegatedAdministrator>::new();
    // Posted without scripts and refused: what was typed is there again.
    let typed = form_refused::<RegisterDelegatedAdministrator>();
    let account = RwSignal::new(typed.map(|(post, _)| post.field("account").to_owned()).unwrap_or_default());
    let full = delegation.registered().count() >= MOST_ADMINISTRATORS;
    let scripts = with_scripts();
    let disabled = Signal::derive(move || {
        let none = (scripts.get() && account.with(|a| a.trim().is_empty()))
            .then(|| "Enter an account id first.".to_owned());
        let full = full.then(|| format!("AWS Backup takes {MOST_ADMINISTRATORS} at most. Remove one first."));
        refused.clone().or(full).or(none)
    });
    let said = || "The account is registered. Next: the resource policy.".to_owned();
    leave_when_done(register, said, reload, format!("{}?delegation=review", paths::SETTINGS));
    let failure = failure_of(register);
    let error = Signal::derive(move || failure.get().and_then(|f| f.field("account").map(str::to_owned)));
    let help = "Twelve digits, of an active member account. Its page shows it.".to_owned();
    let commands = vec![(
        "Register",
        "aws organizations register-delegated-administrator --service-principal backup.amazonaws.com --account-id ACCOUNT_ID".to_owned(),
    )];
    let action = view! { <FormButton verb="Register" kind=Kind::Primary disabled busy=register.pending() form=REGISTER/> }.into_any();
    view! {
        <Dialog title="Register a delegated administrator" close=paths::SETTINGS action>
            <ActionForm action=register attr:id=REGISTER attr:class="form">
                <Notice tone=Tone::Info title="What changes">
                    "The account sees the backup, copy and restore jobs of the whole organization. It manages backup policies only once the resource policy names it too: that is the next step."
                </Notice>
                <TextInput name="account" label="Account id" bind=account error help=Some(help) mono=true autocomplete="off"/>
                <Failed failure/>
            </ActionForm>
            <Elsewhere summary="AWS CLI and console" about="Register" commands console="AWS Backup, Settings, Delegated administrators"/>
        </Dialog>
    }
}

/// Removes one.
#[component]
pub fn RemoveDialog(
    account: String,
    delegation: Delegation,
    #[prop(optional_no_strip)] refused: Refused,
    reload: Callback<()>,
) -> impl IntoView {
    let remove = ServerAction::<RemoveDelegatedAdministrator>::new();
    let known = delegation.registered().find(|a| a.account.as_str() == account);
    let name = known.map_or_else(|| account.clone(), |a| format!("{} ({account})", a.name));
    let gone = known.is_none().then(|| "This account is not registered.".to_owned());
    let disabled = Signal::derive(move || refused.clone().or(gone.clone()));
    // Only a policy that can be read can be reviewed.
    let next =
        if matches!(delegation.policy, ResourcePolicy::Known { .. }) { "?delegation=review" } else { "" };
    let said = || "The account is no delegated administrator any more. Next: the resource policy.".to_owned();
    leave_when_done(remove, said, reload, format!("{}{next}", paths::SETTINGS));
    let failure = failure_of(remove);
    let command = format!(
        "aws organizations deregister-delegated-administrator --service-principal backup.amazonaws.com --account-id {account}"
    );
    let action =
        view! { <FormButton verb="Remove" kind=Kind::Danger disabled busy=remove.pending() form=REMOVE/> }
            .into_any();
    view! {
        <Dialog title=format!("Remove {name}") close=paths::SETTINGS action>
            <ActionForm action=remove attr:id=REMOVE attr:class="form">
                <input type="hidden" name="account" value=account.clone()/>
                <Notice tone=Tone::Warn title="What changes">
                    "The account sees only its own jobs from now on. Backup policies stay as they are. What the resource policy grants it stays until that is changed too: that is the next step."
                </Notice>
                <Failed failure/>
            </ActionForm>
            <Elsewhere summary="AWS CLI and console" about="Remove" commands=vec![("Remove", command)] console="AWS Backup, Settings, Delegated administrators"/>
        </Dialog>
    }
}
