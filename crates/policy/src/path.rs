//! Where something stands in a policy: the keys from the root down.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The keys that lead from the root of a policy to one of its nodes, for example `plans/daily/rules/nightly`.
///
/// The segments are kept apart, because a key the author chose may itself contain a slash (a tag id such as
/// `team/owner`). [`Display`](fmt::Display) joins them with slashes, the form AWS uses in `PathToError`;
/// [`Document::locate`](crate::document::Document::locate) finds the way back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "Vec<String>", into = "Vec<String>")]
pub struct Path(Vec<Arc<str>>);

impl Path {
    /// The document itself.
    pub fn root() -> Self {
        Self::default()
    }

    /// The path of the given keys, each taken as it is.
    pub fn of<S: Into<Arc<str>>>(keys: impl IntoIterator<Item = S>) -> Self {
        Self(keys.into_iter().map(Into::into).collect())
    }

    /// The keys, outermost first.
    pub fn segments(&self) -> &[Arc<str>] {
        &self.0
    }

    /// True for the document itself.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The path of `key` below this one.
    #[must_use]
    pub fn join(&self, key: impl Into<Arc<str>>) -> Self {
        let mut below = self.clone();
        below.push(key);
        below
    }

    /// Steps down to `key`.
    pub fn push(&mut self, key: impl Into<Arc<str>>) {
        self.0.push(key.into());
    }

    /// Steps back up; false at the root.
    pub fn pop(&mut self) -> bool {
        self.0.pop().is_some()
    }

    /// The innermost key; `None` at the root.
    pub fn last(&self) -> Option<&Arc<str>> {
        self.0.last()
    }

    /// The path without its innermost key; `None` at the root.
    pub fn parent(&self) -> Option<Self> {
        self.0.split_last().map(|(_, above)| Self(above.to_vec()))
    }

    /// True if `other` is this node or stands below it.
    pub fn contains(&self, other: &Self) -> bool {
        other.0.starts_with(&self.0)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, key) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str("/")?;
            }
            f.write_str(key)?;
        }
        Ok(())
    }
}

/// Splits at every slash: right for every path whose keys contain none. Empty text is the root.
impl From<&str> for Path {
    fn from(text: &str) -> Self {
        if text.is_empty() { Self::root() } else { Self::of(text.split('/')) }
    }
}

impl From<Vec<String>> for Path {
    fn from(keys: Vec<String>) -> Self {
        Self::of(keys)
    }
}

impl From<Path> for Vec<String> {
    fn from(path: Path) -> Self {
        path.0.iter().map(ToString::to_string).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Path;

    #[test]
    fn a_path_prints_as_its_keys_joined_by_slashes() {
        assert_eq!(Path::of(["plans", "daily", "team/owner"]).to_string(), "plans/daily/team/owner");
        assert_eq!(Path::root().to_string(), "");
    }

    #[test]
    fn text_without_slashes_in_keys_reads_back() {
        assert_eq!(Path::from("plans/daily"), Path::of(["plans", "daily"]));
        assert_eq!(Path::from(""), Path::root());
    }

    #[test]
    fn a_path_contains_itself_and_what_is_below() {
        let plans = Path::from("plans");
        assert!(plans.contains(&plans) && plans.contains(&plans.join("daily")));
        assert!(!plans.join("daily").contains(&plans));
    }

    #[test]
    fn keys_with_slashes_survive_the_wire() {
        let path = Path::of(["tags", "team/owner"]);
        let text = serde_json::to_string(&path).unwrap();
        assert_eq!(text, r#"["tags","team/owner"]"#);
        assert_eq!(serde_json::from_str::<Path>(&text).unwrap(), path);
    }
}
