//! Postgres: the only crate that sees sqlx. Rows are private; functions take and return model types.
//!
//! The clock is the caller's: whatever depends on the present takes it as `now`.

mod audit;
mod error;
mod events;
mod exports;
mod import;
mod jobs;
mod json;
mod keyset;
mod organization;
mod pool;
pub mod private;
mod rows;
mod sessions;
mod sync;
mod tasks;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod users;

pub use audit::NewAudit;
pub use error::StoreError;
pub use events::{ChangedSetting, SeenSettings};
pub use import::{DuePolicy, Import, StepState};
pub use jobs::{JobQuery, KnownChoices, Upserted, Watermark};
pub use organization::{Snapshot, StoredPolicy};
pub use pool::{Options, Store};
pub use sessions::{SESSION_USER, SessionStore};
pub use sync::{SyncLock, SyncPart, SyncRequests};
pub use tasks::{NewTask, Task, TaskCount};
pub use users::{NewUser, User, UserId};
