//! What is done to one person at the press of one button, with its consequence said before.

use leptos::prelude::*;
use model::{paths, team::Member};

use super::invite::{LinkOnce, leave_with};
use crate::{
    components::{Dialog, Kind, Notice, Tone},
    pages::dialogs::{Failed, FormButton, failure_of, leave_when_done},
    server_fns::team::{DeletePerson, EndSessionsOfPerson, SetPersonDisabled, StartReset},
    words::counted,
};

const FORM: &str = "about-person";

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    Reset,
    EndSessions,
    Disable,
    Enable,
    Delete,
}

impl About {
    pub(super) const ALL: [Self; 5] =
        [Self::Reset, Self::EndSessions, Self::Disable, Self::Enable, Self::Delete];

    /// In the address.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::EndSessions => "end-sessions",
            Self::Disable => "disable",
            Self::Enable => "enable",
            Self::Delete => "delete",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|what| what.name() == name)
    }

    /// The verb of its button.
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Reset => "Make a one-time link",
            Self::EndSessions => "End all sessions",
            Self::Disable => "Disable",
            Self::Enable => "Enable",
            Self::Delete => "Delete",
        }
    }

    /// Whether there is anything to do.
    pub(super) const fn fits(self, member: &Member) -> bool {
        match self {
            Self::Reset => !member.disabled && !member.service,
            Self::Disable => !member.disabled,
            Self::EndSessions => member.sessions > 0,
            Self::Enable => member.disabled,
            Self::Delete => true,
        }
    }

    const fn takes_an_administrator(self) -> bool {
        matches!(self, Self::Disable | Self::Delete)
    }

    fn consequence(self, member: &Member) -> String {
        match self {
            Self::Reset if !member.means.any() => {
                "A new link to join with; an older one ends. It is shown once, and you send it.".into()
            }
            Self::Reset => "A link by which they choose a new password, which you do not learn, a passkey or an identity provider. Once it is used, their \
                sessions, one-time codes, passkeys and known browsers end. Until then nothing changes."
                .into(),
            Self::EndSessions => {
                format!("{} at once. They can sign in again.", ends(member.sessions))
            }
            Self::Disable => format!("They cannot sign in any more, and {} at once. What they did stays.", ends(member.sessions).to_lowercase()),
            Self::Enable => "They can sign in again, with what they had.".into(),
            Self::Delete => "They are removed with their sessions and ways to sign in. The audit list keeps what they did \
                under their name. This cannot be undone."
                .into(),
        }
    }
}

fn ends(sessions: u64) -> String {
    match sessions {
        1 => "1 session ends".into(),
        n => format!("{} end", counted(n, "session")),
    }
}

/// Does one thing to one person.
#[component]
pub(super) fn AboutDialog(
    what: About,
    member: Member,
    /// Why they must stay.
    #[prop(optional_no_strip)]
    kept: Option<&'static str>,
    reload: Callback<()>,
) -> impl IntoView {
    let kept = kept.filter(|_| what.takes_an_administrator());
    let id = member.id;
    match what {
        About::Reset => view! { <ResetDialog member reload/> }.into_any(),
        About::EndSessions => {
            let action = ServerAction::<EndSessionsOfPerson>::new();
            let form =
                view! { <ActionForm action=action attr:id=FORM attr:class="form">{person(id)}</ActionForm> };
            one(what, member, kept, action, form.into_any(), reload)
        }
        About::Disable | About::Enable => {
            let action = ServerAction::<SetPersonDisabled>::new();
            let disabled = (what == About::Disable).to_string();
            let form = view! {
                <ActionForm action=action attr:id=FORM attr:class="form">
                    {person(id)}
                    <input type="hidden" name="disabled" value=disabled/>
                </ActionForm>
            };
            one(what, member, kept, action, form.into_any(), reload)
        }
        About::Delete => {
            let action = ServerAction::<DeletePerson>::new();
            let form =
                view! { <ActionForm action=action attr:id=FORM attr:class="form">{person(id)}</ActionForm> };
            one(what, member, kept, action, form.into_any(), reload)
        }
    }
}

fn person(id: i64) -> AnyView {
    view! { <input type="hidden" name="id" value=id.to_string()/> }.into_any()
}

fn one<S>(
    what: About,
    member: Member,
    kept: Option<&'static str>,
    action: ServerAction<S>,
    form: AnyView,
    reload: Callback<()>,
) -> AnyView
where
    S: leptos::server_fn::ServerFn<Error = crate::error::AppError>
        + Clone
        + serde::Serialize
        + serde::de::DeserializeOwned
        + Send
        + Sync
        + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    let said = format!("{}: {}.", member.name, what.label().to_lowercase());
    leave_when_done(action, move || said.clone(), reload, paths::TEAM.to_owned());
    let failure = failure_of(action);
    let kind = if what == About::Enable { Kind::Primary } else { Kind::Danger };
    let disabled = Signal::derive(move || kept.map(str::to_owned));
    let button = view! { <FormButton verb=what.label() kind disabled busy=action.pending() form=FORM/> };
    let tone = if what == About::Enable { Tone::Info } else { Tone::Warn };
    view! {
        <Dialog title=format!("{}: {}", what.label(), member.name) close=paths::TEAM action=button.into_any()>
            {form}
            <Notice tone title="What changes">{what.consequence(&member)}</Notice>
            {kept.map(|why| view! { <Notice tone=Tone::Warn title="Not possible now">{why}</Notice> })}
            <Failed failure/>
        </Dialog>
    }
    .into_any()
}

/// Makes a link, which is shown this once.
#[component]
fn ResetDialog(member: Member, reload: Callback<()>) -> impl IntoView {
    let start = ServerAction::<StartReset>::new();
    let made = move || start.value().get().and_then(Result::ok);
    let on_close = leave_with(made, reload);
    let done = Signal::derive(move || made().is_some());
    let disabled = Signal::derive(move || done.get().then(|| "The link is made.".to_owned()));
    let (what, id) = (About::Reset, member.id);
    let action = view! { <FormButton verb="Make the link" kind=Kind::Primary disabled busy=start.pending() form=FORM/> };
    view! {
        <Dialog title=format!("{} for {}", what.label(), member.name) close=paths::TEAM on_close begun=done action=action.into_any()>
            <ActionForm action=start attr:id=FORM attr:class="form">{person(id)}</ActionForm>
            <Notice tone=Tone::Info title="What changes">{what.consequence(&member)}</Notice>
            {move || made().map(|link| view! { <LinkOnce link/> })}
            <Failed failure=failure_of(start)/>
        </Dialog>
    }
}
