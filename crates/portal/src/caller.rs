//! Who asks. Only the portal makes one, for a person that it has just looked up.

use model::{
    access::{Grant, Role},
    session::Me,
};
use store::{Actor, UserId};

use crate::{Portal, PortalError};

/// The signed-in person behind a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    user_id: UserId,
    email: String,
    name: String,
    grant: Grant,
    origin: Origin,
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
    pub(crate) fn new(user: &store::User, origin: Origin) -> Self {
        Self {
            user_id: user.id,
            email: user.email.clone(),
            name: user.name.clone(),
            grant: Grant::everywhere(user.role),
            origin,
        }
    }

    /// The same person with a part of the organization.
    #[cfg(test)]
    pub(crate) fn with_scope(self, scope: model::access::Scope) -> Self {
        Self { grant: Grant { scope, ..self.grant }, ..self }
    }

    /// The user's id, as sessions keep it.
    #[must_use]
    pub const fn user_id(&self) -> UserId {
        self.user_id
    }

    /// What they were given.
    #[must_use]
    pub const fn grant(&self) -> &Grant {
        &self.grant
    }

    /// What they may do.
    #[must_use]
    pub const fn role(&self) -> Role {
        self.grant.role
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
        Me { email: self.email.clone(), name: self.name.clone(), role: self.role() }
    }
}

impl Portal {
    /// The person that a session belongs to, as they are now: a disabled user or a changed role counts at once.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn caller(&self, user_id: UserId, origin: Origin) -> Result<Option<Caller>, PortalError> {
        let user = self.store().user_by_id(user_id).await?;
        Ok(user.filter(|u| !u.disabled).map(|user| Caller::new(&user, origin)))
    }
}
