//! The settings page, against the real database and the simulator over HTTP.

#![recursion_limit = "256"]
#![expect(clippy::unwrap_used, reason = "a test fails where something is not as it must be")]

#[path = "house/house.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod house;

use house::House;
use model::{
    AccountId, FailureCode, Role, TargetId, TargetKind,
    audit::{AuditAction, AuditDetail, AuditEntry, AuditFilter, AuditOutcome},
    change::{ChangeState, StepState},
    event::EventFilter,
    organization::AwsEffective,
    settings::{
        Setting, SettingState, Settings,
        delegation::{Granted, ResourcePolicy},
        export::{self, attachments_fingerprint},
        features::{FeaturesWay, Progress, Step},
        identity::{Identity, Standing},
        opt_in::{RegionState, RegionSwitch},
    },
};
use store::SyncPart;

async fn read(house: &House) -> Settings {
    house.portal.settings(&house.admin).await.unwrap()
}

fn state(settings: &Settings, setting: Setting) -> SettingState {
    settings.rows.iter().find(|r| r.setting == setting).unwrap().state.clone()
}

async fn audit(house: &House) -> Vec<AuditEntry> {
    house.portal.audit(&house.admin, &AuditFilter::default()).await.unwrap().rows
}

async fn turn_off_policy_type(house: &House) -> Settings {
    let before = read(house).await;
    let shown = attachments_fingerprint(&before.attachments);
    house.portal.change_setting(&house.admin, Setting::PolicyType, false, "Confirm", &shown).await.unwrap();
    before
}

async fn account(house: &House, name: &str) -> AccountId {
    let query = model::organization::TreeQuery { q: name.into(), ..Default::default() };
    let tree = house.portal.tree(&house.admin, &query).await.unwrap();
    tree.rows.into_iter().find(|r| r.name == name).unwrap().id.as_str().parse().unwrap()
}

#[tokio::test]
async fn every_switch_has_a_live_state_and_each_can_be_turned() {
    let house = House::with_organization().await;
    let before = read(&house).await;
    for row in &before.rows {
        assert!(matches!(row.state, SettingState::On { .. } | SettingState::Off), "{row:?}");
    }
    for setting in
        [Setting::CrossAccountBackup, Setting::DelegatedAdministration, Setting::MultiPartyApproval]
    {
        let was_on = matches!(state(&before, setting), SettingState::On { .. });
        house.portal.change_setting(&house.admin, setting, !was_on, "", "").await.unwrap();
        assert_ne!(state(&read(&house).await, setting), state(&before, setting));
    }
    assert!(audit(&house).await[..3].iter().all(|e| !e.request_ids.is_empty()));
    for (setting, turn) in [(Setting::AllFeatures, true), (Setting::ServiceLinkedRole, false)] {
        let refused = house.portal.change_setting(&house.admin, setting, turn, "", "").await;
        assert!(refused.unwrap_err().into_failure().field("setting").is_some());
    }
}

#[tokio::test]
async fn a_switch_that_cannot_be_read_says_which_action_is_missing_and_the_others_are_there() {
    let house = House::with_organization().await;
    house.fault("deny", "DescribeGlobalSettings").await;
    house.fault("deny", "DescribeResourcePolicy").await;
    let settings = read(&house).await;
    let SettingState::Unknown { reason } = state(&settings, Setting::MultiPartyApproval) else {
        panic!("{settings:?}")
    };
    assert!(reason.contains("backup:DescribeGlobalSettings"), "{reason}");
    assert!(matches!(state(&settings, Setting::TrustedAccess), SettingState::On { .. }));
    assert!(matches!(settings.delegation.policy, ResourcePolicy::Unknown { .. }));
    assert!(settings.delegation.registered().all(|a| a.granted == Granted::Unknown));
}

