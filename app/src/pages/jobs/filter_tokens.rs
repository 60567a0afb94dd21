//! The filter as people read it: one token for each condition, each with the address of the page without it.

use model::{JobFilter, JobKind, JobState, paths};

use crate::words::cause;

/// A condition of the filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterToken {
    /// What it is about (“State”).
    pub property: &'static str,
    /// How it relates (“is”, “below”, “since”).
    pub relation: &'static str,
    /// Its alternatives, in words.
    pub values: Vec<String>,
    /// The page without it.
    pub without: String,
}

/// Each condition's name in the address with the words for it.
const CONDITIONS: [(&str, &str, &str); 13] = [
    ("kind", "Kind", "is"),
    ("state", "State", "is"),
    ("account", "Account", "is"),
    ("ou", "OU", "below"),
    ("type", "Resource type", "is"),
    ("region", "Region", "is"),
    ("vault", "Vault", "is"),
    ("cause", "Cause", "is"),
    ("policy", "Made by a backup policy", ""),
    ("from", "Created", "since"),
    ("until", "Created", "before"),
    ("id", "Job id", "begins with"),
    ("q", "Text", "contains"),
];

/// The filter's tokens. `names` tells accounts and OUs by id.
pub fn filter_tokens(filter: &JobFilter, names: &[(String, String)]) -> Vec<FilterToken> {
    let conditions = filter.conditions();
    CONDITIONS
        .iter()
        .filter_map(|(name, property, relation)| {
            let values: Vec<String> =
                conditions.iter().filter(|(n, _)| n == name).map(|(_, v)| words(name, v, names)).collect();
            (!values.is_empty()).then(|| FilterToken {
                property,
                relation,
                values,
                without: paths::jobs(&filter.without_condition(name)),
            })
        })
        .collect()
}

/// One value in words.
fn words(name: &str, value: &str, names: &[(String, String)]) -> String {
    match name {
        "kind" => JobKind::from_name(value).map_or("", JobKind::word).to_lowercase(),
        "state" => JobState::from_name(value).map_or("", JobState::word).to_lowercase(),
        "account" | "ou" => names
            .iter()
            .find(|(id, _)| id == value)
            .map_or_else(|| value.to_owned(), |(_, name)| name.clone()),
        "from" | "until" => age(value),
        "cause" => cause(value),
        "policy" if value == "no" => "no, or AWS does not tell".to_owned(),
        _ => value.to_owned(),
    }
}

/// “7 days ago”, “24 hours ago”; a date as it is.
fn age(value: &str) -> String {
    let told = |number: &str, unit: &str| {
        let n: usize = number.parse().ok()?;
        Some(format!("{} ago", model::failure::count(n, unit)))
    };
    let relative = value
        .strip_suffix('d')
        .and_then(|n| told(n, "day"))
        .or_else(|| value.strip_suffix('h').and_then(|n| told(n, "hour")));
    relative.unwrap_or_else(|| value.replace('T', " ").replace(":00Z", " UTC"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Vec<FilterToken> {
        filter_tokens(&JobFilter::from_query(query).0, &[("ou-ab12-cdefgh34".into(), "Payments".into())])
    }

    #[test]
    fn alternatives_of_one_condition_are_one_token() {
        let tokens = read("state=failed,expired&region=eu-west-1");
        let seen: Vec<_> = tokens.iter().map(|t| (t.property, t.values.join(", "))).collect();
        assert_eq!(seen, [("State", "failed, expired".to_owned()), ("Region", "eu-west-1".to_owned())]);
        assert_eq!(tokens[0].without, "/jobs?region=eu-west-1");
    }

    #[test]
    fn places_are_told_by_name_and_ages_in_words() {
        let tokens = read("ou=ou-ab12-cdefgh34&from=7d&until=24h");
        let seen: Vec<_> = tokens.iter().map(|t| t.values.join(", ")).collect();
        assert_eq!(seen, ["Payments", "7 days ago", "1 day ago"]);
    }

    #[test]
    fn every_condition_of_the_filter_has_its_token() {
        let query = "kind=copy&state=failed&account=123456789012&ou=r-ab12&type=EBS&region=a&vault=b&cause=c&policy=yes&from=7d&until=1d&id=abcd&q=x";
        assert_eq!(read(query).len(), CONDITIONS.len());
    }
}
