//! Changes that AWS does not know, made by the control endpoint. They are kept in the journal as calls are.

use super::handler::Handler;
use super::organizations::features;
use crate::wire::operation::need;
use crate::wire::rule::Rule;

/// Sets the feature set, also back to consolidated billing.
pub static SET_FEATURES: Handler = Handler::control("SetFeatures", features::set)
    .input(&[need("FeatureSet", Rule::OneOf(&["ALL", "CONSOLIDATED_BILLING"]))]);
