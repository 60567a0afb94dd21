//! The backup-policy language of AWS Organizations: reading, checking, merging and explaining policies.
//!
//! Pure: no I/O, no async, no clock (the caller passes `now`), and nothing panics on any input. Runs natively and
//! in the browser.
//!
//! Entry points:
//!
//! - [`document::Document::parse`]: text to a tree with positions; edit by path, print canonically or compactly.
//! - [`fragment::Fragment::of`]: a document made ready for merging, once per policy.
//! - [`merge::merge`], or [`merge::Merged::apply`] level by level: what applies to an account, with the origin
//!   of every value.
//! - [`problem::Problem`]: what is wrong and where, for people and for the wire.

pub mod choices;
pub mod document;
pub mod fragment;
pub mod merge;
pub mod operator;
pub mod path;
pub mod problem;
pub mod schedule;
pub mod vocabulary;
