//! The whole router over real HTTP, with a real Postgres behind it.

#![expect(clippy::unwrap_used, reason = "a test fails where something is not as it must be")]

#[path = "../../crates/portal/tests/authenticator/authenticator.rs"]
#[expect(dead_code, reason = "shared with the tests of the portal")]
mod authenticator;

mod http {
    use super::authenticator;

    mod api;
    mod audit;
    mod command_line;
    mod connections;
    mod device;
    mod edge;
    mod exhaust;
    mod fences;
    mod files;
    mod forms;
    mod gate;
    #[expect(dead_code, reason = "shared with the tests of the portal")]
    mod identity_provider;
    mod incident;
    mod live;
    mod metrics;
    mod outage;
    mod passkey;
    mod patience;
    mod provider;
    mod proxy;
    mod rights;
    mod scim;
    mod sign_in;
    pub mod site;
    mod stop;
    mod strange;
    mod team;
    mod tls;
}
