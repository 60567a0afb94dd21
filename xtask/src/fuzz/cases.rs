//! What is made up, and what must hold of it.

use std::sync::Arc;

use policy::document::{Document, Member, Node, Value};
use policy::fragment::Fragment;
use policy::lint::{lint, lint_merged};
use policy::merge::{Attached, Level, Merged};
use policy::provenance::traces;
use policy::schedule::Cron;
use policy::validate::validate;
use policy::{Path, Problem, admission, source};
use serde_json::json;
use time::OffsetDateTime;
use time::macros::datetime;

use super::random::Random;

const NOW: OffsetDateTime = datetime!(2026-11-20 12:00 UTC);

type Held = Result<(), String>;

fn hold(promise: &str, held: bool) -> Held {
    if held { Ok(()) } else { Err(format!("it does not hold that {promise}")) }
}

/// A policy with most of the language in it.
const POLICY: &str = r#"{"plans": {"@@operators_allowed_for_child_policies": ["@@append"], "daily": {
  "regions": {"@@assign": ["eu-west-1", "us-east-1"], "@@append": ["eu-north-1"], "@@remove": ["us-east-1"]},
  "rules": {"r": {
    "schedule_expression": {"@@assign": "cron(0 5 1 * ? *)"}, "target_backup_vault_name": {"@@assign": "Main"},
    "start_backup_window_minutes": {"@@assign": 60}, "complete_backup_window_minutes": {"@@assign": "120"},
    "enable_continuous_backup": {"@@assign": false},
    "lifecycle": {"move_to_cold_storage_after_days": {"@@assign": "30"}, "delete_after_days": {"@@assign": "120"},
      "opt_in_to_archive_for_supported_resources": {"@@assign": true}},
    "copy_actions": {"arn:aws:backup:us-east-1:$account:backup-vault:V": {"target_backup_vault_arn": {
      "@@assign": "arn:aws:backup:us-east-1:$account:backup-vault:V"}}},
    "recovery_point_tags": {"owner": {"tag_key": {"@@assign": "Owner"}, "tag_value": {"@@assign": "\u00e9"}}},
    "scan_actions": {"GUARDDUTY": {"scan_mode": {"@@assign": "FULL_SCAN"}}}}},
  "selections": {"tags": {"s": {"iam_role_arn": {"@@assign": "arn:aws:iam::$account:role/R"},
      "tag_key": {"@@assign": "backup"}, "tag_value": {"@@assign": ["yes", 1, null, true]}}},
    "resources": {"s": {"resource_types": {"@@assign": ["*"]}, "conditions": {"string_like": {"c": {
      "condition_key": {"@@assign": "aws:ResourceTag/x"}, "condition_value": {"@@assign": "a*"}}}}}}}}}}"#;

/// Pieces of text that mean something to a reader of JSON or of the language.
const PIECES: [&str; 42] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\\u0061",
    "\\ud83d",
    "\n",
    " ",
    "\u{feff}",
    "\u{1}",
    "é",
    "😀",
    "-",
    "0",
    "9",
    ".",
    "e",
    "1e999",
    "99999999999999999999",
    "true",
    "null",
    "{}",
    "[]",
    "\"@@assign\":",
    "\"@@Append\":",
    "\"@@remove\":",
    "\"@@operators_allowed_for_child_policies\":",
    "\"@@none\"",
    "\"plans\":",
    "\"rules\":",
    "\"a/b\":",
    "\"\":",
    "\"x\"",
    "cron(",
    "[[[[[[[[",
    "{\"a\":{\"a\":{\"a\":",
    "$account",
    "*",
];

/// A text that is nearly a policy.
pub fn text(random: &mut Random) -> Vec<String> {
    let mut text = POLICY.to_owned();
    if random.once_in(8) {
        text = cut(random, &text);
    }
    for _ in 0..random.below(4) {
        let (from, to) = (boundary(random, &text), boundary(random, &text));
        let near = if random.once_in(2) { from.min(to)..from } else { from..from };
        text.replace_range(near, random.pick(&PIECES));
    }
    if random.once_in(50) {
        text = random.pick(&["[", "{\"a\":", "\""]).repeat(random.below(100_000)) + &text;
    }
    vec![text]
}

fn boundary(random: &mut Random, text: &str) -> usize {
    text.floor_char_boundary(random.below(text.len() + 1))
}

fn cut(random: &mut Random, text: &str) -> String {
    let (from, to) = (boundary(random, text), boundary(random, text));
    text.get(from.min(to)..from.max(to)).unwrap_or_default().to_owned()
}

/// Reading, printing, checking and editing.
pub fn parse(input: &[String]) -> Held {
    for text in input {
        match Document::parse(text) {
            Ok(document) => document_holds(&document)?,
            Err(problems) => {
                hold("what cannot be read has a problem", !problems.is_empty())?;
                placed(&problems)?;
            }
        }
    }
    Ok(())
}

