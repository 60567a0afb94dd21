use proptest::prelude::*;

use super::*;

fn read(query: &str) -> JobFilter {
    let (filter, problems) = JobFilter::from_query(query);
    assert!(problems.is_empty(), "{problems:?}");
    filter
}

#[test]
fn an_empty_query_asks_nothing() {
    assert_eq!(read(""), JobFilter::default());
    assert!(!read("kind=&state=").is_narrowed());
    assert_eq!(JobFilter::default().to_query(), "");
}

#[test]
fn values_may_be_repeated_or_separated_by_commas() {
    assert_eq!(read("state=failed&state=expired"), read("state=expired,failed"));
}

#[test]
fn unknown_names_are_ignored_so_that_old_links_live_on() {
    assert_eq!(read("utm_source=mail"), JobFilter::default());
}

#[test]
fn a_wrong_value_is_reported_and_the_rest_of_the_filter_holds() {
    let (filter, problems) =
        JobFilter::from_query("account=12&state=failed&from=yesterday&size=7&policy=maybe");
    assert_eq!(
        problems.iter().map(|p| p.field.as_str()).collect::<Vec<_>>(),
        ["account", "from", "size", "policy"]
    );
    assert_eq!(filter, read("state=failed"));
}

#[test]
fn a_token_taken_away_takes_the_page_with_it() {
    let filter = read("state=failed,expired&region=eu-west-1&cursor=abc&size=100");
    assert_eq!(filter.without("state", "failed"), read("state=expired&region=eu-west-1&size=100"));
}

#[test]
fn an_account_is_not_accepted_where_an_ou_is_asked_for() {
    assert!(JobFilter::default().with("ou", "123456789012").is_err());
    assert!(JobFilter::default().with("ou", "r-ab12").is_ok());
}

#[test]
fn times_are_relative_or_absolute() {
    assert_eq!(Instant::parse("7d"), Some(Instant::HoursAgo(168)));
    assert_eq!(Instant::parse("2026-11-20"), Some(Instant::At(1_795_132_800)));
    assert_eq!(Instant::parse("2026-11-20T02:00"), Some(Instant::At(1_795_140_000)));
    assert_eq!(Instant::parse("99999999999d"), None);
    assert_eq!(Instant::parse("d"), None);
}

#[test]
fn too_many_alternatives_are_refused_not_cut() {
    let ids: Vec<String> = (0..ALTERNATIVES + 1).map(|n| format!("id={n:08}")).collect();
    let (_, problems) = JobFilter::from_query(&ids.join("&"));
    assert_eq!(problems.len(), 1);
}

proptest! {
    #[test]
    fn printing_and_reading_a_filter_gives_it_back(
        kinds in proptest::collection::btree_set(proptest::sample::select(JobKind::ALL.to_vec()), 0..3),
        states in proptest::collection::btree_set(proptest::sample::select(JobState::TABLE.map(|t| t.0).to_vec()), 0..4),
        accounts in proptest::collection::btree_set("[0-9]{12}", 0..3),
        regions in proptest::collection::btree_set("[a-z]{2}-[a-z]{4}-[1-3]", 0..3),
        vaults in proptest::collection::btree_set("[A-Za-z0-9_-]{2,20}", 0..3),
        causes in proptest::collection::btree_set("[A-Za-z_]{2,20}", 0..3),
        policy_made in proptest::option::of(any::<bool>()),
        hours in proptest::option::of(0u32..100_000),
        until in proptest::option::of(0i64..4_000_000_000),
        text in "\\PC{0,30}".prop_filter("what a person can type", |text| crate::text::SEARCH.takes(text)),
    ) {
        let filter = JobFilter {
            kinds, states, regions, vaults, causes, policy_made, text,
            accounts: accounts.iter().map(|a| a.parse().unwrap()).collect(),
            from: hours.map(Instant::HoursAgo),
            until: until.map(Instant::At),
            ..JobFilter::default()
        };
        let (back, problems) = JobFilter::from_query(&filter.to_query());
        prop_assert!(problems.is_empty());
        prop_assert_eq!(back, filter);
    }

    #[test]
    fn no_query_panics(query in "\\PC{0,200}") {
        let (filter, _) = JobFilter::from_query(&query);
        let _ = filter.to_query();
    }
}
