//! AWS Backup.

mod client;
mod jobs;
mod settings;

pub use client::SERVICE_PRINCIPAL;
pub use jobs::{JobPage, JobsAfter, JobsOf};
pub use settings::GlobalSetting;
