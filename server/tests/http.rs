//! The whole router over real HTTP, with a real Postgres behind it.

mod http {
    mod fences;
    mod files;
    mod sign_in;
    pub mod site;
}
