//! AWS Backup.

mod client;
mod jobs;
mod settings;

pub use client::SERVICE_PRINCIPAL;
pub use jobs::JobsAfter;
pub use settings::GlobalSetting;
