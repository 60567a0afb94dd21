//! Signing in with a local account.

use axum::{
    Extension, Form,
    extract::{State, rejection::FormRejection},
    response::Response,
};
use model::{FailureCode, FieldProblem, failure::Busy, paths};
use portal::{Caller, Entry, Portal, SignInRefusal, Visitor};
use serde::Deserialize;
use tower_sessions::Session;

use super::{
    address::Address,
    browser::Browser,
    session::{begin, code_page, confirmed, half_begin, half_begun, see_other, send_back},
};
use crate::problem::{self as answers, Asker};

/// Where to go after signing in.
#[derive(Debug, Default, Deserialize)]
pub struct Next {
    #[serde(default)]
    next: String,
}

impl Next {
    /// A path of this site, in any case.
    #[must_use]
    pub fn path(self) -> String {
        if paths::is_local(&self.next) { self.next } else { paths::OVERVIEW.to_owned() }
    }
}

#[derive(Deserialize)]
pub struct SignIn {
    email: String,
    password: String,
    #[serde(flatten)]
    next: Next,
}

/// `POST /auth/sign-in`
pub async fn sign_in(
    State(portal): State<Portal>,
    session: Session,
    Address(from): Address,
    browser: Browser,
    form: Result<Form<SignIn>, FormRejection>,
) -> Response {
    let Ok(Form(form)) = form else { return send_back(&page("fields", paths::OVERVIEW), Vec::new()) };
    let next = form.next.path();
    let visitor = Visitor { address: &from, browser: browser.secret.as_deref() };
    match portal.sign_in(&form.email, &form.password, visitor).await {
        Ok(Entry::In(caller)) => begin(&session, &portal, &caller, &browser, &from, &next).await,
        Ok(Entry::Code(user)) => half_begin(&session, user, &next).await,
        Ok(Entry::Passkey) => see_other(&page("passkey-too", &next)),
        Err(refusal) => send_back(&page(problem(refusal).0, &next), Vec::new()),
    }
}

#[derive(Deserialize)]
pub struct Code {
    code: String,
    #[serde(flatten)]
    next: Next,
}

/// `POST /auth/code`: of somebody whose password was right.
pub async fn code(
    State(portal): State<Portal>,
    session: Session,
    Address(from): Address,
    browser: Browser,
    form: Result<Form<Code>, FormRejection>,
) -> Response {
    let Ok(Form(form)) = form else { return send_back(&code_page("fields", paths::OVERVIEW), Vec::new()) };
    let next = form.next.path();
    let user = match half_begun(&session).await {
        Ok(Some(user)) => user,
        Ok(None) => return see_other(&page("ended", &next)),
        Err(error) => {
            let asker = Asker::Form { back: paths::SIGN_IN.to_owned() };
            return answers::answer(&asker, super::session::failure(&error));
        }
    };
    let visitor = Visitor { address: &from, browser: browser.secret.as_deref() };
    match portal.sign_in_with_code(user, &form.code, visitor).await {
        Ok(caller) => begin(&session, &portal, &caller, &browser, &from, &next).await,
        Err(refusal) => send_back(&code_page(problem(refusal).0, &next), Vec::new()),
    }
}

#[derive(Deserialize)]
pub struct Confirmation {
    #[serde(default)]
    password: String,
    #[serde(default)]
    code: String,
    #[serde(flatten)]
    next: Next,
}

/// `POST /auth/confirm`: of somebody who is signed in.
pub async fn confirm(
    State(portal): State<Portal>,
    session: Session,
    Extension(caller): Extension<Caller>,
    form: Result<Form<Confirmation>, FormRejection>,
) -> Response {
    let again = |why: &str, next: &str| {
        send_back(&format!("{}&problem={why}", paths::confirm_then(next)), Vec::new())
    };
    let Ok(Form(form)) = form else { return again("fields", paths::OVERVIEW) };
    let next = form.next.path();
    match portal.confirm(&caller, &form.password, &form.code).await {
        Ok(true) => confirmed(&session, &next).await,
        Ok(false) => again("credentials", &next),
        Err(error) => again(problem(SignInRefusal::Portal(error)).0, &next),
    }
}

/// The sign-in page with a word about why it is shown.
#[must_use]
pub fn page(problem: &str, next: &str) -> String {
    let page = paths::sign_in_then(next);
    let separator = if page.contains('?') { '&' } else { '?' };
    format!("{page}{separator}problem={problem}")
}

/// The `problem` parameter that a refusal becomes, for which the page has the words, and the fields that are wrong.
pub(super) fn problem(refusal: SignInRefusal) -> (&'static str, Vec<FieldProblem>) {
    let failure = match refusal {
        SignInRefusal::Credentials => return ("credentials", Vec::new()),
        SignInRefusal::Limited => return ("limited", Vec::new()),
        SignInRefusal::Portal(error) => error.into_failure(),
    };
    match failure.code {
        FailureCode::Invalid { fields } => ("fields", fields),
        FailureCode::Conflict { .. } => ("token", Vec::new()),
        FailureCode::DatabaseUnavailable => ("database", Vec::new()),
        FailureCode::Busy { what: Busy::Attempts } => ("limited", Vec::new()),
        FailureCode::Busy { .. } | FailureCode::TooSlow { .. } => ("busy", Vec::new()),
        _ => ("internal", Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_in_never_leads_to_another_site() {
        assert_eq!(Next { next: "//evil.example".into() }.path(), "/");
        assert_eq!(Next { next: "/jobs?state=failed".into() }.path(), "/jobs?state=failed");
    }
}
