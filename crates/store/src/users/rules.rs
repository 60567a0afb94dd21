//! Rules about signing in.

use model::{
    news::Topic,
    sign_in::{LocalOff, NO_BREAK_GLASS, SecondFactorRule, SignInRules},
    team::{Member, may_break_glass, why_not_off},
};
use sqlx::FromRow;
use time::OffsetDateTime;

use super::team::{all_members, lock};
use crate::{NewAudit, Store, StoreError, UserId, audit, news};

/// What the rules say of somebody who has a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromRow)]
pub struct Standing {
    /// They must set up a second factor before anything else.
    pub must_set_up: bool,
    /// Local sign-in is off, and they have no other way in.
    pub kept_out: bool,
}

#[derive(FromRow)]
struct RulesRow {
    second_factor: String,
    break_glass: Option<i64>,
    email: Option<String>,
    local_off_at: Option<OffsetDateTime>,
    local_off_by: String,
    break_glass_used_at: Option<OffsetDateTime>,
}

impl TryFrom<RulesRow> for SignInRules {
    type Error = StoreError;
    fn try_from(row: RulesRow) -> Result<Self, StoreError> {
        let second_factor = SecondFactorRule::from_name(&row.second_factor)
            .ok_or_else(|| StoreError::corrupt("rule about second factors", row.second_factor))?;
        let (by, used_at) = (row.local_off_by, row.break_glass_used_at);
        let local_off = row.break_glass.zip(row.local_off_at).map(|(break_glass, since)| LocalOff {
            since,
            by,
            break_glass,
            email: row.email.unwrap_or_default(),
            used_at,
        });
        Ok(Self { second_factor, local_off })
    }
}

impl Store {
    /// The rules as they are.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn sign_in_rules(&self) -> Result<SignInRules, StoreError> {
        let sql = "SELECT r.second_factor, r.break_glass, u.email, r.local_off_at, r.local_off_by, r.break_glass_used_at
            FROM sign_in_rules r LEFT JOIN users u ON u.user_id = r.break_glass";
        let row: RulesRow = sqlx::query_as(sql).fetch_one(&self.pool).await?;
        row.try_into()
    }

    /// What the rules say of somebody, and nothing of a service account. A local account is one with a password or passkey here; the break-glass account must have
    /// a second factor in any case.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn standing(&self, user: UserId) -> Result<Standing, StoreError> {
        let sql = "SELECT u.password_hash IS NOT NULL
                AND NOT EXISTS (SELECT FROM passkeys k WHERE k.user_id = u.user_id)
                AND NOT EXISTS (SELECT FROM code_secrets c WHERE c.user_id = u.user_id AND c.confirmed_at IS NOT NULL)
                AND (r.second_factor = 'everybody' OR coalesce(r.break_glass = u.user_id, false)
                    OR (r.second_factor = 'administrators' AND EXISTS (
                        SELECT FROM grants g WHERE g.user_id = u.user_id AND g.role = 'administrator'))) AS must_set_up,
                coalesce(r.break_glass <> u.user_id, false) AND NOT u.service AND NOT EXISTS (
                    SELECT FROM identities i JOIN sign_in_providers p USING (issuer) WHERE i.user_id = u.user_id) AS kept_out
            FROM users u CROSS JOIN sign_in_rules r WHERE u.user_id = $1";
        let standing = sqlx::query_as(sql).bind(user).fetch_optional(&self.pool).await?;
        Ok(standing.unwrap_or_default())
    }

    /// Says who must have a second factor.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn put_second_factor_rule(
        &self,
        rule: SecondFactorRule,
        event: &NewAudit,
        now: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let sql = "UPDATE sign_in_rules SET second_factor = $1";
        sqlx::query(sql).bind(rule.as_str()).execute(&mut *tx).await?;
        audit::append(&mut tx, event, now).await?;
        Ok(tx.commit().await?)
    }

    /// Switches local sign-in off for all but one account, and ends the sessions of local accounts; or says why it cannot be. Of
    /// what changes people at the same time, one sees what the other did.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn turn_local_sign_in_off(
        &self,
        break_glass: UserId,
        by: &str,
        event: impl FnOnce(&Member) -> NewAudit + Send,
        now: OffsetDateTime,
    ) -> Result<Result<(), &'static str>, StoreError> {
        let mut tx = self.begin().await?;
        lock(&mut tx).await?;
        let members = all_members(&mut tx, now).await?;
        if let Some(why) = why_not_off(&members) {
            return Ok(Err(why));
        }
        let member = members.iter().find(|member| member.id == break_glass && may_break_glass(member));
        let Some(member) = member else { return Ok(Err(NO_BREAK_GLASS)) };
        let sql = "UPDATE sign_in_rules SET break_glass = $1, local_off_at = $2, local_off_by = $3, break_glass_used_at = NULL";
        sqlx::query(sql).bind(break_glass).bind(now).bind(by).execute(&mut *tx).await?;
        // Of somebody who is not signed in there may be sessions too: of what is under way.
        let sql = "DELETE FROM sessions WHERE provider_issuer IS NULL AND user_id <> $1";
        sqlx::query(sql).bind(break_glass).execute(&mut *tx).await?;
        news::tell(&mut tx, Topic::Sessions).await?;
        audit::append(&mut tx, &event(member), now).await?;
        tx.commit().await?;
        Ok(Ok(()))
    }

    /// Lets local accounts sign in again; false where they do already.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn turn_local_sign_in_on(
        &self,
        event: &NewAudit,
        now: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let sql = "UPDATE sign_in_rules SET break_glass = NULL, local_off_at = NULL, local_off_by = '',
                break_glass_used_at = NULL
            WHERE break_glass IS NOT NULL";
        if sqlx::query(sql).execute(&mut *tx).await?.rows_affected() == 0 {
            return Ok(false);
        }
        audit::append(&mut tx, event, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Notes that the break-glass account was used.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn note_break_glass(&self, event: &NewAudit, now: OffsetDateTime) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let sql = "UPDATE sign_in_rules SET break_glass_used_at = $1 WHERE break_glass IS NOT NULL";
        sqlx::query(sql).bind(now).execute(&mut *tx).await?;
        audit::append(&mut tx, event, now).await?;
        Ok(tx.commit().await?)
    }
}
