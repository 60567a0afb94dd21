//! Which requests only read. Server functions are all POST, so the method does not tell: what only reads ends with its
//! reader, and what changes something is finished even if the browser has gone.

use axum::{
    extract::Request,
    http::{Method, Uri},
};

use crate::problem::RPC;

/// Server functions that change nothing, by name. A test asks that each function is either here or among those that it
/// knows to change something.
pub const READING: [&str; 25] = [
    "account",
    "audit",
    "audit_proof",
    "aws_effective_policy",
    "change",
    "changes",
    "device_request",
    "effective_policy",
    "events",
    "exported_attachments",
    "frame",
    "job",
    "jobs",
    "join_link",
    "jump",
    "list_policies",
    "mapping_page",
    "overview",
    "permissions",
    "policy",
    "region_settings",
    "settings",
    "target",
    "team",
    "tree",
];

/// Whether a request changes nothing.
#[must_use]
pub fn only_reads(request: &Request) -> bool {
    match *request.method() {
        Method::GET | Method::HEAD | Method::OPTIONS => true,
        _ => function(request.uri()).is_some_and(|name| READING.contains(&name)),
    }
}

/// Whether the server function at a path takes JSON: those that no form posts.
#[must_use]
pub fn takes_json(path: &str) -> bool {
    named(path).is_some_and(|name| READING.contains(&name) || name == "request_sync")
}

/// The name of the server function at an address.
fn function(uri: &Uri) -> Option<&str> {
    named(uri.path())
}

fn named(path: &str) -> Option<&str> {
    path.strip_prefix(RPC)?.rsplit('/').next()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use leptos::server_fn::axum::server_fn_paths;

    use super::*;

    /// All others.
    const CHANGING: [&str; 38] = [
        "approve_device",
        "attach_policy",
        "begin_codes",
        "change_name",
        "change_password",
        "change_region_setting",
        "change_setting",
        "create_policy",
        "delete_person",
        "delete_policy",
        "detach_policy",
        "enable_all_features",
        "end_other_sessions",
        "end_own_session",
        "end_sessions_of_person",
        "end_token",
        "find_device",
        "finish_codes",
        "give_rights",
        "invite_person",
        "make_recovery_codes",
        "make_service_account",
        "make_token",
        "put_back_attachments",
        "put_resource_policy",
        "refuse_device",
        "register_delegated_administrator",
        "remove_codes",
        "remove_delegated_administrator",
        "remove_passkey",
        "rename_passkey",
        "request_sync",
        "set_person_disabled",
        "set_second_factor_rule",
        "start_reset",
        "turn_local_sign_in_off",
        "turn_local_sign_in_on",
        "update_policy",
    ];

    #[test]
    fn every_server_function_is_said_to_read_or_to_change() {
        let mut said: Vec<&str> = READING.iter().chain(&CHANGING).copied().collect();
        let paths: Vec<Uri> = server_fn_paths().map(|(path, _)| path.parse().unwrap()).collect();
        let mut registered: Vec<&str> = paths.iter().map(|uri| function(uri).unwrap()).collect();
        said.sort_unstable();
        registered.sort_unstable();
        assert_eq!(said, registered);
    }

    #[test]
    fn forms_and_unknown_functions_are_taken_for_changes() {
        let reads = |method: Method, uri: &str| {
            only_reads(&Request::builder().method(method).uri(uri).body(Body::empty()).unwrap())
        };
        assert!(reads(Method::GET, "/jobs") && reads(Method::POST, "/rpc/app/server_fns/jobs/jobs"));
        for changes in ["/rpc/app/server_fns/policies/create_policy", "/rpc/new", "/auth/sign-in", "/jobs"] {
            assert!(!reads(Method::POST, changes), "{changes}");
        }
    }
}
