//! Rows in bulk: as one JSON array, whose members are called as the columns.

use serde::Serialize;
use serde_json::Value;
use sqlx::types::Json;

use crate::StoreError;

/// An array for `jsonb_to_recordset`.
pub(crate) fn rows<T: Serialize>(rows: &[T]) -> Result<Json<Value>, StoreError> {
    value(rows)
}

/// A value for a column of type `jsonb`. Zero characters, which Postgres cannot keep in a text, are replaced.
pub(crate) fn value<T: Serialize + ?Sized>(value: &T) -> Result<Json<Value>, StoreError> {
    let mut value = serde_json::to_value(value).map_err(|e| StoreError::Other(e.into()))?;
    clean(&mut value);
    Ok(Json(value))
}

fn clean(value: &mut Value) {
    match value {
        Value::String(text) if text.contains('\0') => *text = text.replace('\0', "\u{fffd}"),
        Value::Array(members) => members.iter_mut().for_each(clean),
        Value::Object(members) => members.values_mut().for_each(clean),
        _ => {}
    }
}
