//! Where one is signed in.

use leptos::prelude::*;
use model::team::SessionInfo;
use time::OffsetDateTime;

use crate::{
    components::{Button, Card, Kind, ListRow, Pill, Size, Time, Tone, icons},
    pages::dialogs::{Failed, failure_of},
    server_fns::team::{EndOtherSessions, EndOwnSession},
    words::counted,
};

/// One's sessions, the one that asks first.
#[component]
pub(super) fn SessionsCard(
    sessions: Vec<SessionInfo>,
    now: OffsetDateTime,
    reload: Callback<()>,
) -> impl IntoView {
    let end = ServerAction::<EndOwnSession>::new();
    let end_others = ServerAction::<EndOtherSessions>::new();
    Effect::new(move || {
        if end.value().get().is_some_and(|r| r.is_ok()) || end_others.value().get().is_some_and(|r| r.is_ok())
        {
            reload.run(());
        }
    });
    let others = sessions.iter().filter(|session| !session.current).count();
    let actions = (others > 0).then(|| {
        view! {
            <ActionForm action=end_others><Button label="End all others".to_owned() kind=Kind::Danger size=Size::Small submit=true busy=end_others.pending()/></ActionForm>
        }
        .into_any()
    });
    let note = format!(
        "{}; each ends after 2 hours without use, and after 12 in any case",
        counted(sessions.len() as u64, "session")
    );
    let rows: Vec<_> = sessions.into_iter().map(|session| row(session, now, end)).collect();
    view! {
        <Card title="Sessions" note=note.into_any() actions=actions.unwrap_or_else(|| ().into_any()) flush=true>
            <ul class="settings-list">{rows}</ul>
            <Failed failure=failure_of(end)/>
            <Failed failure=failure_of(end_others)/>
        </Card>
    }
}

fn row(session: SessionInfo, now: OffsetDateTime, end: ServerAction<EndOwnSession>) -> impl IntoView {
    let place = if session.address.is_empty() { "address not known".to_owned() } else { session.address };
    let browser = if session.browser.is_empty() { "A browser".to_owned() } else { session.browser };
    let about = format!("{browser}, {place}");
    let action = if session.current {
        view! { <Pill text="this one" tone=Tone::Good icon=icons::CHECK/> }.into_any()
    } else {
        view! {
            <ActionForm action=end>
                <input type="hidden" name="session" value=session.name/>
                <Button label="End".to_owned() about size=Size::Small submit=true busy=end.pending()/>
            </ActionForm>
        }
        .into_any()
    };
    let note = view! { {place}" · since "<Time at=session.since/>" · used "<Time at=session.used_at now=Some(now)/> };
    view! { <ListRow icon=icons::LAPTOP title=browser note=note.into_any() action/> }
}
