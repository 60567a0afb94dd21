//! Signing in with a local account, and out.

use axum::{
    Form,
    extract::{Request, State},
    response::Response,
};
use model::{Failure, FailureCode, paths};
use portal::{Caller, Portal, SignInRefusal};
use serde::Deserialize;
use tower_sessions::Session;

use super::{
    address::Address,
    session::{begin, end, see_other, send_back},
};

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
    Form(form): Form<SignIn>,
) -> Response {
    let next = form.next.path();
    match portal.sign_in(&form.email, &form.password, &from).await {
        Ok(caller) => begin(&session, &caller, &next).await,
        Err(refusal) => {
            let problem = match refusal {
                SignInRefusal::Credentials => "credentials",
                SignInRefusal::Limited => "limited",
                SignInRefusal::Portal(error) => word(&error.into_failure()),
            };
            send_back(&page(problem, &next), Vec::new())
        }
    }
}

/// `POST /auth/sign-out`
pub async fn sign_out(
    State(portal): State<Portal>,
    session: Session,
    Address(from): Address,
    request: Request,
) -> Response {
    if let Some(caller) = request.extensions().get::<Caller>() {
        // Signing out must work even where it cannot be noted.
        if let Err(error) = portal.signed_out(caller, &from).await {
            tracing::warn!(%error, "signing out was not noted");
        }
    }
    end(&session).await;
    see_other(paths::SIGN_IN)
}

/// The sign-in page with a word about why it is shown.
#[must_use]
pub fn page(problem: &str, next: &str) -> String {
    let page = paths::sign_in_then(next);
    let separator = if page.contains('?') { '&' } else { '?' };
    format!("{page}{separator}problem={problem}")
}

/// The `problem` parameter that a failure becomes: the page has the words.
pub(super) fn word(failure: &Failure) -> &'static str {
    match failure.code {
        FailureCode::Invalid { .. } => "fields",
        FailureCode::Conflict { .. } => "token",
        FailureCode::DatabaseUnavailable => "database",
        _ => "internal",
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
