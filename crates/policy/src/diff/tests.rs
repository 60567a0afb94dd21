use proptest::prelude::*;
use serde_json::{Value, json};
use time::macros::datetime;

use super::*;
use crate::merge::{Attached, Level, merge};

const NOW: OffsetDateTime = datetime!(2026-03-10 12:00 UTC);

fn plan() -> Value {
    json!({"plans": {"daily": {
        "regions": ["eu-west-1", "us-east-1"],
        "rules": {"nightly": {
            "schedule_expression": "cron(0 5 ? * * *)",
            "target_backup_vault_name": "Main",
            "enable_continuous_backup": "false",
            "start_backup_window_minutes": "60",
            "lifecycle": {"move_to_cold_storage_after_days": "30", "delete_after_days": "120"},
            "copy_actions": {"arn:aws:backup:eu-north-1:$account:backup-vault:Far": {
                "target_backup_vault_arn": "arn:aws:backup:eu-north-1:$account:backup-vault:Far",
                "lifecycle": {"delete_after_days": "90"},
            }},
            "scan_actions": {"GUARDDUTY": {"scan_mode": "INCREMENTAL_SCAN"}},
        }},
        "selections": {
            "tags": {"prod": {
                "iam_role_arn": "arn:aws:iam::$account:role/Backup",
                "tag_key": "env",
                "tag_value": ["prod", "stage"],
            }},
            "resources": {"disks": {
                "iam_role_arn": "arn:aws:iam::$account:role/Backup",
                "resource_types": ["arn:aws:ec2:*:*:volume/*", "arn:aws:s3:::*"],
                "not_resource_types": ["arn:aws:rds:*:*:db:*"],
                "conditions": {"string_equals": {"team": {
                    "condition_key": "aws:ResourceTag/team", "condition_value": "a",
                }}},
            }},
        },
        "advanced_backup_settings": {"ec2": {"windows_vss": "enabled"}},
        "backup_plan_tags": {"cost": {"tag_key": "cost", "tag_value": "1"}},
    }}})
}

/// The plan with one place set, or removed.
fn with(place: &str, value: Option<Value>) -> Value {
    let mut policy = plan();
    let (above, key) = place.rsplit_once('|').unwrap();
    let object = above.split('|').fold(&mut policy, |node, key| &mut node[key]).as_object_mut().unwrap();
    match value {
        Some(value) => object.insert(key.into(), value),
        None => object.remove(key),
    };
    policy
}

/// Changes the place in the plan, and tells the one change that makes.
fn change(place: &str, value: Option<Value>) -> (ChangeKind, Effect, String) {
    let found = diff_effective(&plan(), &with(place, value), NOW);
    let [change] = found.as_slice() else { panic!("{found:#?}") };
    (change.kind, change.effect, change.sentence.clone())
}

const RULE: &str = "plans|daily|rules|nightly";
const COPY: &str =
    "plans|daily|rules|nightly|copy_actions|arn:aws:backup:eu-north-1:$account:backup-vault:Far";

fn expect(place: &str, value: Option<Value>, kind: ChangeKind, effect: Effect, sentence: &str) {
    assert_eq!(change(place, value), (kind, effect, sentence.to_owned()));
}

use ChangeKind as K;
use Effect::{Neutral, Strengthens, Weakens};

#[test]
fn equal_policies_have_no_changes() {
    assert_eq!(diff_effective(&plan(), &plan(), NOW), []);
}

#[test]
fn a_lost_plan_is_one_change_whatever_was_in_it() {
    expect("plans|daily", None, K::PlanLost, Weakens, "Plan “daily” is lost.");
}

#[test]
fn an_added_plan_strengthens() {
    let second = json!({"regions": ["eu-west-1"]});
    expect("plans|second", Some(second), K::PlanAdded, Strengthens, "Plan “second” is added.");
}

#[test]
fn a_lost_or_added_rule_is_one_change() {
    expect(RULE, None, K::RuleLost, Weakens, "Rule “nightly” of plan “daily” is lost.");
    let weekly = json!({"target_backup_vault_name": "Main"});
    let sentence = "Rule “weekly” of plan “daily” is added.";
    expect("plans|daily|rules|weekly", Some(weekly), K::RuleAdded, Strengthens, sentence);
}

