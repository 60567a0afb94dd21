//! Calls everything of this crate that a page could call in a browser. `cargo xtask bench wasm` weighs it.

use std::{hint::black_box, sync::Arc};

use policy::{
    Document, admission, diff,
    fragment::Fragment,
    lint,
    merge::{Attached, Level, merge},
    provenance::traces,
    schedule::Cron,
    validate::validate,
};
use time::OffsetDateTime;

fn main() {
    // What the compiler does not know it cannot work out beforehand.
    let (text, now) = (black_box("{}"), black_box(OffsetDateTime::UNIX_EPOCH));
    let Ok(document) = Document::parse(text) else { return };
    black_box((document.pretty(), document.compact()));
    black_box((admission::check(&document, now), lint::lint(&document, now, &[])));
    black_box(diff::diff_documents(&document, &document, now));

    let attached = Attached { id: text.into(), fragment: Arc::new(Fragment::of(&document)) };
    let merged = merge(&[Level { target: text.into(), policies: vec![attached] }]);
    black_box((
        merged.to_json(),
        traces(&merged),
        validate(&merged, now),
        lint::lint_merged(&merged, now, &[]),
    ));
    black_box(diff::diff_merged(&merged, &merged, now));

    if let Ok(cron) = Cron::parse(text) {
        black_box((cron.describe(), cron.next_runs(now, 5), cron.runs_per_month(now)));
    }
}
