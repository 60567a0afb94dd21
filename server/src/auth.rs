//! Signing in and out, and the first administrator: plain forms, so that they work before and without WASM.

pub mod address;
pub mod bearer;
pub mod browser;
pub mod passkey;
pub mod password;
pub mod provider;
pub mod proxy;
pub mod session;
pub mod sign_out;
pub mod welcome;
