//! Who may ask for what: every use case that the code has, against the table beside this file.

#![recursion_limit = "256"]
#![expect(clippy::unwrap_used, reason = "a test fails where something is not as it must be")]

#[path = "house/house.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod house;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    future::Future,
    path::Path,
    pin::Pin,
};

use house::House;
use model::{
    Action, JobFilter, JobKind, Role,
    access::{Grant, Scope, TokenLimits, may},
    audit::{AuditDetail, AuditFilter},
    change::ChangeId,
    event::EventFilter,
    organization::{TargetQuery, TreeQuery},
    policies::{PolicyDraft, PolicyQuery},
    settings::{Setting, features, opt_in::RegionSwitch},
    sign_in::SecondFactorRule,
};
use portal::{Caller, Invitation, Portal, PortalError, RelyingParty, TokenWish, audit::ExportFormat};

/// Each use case with what its caller must be allowed. A new one is a new line; a line that goes needs a reason.
const TABLE: &str = include_str!("access.txt");

fn party() -> RelyingParty {
    RelyingParty::of(&["https://backup.example.com".to_owned()]).unwrap()
}

type Asked<'a> = Pin<Box<dyn Future<Output = Result<(), PortalError>> + Send + 'a>>;
type Ask = for<'a> fn(&'a Portal, &'a Caller) -> Asked<'a>;

macro_rules! asks {
    ($($name:ident($($argument:expr),*);)+) => {
        /// Every use case, asked for something that there is not: whoever may ask is told so, whoever may not is refused.
        const ASKS: &[(&str, Ask)] = &[$((stringify!($name), |portal, caller| {
            Box::pin(async move { portal.$name(caller $(, $argument)*).await.map(drop) })
        })),+];
    };
}

asks! {
    account();
    add_passkey(&party(), None, "none", "none");
    approve_device(-1);
    attach_policy(&"p-12345678".parse().unwrap(), &[]);
    attachment_export(1);
    audit(&AuditFilter::default());
    audit_proof();
    aws_effective_policy(&"999999999999".parse().unwrap());
    begin_codes();
    begin_passkey(&party());
    begin_passkey_confirmation(&party());
    change(ChangeId(1));
    change_name("");
    change_password("not it", "short");
    change_region_setting("nowhere-1", "EBS", RegionSwitch::OptIn, false);
    change_setting(Setting::AllFeatures, false, "", "");
    changes();
    confirm("not it", "");
    confirm_with_passkey(&party(), None, "none");
    create_policy(PolicyDraft::default());
    delete_person(-1);
    delete_policy(&"p-12345678".parse().unwrap());
    delete_policy_as_read(&"p-12345678".parse().unwrap(), "none");
    detach_policy(&"p-12345678".parse().unwrap(), &[]);
    device_request(-1);
    effective_policy(&"999999999999".parse().unwrap());
    enable_all_features(features::Step::Finalize, "h-none", "");
    end_other_sessions();
    end_own_session("none");
    end_sessions_of_person(-1);
    end_this_token();
    end_token(-1);
    end_token_of(-1, -1);
    events(&EventFilter::default());
    export_audit(AuditFilter::default(), ExportFormat::Csv);
    exported_attachments(1);
    find_device("none");
    finish_codes("none");
    give_rights(-1, Grant::WHOLE);
    invite_person(Invitation { email: "none".into(), name: String::new(), grant: Grant::WHOLE });
    job(JobKind::Backup, "none");
    jobs(&JobFilter::default());
    jump("nothing");
    list_policies(&PolicyQuery::default());
    make_recovery_codes();
    make_service_account("", Grant::WHOLE);
    make_service_token(-1, wish());
    make_token(wish());
    mappings();
    overview();
    own_means();
    permissions(false);
    policy(&"p-12345678".parse().unwrap());
    put_back_attachments(1);
    put_resource_policy("shown", "proposed");
    region_settings();
    refuse_device(-1);
    register_delegated_administrator("999999999999".parse().unwrap());
    remember_browser(None);
    remove_codes();
    remove_delegated_administrator("999999999999".parse().unwrap());
    remove_passkey(-1);
    rename_passkey(-1, "none");
    request_sync(true);
    set_person_disabled(-1, true);
    set_second_factor_rule(SecondFactorRule::Nobody);
    settings();
    signed_out("192.0.2.1");
    start_reset(-1);
    target(&"999999999999".parse().unwrap());
    targets(&TargetQuery { kind: None, after: None, size: 1 });
    team();
    tree(&TreeQuery::default());
    try_mapping("none", "none");
    turn_local_sign_in_off(-1);
    turn_local_sign_in_on();
    update_policy(&"p-12345678".parse().unwrap(), "", PolicyDraft::default());
}

