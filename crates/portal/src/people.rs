//! People: how they sign in, and the first of them.

mod audit;
mod limits;
mod password;
mod sign_in;
mod welcome;

pub use sign_in::SignInRefusal;
pub use welcome::{NewAdministrator, WELCOME_HOURS};
