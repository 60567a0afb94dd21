//! Why nobody is let in.

use crate::PortalError;

/// Why a sign-in was refused. Never which part was wrong.
#[derive(Debug, thiserror::Error)]
pub enum SignInRefusal {
    /// The address and password do not belong together, or the account is disabled.
    #[error("wrong e-mail address or password")]
    Credentials,
    /// Too many failures from this address or for this account.
    #[error("too many failed sign-ins; wait 15 minutes")]
    Limited,
    /// Something else failed.
    #[error(transparent)]
    Portal(#[from] PortalError),
}

impl From<store::StoreError> for SignInRefusal {
    fn from(error: store::StoreError) -> Self {
        Self::Portal(error.into())
    }
}
