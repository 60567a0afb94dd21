//! People: how they sign in, and the first of them.

mod audit;
mod browser;
mod hashing;
mod limits;
mod password;
mod sign_in;
mod welcome;

pub use browser::{BROWSER_DAYS, Visitor};
pub(crate) use hashing::Hashing;
pub use sign_in::SignInRefusal;
pub use welcome::{NewAdministrator, WELCOME_HOURS};
