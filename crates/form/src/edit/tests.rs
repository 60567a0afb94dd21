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

fn set_value(at: &str, text: &str) -> FormEdit {
    FormEdit::SetValue { at: at.into(), text: text.into() }
}

fn clear_value(at: &str) -> FormEdit {
    FormEdit::ClearValue { at: at.into() }
}

fn edited(edit: &FormEdit) -> String {
    apply(RICH, edit).unwrap()
}

#[test]
fn a_changed_value_leaves_every_other_character_as_it_was() {
    let text = edited(&set_value("plans/daily/rules/nightly/target_backup_vault_name", "Other"));
    assert_eq!(text, RICH.replace("\"Main\"", "\"Other\""));
}

#[test]
fn a_number_stays_a_number_and_becomes_text_where_it_is_none() {
    let days = "plans/daily/rules/nightly/lifecycle/delete_after_days";
    assert_eq!(edited(&set_value(days, "90")), RICH.replace("35", "90"));
    assert_eq!(edited(&set_value(days, "9x")), RICH.replace("35", "\"9x\""));
}

#[test]
fn a_value_emptied_while_typing_keeps_its_place() {
    let vault = "plans/daily/rules/nightly/target_backup_vault_name";
    let empty = edited(&set_value(vault, ""));
    assert_eq!(empty, RICH.replace("\"Main\"", "\"\""));
    assert_eq!(apply(&empty, &set_value(vault, "Main")).unwrap(), RICH);
}

#[test]
fn a_value_taken_out_takes_its_empty_objects_along_but_not_the_entry() {
    let text = edited(&clear_value("plans/daily/rules/nightly/lifecycle/delete_after_days"));
    assert!(!text.contains("lifecycle"), "{text}");
    let text = apply(&text, &clear_value("plans/daily/rules/nightly/target_backup_vault_name")).unwrap();
    assert!(text.contains("\"nightly\": {"), "{text}");
    assert!(text.contains("60.0") && text.contains("@@remove"), "{text}");
}

#[test]
fn taking_out_what_is_not_there_changes_nothing() {
    assert_eq!(edited(&clear_value("plans/daily/rules/nightly/schedule_expression")), RICH);
}

#[test]
fn values_of_one_operator_change_without_the_other_operators() {
    let at = Path::from("plans/daily/regions");
    let values = vec!["eu-west-1".into(), "eu-north-1".into()];
    let text = edited(&FormEdit::SetValues { at: at.clone(), operator: Operator::Append, values });
    assert_eq!(text, RICH.replace(r#"["eu-west-1"]"#, r#"["eu-west-1", "eu-north-1"]"#));
    let text =
        edited(&FormEdit::SetValues { at: at.clone(), operator: Operator::Append, values: Vec::new() });
    assert!(!text.contains("\"@@append\": [\"eu") && text.contains(r#""@@remove": ["us-east-1"]"#), "{text}");
    let text = edited(&FormEdit::ChangeOperator { at, from: Operator::Append, to: Operator::Assign });
    assert_eq!(text, RICH.replace(r#"{ "@@append""#, r#"{ "@@assign""#));
}

#[test]
fn an_operator_in_use_is_not_overwritten_by_another() {
    let edit = FormEdit::ChangeOperator {
        at: "plans/daily/regions".into(),
        from: Operator::Append,
        to: Operator::Remove,
    };
    assert!(matches!(apply(RICH, &edit), Err(EditRefusal::Shape(EditError::Exists(_)))));
}

#[test]
fn an_entry_is_renamed_in_its_place() {
    let text = edited(&FormEdit::RenameEntry { at: "plans/daily".into(), name: "tier1".into() });
    assert_eq!(text, RICH.replace("\"daily\"", "\"tier1\""));
}

#[test]
fn names_that_aws_refuses_or_that_are_taken_are_refused_with_a_reason() {
    let at = Path::from("plans/daily");
    let rename = |name: &str| apply(RICH, &FormEdit::RenameEntry { at: at.clone(), name: name.into() });
    assert!(matches!(rename("two words"), Err(EditRefusal::Name(_))));
    assert!(matches!(rename(""), Err(EditRefusal::Name(_))));
    assert_eq!(rename("daily").unwrap(), RICH);
    let add = FormEdit::AddEntry { group: "plans".into(), name: "daily".into() };
    assert_eq!(apply(RICH, &add), Err(EditRefusal::Taken("daily".into())));
}

#[test]
fn a_duplicate_stands_beside_its_original_under_a_free_name() {
    let text = edited(&FormEdit::DuplicateEntry { at: "plans/daily/rules/nightly".into() });
    let document = Document::parse(&text).unwrap();
    let of = |path: &str| document.get(&Path::from(path)).unwrap().clone();
    assert_eq!(of("plans/daily/rules/nightly"), of("plans/daily/rules/nightly-2"));
}

#[test]
fn the_last_entry_removed_takes_its_group_along_where_the_document_can_do_without() {
    let text = edited(&FormEdit::RemoveEntry { at: "plans/daily/rules/nightly".into() });
    assert!(!text.contains("\"rules\""), "{text}");
    let text =
        apply(r#"{"plans":{"daily":{}}}"#, &FormEdit::RemoveEntry { at: "plans/daily".into() }).unwrap();
    assert_eq!(text, r#"{"plans":{}}"#);
}

#[test]
fn nothing_is_changed_in_text_that_cannot_be_read() {
    assert_eq!(apply("{ \"plans\": ", &set_value("plans/p", "x")), Err(EditRefusal::Unreadable));
}

#[test]
fn a_setting_that_is_no_object_is_not_overwritten() {
    let text = r#"{"plans":{"p":{"rules":{"r":{"target_backup_vault_name":"Main"}}}}}"#;
    let edit = set_value("plans/p/rules/r/target_backup_vault_name", "Other");
    assert!(matches!(apply(text, &edit), Err(EditRefusal::Shape(EditError::NotAnObject(_)))));
}
