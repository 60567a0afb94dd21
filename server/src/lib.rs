//! The `holdfast` program: configuration, HTTP layers, sign-in endpoints, `serve`, `demo`, `policy`, `audit` and `providers`.

#![recursion_limit = "256"]

pub mod api;
mod attachment_export;
pub mod audit;
mod audit_export;
mod auth;
mod changes;
pub mod cli;
pub mod config;
pub mod connections;
mod demo;
mod executor;
mod health;
mod layers;
mod live;
mod log;
mod mapping;
pub mod metrics;
pub mod outside;
mod problem;
mod render;
pub mod router;
pub mod scim;
mod serve;
pub mod site;
pub mod start;
pub mod state;
mod streams;
pub mod tls;
