//! What is merged.

use std::sync::Arc;

use super::step::Source;
use crate::fragment::{Fragment, Part};

/// The policies attached to one target, oldest attachment first.
#[derive(Debug, Clone)]
pub struct Level {
    /// Root, OU or account id.
    pub target: Arc<str>,
    /// In attachment order.
    pub policies: Vec<Attached>,
}

/// A policy attached to a target.
#[derive(Debug, Clone)]
pub struct Attached {
    /// Policy id.
    pub id: Arc<str>,
    /// Its compiled content, shared between all its targets.
    pub fragment: Arc<Fragment>,
}

/// What one policy says about the node at hand.
pub(super) type Given<'a> = (&'a Arc<Source>, &'a Part);
