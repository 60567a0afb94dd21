//! What changed in AWS outside Holdfast.

use model::{
    Page,
    access::{Action, Resource},
    event::{Event, EventFilter, EventKind},
    organization::AccountState,
    settings::Setting,
    text,
};
use policy::{Document, diff::diff_documents};
use time::OffsetDateTime;

use crate::{Caller, Portal, PortalError, error::checked, sight::Sight};

impl Portal {
    /// A page of what the caller may see of what changed in AWS outside Holdfast, newest first.
    ///
    /// # Errors
    /// Where the caller may not read it, or the database fails.
    pub async fn events(&self, caller: &Caller, filter: &EventFilter) -> Result<Page<Event>, PortalError> {
        self.may(caller, Action::ReadAudit, &Resource::Visible).await?;
        checked([text::SEARCH.check("kind", &filter.kind), text::SEARCH.check("subject", &filter.subject)])?;
        let sight = self.sight_for(caller, Action::ReadAudit).await?;
        let visible = sight.visible(caller);
        let mut page = self.store().events(filter, &visible).await.map_err(PortalError::filtered)?;
        for event in &mut page.rows {
            explain(event);
            keep_elsewhere_unnamed(event, &sight);
        }
        Ok(page)
    }
}

/// Takes away the names of places that are not shown, from where something came or went.
fn keep_elsewhere_unnamed(event: &mut Event, sight: &Sight) {
    if sight.is_whole() || !event.kind.is_of_place() {
        return;
    }
    for place in [&mut event.before, &mut event.after].into_iter().flatten() {
        let id = place.rsplit_once('(').and_then(|(_, id)| id.strip_suffix(')')?.parse().ok());
        if id.and_then(|id| sight.reference(&id)).is_none() {
            "Elsewhere in the organization".clone_into(place);
        }
    }
}

/// Adds what the store does not know: what an edit means, and what a switch is called.
fn explain(event: &mut Event) {
    if event.kind == EventKind::SwitchTurned {
        let setting = Setting::from_name(&event.subject);
        event.subject_name = setting.map(|setting| setting.text().title.to_owned()).unwrap_or_default();
    }
    if let (EventKind::PolicyEdited, Some(before), Some(after)) = (event.kind, &event.before, &event.after) {
        event.changes = changes(before, after, event.seen_at);
    }
    let shown = match event.kind {
        kind if kind.is_of_text() => laid_out,
        EventKind::AccountState => state,
        _ => return,
    };
    for text in [&mut event.before, &mut event.after].into_iter().flatten() {
        *text = shown(text);
    }
}

fn state(stored: &str) -> String {
    let state = serde_json::from_value::<AccountState>(stored.into());
    state.unwrap_or(AccountState::Unknown).word().to_owned()
}

/// AWS keeps texts as they were sent, often in one line.
fn laid_out(text: &str) -> String {
    let value: Option<serde_json::Value> = serde_json::from_str(text).ok();
    value.and_then(|value| serde_json::to_string_pretty(&value).ok()).unwrap_or_else(|| text.to_owned())
}

/// In words; none where a text cannot be read.
fn changes(before: &str, after: &str, at: OffsetDateTime) -> Vec<String> {
    match (Document::parse(before), Document::parse(after)) {
        (Ok(before), Ok(after)) => {
            diff_documents(&before, &after, at).into_iter().map(|change| change.sentence).collect()
        }
        _ => Vec::new(),
    }
}
