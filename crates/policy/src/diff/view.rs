//! One form for what is compared: effective policies and documents.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::fragment::{Part, Setting};
use crate::operator::Operators;

/// A node of a policy.
#[derive(Debug, Default, PartialEq)]
pub(super) struct View {
    /// What is set here; for a document what it assigns and then appends.
    pub value: Option<Setting>,
    pub children: BTreeMap<Arc<str>, View>,
    /// What a document takes out of what is inherited.
    pub removed: Vec<Arc<str>>,
    /// True where a document adds to what is inherited without replacing it.
    pub adds: bool,
    /// What a document lets lower levels do.
    pub control: Option<Operators>,
}

impl View {
    pub(super) fn of_json(json: &serde_json::Value) -> Self {
        let children = json.as_object().into_iter().flatten();
        Self {
            value: setting(json),
            children: children.map(|(key, value)| (key.as_str().into(), Self::of_json(value))).collect(),
            ..Self::default()
        }
    }

    pub(super) fn of_part(part: &Part) -> Self {
        let appended = part.append.as_deref();
        let value = match (&part.assign, appended) {
            (None, Some(appended)) => Some(Setting::List(appended.into())),
            (Some(Setting::List(assigned)), Some(appended)) => {
                Some(Setting::List(assigned.iter().chain(appended).cloned().collect()))
            }
            (assigned, _) => assigned.clone(),
        };
        Self {
            value,
            children: part.children.iter().map(|(key, child)| (key.clone(), Self::of_part(child))).collect(),
            removed: part.remove.as_deref().unwrap_or_default().to_vec(),
            adds: part.assign.is_none() && appended.is_some(),
            control: part.control,
        }
    }

    /// True if anything is set here or below.
    pub(super) fn sets_anything(&self) -> bool {
        self.value.is_some() || self.children.values().any(Self::sets_anything)
    }
}

fn setting(json: &serde_json::Value) -> Option<Setting> {
    use serde_json::Value;
    let text = |json: &Value| -> Arc<str> {
        match json {
            Value::String(text) => text.as_str().into(),
            other => other.to_string().into(),
        }
    };
    match json {
        Value::Object(_) => None,
        Value::Array(items) => Some(Setting::List(items.iter().map(text).collect())),
        scalar => Some(Setting::Text(text(scalar))),
    }
}
