use std::path::Path;

use serde_json::{Value, json};
use time::macros::datetime;

use super::{common::*, *};

/// More than a line may have to be shown.
const LONG: usize = 20_001;

fn common() -> Common {
    Common { format: Format::Text, at: Some(datetime!(2026-11-20 12:00 UTC)) }
}

fn lint(text: &str) -> String {
    lint::report("p.json", text, &lint::linted(text.to_owned(), &[], &common()).problems)
}

fn effective(input: &Value) -> (Value, String) {
    let merged = policy::merge::merge(&effective::levels(&input.to_string(), common().now()).unwrap());
    let errors = policy::validate::validate(&merged, common().now());
    (effective::as_json(&merged, &errors, true), effective::report(&merged, &errors))
}

#[test]
fn a_problem_is_shown_with_its_line_and_a_marker() {
    let report = lint("{\n  \"plans\": {\"é\": {}}\n}");
    let expected = [
        "error[invalid-name]: \"é\" is not a name of 1 to 50 letters, digits, dots, hyphens and underscores",
        " --> p.json:2:13",
        "2 |   \"plans\": {\"é\": {}}",
        "  |             ^^^",
        "  = note: at plans/é",
        "p.json: refused, 1 error, 0 warnings, 0 notes",
    ];
    for line in expected {
        assert!(report.lines().any(|shown| shown == line), "{line}\n{report}");
    }
}

#[test]
fn a_problem_at_the_end_of_the_text_is_shown() {
    assert!(lint("{\"plans\":").contains(" --> p.json:1:10"));
    assert!(lint("").contains(" --> p.json:1:1"));
}

#[test]
fn a_line_is_shown_without_its_neighbours() {
    let report = lint("{\r\n  \"plans\": {\"a b\": {}},\r\n  \"extra\": {}\r\n}\r\n");
    for line in ["2 |   \"plans\": {\"a b\": {}},", " --> p.json:3:3", "3 |   \"extra\": {}"] {
        assert!(report.lines().any(|shown| shown.trim_end() == line), "{line}\n{report}");
    }
}

#[test]
fn of_a_very_long_line_only_the_place_is_told() {
    let filler = "x".repeat(LONG);
    let report = lint(&format!("{{\"plans\": {{}}, \"{filler}\": {{}}}}"));
    assert!(report.lines().any(|line| line == "--> p.json:1:15"));
    assert!(!report.contains("1 |"));
}

#[test]
fn an_accepted_policy_is_reported_as_such() {
    assert_eq!(lint("{\"plans\":{}}"), "p.json: accepted, 0 errors, 0 warnings, 0 notes\n");
}

#[test]
fn advice_stands_beside_refusals_and_can_be_suppressed() {
    let text = r#"{"plans":{"p":{"rules":{"r":{"target_backup_vault_name":{"@@assign":"Default"}}}}}}"#;
    let told = |suppressed: &[&str]| {
        lint::report("p.json", text, &lint::linted(text.to_owned(), suppressed, &common()).problems)
    };
    assert!(told(&[]).starts_with("info[HF028]: the vault Default"), "{}", told(&[]));
    assert!(told(&[]).ends_with("p.json: accepted, 0 errors, 0 warnings, 1 note\n"), "{}", told(&[]));
    assert_eq!(told(&["HF028"]), "p.json: accepted, 0 errors, 0 warnings, 0 notes\n");
}

#[test]
fn the_effective_policy_is_told_with_the_origin_of_every_value() {
    let assign = |value: Value| json!({"plans": {"p": {"regions": value}}});
    let lock =
        assign(json!({"@@assign": ["eu-west-1"], "@@operators_allowed_for_child_policies": ["@@append"]}));
    let (json, text) = effective(&json!({"levels": [
        {"target": "root", "policies": [lock]},
        {"target": "account", "policies": [assign(json!({"@@append": ["us-east-1"], "@@remove": ["eu-west-1"]}))]}
    ]}));
    assert_eq!(json["merged"], json!({"plans": {"p": {"regions": ["eu-west-1", "us-east-1"]}}}));
    assert_eq!(json["effective"], Value::Null);
    assert_eq!(json["errors"][0]["code"], "KEY_REQUIRED");
    assert_eq!(json["provenance"][0]["values"][1]["target"], "account");
    for line in [
        "    us-east-1  (@@append policy 1 of account)",
        "    - @@remove eu-west-1 by policy 1 of account: skipped, policy 1 of root forbids it",
        "error[KEY_REQUIRED]: 'rules' is missing at plans/p",
        "invalid: AWS keeps the last valid effective policy",
    ] {
        assert!(text.lines().any(|shown| shown == line), "{line}\n{text}");
    }
}

#[test]
fn nothing_attached_is_valid() {
    let (json, text) = effective(&json!({"levels": [{"target": "root", "policies": []}]}));
    assert_eq!((&json["merged"], &json["effective"], &json["errors"]), (&json!({}), &json!({}), &json!([])));
    assert_eq!(text, "valid: no backup plan applies\n");
}

#[test]
fn input_that_is_no_list_of_levels_is_refused_with_its_line() {
    for (input, message) in [
        ("{", "line 1, column 2: "),
        ("{}", "line 1: a list \"levels\" was expected in this object"),
        ("{\"levels\":\n[{}]}", "line 2: a list \"policies\" was expected in this object"),
    ] {
        assert!(effective::levels(input, common().now()).unwrap_err().starts_with(message), "{input}");
    }
}

#[test]
fn a_file_that_is_not_there_is_unreadable() {
    assert!(matches!(read(Path::new("no/such/file")), Err(CommandError::Unreadable { .. })));
}