#[tokio::test]
async fn the_linked_role_is_created_where_it_is_missing_and_what_forbids_it_is_named() {
    let house = House::with_organization().await;
    let (portal, admin) = (&house.portal, &house.admin);
    house.take_all_features().await;
    assert_eq!(state(&read(&house).await, Setting::ServiceLinkedRole), SettingState::Off);
    let create = || portal.change_setting(admin, Setting::ServiceLinkedRole, true, "", "");
    let author = house.person(Role::PolicyAuthor).await;
    assert!(portal.change_setting(&author, Setting::ServiceLinkedRole, true, "", "").await.is_err());
    create().await.unwrap();
    let SettingState::On { since } = state(&read(&house).await, Setting::ServiceLinkedRole) else { panic!() };
    assert!(since.is_some());
    let entry = audit(&house).await.remove(0);
    assert_eq!(
        (entry.action, entry.subject.id.as_str()),
        (AuditAction::SettingTurnedOn, "service_linked_role")
    );
    assert!(!entry.request_ids.is_empty() && entry.outcome == AuditOutcome::Succeeded);
    create().await.unwrap();
    house.fault("deny", "CreateServiceLinkedRole").await;
    let denied = create().await.unwrap_err().into_failure();
    assert!(denied.explain().text.contains("iam:CreateServiceLinkedRole"), "{denied:?}");
    house.fault("deny", "GetRole").await;
    let SettingState::Unknown { reason } = state(&read(&house).await, Setting::ServiceLinkedRole) else {
        panic!()
    };
    assert!(reason.contains("iam:GetRole"), "{reason}");
}

#[tokio::test]
async fn all_features_are_requested_cancelled_requested_again_and_finalized_with_the_word() {
    let house = House::with_organization().await;
    let (portal, admin) = (&house.portal, &house.admin);
    assert_eq!(read(&house).await.features, None);
    house.take_all_features().await;
    house.read(SyncPart::Organization).await;
    let take = async |step, request: &str, word: &str| {
        portal.enable_all_features(admin, step, request, word).await.map_err(|e| e.into_failure())
    };
    let request = async || match read(&house).await.features {
        Some(FeaturesWay::Known { request }) => request,
        other => panic!("{other:?}"),
    };
    assert_eq!(request().await, None);
    take(Step::Begin, "", "").await.unwrap();
    let first = request().await.unwrap();
    assert!(first.expires_at > first.requested_at && first.progress == Progress::Waiting);
    assert!(first.count(Progress::Waiting) > 0 && first.accounts.iter().all(|a| !a.name.is_empty()));
    let twice = take(Step::Begin, "", "").await.unwrap_err();
    assert!(twice.explain().text.contains("is open already"), "{twice:?}");
    let early = take(Step::Finalize, &first.id, "confirm").await.unwrap_err();
    assert!(early.explain().text.contains("not yet"), "{early:?}");
    take(Step::Cancel, &first.id, "").await.unwrap();
    assert_eq!(request().await.unwrap().progress, Progress::Canceled);
    assert!(matches!(
        take(Step::Cancel, &first.id, "").await.unwrap_err().code,
        FailureCode::Conflict { .. }
    ));

    take(Step::Begin, "", "").await.unwrap();
    house.move_clock(60).await;
    let second = request().await.unwrap();
    assert_eq!((second.progress, second.id == first.id), (Progress::Ready, false));
    assert_eq!(second.count(Progress::Accepted), second.accounts.len() as u64);
    assert!(take(Step::Finalize, &second.id, "yes").await.unwrap_err().field("confirmation").is_some());
    let refused =
        portal.enable_all_features(&house.person(Role::PolicyAuthor).await, Step::Begin, "", "").await;
    assert!(matches!(refused.unwrap_err().into_failure().code, FailureCode::Denied { .. }));
    take(Step::Finalize, &second.id, " Confirm").await.unwrap();
    let after = read(&house).await;
    assert!(
        matches!(state(&after, Setting::AllFeatures), SettingState::On { .. }) && after.features.is_none()
    );
    let entry = audit(&house).await.remove(0);
    assert_eq!((entry.action, entry.outcome), (AuditAction::AllFeaturesFinalized, AuditOutcome::Succeeded));
    assert!(!entry.request_ids.is_empty() && entry.detail.words().contains(&second.id));
    // It was Holdfast's own doing, so nobody else's.
    house.read(SyncPart::Organization).await;
    let outside = portal.events(admin, &EventFilter::default()).await.unwrap().rows;
    assert!(
        !outside.iter().any(|e| e.subject == "all_features" && e.after.as_deref() == Some("on")),
        "{outside:?}"
    );
    portal.change_setting(admin, Setting::PolicyType, true, "", "").await.unwrap();
}

