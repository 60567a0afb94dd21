//! Who asks. Only the portal makes one, from a session that it has just checked.

use model::{
    access::{Grant, Role, Scope},
    session::Me,
};

use store::UserId;

use crate::{Portal, PortalError};

/// The signed-in person behind a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    user_id: UserId,
    email: String,
    name: String,
    grant: Grant,
}

impl Caller {
    pub(crate) fn of(user: &store::User) -> Self {
        Self {
            user_id: user.id,
            email: user.email.clone(),
            name: user.name.clone(),
            grant: Grant::everywhere(user.role),
        }
    }

    /// The same person with a part of the organization.
    #[cfg(test)]
    pub(crate) fn with_scope(self, scope: Scope) -> Self {
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

    /// Where they may do it.
    #[must_use]
    pub const fn scope(&self) -> &Scope {
        &self.grant.scope
    }

    pub(crate) fn email(&self) -> &str {
        &self.email
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
    pub async fn caller(&self, user_id: UserId) -> Result<Option<Caller>, PortalError> {
        let user = self.store().user_by_id(user_id).await?;
        Ok(user.filter(|u| !u.disabled).as_ref().map(Caller::of))
    }
}
