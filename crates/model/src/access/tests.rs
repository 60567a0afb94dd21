use super::*;

/// The table as people review it: a change of rights is a change of this file.
const TABLE: &str = include_str!("table.txt");

fn lineage(path: &[&str]) -> Lineage {
    let mut path: Vec<TargetId> = path.iter().map(|id| id.parse().unwrap()).collect();
    let id = path.pop().unwrap();
    Lineage { id, ancestors: path }
}

fn below(role: Role, place: &str) -> Rights {
    Rights(vec![Grant { role, scope: Scope::Below(vec![place.parse().unwrap()]) }])
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
        assert_eq!(serde_json::to_value(action).unwrap(), action.as_str());
        let cells = Role::ALL.map(|role| {
            let everywhere = Rights::everywhere(role).refuses(action, &Resource::Organization).is_none();
            let below = below(role, OU);
            let inside = Resource::Place(lineage(&[ROOT, OU, ACCOUNT]));
            assert_eq!(below.refuses(action, &inside).is_none(), everywhere, "{role:?} {action:?}");
            format!("{:<15}", if everywhere { "yes" } else { "-" })
        });
        let dangerous = if action.is_dangerous() { "confirmed" } else { "" };
        let token = if action.is_for_tokens() { "token" } else { "" };
        lines.push(format!("{:<16}{}{dangerous:<11}{token}", action.as_str(), cells.concat()));
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
fn a_token_is_good_for_what_it_was_made_for_and_there_only() {
    let inside = Resource::Place(lineage(&[ROOT, OU, ACCOUNT]));
    let limits = TokenLimits { actions: vec![Action::Read], scope: Scope::Below(vec![OU.parse().unwrap()]) };
    assert_eq!(limits.refuses(Action::Read, &inside), None);
    assert_eq!(limits.refuses(Action::Read, &Resource::Visible), None);
    for outside in [Resource::Organization, Resource::Place(lineage(&[ROOT, OTHER, ACCOUNT]))] {
        assert_eq!(limits.refuses(Action::Read, &outside), Some(Refusal::Scope { action: Action::Read }));
    }
    for action in Action::ALL.into_iter().filter(|action| *action != Action::Read) {
        assert_eq!(limits.refuses(action, &inside), Some(Refusal::Token { action }), "{action:?}");
        assert_eq!(Action::from_name(action.as_str()), Some(action));
    }
}

#[test]
fn a_role_may_everything_that_a_lesser_one_may_and_an_approver_writes_nothing() {
    let ladder = [Role::Viewer, Role::Auditor, Role::Operator, Role::PolicyAuthor, Role::Administrator];
    let approvers = [Role::Viewer, Role::Auditor, Role::Approver, Role::Administrator];
    for pair in ladder.windows(2).chain(approvers.windows(2)) {
        for action in Action::ALL {
            assert!(!may(pair[0], action) || may(pair[1], action), "{pair:?} {action:?}");
        }
    }
    for action in [Action::WritePolicy, Action::AttachPolicy, Action::DeletePolicy, Action::ChangeSettings] {
        assert!(!may(Role::Approver, action), "{action:?}");
    }
    assert!(!may(Role::PolicyAuthor, Action::Approve));
}

#[test]
fn grants_count_side_by_side() {
    let [Grant { .. }] = below(Role::PolicyAuthor, OU).0.as_slice() else { panic!("one grant") };
    let both = Rights([below(Role::PolicyAuthor, OU).0, Rights::everywhere(Role::Viewer).0].concat());
    let (inside, outside) = (lineage(&[ROOT, OU, ACCOUNT]), lineage(&[ROOT, OTHER]));
    assert_eq!(both.scope(Action::Read), Some(Scope::All));
    assert_eq!(both.refuses(Action::AttachPolicy, &Resource::Place(inside.clone())), None);
    let beyond = both.refuses(Action::AttachPolicy, &Resource::Place(outside.clone()));
    assert_eq!(beyond, Some(Refusal::Scope { action: Action::AttachPolicy }));
    assert_eq!(both.role(), Some(Role::PolicyAuthor));
    // A policy that reaches into two places is written by who was given both, one by one.
    let two = Rights([below(Role::PolicyAuthor, OU).0, below(Role::PolicyAuthor, OTHER).0].concat());
    let reaching = Resource::Policy { attached: vec![inside, outside] };
    assert_eq!(two.refuses(Action::WritePolicy, &reaching), None);
    assert_eq!(
        both.refuses(Action::WritePolicy, &reaching),
        Some(Refusal::Scope { action: Action::WritePolicy })
    );
}

#[test]
fn who_was_given_nothing_may_nothing_and_is_told_so() {
    let nothing = Rights::default();
    for action in Action::ALL {
        assert_eq!(nothing.refuses(action, &Resource::Visible), Some(Refusal::Role { role: None, action }));
    }
    assert!(nothing.why_not(Action::Read, &Resource::Visible).unwrap().contains("no role"));
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
    let grant = below(Role::Administrator, OU);
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
    let why = Rights::everywhere(Role::Viewer).why_not(Action::DeletePolicy, &Resource::Visible).unwrap();
    assert!(why.contains("viewer") && why.contains("administrator"), "{why}");
}
