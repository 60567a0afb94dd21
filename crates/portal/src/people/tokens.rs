//! Tokens, by which programs ask in somebody's name, and the service accounts that have nothing else.

pub(super) mod secret;

use model::{
    access::{Action, Grant, Resource, TokenLimits},
    audit::{AuditAction, AuditDetail},
    change::Named,
    failure::{Busy, FieldProblem},
    team::{GivenGrant, GrantSource, LONGEST_TOKEN_DAYS, MOST_TOKENS, MadeToken, Member, Token},
    text,
};
use store::{NewAudit, NewToken, NewUser, UserId};
use time::Duration;

use super::{Visitor, limits::Try, team::no_such_person};
use crate::{Caller, Portal, PortalError, error::checked};

/// Marking each use would be a write for each request.
const USED_PRECISION: Duration = Duration::minutes(1);
/// What the sign-in name of a service account begins with: no address does.
const SERVICE: &str = "service:";

/// A token that somebody asks for.
#[derive(Clone, Debug)]
pub struct TokenWish {
    pub name: String,
    pub limits: TokenLimits,
    /// How long it is to be good, in days.
    pub days: i64,
}

impl TokenWish {
    /// The wish with each action once, in the order of the table.
    ///
    /// # Errors
    /// `Invalid` for each field that is wrong.
    pub(super) fn checked(mut self) -> Result<Self, PortalError> {
        let Self { name, limits, days } = &mut self;
        let problem = |field: &str, message: String| Some(FieldProblem { field: field.to_owned(), message });
        limits.actions.sort_unstable_by_key(|action| Action::ALL.iter().position(|a| a == action));
        limits.actions.dedup();
        let none = limits.actions.is_empty();
        let none = none.then(|| problem("actions", "Choose what it may do.".into())).flatten();
        let not_for_tokens = limits.actions.iter().find(|action| !action.is_for_tokens());
        let not_for_tokens =
            not_for_tokens.and_then(|action| problem("actions", format!("No token may {}.", action.words())));
        let days_wrong = !(1..=LONGEST_TOKEN_DAYS).contains(days);
        let days_wrong =
            days_wrong.then(|| problem("days", format!("Choose 1 to {LONGEST_TOKEN_DAYS} days."))).flatten();
        checked([text::TOKEN_NAME.check("name", name), none, not_for_tokens, days_wrong])?;
        Ok(self)
    }
}

impl Portal {
    /// Whoever a token speaks for; `None` where it is not good.
    ///
    /// # Errors
    /// `Busy` after too many wrong ones from an address; where the database fails.
    pub async fn caller_by_token(&self, token: &str, address: &str) -> Result<Option<Caller>, PortalError> {
        let now = self.now();
        if let Some(hash) = secret::hash_of(token)
            && let Some((user, token)) = self.store().token_by_hash(&hash, now).await?
        {
            let standing = self.store().standing(user.id).await?;
            if standing.kept_out {
                return Ok(None);
            }
            let noted = token.used_at.is_some_and(|at| now - at < USED_PRECISION);
            if !noted || token.used_from != address {
                self.store().mark_token_used(token.id, address, now).await?;
            }
            return Ok(Some(Caller::with_token(&user, token, standing, address, now)));
        }
        // It counts, and is not given back. A right one is not held up by it: there is nothing to guess.
        match self.attempt(&Try::Token, Visitor::from(address)).await? {
            Some(_) => Ok(None),
            None => Err(PortalError::Busy(Busy::Attempts)),
        }
    }

    /// Makes a token of one's own. It is shown this once.
    ///
    /// # Errors
    /// `Invalid` for a field that is wrong, `Conflict` where there are too many.
    pub async fn make_token(&self, caller: &Caller, wish: TokenWish) -> Result<MadeToken, PortalError> {
        self.may(caller, Action::OwnSignIn, &Resource::Visible).await?;
        self.new_token(caller, caller.user_id(), Named::default(), wish).await
    }

    /// Makes a token of a service account. It is shown this once.
    ///
    /// # Errors
    /// `NotFound` where there is no such service account; as [`Self::make_token`].
    pub async fn make_service_token(
        &self,
        caller: &Caller,
        account: UserId,
        wish: TokenWish,
    ) -> Result<MadeToken, PortalError> {
        self.may(caller, Action::ManageTeam, &Resource::Organization).await?;
        let member = self.store().member(account, self.now()).await?;
        // Nobody makes tokens in the name of another person.
        let member = member.filter(|member| member.service).ok_or_else(no_such_person)?;
        self.new_token(caller, account, Named::new(member.email, member.name), wish).await
    }