#[tokio::test]
async fn where_requests_for_all_features_cannot_be_read_the_missing_action_is_named() {
    let house = House::with_organization().await;
    house.take_all_features().await;
    house.fault("deny", "ListHandshakesForOrganization").await;
    let Some(FeaturesWay::Unknown { reason }) = read(&house).await.features else { panic!() };
    assert!(reason.contains("organizations:ListHandshakesForOrganization"), "{reason}");
}

#[tokio::test]
async fn the_page_says_as_whom_holdfast_speaks_and_what_follows() {
    let house = House::with_organization().await;
    let known = |settings: Settings| match settings.identity {
        Identity::Known { account, arn, standing, .. } => (account, arn, standing),
        unknown => panic!("{unknown:?}"),
    };
    let (management, arn, standing) = known(read(&house).await);
    assert_eq!(standing, Standing::Management);
    assert!(arn.contains(&management), "{arn}");
    let delegation = read(&house).await.delegation;
    let delegated = delegation.registered().next().unwrap().account.clone();
    let ResourcePolicy::Known { current, proposed } = delegation.policy else { panic!() };
    house.portal.put_resource_policy(&house.admin, &current, &proposed).await.unwrap();
    let ordinary = account(&house, "sandbox-01").await;
    for (speaker, is_registered) in [(delegated, Some(true)), (ordinary, None)] {
        let portal = house.portal_of(speaker.as_str()).await;
        let settings = portal.settings(&house.admin).await.unwrap();
        let why = settings.identity.cannot_turn(Setting::TrustedAccess).unwrap();
        assert!(why.contains(&management) && why.contains(speaker.as_str()), "{why}");
        let (account, _, standing) = known(settings);
        assert_eq!(account, speaker.as_str());
        let Standing::Member { registered, granted, .. } = standing else { panic!("{standing:?}") };
        assert_eq!(registered, is_registered);
        assert_eq!(granted == Granted::All, is_registered == Some(true), "{granted:?}");
    }
    house.fault("deny", "GetCallerIdentity").await;
    let settings = read(&house).await;
    let Identity::Unknown { reason } = &settings.identity else { panic!() };
    assert!(reason.contains("sts:GetCallerIdentity"), "{reason}");
    assert_eq!(settings.identity.cannot_administer(), None);
}

#[tokio::test]
async fn turning_the_policy_type_off_takes_the_word_and_the_list_that_was_shown() {
    let house = House::with_organization().await;
    let shown = attachments_fingerprint(&read(&house).await.attachments);
    let off = |word: &'static str, shown: String| {
        let house = &house;
        async move { house.portal.change_setting(&house.admin, Setting::PolicyType, false, word, &shown).await }
    };
    let unconfirmed = off("yes", shown.clone()).await.unwrap_err().into_failure();
    assert!(unconfirmed.field("confirmation").is_some());
    let unseen = off("confirm", String::new()).await.unwrap_err().into_failure();
    assert!(matches!(unseen.code, FailureCode::Conflict { .. }), "{unseen:?}");
    // Somebody attaches one past Holdfast: it was not shown, so it is not destroyed.
    let policy = house.aws.policies_page(None).await.unwrap().rows[0].id.clone();
    let target = TargetId::from(account(&house, "sandbox-01").await);
    house.aws.attach_policy(&policy, &target).await.unwrap();
    let more = off("confirm", shown).await.unwrap_err().into_failure();
    assert!(more.explain().text.contains(target.as_str()), "{more:?}");
    assert!(matches!(state(&read(&house).await, Setting::PolicyType), SettingState::On { .. }));
    assert!(read(&house).await.exports.is_empty());
}

