//! Every page's path, built in one place: people bookmark and share them.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{
    audit::AuditFilter,
    change::ChangeId,
    id::{PolicyId, TargetId},
    job::JobKind,
    job_filter::JobFilter,
    organization::Coverage,
};

pub const OVERVIEW: &str = "/";
pub const SIGN_IN: &str = "/sign-in";
pub const WELCOME: &str = "/welcome";
/// Takes a one-time link.
pub const JOIN: &str = "/join";
/// Asks for the one-time code of somebody whose password was right.
pub const SIGN_IN_CODE: &str = "/sign-in/code";
/// Asks a signed-in person for a password, code or passkey once more.
pub const CONFIRM: &str = "/confirm";
pub const TEAM: &str = "/team";
/// Where a token of an identity provider is tried out; posted there, too.
pub const MAPPING: &str = "/team/mapping";
/// One's own account.
pub const ACCOUNT: &str = "/account";
/// Where somebody types the code of a program that asks for a token.
pub const DEVICE: &str = "/device";
/// The same, once it has its token.
pub const DEVICE_APPROVED: &str = "/device?done=approved";
/// The same, once it was refused.
pub const DEVICE_REFUSED: &str = "/device?done=refused";
pub const ORGANIZATION: &str = "/organization";
pub const POLICIES: &str = "/policies";
pub const NEW_POLICY: &str = "/policies/new";
pub const JOBS: &str = "/jobs";
pub const SETTINGS: &str = "/settings";
/// What AWS allows Holdfast to do.
pub const PERMISSIONS: &str = "/settings/permissions";
pub const AUDIT: &str = "/audit";
/// Where entries of the audit list are downloaded, by the filter of its page and `format`: `csv` or `jsonl`.
pub const AUDIT_EXPORT: &str = "/audit/export";
/// What was asked to be changed, and what became of it.
pub const CHANGES: &str = "/changes";

/// Where an export of attachments is downloaded; `{id}` stands for its number.
pub const ATTACHMENT_EXPORT: &str = "/settings/attachments/{id}";

/// News for open pages, as server-sent events.
pub const LIVE: &str = "/live";

/// Where the sign-in form posts to.
pub const POST_SIGN_IN: &str = "/auth/sign-in";
/// Where the sign-out form posts to.
pub const POST_SIGN_OUT: &str = "/auth/sign-out";
/// Where the form of the first administrator posts to.
pub const POST_WELCOME: &str = "/auth/welcome";
/// Where the form of a one-time link posts to.
pub const POST_JOIN: &str = "/auth/join";
/// Where the form for a one-time code posts to.
pub const POST_SIGN_IN_CODE: &str = "/auth/code";
/// Where a signed-in person shows that it is they.
pub const POST_CONFIRM: &str = "/auth/confirm";

/// Begins what somebody does with a passkey: answers the options for the browser.
pub const POST_PASSKEY_OPTIONS: &str = "/auth/passkey/options";
/// Where the form of a passkey posts to, for signing in.
pub const POST_PASSKEY_SIGN_IN: &str = "/auth/passkey";
/// The same, for taking a one-time link.
pub const POST_PASSKEY_JOIN: &str = "/auth/passkey/join";
/// The same, for showing who has the session.
pub const POST_PASSKEY_CONFIRM: &str = "/auth/passkey/confirm";
/// The same, for adding a passkey.
pub const POST_PASSKEY_ADD: &str = "/auth/passkey/add";

/// Leads to an identity provider; `{provider}` stands for its name.
pub const PROVIDER: &str = "/auth/oidc/{provider}";
/// Where an identity provider sends people back to.
pub const PROVIDER_CALLBACK: &str = "/auth/oidc/{provider}/callback";
/// Where an identity provider itself says that sessions have ended.
pub const PROVIDER_LOGOUT: &str = "/auth/oidc/{provider}/logout";

/// What directories tell of people and groups lies below (SCIM 2.0).
pub const SCIM: &str = "/scim/v2";

