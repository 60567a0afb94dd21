use time::macros::{date, datetime};

use super::*;

const NOW: OffsetDateTime = datetime!(2026-11-20 12:00 UTC);

fn list(region: &str, kind: JobKind, outcome: ListOutcome) -> JobListState {
    let read_at = (outcome == ListOutcome::Read).then_some(NOW);
    JobListState { outcome, read_at, known_until: read_at, ..JobListState::untried(region, kind) }
}

fn cover(of: &[(&str, [ListOutcome; 3])]) -> Cover {
    let lists = of.iter().flat_map(|(region, outcomes)| {
        JobKind::ALL.iter().zip(outcomes).map(|(kind, outcome)| list(region, *kind, *outcome))
    });
    Cover { lists: lists.collect(), now: NOW }
}

use ListOutcome::{Denied, Failed, NotAvailable, Read, Untried};

#[test]
fn what_was_never_read_is_named_whatever_the_reason_and_differs_from_none() {
    assert_eq!(cover(&[("eu-west-1", [Read; 3])]).words(), None);
    for (outcome, words) in [
        (Untried, "not read yet"),
        (NotAvailable, "never read (not available)"),
        (Denied, "never read (denied)"),
        (Failed, "never read (failed)"),
    ] {
        let cover =
            cover(&[("eu-central-1", [Read; 3]), ("eu-west-1", [outcome; 3]), ("us-east-1", [Read; 3])]);
        assert_eq!(cover.words(), Some(format!("2 of 3 Regions; eu-west-1 {words}")));
        assert!(!cover.is_whole());
    }
    assert_eq!(cover(&[]).words().as_deref(), Some("no Region read yet"));
}

#[test]
fn one_kind_that_is_missing_is_named_with_its_region() {
    let cover = cover(&[("eu-west-1", [Read, Denied, Read]), ("us-east-1", [Read; 3])]);
    let words = "1 of 2 Regions; copy jobs of eu-west-1 never read (denied)";
    assert_eq!(cover.words().as_deref(), Some(words));
    let backups = cover.clone().narrowed(|_, kind| kind == JobKind::Backup);
    assert_eq!(backups.words(), None, "figures about backups lack nothing");
}

#[test]
fn a_list_that_lags_or_is_of_one_account_is_no_whole_one() {
    let mut lags = cover(&[("eu-west-1", [Read; 3])]);
    for list in &mut lags.lists {
        list.read_at = Some(NOW - Duration::hours(3));
    }
    assert_eq!(lags.words().as_deref(), Some("1 Region, not whole; eu-west-1 last read 3 h ago"));
    let mut own = cover(&[("eu-west-1", [Denied; 3]), ("us-east-1", [Read; 3])]);
    for list in &mut own.lists[..3] {
        list.own_account_at = Some(NOW);
    }
    assert!(own.words().unwrap().contains("of one account alone, Holdfast's own"));
    let mut some = cover(&[("eu-west-1", [Read, Read, Failed])]);
    some.lists[2].accounts = Some(AccountsRead { read: 12, of: 250, oldest_at: Some(NOW) });
    assert!(some.words().unwrap().contains("restore jobs of eu-west-1 of 12 of 250 accounts"));
}

#[test]
fn a_list_that_failed_since_it_was_read_is_not_whole_from_then_on() {
    let mut cover = cover(&[("eu-west-1", [Read; 3])]);
    let today = NOW.date();
    for list in &mut cover.lists {
        (list.read_at, list.known_until) = (Some(NOW - Duration::MINUTE), Some(NOW - Duration::MINUTE));
    }
    assert!(cover.is_whole() && cover.knows_day(today), "the next attempt is not due");
    for (outcome, words) in [(NotAvailable, "not available"), (Denied, "denied"), (Failed, "failed")] {
        cover.lists[1].outcome = outcome;
        let words =
            format!("1 Region, not whole; copy jobs of eu-west-1 last read 1 min ago ({words} since)");
        assert_eq!((cover.is_whole(), cover.words()), (false, Some(words)));
        assert!(!cover.knows_day(today) && cover.knows_day(today.previous_day().unwrap()));
    }
    cover.lists[1].outcome = Read;
    assert_eq!(cover.words(), None, "until the next attempt succeeds");
}

#[test]
fn days_are_complete_once_every_list_is_known_beyond_them() {
    let mut cover = cover(&[("eu-west-1", [Read; 3])]);
    let (past, today) = (date!(2026 - 11 - 18), date!(2026 - 11 - 20));
    assert!(cover.knows_day(past) && cover.knows_day(today));
    cover.lists[1].known_until = Some(datetime!(2026-11-19 00:00 UTC));
    assert!(cover.knows_day(past) && !cover.knows_day(today.previous_day().unwrap()));
    cover.lists[1].known_until = None;
    assert!(!cover.knows_day(past));
}

#[test]
fn a_first_reading_is_never_called_complete_before_its_end() {
    let mut cover = cover(&[("eu-west-1", [Untried; 3])]);
    assert_eq!((cover.percent(), cover.is_on_its_way(), cover.has_any()), (0, true, false));
    for list in &mut cover.lists {
        list.known_until = Some(NOW - Duration::days(15));
    }
    assert_eq!((cover.percent(), cover.has_any(), cover.has_recent()), (50, true, false));
    for list in &mut cover.lists {
        list.known_until = Some(NOW);
    }
    assert_eq!(cover.percent(), 99);
}

#[test]
fn each_outcome_finds_itself_by_name() {
    for (outcome, name, _) in ListOutcome::TABLE {
        assert_eq!((ListOutcome::from_name(name), outcome.as_str()), (Some(outcome), name));
    }
}
