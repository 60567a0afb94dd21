//! Who looks at the page, and when.

use model::{Action, Role, access};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::{error::AppError, shell::FrameContext};
use leptos::prelude::GetUntracked;

/// Who looks at the page, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// What the person may do; `None` where nobody is signed in.
    pub role: Option<Role>,
    /// The server's clock.
    #[serde(with = "time::serde::rfc3339")]
    pub now: OffsetDateTime,
}

impl Viewer {
    /// Why the person may not do something; `None` where they may.
    #[must_use]
    pub fn why_not(self, action: Action) -> Option<String> {
        match self.role {
            Some(role) => access::why_not(role, action),
            None => Some("Sign in to do this.".into()),
        }
    }
}

/// Who looks at the page now.
///
/// # Errors
/// Where the frame could not be loaded.
pub async fn viewer(frame: FrameContext) -> Result<Viewer, AppError> {
    let loaded = frame.resource.await?;
    let latest = frame.latest.get_untracked().and_then(|freshness| freshness.now);
    Ok(Viewer {
        role: loaded.me.map(|me| me.role),
        now: latest.or(loaded.freshness.now).unwrap_or(OffsetDateTime::UNIX_EPOCH),
    })
}