#[tokio::test]
async fn every_page_knows_which_needed_settings_are_off_at_once_and_after_others_turned_them() {
    let house = House::with_organization().await;
    let off = async || house.portal.frame(Some(&house.admin)).await.unwrap().not_ready;
    house.read(SyncPart::Organization).await;
    assert_eq!(off().await, []);
    let shown = attachments_fingerprint(&read(&house).await.attachments);
    house.portal.change_setting(&house.admin, Setting::PolicyType, false, "confirm", &shown).await.unwrap();
    assert_eq!(off().await, [Setting::PolicyType]);
    let overview = house.portal.overview(&house.admin).await.unwrap();
    assert_eq!(overview.accounts_without_plan, overview.active_accounts);
    assert_eq!(
        overview.invalid_accounts,
        [],
        "nothing that does not apply is invalid, before AWS was asked again"
    );
    for account in house.aws.delegated_administrators().await.unwrap() {
        house.aws.deregister_delegated_administrator(&account.account).await.unwrap();
    }
    house.aws.disable_trusted_access().await.unwrap();
    house.aws.set_global_setting(aws::GlobalSetting::CrossAccountBackup, false).await.unwrap();
    house.read(SyncPart::Organization).await;
    assert_eq!(off().await, [Setting::TrustedAccess, Setting::PolicyType, Setting::CrossAccountBackup]);
    assert!(house.portal.frame(None).await.unwrap().not_ready.is_empty(), "nobody is told");
}

#[tokio::test]
async fn what_is_detached_is_exported_first_and_put_back_in_its_order() {
    let house = House::with_organization().await;
    let (portal, admin) = (&house.portal, &house.admin);
    let before = turn_off_policy_type(&house).await;
    let after = read(&house).await;
    assert_eq!(state(&after, Setting::PolicyType), SettingState::Off);
    assert!(after.attachments.is_empty() && !before.attachments.is_empty());
    assert_eq!(after.missing, before.attachments.len() as u64);
    let entry = audit(&house).await.remove(0);
    let id = after.exports[0].id;
    let attachments = before.attachments.len() as u64;
    assert_eq!(entry.detail, AuditDetail::Detached { attachments, export: Some(id) });
    let kept = portal.attachment_export(admin, id).await.unwrap();
    let pairs: Vec<_> = kept.attachments.into_iter().map(|a| (a.target, a.policy)).collect();
    assert_eq!(pairs, before.attachments);

    let early = portal.put_back_attachments(admin, id).await.unwrap_err().into_failure();
    assert!(early.explain().text.contains("Turn it on first"), "{early:?}");
    portal.change_setting(admin, Setting::PolicyType, true, "", "").await.unwrap();
    let begun = portal.put_back_attachments(admin, id).await.unwrap();
    assert_eq!((begun.state, begun.ended()), (ChangeState::Running, 0));
    let change = house.carry_out(begun).await;
    assert_eq!((change.state, change.steps.len()), (ChangeState::Done, before.attachments.len()));
    assert!(change.steps.iter().all(|s| s.state == StepState::Done && s.failure.is_none()), "{change:?}");
    let back = read(&house).await;
    assert_eq!((back.attachments.as_slice(), back.missing), (before.attachments.as_slice(), 0));
    let attached = audit(&house).await.into_iter().filter(|e| e.action == AuditAction::PolicyAttached);
    assert!(attached.take(5).all(|e| !e.request_ids.is_empty() && e.outcome == AuditOutcome::Succeeded));
    for (node, _) in before.attachments.iter().filter(|(n, _)| n.id.kind() == TargetKind::Account).take(3) {
        let aws = portal.aws_effective_policy(admin, &node.id.account().unwrap()).await.unwrap();
        assert!(!matches!(aws, AwsEffective::TypeDisabled), "{aws:?}");
    }
}

