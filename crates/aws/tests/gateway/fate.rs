//! What became of a change whose call failed: not sent, refused, or unknown.

use std::time::Duration;

use aws::{Aws, AwsError, AwsErrorKind, Fate, GlobalSetting, Options, Rates, RoleToAssume};
use model::settings::opt_in::RegionSwitch;
use tokio::net::TcpListener;

use crate::{
    policy, root,
    scripted::{JSON, Reply, Scripted, ok, refusal},
};

const HTML: &str = "<!doctype html><title>Blocked</title>";

fn page(status: u16) -> Reply {
    Reply::Foreign(status, "text/html", HTML.to_owned())
}

fn error(status: u16, code: &str) -> Reply {
    Reply::Answer(status, JSON, format!(r#"{{"__type":"{code}","Message":"said so"}}"#))
}

/// Attaches a policy; the endpoint would take it the second time.
async fn attach(reply: Reply) -> (AwsError, Scripted) {
    let endpoint = Scripted::start([reply, ok("{}")]).await;
    let (aws, policy, root) = (endpoint.aws().await, policy(), root());
    let error = endpoint.through_silence(aws.attach_policy(&policy, &root)).await.unwrap_err();
    (error, endpoint)
}

#[tokio::test]
async fn what_is_sent_and_not_answered_in_awss_own_words_is_unknown_and_never_sent_again() {
    let id = Some("request-1");
    let unreadable = |status| Reply::Answer(status, "text/html", HTML.to_owned());
    let bare = |status, body: &str| Reply::Foreign(status, "application/json", body.to_owned());
    for (what, reply, request_id) in [
        ("lost", Reply::Drop, None),
        ("silence", Reply::Silence, None),
        ("cut", Reply::Half, id),
        ("stalled", Reply::Stall, id),
        ("garbled success", ok("<html>"), id),
        ("success cut short", ok(r#"{"Poli"#), id),
        ("a proxy's page for success", page(200), None),
        ("a proxy's 403", page(403), None),
        ("a proxy's 404", page(404), None),
        ("a proxy's 407", page(407), None),
        ("a proxy's 429", page(429), None),
        ("a proxy's 501", page(501), None),
        ("a proxy's 502", page(502), None),
        ("a proxy's redirection", page(302), None),
        ("a refusal without a name", bare(403, r#"{"message":"Forbidden"}"#), None),
        ("a refusal by a name that is not AWS's", bare(403, r#"{"code":"blocked"}"#), None),
        ("nothing at all in a 400", bare(400, ""), None),
        ("unreadable, with an id", unreadable(403), id),
        ("500", error(500, "ServiceException"), id),
        ("503", error(503, "ServiceUnavailableException"), id),
        ("503 without a body", Reply::Answer(503, JSON, String::new()), id),
        ("a refusal in a 500", error(500, "AccessDeniedException"), id),
        ("a conflict in a 500", error(500, "ConcurrentModificationException"), id),
        ("lacking, in a 500", Reply::Answer(500, JSON, r#"{"__type":"NotImplementedError"}"#.to_owned()), id),
        ("throttled in a 503", error(503, "ThrottlingException"), id),
        ("a failure on AWS's side in a 400", error(400, "ServiceException"), id),
    ] {
        let (error, endpoint) = attach(reply).await;
        assert_eq!(
            (error.fate(), error.request_id.as_deref()),
            (Fate::Unknown, request_id),
            "{what}: {error}"
        );
        assert_eq!(endpoint.requests().len(), 1, "{what}");
    }
}

#[tokio::test]
async fn what_aws_says_it_did_not_do_is_refused() {
    for reply in [
        error(400, "AccessDeniedException"),
        error(403, "AccessDeniedException"),
        error(404, "TargetNotFoundException"),
        error(400, "DuplicatePolicyAttachmentException"),
        error(400, "InvalidInputException"),
        error(400, "PolicyInUseException"),
        error(400, "ExpiredTokenException"),
        error(400, "PolicyTypeNotEnabledException"),
        error(400, "ANewException"),
        error(501, "InternalFailure"),
        error(400, "UnknownOperationException"),
    ] {
        let (error, endpoint) = attach(reply).await;
        assert_eq!(
            (error.fate(), error.request_id.as_deref()),
            (Fate::Refused, Some("request-1")),
            "{error}"
        );
        assert_eq!(endpoint.requests().len(), 1, "{error}");
    }
    // What AWS refuses only for now is refused all the same, once patience ends.
    let endpoint = Scripted::start([refusal("ConcurrentModificationException")]).await;
    let error = endpoint.aws().await.attach_policy(&policy(), &root()).await.unwrap_err();
    assert_eq!((error.fate(), error.request_id.as_deref()), (Fate::Refused, Some("request-5")));
}

#[tokio::test]
async fn a_change_lost_on_a_connection_in_use_is_unknown_too() {
    let endpoint = Scripted::start([Reply::KeptOpen("{}".to_owned()), Reply::Drop, ok("{}")]).await;
    let aws = endpoint.aws().await;
    aws.attach_policy(&policy(), &root()).await.unwrap();
    let error = aws.detach_policy(&policy(), &root()).await.unwrap_err();
    assert_eq!(error.fate(), Fate::Unknown);
    assert_eq!((endpoint.requests().len(), endpoint.connections()), (2, 1));
}

#[tokio::test]
async fn an_unknown_fate_is_the_last_word_also_after_a_refusal() {
    for reply in [Reply::Drop, page(429), error(500, "ConcurrentModificationException")] {
        let endpoint = Scripted::start([refusal("TooManyRequestsException"), reply, ok("{}")]).await;
        let error = endpoint.aws().await.attach_policy(&policy(), &root()).await.unwrap_err();
        assert_eq!(error.fate(), Fate::Unknown);
        assert_eq!(endpoint.requests().len(), 2);
    }
}

#[tokio::test]
async fn an_answer_without_what_it_has_to_say_is_unknown() {
    for reply in [ok(""), ok("{}"), ok(r#"{"Policy":{}}"#), ok(r#"{"Handshake":{}}"#), ok("nonsense")] {
        let endpoint = Scripted::start([reply]).await;
        let aws = endpoint.aws().await;
        let created = aws.create_policy("Daily", "", "{ }").await.unwrap_err();
        let enabled = aws.enable_all_features().await.unwrap_err();
        for (error, request_id) in [(created, "request-1"), (enabled, "request-2")] {
            assert_eq!(
                (error.fate(), error.request_id.as_deref()),
                (Fate::Unknown, Some(request_id)),
                "{error}"
            );
        }
        assert_eq!(endpoint.requests().len(), 2);
    }
}

/// Every change whose answer says nothing that is needed.
async fn changes(aws: &Aws) -> Vec<Result<aws::Written<()>, AwsError>> {
    let account = "123456789012".parse().unwrap();
    vec![
        aws.update_policy(&policy(), "Daily", "", "{ }").await,
        aws.delete_policy(&policy()).await,
        aws.attach_policy(&policy(), &root()).await,
        aws.detach_policy(&policy(), &root()).await,
        aws.enable_policy_type(&root()).await,
        aws.disable_policy_type(&root()).await,
        aws.accept_handshake("h-1").await,
        aws.cancel_handshake("h-1").await,
        aws.enable_trusted_access().await,
        aws.disable_trusted_access().await,
        aws.register_delegated_administrator(&account).await,
        aws.deregister_delegated_administrator(&account).await,
        aws.put_resource_policy("{}").await,
        aws.delete_resource_policy().await,
        aws.set_global_setting(GlobalSetting::CrossAccountBackup, true).await,
        aws.set_region_setting("eu-west-1", "EBS", RegionSwitch::OptIn, true).await,
    ]
}

#[tokio::test]
async fn an_empty_success_is_one_where_nothing_is_needed_of_it_but_a_page_or_half_an_answer_is_none() {
    for empty in [ok(""), ok("{}")] {
        let endpoint = Scripted::start([empty]).await;
        for (n, done) in changes(&endpoint.aws().await).await.into_iter().enumerate() {
            assert_eq!(done.unwrap().request_id, Some(format!("request-{}", n + 1)));
        }
    }
    for garbled in [HTML, "{\"Poli", "null", "[]"] {
        let endpoint = Scripted::start([ok(garbled)]).await;
        for (n, done) in changes(&endpoint.aws().await).await.into_iter().enumerate() {
            let error = done.unwrap_err();
            let expected = (Fate::Unknown, Some(format!("request-{}", n + 1)));
            assert_eq!((error.fate(), error.request_id.clone()), expected, "{garbled}: {error}");
        }
    }
}

#[tokio::test]
async fn iams_xml_tells_a_refusal_from_what_nobody_can_read() {
    let xml = |status, code: &str| {
        let body = format!("<ErrorResponse><Error><Code>{code}</Code></Error></ErrorResponse>");
        Reply::Answer(status, "text/xml", body)
    };
    for (reply, fate) in [
        (xml(403, "AccessDenied"), Fate::Refused),
        (xml(409, "ServiceSpecificOddity"), Fate::Refused),
        (xml(500, "ServiceFailure"), Fate::Unknown),
        (ok(""), Fate::Unknown),
        (ok("<html></html>"), Fate::Unknown),
        (ok("<CreateServiceLinkedRoleResponse><Crea"), Fate::Unknown),
        (page(403), Fate::Unknown),
    ] {
        let endpoint = Scripted::start([reply]).await;
        let error = endpoint.aws().await.create_service_linked_role().await.unwrap_err();
        assert_eq!(error.fate(), fate, "{error}");
    }
}

#[tokio::test]
async fn what_never_left_was_not_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    // The second has no way that leads there.
    for address in [nobody.as_str(), "http://255.255.255.255:9"] {
        let first_pause = Duration::from_millis(1);
        let options = Options { first_pause, ..Options::simulated(address, Rates::Off) };
        let aws = Aws::connect(options).await.unwrap();
        let error = aws.attach_policy(&policy(), &root()).await.unwrap_err();
        let found = (error.fate(), &error.kind, &error.request_id);
        assert_eq!(found, (Fate::NotSent, &AwsErrorKind::Unavailable, &None), "{error}");
    }

    // Three at once, then one in half a day.
    let endpoint = Scripted::start([ok("{}")]).await;
    let options = Options { rates: Rates::Scaled(1e-5), ..endpoint.options() };
    let aws = Aws::connect(options).await.unwrap();
    for _ in 0..3 {
        aws.attach_policy(&policy(), &root()).await.unwrap();
    }
    let error = aws.attach_policy(&policy(), &root()).await.unwrap_err();
    assert_eq!((error.fate(), &error.kind), (Fate::NotSent, &AwsErrorKind::Throttled));
    assert_eq!(endpoint.requests().len(), 3);
}

#[tokio::test]
async fn a_refusal_stays_one_where_our_own_budget_has_no_turn_left_to_try_again() {
    let endpoint = Scripted::start([refusal("TooManyRequestsException"), ok("{}")]).await;
    let options = Options { rates: Rates::Scaled(1e-5), ..endpoint.options() };
    let error = Aws::connect(options).await.unwrap().attach_policy(&policy(), &root()).await.unwrap_err();
    assert_eq!((error.fate(), error.request_id.as_deref()), (Fate::Refused, Some("request-1")));
    assert_eq!(endpoint.requests().len(), 1);
}

#[tokio::test]
async fn a_change_that_waits_for_credentials_is_not_sent() {
    for reply in [Reply::Silence, Reply::Drop, refusal("AccessDenied"), page(403)] {
        let endpoint = Scripted::start([reply]).await;
        let role = RoleToAssume {
            arn: "arn:aws:iam::111122223333:role/Holdfast".to_owned(),
            external_id: None,
            session_name: "holdfast".to_owned(),
        };
        let aws = Aws::connect(Options { role: Some(role), ..endpoint.options() }).await.unwrap();
        let (policy, root) = (policy(), root());
        let error = endpoint.through_silence(aws.attach_policy(&policy, &root)).await.unwrap_err();
        assert_eq!(error.fate(), Fate::NotSent, "{error}");
        assert!(endpoint.requests().iter().all(|request| request.contains("Action=AssumeRole")));
    }
}
