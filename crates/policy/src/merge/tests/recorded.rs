//! What AWS was recorded to make of one list, by what the policies of each level say about it.

use super::*;

#[test]
fn lists_come_to_what_was_recorded() {
    let both = json!({"@@assign": ["red", "blue"]});
    let append_only = json!({"@@assign": ["red"], "@@operators_allowed_for_child_policies": ["@@append"]});
    let remove_only = json!({"@@operators_allowed_for_child_policies": ["@@remove"]});
    let loosening = json!({"@@assign": ["green"], "@@operators_allowed_for_child_policies": ["@@all"]});
    let three = json!({"@@assign": ["red"], "@@append": ["blue"], "@@remove": ["red"]});
    let other_three = json!({"@@assign": ["green"], "@@append": ["yellow"], "@@remove": ["green"]});
    let mixed = json!({"@@assign": [12, true, null]});
    for (levels, outcome) in [
        (json!([[both], [{"@@append": ["blue", "green"]}]]), json!(["red", "blue", "green"])),
        (json!([[both], [{"@@remove": ["red", "missing"]}]]), json!(["blue"])),
        (json!([[append_only], [{"@@append": ["green"]}]]), json!(["red", "green"])),
        (json!([[append_only], [loosening]]), json!(["red"])),
        (json!([[append_only], [loosening], [{"@@assign": ["green"]}]]), json!(["red"])),
        (json!([[both, {"@@assign": ["blue", "green"]}]]), json!(["red", "blue"])),
        (json!([[{"@@append": ["red"]}, {"@@assign": ["blue"]}]]), json!(["blue", "red"])),
        (json!([[{"@@append": ["red"]}, {"@@remove": ["red"]}]]), json!([])),
        (json!([[three]]), json!(["blue"])),
        (json!([[both], [other_three]]), json!(["yellow"])),
        (json!([[append_only, remove_only], [{"@@append": ["green"]}]]), json!(["red"])),
        (json!([[{"@@assign": ["red"]}], [{"@@remove": ["red"]}]]), json!([])),
        (json!([[mixed]]), json!(["12", "true", "null"])),
        (json!([[mixed], [{"@@append": ["12", 13]}]]), json!(["12", "true", "null", "13"])),
        (json!([[mixed], [{"@@remove": ["12", "true", "null"]}]]), json!([])),
        (json!([[{"@@remove": ["red"]}]]), Value::Null),
    ] {
        assert_eq!(setting(levels.clone()), outcome, "{levels}");
    }
}

#[test]
fn a_closed_container_takes_no_new_keys_and_leaves_those_it_has_open() {
    let closed = |control: &str| {
        json!({"plans": {"p": {"selections": {"tags": {
            "@@operators_allowed_for_child_policies": [control], "default": {"tag_key": {"@@assign": "a"}}}}}}})
    };
    let below = json!({"plans": {"p": {"selections": {"tags": {
        "default": {"tag_key": {"@@assign": "b"}}, "lex": {"tag_key": {"@@assign": "c"}}}}}}});
    for (control, added) in [("@@none", false), ("@@remove", false), ("@@append", true), ("@@assign", true)] {
        let tags = merged(json!([[closed(control)], [below]]))["plans"]["p"]["selections"]["tags"].clone();
        assert_eq!(tags["default"]["tag_key"], "b", "{control}");
        assert_eq!(tags.get("lex").is_some(), added, "{control}");
    }
}