#[tokio::test]
async fn gone_policies_gone_targets_and_full_targets_are_told_and_the_rest_is_put_back() {
    let house = House::with_organization().await;
    let (portal, admin) = (&house.portal, &house.admin);
    let before = turn_off_policy_type(&house).await;
    portal.change_setting(admin, Setting::PolicyType, true, "", "").await.unwrap();
    let gone = before.attachments[0].1.clone();
    portal.delete_policy(admin, &gone.id).await.unwrap();
    let id = read(&house).await.exports[0].id;
    let view = portal.exported_attachments(admin, id).await.unwrap();
    let lost = before.attachments.iter().filter(|(_, p)| *p == gone).count();
    assert_eq!(view.count(export::Standing::PolicyGone), lost);
    let full = before.attachments.iter().find(|(_, p)| *p != gone).unwrap().0.clone();
    for n in 0..10 {
        let policy = house.aws.create_policy(&format!("Filler {n}"), "", "{\"plans\":{}}").await.unwrap();
        house.aws.attach_policy(&policy.value.id, &full.id).await.unwrap();
    }
    let change = house.carry_out(portal.put_back_attachments(admin, id).await.unwrap()).await;
    // What is gone is no step: the view says so already.
    let of_the_rest = before.attachments.iter().filter(|(_, p)| *p != gone);
    let of_the_rest: Vec<_> = of_the_rest.map(|(n, p)| (n.id.to_string(), p.id.to_string())).collect();
    let tried = change.steps.iter().map(|s| (s.target.clone().unwrap().id, s.subject.id.clone()));
    assert_eq!((change.state, tried.collect::<Vec<_>>()), (ChangeState::Stopped, of_the_rest));
    let at_full = |step: &model::change::Step| step.target.as_ref().unwrap().id == full.id.as_str();
    for step in &change.steps {
        let expected = if at_full(step) { StepState::Failed } else { StepState::Done };
        assert_eq!((step.state, step.failure.is_some()), (expected, at_full(step)), "{step:?}");
    }
    let quota = change.steps.iter().find(|step| at_full(step));
    let words = quota.unwrap().failure.clone().unwrap().explain().text;
    assert!(words.contains("already has 10 backup policies"), "{words}");
}

#[tokio::test]
async fn where_aws_cannot_be_read_nothing_is_turned_off_and_where_it_refuses_the_export_stays() {
    let house = House::with_organization().await;
    let (portal, admin) = (&house.portal, &house.admin);
    let shown = attachments_fingerprint(&read(&house).await.attachments);
    house.fault("deny", "DisablePolicyType").await;
    let refused = portal.change_setting(admin, Setting::PolicyType, false, "confirm", &shown).await;
    assert!(refused.unwrap_err().into_failure().explain().text.contains("organizations:DisablePolicyType"));
    let settings = read(&house).await;
    // As after a crash between the two: the export is there, and nothing of it is missing.
    assert_eq!((settings.exports.len(), settings.missing), (1, 0));
    house.fault("deny", "ListTargetsForPolicy").await;
    let refused = portal.change_setting(admin, Setting::PolicyType, false, "confirm", &shown).await;
    assert!(refused.unwrap_err().into_failure().explain().text.contains("could not be exported"));
    assert_eq!(read(&house).await.exports.len(), 1);
}

#[tokio::test]
async fn trusted_access_stays_while_delegated_administrators_exist_with_awss_reason() {
    let house = House::with_organization().await;
    let (portal, admin) = (&house.portal, &house.admin);
    let off = || portal.change_setting(admin, Setting::TrustedAccess, false, "confirm", "");
    let refused = off().await.unwrap_err().into_failure();
    assert!(matches!(refused.code, FailureCode::AwsRefused { .. }), "{refused:?}");
    assert!(refused.explain().text.contains("Delegated administrators"), "{refused:?}");
    for one in read(&house).await.delegation.registered() {
        portal.remove_delegated_administrator(admin, one.account.clone()).await.unwrap();
    }
    off().await.unwrap();
    let after = read(&house).await;
    assert_eq!(state(&after, Setting::TrustedAccess), SettingState::Off);
    assert_eq!(after.delegation.registered().count(), 0);
}

