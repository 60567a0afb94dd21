//! Why an identity provider lets nobody in.

use crate::PortalError;

/// Why nobody is let in by a provider.
#[derive(Debug, thiserror::Error)]
pub enum ProviderRefusal {
    /// The configuration has none of this name.
    #[error("there is no such identity provider")]
    Unknown,
    #[error("the identity provider gives no usable answer")]
    Away,
    /// No sign-in is under way in this browser: it took too long, was used, or was begun in another one.
    #[error("no sign-in is under way in this browser")]
    NotPending,
    /// The provider let them not in, or they gave up.
    #[error("the identity provider let them not in")]
    Declined,
    #[error("the identity provider's answer is not believed")]
    Answer,
    #[error("the identity provider does not tell their e-mail address")]
    NoAddress,
    #[error("the identity provider has not verified their e-mail address")]
    Unverified,
    #[error("the identity provider does not tell their groups")]
    GroupsNotTold,
    #[error("people are let in by invitation only")]
    NotInvited,
    /// A local account has it, or somebody of another provider.
    #[error("somebody else has their e-mail address")]
    AddressTaken,
    /// The one-time link is for one person, and this is another.
    #[error("somebody else signs in with this identity")]
    IdentityTaken,
    /// It signs in here, so that somebody can when providers fail.
    #[error("it is the break-glass account")]
    BreakGlass,
    #[error("the one-time link is used or too old")]
    LinkUsed,
    #[error("they are disabled")]
    Disabled,
    /// Whoever confirmed is not who is signed in.
    #[error("they signed in as somebody else")]
    SomebodyElse,
    /// The provider does not say that they showed a password or factor just now.
    #[error("the identity provider did not ask them anew")]
    NotAnew,
    #[error(transparent)]
    Portal(#[from] PortalError),
}

impl From<store::StoreError> for ProviderRefusal {
    fn from(error: store::StoreError) -> Self {
        Self::Portal(error.into())
    }
}

impl ProviderRefusal {
    /// As addresses of pages name it, which have the words.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Unknown => "provider-unknown",
            Self::Away => "provider-away",
            Self::NotPending => "provider-not-pending",
            Self::Declined => "provider-declined",
            Self::Answer => "provider-answer",
            Self::NoAddress => "provider-no-address",
            Self::Unverified => "provider-unverified",
            Self::GroupsNotTold => "provider-groups",
            Self::NotInvited => "provider-not-invited",
            Self::AddressTaken => "provider-address-taken",
            Self::IdentityTaken => "provider-identity-taken",
            Self::BreakGlass => "provider-break-glass",
            Self::LinkUsed => "provider-link-used",
            Self::Disabled => "provider-disabled",
            Self::SomebodyElse => "provider-somebody-else",
            Self::NotAnew => "provider-not-anew",
            Self::Portal(_) => "internal",
        }
    }
}
