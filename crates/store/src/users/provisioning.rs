//! People and groups that directories tell of (SCIM): what they told, and what follows for who may sign in and may what.

mod filter;
mod groups;
mod people;
mod rights;
mod sign_in;

use model::{change::Named, team::GivenGrant};
use sqlx::{PgConnection, QueryBuilder};
use time::OffsetDateTime;

use crate::{Actor, StillNeeded, StoreError, UserId};

use filter::{Columns, Query};
pub use filter::{ProvisionedFilter, ProvisionedList, ProvisionedOperator, ProvisionedValue};
pub use sign_in::ProvisionedSignIn;

/// Which attribute of a directory's person has the value of the claim that its provider's tokens name them by; and of a
/// group, the name that mappings know it by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProvisionedKey {
    ExternalId,
    /// `userName` of people, `displayName` of groups.
    Name,
}

/// What grants the groups of somebody stand for; the keys of all their groups are given.
pub type MapGroups<'a> = &'a (dyn Fn(&[String]) -> Vec<GivenGrant> + Send + Sync);

/// A directory, as far as what it tells is written down.
#[derive(Clone)]
pub struct ProvisioningDirectory<'a> {
    /// Of the provider that its people sign in at.
    pub issuer: &'a str,
    /// The provider's name, as grants have it.
    pub provider: &'a str,
    /// As the audit list names it.
    pub actor: Actor,
    pub person_key: ProvisionedKey,
    /// Whether the claim that is compared is the subject itself.
    pub key_is_subject: bool,
    pub group_key: ProvisionedKey,
    /// `None` where groups stand for nothing here.
    pub map: Option<MapGroups<'a>>,
}

/// Somebody that a directory tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvisionedPerson {
    /// Names them to the directory.
    pub id: String,
    pub user_name: String,
    pub external_id: Option<String>,
    pub active: bool,
    /// What else it tells, as it is shown to it again.
    pub attributes: serde_json::Value,
    /// Who they are here; `None` where an administrator deleted them.
    pub user: Option<UserId>,
    /// Grows with each change.
    pub version: i64,
    pub created_at: OffsetDateTime,
    pub changed_at: OffsetDateTime,
}

/// A person as they are to be written.
#[derive(Clone, Debug)]
pub struct PutProvisionedPerson {
    pub id: String,
    pub user_name: String,
    pub external_id: Option<String>,
    pub active: bool,
    pub attributes: serde_json::Value,
    /// Where they are new here, or have no password: what they are called and signed in as.
    pub email: String,
    pub name: String,
}

/// A group that a directory tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvisionedGroup {
    pub id: String,
    pub display_name: String,
    pub external_id: Option<String>,
    /// Ids and `userName`s of its people, by id.
    pub members: Vec<(String, String)>,
    pub version: i64,
    pub created_at: OffsetDateTime,
    pub changed_at: OffsetDateTime,
}

/// A group as it is to be written.
#[derive(Clone, Debug)]
pub struct PutProvisionedGroup {
    pub id: String,
    pub display_name: String,
    pub external_id: Option<String>,
    /// Ids of its people.
    pub members: Vec<String>,
}

/// Why nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotProvisioned {
    /// There is none of this id.
    Gone,
    /// It was changed since it was read.
    Stale,
    /// Another has the value of this attribute.
    Taken(&'static str),
    /// A group names somebody that the directory has not told of.
    UnknownMember,
    /// Nobody would be left who can sign in and may everything everywhere.
    StillNeeded,
}

impl From<StillNeeded> for NotProvisioned {
    fn from(StillNeeded: StillNeeded) -> Self {
        Self::StillNeeded
    }
}

/// A page of what a directory told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvisionedPage<T> {
    /// Of all that the filter leaves.
    pub total: i64,
    /// In the order in which they came.
    pub resources: Vec<T>,
}

/// Which part of a list is read: so many are left out before it, and so many are on it at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProvisionedRange {
    pub skip: i64,
    pub count: i64,
}

/// How many there are of a table, `r`, that the filter leaves.
async fn count(
    connection: &mut PgConnection,
    (table, columns): (&'static str, &Columns),
    issuer: &str,
    filter: Option<&ProvisionedFilter>,
) -> Result<i64, StoreError> {
    let mut query = QueryBuilder::new("SELECT count(*) FROM ");
    query.push(table).push(" r WHERE r.issuer = ").push_bind(issuer);
    narrow(&mut query, columns, filter);
    Ok(query.build_query_scalar().fetch_one(connection).await?)
}

/// Adds a filter to a query that has a condition already.
fn narrow(query: &mut Query, columns: &Columns, filter: Option<&ProvisionedFilter>) {
    if let Some(filter) = filter {
        query.push(" AND ");
        columns.push(query, filter);
    }
}

/// Forgets what directories told that are none any more. Whom one put out stays out.
pub(super) async fn keep_directories(
    connection: &mut PgConnection,
    issuers: &[&str],
) -> Result<(), StoreError> {
    for sql in [
        "UPDATE users u SET disabled_by_hand = true FROM provisioned_people p
            WHERE p.user_id = u.user_id AND NOT p.active AND p.issuer <> ALL($1)",
        "DELETE FROM provisioned_people WHERE issuer <> ALL($1)",
        "DELETE FROM provisioned_groups WHERE issuer <> ALL($1)",
    ] {
        sqlx::query(sql).bind(issuers).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Refuses what was changed since it was read, or is gone. `before` is the version that was read; `None` for what is new.
fn check_version(found: Option<i64>, before: Option<i64>) -> Result<(), NotProvisioned> {
    match (found, before) {
        (None, None) => Ok(()),
        (None, Some(_)) => Err(NotProvisioned::Gone),
        (Some(found), Some(before)) if found == before => Ok(()),
        (Some(_), _) => Err(NotProvisioned::Stale),
    }
}

/// A person, as events name them.
async fn subject(connection: &mut PgConnection, user: UserId) -> Result<Named, StoreError> {
    let sql = "SELECT email, name FROM users WHERE user_id = $1";
    let (email, name): (String, String) = sqlx::query_as(sql).bind(user).fetch_one(connection).await?;
    Ok(Named::new(&email, &name))
}
