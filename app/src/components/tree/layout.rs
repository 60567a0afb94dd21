//! What a tree is for: to lead to its places, or to choose among them.

use std::{collections::BTreeMap, sync::Arc};

use leptos::prelude::*;
use model::{TargetId, organization::TreeRow};

/// How the rows look, and what they are for.
#[derive(Clone)]
pub enum TreeLayout {
    /// A treegrid: names lead to the places' pages, and beside them stand cells in columns.
    Grid(&'static [TreeColumn]),
    /// A list with a box on each row.
    Choice(TreeChoice),
}

/// A column beside the names.
#[derive(Clone, Copy)]
pub struct TreeColumn {
    pub title: &'static str,
    /// Shown before the value on narrow screens.
    pub label: &'static str,
    /// Aligned at its end.
    pub number: bool,
    /// The cell of a row.
    pub cell: fn(&TreeRow) -> AnyView,
}

/// The places that are chosen, by id, with their names. They stay chosen while they are out of sight.
pub type ChosenTargets = RwSignal<BTreeMap<TargetId, String>>;

/// Boxes that belong to a form.
#[derive(Clone)]
pub struct TreeChoice {
    /// Name of the boxes in the form.
    pub name: &'static str,
    /// Id of the form.
    pub form: &'static str,
    pub chosen: ChosenTargets,
    /// What a row says and allows.
    pub row: Arc<dyn Fn(&TreeRow) -> ChoiceRow + Send + Sync>,
}

/// What a row to choose says and allows.
pub struct ChoiceRow {
    /// How the box stands where the reader cannot change it; `None` where they can.
    pub fixed: Option<bool>,
    /// Everything that the row shows, for those who hear it.
    pub spoken: String,
    /// At the row's end.
    pub end: AnyView,
}
