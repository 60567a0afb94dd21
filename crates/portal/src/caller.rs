//! Who asks. Only the portal makes one, for a person that it has just looked up.

#[cfg(test)]
use model::access::Grant;
use model::{
    access::{Action, CONFIRMED_MINUTES, Refusal, Resource, Rights, Scope, TokenLimits},
    session::Me,
    team::{Token, rights},
};
use store::{Actor, Standing, UserId};
use time::{Duration, OffsetDateTime};

use crate::{Portal, PortalError};

/// Whoever is behind a request: a person who is signed in, or a program with a token of theirs or of a service account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    user_id: UserId,
    email: String,
    name: String,
    rights: Rights,
    origin: Origin,
    confirmed: bool,
    must_set_up: bool,
    token: Option<Box<Token>>,
}

/// Where a request comes from, as the audit list keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The first characters of the session's hash, or `token:` and the number of a token; empty where there is neither.
    pub session: String,
    /// Network address; empty where it is not known.
    pub address: String,
}

impl Caller {
    pub(crate) fn new(
        user: &store::User,
        origin: Origin,
        confirmed_at: Option<OffsetDateTime>,
        now: OffsetDateTime,
    ) -> Self {
        let fresh = |at| now - at < Duration::minutes(CONFIRMED_MINUTES);
        Self {
            user_id: user.id,
            email: user.email.clone(),
            name: user.name.clone(),
            rights: rights(&user.given),
            origin,
            confirmed: confirmed_at.is_some_and(fresh),
            must_set_up: false,
            token: None,
        }
    }

    /// A program with a token. Whoever made the token showed that it was they, and named what is dangerous.
    pub(crate) fn with_token(
        user: &store::User,
        token: Token,
        standing: Standing,
        address: &str,
        now: OffsetDateTime,
    ) -> Self {
        let origin = Origin { session: format!("token:{}", token.id), address: address.to_owned() };
        let must_set_up = standing.must_set_up;
        Self { token: Some(Box::new(token)), must_set_up, ..Self::new(user, origin, Some(now), now) }
    }

    /// The same person with a part of the organization.
    #[cfg(test)]
    pub(crate) fn with_scope(self, scope: model::access::Scope) -> Self {
        let grants = self.rights.0.iter().map(|grant| Grant { scope: scope.clone(), ..grant.clone() });
        let grants = grants.collect();
        self.with_grants(grants)
    }

    /// The same person with other rights.
    #[cfg(test)]
    pub(crate) fn with_grants(self, grants: Vec<Grant>) -> Self {
        Self { rights: Rights(grants), ..self }
    }

    /// The user's id, as sessions keep it.
    #[must_use]
    pub const fn user_id(&self) -> UserId {
        self.user_id
    }

    /// What they were given.
    #[must_use]
    pub const fn rights(&self) -> &Rights {
        &self.rights
    }

    /// The token that the request came with; `None` for people.
    #[must_use]
    pub fn token(&self) -> Option<&Token> {
        self.token.as_deref()
    }

    /// Why they may not do something to a resource; `None` where they may. The only place that decides.
    pub(crate) fn refuses(&self, action: Action, resource: &Resource) -> Option<Refusal> {
        if self.must_set_up && !matches!(action, Action::OwnAccount | Action::OwnSignIn) {
            return Some(Refusal::NoSecondFactor);
        }
        let token = || self.limits().and_then(|limits| limits.refuses(action, resource));
        let unconfirmed =
            (action.is_dangerous() && !self.confirmed).then_some(Refusal::Unconfirmed { action });
        self.rights.refuses(action, resource).or_else(token).or(unconfirmed)
    }

    /// Where they may do something: it must lie in each of these.
    pub(crate) fn scopes(&self, action: Action) -> (Scope, Scope) {
        let nowhere = || Scope::Below(Vec::new());
        let own = self.rights.scope(action).unwrap_or_else(nowhere);
        (own, self.limits().map_or(Scope::All, |limits| limits.scope.clone()))
    }

    fn limits(&self) -> Option<&TokenLimits> {
        self.token.as_ref().map(|token| &token.limits)
    }

    /// Whether a password or factor of theirs is fresh enough for what is dangerous.
    #[must_use]
    pub const fn is_confirmed(&self) -> bool {
        self.confirmed
    }

    /// Whether they must set up a second factor before anything else.
    #[must_use]
    pub const fn must_set_up(&self) -> bool {
        self.must_set_up
    }

    /// Names the session; empty where there is none.
    pub(crate) fn session(&self) -> &str {
        &self.origin.session
    }

    /// Sign-in name.
    #[must_use]
    pub fn email(&self) -> &str {
        &self.email
    }

    /// Network address; empty where it is not known.
    pub(crate) fn address(&self) -> &str {
        &self.origin.address
    }

    /// As the audit list names them.
    pub(crate) fn actor(&self) -> Actor {
        let Origin { session, address } = self.origin.clone();
        Actor { person: self.email.clone(), session, address }
    }

    pub(crate) fn me(&self) -> Me {
        Me {
            email: self.email.clone(),
            name: self.name.clone(),
            rights: self.rights.clone(),
            confirmed: self.confirmed,
        }
    }
}

impl Portal {
    /// The person that a session belongs to, as they are now: a disabled user, a changed role or rule counts at once.
    /// `confirmed_at` is when they last showed a password or factor.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn caller(
        &self,
        user_id: UserId,
        origin: Origin,
        confirmed_at: Option<OffsetDateTime>,
    ) -> Result<Option<Caller>, PortalError> {
        let (user, standing) =
            futures::try_join!(self.store().user_by_id(user_id), self.store().standing(user_id))?;
        let now = self.now();
        Ok(user.filter(|user| !user.disabled && !standing.kept_out).map(|user| {
            let must_set_up = standing.must_set_up;
            Caller { must_set_up, ..Caller::new(&user, origin, confirmed_at, now) }
        }))
    }
}
