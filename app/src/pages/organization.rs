//! The organization: its tree, and what applies at each place in it.

mod attached;
mod aws_answer;
mod effective;
mod problem_list;
mod settings_table;
mod target;
mod tree;

pub use target::TargetPage;
pub use tree::OrganizationPage;