    async fn new_token(
        &self,
        caller: &Caller,
        owner: UserId,
        subject: Named,
        wish: TokenWish,
    ) -> Result<MadeToken, PortalError> {
        let TokenWish { name, limits, days } = wish.checked()?;
        self.known_places(&limits.scope).await?;

        let made = secret::make(&self.random_bytes());
        let (hint, expires_at) = (made.hint, self.now() + Duration::days(days));
        let detail = AuditDetail::Token {
            name: name.clone(),
            hint: hint.clone(),
            limits: limits.clone(),
            asked_from: None,
        };
        let event = NewAudit { subject, detail, ..NewAudit::done(caller.actor(), AuditAction::TokenMade) };
        let row = NewToken {
            hash: made.hash,
            hint,
            name: name.clone(),
            limits,
            made_by: caller.email().to_owned(),
            expires_at,
        };
        let kept = self.store().put_token(owner, &row, MOST_TOKENS, &event, self.now()).await?;
        let too_many =
            || PortalError::Conflict(format!("There are {MOST_TOKENS} tokens already. End one first."));
        kept.ok_or_else(too_many)?;
        Ok(MadeToken { token: made.token, name, expires_at })
    }

    /// Ends a token of one's own at once.
    ///
    /// # Errors
    /// `NotFound` where there is none.
    pub async fn end_token(&self, caller: &Caller, token: i64) -> Result<(), PortalError> {
        self.may(caller, Action::OwnAccount, &Resource::Visible).await?;
        self.end_token_now(caller, caller.user_id(), Named::default(), token).await
    }

    /// Ends somebody's token at once.
    ///
    /// # Errors
    /// `NotFound` where there is none.
    pub async fn end_token_of(&self, caller: &Caller, owner: UserId, token: i64) -> Result<(), PortalError> {
        self.may(caller, Action::ManageTeam, &Resource::Organization).await?;
        let Member { email, name, .. } =
            self.store().member(owner, self.now()).await?.ok_or_else(no_such_person)?;
        self.end_token_now(caller, owner, Named::new(email, name), token).await
    }

    /// Ends the token that the request came with, at once. Whoever has a token may end it.
    ///
    /// # Errors
    /// `NotFound` for people, who came without one.
    pub async fn end_this_token(&self, caller: &Caller) -> Result<(), PortalError> {
        let token = caller.token().ok_or(PortalError::NotFound { what: "token" })?.id;
        self.end_token_now(caller, caller.user_id(), Named::default(), token).await
    }

    async fn end_token_now(
        &self,
        caller: &Caller,
        owner: UserId,
        subject: Named,
        id: i64,
    ) -> Result<(), PortalError> {
        let not_found = || PortalError::NotFound { what: "token" };
        let tokens = self.store().tokens_of(owner).await?;
        let Token { name, hint, limits, .. } =
            tokens.into_iter().find(|token| token.id == id).ok_or_else(not_found)?;
        let detail = AuditDetail::Token { name, hint, limits, asked_from: None };
        let event = NewAudit { subject, detail, ..NewAudit::done(caller.actor(), AuditAction::TokenEnded) };
        let ended = self.store().end_token(owner, id, &event, self.now()).await?;
        if ended { Ok(()) } else { Err(not_found()) }
    }

    /// Adds a service account: somebody in the team whom nothing lets in but tokens.
    ///
    /// # Errors
    /// `Invalid` for a name that is none or is taken.
    pub async fn make_service_account(
        &self,
        caller: &Caller,
        name: &str,
        grant: Grant,
    ) -> Result<(), PortalError> {
        self.may(caller, Action::ManageTeam, &Resource::Organization).await?;
        let name = name.trim();
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if name.is_empty() || name.len() > 40 || !name.chars().all(fits) {
            let message = "Use 1 to 40 lower-case letters, digits and hyphens.";
            return Err(PortalError::field("name", message));
        }
        self.known_places(&grant.scope).await?;
        let email = format!("{SERVICE}{name}");
        let given = vec![GivenGrant { grant, source: GrantSource::ByHand { by: caller.email().into() } }];
        let event = NewAudit {
            subject: Named::new(&email, name),
            detail: AuditDetail::Rights { before: Vec::new(), after: given.clone() },
            ..NewAudit::done(caller.actor(), AuditAction::ServiceAccountMade)
        };
        let user = NewUser { email, name: name.to_owned(), password_hash: None, given };
        match self.store().create_service_account(&user, &event, self.now()).await {
            Err(error) if error.constraint() == Some("users_email_key") => {
                Err(PortalError::field("name", "There is a service account of this name already."))
            }
            made => made.map(drop).map_err(PortalError::from),
        }
    }
}
