//! What people are told of what AWS refuses, against the real database and the simulator behind a proxy.

#![recursion_limit = "256"]
#![expect(clippy::unwrap_used, reason = "a test fails where something is not as it must be")]

#[path = "house/house.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod house;

use house::{House, NOW};
use model::{
    AccountId, FailureCode, TargetKind,
    failure::DeniedBy,
    organization::AwsEffective,
    permissions::{Feature, FeaturePermission, PermissionState, Permissions},
    policies::PolicyDraft,
};
use portal::Portal;
use simulator::proxy::{How, Spoil};
use store::SyncPart;

const BY_SCP: &str = r#"{"__type":"AccessDeniedException","Message":"User: arn:aws:sts::1:assumed-role/h/h is not authorized to perform: organizations:CreatePolicy on resource: * with an explicit deny in a service control policy: arn:aws:organizations::1:policy/o-a/service_control_policy/p-identity"}"#;

async fn accounts(house: &House) -> Vec<AccountId> {
    let nodes = house.database.store.load_snapshot().await.unwrap().nodes;
    let accounts = nodes.iter().filter(|node| node.id.kind() == TargetKind::Account);
    accounts.filter_map(|node| node.id.account()).collect()
}

fn feature(permissions: &Permissions, feature: Feature) -> FeaturePermission {
    permissions.rows.iter().find(|row| row.feature == feature).unwrap().clone()
}

async fn checked(portal: &Portal, house: &House) -> Permissions {
    portal.permissions(&house.admin, false).await.unwrap()
}

#[tokio::test]
async fn credentials_of_an_ordinary_member_account_are_named_as_such_until_the_organization_is_read() {
    let house = House::empty().await;
    let management = house.aws.describe_organization().await.unwrap().management_account;
    let member = house.aws.account_page(None).await.unwrap().rows;
    let member = member.iter().filter_map(|node| node.id.account()).find(|id| *id != management);
    let delegated = house.aws.delegated_administrators().await.unwrap();
    let member = member.filter(|id| delegated.iter().all(|one| one.account != *id)).unwrap();
    let portal = house.portal_of(member.as_str()).await;
    let permissions = checked(&portal, &house).await;
    let organization = feature(&permissions, Feature::ReadOrganization);
    assert_eq!(organization.state, PermissionState::Denied);
    assert!(organization.missing.iter().all(|missing| missing.by == DeniedBy::Outsider), "{organization:?}");
    assert_eq!(permissions.to_add, None, "no IAM policy helps");
    let outsider = portal.frame(Some(&house.admin)).await.unwrap().outsider.unwrap();
    assert_eq!(
        (outsider.account.as_str(), outsider.management.as_deref()),
        (member.as_str(), Some(management.as_str()))
    );
    assert!(outsider.words().contains(management.as_str()), "{}", outsider.words());
    house.read(SyncPart::Organization).await;
    assert_eq!(portal.frame(Some(&house.admin)).await.unwrap().outsider, None, "it is read now");
    assert_eq!(house.portal.frame(Some(&house.admin)).await.unwrap().outsider, None);
}

#[tokio::test]
async fn without_credentials_nothing_is_checked_and_nothing_is_called_denied() {
    const REFUSED: &str = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>User: arn:aws:iam::1:user/h is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::2:role/Holdfast</Message></Error></ErrorResponse>";
    let house = House::empty().await;
    let (portal, proxy) = house.behind_proxy(|| NOW).await;
    proxy.spoil(Spoil::new("AssumeRole", How::Error(403, REFUSED)));
    let permissions = checked(&portal, &house).await;
    let problem = permissions.problem.unwrap();
    assert!(problem.contains("assume") && problem.contains("trust policy"), "{problem}");
    for row in &permissions.rows {
        assert!(matches!(row.state, PermissionState::NotChecked { .. }) && row.missing.is_empty(), "{row:?}");
    }
    assert_eq!(permissions.to_add, None);
}

