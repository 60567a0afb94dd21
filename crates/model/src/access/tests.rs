use super::*;

/// The table as people review it: a change of rights is a change of this file.
const TABLE: &str = include_str!("table.txt");

fn lineage(path: &[&str]) -> Lineage {
    let mut path: Vec<TargetId> = path.iter().map(|id| id.parse().unwrap()).collect();
    let id = path.pop().unwrap();
    Lineage { id, ancestors: path }
}

const ROOT: &str = "r-ab12";
const OU: &str = "ou-ab12-cdefgh34";
const BELOW: &str = "ou-ab12-below567";
const OTHER: &str = "ou-ab12-other567";
const ACCOUNT: &str = "123456789012";

#[test]
fn the_rights_of_every_role_are_those_of_the_table_in_the_repo() {
    let mut lines = vec![format!("{:<16}{}", "", Role::ALL.map(|r| format!("{:<15}", r.as_str())).concat())];
    for action in Action::ALL {
        let name = serde_json::to_value(action).unwrap();
        let cells = Role::ALL.map(|role| {
            let everywhere = Grant::everywhere(role).refuses(action, &Resource::Organization).is_none();
            let below = Grant { role, scope: Scope::Below(vec![OU.parse().unwrap()]) };
            let inside = Resource::Place(lineage(&[ROOT, OU, ACCOUNT]));
            assert_eq!(below.refuses(action, &inside).is_none(), everywhere, "{role:?} {action:?}");
            format!("{:<15}", if everywhere { "yes" } else { "-" })
        });
        lines.push(format!("{:<16}{}", name.as_str().unwrap(), cells.concat()));
    }
    let ours: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
    assert_eq!(
        TABLE.lines().collect::<Vec<_>>(),
        ours,
        "write this into crates/model/src/access/table.txt:\n{}",
        ours.join("\n")
    );
}

#[test]
fn each_role_may_everything_that_the_one_before_may() {
    for pair in Role::ALL.windows(2) {
        for action in Action::ALL {
            assert!(!may(pair[0], action) || may(pair[1], action), "{pair:?} {action:?}");
        }
    }
}

#[test]
fn a_scope_covers_its_places_and_what_is_below_them_and_nothing_else() {
    let scope = Scope::Below(vec![OU.parse().unwrap()]);
    assert!(scope.covers(&lineage(&[ROOT, OU])));
    assert!(scope.covers(&lineage(&[ROOT, OU, BELOW, ACCOUNT])));
    assert!(!scope.covers(&lineage(&[ROOT])), "what is above is not covered");
    assert!(!scope.covers(&lineage(&[ROOT, OTHER, ACCOUNT])));
    assert!(!Scope::Below(vec![]).covers(&lineage(&[ROOT, OU])), "no place is not every place");
    assert!(Scope::All.covers(&lineage(&[ROOT])));
}

#[test]
fn who_has_a_part_of_the_organization_changes_nothing_of_the_whole_nor_a_policy_that_reaches_further() {
    let grant = Grant { role: Role::Administrator, scope: Scope::Below(vec![OU.parse().unwrap()]) };
    let inside = lineage(&[ROOT, OU, ACCOUNT]);
    let outside = lineage(&[ROOT, OTHER, ACCOUNT]);
    for action in Action::ALL {
        assert_eq!(grant.refuses(action, &Resource::Organization), Some(Refusal::Scope { action }));
        assert_eq!(grant.refuses(action, &Resource::Place(outside.clone())), Some(Refusal::Scope { action }));
        assert_eq!(grant.refuses(action, &Resource::Place(inside.clone())), None);
        let both = Resource::Policy { attached: vec![inside.clone(), outside.clone()] };
        assert_eq!(grant.refuses(action, &both), Some(Refusal::Scope { action }));
        assert_eq!(grant.refuses(action, &Resource::Policy { attached: vec![inside.clone()] }), None);
    }
}

#[test]
fn a_refusal_names_the_role_that_is_needed() {
    let why = why_not(Role::Viewer, Action::DeletePolicy).unwrap();
    assert!(why.contains("viewer") && why.contains("administrator"), "{why}");
}
