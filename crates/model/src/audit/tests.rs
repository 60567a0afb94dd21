use time::macros::datetime;

use super::*;

const NOW: OffsetDateTime = datetime!(2026-11-20 08:00 UTC);

fn period(from: &str, until: &str) -> Result<Period, Vec<String>> {
    let filter = AuditFilter { from: from.into(), until: until.into(), ..AuditFilter::default() };
    filter.period(NOW).map_err(|problems| problems.into_iter().map(|p| p.field).collect())
}

#[test]
fn a_period_is_read_from_dates_times_and_ages() {
    assert_eq!(period("", ""), Ok(Period::default()));
    let from = Some(datetime!(2026-11-13 08:00 UTC));
    assert_eq!(period("7d", ""), Ok(Period { from, until: None }));
    let until = Some(datetime!(2026-11-19 00:00 UTC));
    assert_eq!(period(" 7d ", "2026-11-19"), Ok(Period { from, until }));
    // As the field of a browser writes it.
    let from = Some(datetime!(2026-11-18 06:30 UTC));
    assert_eq!(period("2026-11-18T06:30", ""), Ok(Period { from, until: None }));
}

#[test]
fn what_is_no_time_is_told_at_its_field_and_so_is_an_end_before_the_beginning() {
    assert_eq!(period("yesterday", "soon"), Err(vec!["from".to_owned(), "until".to_owned()]));
    assert_eq!(period("2026-11-19", "2026-11-18"), Err(vec!["until".to_owned()]));
    assert_eq!(period("2026-11-19", "2026-11-19"), Err(vec!["until".to_owned()]));
    assert_eq!(period("2026-02-30", ""), Err(vec!["from".to_owned()]));
}

#[test]
fn every_action_has_one_name_and_words() {
    for (action, name, words) in AuditAction::TABLE {
        assert_eq!((AuditAction::from_name(name), action.as_str()), (Some(action), name));
        assert_eq!(serde_json::to_value(action).unwrap(), name);
        assert!(!words.is_empty() && name.len() <= 32, "{name}: syslog takes 32 letters");
    }
}
