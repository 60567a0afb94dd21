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

/// A plan whose recovery points are kept for this many days.
fn kept(days: u32) -> Value {
    let mut policy = plan(json!(["eu-west-1"]));
    policy["plans"]["daily"]["rules"]["r"]["lifecycle"] =
        json!({"delete_after_days": {"@@assign": days.to_string()}});
    policy
}

/// The same as AWS answers it for an account.
fn effective_kept(days: u32) -> Value {
    json!({"plans": {"daily": {"regions": ["eu-west-1"], "rules": {"r": {
        "target_backup_vault_name": "Main",
        "lifecycle": {"delete_after_days": days.to_string()},
    }}}}})
}

/// What `aws organizations describe-policy` prints.
fn described(content: &Value, policy_type: &str) -> Value {
    let summary = json!({"Id": "p-0123456789", "Name": "daily", "Type": policy_type, "AwsManaged": false});
    json!({"Policy": {"PolicySummary": summary, "Content": content.to_string()}})
}

/// What `aws organizations describe-effective-policy` prints.
fn described_effective(content: &Value) -> Value {
    json!({"EffectivePolicy": {
        "PolicyContent": content.to_string(),
        "LastUpdatedTimestamp": "2026-11-20T11:00:00+00:00",
        "TargetId": "111122223333",
        "PolicyType": "BACKUP_POLICY",
    }})
}

/// What AWS's command line prints of a document, with and without `--query`.
fn answers(days: u32) -> Vec<Value> {
    let described = described(&kept(days), "BACKUP_POLICY");
    vec![
        kept(days),
        described["Policy"].clone(),
        described["Policy"]["Content"].clone(),
        json!({"Policies": [described["Policy"]]}),
        json!([described]),
        described,
    ]
}

/// What people give and what is no backup policy, with what is said of it.
fn wrong() -> Vec<(Value, &'static str)> {
    let text = kept(7).to_string();
    let mut misspelt = kept(7);
    misspelt["plan"] = misspelt.as_object_mut().unwrap().remove("plans").unwrap();
    vec![
        (misspelt, "did you mean \"plans\"?"),
        (json!([]), "a list of 0 entries"),
        (json!([text, text]), "a list of 2 entries"),
        (json!([kept(7)]), "a list of 1 entry"),
        (json!("policy.json"), "no JSON"),
        (json!(7), "a number"),
        (Value::Null, "null"),
        (described(&json!({"Statement": []}), "SERVICE_CONTROL_POLICY"), "SERVICE_CONTROL_POLICY"),
        (described(&json!({"tags": {}}), "BACKUP_POLICY"), "Policy.Content is a tag policy"),
        (described(&json!({}), "BACKUP_POLICY"), "Policy.Content is an empty object"),
        (json!({"Policy": {"Content": "{\"plans\":"}}), "Policy.Content is no JSON"),
        (json!({"Policy": {"PolicySummary": {"Id": "p-0123456789"}}}), "without the policy's content"),
        (
            json!({"Policies": [{"Id": "p-0123456789", "Arn": "arn:aws:organizations::1:policy/o/p"}]}),
            "without the policy's content",
        ),
        (json!({"Version": "2012-10-17", "Statement": []}), "an IAM policy or a service control policy"),
        (json!({"Resources": {"P": {"Type": "AWS::Organizations::Policy"}}}), "a CloudFormation template"),
        (json!({"format_version": "1.2", "resource_changes": []}), "a Terraform plan"),
        (json!({"BackupPlan": {"BackupPlanName": "daily"}}), "a backup plan of AWS Backup"),
        (json!({"levels": []}), "the input of `holdfast policy effective`"),
        (json!({"plans": []}), "an object was expected here"),
        (json!({"plans": {}, "extra": {}}), "\"extra\" is no key of a policy"),
        (
            json!({"plans": {"daily": {"regions": {"@@asign": ["eu-west-1"]}}}}),
            "there is no operator @@asign",
        ),
        (json!({"plans": {"daily": {"regions": {"@@assign": "eu-west-1"}}}}), "a list was expected"),
        (json!({"plans": {"daily": {"region": {"@@assign": ["eu-west-1"]}}}}), "did you mean \"regions\"?"),
        (described(&json!({"plans": {"daily": {"rule": {}}}}), "BACKUP_POLICY"), "\"rule\" is no key of a"),
        (
            described(&json!({"plans": {"daily": {"regions": ["x"]}}}), "BACKUP_POLICY"),
            "a setting holds operators",
        ),
    ]
}

