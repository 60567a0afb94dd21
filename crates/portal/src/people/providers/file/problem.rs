//! What can be wrong in the file of providers.

use std::io;

/// Why the file of providers cannot be used. `Display` names the provider and what to write instead.
#[derive(Debug, thiserror::Error)]
pub enum ProvidersError {
    #[error("{path} cannot be read: {source}")]
    Read { path: String, source: io::Error },
    #[error("the file of providers is not written as it must be: {0}")]
    Toml(String),
    #[error(
        "a provider is named “{0}”: use 1 to 32 small letters, digits and hyphens, for it stands in addresses"
    )]
    Name(String),
    #[error("two providers are named “{0}”: each needs a name of its own")]
    SameName(String),
    #[error(
        "two providers have the issuer {0}: people are known by issuer and subject, so each issuer stands once"
    )]
    SameIssuer(String),
    #[error("provider “{0}”: the title must have 1 to 60 characters, without line ends")]
    Title(String),
    #[error(
        "provider “{name}”: {issuer} is no issuer: write its https:// address as its tokens name it, without a query"
    )]
    Issuer { name: String, issuer: String },
    #[error("provider “{name}”: name the secret by either {field}_file or {field}_env")]
    SecretSource { name: String, field: &'static str },
    #[error("provider “{name}”: the secret {field} cannot be read from {from}: {why}")]
    Secret { name: String, field: &'static str, from: String, why: String },
    #[error(
        "provider “{0}”: a token of its directory is too easy to guess: use 32 characters or more of a random source, as `openssl rand -base64 32` makes them"
    )]
    WeakToken(String),
    #[error("two directories have the same token (provider “{0}”): each needs one of its own")]
    SameToken(String),
    #[error(
        "provider “{0}”: with scim, people must be \"directory\" or \"invitation\": whom the directory removed would come again at their next sign-in"
    )]
    ScimPeople(String),
    #[error("provider “{0}”: people = \"directory\" needs scim")]
    NoScim(String),
    #[error(
        "provider “{name}”: {claim} is no claim to know people by, for it can become somebody else's: use sub, or as Entra ID has it, oid"
    )]
    ScimClaim { name: String, claim: String },
    #[error("provider “{0}”: the scopes must have openid among them")]
    Scopes(String),
    #[error("provider “{0}”: session_minutes must be 5 to 720")]
    SessionMinutes(String),
    #[error("provider “{name}”: {field} {why}")]
    Field { name: String, field: &'static str, why: String },
    #[error("TLS for identity providers cannot be set up: {0}")]
    Tls(String),
    #[error("provider “{name}”: group “{group}” is mapped to {what}")]
    Mapping { name: String, group: String, what: String },
}
