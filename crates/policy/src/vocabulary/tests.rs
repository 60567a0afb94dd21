use std::collections::BTreeSet;

use super::regions::REGIONS;
use super::*;

#[test]
fn every_key_of_the_language_is_found_by_its_path() {
    for (path, title) in [
        ("plans", "Backup plans"),
        ("plans/daily", "Plan"),
        ("plans/daily/rules/r/lifecycle/delete_after_days", "Delete after"),
        (
            "plans/daily/rules/r/copy_actions/arn:aws:backup:eu-west-1:$account:backup-vault:v/lifecycle",
            "Lifecycle of the copy",
        ),
        ("plans/daily/selections/resources/s/conditions/string_like/c/condition_value", "Value"),
        ("plans/daily/scan_settings/GUARDDUTY/scanner_role_arn", "Scanner role"),
    ] {
        assert_eq!(lookup(&Path::from(path)).map(|key| key.title), Some(title), "{path}");
    }
}

#[test]
fn what_is_no_key_is_not_found() {
    for path in [
        "rules",
        "plans/daily/owner",
        "plans/daily/regions/x",
        "plans/daily/selections/tags/s/resource_types",
    ] {
        assert_eq!(lookup(&Path::from(path)), None, "{path}");
    }
}

#[test]
fn every_row_has_a_title_a_help_sentence_and_one_place() {
    let rows = rows();
    let places: BTreeSet<_> = rows.iter().map(|(place, _)| place.as_str()).collect();
    assert_eq!(places.len(), rows.len());
    for (place, key) in &rows {
        assert!(!key.title.is_empty() && key.help.ends_with('.'), "{place}");
        assert_eq!(lookup(&Path::from(place.as_str())), Some(*key), "{place}");
    }
}

#[test]
fn integers_name_their_unit() {
    for (place, key) in rows() {
        let integer = matches!(key.kind, Kind::Scalar(Form::Integer { .. }));
        assert_eq!(integer, !key.unit.is_empty(), "{place}");
    }
}

#[test]
fn defaults_have_the_form_of_their_key() {
    for (place, key) in rows().into_iter().filter(|(_, key)| !matches!(key.default, "" | "never")) {
        let Kind::Scalar(form) = key.kind else { panic!("{place}") };
        assert_eq!(form.check(key.default, time::macros::datetime!(2026-11-20 0:00 UTC)), Ok(()), "{place}");
    }
}

#[test]
fn a_key_that_excuses_another_stands_beside_it() {
    for (place, key) in rows() {
        if let Some(other) = key.need.unless {
            let path = Path::from(place.as_str());
            assert!(lookup(&path.parent().unwrap().join(other)).is_some(), "{place}");
        }
    }
}

#[test]
fn regions_are_unique_and_sorted_within_their_partition() {
    for pair in REGIONS.windows(2).filter(|pair| pair[0].partition == pair[1].partition) {
        assert!(pair[0].code < pair[1].code);
    }
}
