//! What a directory tells of people.

use model::{
    audit::{AuditAction, AuditDetail},
    change::Named,
};
use sqlx::{FromRow, PgConnection, QueryBuilder};
use time::OffsetDateTime;

use super::{
    Columns, NotProvisioned, ProvisionedFilter, ProvisionedKey, ProvisionedPage, ProvisionedPerson,
    ProvisionedRange, ProvisioningDirectory, PutProvisionedPerson, check_version, count, narrow, rights,
    subject,
};
use crate::{
    NewAudit, Store, StoreError, UserId,
    users::{NewUser, end_sessions, insert_user, normal, settle_disabled, team::MembersChange},
};

#[derive(FromRow)]
struct PersonRow {
    person_id: String,
    user_name: String,
    external_id: Option<String>,
    active: bool,
    attributes: serde_json::Value,
    user_id: Option<i64>,
    version: i64,
    created_at: OffsetDateTime,
    changed_at: OffsetDateTime,
}

impl From<PersonRow> for ProvisionedPerson {
    fn from(row: PersonRow) -> Self {
        Self {
            id: row.person_id,
            user_name: row.user_name,
            external_id: row.external_id,
            active: row.active,
            attributes: row.attributes,
            user: row.user_id,
            version: row.version,
            created_at: row.created_at,
            changed_at: row.changed_at,
        }
    }
}

impl Store {
    /// A page of the people of a provider's directory.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn provisioned_people(
        &self,
        issuer: &str,
        filter: Option<&ProvisionedFilter>,
        range: ProvisionedRange,
    ) -> Result<ProvisionedPage<ProvisionedPerson>, StoreError> {
        let columns = Columns::PEOPLE;
        let mut connection = self.pool.acquire().await?;
        let total = count(&mut connection, ("provisioned_people", &columns), issuer, filter).await?;
        let mut query = QueryBuilder::new("SELECT r.* FROM provisioned_people r WHERE r.issuer = ");
        query.push_bind(issuer);
        narrow(&mut query, &columns, filter);
        query.push(" ORDER BY r.created_at, r.person_id LIMIT ").push_bind(range.count);
        query.push(" OFFSET ").push_bind(range.skip);
        let rows: Vec<PersonRow> = query.build_query_as().fetch_all(&mut *connection).await?;
        Ok(ProvisionedPage { total, resources: rows.into_iter().map(ProvisionedPerson::from).collect() })
    }

    /// Somebody of a provider's directory; `None` where there is nobody of this id.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn provisioned_person(
        &self,
        issuer: &str,
        id: &str,
    ) -> Result<Option<ProvisionedPerson>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        find(&mut connection, issuer, id).await
    }

    /// Writes down what a directory tells of somebody, and what follows: who is new is bound to who has their identity, else
    /// made; who is not active is out at once, in the same transaction as the event. `before` is the version that was read.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn put_provisioned_person(
        &self,
        directory: &ProvisioningDirectory<'_>,
        before: Option<i64>,
        put: &PutProvisionedPerson,
        now: OffsetDateTime,
    ) -> Result<Result<ProvisionedPerson, NotProvisioned>, StoreError> {
        let mut tx = self.begin().await?;
        let members = MembersChange::begin(&mut tx, now).await?;
        let found = find(&mut tx, directory.issuer, &put.id).await?;
        if let Err(not) = check_version(found.as_ref().map(|found| found.version), before) {
            return Ok(Err(not));
        }
        if let Some(attribute) = taken(&mut tx, directory.issuer, put).await? {
            return Ok(Err(NotProvisioned::Taken(attribute)));
        }
        let user = match &found {
            None => match bind(&mut tx, directory, put, now).await? {
                Some(user) => Some(user),
                None => return Ok(Err(NotProvisioned::Taken("emails"))),
            },
            Some(found) => {
                if !rename(&mut tx, found.user, put, now).await? {
                    return Ok(Err(NotProvisioned::Taken("emails")));
                }
                found.user
            }
        };
        let mut events = vec![told(directory, found.as_ref(), put)];
        write(&mut tx, directory.issuer, put, user, now).await?;
        if let Some(user) = user {
            let moved =
                found.as_ref().is_some_and(|found| key_of(directory, found) != put_key(directory, put));
            if moved {
                forget_identity(&mut tx, directory.issuer, user).await?;
            }
            let was_active = found.as_ref().is_none_or(|found| found.active);
            events.extend(settle_active(&mut tx, directory, (user, put), was_active, now).await?);
            events.extend(rights::map(&mut tx, directory, &put.id, now).await?);
        }
        if let Err(needed) = members.end(&mut tx, &events, now).await? {
            return Ok(Err(needed.into()));
        }
        let written = find(&mut tx, directory.issuer, &put.id).await?;
        tx.commit().await?;
        Ok(written.ok_or(NotProvisioned::Gone))
    }

    /// Removes somebody with all that is theirs, as an administrator does. The audit list keeps what they did under their
    /// name.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn remove_provisioned_person(
        &self,
        directory: &ProvisioningDirectory<'_>,
        id: &str,
        before: Option<i64>,
        now: OffsetDateTime,
    ) -> Result<Result<(), NotProvisioned>, StoreError> {
        let mut tx = self.begin().await?;
        let members = MembersChange::begin(&mut tx, now).await?;
        let Some(found) = find(&mut tx, directory.issuer, id).await? else {
            return Ok(Err(NotProvisioned::Gone));
        };
        if before.is_some_and(|before| before != found.version) {
            return Ok(Err(NotProvisioned::Stale));
        }
        let subject = match found.user {
            Some(user) => subject(&mut tx, user).await?,
            None => Named::new(&found.user_name, ""),
        };
        if let Some(user) = found.user {
            end_sessions(&mut tx, user).await?;
            sqlx::query("DELETE FROM users WHERE user_id = $1").bind(user).execute(&mut *tx).await?;
        }
        sqlx::query("DELETE FROM provisioned_people WHERE person_id = $1").bind(id).execute(&mut *tx).await?;
        let deleted = NewAudit::done(directory.actor.clone(), AuditAction::PersonDeleted);
        let events = [NewAudit { subject, ..deleted }];
        if let Err(needed) = members.end(&mut tx, &events, now).await? {
            return Ok(Err(needed.into()));
        }
        tx.commit().await?;
        Ok(Ok(()))
    }
}

