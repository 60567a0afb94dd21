//! Every key of the backup-policy language, in one table (spec 1.3). Admission, the validation of effective
//! policies, the editor's forms, its help texts and the reference page are read off it: a new AWS key is one
//! new row in [`TABLE`].

pub mod form;
mod key;
pub mod page;
pub mod regions;
pub mod resource_types;
mod row;
mod table;

use crate::operator::{CONTROL, Operator, is_control};
use crate::path::Path;

pub use form::Form;
pub use key::{Key, Kind, Need};
pub use table::TABLE;

/// The row for the node at `path`; `None` where the language has no such key. Operators are no keys.
pub fn lookup(path: &Path) -> Option<&'static Key> {
    path.segments().iter().try_fold(&TABLE, |row, key| row.row(key))
}

/// How a key directly below `row`, a key of the language or an operator, is usually spelled; `None` for names.
pub fn usual_spelling(row: &'static Key, key: &str) -> Option<&'static str> {
    match Operator::of_key(key) {
        Some(operator) => Some(operator.key()),
        None if is_control(key) => Some(CONTROL),
        None if matches!(row.kind, Kind::Object(_)) => row.row(key).map(|below| below.key),
        None => None,
    }
}

/// Every row with its place, such as `plans/*/rules/*/lifecycle/delete_after_days`, in the table's order.
pub fn rows() -> Vec<(String, &'static Key)> {
    let mut rows = Vec::new();
    add_rows("", &TABLE, &mut rows);
    rows
}

fn add_rows(above: &str, row: &'static Key, rows: &mut Vec<(String, &'static Key)>) {
    for key in row.below() {
        let place = if above.is_empty() { key.key.to_owned() } else { format!("{above}/{}", key.key) };
        rows.push((place.clone(), key));
        add_rows(&place, key, rows);
    }
}

#[cfg(test)]
mod tests;
