//! Everybody who can sign in, and the changes that administrators make to them.

use model::team::{DirectoryState, GivenGrant, LinkPurpose, Member, OpenLink, SignInMeans};
use sqlx::{FromRow, PgConnection, types::Json};
use time::OffsetDateTime;

use super::{GRANTS_OF, GrantRow, end_sessions, grants, settle_disabled};
use crate::{NewAudit, Store, StoreError, UserId, audit, rows};

/// More people than a team has; what is beyond is not shown.
const MOST: i64 = 5_000;

/// Nobody else who can sign in may everything everywhere, or it is the break-glass account: nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StillNeeded;

#[derive(FromRow)]
struct MemberRow {
    user_id: i64,
    email: String,
    name: String,
    disabled: bool,
    service: bool,
    last_sign_in_at: Option<OffsetDateTime>,
    grants: Json<Vec<GrantRow>>,
    has_password: bool,
    has_codes: bool,
    passkeys: i64,
    recovery_codes: i64,
    providers: Vec<String>,
    directory: Option<String>,
    directory_active: Option<bool>,
    sessions: i64,
    local_refused: bool,
    purpose: Option<String>,
    expires_at: Option<OffsetDateTime>,
}

impl TryFrom<MemberRow> for Member {
    type Error = StoreError;
    fn try_from(row: MemberRow) -> Result<Self, StoreError> {
        let purpose = row.purpose.as_deref().and_then(LinkPurpose::from_name);
        Ok(Self {
            id: row.user_id,
            email: row.email,
            name: row.name,
            disabled: row.disabled,
            service: row.service,
            given: grants::given(row.grants.0)?,
            means: SignInMeans {
                password: row.has_password,
                passkeys: u64::try_from(row.passkeys).unwrap_or_default(),
                codes: row.has_codes,
                recovery_codes: u64::try_from(row.recovery_codes).unwrap_or_default(),
                providers: row.providers,
            },
            directory: row
                .directory
                .zip(row.directory_active)
                .map(|(title, active)| DirectoryState { title, active }),
            sessions: u64::try_from(row.sessions).unwrap_or_default(),
            last_sign_in_at: row.last_sign_in_at,
            link: purpose.zip(row.expires_at).map(|(purpose, expires_at)| OpenLink { purpose, expires_at }),
            local_refused: row.local_refused,
        })
    }
}

const MEMBER: &str = "SELECT u.user_id, u.email, u.name, u.disabled, u.service, u.last_sign_in_at,
        u.password_hash IS NOT NULL AS has_password,
        EXISTS (SELECT FROM code_secrets c WHERE c.user_id = u.user_id AND c.confirmed_at IS NOT NULL) AS has_codes,
        (SELECT count(*) FROM passkeys k WHERE k.user_id = u.user_id) AS passkeys,
        (SELECT count(*) FROM recovery_codes c WHERE c.user_id = u.user_id) AS recovery_codes,
        array(SELECT p.title FROM identities i JOIN sign_in_providers p USING (issuer) WHERE i.user_id = u.user_id
            ORDER BY p.title) AS providers,
        (SELECT count(*) FROM sessions s WHERE s.user_id = u.user_id AND least(s.expires_at, s.ends_at) > $1) AS sessions,
        coalesce((SELECT r.break_glass <> u.user_id FROM sign_in_rules r), false) AS local_refused,
        l.purpose, l.expires_at, d.title AS directory, d.active AS directory_active, ";

