//! People: who can sign in, with what, and what they were given.

mod device;
mod mapping;
mod token;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::{
    access::{Grant, Rights, Role, Scope},
    sign_in::{BREAK_GLASS, NO_BREAK_GLASS, NOBODY_BY_PROVIDER, SecondFactorRule, SignInRules},
};

pub use device::DeviceRequest;
pub use mapping::{MappingPage, MappingTrial, TokenCheck, TokenPart, TokenVerdict, TriedMapping};
pub use token::{LONGEST_TOKEN_DAYS, MOST_TOKENS, MadeToken, TOKEN_PREFIX, Token};

/// Where a grant is from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum GrantSource {
    /// An administrator gave it; `by` is their sign-in name, empty for what was there from the start.
    ByHand { by: String },
    /// It came with the invitation.
    Invitation { by: String },
    /// An identity provider's group stands for it: it goes when the group goes.
    Mapping { provider: String, group: String },
}

impl GrantSource {
    /// Whether a group of this name stands for it.
    #[must_use]
    pub fn is_group(&self, name: &str) -> bool {
        matches!(self, Self::Mapping { group, .. } if group == name)
    }

    /// In words.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::ByHand { by } if by.is_empty() => "from the start".into(),
            Self::ByHand { by } => format!("given by {by}"),
            Self::Invitation { by } => format!("invited by {by}"),
            Self::Mapping { provider, group } => format!("group {group} at {provider}"),
        }
    }
}

/// A grant, and where it is from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenGrant {
    pub grant: Grant,
    pub source: GrantSource,
}

/// The rights that grants add up to.
#[must_use]
pub fn rights(given: &[GivenGrant]) -> Rights {
    Rights(given.iter().map(|given| given.grant.clone()).collect())
}

/// What a person has to sign in with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInMeans {
    pub password: bool,
    /// Passkeys, each of which lets in by itself.
    pub passkeys: u64,
    /// An authenticator app's codes.
    pub codes: bool,
    /// Recovery codes that are left.
    pub recovery_codes: u64,
    /// Identity providers that know them, by title: those of the configuration.
    pub providers: Vec<String>,
}

impl SignInMeans {
    /// Whether they have any.
    #[must_use]
    pub const fn any(&self) -> bool {
        self.local() || !self.providers.is_empty()
    }

    /// Whether they have a local account: what they sign in with is kept here.
    #[must_use]
    pub const fn local(&self) -> bool {
        self.password || self.passkeys > 0
    }

    /// Whether a password of ours alone does not let anybody in: a passkey or a code is asked for beside it. What a provider
    /// asks for is the provider's.
    #[must_use]
    pub const fn second_factor(&self) -> bool {
        self.codes || self.passkeys > 0 || (!self.password && !self.providers.is_empty())
    }

    /// In words, as “password, one-time codes”; empty where there is nothing.
    #[must_use]
    pub fn words(&self) -> String {
        let passkeys = match self.passkeys {
            1 => "passkey".to_owned(),
            n => format!("{n} passkeys"),
        };
        let own = [
            (self.passkeys > 0, passkeys),
            (self.password, "password".to_owned()),
            (self.codes, "one-time codes".to_owned()),
        ];
        let own = own.into_iter().filter(|(has, _)| *has).map(|(_, name)| name);
        own.chain(self.providers.iter().cloned()).collect::<Vec<_>>().join(", ")
    }
}

/// A passkey, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passkey {
    pub id: i64,
    /// As its owner calls it.
    pub name: String,
    #[serde(with = "time::serde::rfc3339")]
    pub made_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    pub used_at: Option<OffsetDateTime>,
}

/// What a one-time link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkPurpose {
    /// Somebody signs in for the first time.
    Invitation,
    /// Somebody sets a new password, and all that they had before ends.
    Reset,
}

impl LinkPurpose {
    /// As stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Reset => "reset",
        }
    }

    /// From its stored name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Invitation, Self::Reset].into_iter().find(|purpose| purpose.as_str() == name)
    }
}

/// A one-time link that has not been used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenLink {
    pub purpose: LinkPurpose,
    #[serde(with = "time::serde::rfc3339")]
    pub expires_at: OffsetDateTime,
}

/// A directory that tells of somebody (SCIM).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryState {
    /// The title of the provider that it is of.
    pub title: String,
    /// Whether it lets them sign in; administrators cannot where it does not.
    pub active: bool,
}

/// Somebody who can sign in, or was invited to, as administrators see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub id: i64,
    pub email: String,
    pub name: String,
    pub disabled: bool,
    /// A program rather than a person: only tokens let it in.
    pub service: bool,
    /// Where several, they count side by side.
    pub given: Vec<GivenGrant>,
    pub means: SignInMeans,
    /// The directory that they are from; where several, one that puts them out.
    pub directory: Option<DirectoryState>,
    /// Sessions that have not ended.
    pub sessions: u64,
    #[serde(with = "time::serde::rfc3339::option")]
    pub last_sign_in_at: Option<OffsetDateTime>,
    pub link: Option<OpenLink>,
    /// Local sign-in is off, and they are not the break-glass account: what they have here lets them in no more.
    pub local_refused: bool,
}

impl Member {
    /// The role that may most.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        rights(&self.given).role()
    }

    /// Whether anything that they have lets them in.
    #[must_use]
    pub const fn can_sign_in(&self) -> bool {
        !self.disabled && (!self.means.providers.is_empty() || (self.means.local() && !self.local_refused))
    }

    /// Whether they can sign in and may everything everywhere.
    #[must_use]
    pub fn is_whole_administrator(&self) -> bool {
        self.can_sign_in() && rights(&self.given).0.contains(&Grant::WHOLE)
    }
}

