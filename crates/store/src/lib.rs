//! Postgres: the only crate that sees sqlx. Rows are private; functions take and return model types.
//!
//! The clock is the caller's: whatever depends on the present takes it as `now`.

pub mod private;
