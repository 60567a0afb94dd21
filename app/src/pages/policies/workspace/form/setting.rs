//! One setting: a single value or a list, with what it means and what is wrong with it.

use form::{FormItem, Reading, check, reading};
use leptos::prelude::*;
use policy::{
    Path, Severity,
    vocabulary::{Form, Kind},
};

use super::{
    super::draft::Work,
    field_id,
    help::field_help,
    single::{Choice, Text},
    values::Values,
};
use crate::components::{Button, Field, Kind as ButtonKind, Pill, Size, Tone, icons};

/// What every kind of field needs to know of its setting.
#[derive(Clone)]
pub struct Of {
    pub work: Work,
    pub at: Path,
    pub id: String,
    /// What it is called, for the names of its controls.
    pub title: String,
    /// Whether the language needs it, so that an empty value stays.
    pub needed: bool,
    pub reading: Memo<Reading>,
    pub error: Signal<Option<String>>,
}

/// One setting with its label.
#[component]
pub fn Setting(work: Work, item: FormItem, entry: Path) -> impl IntoView {
    let at = item.at(&entry);
    let row = item.row;
    let reading = {
        let at = at.clone();
        Memo::new(move |_| {
            work.checked.with(|c| c.document.as_ref().map_or(Reading::Absent, |d| reading::read(d, &at, row)))
        })
    };
    let error = error(work, at.to_string());
    let (form, list) = match row.kind {
        Kind::List { of, .. } => (of, true),
        Kind::Scalar(form) => (form, false),
        Kind::Object(_) | Kind::Named(..) => return ().into_any(),
    };
    let now = work.now.get_value();
    let help = Signal::derive(move || {
        reading.with(|reading| {
            let value = if let Reading::Single(text) = reading { Some(&**text) } else { None };
            Some(field_help(row, form, value, now))
        })
    });
    let of = Of {
        work,
        id: field_id(&at),
        title: item.title(),
        needed: row.need.in_document,
        reading,
        error,
        at: at.clone(),
    };
    let extra = extra(work, at.clone(), reading).into_any();
    let odd = Memo::new(move |_| reading.with(|reading| *reading == Reading::JsonOnly));
    let id = of.id.clone();
    let control = move || {
        let of = of.clone();
        match (odd.get(), list, form) {
            (true, ..) => view! { <Odd work at=of.at/> }.into_any(),
            (_, true, _) => view! { <Values of form/> }.into_any(),
            (_, _, Form::OneOf(words)) => view! { <Choice of words/> }.into_any(),
            _ => view! { <Text of form unit=row.unit/> }.into_any(),
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

fn error(work: Work, shown: String) -> Signal<Option<String>> {
    Memo::new(move |_| {
        work.problems.with(|all| {
            // Remarks hold for every policy of its kind; the list of problems has them.
            let of = check::problems_at(all, &shown).into_iter().find(|p| p.severity != Severity::Info);
            of.map(|p| format!("{} {}", check::sentence(&p.message), check::sentence(&p.help)))
        })
    })
    .into()
}

/// Beside the label: the operator of a single value, and what lower levels may do.
fn extra(work: Work, at: Path, reading: Memo<Reading>) -> impl IntoView {
    let lock = Memo::new(move |_| {
        work.checked.with(|c| c.document.as_ref().and_then(|d| reading::control_in_words(d, &at)))
    });
    view! {
        {move || reading.with(|r| matches!(r, Reading::Single(_))).then(|| view! { <Pill text="assign" code=true/> })}
        {move || lock.get().map(|words| view! { <Pill text=words tone=Tone::Warn icon=icons::LOCK code=true/> })}
    }
}

/// A setting that the form cannot show without changing it.
#[component]
fn Odd(work: Work, at: Path) -> impl IntoView {
    let go = move |_| {
        let span = work
            .checked
            .with_untracked(|c| c.document.as_ref().and_then(|d| d.member(&at).map(|m| m.key_span)));
        if let Some(span) = span {
            work.go_to(span.line, span.column, span.columns);
        }
    };
    view! {
        <div class="odd">
            <span class="muted">"Written in a way that the form does not show."</span>
            <Button label="Show in JSON" size=Size::Small kind=ButtonKind::Quiet on_click=go/>
        </div>
    }
}
