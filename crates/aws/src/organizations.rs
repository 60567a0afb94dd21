//! AWS Organizations.

mod accounts;
mod delegation;
mod effective;
mod handshakes;
mod policies;
mod policy_type;

pub use accounts::Root;
pub use effective::Effective;
pub use handshakes::{Handshake, HandshakeState};
pub use policies::PolicyHead;
pub use policy_type::{DelegatedAdministrator, GlobalSetting, PolicyTypeStatus};
