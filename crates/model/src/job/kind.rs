//! What a job does.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::IdError;

/// What a job does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    Backup,
    Copy,
    Restore,
}

impl JobKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Backup, Self::Copy, Self::Restore];

    /// As stored and in URLs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Backup => "backup",
            Self::Copy => "copy",
            Self::Restore => "restore",
        }
    }

    /// As people read it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Backup => "Backup",
            Self::Copy => "Copy",
            Self::Restore => "Restore",
        }
    }

    /// From its stored name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == name)
    }
}

impl FromStr for JobKind {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        Self::from_name(text).ok_or_else(|| IdError::new(text, "backup, copy or restore"))
    }
}
