//! One setting: a single value or a list, with what it means and what is wrong with it.

use form::{FormItem, Reading, check, reading};
use leptos::prelude::*;
use policy::{
    Path, Severity,
    vocabulary::{Form, Kind},
};

use super::{
    field::{SettingField, field_id},
    help::field_help,
    single::{Choice, Text},
    values::Values,
};
use crate::{
    components::{Button, Field, Kind as ButtonKind, Pill, Size, Tone, icons},
    pages::policies::workspace::draft::Draft,
};

/// One setting with its label.
#[component]
pub fn Setting(draft: Draft, item: FormItem, entry: Path) -> impl IntoView {
    let at = item.at(&entry);
    let row = item.row;
    let reading = {
        let at = at.clone();
        Memo::new(move |_| {
            draft
                .checked
                .with(|c| c.document.as_ref().map_or(Reading::Absent, |d| reading::read(d, &at, row)))
        })
    };
    let error = error(draft, at.to_string());
    let (form, list) = match row.kind {
        Kind::List { of, .. } => (of, true),
        Kind::Scalar(form) => (form, false),
        Kind::Object(_) | Kind::Named(..) => return ().into_any(),
    };
    let now = draft.now.get_value();
    let help = Signal::derive(move || {
        reading.with(|reading| {
            let value = if let Reading::Single(text) = reading { Some(&**text) } else { None };
            Some(field_help(row, form, value, now))
        })
    });
    let field = SettingField {
        draft,
        id: field_id(&at),
        title: item.title(),
        needed: row.need.in_document,
        reading,
        error,
        at: at.clone(),
    };
    let extra = extra(draft, at.clone(), reading).into_any();
    let json_only = Memo::new(move |_| reading.with(|reading| *reading == Reading::JsonOnly));
    let id = field.id.clone();
    let control = move || {
        let field = field.clone();
        match (json_only.get(), list, form) {
            (true, ..) => view! { <JsonOnlySetting draft at=field.at/> }.into_any(),
            (_, true, _) => view! { <Values field form/> }.into_any(),
            (_, _, Form::OneOf(words)) => view! { <Choice field words/> }.into_any(),
            _ => view! { <Text field form unit=row.unit/> }.into_any(),
        }
    };
    let wide = list || matches!(form, Form::RoleArn | Form::CopyVaultArn | Form::AirGappedVaultArn);
    view! {
        <div class="policy-setting" data-wide=wide>
            <Field id label=item.title() help error extra>{control}</Field>
        </div>
    }
    .into_any()
}

fn error(draft: Draft, shown: String) -> Signal<Option<String>> {
    Memo::new(move |_| {
        draft.problems.with(|all| {
            // Remarks hold for every policy of its kind; the list of problems has them.
            let own = check::problems_at(all, &shown).into_iter().find(|p| p.severity != Severity::Info);
            own.map(|p| format!("{} {}", check::sentence(&p.message), check::sentence(&p.help)))
        })
    })
    .into()
}

/// Beside the label: the operator of a single value, and what lower levels may do.
fn extra(draft: Draft, at: Path, reading: Memo<Reading>) -> impl IntoView {
    let lock = Memo::new(move |_| {
        draft.checked.with(|c| c.document.as_ref().and_then(|d| reading::control_in_words(d, &at)))
    });
    view! {
        {move || reading.with(|r| matches!(r, Reading::Single(_))).then(|| view! { <Pill text="assign" code=true/> })}
        {move || lock.get().map(|words| view! { <Pill text=words tone=Tone::Warn icon=icons::LOCK code=true/> })}
    }
}

/// A setting that the form cannot show without changing it.
#[component]
fn JsonOnlySetting(draft: Draft, at: Path) -> impl IntoView {
    let go = move |_| {
        let span = draft
            .checked
            .with_untracked(|c| c.document.as_ref().and_then(|d| d.member(&at).map(|m| m.key_span)));
        if let Some(span) = span {
            draft.go_to(span.line, span.column, span.columns);
        }
    };
    view! {
        <div class="odd">
            <span class="muted">"Written in a way that the form does not show."</span>
            <Button label="Show in JSON" size=Size::Small kind=ButtonKind::Quiet on_click=go/>
        </div>
    }
}
