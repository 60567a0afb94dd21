//! Postgres: the only crate that sees sqlx. Rows are private; functions take and return model types.
//!
//! The clock is the caller's: whatever depends on the present takes it as `now`.

mod audit;
mod changes;
mod error;
mod events;
mod exports;
mod import;
mod jobs;
mod json;
mod keyset;
mod locks;
mod news;
mod organization;
mod pool;
pub mod private;
mod rows;
mod sessions;
mod sync;
mod tasks;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod upgrade;
mod users;
mod visible;

pub use audit::{
    Actor, AuditKey, AuditSearch, ChainFault, ChainHash, ChainStep, ChainWalk, ForwardTurn, HeadDue,
    NewAudit, RefusedAccess,
};
pub use changes::{NewChange, StepResult, StepRow};
pub use error::StoreError;
pub use events::{ChangedSetting, SeenSettings};
pub use import::{DuePolicy, Import, StepState};
pub use jobs::{AccountRead, Extent, JobQuery, KnownChoices, OddJob, PlanKey, Upserted, Watermark};
pub use locks::{Subject, SubjectLocks};
pub use news::{Heard, News};
pub use organization::{Snapshot, StoredPolicy};
pub use pool::{Options, Store};
pub use sessions::{
    NewRefreshToken, ProviderSession, REFRESH_SESSION, RefreshToken, SESSION_ADDRESS, SESSION_BROWSER,
    SESSION_PASSKEY, SESSION_PENDING, SESSION_PROVIDER, SESSION_SEEN, SESSION_USER, SessionStore, is_busy,
    session_name,
};
pub use sync::{SyncLock, SyncPart, SyncRequests, SyncStandby, Waited};
pub use tasks::{NewTask, Task, TaskCount};
pub use users::{
    Attempt, AttemptLimit, CodeSecret, DeviceAnswer, DeviceApproval, EndedAtProvider, Identity, Linked,
    MapGroups, NewDeviceRequest, NewPasskey, NewSignInLink, NewToken, NewUser, NotProvisioned,
    PasskeyRemoval, ProvisionedFilter, ProvisionedGroup, ProvisionedKey, ProvisionedList,
    ProvisionedOperator, ProvisionedPage, ProvisionedPerson, ProvisionedRange, ProvisionedSignIn,
    ProvisionedValue, ProvisioningDirectory, PutProvisionedGroup, PutProvisionedPerson, SignInProvider,
    Standing, StillNeeded, StoredPasskey, User, UserId,
};
pub use visible::{Visible, VisiblePart};