#[tokio::test]
async fn an_administrator_gets_both_halves_and_statements_of_others_stay() {
    let house = House::with_organization().await;
    let (portal, admin) = (&house.portal, &house.admin);
    let (new, other) = (account(&house, "backup-vaults").await, account(&house, "dev-01").await);
    let theirs = format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Sid":"Theirs","Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::{other}:root"}},"Action":"organizations:ListRoots","Resource":"*"}}}}"#
    );
    house.aws.put_resource_policy(&theirs).await.unwrap();
    portal.register_delegated_administrator(admin, new.clone()).await.unwrap();
    let delegation = read(&house).await.delegation;
    let half = delegation.administrators.iter().find(|a| a.account == new).unwrap();
    assert!(half.registered && half.granted == Granted::Nothing && half.name == "backup-vaults");
    let ResourcePolicy::Known { current, proposed } = delegation.policy else { panic!() };
    portal.put_resource_policy(admin, &current, &proposed).await.unwrap();
    let done = read(&house).await.delegation;
    assert!(done.registered().all(|a| a.granted == Granted::All) && !done.policy.is_due(), "{done:?}");
    let now = house.aws.resource_policy().await.unwrap().unwrap();
    assert!(now.contains("\"Theirs\"") && now.contains(new.as_str()));
    // Removed: our statements go with the last one, theirs stay.
    for one in done.registered() {
        portal.remove_delegated_administrator(admin, one.account.clone()).await.unwrap();
    }
    let left = read(&house).await.delegation;
    assert!(!left.administrators.is_empty() && left.administrators.iter().all(|a| !a.registered));
    let ResourcePolicy::Known { current, proposed } = left.policy else { panic!() };
    portal.put_resource_policy(admin, &current, &proposed).await.unwrap();
    let now = house.aws.resource_policy().await.unwrap().unwrap();
    assert!(now.contains("\"Theirs\"") && !now.contains(new.as_str()), "{now}");
    let entry = audit(&house).await.remove(0);
    assert_eq!((entry.action, !entry.request_ids.is_empty()), (AuditAction::ResourcePolicyPut, true));
}

#[tokio::test]
async fn the_resource_policy_goes_with_its_last_statement() {
    let house = House::with_organization().await;
    let (portal, admin) = (&house.portal, &house.admin);
    let put = async || {
        let ResourcePolicy::Known { current, proposed } = read(&house).await.delegation.policy else {
            panic!()
        };
        // As a browser posts it.
        let text = |text: String| text.replace('\n', "\r\n");
        portal.put_resource_policy(admin, &text(current), &text(proposed)).await.unwrap();
    };
    put().await;
    for one in read(&house).await.delegation.registered() {
        portal.remove_delegated_administrator(admin, one.account.clone()).await.unwrap();
    }
    put().await;
    assert_eq!(house.aws.resource_policy().await.unwrap(), None);
}

#[tokio::test]
async fn a_resource_policy_changed_by_somebody_else_is_shown_and_not_overwritten() {
    let house = House::with_organization().await;
    let ResourcePolicy::Known { current, proposed } = read(&house).await.delegation.policy else { panic!() };
    let theirs = proposed.replace("HoldfastReadOrganization", "Theirs");
    house.aws.put_resource_policy(&theirs).await.unwrap();
    let failure =
        house.portal.put_resource_policy(&house.admin, &current, &proposed).await.unwrap_err().into_failure();
    let FailureCode::Outdated { shown, current: now } = failure.code else { panic!("{failure:?}") };
    assert_eq!((shown, &now), (current, &theirs));
    assert_eq!(house.aws.resource_policy().await.unwrap(), Some(theirs));
    assert_eq!(audit(&house).await[0].outcome, AuditOutcome::Failed);
}

