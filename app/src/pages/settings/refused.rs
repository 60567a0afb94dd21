//! Why somebody may not change the settings.

/// Why the reader may not change anything here; `None` where they may.
pub type Refused = Option<String>;