impl Store {
    /// Everybody, by name.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn members(&self, now: OffsetDateTime) -> Result<Vec<Member>, StoreError> {
        let mut query = members();
        query.push(" ORDER BY lower(u.name), u.user_id LIMIT ").push(MOST);
        let rows: Vec<MemberRow> = query.build_query_as().bind(now).fetch_all(&self.pool).await?;
        rows.into_iter().map(Member::try_from).collect()
    }

    /// One of them.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn member(&self, id: UserId, now: OffsetDateTime) -> Result<Option<Member>, StoreError> {
        let mut query = members();
        query.push(" WHERE u.user_id = $2");
        let row: Option<MemberRow> =
            query.build_query_as().bind(now).bind(id).fetch_optional(&self.pool).await?;
        row.map(Member::try_from).transpose()
    }

    /// Puts what administrators gave somebody in the place of what they had given; what an identity provider's groups stand
    /// for stays. Their sessions end: who may more or less signs in anew.
    ///
    /// # Errors
    /// [`StoreError::WrongRowCount`] where there is no such user.
    pub async fn give(
        &self,
        id: UserId,
        given: &[GivenGrant],
        event: &NewAudit,
        now: OffsetDateTime,
    ) -> Result<Result<(), StillNeeded>, StoreError> {
        self.change_member(event, now, async |tx| {
            touch(tx, id, now).await?;
            sqlx::query("DELETE FROM grants WHERE user_id = $1 AND source <> 'mapping'")
                .bind(id)
                .execute(&mut *tx)
                .await?;
            grants::insert(tx, id, given, now).await?;
            end_sessions(tx, id).await.map(drop)
        })
        .await
    }

    /// Lets a user sign in or not. One who may not has no session and no link from then on.
    ///
    /// # Errors
    /// [`StoreError::WrongRowCount`] where there is no such user.
    pub async fn set_user_disabled(
        &self,
        id: UserId,
        disabled: bool,
        event: &NewAudit,
        now: OffsetDateTime,
    ) -> Result<Result<(), StillNeeded>, StoreError> {
        self.change_member(event, now, async |tx| {
            touch(tx, id, now).await?;
            let sql = "UPDATE users SET disabled_by_hand = $2 WHERE user_id = $1";
            sqlx::query(sql).bind(id).bind(disabled).execute(&mut *tx).await?;
            settle_disabled(tx, id, now).await?;
            if disabled {
                sqlx::query("DELETE FROM sign_in_links WHERE user_id = $1")
                    .bind(id)
                    .execute(&mut *tx)
                    .await?;
                end_sessions(tx, id).await?;
            }
            Ok(())
        })
        .await
    }

    /// Removes a user with all that is theirs. Audit and changes keep their name.
    ///
    /// # Errors
    /// [`StoreError::WrongRowCount`] where there is no such user.
    pub async fn delete_user(
        &self,
        id: UserId,
        event: &NewAudit,
        now: OffsetDateTime,
    ) -> Result<Result<(), StillNeeded>, StoreError> {
        self.change_member(event, now, async |tx| {
            end_sessions(tx, id).await?;
            let query = sqlx::query("DELETE FROM users WHERE user_id = $1").bind(id);
            rows::exactly_one("user", query.execute(&mut *tx).await?.rows_affected())
        })
        .await
    }

    /// Makes a change to a user, unless nobody would be left who can sign in and may everything everywhere. Of two at once,
    /// the second sees what the first did. What is not
    /// written down is not done.
    async fn change_member(
        &self,
        event: &NewAudit,
        now: OffsetDateTime,
        change: impl AsyncFnOnce(&mut PgConnection) -> Result<(), StoreError>,
    ) -> Result<Result<(), StillNeeded>, StoreError> {
        let mut tx = self.begin().await?;
        let members = MembersChange::begin(&mut tx, now).await?;
        change(&mut tx).await?;
        if members.end(&mut tx, std::slice::from_ref(event), now).await?.is_err() {
            return Ok(Err(StillNeeded));
        }
        tx.commit().await?;
        Ok(Ok(()))
    }
}

/// A change to people within a transaction, of an administrator or of a directory: others who change people, groups or
/// grants wait for it, readers do not; and it is made only if it leaves somebody who can sign in and may everything.
pub(super) struct MembersChange {
    administered: bool,
}

