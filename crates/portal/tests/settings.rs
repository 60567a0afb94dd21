//! The settings page, against the real database and the simulator over HTTP.

#![recursion_limit = "256"]
#![expect(clippy::unwrap_used, reason = "a test fails where something is not as it must be")]

#[path = "house/house.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod house;

use house::House;
use model::{
    FailureCode, Role,
    audit::{AuditAction, AuditEntry, AuditFilter, AuditOutcome},
    event::EventFilter,
    organization::AwsEffective,
    settings::{
        Setting, SettingState, Settings,
        delegation::{Granted, ResourcePolicy},
        export::{self, attachments_fingerprint},
        features::{FeaturesWay, Progress},
        identity::{Identity, Standing},
        opt_in::RegionState,
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
    house.portal.change_setting(&house.admin, "policy_type", "off", "Confirm", &shown).await.unwrap();
    before
}

async fn account(house: &House, name: &str) -> String {
    let query = model::organization::TreeQuery { q: name.into(), ..Default::default() };
    let tree = house.portal.tree(&house.admin, &query).await.unwrap();
    tree.rows.into_iter().find(|r| r.name == name).unwrap().id.to_string()
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
        let turn = if was_on { "off" } else { "on" };
        house.portal.change_setting(&house.admin, setting.text().name, turn, "", "").await.unwrap();
        assert_ne!(state(&read(&house).await, setting), state(&before, setting));
    }
    assert!(audit(&house).await[..3].iter().all(|e| e.aws_request_id.is_some()));
    for (setting, turn) in [("all_features", "on"), ("service_linked_role", "off"), ("lunch", "on")] {
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
    let create = || portal.change_setting(admin, "service_linked_role", "on", "", "");
    let author = house.person(Role::PolicyAuthor).await;
    assert!(portal.change_setting(&author, "service_linked_role", "on", "", "").await.is_err());
    create().await.unwrap();
    let SettingState::On { since } = state(&read(&house).await, Setting::ServiceLinkedRole) else { panic!() };
    assert!(since.is_some());
    let entry = audit(&house).await.remove(0);
    assert_eq!((entry.action, entry.target.as_str()), (AuditAction::SettingTurnedOn, "service_linked_role"));
    assert!(entry.aws_request_id.is_some() && entry.outcome == AuditOutcome::Succeeded);
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
    let take = async |step: &str, request: &str, word: &str| {
        portal.enable_all_features(admin, step, request, word).await.map_err(|e| e.into_failure())
    };
    let request = async || match read(&house).await.features {
        Some(FeaturesWay::Known { request }) => request,
        other => panic!("{other:?}"),
    };
    assert_eq!(request().await, None);
    take("begin", "", "").await.unwrap();
    let first = request().await.unwrap();
    assert!(first.expires_at > first.requested_at && first.progress == Progress::Waiting);
    assert!(first.count(Progress::Waiting) > 0 && first.accounts.iter().all(|a| !a.name.is_empty()));
    let twice = take("begin", "", "").await.unwrap_err();
    assert!(twice.explain().text.contains("is open already"), "{twice:?}");
    let early = take("finalize", &first.id, "confirm").await.unwrap_err();
    assert!(early.explain().text.contains("not yet"), "{early:?}");
    take("cancel", &first.id, "").await.unwrap();
    assert_eq!(request().await.unwrap().progress, Progress::Canceled);
    assert!(matches!(take("cancel", &first.id, "").await.unwrap_err().code, FailureCode::Conflict { .. }));

    take("begin", "", "").await.unwrap();
    house.move_clock(60).await;
    let second = request().await.unwrap();
    assert_eq!((second.progress, second.id == first.id), (Progress::Ready, false));
    assert_eq!(second.count(Progress::Accepted), second.accounts.len() as u64);
    assert!(take("finalize", &second.id, "yes").await.unwrap_err().field("confirmation").is_some());
    let refused = portal.enable_all_features(&house.person(Role::PolicyAuthor).await, "begin", "", "").await;
    assert!(matches!(refused.unwrap_err().into_failure().code, FailureCode::Denied { .. }));
    take("finalize", &second.id, " Confirm").await.unwrap();
    let after = read(&house).await;
    assert!(
        matches!(state(&after, Setting::AllFeatures), SettingState::On { .. }) && after.features.is_none()
    );
    let entry = audit(&house).await.remove(0);
    assert_eq!((entry.action, entry.outcome), (AuditAction::AllFeaturesFinalized, AuditOutcome::Succeeded));
    assert!(entry.aws_request_id.is_some() && entry.detail.contains(&second.id));
    // It was Holdfast's own doing, so nobody else's.
    house.read(SyncPart::Organization).await;
    let outside = portal.events(admin, &EventFilter::default()).await.unwrap().rows;
    assert!(
        !outside.iter().any(|e| e.subject == "all_features" && e.after.as_deref() == Some("on")),
        "{outside:?}"
    );
    portal.change_setting(admin, "policy_type", "on", "", "").await.unwrap();
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
    let delegated = delegation.registered().next().unwrap().account.to_string();
    let ResourcePolicy::Known { current, proposed } = delegation.policy else { panic!() };
    house.portal.put_resource_policy(&house.admin, &current, &proposed).await.unwrap();
    let ordinary = account(&house, "sandbox-01").await;
    for (speaker, is_registered) in [(delegated, Some(true)), (ordinary, None)] {
        let portal = house.portal_of(&speaker).await;
        let settings = portal.settings(&house.admin).await.unwrap();
        let why = settings.identity.cannot_turn(Setting::TrustedAccess).unwrap();
        assert!(why.contains(&management) && why.contains(&speaker), "{why}");
        let (account, _, standing) = known(settings);
        assert_eq!(account, speaker);
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
        async move { house.portal.change_setting(&house.admin, "policy_type", "off", word, &shown).await }
    };
    let unconfirmed = off("yes", shown.clone()).await.unwrap_err().into_failure();
    assert!(unconfirmed.field("confirmation").is_some());
    let unseen = off("confirm", String::new()).await.unwrap_err().into_failure();
    assert!(matches!(unseen.code, FailureCode::Conflict { .. }), "{unseen:?}");
    // Somebody attaches one past Holdfast: it was not shown, so it is not destroyed.
    let policy = house.aws.policies_page(None).await.unwrap().rows[0].id.clone();
    let target = account(&house, "sandbox-01").await.parse().unwrap();
    house.aws.attach_policy(&policy, &target).await.unwrap();
    let more = off("confirm", shown).await.unwrap_err().into_failure();
    assert!(more.explain().text.contains(target.as_str()), "{more:?}");
    assert!(matches!(state(&read(&house).await, Setting::PolicyType), SettingState::On { .. }));
    assert!(read(&house).await.exports.is_empty());
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
    let first = &before.attachments[0];
    assert!(entry.detail.contains(&format!("{} at {}", first.1.id, first.0.id)), "{}", entry.detail);
    let id = after.exports[0].id;
    let kept = portal.attachment_export(admin, id).await.unwrap();
    let pairs: Vec<_> = kept.attachments.into_iter().map(|a| (a.target, a.policy)).collect();
    assert_eq!(pairs, before.attachments);

    let early = portal.put_back_attachments(admin, id, 0, 5).await.unwrap_err().into_failure();
    assert!(early.explain().text.contains("Turn it on first"), "{early:?}");
    portal.change_setting(admin, "policy_type", "on", "", "").await.unwrap();
    let (mut from, mut results) = (Some(0), Vec::new());
    while let Some(at) = from {
        let step = portal.put_back_attachments(admin, id, at, 5).await.unwrap();
        results.extend(step.results);
        from = step.next;
    }
    assert_eq!(results.len(), before.attachments.len());
    assert!(results.iter().all(|r| r.failure.is_none()), "{results:?}");
    let back = read(&house).await;
    assert_eq!((back.attachments.as_slice(), back.missing), (before.attachments.as_slice(), 0));
    let attached = audit(&house).await.into_iter().filter(|e| e.action == AuditAction::PolicyAttached);
    assert!(attached.take(5).all(|e| e.aws_request_id.is_some() && e.outcome == AuditOutcome::Succeeded));
    for (node, _) in before.attachments.iter().filter(|(n, _)| n.id.as_str().len() == 12).take(3) {
        let aws = portal.aws_effective_policy(admin, node.id.as_str()).await.unwrap();
        assert!(!matches!(aws, AwsEffective::TypeDisabled), "{aws:?}");
    }
}

#[tokio::test]
async fn gone_policies_gone_targets_and_full_targets_are_told_and_the_rest_is_put_back() {
    let house = House::with_organization().await;
    let (portal, admin) = (&house.portal, &house.admin);
    let before = turn_off_policy_type(&house).await;
    portal.change_setting(admin, "policy_type", "on", "", "").await.unwrap();
    let gone = before.attachments[0].1.clone();
    portal.delete_policy(admin, gone.id.as_str()).await.unwrap();
    let id = read(&house).await.exports[0].id;
    let view = portal.exported_attachments(admin, id).await.unwrap();
    let lost = before.attachments.iter().filter(|(_, p)| *p == gone).count();
    assert_eq!(view.count(export::Standing::PolicyGone), lost);
    let full = before.attachments.iter().find(|(_, p)| *p != gone).unwrap().0.clone();
    for n in 0..10 {
        let policy = house.aws.create_policy(&format!("Filler {n}"), "", "{\"plans\":{}}").await.unwrap();
        house.aws.attach_policy(&policy.value.id, &full.id).await.unwrap();
    }
    let step = portal.put_back_attachments(admin, id, 0, 100).await.unwrap();
    for result in &step.results {
        let refused = result.attachment.policy == gone || result.attachment.target == full;
        assert_eq!(result.failure.is_some(), refused, "{result:?}");
    }
    let quota = step.results.iter().find(|r| r.attachment.target == full && r.attachment.policy != gone);
    let words = quota.unwrap().failure.clone().unwrap().explain().text;
    assert!(words.contains("already has 10 backup policies"), "{words}");
}

#[tokio::test]
async fn where_aws_cannot_be_read_nothing_is_turned_off_and_where_it_refuses_the_export_stays() {
    let house = House::with_organization().await;
    let (portal, admin) = (&house.portal, &house.admin);
    let shown = attachments_fingerprint(&read(&house).await.attachments);
    house.fault("deny", "DisablePolicyType").await;
    let refused = portal.change_setting(admin, "policy_type", "off", "confirm", &shown).await;
    assert!(refused.unwrap_err().into_failure().explain().text.contains("organizations:DisablePolicyType"));
    let settings = read(&house).await;
    // As after a crash between the two: the export is there, and nothing of it is missing.
    assert_eq!((settings.exports.len(), settings.missing), (1, 0));
    house.fault("deny", "ListTargetsForPolicy").await;
    let refused = portal.change_setting(admin, "policy_type", "off", "confirm", &shown).await;
    assert!(refused.unwrap_err().into_failure().explain().text.contains("could not be exported"));
    assert_eq!(read(&house).await.exports.len(), 1);
}

#[tokio::test]
async fn trusted_access_stays_while_delegated_administrators_exist_with_awss_reason() {
    let house = House::with_organization().await;
    let (portal, admin) = (&house.portal, &house.admin);
    let off = || portal.change_setting(admin, "trusted_access", "off", "confirm", "");
    let refused = off().await.unwrap_err().into_failure();
    assert!(matches!(refused.code, FailureCode::AwsRefused { .. }), "{refused:?}");
    assert!(refused.explain().text.contains("Delegated administrators"), "{refused:?}");
    for one in read(&house).await.delegation.registered() {
        portal.remove_delegated_administrator(admin, one.account.as_str()).await.unwrap();
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
    portal.register_delegated_administrator(admin, &format!(" {new} ")).await.unwrap();
    let delegation = read(&house).await.delegation;
    let half = delegation.administrators.iter().find(|a| a.account.as_str() == new).unwrap();
    assert!(half.registered && half.granted == Granted::Nothing && half.name == "backup-vaults");
    let ResourcePolicy::Known { current, proposed } = delegation.policy else { panic!() };
    portal.put_resource_policy(admin, &current, &proposed).await.unwrap();
    let done = read(&house).await.delegation;
    assert!(done.registered().all(|a| a.granted == Granted::All) && !done.policy.is_due(), "{done:?}");
    let now = house.aws.resource_policy().await.unwrap().unwrap();
    assert!(now.contains("\"Theirs\"") && now.contains(&new));
    // Removed: our statements go with the last one, theirs stay.
    for one in done.registered() {
        portal.remove_delegated_administrator(admin, one.account.as_str()).await.unwrap();
    }
    let left = read(&house).await.delegation;
    assert!(!left.administrators.is_empty() && left.administrators.iter().all(|a| !a.registered));
    let ResourcePolicy::Known { current, proposed } = left.policy else { panic!() };
    portal.put_resource_policy(admin, &current, &proposed).await.unwrap();
    let now = house.aws.resource_policy().await.unwrap().unwrap();
    assert!(now.contains("\"Theirs\"") && !now.contains(&new), "{now}");
    let entry = audit(&house).await.remove(0);
    assert_eq!((entry.action, entry.aws_request_id.is_some()), (AuditAction::ResourcePolicyPut, true));
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
        portal.remove_delegated_administrator(admin, one.account.as_str()).await.unwrap();
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
    let register = async |id: String| portal.register_delegated_administrator(admin, &id).await;
    for name in ["northwick-management", "former-01"] {
        let refused = register(account(&house, name).await).await.unwrap_err().into_failure();
        assert!(refused.field("account").is_some(), "{name}");
    }
    for text in ["", "12", "999999999999"] {
        assert!(register(text.into()).await.unwrap_err().into_failure().field("account").is_some());
    }
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
    portal.change_region_setting(admin, "eu-west-1", "S3", "opt_in", "off").await.unwrap();
    portal.change_region_setting(admin, "eu-west-1", "DynamoDB", "full_management", "off").await.unwrap();
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
    assert_eq!(entry.target, "full_management/eu-west-1/DynamoDB");
    assert!(entry.aws_request_id.is_some());
    for (region, kind, switch) in
        [("evil.example", "S3", "opt_in"), ("eu-west-1", "S3/", "opt_in"), ("eu-west-1", "S3", "x")]
    {
        let refused = portal.change_region_setting(admin, region, kind, switch, "on").await;
        assert!(matches!(refused.unwrap_err().into_failure().code, FailureCode::Invalid { .. }));
    }
    house.fault("deny", "DescribeRegionSettings").await;
    let denied = portal.region_settings(&house.person(Role::Viewer).await).await.unwrap();
    assert!(denied.regions.iter().all(|r| matches!(&r.state, RegionState::Unknown { reason } if reason.contains("backup:DescribeRegionSettings"))));
}

#[tokio::test]
async fn what_is_changed_from_the_page_is_not_told_as_somebody_elses() {
    let house = House::with_organization().await;
    let (portal, admin) = (&house.portal, &house.admin);
    let first = read(&house).await.delegation.registered().next().unwrap().account.to_string();
    let new = account(&house, "backup-vaults").await;
    portal.register_delegated_administrator(admin, &new).await.unwrap();
    let ResourcePolicy::Known { current, proposed } = read(&house).await.delegation.policy else { panic!() };
    portal.put_resource_policy(admin, &current, &proposed).await.unwrap();
    portal.remove_delegated_administrator(admin, &first).await.unwrap();
    portal.change_region_setting(admin, "eu-west-1", "S3", "opt_in", "off").await.unwrap();
    portal.change_setting(admin, "cross_account_backup", "off", "", "").await.unwrap();
    house.read(SyncPart::Organization).await;
    assert_eq!(portal.events(admin, &EventFilter::default()).await.unwrap().rows, []);
    // The same by somebody else is told.
    house.aws.deregister_delegated_administrator(&new.parse().unwrap()).await.unwrap();
    house.read(SyncPart::Organization).await;
    assert_eq!(portal.events(admin, &EventFilter::default()).await.unwrap().rows.len(), 1);
}
