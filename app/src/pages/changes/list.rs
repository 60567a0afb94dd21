//! The newest change sets.

use leptos::prelude::*;
use model::{change::ChangeSet, paths};

use super::status;
use crate::{
    components::{Absent, Column, PageHeader, Row, Table, Time, load_page},
    server_fns,
};

/// The list.
#[component]
pub fn ChangesPage() -> impl IntoView {
    let changes = Resource::new(|| (), |()| server_fns::changes());
    load_page(changes, |changes| view! { <List changes/> })
}

#[component]
fn List(changes: Vec<ChangeSet>) -> impl IntoView {
    let subtitle = match changes.len() {
        100.. => "The newest 100 changes of AWS that were asked for through Holdfast; the audit list has all",
        _ => "What was asked to be changed in AWS through Holdfast, and what became of it",
    };
    let columns = ["Change", "State", "Asked by", "Asked", "Ended"].map(Column::new).to_vec();
    let absent = view! {
        <Absent title="No changes to show" text="Policies that are saved, attached or deleted, and settings that are turned, show here step by step, as far as you may see where."/>
    };
    view! {
        <PageHeader title="Changes" subtitle=subtitle.into_any()/>
        <Table caption="Changes, newest first" columns rows=changes.into_iter().map(row).collect() absent=absent.into_any()/>
    }
}

fn row(change: ChangeSet) -> Row {
    let ended = match change.ended_at {
        Some(at) => view! { <Time at/> }.into_any(),
        None => view! { <span class="muted">"Not yet"</span> }.into_any(),
    };
    let number = format!("Change {}", change.id);
    Row::new(vec![
        view! { <a href=paths::change(change.id)>{change.title}</a><span class="sub">{number}</span> }
            .into_any(),
        status(change.state),
        change.asked_by.into_any(),
        view! { <Time at=change.asked_at/> }.into_any(),
        ended,
    ])
}
