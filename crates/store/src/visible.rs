//! Which entries of the lists about the organization are seen by somebody who has a part of it.

use model::TargetId;
use sqlx::{Postgres, QueryBuilder};

/// What somebody may see of the audit list, of what changed outside Holdfast, and of change sets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Visible {
    /// Every entry.
    #[default]
    All,
    /// What somebody did themselves, what concerns everybody who reads, and what was done to a part of the organization, as its
    /// tree stands now.
    Part(VisiblePart),
}

/// A part of the organization and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisiblePart {
    /// Sign-in name of whoever sees their own entries too; `None` where those are not seen.
    pub person: Option<String>,
    /// OUs and accounts at its top.
    pub tops: Vec<TargetId>,
    /// Roots and OUs in it.
    pub containers: Vec<TargetId>,
    /// Roots and OUs above it: what is done there counts in it.
    pub above: Vec<TargetId>,
}

/// How a list names what its entries are about: SQL of the query that is narrowed.
pub(crate) struct Columns {
    /// Who did it; `None` where nobody of the team did.
    pub person: Option<&'static str>,
    /// What was done.
    pub kind: &'static str,
    /// Stored names of kinds that concern everybody who reads.
    pub shared: Vec<&'static str>,
    /// Id of what it was done to.
    pub subject: &'static str,
    /// Id of the place where a policy was attached or detached; empty elsewhere.
    pub target: &'static str,
    /// Id of the OU or root below which it was before; `None` where entries do not tell.
    pub before: Option<&'static str>,
}

impl Visible {
    /// Adds the condition, beginning with AND.
    pub(crate) fn narrow(&self, sql: &mut QueryBuilder<Postgres>, columns: Columns) {
        let Self::Part(part) = self else { return };
        let ids =
            |places: &mut dyn Iterator<Item = &TargetId>| places.map(ToString::to_string).collect::<Vec<_>>();
        let Columns { person, kind, shared, subject, target, before } = columns;
        let shared: Vec<String> = shared.into_iter().map(str::to_owned).collect();
        sql.push(format_args!(" AND ({kind} = ANY(")).push_bind(shared).push(")");
        if let (Some(column), Some(person)) = (person, &part.person) {
            sql.push(format_args!(" OR {column} = ")).push_bind(person.clone());
        }
        let place = format!("coalesce(nullif({target}, ''), {subject})");
        sql.push(format_args!(" OR {place} = ANY("));
        sql.push_bind(ids(&mut part.containers.iter().chain(&part.above))).push(")");
        sql.push(format_args!(
            " OR {place} IN (SELECT a.account FROM account_ancestors a WHERE a.ancestor = ANY("
        ));
        sql.push_bind(ids(&mut part.tops.iter())).push("))");
        if let Some(before) = before {
            // What left a part was seen there.
            sql.push(format_args!(" OR {before} = ANY("));
            sql.push_bind(ids(&mut part.containers.iter())).push(")");
        }
        sql.push(")");
    }
}
