//! Filters of what directories told, as bound SQL.

use sqlx::{Postgres, QueryBuilder};
use time::OffsetDateTime;

/// A value of a resource, or of one of several of an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProvisionedValue {
    Id,
    ExternalId,
    /// `userName` of people, `displayName` of groups.
    Name,
    Created,
    Changed,
    /// As `ETag` has it.
    Version,
    /// The id, behind this.
    Address(String),
    /// The same of each.
    Constant(&'static str),
    /// What else is told of people, by its path.
    Told(Vec<&'static str>),
    /// Of the values of a list: of an e-mail address, a part by its name.
    Part(&'static str),
    /// Of members: `userName`.
    MemberName,
    /// Of members: the id, behind this.
    Member(String),
}

/// What has several values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProvisionedList {
    Emails,
    Members,
}

/// How a value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProvisionedOperator {
    Equal,
    Contains,
    Starts,
    Ends,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

/// Which resources of a directory are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProvisionedFilter {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    /// None of them.
    Nothing,
    Active(bool),
    Present(ProvisionedValue),
    /// A part of an e-mail address is true or false.
    Is(ProvisionedValue, bool),
    /// `exact` lets letters count in their case.
    Text {
        value: ProvisionedValue,
        operator: ProvisionedOperator,
        text: String,
        exact: bool,
    },
    Time {
        value: ProvisionedValue,
        operator: ProvisionedOperator,
        at: OffsetDateTime,
    },
    /// One of several is as this says.
    Has(ProvisionedList, Box<Self>),
}

/// The columns of a table, as filters name them: the table is `r`.
pub(super) struct Columns {
    pub id: &'static str,
    pub name: &'static str,
}

/// A query that conditions are added to.
pub(super) type Query = QueryBuilder<Postgres>;

impl Columns {
    pub const PEOPLE: Self = Self { id: "r.person_id", name: "r.user_name" };
    pub const GROUPS: Self = Self { id: "r.group_id", name: "r.display_name" };

    /// Adds the condition that a filter is.
    pub fn push(&self, query: &mut Query, filter: &ProvisionedFilter) {
        match filter {
            ProvisionedFilter::All(all) => self.join(query, all, " AND ", "true"),
            ProvisionedFilter::Any(any) => self.join(query, any, " OR ", "false"),
            ProvisionedFilter::Not(inner) => {
                // What is not there is not what was asked for.
                query.push("NOT coalesce((");
                self.push(query, inner);
                query.push("), false)");
            }
            ProvisionedFilter::Nothing => {
                query.push("false");
            }
            ProvisionedFilter::Active(active) => {
                query.push("r.active = ").push_bind(active);
            }
            ProvisionedFilter::Present(value) => {
                self.value(query, value);
                query.push(" IS NOT NULL");
            }
            ProvisionedFilter::Is(value, is) => {
                self.value(query, value);
                query.push(" = ").push_bind(is.to_string());
            }
            ProvisionedFilter::Text { value, operator, text, exact } => {
                self.text(query, value, *operator, (text, *exact));
            }
            ProvisionedFilter::Time { value, operator, at } => {
                query.push(if *value == ProvisionedValue::Created { "r.created_at" } else { "r.changed_at" });
                query.push(compared(*operator)).push_bind(at);
            }
            ProvisionedFilter::Has(ProvisionedList::Emails, filter) => {
                let emails =
                    "EXISTS (SELECT FROM jsonb_array_elements(CASE jsonb_typeof(r.attributes -> 'emails')
                    WHEN 'array' THEN r.attributes -> 'emails' ELSE '[]' END) AS e (email) WHERE ";
                query.push(emails);
                self.push(query, filter);
                query.push(")");
            }
            ProvisionedFilter::Has(ProvisionedList::Members, filter) => {
                let members =
                    "EXISTS (SELECT FROM provisioned_members m JOIN provisioned_people p USING (person_id)
                    WHERE m.group_id = r.group_id AND (";
                query.push(members);
                self.push(query, filter);
                query.push("))");
            }
        }
    }

    fn join(&self, query: &mut Query, filters: &[ProvisionedFilter], word: &str, none: &str) {
        query.push("(");
        for (at, filter) in filters.iter().enumerate() {
            if at > 0 {
                query.push(word);
            }
            self.push(query, filter);
        }
        if filters.is_empty() {
            query.push(none);
        }
        query.push(")");
    }

    /// A value as text.
    fn value(&self, query: &mut Query, value: &ProvisionedValue) {
        let time = |query: &mut Query, column: &str| {
            // As RFC 3339 has it, with the parts of a second that there are.
            query.push("rtrim(rtrim(to_char(").push(column);
            query.push(" AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US'), '0'), '.') || 'Z'");
        };
        match value {
            ProvisionedValue::Id => {
                query.push(self.id);
            }
            ProvisionedValue::ExternalId => {
                query.push("r.external_id");
            }
            ProvisionedValue::Name => {
                query.push(self.name);
            }
            ProvisionedValue::Created => time(query, "r.created_at"),
            ProvisionedValue::Changed => time(query, "r.changed_at"),
            ProvisionedValue::Version => {
                query.push("'W/\"' || r.version || '\"'");
            }
            ProvisionedValue::Address(root) => {
                query.push_bind(root).push(" || ").push(self.id);
            }
            ProvisionedValue::Constant(text) => {
                query.push_bind(text).push("::text");
            }
            ProvisionedValue::Told(path) => {
                query.push("r.attributes #>> ").push_bind(path.as_slice());
            }
            ProvisionedValue::Part(name) => {
                query.push("e.email ->> ").push_bind(name);
            }
            ProvisionedValue::MemberName => {
                query.push("p.user_name");
            }
            ProvisionedValue::Member(root) => {
                query.push_bind(root).push(" || m.person_id");
            }
        }
    }

    fn text(
        &self,
        query: &mut Query,
        value: &ProvisionedValue,
        operator: ProvisionedOperator,
        (text, exact): (&str, bool),
    ) {
        let (open, close) = if exact { ("(", ")") } else { ("lower(", ")") };
        let has = |query: &mut Query| {
            query.push(open);
            self.value(query, value);
            query.push(close);
        };
        let wanted = |query: &mut Query| {
            query.push(open).push_bind(text).push("::text").push(close);
        };
        match operator {
            ProvisionedOperator::Contains => {
                query.push("strpos(");
                has(query);
                query.push(", ");
                wanted(query);
                query.push(") > 0");
            }
            ProvisionedOperator::Starts => {
                query.push("starts_with(");
                has(query);
                query.push(", ");
                wanted(query);
                query.push(")");
            }
            ProvisionedOperator::Ends => {
                query.push("right(");
                has(query);
                query.push(", length(");
                wanted(query);
                query.push(")) = ");
                wanted(query);
            }
            ProvisionedOperator::Equal => {
                has(query);
                query.push(" = ");
                wanted(query);
            }
            order => {
                has(query);
                query.push(" COLLATE \"C\"").push(compared(order));
                wanted(query);
                query.push(" COLLATE \"C\"");
            }
        }
    }
}

const fn compared(operator: ProvisionedOperator) -> &'static str {
    match operator {
        ProvisionedOperator::Greater => " > ",
        ProvisionedOperator::GreaterOrEqual => " >= ",
        ProvisionedOperator::Less => " < ",
        ProvisionedOperator::LessOrEqual => " <= ",
        _ => " = ",
    }
}