/// Everybody, and what the page about them needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    /// By name.
    pub members: Vec<Member>,
    /// Tokens with whose they are, newest first.
    pub tokens: Vec<(i64, Token)>,
    /// Who asks.
    pub own_id: i64,
    pub rules: SignInRules,
    /// Names of the places that grants name, as far as they are known.
    pub places: Vec<(String, String)>,
    #[serde(with = "time::serde::rfc3339")]
    pub now: OffsetDateTime,
}

impl Team {
    /// Why somebody cannot be removed, limited or disabled; `None` where they can.
    #[must_use]
    pub fn kept(&self, member: &Member) -> Option<&'static str> {
        if self.rules.is_break_glass(member.id) {
            return Some(BREAK_GLASS);
        }
        let others = self.members.iter().any(|other| other.id != member.id && other.is_whole_administrator());
        (member.is_whole_administrator() && !others).then_some(LAST_ADMINISTRATOR)
    }

    /// Somebody's tokens, newest first.
    pub fn tokens_of(&self, id: i64) -> impl Iterator<Item = &Token> {
        self.tokens.iter().filter(move |(owner, _)| *owner == id).map(|(_, token)| token)
    }

    /// Whether somebody must have a second factor and has none.
    #[must_use]
    pub fn must_set_up(&self, member: &Member) -> bool {
        let asked = match self.rules.second_factor {
            SecondFactorRule::Nobody => false,
            SecondFactorRule::Administrators => {
                rights(&member.given).0.iter().any(|grant| grant.role == Role::Administrator)
            }
            SecondFactorRule::Everybody => true,
        };
        member.means.local()
            && !member.means.second_factor()
            && (asked || self.rules.is_break_glass(member.id))
    }

    /// The name of a place, or its id.
    #[must_use]
    pub fn place<'a>(&'a self, id: &'a str) -> &'a str {
        self.places.iter().find(|(place, _)| place == id).map_or(id, |(_, name)| name)
    }
}

/// Whether somebody can be the break-glass account: a local administrator of everything with a password and a second factor.
#[must_use]
pub fn may_break_glass(member: &Member) -> bool {
    member.is_whole_administrator() && member.means.password && member.means.second_factor()
}

/// Why local sign-in cannot be switched off now; `None` where it can.
#[must_use]
pub fn why_not_off(members: &[Member]) -> Option<&'static str> {
    let by_provider = |member: &Member| {
        member.is_whole_administrator()
            && !member.means.providers.is_empty()
            && member.last_sign_in_at.is_some()
    };
    if !members.iter().any(by_provider) {
        return Some(NOBODY_BY_PROVIDER);
    }
    (!members.iter().any(may_break_glass)).then_some(NO_BREAK_GLASS)
}

/// Why the last administrator stays.
pub const LAST_ADMINISTRATOR: &str = "This is the last administrator who can sign in. Make somebody else an administrator of everything first.";

/// Why the last way to sign in stays.
pub const LAST_WAY_IN: &str = "You could not sign in any more. Add another passkey first.";

/// A one-time link, as it is shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewLink {
    pub email: String,
    pub purpose: LinkPurpose,
    /// The path and query of the page that takes it, without the site's address.
    pub path: String,
    #[serde(with = "time::serde::rfc3339")]
    pub expires_at: OffsetDateTime,
}

/// Where somebody is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionInfo {
    /// Names it without letting anybody use it.
    pub name: String,
    /// Whether it is the one that asks.
    pub current: bool,
    /// Network address at sign-in; empty where it is not known.
    pub address: String,
    /// The browser, as far as its words tell, as “Firefox on Linux”.
    pub browser: String,
    #[serde(with = "time::serde::rfc3339")]
    pub since: OffsetDateTime,
    /// To within five minutes.
    #[serde(with = "time::serde::rfc3339")]
    pub used_at: OffsetDateTime,
}

/// One's own account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    pub email: String,
    pub name: String,
    pub given: Vec<GivenGrant>,
    pub means: SignInMeans,
    /// The oldest first.
    pub passkeys: Vec<Passkey>,
    /// They must set up a second factor before anything else.
    pub must_set_up: bool,
    #[serde(with = "time::serde::rfc3339::option")]
    pub password_changed_at: Option<OffsetDateTime>,
    pub sessions: Vec<SessionInfo>,
    /// Newest first.
    pub tokens: Vec<Token>,
    /// Names of the places that grants name, as far as they are known.
    pub places: Vec<(String, String)>,
    #[serde(with = "time::serde::rfc3339")]
    pub now: OffsetDateTime,
}

impl Account {
    /// What was given, places by name.
    #[must_use]
    pub fn words(&self, grant: &Grant) -> String {
        let Scope::Below(tops) = &grant.scope else { return grant.words() };
        let name = |id: &str| {
            let place = self.places.iter().find(|(place, _)| place == id);
            place.map_or_else(|| id.to_owned(), |(_, name)| name.clone())
        };
        let names: Vec<String> = tops.iter().map(|top| name(top.as_str())).collect();
        format!("{} of {}", grant.role.word(), names.join(", "))
    }
}

/// A new secret for an authenticator app, until a code of it was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewCodes {
    /// In base 32, for typing.
    pub secret: String,
    /// For apps: `otpauth://totp/…`.
    pub uri: String,
    /// The same as a picture: rows of a QR code, dark squares as `#`.
    pub picture: Vec<String>,
}