fn wish() -> TokenWish {
    TokenWish { name: String::new(), limits: TokenLimits { actions: Vec::new(), scope: Scope::All }, days: 0 }
}

/// The names of all public functions of the portal that take a caller, as the source has them.
fn use_cases(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            use_cases(&path, found);
            continue;
        }
        let source = fs::read_to_string(&path).unwrap();
        for declared in source.split("pub async fn ").skip(1) {
            let (name, rest) = declared.split_once('(').unwrap();
            let (parameters, _) = rest.split_once(')').unwrap();
            if parameters.contains("&self") && parameters.contains("caller: &Caller") {
                found.insert(name.to_owned());
            }
        }
    }
}

/// Name → the action that it needs; `-` for what everybody may who is signed in.
fn table() -> BTreeMap<&'static str, Option<Action>> {
    let row = |line: &'static str| {
        let (name, action) = line.split_once(char::is_whitespace).unwrap();
        let action = action.trim();
        let named = |one: &Action| serde_json::to_value(one).unwrap() == action;
        let found = Action::ALL.into_iter().find(named);
        assert!(found.is_some() || action == "-", "{line}: there is no such action");
        (name, found)
    };
    TABLE.lines().map(row).collect()
}

#[test]
fn every_use_case_of_the_code_stands_in_the_table_and_is_asked_below() {
    let mut found = BTreeSet::new();
    use_cases(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    let listed: BTreeSet<String> = table().keys().map(ToString::to_string).collect();
    assert_eq!(found, listed, "crates/portal/tests/access.txt has a line for each use case, by name");
    let asked: BTreeSet<String> = ASKS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(asked, listed, "each is asked for in this test");
    let names: Vec<&str> = TABLE.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert!(names.is_sorted() && names.len() == listed.len(), "by name, each once");
}

#[tokio::test]
async fn every_use_case_refuses_each_role_that_the_table_does_not_allow_and_no_other() {
    let house = House::with_organization().await;
    let table = table();
    for role in Role::ALL {
        let caller = if role == Role::Administrator { house.admin.clone() } else { house.person(role).await };
        for (name, ask) in ASKS {
            let needs = table[name];
            let denied = match ask(&house.portal, &caller).await {
                Ok(()) => false,
                Err(error) => error.into_failure().status() == 403,
            };
            let allowed = needs.is_none_or(|action| may(role, action));
            assert_eq!(!denied, allowed, "{role:?}: {name} needs {needs:?}");
        }
        assert_eq!(
            refused(&house, role).await,
            may_not(role, &table),
            "{role:?}: all of it is in the audit list"
        );
    }
}

/// The actions that the audit list says a role was refused, by name.
async fn refused(house: &House, role: Role) -> BTreeSet<String> {
    let actor =
        if role == Role::Administrator { house::EMAIL.to_owned() } else { format!("{}@", role.as_str()) };
    let filter = AuditFilter { actor, action: "access_refused".into(), ..AuditFilter::default() };
    let entries = house.portal.audit(&house.admin, &filter).await.unwrap().rows;
    let action = |detail| match detail {
        AuditDetail::AccessRefused { action, .. } => format!("{action:?}"),
        other => panic!("{other:?}"),
    };
    entries.into_iter().map(|entry| action(entry.detail)).collect()
}

fn may_not(role: Role, table: &BTreeMap<&str, Option<Action>>) -> BTreeSet<String> {
    let needed = table.values().flatten().filter(|action| !may(role, **action));
    needed.map(|action| format!("{action:?}")).collect()
}