impl MembersChange {
    /// Begins one: locks, and looks how things stand.
    pub async fn begin(connection: &mut PgConnection, now: OffsetDateTime) -> Result<Self, StoreError> {
        lock(connection).await?;
        Ok(Self { administered: has_administrator(connection, now).await? })
    }

    /// Writes down what was changed; or refuses it, and then nothing of the transaction may be kept.
    pub async fn end(
        self,
        connection: &mut PgConnection,
        events: &[NewAudit],
        now: OffsetDateTime,
    ) -> Result<Result<(), StillNeeded>, StoreError> {
        let lost = self.administered && !has_administrator(connection, now).await?;
        if lost || lost_break_glass(connection, now).await? {
            return Ok(Err(StillNeeded));
        }
        for event in events {
            audit::append(connection, event, now).await?;
        }
        Ok(Ok(()))
    }
}

/// Others who change people wait here.
pub(super) async fn lock(connection: &mut PgConnection) -> Result<(), StoreError> {
    sqlx::query("LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE").execute(connection).await?;
    Ok(())
}

fn members() -> sqlx::QueryBuilder<sqlx::Postgres> {
    let mut query = sqlx::QueryBuilder::new(MEMBER);
    query.push(GRANTS_OF).push(
        " AS grants FROM users u LEFT JOIN sign_in_links l ON l.user_id = u.user_id AND l.expires_at > $1
         LEFT JOIN LATERAL (SELECT s.title, p.active FROM provisioned_people p JOIN sign_in_providers s USING (issuer)
            WHERE p.user_id = u.user_id ORDER BY p.active, s.title LIMIT 1) AS d ON true",
    );
    query
}

/// Whether somebody who can sign in may everything everywhere. Only those are looked at who may: a team has few.
async fn has_administrator(connection: &mut PgConnection, now: OffsetDateTime) -> Result<bool, StoreError> {
    let mut query = members();
    query.push(
        " WHERE NOT u.disabled AND EXISTS (SELECT FROM grants g WHERE g.user_id = u.user_id AND g.role = 'administrator')",
    );
    let administrators = fetch(query, connection, now).await?;
    Ok(administrators.iter().any(Member::is_whole_administrator))
}

/// Whether the break-glass account is no administrator of everything any more.
async fn lost_break_glass(connection: &mut PgConnection, now: OffsetDateTime) -> Result<bool, StoreError> {
    let Some(id) = break_glass(connection).await? else { return Ok(false) };
    let mut query = members();
    query.push(" WHERE u.user_id = ").push(id);
    Ok(!fetch(query, connection, now).await?.iter().any(Member::is_whole_administrator))
}

/// The break-glass account, while there is one.
pub(super) async fn break_glass(connection: &mut PgConnection) -> Result<Option<UserId>, StoreError> {
    Ok(sqlx::query_scalar("SELECT break_glass FROM sign_in_rules").fetch_one(connection).await?)
}

/// Everybody, in any order.
pub(super) async fn all_members(
    connection: &mut PgConnection,
    now: OffsetDateTime,
) -> Result<Vec<Member>, StoreError> {
    fetch(members(), connection, now).await
}

async fn fetch(
    mut query: sqlx::QueryBuilder<sqlx::Postgres>,
    connection: &mut PgConnection,
    now: OffsetDateTime,
) -> Result<Vec<Member>, StoreError> {
    let rows: Vec<MemberRow> = query.build_query_as().bind(now).fetch_all(connection).await?;
    rows.into_iter().map(Member::try_from).collect()
}

async fn touch(connection: &mut PgConnection, id: UserId, now: OffsetDateTime) -> Result<(), StoreError> {
    let query = sqlx::query("UPDATE users SET updated_at = $2 WHERE user_id = $1").bind(id).bind(now);
    rows::exactly_one("user", query.execute(connection).await?.rows_affected())
}

#[cfg(test)]
mod tests;
