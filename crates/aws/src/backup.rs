//! AWS Backup.

mod jobs;
mod settings;

pub use jobs::JobsAfter;
