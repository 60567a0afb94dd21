//! How this process keeps the audit list.

use std::sync::{Arc, OnceLock};

use tokio::sync::OnceCell;

use super::{Forward, SigningKey};

/// What the audit list is kept with.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Signs the end of the list; without one, a key that the database keeps.
    pub key: Option<Arc<SigningKey>>,
    /// Where it is sent on to.
    pub forward: Option<Forward>,
}

/// What a process knows of keeping the list.
#[derive(Default)]
pub(crate) struct Keeping {
    options: OnceLock<Options>,
    pub(super) key: OnceCell<Arc<SigningKey>>,
}

impl Keeping {
    /// Says how the list is kept, once.
    pub fn begin(&self, options: Options) {
        // Whoever comes second keeps to the first.
        let _ = self.options.set(options);
    }

    /// Whether [`Self::begin`] was called: a list that is not in its form yet is not signed.
    pub(super) fn is_begun(&self) -> bool {
        self.options.get().is_some()
    }

    pub(super) fn destination(&self) -> Option<String> {
        Some(self.options.get()?.forward.as_ref()?.destination.to_string())
    }

    pub(super) fn options(&self) -> &Options {
        self.options.get_or_init(Options::default)
    }
}
