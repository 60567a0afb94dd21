use proptest::prelude::*;
use serde_json::{Value as Json, json};
use time::macros::datetime;

use super::*;

const NOW: OffsetDateTime = datetime!(2026-11-20 12:00 UTC);

fn source(value: &Json) -> Result<Source, NotAPolicy> {
    read(&Document::parse(&value.to_string()).unwrap())
}

fn refused(value: &Json) -> String {
    source(value).unwrap_err().to_string()
}

fn document() -> Json {
    json!({"plans": {"daily": {"regions": {"@@assign": ["eu-west-1"]}}}})
}

fn effective() -> Json {
    json!({"plans": {"daily": {"regions": ["eu-west-1"]}}})
}

#[test]
fn a_policy_is_told_by_its_operators() {
    for (value, kind) in [
        (document(), Kind::Document),
        (effective(), Kind::Effective),
        (json!({}), Kind::Effective),
        (json!({"plans": {}}), Kind::Either),
        (json!({"plans": {"daily": {"rules": {}}}}), Kind::Either),
        (json!({"plans": []}), Kind::Either),
        (json!({"plans": {}, "extra": 1}), Kind::Either),
        (json!({"plans": {"@@operators_allowed_for_child_policies": ["@@none"]}}), Kind::Document),
        (json!({"PLANS": {"daily": {"regions": {"@@Assign": ["eu-west-1"]}}}}), Kind::Document),
    ] {
        let found = source(&value).unwrap();
        assert_eq!((found.kind, &*found.within), (kind, ""), "{value}");
    }
}

#[test]
fn a_policy_is_taken_out_of_what_aws_answers() {
    let (text, effective_text) = (document().to_string(), effective().to_string());
    let summary = json!({"Id": "p-1", "Type": "BACKUP_POLICY"});
    for (value, kind, within) in [
        (json!({"Policy": {"PolicySummary": summary, "Content": text}}), Kind::Document, "Policy.Content"),
        (json!({"Policy": {"Content": document()}}), Kind::Document, "Policy.Content"),
        (json!({"PolicySummary": summary, "Content": text}), Kind::Document, "Content"),
        (json!(text), Kind::Document, "the text"),
        (json!(effective_text), Kind::Effective, "the text"),
        (json!("{}"), Kind::Effective, "the text"),
        (
            json!({"EffectivePolicy": {"PolicyContent": effective_text, "PolicyType": "BACKUP_POLICY"}}),
            Kind::Effective,
            "EffectivePolicy.PolicyContent",
        ),
        (
            json!({"EffectivePolicy": {"PolicyContent": "{}"}}),
            Kind::Effective,
            "EffectivePolicy.PolicyContent",
        ),
        (json!({"PolicyContent": effective_text}), Kind::Effective, "PolicyContent"),
        (
            json!({"Policies": [{"PolicySummary": summary, "Content": text}]}),
            Kind::Document,
            "Policies[0].Content",
        ),
        (json!([{"Policy": {"Content": text}}]), Kind::Document, "[0].Policy.Content"),
        (json!([text]), Kind::Document, "[0]"),
    ] {
        let found = source(&value).unwrap_or_else(|error| panic!("{value}: {error}"));
        assert_eq!((found.kind, &*found.within), (kind, within), "{value}");
        assert!(found.document.root().members().is_empty() || found.document.root().get("plans").is_some());
    }
}

#[test]
fn anything_else_is_refused_and_named() {
    let text = document().to_string();
    for (value, seems) in [
        (json!({"plan": {}}), "did you mean \"plans\"?"),
        (json!({"pluns": {"daily": {}}}), "did you mean \"plans\"?"),
        (json!({"Resources": {"P": {"Type": "AWS::Organizations::Policy"}}}), "a CloudFormation template"),
        (json!({"format_version": "1.2", "resource_changes": []}), "a Terraform plan"),
        (json!({"Version": "2012-10-17", "Statement": []}), "an IAM policy or a service control policy"),
        (json!({"tags": {"cost": {}}}), "a tag policy"),
        (json!({"BackupPlan": {"Rules": []}}), "a backup plan of AWS Backup"),
        (json!({"Policies": [{"Id": "p-1", "Arn": "a"}]}), "a summary without the policy's content"),
        (json!({"Policies": []}), "a list of 0 entries"),
        (json!([text, text]), "a list of 2 entries"),
        (json!([document()]), "a list of 1 entry"),
        (json!({"Accounts": []}), "a list of AWS's (Accounts)"),
        (json!({"Policy": {"PolicySummary": {}}}), "an answer of AWS without the policy's content"),
        (json!({"Policy": {"PolicySummary": {"Type": "TAG_POLICY"}, "Content": text}}), "a TAG_POLICY"),
        (json!({"EffectivePolicy": {"PolicyType": "TAG_POLICY", "PolicyContent": "{}"}}), "a TAG_POLICY"),
        (json!({"EffectivePolicy": {"PolicyContent": text}}), "holds operators"),
        (json!({"Policy": {"Content": "{}"}}), "Policy.Content is an empty object"),
        (json!({"Policy": {"Content": "{\"plans\":"}}), "Policy.Content is no JSON: line 1, column 10 of it"),
        (json!({"Policy": {"Content": {"Statement": []}}}), "Policy.Content is an IAM policy"),
        (json!({"Policy": {"Content": "{\"Statement\":[]}"}}), "Policy.Content is an IAM policy"),
        (json!({"Policy": {"Content": null}}), "Policy.Content is null"),
        (json!("\"{}\""), "the text is text"),
        (json!("policy.json"), "the text is no JSON"),
        (json!({"policy": document()}), "give what stands in \"policy\""),
        (json!({"@@assign": []}), "an object with @@assign"),
        (json!({"organization": [], "policies": {}}), "the input of `holdfast policy simulate`"),
        (json!({"a": 1, "b": 2}), "an object with a, b,"),
        (json!(35), "a number"),
        (json!(null), "null"),
    ] {
        assert!(refused(&value).contains(seems), "{value}: {}", refused(&value));
    }
}

