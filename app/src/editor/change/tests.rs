use super::*;

/// Everything a form may not disturb: a control, operators of a list, an unknown key, numbers without quotes, odd layout.
const RICH: &str = r#"{
   "plans": {
      "@@operators_allowed_for_child_policies": [ "@@append" ],
      "daily": {
         "regions": { "@@append": ["eu-west-1"], "@@remove": ["us-east-1"] },
         "rules": {
            "nightly": { "target_backup_vault_name": { "@@assign": "Main" },   "lifecycle": { "delete_after_days": { "@@assign": 35 } } }
         },
         "from_the_future": { "@@assign": 60.0 }
      }
   }
}"#;

fn single(at: &str, text: &str) -> Change {
    Change::Single { at: at.into(), text: text.into() }
}

fn clear(at: &str) -> Change {
    Change::Clear { at: at.into() }
}

fn changed(change: &Change) -> String {
    apply(RICH, change).unwrap()
}

#[test]
fn a_changed_value_leaves_every_other_character_as_it_was() {
    let text = changed(&single("plans/daily/rules/nightly/target_backup_vault_name", "Other"));
    assert_eq!(text, RICH.replace("\"Main\"", "\"Other\""));
}

#[test]
fn a_number_stays_a_number_and_becomes_text_where_it_is_none() {
    let days = "plans/daily/rules/nightly/lifecycle/delete_after_days";
    assert_eq!(changed(&single(days, "90")), RICH.replace("35", "90"));
    assert_eq!(changed(&single(days, "9x")), RICH.replace("35", "\"9x\""));
}

#[test]
fn a_value_emptied_while_typing_keeps_its_place() {
    let vault = "plans/daily/rules/nightly/target_backup_vault_name";
    let empty = changed(&single(vault, ""));
    assert_eq!(empty, RICH.replace("\"Main\"", "\"\""));
    assert_eq!(apply(&empty, &single(vault, "Main")).unwrap(), RICH);
}

#[test]
fn a_value_taken_out_takes_its_empty_objects_along_but_not_the_entry() {
    let text = changed(&clear("plans/daily/rules/nightly/lifecycle/delete_after_days"));
    assert!(!text.contains("lifecycle"), "{text}");
    let text = apply(&text, &clear("plans/daily/rules/nightly/target_backup_vault_name")).unwrap();
    assert!(text.contains("\"nightly\": {"), "{text}");
    assert!(text.contains("60.0") && text.contains("@@remove"), "{text}");
}

#[test]
fn taking_out_what_is_not_there_changes_nothing() {
    assert_eq!(changed(&clear("plans/daily/rules/nightly/schedule_expression")), RICH);
}

#[test]
fn values_of_one_operator_change_without_the_other_operators() {
    let at = Path::from("plans/daily/regions");
    let values = vec!["eu-west-1".into(), "eu-north-1".into()];
    let text = changed(&Change::Values { at: at.clone(), operator: Operator::Append, values });
    assert_eq!(text, RICH.replace(r#"["eu-west-1"]"#, r#"["eu-west-1", "eu-north-1"]"#));
    let text = changed(&Change::Values { at: at.clone(), operator: Operator::Append, values: Vec::new() });
    assert!(!text.contains("\"@@append\": [\"eu") && text.contains(r#""@@remove": ["us-east-1"]"#), "{text}");
    let text = changed(&Change::Operator { at, from: Operator::Append, to: Operator::Assign });
    assert_eq!(text, RICH.replace(r#"{ "@@append""#, r#"{ "@@assign""#));
}

#[test]
fn an_operator_in_use_is_not_overwritten_by_another() {
    let change =
        Change::Operator { at: "plans/daily/regions".into(), from: Operator::Append, to: Operator::Remove };
    assert!(matches!(apply(RICH, &change), Err(Refusal::Shape(EditError::Exists(_)))));
}

#[test]
fn an_entry_is_renamed_in_its_place() {
    let text = changed(&Change::Rename { at: "plans/daily".into(), name: "tier1".into() });
    assert_eq!(text, RICH.replace("\"daily\"", "\"tier1\""));
}

#[test]
fn names_that_aws_refuses_or_that_are_taken_are_refused_with_a_reason() {
    let at = Path::from("plans/daily");
    let rename = |name: &str| apply(RICH, &Change::Rename { at: at.clone(), name: name.into() });
    assert!(matches!(rename("two words"), Err(Refusal::Name(_))));
    assert!(matches!(rename(""), Err(Refusal::Name(_))));
    assert_eq!(rename("daily").unwrap(), RICH);
    let add = Change::Add { group: "plans".into(), name: "daily".into() };
    assert_eq!(apply(RICH, &add), Err(Refusal::Taken("daily".into())));
}

#[test]
fn a_duplicate_stands_beside_its_original_under_a_free_name() {
    let text = changed(&Change::Duplicate { at: "plans/daily/rules/nightly".into() });
    let document = Document::parse(&text).unwrap();
    let of = |path: &str| document.get(&Path::from(path)).unwrap().clone();
    assert_eq!(of("plans/daily/rules/nightly"), of("plans/daily/rules/nightly-2"));
}

#[test]
fn the_last_entry_removed_takes_its_group_along_where_the_document_can_do_without() {
    let text = changed(&Change::Remove { at: "plans/daily/rules/nightly".into() });
    assert!(!text.contains("\"rules\""), "{text}");
    let text = apply(r#"{"plans":{"daily":{}}}"#, &Change::Remove { at: "plans/daily".into() }).unwrap();
    assert_eq!(text, r#"{"plans":{}}"#);
}

#[test]
fn nothing_is_changed_in_text_that_cannot_be_read() {
    assert_eq!(apply("{ \"plans\": ", &single("plans/p", "x")), Err(Refusal::Unreadable));
}

#[test]
fn a_setting_that_is_no_object_is_not_overwritten() {
    let text = r#"{"plans":{"p":{"rules":{"r":{"target_backup_vault_name":"Main"}}}}}"#;
    let change = single("plans/p/rules/r/target_backup_vault_name", "Other");
    assert!(matches!(apply(text, &change), Err(Refusal::Shape(EditError::NotAnObject(_)))));
}
