//! What AWS does not show of an organization of which it shows the rest.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// A sort of parts that are asked for one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The document of a policy.
    PolicyText,
    /// What a policy is attached to.
    PolicyTargets,
    /// In which order policies are on a target: it decides who wins.
    Order,
    /// The OUs in a root or OU.
    Ous,
    /// A row of a list that holds no id, or one that cannot be one.
    Row,
}

impl Part {
    /// Each with its stored name, and what of it is not known.
    pub const TABLE: [(Self, &str, &str); 5] = [
        (Self::PolicyText, "policy_text", "The document of"),
        (Self::PolicyTargets, "policy_targets", "What is attached to which target by"),
        (Self::Order, "order", "The order of the policies on"),
        (Self::Ous, "ous", "The OUs in"),
        (Self::Row, "row", "A row of"),
    ];

    /// As stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::TABLE.iter().find(|(part, ..)| *part == self).map_or("", |(_, name, _)| name)
    }

    /// From its stored name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::TABLE.iter().find(|(_, known, _)| *known == name).map(|(part, ..)| *part)
    }

    /// The beginning of a sentence that the part's name goes on with.
    #[must_use]
    pub fn words(self) -> &'static str {
        Self::TABLE.iter().find(|(part, ..)| *part == self).map_or("", |(.., words)| words)
    }
}

/// A part that could not be read. What is shown of it is older, or nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnreadPart {
    pub part: Part,
    /// Id of the policy, root or OU; the name of the list for a row.
    pub id: String,
    /// Why, in AWS's words or ours.
    pub reason: String,
    /// When it could not be read for the first time in a row.
    #[serde(with = "time::serde::rfc3339")]
    pub since: OffsetDateTime,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_is_found_by_its_stored_name() {
        for (part, name, words) in Part::TABLE {
            assert_eq!((Part::from_name(name), part.as_str(), part.words()), (Some(part), name, words));
        }
        assert_eq!(Part::from_name("something newer"), None);
    }
}
