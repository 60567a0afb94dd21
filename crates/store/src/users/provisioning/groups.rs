//! What a directory tells of groups.

use std::collections::BTreeSet;

use model::{
    audit::{AuditAction, AuditDetail},
    change::Named,
};
use sqlx::{FromRow, PgConnection, QueryBuilder};
use time::OffsetDateTime;

use super::{
    Columns, NotProvisioned, ProvisionedFilter, ProvisionedGroup, ProvisionedKey, ProvisionedPage,
    ProvisionedRange, ProvisioningDirectory, PutProvisionedGroup, check_version, count, narrow, rights,
};
use crate::{NewAudit, Store, StoreError, users::team::MembersChange};

/// So many of those who joined or left are named in an event; the others are counted.
const NAMED: usize = 20;

#[derive(FromRow)]
struct GroupRow {
    group_id: String,
    display_name: String,
    external_id: Option<String>,
    version: i64,
    created_at: OffsetDateTime,
    changed_at: OffsetDateTime,
    member_ids: Vec<String>,
    member_names: Vec<String>,
}

impl From<GroupRow> for ProvisionedGroup {
    fn from(row: GroupRow) -> Self {
        Self {
            id: row.group_id,
            display_name: row.display_name,
            external_id: row.external_id,
            members: row.member_ids.into_iter().zip(row.member_names).collect(),
            version: row.version,
            created_at: row.created_at,
            changed_at: row.changed_at,
        }
    }
}

const GROUPS: &str = "SELECT r.*,
        array(SELECT m.person_id FROM provisioned_members m WHERE m.group_id = r.group_id ORDER BY m.person_id)
            AS member_ids,
        array(SELECT p.user_name FROM provisioned_members m JOIN provisioned_people p USING (person_id)
            WHERE m.group_id = r.group_id ORDER BY m.person_id) AS member_names
    FROM provisioned_groups r WHERE r.issuer = ";

impl Store {
    /// A page of the groups of a provider's directory.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn provisioned_groups(
        &self,
        issuer: &str,
        filter: Option<&ProvisionedFilter>,
        range: ProvisionedRange,
    ) -> Result<ProvisionedPage<ProvisionedGroup>, StoreError> {
        let columns = Columns::GROUPS;
        let mut connection = self.pool.acquire().await?;
        let total = count(&mut connection, ("provisioned_groups", &columns), issuer, filter).await?;
        let mut query = QueryBuilder::new(GROUPS);
        query.push_bind(issuer);
        narrow(&mut query, &columns, filter);
        query.push(" ORDER BY r.created_at, r.group_id LIMIT ").push_bind(range.count);
        query.push(" OFFSET ").push_bind(range.skip);
        let rows: Vec<GroupRow> = query.build_query_as().fetch_all(&mut *connection).await?;
        Ok(ProvisionedPage { total, resources: rows.into_iter().map(ProvisionedGroup::from).collect() })
    }

    /// A group of a provider's directory; `None` where there is none of this id.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn provisioned_group(
        &self,
        issuer: &str,
        id: &str,
    ) -> Result<Option<ProvisionedGroup>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        find(&mut connection, issuer, id).await
    }

    /// Writes down what a directory tells of a group. Who joined or left it may more or less at once, in the same
    /// transaction. `before` is the version that was read.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn put_provisioned_group(
        &self,
        directory: &ProvisioningDirectory<'_>,
        before: Option<i64>,
        put: &PutProvisionedGroup,
        now: OffsetDateTime,
    ) -> Result<Result<ProvisionedGroup, NotProvisioned>, StoreError> {
        let mut tx = self.begin().await?;
        let members = MembersChange::begin(&mut tx, now).await?;
        let found = find(&mut tx, directory.issuer, &put.id).await?;
        if let Err(not) = check_version(found.as_ref().map(|found| found.version), before) {
            return Ok(Err(not));
        }
        if let Some(attribute) = taken(&mut tx, directory, put).await? {
            return Ok(Err(NotProvisioned::Taken(attribute)));
        }
        write(&mut tx, directory.issuer, put, now).await?;
        if !write_members(&mut tx, directory.issuer, put).await? {
            return Ok(Err(NotProvisioned::UnknownMember));
        }
        let Some(written) = find(&mut tx, directory.issuer, &put.id).await? else {
            return Ok(Err(NotProvisioned::Gone));
        };
        let mut events = vec![told(directory, found.as_ref(), Some(&written))];
        for person in concerned(found.as_ref(), Some(&written)) {
            events.extend(rights::map(&mut tx, directory, &person, now).await?);
        }
        if let Err(needed) = members.end(&mut tx, &events, now).await? {
            return Ok(Err(needed.into()));
        }
        tx.commit().await?;
        Ok(Ok(written))
    }

    /// Removes a group, and what it stood for.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn remove_provisioned_group(
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
        sqlx::query("DELETE FROM provisioned_groups WHERE group_id = $1").bind(id).execute(&mut *tx).await?;
        let mut events = vec![told(directory, Some(&found), None)];
        for person in concerned(Some(&found), None) {
            events.extend(rights::map(&mut tx, directory, &person, now).await?);
        }
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
) -> Result<Option<ProvisionedGroup>, StoreError> {
    let mut query = QueryBuilder::new(GROUPS);
    query.push_bind(issuer).push(" AND r.group_id = ").push_bind(id);
    let row: Option<GroupRow> = query.build_query_as().fetch_optional(connection).await?;
    Ok(row.map(ProvisionedGroup::from))
}

