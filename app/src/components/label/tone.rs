//! The five tones of a status, and the accent.

use icondata_core::Icon as IconData;

use super::icon::icons;

/// What a status means to the reader. Never shown by colour alone: each has its own icon, and goes with a word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// As it should be.
    Good,
    /// Broken: somebody should act.
    Bad,
    /// Works, but not as it should.
    Warn,
    /// Going on, or worth knowing.
    Info,
    /// Neither good nor bad.
    #[default]
    Idle,
    /// Ours: a policy, a chosen thing.
    Accent,
}

impl Tone {
    /// The value of `data-tone`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Idle => "idle",
            Self::Accent => "accent",
        }
    }

    /// The icon that goes with it.
    #[must_use]
    pub fn icon(self) -> IconData {
        match self {
            Self::Good => icons::GOOD,
            Self::Bad => icons::BAD,
            Self::Warn => icons::WARN,
            Self::Info => icons::INFO,
            Self::Idle | Self::Accent => icons::IDLE,
        }
    }
}