/// Whether the effective policies of an organization with one policy can be told, and those after an edit.
fn simulation(policy: &Value, document: &Value) -> Value {
    json!({
        "organization": [{"id": "r-1", "kind": "root"}, {"id": "111122223333", "parent": "r-1", "kind": "account"}],
        "policies": {"p-1": policy},
        "attachments": {"r-1": ["p-1"]},
        "change": {"action": "edit", "policy": "p-1", "document": document},
    })
}

#[test]
fn every_command_ends_with_2_on_what_is_no_backup_policy_and_says_what_it_seems_to_be() {
    let folder = tempfile::tempdir().unwrap();
    let good = file(folder.path(), "good.json", &kept(35));
    for (value, seems) in wrong() {
        let bad = file(folder.path(), "bad.json", &value);
        let levels = json!({"levels": [{"target": "r-1", "policies": [value]}]});
        for (arguments, input) in [
            (&["diff", "--fail-on", "weakens", &good, &bad][..], &value),
            (&["diff", "--fail-on", "weakens", &bad, &good], &value),
            (&["diff", &bad, &bad], &value),
            (&["runs", "-"], &value),
            (&["effective", "-"], &levels),
            (&["simulate", "-"], &simulation(&value, &kept(7))),
            (&["simulate", "--fail-on", "weakens", "-"], &simulation(&kept(35), &value)),
        ] {
            let (status, out, error) = run(arguments, &input.to_string());
            assert_eq!((status, &*out), (Some(2), ""), "{arguments:?} {value} {error}");
            assert!(error.contains(seems), "{arguments:?} {value} {error}");
        }
        let (status, out, error) = run(&["lint", &bad], "");
        assert_eq!((status, &*error), (Some(1), ""), "{value} {out}");
        assert!(out.contains(seems) && out.contains("refused"), "{value} {out}");
    }
}

#[test]
fn every_command_takes_the_document_out_of_what_aws_prints() {
    let folder = tempfile::tempdir().unwrap();
    for (before, after) in answers(35).iter().zip(answers(7)) {
        let (one, two) = (file(folder.path(), "one.json", before), file(folder.path(), "two.json", &after));
        assert_eq!(run(&["diff", "--fail-on", "weakens", &one, &two], "").0, Some(1), "{before}");
        assert_eq!(run(&["diff", "--fail-on", "weakens", &two, &one], "").0, Some(0), "{before}");
        assert_eq!(run(&["diff", "--fail-on", "changes", &one, &one], "").0, Some(0), "{before}");
        let plain = file(folder.path(), "plain.json", &kept(35));
        assert_eq!(run(&["diff", "--fail-on", "changes", &one, &plain], "").0, Some(0), "{before}");
        assert_eq!(run(&["lint", &one], "").0, Some(0), "{before}");

        let (status, found) = json_of(&["runs", "--count", "1"], before);
        assert_eq!(
            (status, &found["rules"][0]["next"]),
            (Some(0), &json!(["2026-11-21T05:00:00Z"])),
            "{before}"
        );
        let (_, found) =
            json_of(&["effective"], &json!({"levels": [{"target": "r-1", "policies": [before]}]}));
        assert_eq!(found["merged"]["plans"]["daily"]["rules"]["r"]["lifecycle"]["delete_after_days"], "35");
        let input = simulation(before, &after);
        assert_eq!(json_of(&["simulate", "--fail-on", "weakens"], &input).0, Some(1), "{before}");
        assert_eq!(
            json_of(&["simulate", "--fail-on", "changes"], &simulation(before, before)).0,
            Some(0),
            "{before}"
        );
    }
}

