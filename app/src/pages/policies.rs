//! Backup policies: the list, the editor, and where a policy is attached.

mod attach;
mod create;
mod delete;
mod detail;
mod form;
mod json;
mod leave;
mod list;
mod problems;
mod results;
mod save;
mod stale;
mod targets;
mod viewer;
mod work;
mod workbench;

pub use attach::AttachPage;
pub use create::NewPolicyPage;
pub use detail::PolicyPage;
pub use list::PoliciesPage;
