//! AWS Organizations.

mod accounts;
mod client;
mod delegation;
mod effective;
mod handshakes;
mod policies;
mod policy_type;
mod trusted_access;

pub use accounts::Root;
pub use delegation::DelegatedAdministrator;
pub use effective::Effective;
pub use handshakes::{Handshake, HandshakeState};
pub use policies::PolicyHead;
pub use policy_type::PolicyTypeStatus;
