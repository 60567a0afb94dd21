//! What stays of a tree while the server's answers come and go.

use std::{collections::HashSet, sync::Arc};

use leptos::prelude::*;
use model::{
    TargetId,
    organization::{TreeQuery, TreeRow},
};

/// What the rows share, and what of them changes while they stay: so opening one row touches no other. Make it once, in the
/// body of the page or dialog that the tree stands in: rows outlive the answer that brought them.
#[derive(Clone)]
pub struct TreeState {
    query: Signal<TreeQuery>,
    path: Arc<str>,
    on_query: Option<Callback<TreeQuery>>,
    /// The rows that are open, as the server answered last.
    open: RwSignal<HashSet<TargetId>>,
    owner: Owner,
}

impl TreeState {
    /// A tree that shows what `query` says, on the page or dialog at `path`. Opening a row follows a link to the address that
    /// shows more; with `on_query` that is asked for in place.
    pub fn new(
        path: impl Into<Arc<str>>,
        query: impl Into<Signal<TreeQuery>>,
        on_query: Option<Callback<TreeQuery>>,
    ) -> Self {
        Self {
            query: query.into(),
            path: path.into(),
            on_query,
            open: RwSignal::default(),
            owner: Owner::current().unwrap_or_default(),
        }
    }

    /// Takes over which rows are open.
    pub(super) fn answered(&self, rows: &[TreeRow]) {
        self.open.set(rows.iter().filter(|row| row.open).map(|row| row.id.clone()).collect());
    }

    /// Whether only matches are shown.
    pub(super) fn is_narrowed(&self) -> bool {
        self.query.read_untracked().is_narrowed()
    }

    /// Whether a row is open.
    pub(super) fn is_open(&self, id: &TargetId) -> Memo<bool> {
        let (open, id) = (self.open, id.clone());
        Memo::new(move |_| open.with(|open| open.contains(&id)))
    }

    /// The address that shows what is shown now, changed by `change`.
    pub(super) fn href(
        &self,
        change: impl Fn(&TreeQuery) -> TreeQuery + Send + Sync + 'static,
    ) -> Signal<String> {
        let (query, path) = (self.query, self.path.clone());
        Signal::derive(move || query.with(|query| change(query).address(&path)))
    }

    /// Shows what is shown now, changed by `change`, in place. False where the link is to be followed instead.
    pub(super) fn show(&self, change: impl Fn(&TreeQuery) -> TreeQuery) -> bool {
        let Some(on_query) = self.on_query else { return false };
        on_query.run(self.query.with_untracked(change));
        true
    }

    /// Makes a row that lives as long as it is shown.
    pub(super) fn owned<T>(&self, make: impl FnOnce() -> T) -> (Owner, T) {
        let owner = self.owner.with(Owner::new);
        let made = owner.with(make);
        (owner, made)
    }
}
