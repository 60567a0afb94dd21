//! Effective policies for people: what a setting is called and means, when its rules run, and whether AWS says the same.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;
use time::OffsetDateTime;

use crate::merge::{Merged, Place};
use crate::path::Path;
use crate::schedule::{Cron, DEFAULT_SCHEDULE};
use crate::vocabulary::{self, Form, Kind};

/// A backup that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextRun {
    /// When it starts.
    pub at: OffsetDateTime,
    /// Name of the plan.
    pub plan: Arc<str>,
    /// Name of the rule.
    pub rule: Arc<str>,
}

/// What a setting is called: the names that authors chose around it below its plan, and its title in the language.
#[must_use]
pub fn label(path: &Path) -> String {
    let segments = path.segments();
    let last = || segments.last().map_or("", |segment| segment);
    let title = vocabulary::lookup(path).map_or_else(last, |row| row.title);
    let names = segments.iter().enumerate().skip(2).filter(|(at, _)| {
        let above = Path::of(segments.iter().take(*at).cloned());
        vocabulary::lookup(&above).is_some_and(|row| matches!(row.kind, Kind::Named(..)))
    });
    names.map(|(_, name)| &**name).chain([title]).collect::<Vec<_>>().join(" · ")
}

/// What a single value means, where its text alone does not say it: a schedule in words, a number with its unit.
#[must_use]
pub fn meaning(path: &Path, values: &[String]) -> Option<String> {
    let [value] = values else { return None };
    let row = vocabulary::lookup(path)?;
    match row.kind {
        Kind::Scalar(Form::Schedule) => Some(Cron::parse(value).ok()?.describe()),
        _ if !row.unit.is_empty() => Some(format!("{value} {}", row.unit)),
        _ => None,
    }
}

/// The next runs of all rules after `now`, soonest first, at most `most`.
#[must_use]
pub fn next_runs(merged: &Merged, now: OffsetDateTime, most: usize) -> Vec<NextRun> {
    let mut runs = Vec::new();
    for (plan, place) in merged.root().child("plans").into_iter().flat_map(Place::remaining) {
        for (rule, place) in place.child("rules").into_iter().flat_map(Place::remaining) {
            let schedule = place.child("schedule_expression").and_then(Place::text);
            let Ok(cron) = Cron::parse(schedule.unwrap_or(DEFAULT_SCHEDULE)) else { continue };
            let due = cron.next_runs(now, most).into_iter();
            runs.extend(due.map(|at| NextRun { at, plan: plan.clone(), rule: rule.clone() }));
        }
    }
    runs.sort_by(|a, b| a.at.cmp(&b.at).then_with(|| a.rule.cmp(&b.rule)));
    runs.truncate(most);
    runs
}

/// Whether two effective policies, as JSON, say the same. The order of keys and of list members means nothing there, and
/// AWS may return names in lower case.
#[must_use]
pub fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            let fold = |o: &'_ serde_json::Map<String, Value>| -> BTreeMap<String, Value> {
                o.iter().map(|(k, v)| (k.to_lowercase(), v.clone())).collect()
            };
            let (x, y) = (fold(a), fold(b));
            // Names that differ by case only must not hide each other.
            let folded = x.len() == a.len() && y.len() == b.len();
            folded && x.len() == y.len() && x.iter().all(|(k, v)| y.get(k).is_some_and(|w| same(v, w)))
                || !folded && a == b
        }
        (Value::Array(a), Value::Array(b)) => {
            let sorted = |list: &[Value]| {
                let mut texts: Vec<String> = list.iter().map(Value::to_string).collect();
                texts.sort_unstable();
                texts
            };
            sorted(a) == sorted(b)
        }
        _ => a == b,
    }
}

/// What `theirs` says in the order of `ours`, so that both can be read side by side: keys and list members that both have come
/// first, as `ours` has them, and are spelled so where only the case of a name differs. [`same`] says of it what it says of
/// `theirs`.
#[must_use]
pub fn in_order_of(ours: &Value, theirs: Value) -> Value {
    match (ours, theirs) {
        (Value::Object(ours), Value::Object(mut theirs)) => {
            let mut ordered = serde_json::Map::new();
            for (name, value) in ours {
                let Some(spelled) = spelled_in(&theirs, name).filter(|_| spelled_in(ours, name).is_some())
                else {
                    continue;
                };
                if let Some(of_theirs) = theirs.shift_remove(&spelled) {
                    ordered.insert(name.clone(), in_order_of(value, of_theirs));
                }
            }
            ordered.extend(theirs);
            Value::Object(ordered)
        }
        (Value::Array(ours), Value::Array(mut theirs)) => {
            let place = |member: &Value| ours.iter().position(|ours| ours == member).unwrap_or(ours.len());
            theirs.sort_by_key(place);
            Value::Array(theirs)
        }
        (_, theirs) => theirs,
    }
}

