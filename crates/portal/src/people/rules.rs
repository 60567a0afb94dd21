//! Rules about signing in: who must have a second factor, and whether local accounts sign in at all.

use model::{
    access::{Action, Resource},
    audit::{AuditAction, AuditDetail},
    change::Named,
    sign_in::{SecondFactorRule, SignInRules},
};
use store::{Actor, NewAudit, Store, StoreError, User, UserId};
use time::OffsetDateTime;

use crate::{Caller, Portal, PortalError};

/// Who switches local sign-in on at the command line.
const COMMAND_LINE: &str = "(command line)";

impl Portal {
    /// Says who must have a second factor. Whoever must and has none sets one up before anything else.
    ///
    /// # Errors
    /// Where the caller may not, or the database fails.
    pub async fn set_second_factor_rule(
        &self,
        caller: &Caller,
        rule: SecondFactorRule,
    ) -> Result<(), PortalError> {
        self.may(caller, Action::ManageTeam, &Resource::Organization).await?;
        let before = self.store().sign_in_rules().await?.second_factor;
        let text = format!("Asked of {}; before: {}.", rule.words(), before.words());
        let detail = AuditDetail::Text { text };
        let event =
            NewAudit { detail, ..NewAudit::done(caller.actor(), AuditAction::SecondFactorRuleChanged) };
        Ok(self.store().put_second_factor_rule(rule, &event, self.now()).await?)
    }

    /// Switches local sign-in off for all but the break-glass account.
    ///
    /// # Errors
    /// `Conflict` where nobody could sign in by an identity provider, or the account cannot be that.
    pub async fn turn_local_sign_in_off(
        &self,
        caller: &Caller,
        break_glass: UserId,
    ) -> Result<(), PortalError> {
        self.may(caller, Action::ManageTeam, &Resource::Organization).await?;
        let text = "It is the break-glass account.".to_owned();
        let event = |member: &model::team::Member| NewAudit {
            subject: Named::new(&member.email, &member.name),
            detail: AuditDetail::Text { text },
            ..NewAudit::done(caller.actor(), AuditAction::LocalSignInTurnedOff)
        };
        let done =
            self.store().turn_local_sign_in_off(break_glass, caller.email(), event, self.now()).await?;
        done.map_err(|why| PortalError::Conflict(why.to_owned()))
    }

    /// Lets local accounts sign in again.
    ///
    /// # Errors
    /// Where the caller may not, or the database fails.
    pub async fn turn_local_sign_in_on(&self, caller: &Caller) -> Result<(), PortalError> {
        self.may(caller, Action::ManageTeam, &Resource::Organization).await?;
        let event = NewAudit::done(caller.actor(), AuditAction::LocalSignInTurnedOn);
        self.store().turn_local_sign_in_on(&event, self.now()).await?;
        Ok(())
    }

    /// Whether local accounts sign in. Anybody may know.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn local_sign_in(&self) -> Result<bool, PortalError> {
        Ok(self.store().sign_in_rules().await?.local_off.is_none())
    }

    /// Writes down that somebody signed in with the break-glass account, where that is what it is.
    pub(super) async fn note_break_glass(
        &self,
        rules: &SignInRules,
        user: &User,
        from: &str,
    ) -> Result<(), PortalError> {
        if !rules.is_break_glass(user.id) {
            return Ok(());
        }
        tracing::warn!(person = user.email, address = from, "the break-glass account was used");
        let actor = Actor { person: user.email.clone(), session: String::new(), address: from.to_owned() };
        let event = NewAudit::done(actor, AuditAction::BreakGlassUsed);
        Ok(self.store().note_break_glass(&event, self.now()).await?)
    }
}

/// Lets local accounts sign in again, for who is locked out and has the database; false where they do already.
///
/// # Errors
/// Where the database fails.
pub async fn turn_local_sign_in_on(store: &Store, now: OffsetDateTime) -> Result<bool, StoreError> {
    let actor = Actor { person: COMMAND_LINE.to_owned(), ..Actor::default() };
    store.turn_local_sign_in_on(&NewAudit::done(actor, AuditAction::LocalSignInTurnedOn), now).await
}