#[test]
fn effective_policies_are_compared_with_their_kind_and_given_for_no_document() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str, value: &Value| file(folder.path(), name, value);
    let more = path("more.json", &described_effective(&effective_kept(35)));
    let less = path("less.json", &described_effective(&effective_kept(7)));
    let none = path("none.json", &described_effective(&json!({})));
    let bare = path("bare.json", &effective_kept(35));
    let empty = path("empty.json", &json!({}));
    let document = path("document.json", &described(&kept(35), "BACKUP_POLICY"));
    let emptied = path("emptied.json", &json!({"plans": {}}));
    let ended = |before: &str, after: &str| run(&["diff", "--fail-on", "weakens", before, after], "").0;
    assert_eq!(ended(&more, &less), Some(1));
    assert_eq!(ended(&less, &more), Some(0));
    assert_eq!(ended(&more, &bare), Some(0));
    // An account to which no plan applies any more is told as `{}`.
    assert_eq!((ended(&more, &none), ended(&more, &empty)), (Some(1), Some(1)));
    assert_eq!((ended(&none, &more), ended(&none, &empty)), (Some(0), Some(0)));
    // `{"plans": {}}` is a document without plans as well as an effective policy without them.
    assert_eq!((ended(&document, &emptied), ended(&more, &emptied)), (Some(1), Some(1)));
    for (before, after) in [(&document, &more), (&more, &document), (&document, &none), (&empty, &document)] {
        let (status, out, error) = run(&["diff", before, after], "");
        assert_eq!((status, &*out), (Some(2), ""), "{error}");
        assert!(error.contains("cannot be compared"), "{error}");
    }
    assert_eq!(run(&["runs", &more], "").0, Some(0));
    assert!(run(&["runs", &none], "").1.contains("no rules"));

    for value in [described_effective(&effective_kept(35)), effective_kept(35), json!({})] {
        let levels = json!({"levels": [{"target": "r-1", "policies": [value]}]});
        for (command, input) in [("effective", &levels), ("simulate", &simulation(&value, &kept(7)))] {
            let (status, _, error) = run(&[command, "-"], &input.to_string());
            assert_eq!(status, Some(2), "{command} {value}");
            assert!(error.contains("this is an effective policy"), "{command} {error}");
        }
    }
    let (status, out, _) = run(&["lint", &more], "");
    assert_eq!(status, Some(1));
    assert!(out.contains("effective policy, which AWS computes"), "{out}");
}

#[test]
fn problems_in_an_extracted_document_stand_at_their_place_in_it() {
    let content = "{\n  \"plans\": {\"a b\": {}}\n}";
    let answer = json!({"Policy": {"Content": content}});
    let (status, out, _) = run(&["lint", "-"], &answer.to_string());
    assert_eq!(status, Some(1));
    assert!(out.contains("standard input (Policy.Content):2:13"), "{out}");
    let (_, found) = json_of(&["lint"], &answer);
    assert_eq!((&found["within"], &found["problems"][0]["line"]), (&json!("Policy.Content"), &json!(2)));

    let content = "{\n  \"plans\": {\"a\": {\"region\": {}}}\n}";
    let (status, _, error) = run(&["runs", "-"], &json!({"Policy": {"Content": content}}).to_string());
    assert_eq!(status, Some(2));
    assert!(error.contains("in the policy at Policy.Content, line 2, column 19: \"region\""), "{error}");
}

#[test]
fn an_input_with_a_key_that_it_does_not_have_ends_with_2_and_the_key_that_was_meant() {
    let good = simulation(&kept(35), &kept(7));
    let renamed = |from: &str, to: &str| {
        let mut input = good.clone();
        input[to] = input.as_object_mut().unwrap().remove(from).unwrap();
        input
    };
    let added = |place: &str, key: &str| {
        let mut input = good.clone();
        input.pointer_mut(place).unwrap()[key] = json!("x");
        input
    };
    let level = |level: Value| json!({"levels": [level]});
    for (command, input, meant) in [
        ("simulate", renamed("attachments", "attachment"), "did you mean \"attachments\"?"),
        ("simulate", renamed("policies", "policy"), "\"policy\" is no key"),
        ("simulate", added("", "comment"), "\"comment\" is no key"),
        ("simulate", added("/organization/1", "parents"), "did you mean \"parent\"?"),
        ("simulate", added("/change", "target"), "\"target\" is no key"),
        ("simulate", added("/change", "documents"), "did you mean \"document\"?"),
        ("effective", level(json!({"target": "r-1", "policy": [], "policies": []})), "\"policy\" is no key"),
        ("effective", level(json!({"targets": "r-1", "policies": []})), "did you mean \"target\"?"),
        ("effective", json!({"levels": [], "level": []}), "did you mean \"levels\"?"),
    ] {
        let (status, out, error) = run(&[command, "-"], &input.to_string());
        assert_eq!((status, &*out), (Some(2), ""), "{command} {meant} {error}");
        assert!(error.contains(meant), "{command} {meant} {error}");
    }
    let mut odd = good.clone();
    odd["attachments"]["r-1"] = json!([{"Id": "p-1"}]);
    assert_eq!(run(&["simulate", "-"], &odd.to_string()).0, Some(2));
}
