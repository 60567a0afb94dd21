//! One form for what is compared: effective policies and documents.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use crate::fragment::{Part, Setting};
use crate::merge::Place;
use crate::operator::Operators;

/// A node of a policy.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct View {
    /// Of everything below; computed once, as views are compared with many others.
    fingerprint: u64,
    /// True if anything is set here or below, even if it is left out because it is equal on both sides.
    pub sets_anything: bool,
    /// What is set here; for a document what it assigns and then appends.
    pub value: Option<Setting>,
    pub children: BTreeMap<Arc<str>, Arc<View>>,
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
        let children = children.map(|(key, value)| (key.as_str().into(), Arc::new(Self::of_json(value))));
        Self::effective(setting(json), children.collect())
    }

    /// A node of an effective policy.
    pub(super) fn effective(value: Option<Setting>, children: BTreeMap<Arc<str>, Arc<Self>>) -> Self {
        let sets_anything = value.is_some() || children.values().any(|child| child.sets_anything);
        Self { sets_anything, value, children, ..Self::default() }.sealed()
    }

    /// A node of which equal parts are left out.
    pub(super) fn partial(place: &Place, children: BTreeMap<Arc<str>, Arc<Self>>) -> Self {
        Self { sets_anything: !place.is_empty(), value: place.value().cloned(), children, ..Self::default() }
            .sealed()
    }

    /// With its fingerprint.
    fn sealed(mut self) -> Self {
        let mut hasher = DefaultHasher::new();
        (&self.sets_anything, &self.value, &self.children).hash(&mut hasher);
        (&self.removed, self.adds, self.control).hash(&mut hasher);
        self.fingerprint = hasher.finish();
        self
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
        let children = part.children.iter().map(|(key, child)| (key.clone(), Arc::new(Self::of_part(child))));
        Self {
            removed: part.remove.as_deref().unwrap_or_default().to_vec(),
            adds: part.assign.is_none() && appended.is_some(),
            control: part.control,
            ..Self::effective(value, children.collect())
        }
        .sealed()
    }
}

impl Hash for View {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.fingerprint);
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