/// The attribute that mappings know groups by, where another group has the same value: of two that stand for the same, a
/// removal from one would take nothing away.
async fn taken(
    connection: &mut PgConnection,
    directory: &ProvisioningDirectory<'_>,
    put: &PutProvisionedGroup,
) -> Result<Option<&'static str>, StoreError> {
    let by_id = directory.group_key == ProvisionedKey::ExternalId;
    let sql = "SELECT EXISTS (SELECT FROM provisioned_groups WHERE issuer = $1 AND group_id <> $2
        AND CASE WHEN $3 THEN external_id = $4 ELSE display_name = $5 END)";
    let query = sqlx::query_scalar(sql).bind(directory.issuer).bind(&put.id).bind(by_id);
    let query = query.bind(&put.external_id).bind(&put.display_name);
    let taken: bool = query.fetch_one(connection).await?;
    Ok(taken.then_some(if by_id { "externalId" } else { "displayName" }))
}

async fn write(
    connection: &mut PgConnection,
    issuer: &str,
    put: &PutProvisionedGroup,
    now: OffsetDateTime,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO provisioned_groups AS g
            (group_id, issuer, display_name, external_id, version, created_at, changed_at)
        VALUES ($1, $2, $3, $4, 1, $5, $5)
        ON CONFLICT ON CONSTRAINT provisioned_groups_pkey DO UPDATE SET display_name = excluded.display_name,
            external_id = excluded.external_id, version = g.version + 1, changed_at = excluded.changed_at";
    let query = sqlx::query(sql).bind(&put.id).bind(issuer).bind(&put.display_name).bind(&put.external_id);
    query.bind(now).execute(connection).await?;
    Ok(())
}

/// False where a member is nobody of the directory.
async fn write_members(
    connection: &mut PgConnection,
    issuer: &str,
    put: &PutProvisionedGroup,
) -> Result<bool, StoreError> {
    let members: BTreeSet<&str> = put.members.iter().map(String::as_str).collect();
    let members: Vec<&str> = members.into_iter().collect();
    let sql = "DELETE FROM provisioned_members WHERE group_id = $1 AND person_id <> ALL($2)";
    sqlx::query(sql).bind(&put.id).bind(&members).execute(&mut *connection).await?;
    let sql = "INSERT INTO provisioned_members (group_id, person_id)
        SELECT $1, person_id FROM provisioned_people WHERE issuer = $2 AND person_id = ANY($3)
        ON CONFLICT ON CONSTRAINT provisioned_members_pkey DO NOTHING";
    sqlx::query(sql).bind(&put.id).bind(issuer).bind(&members).execute(&mut *connection).await?;
    let sql = "SELECT count(*) FROM provisioned_members WHERE group_id = $1";
    let written: i64 = sqlx::query_scalar(sql).bind(&put.id).fetch_one(connection).await?;
    Ok(usize::try_from(written) == Ok(members.len()))
}

/// Everybody who is or was in the group: another name of it may stand for something else.
fn concerned(before: Option<&ProvisionedGroup>, after: Option<&ProvisionedGroup>) -> BTreeSet<String> {
    let members = before.into_iter().chain(after).flat_map(|group| &group.members);
    members.map(|(id, _)| id.clone()).collect()
}

/// What a directory told of a group.
fn told(
    directory: &ProvisioningDirectory<'_>,
    before: Option<&ProvisionedGroup>,
    after: Option<&ProvisionedGroup>,
) -> NewAudit {
    let name = |group: Option<&ProvisionedGroup>| group.map(|group| group.display_name.clone());
    let members = |group: Option<&ProvisionedGroup>| -> BTreeSet<String> {
        group.into_iter().flat_map(|group| &group.members).map(|(_, name)| name.clone()).collect()
    };
    let (were, are) = (members(before), members(after));
    let mut text = Vec::new();
    match (name(before), name(after)) {
        (None, _) => text.push("Added.".to_owned()),
        (_, None) => text.push("Removed.".to_owned()),
        (Some(was), Some(is)) if was != is => text.push(format!("Was called {was}.")),
        _ => (),
    }
    text.extend(people("Joined", are.difference(&were)));
    text.extend(people("Left", were.difference(&are)));
    let of = after.or(before);
    let subject = Named::new(of.map_or("", |group| &group.id), of.map_or("", |group| &group.display_name));
    NewAudit {
        subject,
        detail: AuditDetail::Text { text: text.join(" ") },
        ..NewAudit::done(directory.actor.clone(), AuditAction::DirectoryGroupChanged)
    }
}

fn people<'a>(what: &str, names: impl Iterator<Item = &'a String>) -> Option<String> {
    let names: Vec<&str> = names.map(String::as_str).collect();
    let more = names.len().saturating_sub(NAMED);
    let named = names.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    (!named.is_empty()).then(|| format!("{what}: {named}{more}."))
}
