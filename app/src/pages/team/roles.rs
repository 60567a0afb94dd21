//! What each role may do, from the same table that decides.

use leptos::prelude::*;
use model::{
    Action, Role,
    access::{self, CONFIRMED_MINUTES},
};

use crate::components::{Card, Column, Icon, Row, Table, icons};

/// What is shown of the table: everything that not everybody may.
const SHOWN: [(Action, &str); 10] = [
    (Action::Read, "See"),
    (Action::ReadAudit, "Read the audit list"),
    (Action::Export, "Export"),
    (Action::Sync, "Sync now"),
    (Action::WritePolicy, "Write policies"),
    (Action::AttachPolicy, "Attach them"),
    (Action::Approve, "Approve"),
    (Action::DeletePolicy, "Delete policies"),
    (Action::ChangeSettings, "Settings"),
    (Action::ManageTeam, "Team"),
];

/// Roles against what they may.
#[component]
pub fn RolesCard() -> impl IntoView {
    let columns =
        std::iter::once("Role").chain(SHOWN.iter().map(|(_, title)| *title)).map(Column::new).collect();
    let rows = Role::ALL.into_iter().rev().map(|role| {
        let cells = SHOWN.iter().map(|(action, _)| cell(access::may(role, *action)));
        let name = view! { <strong>{capital(role.word())}</strong> }.into_any();
        Row::new(std::iter::once(name).chain(cells).collect())
    });
    let note = format!(
        "Inside its part of the organization. Delete, settings, team and approving ask for a password, code or passkey of the last {CONFIRMED_MINUTES} minutes."
    );
    view! {
        <Card title="What a role may do" note=note.into_any() flush=true>
            <div class="regions"><Table caption="What a role may do" columns rows=rows.collect()/></div>
        </Card>
    }
}

fn cell(yes: bool) -> AnyView {
    if yes {
        view! { <span class="yes"><Icon icon=icons::CHECK/>"yes"</span> }.into_any()
    } else {
        view! { <span class="muted">"no"</span> }.into_any()
    }
}

/// With its first letter large.
pub fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