#[test]
fn each_region_counts() {
    let found =
        diff_effective(&plan(), &with("plans|daily|regions", Some(json!(["us-east-1", "us-west-2"]))), NOW);
    let found: Vec<_> =
        found.iter().map(|change| (change.kind, change.effect, change.sentence.as_str())).collect();
    let expected = [
        (K::RegionLost, Weakens, "Plan “daily” no longer runs in Region eu-west-1."),
        (K::RegionAdded, Strengthens, "Plan “daily” also runs in Region us-west-2."),
    ];
    assert_eq!(found, expected);
}

#[test]
fn retention_is_shortened_or_lengthened() {
    let place = &format!("{RULE}|lifecycle|delete_after_days");
    let sentence = "Rule “nightly” of plan “daily” keeps recovery points 119 days instead of 120 days.";
    expect(place, Some(json!("119")), K::RetentionShortened, Weakens, sentence);
    let sentence = "Rule “nightly” of plan “daily” keeps recovery points 365 days instead of 120 days.";
    expect(place, Some(json!("365")), K::RetentionLengthened, Strengthens, sentence);
}

#[test]
fn no_retention_is_for_ever() {
    let place = &format!("{RULE}|lifecycle|delete_after_days");
    let sentence = "Rule “nightly” of plan “daily” keeps recovery points for ever instead of 120 days.";
    expect(place, None, K::RetentionLengthened, Strengthens, sentence);
    let limited = diff_effective(&with(place, None), &plan(), NOW);
    assert_eq!(limited[0].kind, K::RetentionShortened);
}

#[test]
fn a_copy_has_its_own_retention() {
    let sentence = "The copy to arn:aws:backup:eu-north-1:$account:backup-vault:Far in rule “nightly” of plan \
                    “daily” keeps recovery points 9 days instead of 90 days.";
    expect(
        &format!("{COPY}|lifecycle|delete_after_days"),
        Some(json!("9")),
        K::RetentionShortened,
        Weakens,
        sentence,
    );
}

#[test]
fn a_copy_without_retention_is_kept_like_its_original() {
    let found = change(&format!("{COPY}|lifecycle"), None);
    assert_eq!((found.0, found.1), (K::RetentionChanged, Weakens));
    assert!(
        found.2.ends_with("is kept as long as the backup it is made from instead of 90 days."),
        "{}",
        found.2
    );
}

#[test]
fn a_copy_is_lost_or_moved() {
    let found = change(COPY, None);
    assert_eq!((found.0, found.1), (K::CopyLost, Weakens));
    let other = json!("arn:aws:backup:eu-north-1:$account:backup-vault:Other");
    let found = change(&format!("{COPY}|target_backup_vault_arn"), Some(other));
    assert_eq!((found.0, found.1), (K::CopyMoved, Neutral));
}

#[test]
fn cold_storage_changes_are_neutral() {
    let place = &format!("{RULE}|lifecycle|move_to_cold_storage_after_days");
    let sentence = "Rule “nightly” of plan “daily” no longer moves recovery points to cold storage, before it did after 30 days.";
    expect(place, None, K::ColdStorageChanged, Neutral, sentence);
}

#[test]
fn a_schedule_runs_less_or_more_often_or_at_other_times() {
    let place = &format!("{RULE}|schedule_expression");
    let sentence = "Rule “nightly” of plan “daily” runs less often: every Monday at 05:00 UTC instead of every day at \
                    05:00 UTC.";
    expect(place, Some(json!("cron(0 5 ? * MON *)")), K::ScheduleLessFrequent, Weakens, sentence);
    let sentence =
        "Rule “nightly” of plan “daily” runs more often: every hour instead of every day at 05:00 UTC.";
    expect(place, Some(json!("cron(0 * ? * * *)")), K::ScheduleMoreFrequent, Strengthens, sentence);
    let found = change(place, Some(json!("cron(0 6 ? * * *)")));
    assert_eq!((found.0, found.1), (K::ScheduleMoved, Neutral));
}

#[test]
fn a_missing_schedule_is_the_default_one() {
    let found = change(&format!("{RULE}|schedule_expression"), None);
    assert_eq!((found.0, found.1), (K::ScheduleMoved, Neutral));
    assert!(found.2.contains("the default"), "{}", found.2);
}

#[test]
fn a_schedule_that_cannot_be_read_is_still_reported() {
    let found = change(&format!("{RULE}|schedule_expression"), Some(json!("whenever")));
    assert_eq!((found.0, found.1), (K::ScheduleMoved, Neutral));
}

