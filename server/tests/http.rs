//! The whole router over real HTTP, with a real Postgres behind it.

#![expect(clippy::unwrap_used, reason = "a test fails where something is not as it must be")]

mod http {
    mod audit;
    mod connections;
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
    mod patience;
    mod provider;
    mod sign_in;
    pub mod site;
    mod stop;
    mod strange;
    mod team;
    mod tls;
}
