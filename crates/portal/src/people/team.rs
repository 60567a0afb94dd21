//! Everybody who can sign in, and what administrators do about them.

use model::{
    access::{Action, Grant, Resource, Scope},
    audit::{AuditAction, AuditDetail},
    change::Named,
    sign_in::BREAK_GLASS,
    team::{GivenGrant, GrantSource, LAST_ADMINISTRATOR, Member, Team},
};
use store::{NewAudit, StillNeeded, UserId};

use crate::{Caller, Portal, PortalError};

impl Portal {
    /// Everybody who can sign in or was invited.
    ///
    /// # Errors
    /// Where the caller may not see them, or the database fails.
    pub async fn team(&self, caller: &Caller) -> Result<Team, PortalError> {
        self.may(caller, Action::ReadTeam, &Resource::Organization).await?;
        let now = self.now();
        let members = self.store().members(now).await?;
        let tokens = self.store().tokens().await?;
        let given = members.iter().flat_map(|member| &member.given).map(|given| &given.grant.scope);
        let limits = tokens.iter().map(|(_, token)| &token.limits.scope);
        let places = self.places_of(given.chain(limits)).await?;
        let rules = self.store().sign_in_rules().await?;
        Ok(Team { places, members, tokens, own_id: caller.user_id(), rules, now })
    }

    /// Puts a grant in the place of what administrators gave somebody. What comes with groups of an identity provider stays.
    ///
    /// # Errors
    /// `NotFound` where there is nobody of this id; `Conflict` where they are the last administrator.
    pub async fn give_rights(&self, caller: &Caller, id: UserId, grant: Grant) -> Result<(), PortalError> {
        self.may(caller, Action::ManageTeam, &Resource::Organization).await?;
        let member = self.member(id).await?;
        self.not_break_glass(id).await?;
        self.known_places(&grant.scope).await?;
        let given = vec![GivenGrant { grant, source: GrantSource::ByHand { by: caller.email().to_owned() } }];
        let mapped = member.given.iter().filter(|given| matches!(given.source, GrantSource::Mapping { .. }));
        let after = mapped.chain(&given).cloned().collect();
        let event = NewAudit {
            detail: AuditDetail::Rights { before: member.given.clone(), after },
            ..about(caller, AuditAction::RightsGiven, &member)
        };
        needed(self.store().give(id, &given, &event, self.now()).await?)
    }

    /// Lets somebody sign in or not. Who may not is out at once, everywhere.
    ///
    /// # Errors
    /// As [`Self::give_rights`].
    pub async fn set_person_disabled(
        &self,
        caller: &Caller,
        id: UserId,
        disabled: bool,
    ) -> Result<(), PortalError> {
        self.may(caller, Action::ManageTeam, &Resource::Organization).await?;
        let action = if disabled { AuditAction::PersonDisabled } else { AuditAction::PersonEnabled };
        self.not_break_glass(id).await?;
        let member = self.member(id).await?;
        if let Some(directory) = member.directory.as_ref().filter(|directory| !disabled && !directory.active)
        {
            let why =
                format!("The directory of {} keeps them out. They must be let in there.", directory.title);
            return Err(PortalError::Conflict(why));
        }
        let event = about(caller, action, &member);
        needed(self.store().set_user_disabled(id, disabled, &event, self.now()).await?)
    }

    /// Removes somebody with all that is theirs. The audit list keeps what they did under their name.
    ///
    /// # Errors
    /// As [`Self::give_rights`].
    pub async fn delete_person(&self, caller: &Caller, id: UserId) -> Result<(), PortalError> {
        self.may(caller, Action::ManageTeam, &Resource::Organization).await?;
        let event = about(caller, AuditAction::PersonDeleted, &self.member(id).await?);
        self.not_break_glass(id).await?;
        needed(self.store().delete_user(id, &event, self.now()).await?)
    }

    /// Signs somebody out everywhere; says how many sessions ended.
    ///
    /// # Errors
    /// `NotFound` where there is nobody of this id.
    pub async fn end_sessions_of_person(&self, caller: &Caller, id: UserId) -> Result<u64, PortalError> {
        self.may(caller, Action::ManageTeam, &Resource::Organization).await?;
        let event = about(caller, AuditAction::SessionsEnded, &self.member(id).await?);
        Ok(self.store().end_sessions_of(id, &event, self.now()).await?)
    }

    /// Refuses a change to the break-glass account.
    async fn not_break_glass(&self, id: UserId) -> Result<(), PortalError> {
        if self.store().sign_in_rules().await?.is_break_glass(id) {
            return Err(PortalError::Conflict(BREAK_GLASS.to_owned()));
        }
        Ok(())
    }

    async fn member(&self, id: UserId) -> Result<Member, PortalError> {
        self.store().member(id, self.now()).await?.ok_or_else(no_such_person)
    }

    /// Refuses a scope of places that the organization does not have: a mistyped id would be a scope of nothing.
    pub(super) async fn known_places(&self, scope: &Scope) -> Result<(), PortalError> {
        let Scope::Below(tops) = scope else { return Ok(()) };
        if tops.is_empty() {
            return Err(PortalError::field(
                "places",
                "Name at least one OU or account, or choose everything.",
            ));
        }
        let directory = self.unscoped_directory().await?;
        match tops.iter().find(|top| directory.place(top).is_none()) {
            Some(top) => {
                let message = format!("The organization has no {top}. It may have been removed.");
                Err(PortalError::field("places", message))
            }
            None => Ok(()),
        }
    }

    /// The names of the places that scopes name; those that are gone have none.
    pub(super) async fn places_of(
        &self,
        scopes: impl Iterator<Item = &Scope>,
    ) -> Result<Vec<(String, String)>, PortalError> {
        let mut places: Vec<_> = scopes.filter_map(below).flatten().collect();
        places.sort_unstable_by_key(|place| place.as_str());
        places.dedup();
        if places.is_empty() {
            return Ok(Vec::new());
        }
        let directory = self.unscoped_directory().await?;
        let named = |id| directory.place(id).map(|place| (id.to_string(), place.node.name.clone()));
        Ok(places.into_iter().filter_map(named).collect())
    }
}

fn below(scope: &Scope) -> Option<&Vec<model::TargetId>> {
    match scope {
        Scope::All => None,
        Scope::Below(tops) => Some(tops),
    }
}

/// An event about somebody.
pub(super) fn about(caller: &Caller, action: AuditAction, member: &Member) -> NewAudit {
    NewAudit { subject: Named::new(&member.email, &member.name), ..NewAudit::done(caller.actor(), action) }
}

pub(super) fn no_such_person() -> PortalError {
    PortalError::NotFound { what: "person" }
}

fn needed(done: Result<(), StillNeeded>) -> Result<(), PortalError> {
    done.map_err(|StillNeeded| PortalError::Conflict(LAST_ADMINISTRATOR.to_owned()))
}
