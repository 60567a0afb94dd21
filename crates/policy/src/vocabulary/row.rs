//! How rows of the table are written: a constructor for each kind, and what else is to be said chained to it.

use super::form::Form;
use super::{Key, Kind, Need};

pub(super) const fn object(
    key: &'static str,
    title: &'static str,
    help: &'static str,
    keys: &'static [Key],
) -> Key {
    row(key, title, help, Kind::Object(keys))
}

pub(super) const fn named(
    key: &'static str,
    title: &'static str,
    help: &'static str,
    names: Form,
    each: &'static Key,
) -> Key {
    row(key, title, help, Kind::Named(names, each))
}

pub(super) const fn scalar(key: &'static str, title: &'static str, help: &'static str, form: Form) -> Key {
    row(key, title, help, Kind::Scalar(form))
}

pub(super) const fn list(
    key: &'static str,
    title: &'static str,
    help: &'static str,
    of: Form,
    may_be_empty: bool,
) -> Key {
    row(key, title, help, Kind::List { of, may_be_empty })
}

const fn row(key: &'static str, title: &'static str, help: &'static str, kind: Kind) -> Key {
    let need = Need { in_document: false, in_effective: false, unless: None };
    Key { key, title, help, kind, need, default: "", unit: "", elements: None, quota: None }
}

impl Key {
    pub(super) const fn in_document(mut self) -> Self {
        self.need.in_document = true;
        self
    }

    pub(super) const fn in_effective(mut self) -> Self {
        self.need.in_effective = true;
        self
    }

    pub(super) const fn unless(mut self, key: &'static str) -> Self {
        self.need.unless = Some(key);
        self
    }

    pub(super) const fn default(mut self, default: &'static str) -> Self {
        self.default = default;
        self
    }

    pub(super) const fn unit(mut self, unit: &'static str) -> Self {
        self.unit = unit;
        self
    }

    pub(super) const fn elements(mut self, least: usize, most: usize) -> Self {
        self.elements = Some((least, most));
        self
    }

    pub(super) const fn quota(mut self, most: usize) -> Self {
        self.quota = Some(most);
        self
    }
}