#[tokio::test]
async fn the_iam_policy_is_offered_only_where_an_identity_allow_is_missing() {
    let house = House::empty().await;
    for (operation, body, state, offered) in [
        ("GET /backup-jobs/*", r#"{"__type":"AccessDeniedException","message":"You may not."}"#, None, false),
        (
            "GET /backup-jobs/*",
            r#"{"__type":"AccessDeniedException","message":"User: x is not authorized to perform: backup:DescribeBackupJob"}"#,
            Some(DeniedBy::Unsaid),
            false,
        ),
        (
            "GET /backup-jobs/*",
            r#"{"__type":"AccessDeniedException","message":"User: x is not authorized to perform: backup:DescribeBackupJob because no identity-based policy allows the backup:DescribeBackupJob action"}"#,
            Some(DeniedBy::NoAllow(model::failure::PolicySort::Identity)),
            true,
        ),
        (
            "GET /backup-jobs*",
            r#"{"__type":"AccessDeniedException","message":"Insufficient privileges to perform this action."}"#,
            Some(DeniedBy::CrossAccountMonitoring),
            false,
        ),
    ] {
        let (portal, proxy) = house.behind_proxy(|| NOW).await;
        proxy.spoil(Spoil::new(operation, How::Error(403, body)));
        let permissions = checked(&portal, &house).await;
        let jobs = feature(&permissions, Feature::ReadJobs);
        let by = jobs.missing.first().map(|missing| missing.by);
        assert_eq!((by, permissions.to_add.is_some()), (state, offered), "{body}: {jobs:?}");
        assert_eq!(jobs.state == PermissionState::Denied, state.is_some(), "{body}: {jobs:?}");
        assert_eq!(permissions.problem, None);
    }
}

#[tokio::test]
async fn regions_that_answer_differently_are_told_apart_and_five_outcomes_stay_five() {
    let house = House::empty().await;
    let (portal, proxy) = house.behind_proxy(|| NOW).await;
    const DENIED: &str = r#"{"__type":"AccessDeniedException","message":"User: x is not authorized to perform: backup:ListCopyJobs because no identity-based policy allows the backup:ListCopyJobs action"}"#;
    const LACKS: &str = r#"{"__type":"UnknownOperationException","message":"No."}"#;
    const MASKED: &str = r#"{"__type":"AccessDeniedException","message":"You may not."}"#;
    for (operation, region, how) in [
        ("GET /copy-jobs", "eu-central-1", How::Error(403, DENIED)),
        ("GET /copy-jobs", "eu-west-1", How::Error(404, LACKS)),
        ("GET /restore-jobs", "eu-west-1", How::Error(500, r#"{"message":"Ours."}"#)),
        ("GET /backup-jobs/*", "us-east-1", How::Error(403, MASKED)),
    ] {
        proxy.spoil(Spoil::new(operation, how).in_region(region));
    }
    let jobs = feature(&checked(&portal, &house).await, Feature::ReadJobs);
    assert_eq!((&jobs.state, jobs.missing.len()), (&PermissionState::Denied, 1));
    let told: Vec<_> =
        jobs.by_region.iter().map(|answers| (answers.actions.join(", "), answers.words())).collect();
    let expected = [
        ("backup:ListCopyJobs", "denied in eu-central-1; not available in eu-west-1; allowed in us-east-1"),
        ("backup:ListRestoreJobs", "allowed in eu-central-1, us-east-1; failed in eu-west-1"),
        ("backup:DescribeBackupJob", "allowed in eu-central-1, eu-west-1; not checked in us-east-1"),
    ];
    for (actions, words) in expected {
        assert!(told.contains(&(actions.to_owned(), words.to_owned())), "{actions}: {told:?}");
    }
    assert_eq!(told.len(), expected.len());
}

#[tokio::test]
async fn a_denial_shows_awss_own_sentence_and_the_step_that_fits_it() {
    let house = House::with_organization().await;
    let known = house.aws.policies_page(None).await.unwrap().rows.remove(0);
    let content = house.aws.describe_policy(&known.id).await.unwrap().content;
    let draft = PolicyDraft { name: "Ours".into(), description: String::new(), content };
    for (how, says, says_not) in [
        (How::Error(400, BY_SCP), vec!["service control policies", "p-identity", "AWS says"], "Add "),
        (How::Html(403), vec!["HTTP 403", "proxy"], "IAM policy"),
    ] {
        let (portal, proxy) = house.behind_proxy(|| NOW).await;
        proxy.spoil(Spoil::new("DescribeEffectivePolicy", how));
        let account = accounts(&house).await.remove(0);
        let answer = portal.aws_effective_policy(&house.admin, &account).await.unwrap();
        let AwsEffective::Failed { reason } = answer else { panic!("{answer:?}") };
        assert!(says.iter().all(|words| reason.contains(words)) && !reason.contains(says_not), "{reason}");
    }
    let (portal, proxy) = house.behind_proxy(|| NOW).await;
    proxy.spoil(Spoil::new("CreatePolicy", How::Error(400, BY_SCP)));
    let failure = portal.create_policy(&house.admin, draft).await.unwrap_err().into_failure();
    assert!(matches!(failure.code, FailureCode::AwsDenied { .. }), "{failure:?}");
    assert!(failure.explain().text.contains("explicit deny (service control policy)"), "{failure:?}");
}

#[tokio::test]
async fn an_error_of_awss_own_is_not_called_silence() {
    let house = House::with_organization().await;
    house.fault("error500", "DescribeEffectivePolicy").await;
    let account = accounts(&house).await.remove(0);
    let answer = house.portal.aws_effective_policy(&house.admin, &account).await.unwrap();
    let AwsEffective::Failed { reason } = answer else { panic!("{answer:?}") };
    assert!(reason.contains("HTTP 500 ServiceException") && !reason.contains("in time"), "{reason}");
}

#[tokio::test]
async fn no_effective_policy_with_the_type_on_is_an_empty_one() {
    const NONE: &str = r#"{"__type":"EffectivePolicyNotFoundException","Message":"None."}"#;
    let house = House::with_organization().await;
    let (portal, proxy) = house.behind_proxy(|| NOW).await;
    proxy.spoil(Spoil::new("DescribeEffectivePolicy", How::Error(400, NONE)));
    let mut differ = 0;
    for account in accounts(&house).await.into_iter().take(8) {
        let ours = portal.effective_policy(&house.admin, &account).await.unwrap();
        match portal.aws_effective_policy(&house.admin, &account).await.unwrap() {
            AwsEffective::Same { computed_at: None, .. } => assert_eq!(ours.content, "{}", "{account}"),
            AwsEffective::Differs { content, computed_at: None, .. } => {
                assert!(content == "{}" && ours.content != "{}", "{account}");
                differ += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(differ > 0, "policies apply to some");
    for head in house.aws.policies_page(None).await.unwrap().rows {
        for target in house.aws.targets_page(&head.id, None).await.unwrap().rows {
            house.aws.detach_policy(&head.id, &target).await.unwrap();
        }
    }
    house.read(SyncPart::Organization).await;
    let account = accounts(&house).await.remove(0);
    let answer = portal.aws_effective_policy(&house.admin, &account).await.unwrap();
    assert!(matches!(answer, AwsEffective::Same { computed_at: None, .. }), "{answer:?}");
}
