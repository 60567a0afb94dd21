//! Whose jobs: those of a part of the organization.

use model::TargetId;
use sqlx::{Postgres, QueryBuilder};

/// A part of the organization, as its tree stands now. Accounts that left it belong to no root and no OU.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Extent {
    /// Everything, also what belongs to no place in it.
    #[default]
    All,
    /// These accounts, and those below these roots and OUs; of none, nothing.
    Within(Vec<TargetId>),
}

impl Extent {
    /// Adds the condition, beginning with AND, for a table that calls its accounts `account`.
    pub(super) fn narrow(&self, sql: &mut QueryBuilder<Postgres>) {
        if let Self::Within(places) = self {
            let places: Vec<String> = places.iter().map(ToString::to_string).collect();
            sql.push(" AND account IN (SELECT a.account FROM account_ancestors a WHERE a.ancestor = ANY(");
            sql.push_bind(places).push("))");
        }
    }

    /// The same for a table of counts, in which account '' is all together.
    pub(super) fn narrow_counts(&self, sql: &mut QueryBuilder<Postgres>) {
        if *self == Self::All {
            sql.push(" AND account = ''");
        }
        self.narrow(sql);
    }
}

#[cfg(test)]
mod tests;
