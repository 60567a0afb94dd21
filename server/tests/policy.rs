//! `holdfast policy` as pipelines run it: what it reads, what it prints, how it ends.

#![expect(clippy::unwrap_used, reason = "a test fails where something is not as it must be")]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

/// How a run ended: exit status, standard output, standard error.
type Ended = (Option<i32>, String, String);

/// Noon of a day on which all schedules here are judged.
const AT: &str = "2026-11-20T12:00:00Z";

fn run(arguments: &[&str], input: &str) -> Ended {
    let mut child = Command::new(env!("CARGO_BIN_EXE_holdfast"))
        .arg("policy")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that refuses its arguments does not read its input.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn json_of(arguments: &[&str], input: &Value) -> (Option<i32>, Value) {
    let all = [arguments, &["--format", "json", "--at", AT, "-"]].concat();
    let (status, out, error) = run(&all, &input.to_string());
    assert_eq!(error, "", "{arguments:?}");
    (status, serde_json::from_str(&out).unwrap())
}

fn plan(regions: Value) -> Value {
    json!({"plans": {"daily": {
        "regions": {"@@assign": regions},
        "rules": {"r": {
            "target_backup_vault_name": {"@@assign": "Main"},
            "schedule_expression": {"@@assign": "cron(0 5 ? * * *)"},
        }},
        "selections": {"tags": {"s": {
            "iam_role_arn": {"@@assign": "arn:aws:iam::$account:role/Backup"},
            "tag_key": {"@@assign": "backup"},
            "tag_value": {"@@assign": ["yes"]},
        }}},
    }}})
}

fn file(folder: &Path, name: &str, content: &Value) -> String {
    let path = folder.join(name);
    std::fs::write(&path, content.to_string()).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn lint_ends_with_0_for_accepted_and_1_for_refused_policies() {
    let (status, found) = json_of(&["lint"], &plan(json!(["eu-west-1"])));
    assert_eq!((status, &found["accepted"]), (Some(0), &json!(true)));
    let (status, found) = json_of(&["lint"], &plan(json!(["mars-1"])));
    assert_eq!((status, &found["accepted"]), (Some(1), &json!(false)));
    let problem = &found["problems"][0];
    assert_eq!(problem["severity"], "error");
    assert_eq!(problem["path"], "plans/daily/regions");
    for key in ["code", "line", "column", "message"] {
        assert!(!problem[key].is_null(), "{key}");
    }
}

#[test]
fn lint_takes_text_that_is_no_json_for_a_refused_policy() {
    let (status, out, _) = run(&["lint", "-"], "{\"plans\":");
    assert_eq!(status, Some(1));
    assert!(out.contains("standard input:1:10") && out.contains("standard input: refused"), "{out}");
}

#[test]
fn lint_of_several_files_ends_with_1_if_one_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let good = file(folder.path(), "good.json", &plan(json!(["eu-west-1"])));
    let bad = file(folder.path(), "bad.json", &json!({}));
    assert_eq!(run(&["lint", &good, &good], "").0, Some(0));
    let (status, out, _) = run(&["lint", "--format", "json", &good, &bad], "");
    assert_eq!((status, out.lines().count()), (Some(1), 2));
}

#[test]
fn effective_ends_with_0_for_valid_and_1_for_invalid_policies() {
    let levels = |regions| {
        json!({"levels": [
            {"target": "root", "policies": [plan(regions)]},
            {"target": "111122223333", "policies": [{"plans": {"daily": {"regions": {"@@append": ["us-east-1"]}}}}]},
        ]})
    };
    let (status, found) = json_of(&["effective"], &levels(json!(["eu-west-1"])));
    assert_eq!((status, &found["errors"]), (Some(0), &json!([])));
    assert_eq!(found["merged"]["plans"]["daily"]["regions"], json!(["eu-west-1", "us-east-1"]));
    assert_eq!(found["effective"], found["merged"]);

    let (status, found) = json_of(
        &["effective"],
        &json!({"levels": [
            {"target": "root", "policies": [plan(json!([]))]},
        ]}),
    );
    assert_eq!((status, &found["effective"]), (Some(1), &Value::Null));
    assert_eq!(found["errors"][0]["code"], "ELEMENTS_TOO_FEW");
    assert_eq!(found["errors"][0]["path"], "plans/daily/regions");
}

#[test]
fn diff_ends_with_1_only_for_what_it_is_asked_to_fail_on() {
    let folder = tempfile::tempdir().unwrap();
    let one = file(folder.path(), "one.json", &plan(json!(["eu-west-1"])));
    let two = file(folder.path(), "two.json", &plan(json!(["eu-west-1", "us-east-1"])));
    let ended =
        |before: &str, after: &str, option: &[&str]| run(&[&["diff", before, after], option].concat(), "").0;
    assert_eq!(ended(&two, &one, &[]), Some(0));
    assert_eq!(ended(&two, &one, &["--fail-on", "weakens"]), Some(1));
    assert_eq!(ended(&one, &two, &["--fail-on", "weakens"]), Some(0));
    assert_eq!(ended(&one, &two, &["--fail-on", "changes"]), Some(1));
    assert_eq!(ended(&one, &one, &["--fail-on", "changes"]), Some(0));
    let (status, out, _) =
        run(&["diff", "-", &one, "--format", "json"], &plan(json!(["eu-west-1", "us-east-1"])).to_string());
    let found: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (status, &found["weakens"], &found["changes"][0]["effect"]),
        (Some(0), &json!(1), &json!("weakens"))
    );
}

