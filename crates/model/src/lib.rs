//! What crosses the wire, and the rules on it: ids, the organization, jobs and their filter, roles, failures.
//! Pure: no I/O, no async, no clock; native and wasm.

pub mod access;
pub mod audit;
pub mod change;
pub mod event;
pub mod failure;
pub mod id;
pub mod job;
pub mod job_filter;
pub mod news;
pub mod organization;
pub mod overview;
pub mod page;
pub mod paths;
pub mod permissions;
pub mod policies;
pub mod session;
pub mod settings;
pub mod sign_in;
pub mod team;
pub mod text;

pub use access::{Action, Role};
pub use failure::{Failure, FailureCode, FieldProblem};
pub use id::{AccountId, IdError, PolicyId, TargetId, TargetKind};
pub use job::{JobKind, JobState};
pub use job_filter::JobFilter;
pub use page::{Page, Total};
