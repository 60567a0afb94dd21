use model::access::Lineage;

use super::*;
use crate::directory::tests::{INNER, NOW, OU, ROOT, directory, snapshot};

/// The audit list, change sets and what changed elsewhere, for the same.
mod lists;
/// Each use case that reads the organization, for somebody who has a part of it.
mod use_cases;

const DEEP: &str = "444444444444";
const ALPHA: &str = "222222222222";
const ZETA: &str = "333333333333";
const MANAGEMENT: &str = "111111111111";

fn ids(ids: &[&str]) -> Vec<TargetId> {
    ids.iter().map(|id| id.parse().unwrap()).collect()
}

fn whole() -> Sight {
    Sight::new(Arc::new(directory()), &Scope::All)
}

fn part(places: &[&str]) -> Sight {
    Sight::new(Arc::new(directory()), &Scope::Below(ids(places)))
}

fn lineage(directory: &Directory, place: &Place) -> Lineage {
    let ancestors = directory.ancestors(place).iter().map(|above| above.node.id.clone()).collect();
    Lineage { id: place.node.id.clone(), ancestors }
}

#[test]
fn what_is_in_sight_and_counted_is_what_the_scope_covers_whatever_it_is() {
    let directory = Arc::new(directory());
    let all: Vec<TargetId> = directory.places.iter().map(|place| place.node.id.clone()).collect();
    for chosen in 0..1_usize << all.len() {
        let tops = all.iter().enumerate().filter(|(n, _)| chosen >> n & 1 == 1).map(|(_, id)| id.clone());
        let scope = Scope::Below(tops.rev().collect());
        let sight = Sight::new(directory.clone(), &scope);
        let covered: Vec<&Place> =
            directory.places.iter().filter(|place| scope.covers(&lineage(&directory, place))).collect();
        let seen: Vec<&TargetId> = sight.places().map(|place| &place.node.id).collect();
        assert_eq!(seen, covered.iter().map(|place| &place.node.id).collect::<Vec<_>>(), "{scope:?}");
        let count = |is: fn(&Place) -> bool| covered.iter().filter(|place| is(place)).count() as u64;
        assert_eq!(sight.counts(), (count(Place::is_account), count(Place::is_ou)), "{scope:?}");
        assert_eq!(sight.figures(), Figures::of(covered.iter().copied()), "{scope:?}");
        for place in &directory.places {
            let id = &place.node.id;
            let within = |other: &&&Place| lineage(&directory, other).ancestors.contains(id);
            let below = covered.iter().filter(within).count() as u64;
            let is_covered = covered.iter().any(|other| other.node.id == *id);
            assert_eq!(sight.place(id).is_some(), is_covered, "{id} in {scope:?}");
            assert_eq!(sight.shown(id).is_some(), is_covered || below > 0, "{id} in {scope:?}");
            let (accounts, ous) = sight.below(directory.position(id).unwrap(), place);
            assert_eq!(accounts + ous, below, "{id} in {scope:?}");
            let itself = u64::from(is_covered && place.is_account());
            assert_eq!(sight.accounts_at(id), accounts + itself, "{id} in {scope:?}");
        }
    }
}

#[test]
fn an_account_that_two_targets_reach_is_counted_once_and_only_in_scope() {
    let targets = ids(&[OU, INNER, DEEP]);
    let reached = |sight: &Sight, targets: &[&str]| sight.accounts_reached(&ids(targets));
    assert_eq!(whole().accounts_reached(&targets), 3);
    assert_eq!(reached(&whole(), &[INNER, DEEP]), 1);
    assert_eq!(reached(&whole(), &[ROOT, OU, DEEP]), 4);
    assert_eq!(reached(&part(&[INNER, ZETA]), &[ROOT, OU, DEEP]), 2);
    assert_eq!(reached(&part(&[INNER, ZETA]), &[ZETA, MANAGEMENT]), 1);
    assert_eq!(reached(&part(&[MANAGEMENT]), &[OU]), 0);
}

#[test]
fn accounts_that_share_a_policy_are_counted_in_scope_only() {
    let sharing = |sight: &Sight| sight.sharing(sight.place(&ALPHA.parse().unwrap()).unwrap());
    assert_eq!((sharing(&whole()), sharing(&part(&[OU])), sharing(&part(&[ALPHA]))), (2, 2, 1));
}

#[test]
fn jobs_asked_for_are_those_of_the_filter_and_of_the_scope() {
    let extent = |sight: &Sight, filter: &[&str]| match sight.extent(&ids(filter)) {
        Extent::All => vec!["all".to_owned()],
        Extent::Within(places) => places.iter().map(ToString::to_string).collect(),
    };
    assert_eq!(extent(&whole(), &[]), ["all"]);
    assert_eq!(extent(&whole(), &[OU, "ou-ab12-zzzzzzzz"]), [OU, "ou-ab12-zzzzzzzz"]);
    let part = part(&[INNER, ZETA, DEEP]);
    assert_eq!(extent(&part, &[]), [INNER, ZETA], "one lies within another");
    assert_eq!(extent(&part, &[OU]), [INNER, ZETA]);
    assert_eq!(extent(&part, &[DEEP]), [DEEP]);
    assert_eq!(extent(&part, &[ROOT, MANAGEMENT, "ou-ab12-zzzzzzzz"]), [INNER, ZETA]);
    assert!(extent(&part, &[ALPHA]).is_empty());
    assert!(extent(&super::tests::part(&[]), &[]).is_empty(), "no place is not every place");
}

#[test]
fn names_are_told_of_what_is_shown_only() {
    let sight = part(&[INNER]);
    assert_eq!(
        (sight.name(&OU.parse().unwrap()).as_str(), sight.name(&ALPHA.parse().unwrap()).as_str()),
        ("Production", ALPHA)
    );
    assert_eq!(sight.account_name(&DEEP.parse().unwrap()), "deep");
    assert_eq!(sight.account_name(&ALPHA.parse().unwrap()), "");
    assert_eq!(sight.reference(&MANAGEMENT.parse().unwrap()), None);
    let attached: Vec<_> = sight.attachments().iter().map(|(target, _)| target.name.clone()).collect();
    assert_eq!(attached, ["Root", "Production", "Inner", "deep"]);
}

#[test]
fn jobs_of_accounts_that_left_are_for_those_who_see_everything() {
    let [left, deep] = ["999999999999", DEEP].map(|id| id.parse::<AccountId>().unwrap());
    assert!(whole().covers_account(&left) && whole().covers_account(&deep));
    assert!(!part(&[ROOT]).covers_account(&left) && part(&[ROOT]).covers_account(&deep));
}

#[test]
fn an_empty_organization_shows_nothing() {
    let nothing = store::Snapshot { nodes: Vec::new(), attachments: Vec::new(), ..snapshot() };
    let directory = Arc::new(Directory::build(nothing, NOW).unwrap());
    for scope in [Scope::All, Scope::Below(ids(&[OU]))] {
        let sight = Sight::new(directory.clone(), &scope);
        assert_eq!((sight.root(), sight.counts(), sight.places().count()), (None, (0, 0), 0));
    }
}
