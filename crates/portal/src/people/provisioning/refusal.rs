//! Why a directory is refused something.

use crate::PortalError;

/// Why a directory is refused something. `Display` is what it is told.
#[derive(Debug, thiserror::Error)]
pub enum ProvisioningRefusal {
    #[error("The bearer token is missing or wrong.")]
    Token,
    #[error("Too many wrong tokens from this address. Wait 15 minutes.")]
    Limited,
    #[error("There is no such resource.")]
    NotFound,
    /// With the kind of RFC 7644, 3.12.
    #[error("{detail}")]
    Invalid { kind: &'static str, detail: String },
    /// Another has the value of an attribute.
    #[error("{0}")]
    Taken(String),
    /// The last administrator stays.
    #[error("{}", model::team::LAST_ADMINISTRATOR)]
    StillNeeded,
    /// Only Holdfast says that.
    #[error("This attribute is read only.")]
    Mutability,
    /// It is not what the request expects.
    #[error("It was changed since it was read.")]
    Stale,
    #[error("{0}")]
    Portal(#[from] PortalError),
}

impl From<store::StoreError> for ProvisioningRefusal {
    fn from(error: store::StoreError) -> Self {
        Self::Portal(error.into())
    }
}

impl ProvisioningRefusal {
    fn invalid(kind: &'static str, detail: impl Into<String>) -> Self {
        Self::Invalid { kind, detail: detail.into() }
    }

    pub(super) fn value(detail: impl Into<String>) -> Self {
        Self::invalid("invalidValue", detail)
    }

    /// A request that cannot be read.
    pub fn syntax(detail: impl Into<String>) -> Self {
        Self::invalid("invalidSyntax", detail)
    }

    pub(super) fn filter(detail: impl Into<String>) -> Self {
        Self::invalid("invalidFilter", detail)
    }

    pub(super) fn path(detail: impl Into<String>) -> Self {
        Self::invalid("invalidPath", detail)
    }

    pub(super) fn target(detail: impl Into<String>) -> Self {
        Self::invalid("noTarget", detail)
    }
}
