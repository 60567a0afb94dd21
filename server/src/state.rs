//! What routes and layers share.

use std::time::Duration;

use app::pages::parts::PartFiles;
use axum::extract::FromRef;
use leptos::config::LeptosOptions;
use portal::{Portal, RelyingParty};
use store::SessionStore;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::{
    api::Budgets,
    changes::Changes,
    config::Web,
    layers::receive::LargeRequests,
    metrics::Requests,
    site::Site,
    streams::{self, Streams},
};

/// Longer than a call to AWS may take with its retries: an answer about AWS beats one about us.
const PATIENCE: Duration = Duration::from_secs(90);

/// What the routes are made of.
#[derive(Clone, FromRef)]
pub struct Parts {
    pub portal: Portal,
    pub sessions: SessionStore,
    pub schema: Schema,
    pub web: Web,
    pub site: Site,
    pub options: LeptosOptions,
    pub requests: Requests,
    pub changes: Changes,
    pub streams: Streams,
    /// Of lists as files.
    #[from_ref(skip)]
    pub exports: Streams,
    #[from_ref(skip)]
    pub large: LargeRequests,
    /// Ends streams of news: the end of the process waits for no page that stays open.
    #[from_ref(skip)]
    pub stop: CancellationToken,
    /// How long a request may take.
    #[from_ref(skip)]
    pub patience: Duration,
    pub part_files: PartFiles,
    pub passkeys: Passkeys,
    /// Of the API.
    #[from_ref(skip)]
    pub budgets: Budgets,
}

impl Parts {
    #[must_use]
    pub fn new(portal: Portal, sessions: SessionStore, schema: Schema, web: Web, site: Site) -> Self {
        let package = site.package().unwrap_or("pkg").to_owned();
        let options = LeptosOptions::builder().output_name("holdfast").site_pkg_dir(package).build();
        let part_files = site.parts();
        let passkeys = Passkeys(RelyingParty::of(&web.origins));
        Self {
            portal,
            sessions,
            schema,
            web,
            site,
            options,
            requests: Requests::default(),
            changes: Changes::default(),
            streams: Streams::at_most(streams::NEWS),
            exports: Streams::at_most(streams::EXPORTS),
            large: LargeRequests::default(),
            stop: CancellationToken::new(),
            patience: PATIENCE,
            part_files,
            passkeys,
            budgets: Budgets::default(),
        }
    }
}

/// Whom passkeys are made for; `None` where the address has no name.
#[derive(Clone, Debug)]
pub struct Passkeys(pub Option<RelyingParty>);

/// Whether the database was brought up to date since the start. Until then nothing can be asked of it.
#[derive(Clone, Debug)]
pub struct Schema(watch::Sender<bool>);

impl Default for Schema {
    fn default() -> Self {
        Self(watch::Sender::new(false))
    }
}

impl Schema {
    /// True once the migrations have run.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        *self.0.borrow()
    }

    /// The migrations have run.
    pub fn set_ready(&self) {
        self.0.send_replace(true);
    }

    /// Waits for the migrations.
    pub async fn ready(&self) {
        // The sender is here: it cannot be gone.
        let _ = self.0.subscribe().wait_for(|ready| *ready).await;
    }
}
