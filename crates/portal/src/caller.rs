//! Who asks. Only the portal makes one, for a person that it has just looked up.

#[cfg(test)]
use model::access::Grant;
use model::{
    access::{CONFIRMED_MINUTES, Rights},
    session::Me,
    team::rights,
};
use store::{Actor, UserId};
use time::{Duration, OffsetDateTime};

use crate::{Portal, PortalError};

/// The signed-in person behind a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    user_id: UserId,
    email: String,
    name: String,
    rights: Rights,
    origin: Origin,
    confirmed: bool,
    must_set_up: bool,
}

/// Where a request comes from, as the audit list keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The first characters of the session's hash; empty where there is none.
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
        }
    }

    /// The same person with a part of the organization.
    #[cfg(test)]
    pub(crate) fn with_scope(self, scope: model::access::Scope) -> Self {
        let grants = self.rights.0.into_iter().map(|grant| Grant { scope: scope.clone(), ..grant });
        Self { rights: Rights(grants.collect()), ..self }
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
    pub(crate) fn email(&self) -> &str {
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
