//! What people were given.

use model::{
    access::{Grant, Scope},
    team::{GivenGrant, GrantSource},
};
use serde::Deserialize;
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::StoreError;

/// All grants of the user `u` of a query, as JSON, in the order in which they were given.
pub(super) const GRANTS_OF: &str =
    "(SELECT coalesce(json_agg(g ORDER BY g.grant_id), '[]') FROM grants g WHERE g.user_id = u.user_id)";

/// A row of the table, within JSON.
#[derive(Deserialize)]
pub(super) struct GrantRow {
    role: String,
    places: Option<Vec<String>>,
    source: String,
    given_by: String,
    provider: String,
    provider_group: String,
}

/// What rows say.
pub(super) fn given(rows: Vec<GrantRow>) -> Result<Vec<GivenGrant>, StoreError> {
    rows.into_iter().map(GivenGrant::try_from).collect()
}

impl TryFrom<GrantRow> for GivenGrant {
    type Error = StoreError;
    fn try_from(row: GrantRow) -> Result<Self, StoreError> {
        let role = row.role.parse().map_err(|e| StoreError::corrupt("role", e))?;
        let source = match row.source.as_str() {
            "by_hand" => GrantSource::ByHand { by: row.given_by },
            "invitation" => GrantSource::Invitation { by: row.given_by },
            "mapping" => GrantSource::Mapping { provider: row.provider, group: row.provider_group },
            other => return Err(StoreError::corrupt("source of a grant", format!("“{other}”"))),
        };
        Ok(Self { grant: Grant { role, scope: scope(row.places)? }, source })
    }
}

/// A scope from its places; none for everywhere.
pub(super) fn scope(places: Option<Vec<String>>) -> Result<Scope, StoreError> {
    let Some(places) = places else { return Ok(Scope::All) };
    let place = |place: &String| place.parse().map_err(|e| StoreError::corrupt("place of a scope", e));
    Ok(Scope::Below(places.iter().map(place).collect::<Result<_, _>>()?))
}

/// The places of a scope; none for everywhere.
pub(super) fn places(scope: &Scope) -> Option<Vec<&str>> {
    match scope {
        Scope::All => None,
        Scope::Below(tops) => Some(tops.iter().map(|top| top.as_str()).collect()),
    }
}

/// Gives a user more.
pub(super) async fn insert(
    connection: &mut PgConnection,
    user: i64,
    given: &[GivenGrant],
    now: OffsetDateTime,
) -> Result<(), StoreError> {
    let sql =
        "INSERT INTO grants (user_id, role, places, source, given_by, provider, provider_group, given_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    for GivenGrant { grant, source } in given {
        let (kind, by, provider, group) = match source {
            GrantSource::ByHand { by } => ("by_hand", by.as_str(), "", ""),
            GrantSource::Invitation { by } => ("invitation", by.as_str(), "", ""),
            GrantSource::Mapping { provider, group } => ("mapping", "", provider.as_str(), group.as_str()),
        };
        let query =
            sqlx::query(sql).bind(user).bind(grant.role.as_str()).bind(places(&grant.scope)).bind(kind);
        query.bind(by).bind(provider).bind(group).bind(now).execute(&mut *connection).await?;
    }
    Ok(())
}
