//! What processes and open pages tell each other: that something changed, never what it is now.

use std::{fmt, str::FromStr};

/// What changed. Its name goes over the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    /// The organization has a new generation.
    Organization,
    /// Jobs came or changed.
    Jobs,
    /// How far the sync is, or how it ended.
    Sync,
    /// A sync was asked for, or another process syncs now.
    SyncRequest,
    /// The change set with this number, or one of its steps.
    Change(i64),
    /// There is a task in the queue, or one was given back.
    Tasks,
    /// Somebody signed out, or may not sign in any more.
    Sessions,
}

/// Told to pages in the place of a topic where news may have been missed.
pub const GAP: &str = "gap";

impl Topic {
    /// Topics without a number, with their names.
    const TABLE: [(Self, &'static str); 6] = [
        (Self::Organization, "organization"),
        (Self::Jobs, "jobs"),
        (Self::Sync, "sync"),
        (Self::SyncRequest, "sync_request"),
        (Self::Tasks, "tasks"),
        (Self::Sessions, "sessions"),
    ];
    const CHANGE: &'static str = "change:";

    /// Whether pages show something of it; the rest concerns processes only.
    #[must_use]
    pub const fn is_for_pages(self) -> bool {
        match self {
            Self::Organization | Self::Jobs | Self::Sync | Self::Change(_) => true,
            Self::SyncRequest | Self::Tasks | Self::Sessions => false,
        }
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Change(id) => write!(f, "{}{id}", Self::CHANGE),
            topic => f.write_str(Self::TABLE.iter().find(|(t, _)| t == topic).map_or("", |(_, name)| name)),
        }
    }
}

/// Not the name of a topic of this version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no news is called “{0}”")]
pub struct UnknownTopic(pub String);

impl FromStr for Topic {
    type Err = UnknownTopic;
    fn from_str(text: &str) -> Result<Self, UnknownTopic> {
        let change = || text.strip_prefix(Self::CHANGE)?.parse().ok().map(Self::Change);
        let named = Self::TABLE.iter().find(|(_, name)| *name == text).map(|(topic, _)| *topic);
        named.or_else(change).ok_or_else(|| UnknownTopic(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_is_read_back_from_its_name() {
        let topics = Topic::TABLE.iter().map(|(topic, _)| *topic).chain([Topic::Change(42)]);
        for topic in topics {
            assert_eq!(topic.to_string().parse(), Ok(topic));
        }
        for unknown in ["", "change:", "change:x", "weather", GAP] {
            assert_eq!(unknown.parse::<Topic>(), Err(UnknownTopic(unknown.to_owned())));
        }
    }
}