fn document_holds(document: &Document) -> Held {
    let reads_back = |text: String| Document::parse(&text).as_ref() == Ok(document);
    hold("what is printed compactly reads back", reads_back(document.compact()))?;
    hold("what is printed reads back", reads_back(document.pretty()))?;
    let refusals = admission::check(document, NOW);
    placed(&refusals)?;
    placed(&lint(document, NOW, &[]))?;
    let compact = Document::parse(&document.compact()).map_err(|_| "it reads back".to_owned())?;
    let refused = |problems: &[Problem]| problems.iter().any(|problem| problem.code != "too-long");
    let as_much = refused(&refusals) == refused(&admission::check(&compact, NOW));
    hold("layout does not decide about admission", as_much)?;
    document.root().members().iter().try_for_each(|member| edits_hold(document, member))
}

fn placed(problems: &[Problem]) -> Held {
    let placed = |problem: &Problem| problem.line >= 1 && problem.column >= 1 && problem.length >= 1;
    hold("every problem has a place", problems.iter().all(placed))
}

fn edits_hold(document: &Document, member: &Member) -> Held {
    let path = Path::of([member.key.clone()]);
    let mut edited = document.clone();
    edited.set(&path, &member.node).map_err(|error| error.to_string())?;
    hold("setting what is there changes nothing", &edited == document)?;
    edited.remove(&path).map_err(|error| error.to_string())?;
    hold("what is removed is gone", edited.get(&path).is_none())
}

/// Some policies of some levels, nearly all of them well-formed. Each text begins with the number of its level.
pub fn policies(random: &mut Random) -> Vec<String> {
    let Ok(whole) = Document::parse(POLICY) else { return Vec::new() };
    let mut texts = Vec::new();
    for level in 0..1 + random.below(4) {
        for _ in 0..random.below(4) {
            let mut document = whole.clone();
            let changed = changed(random, whole.root());
            if document.set(&Path::root(), &changed).is_ok() {
                texts.push(format!("{level}{}", document.compact()));
            }
        }
    }
    texts
}

/// The same tree with members left out, repeated elsewhere, renamed and given other values.
fn changed(random: &mut Random, node: &Node) -> Node {
    let scalar = |random: &mut Random| match random.below(5) {
        0 => Node::new(Value::Null),
        1 => Node::new(Value::Number(random.pick(&["60.0", "1e2", "35", "36"]).into())),
        _ => Node::text(random.pick(&["a", "b", "true", "@@none", "@@append", "@@all", "cron(0 5 ? * * *)"])),
    };
    match &node.value {
        Value::Object(members) => Node::object(members.iter().filter_map(|member| {
            let keep = !random.once_in(4);
            let key = if random.once_in(12) {
                random.pick(&["@@assign", "@@append", "@@remove", "plans", "Rules", "q"]).into()
            } else {
                member.key.clone()
            };
            let below = if random.once_in(20) { scalar(random) } else { changed(random, &member.node) };
            keep.then_some((key, below))
        })),
        Value::Array(elements) => {
            let mut elements = elements.clone();
            elements.retain(|_| !random.once_in(3));
            if random.once_in(2) {
                elements.push(scalar(random));
            }
            Node::new(Value::Array(elements))
        }
        _ if random.once_in(4) => scalar(random),
        _ => node.clone(),
    }
}

/// The levels these policies stand on.
pub fn levels(input: &[String]) -> Vec<Level> {
    let mut levels: Vec<Level> = Vec::new();
    for (at, text) in input.iter().enumerate() {
        let (number, text) = text.split_at_checked(1).unwrap_or_default();
        let Ok(document) = Document::parse(text) else { continue };
        let fragment = Arc::new(Fragment::of(&document));
        let attached = Attached { id: format!("p{at}").into(), fragment };
        match levels.last_mut().filter(|level| &*level.target == number) {
            Some(level) => level.policies.push(attached),
            None => levels.push(Level { target: number.into(), policies: vec![attached] }),
        }
    }
    levels
}

/// Merging, its provenance, and what is said of the result.
pub fn merge(input: &[String]) -> Held {
    let levels = levels(input);
    let merged = policy::merge::merge(&levels);
    let stepwise = levels.iter().fold(Merged::default(), |merged, level| merged.apply(level));
    hold("merging step by step is merging at once", traces(&stepwise) == traces(&merged))?;
    hold("equal policies are the same result", merged.same_result(&stepwise))?;
    for (path, place) in merged.settings() {
        let told: Vec<_> = place.origins().into_iter().map(|(value, _)| value).collect();
        let values = place.value().map(|value| value.values().to_vec());
        hold(&format!("the values of {path} have origins"), values == Some(told))?;
    }
    let (errors, advice) = (validate(&merged, NOW), lint_merged(&merged, NOW, &[]));
    hold("errors and advice have messages", {
        errors.iter().all(|error| !error.message.is_empty())
            && advice.iter().all(|found| !found.help.is_empty())
    })?;
    alone_comes_to_the_same(&merged)
}

