//! What routes and layers share.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use app::pages::parts::PartFiles;
use axum::extract::FromRef;
use leptos::config::LeptosOptions;
use portal::Portal;
use store::SessionStore;

use crate::{config::Web, metrics::Requests, site::Site};

/// A policy document has 10,000 characters at most; attaching names many targets.
pub const LARGEST_REQUEST: usize = 1 << 20;

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
    pub part_files: PartFiles,
}

impl Parts {
    #[must_use]
    pub fn new(portal: Portal, sessions: SessionStore, schema: Schema, web: Web, site: Site) -> Self {
        let package = site.package().unwrap_or("pkg").to_owned();
        let options = LeptosOptions::builder().output_name("holdfast").site_pkg_dir(package).build();
        let part_files = site.parts();
        Self { portal, sessions, schema, web, site, options, requests: Requests::default(), part_files }
    }
}

/// Whether the database was brought up to date since the start. Until then nothing can be asked of it.
#[derive(Clone, Default)]
pub struct Schema(Arc<AtomicBool>);

impl Schema {
    /// True once the migrations have run.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    /// The migrations have run.
    pub fn set_ready(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Waits for the migrations.
    pub async fn ready(&self) {
        while !self.is_ready() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}