/// How an object spells a name, upper and lower case aside. `None` where it has none, or several that differ by case only.
fn spelled_in(object: &serde_json::Map<String, Value>, name: &str) -> Option<String> {
    let folded = name.to_lowercase();
    let mut spellings = object.keys().filter(|key| key.to_lowercase() == folded);
    spellings.next().filter(|_| spellings.next().is_none()).cloned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use time::macros::datetime;

    use super::*;
    use crate::{Document, fragment::Fragment, merge};

    fn merged(policy: &Value) -> Merged {
        let fragment = Arc::new(Fragment::of(&Document::parse(&policy.to_string()).unwrap()));
        let attached = merge::Attached { id: "p".into(), fragment };
        merge::merge(&[merge::Level { target: "r".into(), policies: vec![attached] }])
    }

    #[test]
    fn a_setting_is_called_by_the_names_around_it_and_its_title() {
        let title =
            vocabulary::lookup(&Path::of(["plans", "p", "rules", "r", "schedule_expression"])).unwrap();
        let path = Path::of(["plans", "daily", "rules", "nightly", "schedule_expression"]);
        assert_eq!(label(&path), format!("nightly · {}", title.title));
        assert_eq!(label(&Path::of(["plans", "daily", "not_in_the_language"])), "not_in_the_language");
    }

    #[test]
    fn a_value_means_its_schedule_or_its_unit_and_a_list_nothing() {
        let rule = |key: &str| Path::of(["plans", "daily", "rules", "nightly"]).join(key);
        let of = |path: &Path, values: &[&str]| {
            meaning(path, &values.iter().map(ToString::to_string).collect::<Vec<_>>())
        };
        let schedule = rule("schedule_expression");
        assert_eq!(of(&schedule, &["cron(0 2 ? * * *)"]).as_deref(), Some("Every day at 02:00 UTC"));
        assert_eq!(of(&schedule, &["every now and then"]), None);
        assert_eq!(of(&rule("lifecycle").join("delete_after_days"), &["35"]).as_deref(), Some("35 days"));
        assert_eq!(of(&rule("target_backup_vault_name"), &["Main"]), None);
        assert_eq!(of(&schedule, &["cron(0 2 ? * * *)", "cron(0 3 ? * * *)"]), None);
    }

    #[test]
    fn runs_come_soonest_first_and_a_rule_without_a_schedule_runs_at_awss_own() {
        let policy = json!({"plans": {"p": {"rules": {
            "late": {"schedule_expression": {"@@assign": "cron(0 23 ? * * *)"}},
            "unscheduled": {"target_backup_vault_name": {"@@assign": "Main"}},
            "broken": {"schedule_expression": {"@@assign": "cron(never)"}},
        }}}});
        let runs = next_runs(&merged(&policy), datetime!(2026-11-20 12:00 UTC), 3);
        let runs: Vec<_> = runs.iter().map(|run| (run.at, &*run.plan, &*run.rule)).collect();
        let expected = [
            (datetime!(2026-11-20 23:00 UTC), "p", "late"),
            (datetime!(2026-11-21 05:00 UTC), "p", "unscheduled"),
            (datetime!(2026-11-21 23:00 UTC), "p", "late"),
        ];
        assert_eq!(runs, expected);
    }

    #[test]
    fn answers_are_compared_by_meaning_not_by_text() {
        let ours = json!({"plans": {"Daily": {"regions": ["a", "b"], "rules": {"R": {"x": "1"}}}}});
        let theirs = json!({"plans": {"Daily": {"rules": {"r": {"x": "1"}}, "regions": ["b", "a"]}}});
        assert!(same(&ours, &theirs));
    }

    #[test]
    fn a_lost_key_a_lost_member_and_another_value_are_differences() {
        let ours = json!({"plans": {"p": {"regions": ["a", "b"], "x": "1"}}});
        for other in [
            json!({"plans": {"p": {"regions": ["a"], "x": "1"}}}),
            json!({"plans": {"p": {"regions": ["a", "b"]}}}),
            json!({"plans": {"p": {"regions": ["a", "b"], "x": "2"}}}),
            json!({"plans": {"p": {"regions": ["a", "B"], "x": "1"}}}),
            json!({}),
        ] {
            assert!(!same(&ours, &other), "{other}");
        }
    }

    #[test]
    fn names_that_differ_by_case_only_do_not_hide_each_other() {
        let ours = json!({"plans": {"p": {"x": "1"}, "P": {"x": "2"}}});
        assert!(!same(&ours, &json!({"plans": {"p": {"x": "2"}}})));
        assert!(same(&ours, &ours));
    }

    #[test]
    fn what_aws_orders_and_spells_otherwise_reads_like_ours_and_only_what_differs_is_left() {
        let ours = json!({"plans": {"Daily": {"rules": {"r": {"a": "1", "b": "2"}}, "regions": ["b", "a"]}}});
        let theirs = json!({"plans": {"daily": {"regions": ["c", "a", "b"], "rules": {"r": {"b": "2", "x": "0", "a": "1"}}}}});
        let ordered = in_order_of(&ours, theirs.clone());
        assert!(same(&ordered, &theirs));
        let expected =
            r#"{"plans":{"Daily":{"rules":{"r":{"a":"1","b":"2","x":"0"}},"regions":["b","a","c"]}}}"#;
        assert_eq!(ordered.to_string(), expected);
        let alike =
            json!({"plans": {"daily": {"regions": ["a", "b"], "rules": {"r": {"b": "2", "a": "1"}}}}});
        assert_eq!(in_order_of(&ours, alike).to_string(), ours.to_string());
    }

    #[test]
    fn names_that_differ_by_case_only_stay_apart_when_they_are_ordered() {
        for (ours, theirs) in [
            (json!({"a": "1"}), json!({"A": "2", "a": "1"})),
            (json!({"A": "2", "a": "1"}), json!({"a": "1"})),
        ] {
            assert_eq!(in_order_of(&ours, theirs.clone()), theirs);
        }
    }
}
