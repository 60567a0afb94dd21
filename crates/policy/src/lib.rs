//! The backup-policy language of AWS Organizations: reading, checking, merging and explaining policies.
//!
//! Pure: no I/O, no async, no clock (the caller passes `now`), and nothing panics on any input. Runs natively and
//! in the browser.
//!
//! Entry points:
//!
//! - [`document::Document::parse`]: text to a tree with positions; edit by path, print canonically or compactly.
//! - [`source::read`]: the policy that a file is or, as an answer of AWS, holds.
//! - [`admission::check`]: everything for which AWS would refuse a document, with place and remedy.
//! - [`fragment::Fragment::of`]: a document made ready for merging, once per policy.
//! - [`merge::merge`], or [`merge::Merged::apply`] level by level: what applies to an account.
//! - [`provenance::traces`]: where every value is from, what was overridden and what was skipped.
//! - [`validate::validate`], or [`merge::Merged::effective`]: the errors for which AWS would not publish the result.
//! - [`effective`]: what a setting is called and means, the next runs, and whether AWS says the same.
//! - [`simulate::Effective`]: what applies to every account of an organization, and what a change would do to it.
//! - [`regions::regions_in`]: the Regions that a policy names.
//! - [`vocabulary::lookup`] and [`vocabulary::rows`]: the table all of this is read off.
//! - [`schedule::Cron`]: the cron dialect.
//!
//! "Spec" in these pages is the project's fact sheet on backup policies, with the evidence for each fact.

pub mod admission;
pub mod choices;
pub mod diff;
pub mod document;
pub mod effective;
pub mod fragment;
pub mod lint;
pub mod merge;
pub mod operator;
pub mod path;
pub mod problem;
pub mod provenance;
pub mod regions;
pub mod rules;
pub mod schedule;
pub mod simulate;
pub mod source;
pub mod validate;
pub mod vocabulary;

pub use document::Document;
pub use path::Path;
pub use problem::{Problem, Severity};
