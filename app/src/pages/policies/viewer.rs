//! Who looks at a policy, when, and what is known of it: shared by its page and what is shown over it.

use model::{
    Action,
    access::{self, Rights},
    policies::PolicyDetail,
};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::{error::AppError, shell::FrameContext};
use leptos::prelude::*;

/// Who looks at the page, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// What the person may do; `None` where nobody is signed in.
    pub rights: Option<Rights>,
    /// The server's clock.
    #[serde(with = "time::serde::rfc3339")]
    pub now: OffsetDateTime,
    /// Whether AWS's organization was ever read: before that, a list of policies is not the list.
    pub organization_read: bool,
}

impl Viewer {
    /// Why the person may not do something; `None` where they may.
    #[must_use]
    pub fn why_not(&self, action: Action) -> Option<String> {
        match &self.rights {
            Some(rights) => rights.why_not(action, &access::Resource::Visible),
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
    let latest = frame.latest.get_untracked().unwrap_or(loaded);
    Ok(Viewer {
        rights: latest.me.map(|me| me.rights),
        organization_read: latest.freshness.organization_at.is_some(),
        now: latest.freshness.now.unwrap_or(OffsetDateTime::UNIX_EPOCH),
    })
}

/// The policy as it was last seen by its page, newer than what the page was loaded with: after saving, attaching and
/// detaching. Shared with the attach dialog.
#[derive(Clone, Copy, Default)]
pub struct Latest(pub RwSignal<Option<PolicyDetail>>);

/// The policy that its page loads, for what is shown over it.
#[derive(Clone, Copy)]
pub struct Loaded(pub Resource<Result<(Viewer, PolicyDetail), AppError>>);