async fn find(
    connection: &mut PgConnection,
    issuer: &str,
    id: &str,
) -> Result<Option<ProvisionedPerson>, StoreError> {
    let sql = "SELECT * FROM provisioned_people WHERE issuer = $1 AND person_id = $2";
    let row: Option<PersonRow> = sqlx::query_as(sql).bind(issuer).bind(id).fetch_optional(connection).await?;
    Ok(row.map(ProvisionedPerson::from))
}

/// The attribute whose value another person of the directory has.
async fn taken(
    connection: &mut PgConnection,
    issuer: &str,
    put: &PutProvisionedPerson,
) -> Result<Option<&'static str>, StoreError> {
    let sql = "SELECT lower(user_name) = lower($2) FROM provisioned_people
        WHERE issuer = $1 AND person_id <> $4 AND (lower(user_name) = lower($2) OR external_id = $3) LIMIT 1";
    let query =
        sqlx::query_scalar(sql).bind(issuer).bind(&put.user_name).bind(&put.external_id).bind(&put.id);
    let by_name: Option<bool> = query.fetch_optional(connection).await?;
    Ok(by_name.map(|by_name| if by_name { "userName" } else { "externalId" }))
}

fn key_of<'a>(directory: &ProvisioningDirectory<'_>, person: &'a ProvisionedPerson) -> Option<&'a str> {
    match directory.person_key {
        ProvisionedKey::ExternalId => person.external_id.as_deref(),
        ProvisionedKey::Name => Some(&person.user_name),
    }
}

fn put_key<'a>(directory: &ProvisioningDirectory<'_>, put: &'a PutProvisionedPerson) -> Option<&'a str> {
    match directory.person_key {
        ProvisionedKey::ExternalId => put.external_id.as_deref(),
        ProvisionedKey::Name => Some(&put.user_name),
    }
}

/// Whoever signed in with the identity that the directory names, else somebody new; `None` where somebody else has the
/// e-mail address: that is never enough to be the same person.
async fn bind(
    connection: &mut PgConnection,
    directory: &ProvisioningDirectory<'_>,
    put: &PutProvisionedPerson,
    now: OffsetDateTime,
) -> Result<Option<UserId>, StoreError> {
    let sql =
        "SELECT user_id FROM identities i WHERE issuer = $1 AND (directory_key = $2 OR ($3 AND subject = $2))
        AND NOT EXISTS (SELECT FROM provisioned_people p WHERE p.user_id = i.user_id AND p.issuer = $1)
        ORDER BY linked_at LIMIT 1";
    let query = sqlx::query_scalar(sql).bind(directory.issuer).bind(put_key(directory, put));
    let known: Option<UserId> = query.bind(directory.key_is_subject).fetch_optional(&mut *connection).await?;
    if known.is_some() {
        return Ok(known);
    }
    if is_taken(connection, &put.email, None).await? {
        return Ok(None);
    }
    let new =
        NewUser { email: put.email.clone(), name: put.name.clone(), password_hash: None, given: Vec::new() };
    insert_user(connection, &new, now).await.map(Some)
}

