//! What fields offer to choose from while somebody types.

use policy::{
    schedule::Cron,
    vocabulary::{
        Form,
        regions::{Partition, REGIONS},
        resource_types::{EVERY, RESOURCE_TYPES},
    },
};

/// Values to choose from while typing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuggestionList {
    /// Id of the list on the page.
    pub id: &'static str,
    /// Values, and what they stand for.
    pub values: Vec<(String, String)>,
}

/// Usual schedules; AWS's own default first.
const SCHEDULES: [&str; 7] = [
    "cron(0 5 ? * * *)",
    "cron(0 0/12 ? * * *)",
    "cron(0 * ? * * *)",
    "cron(0 5 ? * MON-FRI *)",
    "cron(0 5 ? * SUN *)",
    "cron(0 5 1 * ? *)",
    "cron(0 5 L * ? *)",
];

/// Id of the list that fields of this form offer; `None` where there is nothing to offer.
#[must_use]
pub const fn list_id(form: Form) -> Option<&'static str> {
    match form {
        Form::Region => Some("offer-regions"),
        Form::ResourceType => Some("offer-resource-types"),
        Form::Schedule => Some("offer-schedules"),
        _ => None,
    }
}

/// All lists of suggestions; each stands on the page once.
#[must_use]
pub fn lists() -> Vec<SuggestionList> {
    let regions = REGIONS.iter().map(|region| (region.code.to_owned(), region.name.to_owned()));
    let types = RESOURCE_TYPES.iter().map(|kind| (kind.arn(Partition::Aws), kind.name.to_owned()));
    let every = std::iter::once((EVERY.to_owned(), "Every resource type".to_owned()));
    let schedule = |text: &&str| Some(((*text).to_owned(), Cron::parse(text).ok()?.describe()));
    let list = |form, values| SuggestionList { id: list_id(form).unwrap_or_default(), values };
    vec![
        list(Form::Region, regions.collect()),
        list(Form::ResourceType, every.chain(types).collect()),
        list(Form::Schedule, SCHEDULES.iter().filter_map(schedule).collect()),
    ]
}

/// What was typed or pasted into a list, as values: those that hold no spaces or commas may be given several at once.
#[must_use]
pub fn split_values(form: Form, typed: &str) -> Vec<String> {
    let typed = typed.trim();
    let parts: Vec<&str> = match form {
        Form::Text { .. } => vec![typed],
        _ => typed.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '"')).collect(),
    };
    parts.into_iter().filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use time::{OffsetDateTime, macros::datetime};

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-20 12:00 UTC);

    #[test]
    fn every_suggestion_is_accepted() {
        for (list, form) in lists().into_iter().zip([Form::Region, Form::ResourceType, Form::Schedule]) {
            assert_eq!(Some(list.id), list_id(form));
            for (value, label) in list.values {
                assert_eq!(form.check(&value, NOW), Ok(()), "{value}");
                assert!(!label.is_empty());
            }
        }
    }

    #[test]
    fn regions_are_pasted_together_and_tag_values_one_by_one() {
        assert_eq!(
            split_values(Form::Region, " eu-west-1, \"eu-north-1\";us-east-1\n"),
            ["eu-west-1", "eu-north-1", "us-east-1"]
        );
        assert_eq!(split_values(Form::Text { least: 0, most: 256 }, " a, b "), ["a, b"]);
        assert!(split_values(Form::Region, " , ").is_empty());
    }
}
