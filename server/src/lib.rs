//! The `holdfast` program: configuration, HTTP layers, sign-in endpoints, `serve`, `demo`, `policy` and `audit`.

#![recursion_limit = "256"]

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
pub mod metrics;
pub mod outside;
mod problem;
pub mod router;
mod serve;
pub mod site;
pub mod start;
pub mod state;
mod streams;
pub mod tls;
