//! Tables: the only place that writes `<table>` for lists, so that head and body are always there.

mod absent;
mod pager;

pub use absent::{Absent, NoMatch};
use leptos::prelude::*;
pub use pager::Pager;

/// A column's heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    title: String,
    number: bool,
    hidden: bool,
}

impl Column {
    /// A column of words.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), number: false, hidden: false }
    }

    /// A column of numbers, aligned at their end.
    pub fn number(title: impl Into<String>) -> Self {
        Self { number: true, ..Self::new(title) }
    }

    /// A column whose heading is spoken, not shown: buttons.
    pub fn unseen(title: impl Into<String>) -> Self {
        Self { hidden: true, ..Self::new(title) }
    }

    fn class(&self) -> Option<&'static str> {
        self.number.then_some("number")
    }

    /// Shown before the value on narrow screens.
    fn label(&self) -> String {
        if self.hidden { String::new() } else { self.title.clone() }
    }

    fn head(&self) -> AnyView {
        let title = self.title.clone();
        if self.hidden {
            view! { <th scope="col"><span class="visually-hidden">{title}</span></th> }.into_any()
        } else {
            view! { <th scope="col" class=self.class()>{title}</th> }.into_any()
        }
    }
}

/// A row: one cell for each column. The first one identifies it.
pub struct Row {
    cells: Vec<AnyView>,
    current: bool,
}

impl Row {
    /// A row of cells, in the order of the columns.
    #[must_use]
    pub const fn new(cells: Vec<AnyView>) -> Self {
        Self { cells, current: false }
    }

    /// Marks the row as the one that the page is about.
    #[must_use]
    pub const fn current(mut self, current: bool) -> Self {
        self.current = current;
        self
    }

    fn view(self, columns: &[Column]) -> AnyView {
        let current = self.current.then_some("true");
        let mut cells = self.cells.into_iter().zip(columns);
        let first = cells.next().map(|(cell, _)| view! { <th scope="row">{cell}</th> });
        let rest: Vec<_> = cells
            .map(|(cell, column)| view! { <td class=column.class() data-label=column.label()>{cell}</td> })
            .collect();
        view! { <tr aria-current=current>{first}{rest}</tr> }.into_any()
    }
}

/// A list of things. On narrow screens each row becomes a block of labelled lines. Where there is no row, `absent` takes
/// their place: [`Absent`] where there is nothing, [`NoMatch`] where the filter leaves nothing.
#[component]
pub fn Table(
    /// What the table lists; spoken, not shown.
    #[prop(into)]
    caption: String,
    columns: Vec<Column>,
    rows: Vec<Row>,
    #[prop(optional)] absent: Option<AnyView>,
    #[prop(optional, into)] id: Option<String>,
) -> impl IntoView {
    let width = columns.len().to_string();
    let head: Vec<_> = columns.iter().map(Column::head).collect();
    let body = if rows.is_empty() {
        view! { <tr data-absent=""><td colspan=width>{absent}</td></tr> }.into_any()
    } else {
        rows.into_iter().map(|row| row.view(&columns)).collect::<Vec<_>>().into_any()
    };
    view! {
        <div class="table-frame">
            <table class="table" data-stack="" id=id>
                <caption class="visually-hidden">{caption}</caption>
                <thead><tr>{head}</tr></thead>
                <tbody>{body}</tbody>
            </table>
        </div>
    }
}