#[test]
fn what_is_read_otherwise_than_it_was_written_is_a_fault() {
    for (plan, code) in [
        (json!({"regions": ["eu-west-1"], "rules": {"@@assign": []}}), "not-an-object"),
        (json!({"region": {"@@assign": ["eu-west-1"]}}), "unknown-key"),
        (json!({"regions": {"@@asign": ["eu-west-1"]}}), "unknown-operator"),
        (json!({"regions": {"@@assign": "eu-west-1"}}), "not-a-list"),
    ] {
        let found =
            source(&json!({"Policy": {"Content": json!({"plans": {"daily": plan}}).to_string()}})).unwrap();
        assert!(found.faults(NewKeys::Refused, NOW).iter().any(|fault| fault.code == code), "{plan}");
    }
    // What is wrong with values only is for admission to say: a document may be finished by others.
    let value = json!({"plans": {"daily": {"regions": {"@@assign": ["mars-1"]}}}});
    assert_eq!(source(&value).unwrap().faults(NewKeys::Refused, NOW), []);
}

#[test]
fn an_effective_policy_is_at_fault_for_its_form_and_not_for_keys_that_aws_added() {
    let faults = |value: Json| source(&value).unwrap().faults(NewKeys::Refused, NOW).len();
    assert_eq!(faults(effective()), 0);
    assert_eq!(faults(json!({"plans": {"daily": {"a_new_key": "x"}}})), 0);
    assert_eq!(faults(json!({"plans": {"daily": {"region": ["x"]}}})), 1);
    assert_eq!(faults(json!({"plans": {"daily": {"regions": {"x": "y"}}}})), 1);
    assert_eq!(faults(json!({"plans": {"daily": "eu-west-1"}})), 1);
    assert_eq!(faults(json!({"plans": ["x"]})), 1);
    assert_eq!(faults(json!({"plans": {"daily": {"regions": ["x"]}}, "extra": {}})), 1);
}

#[test]
fn keys_that_aws_may_have_added_are_kept_where_that_is_asked_for_and_misspelt_ones_are_not() {
    let plan = |key: &str| json!({"plans": {"daily": {key: {"@@assign": ["x"]}}}});
    let faults = |key: &str, new_keys| source(&plan(key)).unwrap().faults(new_keys, NOW).len();
    assert_eq!((faults("a_new_key", NewKeys::Kept), faults("a_new_key", NewKeys::Refused)), (0, 1));
    assert_eq!((faults("region", NewKeys::Kept), faults("region", NewKeys::Refused)), (1, 1));
}

#[test]
fn an_effective_policy_becomes_a_document_by_assigning_its_values() {
    let node = source(&effective()).unwrap().assigning();
    assert_eq!(&node, Document::parse(&document().to_string()).unwrap().root());
}

/// JSON of the words that envelopes, policies and other files are made of.
fn json() -> impl Strategy<Value = Json> {
    let words = [
        "plans",
        "Plans",
        "plan",
        "daily",
        "regions",
        "@@assign",
        "@@none",
        "Policy",
        "Content",
        "PolicySummary",
        "EffectivePolicy",
        "PolicyContent",
        "PolicyType",
        "Type",
        "BACKUP_POLICY",
        "TAG_POLICY",
        "Policies",
        "Resources",
        "Statement",
        "levels",
    ];
    let word = prop::sample::select(words.to_vec());
    let leaf = prop_oneof![
        word.clone().prop_map(Json::from),
        any::<String>().prop_map(Json::from),
        any::<i32>().prop_map(Json::from),
        Just(Json::Null),
        Just(json!("{}")),
        Just(json!("{\"plans\":{}}")),
    ];
    leaf.prop_recursive(6, 64, 4, move |inner| {
        let object = prop::collection::btree_map(word.clone(), inner.clone(), 0..4);
        let object =
            object.prop_map(|members| Json::from_iter(members.into_iter().map(|(k, v)| (k.to_owned(), v))));
        prop_oneof![
            prop::collection::vec(inner, 0..3).prop_map(Json::from),
            object.clone(),
            // As AWS puts documents into its answers.
            object.prop_map(|object| Json::from(object.to_string())),
        ]
    })
}

proptest! {
    #[test]
    fn any_value_is_a_policy_with_plans_or_an_explicit_effective_policy_or_is_refused(value in json()) {
        if let Ok(found) = source(&value) {
            let root = found.document.root();
            let explicit = matches!(&root.value, Value::Object(members) if members.is_empty());
            prop_assert!(root.spelled("plans").is_some() || explicit && found.kind == Kind::Effective);
            // A policy that is not the file itself was in a place that can be named.
            prop_assert!(!found.within.is_empty() || root == Document::parse(&value.to_string()).unwrap().root());
        }
    }

    #[test]
    fn a_policy_is_the_same_in_each_answer_of_aws(inner in json()) {
        let policy = json!({"plans": inner});
        let (bare, text) = (source(&policy).unwrap(), policy.to_string());
        let answers = [json!({"Policy": {"Content": text}}), json!({"Content": text}), json!([text]), json!(text)];
        for answer in answers {
            let found = source(&answer).unwrap();
            prop_assert_eq!(found.document.root(), bare.document.root());
        }
    }

    #[test]
    fn faults_are_found_in_anything_without_panic(value in json()) {
        if let Ok(found) = source(&value) {
            let _ = (found.faults(NewKeys::Refused, NOW), found.assigning());
        }
    }
}
