//! The wire protocols of AWS: how requests, answers, pages and errors look. Nothing here knows what the world holds.

pub mod answer;
pub mod call;
pub mod errors;
pub mod json;
pub mod operation;
pub mod page;
pub mod query;
pub mod rest;
pub mod rule;
pub mod signature;