/// A policy that assigns every value of a result comes to that result.
fn alone_comes_to_the_same(merged: &Merged) -> Held {
    let effective = Document::parse(&json!({"PolicyContent": merged.to_json()}).to_string());
    let Some(source) = effective.ok().and_then(|answer| source::read(&answer).ok()) else {
        return Err("a result reads as an effective policy".into());
    };
    let attached = Attached { id: "p".into(), fragment: Arc::new(Fragment::of_node(&source.assigning())) };
    let again = policy::merge::merge(&[Level { target: "t".into(), policies: vec![attached] }]);
    hold("a result made a policy comes to the same result", again.to_json() == merged.to_json())
}

/// What may stand in each field, and what may not stand in any.
const FIELDS: [&[&str]; 6] = [
    &["0", "30", "59", "*", "0/15", "5-5", "50-10", "0,59"],
    &["5", "0", "23", "*", "0/6", "20-2", "20-2/3", "/5", "1,13"],
    &["?", "?", "*", "1", "31", "1,15", "1/28", "L", "LW", "L-3", "L-30W", "15W", "31W", "1-5W", "1W,15W"],
    &["*", "*", "1", "2", "FEB", "NOV-FEB", "JAN,jul", "1/3", "11-2/2"],
    &[
        "?",
        "?",
        "*",
        "1",
        "MON-FRI",
        "fri-mon",
        "6#3",
        "SAT#5",
        "1#1,2",
        "L",
        "6L",
        "FRIL",
        "2-6/2",
        "MON-FRI/2",
    ],
    &["*", "*", "*", "2026-2030", "2028,2032", "2024/4", "1970", "2199"],
];
const ODD: [&str; 16] = [
    "",
    "60",
    "24",
    "32",
    "0",
    "8",
    "2200",
    "L-31",
    "6#6",
    "5/0",
    "1,,2",
    "-",
    "2030-2028",
    "4294967296",
    "*/99",
    "é",
];

/// A text that is nearly a schedule, and at how many hours after the beginning of 1960 it is looked at.
pub fn schedule(random: &mut Random) -> Vec<String> {
    let count = if random.once_in(8) { random.below(9) } else { 6 };
    let of = |at: usize| FIELDS.get(at).copied().unwrap_or(&ODD);
    let mut fields: Vec<&str> = (0..count)
        .map(|at| if random.once_in(40) { random.pick(&ODD) } else { random.pick(of(at)) })
        .collect();
    // One day field only, or hardly any could be read.
    if let (false, [_, _, of_month, _, of_week, ..]) = (random.once_in(8), fields.as_mut_slice()) {
        *(if random.once_in(2) { of_month } else { of_week }) = "?";
    }
    let mut text = format!("cron({})", fields.join(random.pick(&[" ", " ", " ", "  ", "\t"])));
    if random.once_in(20) {
        text = cut(random, &text);
    }
    vec![text, random.below(3_000_000).to_string()]
}

/// Reading, spelling and running schedules.
pub fn cron(input: &[String]) -> Held {
    let [text, hours] = input else { return Err("two texts".into()) };
    let Ok((cron, _)) = Cron::parse_with_ignored(text) else { return Ok(()) };
    let hours = time::Duration::hours(hours.parse().unwrap_or(0));
    let from = datetime!(1960-01-01 0:00 UTC).saturating_add(hours);
    hold("the usual spelling means the same", Cron::parse(&cron.to_string()).as_ref() == Ok(&cron))?;
    hold("every schedule has a sentence", !cron.describe().is_empty())?;
    let runs = cron.next_runs(from, 40);
    hold("runs are to come and ascend", runs.first().is_none_or(|run| *run > from) && runs.is_sorted())?;
    let whole = |run: &OffsetDateTime| run.second() == 0 && run.nanosecond() == 0;
    hold("runs begin with a minute", runs.iter().all(whole))?;
    let gap = runs.first().zip(runs.get(1)).map(|(first, second)| *second - *first);
    hold("the gap is that of the next two runs", gap == cron.gap_after(from))?;
    let year = time::Duration::days(366);
    let (least, most) = (cron.smallest_gap(from, year), cron.longest_gap(from, year));
    hold("the smallest gap is not larger than the longest", least <= most)?;
    hold("runs a month are a number", cron.runs_per_month(from).is_finite())
}
