//! Backup policies: the list, the editor, and where a policy is attached.

mod attach;
mod create;
mod list;
mod page;
mod viewer;
mod workspace;

pub use attach::AttachPage;
pub use create::NewPolicyPage;
pub use list::PoliciesPage;
pub use page::PolicyPage;