/// Whether a path is of what directories tell.
#[must_use]
pub fn is_scim(path: &str) -> bool {
    path.strip_prefix(SCIM).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Leads to an identity provider, and then on.
#[must_use]
pub fn provider(name: &str, next: &str) -> String {
    format!("{}?next={}", PROVIDER.replace("{provider}", &encode(name)), encode(next))
}

/// Leads to an identity provider, to sign in there by a one-time link from then on.
#[must_use]
pub fn provider_join(name: &str, token: &str) -> String {
    format!("{}?token={}", PROVIDER.replace("{provider}", &encode(name)), encode(token))
}

/// Leads to an identity provider, to show there who has the session, and then on.
#[must_use]
pub fn provider_confirm(name: &str, next: &str) -> String {
    format!("{}&confirm=1", provider(name, next))
}

/// Where an identity provider sends people back to.
#[must_use]
pub fn provider_callback(name: &str) -> String {
    PROVIDER_CALLBACK.replace("{provider}", &encode(name))
}

/// Whether a path is of signing in at an identity provider: for everybody.
#[must_use]
pub fn is_provider(path: &str) -> bool {
    let rest = path.strip_prefix("/auth/oidc/").unwrap_or_default();
    match rest.split_once('/') {
        None => !rest.is_empty(),
        Some((name, what)) => !name.is_empty() && matches!(what, "callback" | "logout"),
    }
}

/// Whether a path is [`PROVIDER_LOGOUT`]'s.
#[must_use]
pub fn is_provider_logout(path: &str) -> bool {
    is_provider(path) && path.ends_with("/logout") && path.matches('/').count() == 4
}

/// The page of a one-time link.
#[must_use]
pub fn join(token: &str) -> String {
    format!("{JOIN}?token={}", encode(token))
}

/// The page that asks who has the session to show that it is theirs, and then leads on.
#[must_use]
pub fn confirm_then(next: &str) -> String {
    format!("{CONFIRM}?next={}", encode(next))
}

/// An account's, OU's or the root's page.
#[must_use]
pub fn target(id: &TargetId) -> String {
    format!("{ORGANIZATION}/{id}")
}

/// The accounts of one sort, in the tree.
#[must_use]
pub fn organization_only(coverage: Coverage) -> String {
    format!("{ORGANIZATION}?only={}", coverage.as_str())
}

/// What a program asks for that somebody has found.
#[must_use]
pub fn device_request(id: i64) -> String {
    format!("{DEVICE}?request={id}")
}

/// A change set's page.
#[must_use]
pub fn change(id: ChangeId) -> String {
    format!("{CHANGES}/{id}")
}

/// The audit list under a filter, at the page that its cursor names.
#[must_use]
pub fn audit(filter: &AuditFilter) -> String {
    let cursor = (!filter.cursor.is_empty()).then_some(("cursor", filter.cursor.as_str()));
    with_query(AUDIT, filter.pairs().into_iter().chain(cursor))
}

/// What was done to a policy, root, OU or account, and at it.
#[must_use]
pub fn audit_of(id: &str) -> String {
    with_query(AUDIT, [("target", id)])
}

/// All entries of a filter, as a file.
#[must_use]
pub fn audit_export(filter: &AuditFilter, format: &str) -> String {
    with_query(AUDIT_EXPORT, [("format", format)].into_iter().chain(filter.pairs()))
}

fn with_query<'a>(path: &str, pairs: impl IntoIterator<Item = (&'static str, &'a str)>) -> String {
    let query: Vec<_> = pairs.into_iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}

/// A policy's page.
#[must_use]
pub fn policy(id: &PolicyId) -> String {
    format!("{POLICIES}/{id}")
}

/// A tab of a policy's page: `json`, `targets`, or empty for the editor.
#[must_use]
pub fn policy_tab(id: &PolicyId, tab: &str) -> String {
    if tab.is_empty() { policy(id) } else { format!("{POLICIES}/{id}?tab={tab}") }
}

/// The dialog that attaches a policy.
#[must_use]
pub fn attach(id: &PolicyId) -> String {
    format!("{POLICIES}/{id}/attach")
}

/// A job's page.
#[must_use]
pub fn job(kind: JobKind, id: &str) -> String {
    format!("{JOBS}/{}/{}", kind.as_str(), encode(id))
}

/// The jobs page under a filter.
#[must_use]
pub fn jobs(filter: &JobFilter) -> String {
    let query = filter.to_query();
    if query.is_empty() { JOBS.to_owned() } else { format!("{JOBS}?{query}") }
}

/// An export of attachments, as a file.
#[must_use]
pub fn attachment_export(id: i64) -> String {
    ATTACHMENT_EXPORT.replace("{id}", &id.to_string())
}

/// The sign-in page, coming back to `next` afterwards.
#[must_use]
pub fn sign_in_then(next: &str) -> String {
    if is_local(next) && next != OVERVIEW {
        format!("{SIGN_IN}?next={}", encode(next))
    } else {
        SIGN_IN.to_owned()
    }
}

/// The sign-in page with the form for the break-glass account, where local sign-in is off.
#[must_use]
pub fn sign_in_by_break_glass(next: &str) -> String {
    let page = sign_in_then(next);
    format!("{page}{}way=break-glass", if page.contains('?') { '&' } else { '?' })
}

/// Whether a path stays on this site: one leading slash, no scheme, no control characters.
#[must_use]
pub fn is_local(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && path.chars().all(|c| !c.is_control() && c.is_ascii())
}

/// Percent-encodes one part of a path or query.
#[must_use]
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

/// All but RFC 3986's unreserved characters.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_meaning_in_an_address_is_encoded() {
        assert_eq!(encode("a-b_c.d~e/f?g&h=i j%k,é"), "a-b_c.d~e%2Ff%3Fg%26h%3Di%20j%25k%2C%C3%A9");
    }

    #[test]
    fn only_the_ways_to_and_from_a_provider_are_for_everybody() {
        for path in ["/auth/oidc/corp", &provider_callback("corp"), "/auth/oidc/corp/logout"] {
            assert!(is_provider(path), "{path}");
            assert_eq!(is_provider_logout(path), path.ends_with("logout"), "{path}");
        }
        for path in [
            "/auth/oidc/",
            "/auth/oidc",
            "/auth/oidc/a/b",
            "/auth/oidc//logout",
            "/auth/oidc/a/logout/x",
            "/team/logout",
        ] {
            assert!(!is_provider(path) && !is_provider_logout(path), "{path}");
        }
        assert!(is_provider("/auth/oidc/logout") && !is_provider_logout("/auth/oidc/logout"));
    }

    #[test]
    fn only_paths_of_this_site_are_followed_after_sign_in() {
        for bad in ["https://example.com", "//example.com", "/\\example.com", "jobs", "", "/a\nb"] {
            assert!(!is_local(bad), "{bad:?}");
        }
        assert!(is_local("/jobs?state=failed"));
        assert_eq!(sign_in_then("//evil"), "/sign-in");
        assert_eq!(sign_in_then("/jobs?state=failed"), "/sign-in?next=%2Fjobs%3Fstate%3Dfailed");
    }
}
