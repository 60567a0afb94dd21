//! What AWS's own sentence says of a refusal, in all its variations.

use aws::AwsErrorKind;
use model::failure::{CredentialsProblem, DeniedBy, Missing, PolicySort};

use crate::{
    kind_of_describe, kind_of_list_jobs, policy,
    scripted::{JSON, Reply, Scripted, ok},
};

fn said(status: u16, code: &str, message: &str) -> Reply {
    Reply::Answer(status, JSON, serde_json::json!({"__type": code, "Message": message}).to_string())
}

/// What a sentence says of who denied `organizations:DescribePolicy`.
async fn denied_by(message: &str) -> DeniedBy {
    match kind_of_describe(said(400, "AccessDeniedException", message)).await {
        AwsErrorKind::Denied { by, said, .. } => {
            assert_eq!(said, message.trim(), "AWS's sentence is kept");
            by
        }
        other => panic!("{other:?}"),
    }
}

const USERS: [&str; 3] = [
    "User: arn:aws:iam::123456789012:user/x",
    "User: arn:aws:sts::123456789012:assumed-role/because-no-policy/explicit-deny",
    "User: arn:aws-us-gov:sts::123456789012:assumed-role/AWSReservedSSO_Admin_0/ana@example.com",
];
const RESOURCES: [&str; 3] = [
    "",
    " on resource: *",
    " on resource: arn:aws:organizations::123456789012:policy/o-abcdefghij/backup_policy/p-abcdefgh12",
];

#[tokio::test]
async fn who_denied_is_read_off_every_form_of_awss_sentence() {
    use PolicySort::*;
    let sorts = [
        (Identity, "an identity-based policy", "identity-based policy"),
        (ServiceControl, "a service control policy", "service control policy"),
        (ResourceControl, "a resource control policy", "resource control policy"),
        (Boundary, "a permissions boundary", "permissions boundary"),
        (Session, "a session policy", "session policy"),
        (VpcEndpoint, "a VPC endpoint policy", "VPC endpoint policy"),
        (Resource, "a resource-based policy", "resource-based policy"),
        (RoleTrust, "the role trust policy", "role trust policy"),
        (Other, "a policy of tomorrow", "policy of tomorrow"),
    ];
    let arn = "arn:aws:organizations::1:policy/o-a/service_control_policy/p-identity-based-policy";
    for user in USERS {
        for resource in RESOURCES {
            let begun =
                format!("{user} is not authorized to perform: organizations:DescribePolicy{resource}");
            for (sort, deny, allow) in sorts {
                let plural = deny.replace("policy", "policies").replace("boundary", "boundaries");
                let plural = plural.trim_start_matches("a ").trim_start_matches("an ");
                for (message, by) in [
                    (format!("{begun} with an explicit deny in {deny}"), DeniedBy::ExplicitDeny(sort)),
                    (format!("{begun} with an explicit deny in {deny}: {arn}"), DeniedBy::ExplicitDeny(sort)),
                    (format!("{begun} with an explicit deny in {plural}."), DeniedBy::ExplicitDeny(sort)),
                    (
                        format!("{begun} because no {allow} allows the organizations:DescribePolicy action"),
                        DeniedBy::NoAllow(sort),
                    ),
                ] {
                    assert_eq!(denied_by(&message).await, by, "{message}");
                }
            }
            for (message, by) in [
                (begun.clone(), DeniedBy::Unsaid),
                (format!("{begun} with an explicit deny"), DeniedBy::ExplicitDeny(Other)),
            ] {
                assert_eq!(denied_by(&message).await, by, "{message}");
            }
        }
    }
}

#[tokio::test]
async fn who_stands_outside_is_not_told_to_change_an_iam_policy() {
    for message in [
        "You don't have permissions to access this resource.",
        "You don\u{2019}t have permissions to access this resource.",
        "You do not have permissions to access this resource",
        "This operation can be called only from the organization's management account or by a delegated administrator.",
    ] {
        assert_eq!(denied_by(message).await, DeniedBy::Outsider, "{message}");
    }
    for (message, by) in [
        ("Insufficient privileges to perform this action.", DeniedBy::CrossAccountMonitoring),
        ("insufficient privileges to perform this action", DeniedBy::CrossAccountMonitoring),
        ("Access denied.", DeniedBy::Unsaid),
        ("", DeniedBy::Unsaid),
    ] {
        let kind = kind_of_list_jobs(said(403, "AccessDeniedException", message)).await;
        assert!(matches!(&kind, AwsErrorKind::Denied { by: found, .. } if *found == by), "{kind:?}");
    }
}