#[test]
fn continuous_backup_goes_on_and_off() {
    let place = &format!("{RULE}|enable_continuous_backup");
    let found = change(place, Some(json!("true")));
    assert_eq!((found.0, found.1), (K::ContinuousBackupOn, Strengthens));
    let off = diff_effective(&with(place, Some(json!("true"))), &with(place, None), NOW);
    assert_eq!((off[0].kind, off[0].effect), (K::ContinuousBackupOff, Weakens));
}

#[test]
fn another_vault_role_or_window_is_neutral() {
    let sentence = "Rule “nightly” of plan “daily” stores into vault Other instead of Main.";
    expect(
        &format!("{RULE}|target_backup_vault_name"),
        Some(json!("Other")),
        K::VaultChanged,
        Neutral,
        sentence,
    );
    let found = change(&format!("{RULE}|start_backup_window_minutes"), Some(json!("120")));
    assert_eq!((found.0, found.1), (K::WindowChanged, Neutral));
    let found =
        change("plans|daily|selections|tags|prod|iam_role_arn", Some(json!("arn:aws:iam::$account:role/X")));
    assert_eq!((found.0, found.1), (K::RoleChanged, Neutral));
}

#[test]
fn an_absent_window_reads_as_its_default() {
    let sentence = "“Start within” of rule “nightly” of plan “daily” is 480 (the default) instead of 60.";
    expect(&format!("{RULE}|start_backup_window_minutes"), None, K::WindowChanged, Neutral, sentence);
}

#[test]
fn an_air_gapped_vault_strengthens() {
    let vault = json!("arn:aws:backup:$region:$account:backup-vault:Gap");
    let place = &format!("{RULE}|target_logically_air_gapped_backup_vault_arn");
    let found = change(place, Some(vault.clone()));
    assert_eq!((found.0, found.1), (K::AirGappedVaultAdded, Strengthens));
    let lost = diff_effective(&with(place, Some(vault)), &plan(), NOW);
    assert_eq!((lost[0].kind, lost[0].effect), (K::AirGappedVaultLost, Weakens));
}

#[test]
fn a_selection_is_narrowed_by_fewer_values_types_or_more_conditions() {
    let tags = "plans|daily|selections|tags|prod|tag_value";
    let sentence = "Selection “prod” of plan “daily” no longer takes resources tagged stage.";
    expect(tags, Some(json!(["prod"])), K::SelectionNarrowed, Weakens, sentence);
    let types = "plans|daily|selections|resources|disks|resource_types";
    let found = change(types, Some(json!(["arn:aws:s3:::*"])));
    assert_eq!((found.0, found.1), (K::SelectionNarrowed, Weakens));
    let excepted = "plans|daily|selections|resources|disks|not_resource_types";
    let found = change(excepted, Some(json!(["arn:aws:rds:*:*:db:*", "arn:aws:s3:::*"])));
    assert_eq!((found.0, found.1), (K::SelectionNarrowed, Weakens));
    let condition = json!({"condition_key": "aws:ResourceTag/x", "condition_value": "y"});
    let found = change(
        "plans|daily|selections|resources|disks|conditions|string_like",
        Some(json!({"x": condition})),
    );
    assert_eq!((found.0, found.1), (K::SelectionNarrowed, Weakens));
}

#[test]
fn a_selection_is_widened_by_more_values_types_or_fewer_conditions() {
    let tags = "plans|daily|selections|tags|prod|tag_value";
    let found = change(tags, Some(json!(["prod", "stage", "test"])));
    assert_eq!((found.0, found.1), (K::SelectionWidened, Strengthens));
    let types = "plans|daily|selections|resources|disks|resource_types";
    let sentence = "Selection “disks” of plan “daily” takes every resource type.";
    expect(types, Some(json!(["*"])), K::SelectionWidened, Strengthens, sentence);
    let found = change("plans|daily|selections|resources|disks|not_resource_types", None);
    assert_eq!((found.0, found.1), (K::SelectionWidened, Strengthens));
    let found = change("plans|daily|selections|resources|disks|conditions", None);
    assert_eq!((found.0, found.1), (K::SelectionWidened, Strengthens));
}

#[test]
fn a_star_gone_from_the_types_narrows() {
    let types = "plans|daily|selections|resources|disks|resource_types";
    let every = with(types, Some(json!(["*"])));
    let found = diff_effective(&every, &plan(), NOW);
    assert_eq!((found[0].kind, found[0].effect), (K::SelectionNarrowed, Weakens));
}