#[test]
fn runs_ends_with_1_for_a_schedule_aws_would_refuse() {
    let (status, found) = json_of(&["runs", "--count", "2"], &plan(json!(["eu-west-1"])));
    assert_eq!(status, Some(0));
    assert_eq!(found["rules"][0]["next"], json!(["2026-11-21T05:00:00Z", "2026-11-22T05:00:00Z"]));
    assert_eq!(run(&["runs", "--schedule", "cron(0 5 ? * MON-FRI *)"], "").0, Some(0));
    assert_eq!(run(&["runs", "--schedule", "rate(1 day)"], "").0, Some(1));
}

#[test]
fn simulate_ends_with_1_for_what_becomes_invalid_and_what_it_is_asked_to_fail_on() {
    let change = |change: Value| {
        json!({
            "organization": [{"id": "r-1", "kind": "root"}, {"id": "111122223333", "parent": "r-1", "kind": "account"}],
            "policies": {
                "p-good": plan(json!(["eu-west-1"])),
                "p-empty": {"plans": {"daily": {"regions": {"@@remove": ["eu-west-1"]}}}},
            },
            "attachments": {"r-1": ["p-good"]},
            "change": change,
        })
    };
    let detach = change(json!({"action": "detach", "policy": "p-good", "target": "r-1"}));
    let (status, found) = json_of(&["simulate"], &detach);
    assert_eq!((status, &found["accounts_changed"]), (Some(0), &json!(1)));
    assert_eq!(json_of(&["simulate", "--fail-on", "weakens"], &detach).0, Some(1));
    let empty = change(json!({"action": "attach", "policy": "p-empty", "target": "111122223333"}));
    assert_eq!(json_of(&["simulate"], &empty).0, Some(1));
}

#[test]
fn unreadable_input_and_bad_usage_end_with_2_and_say_why() {
    let broken = "{\"levels\":";
    for (arguments, input, why) in [
        (&["lint", "no/such/file"][..], "", "cannot read no/such/file"),
        (&["lint"], "", "FILES"),
        (&["lint", "--format", "yaml", "-"], "{}", "yaml"),
        (&["lint", "--suppress", "HF999", "-"], "{}", "there is no such advice"),
        (&["lint", "--at", "yesterday", "-"], "{}", "yesterday"),
        (&["effective", "-"], broken, "standard input: line 1, column 11"),
        (&["effective", "-"], "{}", "a list \"levels\" was expected"),
        (&["diff", "-", "-"], "{}", "only one of the two policies"),
        (&["diff", "-", "no/such/file"], "{}", "cannot read no/such/file"),
        (&["diff", "-"], "{}", "AFTER"),
        (&["runs", "-"], broken, "standard input: line 1"),
        (&["runs"], "", "FILE"),
        (&["simulate", "-"], "{}", "a list \"organization\" was expected"),
        (&["simulate", "--fail-on", "weaken", "-"], "{}", "weaken"),
        (&["explode"], "", "explode"),
        (&[], "", "Usage"),
    ] {
        let (status, out, error) = run(arguments, input);
        assert_eq!((status, &*out), (Some(2), ""), "{arguments:?} {error}");
        assert!(error.contains(why), "{arguments:?} {error}");
    }
}

#[test]
fn input_that_is_no_text_is_unreadable() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("latin1.json");
    std::fs::write(&path, b"{\"pl\xE9ns\": {}}").unwrap();
    let (status, _, error) = run(&["lint", path.to_str().unwrap()], "");
    assert_eq!(status, Some(2));
    assert!(error.contains("cannot read"), "{error}");
}
