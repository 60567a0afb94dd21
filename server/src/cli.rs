//! Commands of the `holdfast` binary beside serving.

pub mod policy;