#[test]
fn another_tag_key_may_leave_resources_out() {
    let found = change("plans|daily|selections|tags|prod|tag_key", Some(json!("stage")));
    assert_eq!((found.0, found.1), (K::SelectionChanged, Weakens));
}

#[test]
fn a_selection_is_lost_or_added() {
    let found = change("plans|daily|selections|tags", None);
    assert_eq!((found.0, found.1), (K::SelectionLost, Weakens));
    assert_eq!(found.2, "Selection “prod” of plan “daily” is lost.");
}

#[test]
fn advanced_settings_count_by_their_default() {
    let found = change("plans|daily|advanced_backup_settings|ec2|windows_vss", None);
    assert_eq!((found.0, found.1), (K::AdvancedSettingOff, Weakens));
    let off = json!({"backup_acls": "disabled"});
    let found = change("plans|daily|advanced_backup_settings|s3", Some(off));
    assert_eq!((found.0, found.1), (K::AdvancedSettingOff, Weakens));
}

#[test]
fn scans_and_tags_are_told() {
    let found = change(&format!("{RULE}|scan_actions"), None);
    assert_eq!((found.0, found.1), (K::ScanLost, Weakens));
    let found = change(&format!("{RULE}|scan_actions|GUARDDUTY|scan_mode"), Some(json!("FULL_SCAN")));
    assert_eq!((found.0, found.1), (K::ScanChanged, Strengthens));
    let found = change("plans|daily|backup_plan_tags", None);
    assert_eq!((found.0, found.1), (K::TagsChanged, Neutral));
}

#[test]
fn what_the_language_does_not_know_is_still_reported() {
    let found = change("plans|daily|something_new", Some(json!({"deep": "value"})));
    assert_eq!((found.0, found.1), (K::SettingChanged, Neutral));
}

#[test]
fn values_are_told_before_and_after() {
    let found =
        diff_effective(&plan(), &with(&format!("{RULE}|target_backup_vault_name"), Some(json!("B"))), NOW);
    let [change] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(change.path, "plans/daily/rules/nightly/target_backup_vault_name");
    assert_eq!((change.before.as_deref(), change.after.as_deref()), (Some("Main"), Some("B")));
}