async fn is_taken(
    connection: &mut PgConnection,
    email: &str,
    by_other_than: Option<UserId>,
) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT FROM users WHERE email = $1 AND ($2::bigint IS NULL OR user_id <> $2))";
    Ok(sqlx::query_scalar(sql).bind(normal(email)).bind(by_other_than).fetch_one(connection).await?)
}

/// Follows a changed name or address. What somebody with a password signs in as is their own. False where somebody else has
/// the address.
async fn rename(
    connection: &mut PgConnection,
    user: Option<UserId>,
    put: &PutProvisionedPerson,
    now: OffsetDateTime,
) -> Result<bool, StoreError> {
    if is_taken(connection, &put.email, user).await? {
        let same = "SELECT EXISTS (SELECT FROM users WHERE user_id = $1 AND password_hash IS NULL)";
        let follows: bool = sqlx::query_scalar(same).bind(user).fetch_one(connection).await?;
        return Ok(!follows);
    }
    let sql = "UPDATE users SET email = $2, name = $3, updated_at = $4
        WHERE user_id = $1 AND password_hash IS NULL AND (email <> $2 OR name <> $3)";
    let query = sqlx::query(sql).bind(user).bind(normal(&put.email)).bind(&put.name).bind(now);
    query.execute(connection).await?;
    Ok(true)
}

async fn write(
    connection: &mut PgConnection,
    issuer: &str,
    put: &PutProvisionedPerson,
    user: Option<UserId>,
    now: OffsetDateTime,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO provisioned_people AS p
            (person_id, issuer, user_name, external_id, active, attributes, user_id, version, created_at, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $8)
        ON CONFLICT ON CONSTRAINT provisioned_people_pkey DO UPDATE SET user_name = excluded.user_name,
            external_id = excluded.external_id, active = excluded.active, attributes = excluded.attributes,
            version = p.version + 1, changed_at = excluded.changed_at";
    let query = sqlx::query(sql).bind(&put.id).bind(issuer).bind(&put.user_name).bind(&put.external_id);
    let query = query.bind(put.active).bind(&put.attributes).bind(user).bind(now);
    query.execute(connection).await?;
    Ok(())
}

/// Whom the directory names by another key from now on is somebody else at the provider.
async fn forget_identity(
    connection: &mut PgConnection,
    issuer: &str,
    user: UserId,
) -> Result<(), StoreError> {
    let sql = "DELETE FROM identities WHERE issuer = $1 AND user_id = $2";
    sqlx::query(sql).bind(issuer).bind(user).execute(&mut *connection).await?;
    end_sessions(connection, user).await.map(drop)
}

/// Lets somebody in or puts them out, as the directory says; what an administrator said stays.
async fn settle_active(
    connection: &mut PgConnection,
    directory: &ProvisioningDirectory<'_>,
    (user, put): (UserId, &PutProvisionedPerson),
    was_active: bool,
    now: OffsetDateTime,
) -> Result<Option<NewAudit>, StoreError> {
    settle_disabled(connection, user, now).await?;
    if !put.active {
        sqlx::query("DELETE FROM sign_in_links WHERE user_id = $1")
            .bind(user)
            .execute(&mut *connection)
            .await?;
        end_sessions(connection, user).await?;
    }
    let action = match (was_active, put.active) {
        (true, false) => AuditAction::PersonDisabled,
        (false, true) => AuditAction::PersonEnabled,
        _ => return Ok(None),
    };
    let subject = subject(connection, user).await?;
    Ok(Some(NewAudit { subject, ..NewAudit::done(directory.actor.clone(), action) }))
}

/// What a directory told of somebody.
fn told(
    directory: &ProvisioningDirectory<'_>,
    before: Option<&ProvisionedPerson>,
    put: &PutProvisionedPerson,
) -> NewAudit {
    let action = match before {
        None => AuditAction::DirectoryPersonAdded,
        Some(_) => AuditAction::DirectoryPersonChanged,
    };
    let external = |id: &Option<String>| id.clone().unwrap_or_else(|| "none".into());
    let mut text = vec![format!("userName {}, externalId {}", put.user_name, external(&put.external_id))];
    if let Some(before) = before
        && (&before.user_name, &before.external_id) != (&put.user_name, &put.external_id)
    {
        text.push(format!("before: {}, {}", before.user_name, external(&before.external_id)));
    }
    if !put.active {
        text.push("not active".into());
    }
    let text = format!("{}.", text.join("; "));
    NewAudit {
        subject: Named::new(normal(&put.email), &put.name),
        detail: AuditDetail::Text { text },
        ..NewAudit::done(directory.actor.clone(), action)
    }
}
