//! The policy editor without its view: what the form shows, what a change does to the text, what is wrong with it.
//!
//! Both editors, form and JSON, edit one thing: the text. The form is read off the text and the policy crate's table
//! of keys each time, and changes the text in place, so switching between the two can lose nothing.

pub mod also;
pub mod change;
pub mod check;
pub mod compare;
pub mod draft;
pub mod layout;
pub mod offer;
pub mod start;
pub mod targets;
pub mod typing;
pub mod value;