#[test]
fn a_change_survives_the_wire() {
    for change in diff_effective(&plan(), &json!({}), NOW) {
        let wire = serde_json::to_string(&change).unwrap();
        assert!(wire.contains(r#""kind":"plan-lost","effect":"weakens""#), "{wire}");
        assert_eq!(serde_json::from_str::<Change>(&wire).unwrap(), change);
    }
}

mod documents {
    use super::*;

    fn document(plan: Value) -> Document {
        Document::parse(&json!({"plans": {"daily": plan}}).to_string()).unwrap()
    }

    fn diff(before: Value, after: Value) -> Vec<(ChangeKind, Effect, String)> {
        let found = diff_documents(&document(before), &document(after), NOW);
        found.into_iter().map(|change| (change.kind, change.effect, change.sentence)).collect()
    }

    #[test]
    fn assigned_values_are_compared_like_effective_ones() {
        let days = |days: u8| json!({"rules": {"r": {"lifecycle": {"delete_after_days": {"@@assign": days.to_string()}}}}});
        let found = diff(days(90), days(35));
        assert_eq!((found[0].0, found[0].1), (K::RetentionShortened, Weakens));
    }

    #[test]
    fn layout_and_order_of_keys_are_no_change() {
        let before =
            Document::parse(r#"{"plans":{"a":{"regions":{"@@assign":["eu-west-1"]},"rules":{}}}}"#).unwrap();
        let after =
            Document::parse(r#"{"plans": {"a": {"rules": {}, "regions": {"@@assign": ["eu-west-1"]}}}}"#)
                .unwrap();
        assert_eq!(diff_documents(&before, &after, NOW), []);
    }

    #[test]
    fn taking_a_region_out_of_what_is_inherited_weakens() {
        let found = diff(json!({}), json!({"regions": {"@@remove": ["eu-west-1"]}}));
        let sentence = "Eu-west-1 is now taken out of the inherited “Regions” of plan “daily”.";
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].0, found[0].1), (K::RemovalChanged, Weakens));
        assert_eq!(found[0].2.to_lowercase(), sentence.to_lowercase());
    }

    #[test]
    fn taking_out_an_exception_strengthens() {
        let types = |operator: &str| json!({"selections": {"resources": {"s": {"not_resource_types": {operator: ["arn:aws:s3:::*"]}}}}});
        let found = diff(json!({}), types("@@remove"));
        assert_eq!((found[0].0, found[0].1), (K::RemovalChanged, Strengthens));
    }

    #[test]
    fn a_tighter_control_strengthens_and_a_looser_weakens() {
        let control =
            |allowed: &str| json!({"regions": {"@@operators_allowed_for_child_policies": [allowed]}});
        let tighter = diff(control("@@all"), control("@@none"));
        let sentence = "Lower levels may not change “Regions” of plan “daily”; before they could change it.";
        assert_eq!(tighter, [(K::ControlTightened, Strengthens, sentence.to_owned())]);
        let looser = diff(control("@@none"), control("@@append"));
        assert_eq!((looser[0].0, looser[0].1), (K::ControlLoosened, Weakens));
    }

    #[test]
    fn replacing_instead_of_adding_is_told() {
        let regions = |operator: &str| json!({"regions": {operator: ["eu-west-1"]}});
        let found = diff(regions("@@append"), regions("@@assign"));
        let sentence = "“Regions” of plan “daily” now replaces what is inherited.";
        assert_eq!(found, [(K::OperatorChanged, Neutral, sentence.to_owned())]);
    }

    #[test]
    fn a_plan_that_only_takes_away_is_not_called_an_added_plan() {
        let before = Document::parse(r#"{"plans":{}}"#).unwrap();
        let after = document(json!({"regions": {"@@remove": ["eu-west-1"]}}));
        let found = diff_documents(&before, &after, NOW);
        assert_eq!(found.iter().map(|change| change.kind).collect::<Vec<_>>(), [K::RemovalChanged]);
    }
}

/// Policies built from few keys and values, so that two of them share much.
fn policy() -> impl Strategy<Value = Value> {
    tree(known_keys().boxed())
}

fn fragment() -> impl Strategy<Value = Value> {
    let operators = prop_oneof![
        Just("@@assign"),
        Just("@@append"),
        Just("@@remove"),
        Just("@@operators_allowed_for_child_policies"),
    ];
    tree(prop_oneof![known_keys(), operators].boxed())
}

fn known_keys() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        Just("plans"),
        Just("daily"),
        Just("rules"),
        Just("regions"),
        Just("lifecycle"),
        Just("delete_after_days"),
        Just("schedule_expression"),
        Just("selections"),
        Just("tags"),
        Just("resource_types"),
        Just("conditions"),
        Just("copy_actions"),
    ]
}

fn tree(keys: BoxedStrategy<&'static str>) -> impl Strategy<Value = Value> {
    let text =
        prop_oneof![Just("1"), Just("35"), Just("*"), Just("cron(0 5 ? * * *)"), Just("true"), Just("")];
    let leaf = prop_oneof![
        text.clone().prop_map(|text| json!(text)),
        proptest::collection::vec(text, 0..3).prop_map(|list| json!(list)),
    ];
    leaf.prop_recursive(7, 40, 4, move |inner| {
        proptest::collection::btree_map(keys.clone(), inner, 1..4).prop_map(|map| json!(map))
    })
}

proptest! {
    #[test]
    fn no_difference_goes_unreported(before in policy(), after in policy()) {
        let found = diff_effective(&before, &after, NOW);
        prop_assert_eq!(found.is_empty(), before == after, "{:?}", found);
    }

    #[test]
    fn a_difference_and_its_reverse_report_as_much(before in policy(), after in policy()) {
        let forth = diff_effective(&before, &after, NOW);
        let back = diff_effective(&after, &before, NOW);
        prop_assert_eq!(forth.len(), back.len());
    }

    #[test]
    fn what_documents_come_to_differs_only_where_the_documents_do(before in fragment(), after in fragment()) {
        let document = |json: Value| Document::parse(&json.to_string()).unwrap();
        let (before, after) = (document(before), document(after));
        let alone = |document: &Document| {
            let policies = vec![Attached { id: "p".into(), fragment: Fragment::of(document).into() }];
            merge(&[Level { target: "r".into(), policies }]).to_json()
        };
        if diff_documents(&before, &after, NOW).is_empty() {
            prop_assert_eq!(alone(&before), alone(&after));
        }
    }
}