#[tokio::test]
async fn a_sentence_is_found_under_each_spelling_and_may_be_missing() {
    for (body, expected) in [
        (r#"{"__type":"AccessDeniedException","Message":"no"}"#, "no"),
        (r#"{"__type":"AccessDeniedException","message":"no"}"#, "no"),
        (r#"{"__type":"AccessDeniedException","Message":null,"message":"no"}"#, "no"),
        (r#"{"__type":"com.amazonaws.x#AccessDeniedException:http://x/","Message":"no"}"#, "no"),
        (r#"{"__type":"AccessDeniedException","Message":"a\nb\u0000c"}"#, "a b c"),
        (r#"{"__type":"AccessDeniedException","Message":null}"#, ""),
        (r#"{"__type":"AccessDeniedException"}"#, ""),
    ] {
        let kind = kind_of_describe(Reply::Answer(400, JSON, body.to_owned())).await;
        assert!(matches!(&kind, AwsErrorKind::Denied { said, .. } if said == expected), "{body}: {kind:?}");
    }
}

#[tokio::test]
async fn what_stands_on_the_way_is_told_from_what_is_not_offered_and_from_aws() {
    let page = || "<!doctype html><title>Blocked by policy</title>".to_owned();
    for status in [302, 401, 403, 407, 451] {
        for reply in [
            Reply::Foreign(status, "text/html", page()),
            Reply::Answer(status, "text/html", page()),
            Reply::Foreign(status, "text/html", String::new()),
            Reply::Foreign(status, "application/json", r#"{"message":"Forbidden"}"#.to_owned()),
            Reply::Foreign(status, "application/json", r#"{"code":"blocked"}"#.to_owned()),
            Reply::Foreign(status, "application/octet-stream", "\u{1f}\u{8b}\u{0}".to_owned()),
        ] {
            assert_eq!(kind_of_list_jobs(reply.clone()).await, AwsErrorKind::Blocked { status }, "jobs");
            assert_eq!(kind_of_describe(reply).await, AwsErrorKind::Blocked { status }, "policies");
        }
    }
    for reply in [
        said(403, "ForbiddenException", "Forbidden"),
        said(403, "AccessDeniedException", ""),
        Reply::Foreign(403, JSON, r#"{"__type":"AccessDenied"}"#.to_owned()),
    ] {
        let kind = kind_of_list_jobs(reply).await;
        assert!(matches!(kind, AwsErrorKind::Denied { by: DeniedBy::Unsaid, .. }), "{kind:?}");
    }
    for status in [404, 405] {
        let kind = kind_of_list_jobs(Reply::Foreign(status, "text/html", page())).await;
        assert_eq!(kind, AwsErrorKind::NotAvailable);
    }
}

#[tokio::test]
async fn an_error_on_awss_side_is_an_answer_with_its_status_and_words() {
    for (status, code, message) in [
        (500, "InternalServerError", "We broke it."),
        (500, "InternalError", ""),
        (502, "", ""),
        (503, "ServiceUnavailableException", "Come back later."),
        (504, "", ""),
        (599, "ANewFailure", "new"),
    ] {
        let kind = kind_of_list_jobs(said(status, code, message)).await;
        let expected =
            AwsErrorKind::ServerError { status, code: code.to_owned(), message: message.to_owned() };
        assert_eq!(kind, expected);
        assert!(kind.to_string().contains(&format!("HTTP {status}")), "{kind}");
    }
}

#[tokio::test]
async fn each_thing_that_is_not_found_is_told_apart() {
    for (code, missing) in [
        ("TargetNotFoundException", Missing::Target),
        ("PolicyNotFoundException", Missing::Policy),
        ("ChildNotFoundException", Missing::Child),
        ("HandshakeNotFoundException", Missing::Handshake),
        ("EffectivePolicyNotFoundException", Missing::EffectivePolicy),
        ("ResourcePolicyNotFoundException", Missing::ResourcePolicy),
        ("ResourceNotFoundException", Missing::Job),
        ("AccountNotFoundException", Missing::Account),
        ("NoSuchEntity", Missing::Role),
        ("SomethingNewNotFoundException", Missing::Something),
    ] {
        assert_eq!(kind_of_describe(said(400, code, "")).await, AwsErrorKind::NotFound(missing), "{code}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_the_credentials_is_told_apart() {
    use CredentialsProblem::*;
    let expired = "Signature expired: 20261127T120000Z is now earlier than 20261127T120500Z (20261127T121000Z - 5 min.)";
    let early = "Signature not yet current: 20261127T121000Z is still later than 20261127T120500Z";
    for (status, code, message, problem) in [
        (400, "ExpiredTokenException", "The security token included in the request is expired", Expired),
        (403, "ExpiredToken", "", Expired),
        (403, "InvalidClientTokenId", "The security token included in the request is expired", Expired),
        (403, "InvalidSignatureException", expired, Clock),
        (403, "SignatureDoesNotMatch", early, Clock),
        (400, "RequestExpired", "Request has expired.", Clock),
        (403, "RequestTimeTooSkewed", "", Clock),
        (
            403,
            "UnrecognizedClientException",
            "The security token included in the request is invalid.",
            NotAccepted,
        ),
        (403, "InvalidClientTokenId", "The security token included in the request is invalid.", NotAccepted),
        (403, "InvalidSignatureException", "The request signature we calculated does not match", NotAccepted),
        (403, "MissingAuthenticationTokenException", "Missing Authentication Token", NotAccepted),
    ] {
        let kind = kind_of_list_jobs(said(status, code, message)).await;
        assert_eq!(kind, AwsErrorKind::Credentials { problem, said: message.into() }, "{code} {message}");
    }
}

#[tokio::test]
async fn a_region_that_refuses_what_others_accept_is_not_enabled() {
    const POLICY: &str = crate::POLICY;
    let invalid = || said(403, "UnrecognizedClientException", "The security token is invalid.");
    let denied = said(400, "AccessDeniedException", "no");
    let of = |error: aws::AwsError| match error.kind {
        AwsErrorKind::Credentials { problem, .. } => problem,
        other => panic!("{other:?}"),
    };
    for accepted in [ok(POLICY), denied] {
        let endpoint = Scripted::start([accepted, invalid()]).await;
        let (aws, filter) = (endpoint.aws().await, aws::JobsAfter::default());
        drop(aws.describe_policy(&policy()).await);
        let jobs = async |region| {
            let page = aws.job_page(region, model::JobKind::Backup, &filter, None).await;
            of(page.unwrap_err())
        };
        let not_enabled = CredentialsProblem::RegionNotEnabled { region: "ap-east-1".to_owned() };
        assert_eq!(jobs("ap-east-1").await, not_enabled);
        // Where they were accepted before, they are not any more; and then nowhere.
        assert_eq!(of(aws.describe_policy(&policy()).await.unwrap_err()), CredentialsProblem::NotAccepted);
        assert_eq!(jobs("ap-east-1").await, CredentialsProblem::NotAccepted);
    }
}

#[tokio::test]
async fn a_role_that_is_refused_is_told_in_awss_words_and_not_in_the_sdks() {
    let sentence = "User: arn:aws:iam::1:user/h is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/Holdfast";
    let xml = |status, code: &str, message: &str| {
        let body = format!(
            "<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
        );
        Reply::Answer(status, "text/xml", body)
    };
    let arn = "arn:aws:iam::111122223333:role/Holdfast";
    let refused = CredentialsProblem::RoleRefused { role: Some(arn.to_owned()) };
    for (reply, problem, said) in [
        (xml(403, "AccessDenied", sentence), refused, sentence),
        (xml(403, "ExpiredToken", "It is expired."), CredentialsProblem::Expired, "It is expired."),
        (
            xml(403, "InvalidClientTokenId", "The security token included in the request is invalid."),
            CredentialsProblem::NotAccepted,
            "The security token included in the request is invalid.",
        ),
        (Reply::Foreign(403, "text/html", "<html>".to_owned()), CredentialsProblem::NotObtained, ""),
        (Reply::Drop, CredentialsProblem::NotObtained, ""),
    ] {
        let endpoint = Scripted::start([reply]).await;
        let role =
            aws::RoleToAssume { arn: arn.to_owned(), external_id: None, session_name: "holdfast".to_owned() };
        let options = aws::Options { role: Some(role), ..endpoint.options() };
        let aws = aws::Aws::connect(options).await.unwrap();
        let kind = aws.describe_policy(&policy()).await.unwrap_err().kind;
        assert_eq!(kind, AwsErrorKind::Credentials { problem, said: said.into() });
    }
}

#[tokio::test]
async fn what_passes_and_what_is_not_signed_up_for_have_kinds() {
    let kind = kind_of_describe(said(400, "FinalizingOrganizationException", "Wait.")).await;
    assert!(kind.is_passing_conflict(), "{kind:?}");
    assert!(kind.to_string().contains("setting up"), "{kind}");
    for code in ["SubscriptionRequiredException", "OptInRequired"] {
        let kind = kind_of_list_jobs(said(403, code, "Sign up.")).await;
        let expected = AwsErrorKind::Constraint { reason: code.to_owned(), message: "Sign up.".to_owned() };
        assert_eq!(kind, expected);
    }
}