#[tokio::test]
async fn at_most_five_active_members_are_registered() {
    let house = House::with_organization().await;
    let (portal, admin) = (&house.portal, &house.admin);
    let register = async |id| portal.register_delegated_administrator(admin, id).await;
    for name in ["northwick-management", "former-01"] {
        let refused = register(account(&house, name).await).await.unwrap_err().into_failure();
        assert!(refused.field("account").is_some(), "{name}");
    }
    let nobodys = register("999999999999".parse().unwrap()).await.unwrap_err().into_failure();
    assert!(nobodys.field("account").is_some());
    let free = 5 - read(&house).await.delegation.registered().count();
    let names = ["log-archive", "backup-vaults", "incident-response", "network-01", "network-02"];
    for name in &names[..free] {
        register(account(&house, name).await).await.unwrap();
    }
    let sixth = register(account(&house, names[free]).await).await.unwrap_err().into_failure();
    assert!(sixth.explain().text.contains("five delegated administrators"), "{sixth:?}");
}

#[tokio::test]
async fn a_region_shows_its_types_and_one_is_turned_without_the_others() {
    let house = House::with_organization().await;
    let (portal, admin) = (&house.portal, &house.admin);
    let before = portal.region_settings(admin).await.unwrap();
    assert!(before.regions.iter().any(|r| r.policies > 0) && before.kinds().len() > 10);
    assert!(before.regions[0].of("DynamoDB").unwrap().full_management.is_some());
    portal.change_region_setting(admin, "eu-west-1", "S3", RegionSwitch::OptIn, false).await.unwrap();
    let full = RegionSwitch::FullManagement;
    portal.change_region_setting(admin, "eu-west-1", "DynamoDB", full, false).await.unwrap();
    let after = portal.region_settings(admin).await.unwrap();
    let mut expected = before.clone();
    let region = expected.regions.iter_mut().find(|r| r.region == "eu-west-1").unwrap();
    let RegionState::Known { types } = &mut region.state else { panic!() };
    for row in types {
        row.opted_in &= row.kind != "S3";
        row.full_management = row.full_management.map(|on| on && row.kind != "DynamoDB");
    }
    assert_eq!(after, expected);
    let entry = audit(&house).await.remove(0);
    assert_eq!(entry.subject.id, "full_management/eu-west-1/DynamoDB");
    assert!(!entry.request_ids.is_empty());
    for (region, kind) in [("evil.example", "S3"), ("eu-west-1", "S3/")] {
        let refused = portal.change_region_setting(admin, region, kind, RegionSwitch::OptIn, true).await;
        assert!(matches!(refused.unwrap_err().into_failure().code, FailureCode::Invalid { .. }));
    }
    house.fault("deny", "DescribeRegionSettings").await;
    let shared = portal.region_settings(&house.person(Role::Viewer).await).await.unwrap();
    assert_eq!(shared, after, "somebody else shares what was read a moment ago");
    let denied = portal.region_settings(admin).await.unwrap();
    assert!(denied.regions.iter().all(|r| matches!(&r.state, RegionState::Unknown { reason } if reason.contains("backup:DescribeRegionSettings"))));
}

#[tokio::test]
async fn what_is_changed_from_the_page_is_not_told_as_somebody_elses() {
    let house = House::with_organization().await;
    let (portal, admin) = (&house.portal, &house.admin);
    let first = read(&house).await.delegation.registered().next().unwrap().account.clone();
    let new = account(&house, "backup-vaults").await;
    portal.register_delegated_administrator(admin, new.clone()).await.unwrap();
    let ResourcePolicy::Known { current, proposed } = read(&house).await.delegation.policy else { panic!() };
    portal.put_resource_policy(admin, &current, &proposed).await.unwrap();
    portal.remove_delegated_administrator(admin, first).await.unwrap();
    portal.change_region_setting(admin, "eu-west-1", "S3", RegionSwitch::OptIn, false).await.unwrap();
    portal.change_setting(admin, Setting::CrossAccountBackup, false, "", "").await.unwrap();
    house.read(SyncPart::Organization).await;
    assert_eq!(portal.events(admin, &EventFilter::default()).await.unwrap().rows, []);
    // The same by somebody else is told.
    house.aws.deregister_delegated_administrator(&new).await.unwrap();
    house.read(SyncPart::Organization).await;
    assert_eq!(portal.events(admin, &EventFilter::default()).await.unwrap().rows.len(), 1);
}
