//! People: how they sign in, and the first of them.

mod account;
mod audit;
mod browser;
mod codes;
mod devices;
mod hashing;
mod limits;
mod links;
mod passkeys;
mod password;
mod providers;
pub mod provisioning;
mod refusal;
mod rules;
mod seal;
mod sign_in;
mod team;
mod tokens;
mod welcome;

pub use browser::{BROWSER_DAYS, Visitor};
pub use devices::{DeviceCodes, TokenAnswer};
pub(crate) use hashing::Hashing;
pub use links::{Invitation, Joining, LINK_HOURS};
pub use passkeys::{PasskeyJoining, PendingPasskey, RelyingParty};
pub use providers::{
    AssertedPerson, PendingSignIn, ProviderAnswer, ProviderEntry, ProviderRefusal, ProviderSources,
    Providers, ProvidersError, SignInPurpose, TrialError,
};
pub use refusal::SignInRefusal;
pub use rules::turn_local_sign_in_on;
pub use sign_in::Entry;
pub use tokens::TokenWish;
pub use welcome::{NewAdministrator, WELCOME_HOURS};
