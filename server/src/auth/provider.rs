//! Signing in and confirming at an identity provider, and being signed out by one.

use axum::{
    Extension, Form,
    extract::{Path, Query, State, rejection::FormRejection},
    http::{HeaderMap, HeaderName, StatusCode},
    response::{IntoResponse, Response},
};
use model::{FailureCode, paths};
use portal::{Caller, PendingSignIn, Portal, ProviderAnswer, ProviderRefusal, SignInPurpose, Visitor};
use serde::Deserialize;
use store::{Identity, SESSION_PENDING, SessionStore};
use tower_sessions::{Expiry, Session, session::Error};

use super::{
    address::Address,
    browser::Browser,
    password::{Next, page},
    session::{
        begin_by_provider, confirmed_by_provider, provider_of, see_other, take, unreadable, unwritten,
    },
};
use crate::{
    config::Web,
    problem::{self, Asker},
};

/// A sign-in that is under way is worth nothing afterwards.
const PENDING: time::Duration = time::Duration::minutes(10);
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// What somebody goes there for.
#[derive(Deserialize)]
pub struct Start {
    /// Of a one-time link.
    #[serde(default)]
    token: String,
    /// To confirm, where it is not empty.
    #[serde(default)]
    confirm: String,
    #[serde(flatten)]
    next: Next,
}

/// `GET /auth/oidc/{provider}`: sends the browser there. Of a proxy in front, what it says of this request counts at once.
#[expect(clippy::too_many_arguments, reason = "each is taken from the request")]
pub async fn begin(
    State(portal): State<Portal>,
    State(web): State<Web>,
    State(sessions): State<SessionStore>,
    session: Session,
    caller: Option<Extension<Caller>>,
    headers: HeaderMap,
    Address(from): Address,
    browser: Browser,
    Path(name): Path<String>,
    Query(start): Query<Start>,
) -> Response {
    let next = start.next.path();
    let purpose = match (start.token.as_str(), start.confirm.as_str()) {
        ("", "") if caller.is_some() => return see_other(&next),
        ("", "") => SignInPurpose::SignIn,
        // Another site must not lead somebody into a link of its choice.
        (_, "") if !is_own(&headers) => return see_other(paths::SIGN_IN),
        (token, "") => SignInPurpose::Join { token: token.to_owned() },
        _ => match (caller, provider_of(&session).await) {
            (Some(_), Ok(Some(at))) if at.provider == name => {
                let identity = Identity { issuer: at.issuer, subject: at.subject };
                SignInPurpose::Confirm { identity }
            }
            (_, Err(error)) => return unreadable(&error),
            _ => return see_other(&page("ended", &next)),
        },
    };
    if portal.is_proxy(&name) {
        return by_proxy(
            &portal,
            (&session, &sessions),
            (&name, &purpose, &next),
            &headers,
            (&browser, &from),
        )
        .await;
    }
    let signed_out = !matches!(purpose, SignInPurpose::Confirm { .. });
    let back = callback(&web, &name);
    match portal.begin_at_provider(&name, purpose.clone(), &back, next.clone()).await {
        Ok((pending, address)) => match keep(&session, &pending, signed_out).await {
            Ok(()) => see_other(&address),
            Err(error) => unwritten(&error),
        },
        Err(refusal) => refuse(&purpose, &next, &refusal),
    }
}

async fn by_proxy(
    portal: &Portal,
    session: (&Session, &SessionStore),
    (name, purpose, next): (&str, &SignInPurpose, &str),
    headers: &HeaderMap,
    (browser, from): (&Browser, &str),
) -> Response {
    let asserted = portal.asserted_person(headers).await.filter(|asserted| asserted.provider() == name);
    let Some(asserted) = asserted else { return refuse(purpose, next, &ProviderRefusal::Answer) };
    match portal.enter_by_assertion(&asserted, purpose, Visitor::from(from)).await {
        Ok(entry) if matches!(purpose, SignInPurpose::Confirm { .. }) => {
            confirmed_by_provider(session, &entry, next).await
        }
        Ok(entry) => begin_by_provider(session, &entry, &browser.words, from, next).await,
        Err(ProviderRefusal::Portal(error)) => {
            problem::answer(&Asker::Form { back: paths::SIGN_IN.to_owned() }, error.into_failure())
        }
        Err(refusal) => refuse(purpose, next, &refusal),
    }
}

/// `GET /auth/oidc/{provider}/callback`: where the provider sends the browser back to.
#[expect(clippy::too_many_arguments, reason = "each is taken from the request")]
pub async fn callback_of(
    State(portal): State<Portal>,
    State(web): State<Web>,
    State(sessions): State<SessionStore>,
    session: Session,
    caller: Option<Extension<Caller>>,
    Address(from): Address,
    browser: Browser,
    Path(name): Path<String>,
    Query(answer): Query<ProviderAnswer>,
) -> Response {
    let pending = match take::<PendingSignIn>(&sessions, &session, SESSION_PENDING).await {
        Ok(Some(pending)) => pending,
        Ok(None) => {
            return refuse(&SignInPurpose::SignIn, paths::OVERVIEW, &ProviderRefusal::NotPending);
        }
        Err(response) => return response,
    };
    let (purpose, next) = (pending.purpose().clone(), pending.next.clone());
    let visitor = Visitor { address: &from, browser: browser.secret.as_deref() };
    let finished = portal.finish_at_provider(&name, pending, answer, &callback(&web, &name), visitor).await;
    let entry = match finished {
        Ok(entry) => entry,
        Err(ProviderRefusal::Portal(error)) => {
            return problem::answer(&Asker::Form { back: paths::SIGN_IN.to_owned() }, error.into_failure());
        }
        Err(refusal) => return refuse(&purpose, &next, &refusal),
    };
    match (&purpose, caller) {
        (SignInPurpose::Confirm { .. }, Some(Extension(caller)))
            if caller.user_id() == entry.caller.user_id() =>
        {
            confirmed_by_provider((&session, &sessions), &entry, &next).await
        }
        (SignInPurpose::Confirm { .. }, _) => refuse(&purpose, &next, &ProviderRefusal::NotPending),
        _ => begin_by_provider((&session, &sessions), &entry, &browser.words, &from, &next).await,
    }
}

#[derive(Deserialize)]
pub struct Logout {
    logout_token: String,
}

/// `POST /auth/oidc/{provider}/logout`: the provider itself says that sessions have ended.
pub async fn logout(
    State(portal): State<Portal>,
    Address(from): Address,
    Path(name): Path<String>,
    form: Result<Form<Logout>, FormRejection>,
) -> Response {
    let Ok(Form(form)) = form else { return StatusCode::BAD_REQUEST.into_response() };
    match portal.log_out_by_provider(&name, &form.logout_token, Visitor::from(from.as_str())).await {
        Ok(ended) => {
            tracing::info!(provider = name, ended, "signed out by the identity provider");
            StatusCode::OK.into_response()
        }
        Err(ProviderRefusal::Portal(error)) => {
            // The provider tries again.
            tracing::warn!(%error, "a logout token cannot be followed now");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
        Err(ProviderRefusal::Unknown) => StatusCode::NOT_FOUND.into_response(),
        Err(ProviderRefusal::Away) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Err(ProviderRefusal::Declined) => StatusCode::TOO_MANY_REQUESTS.into_response(),
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// Keeps a sign-in that is under way with the browser's session; in a new one, which may nothing, where nobody is signed in.
async fn keep(session: &Session, pending: &PendingSignIn, anew: bool) -> Result<(), Error> {
    if anew {
        session.clear().await;
        session.cycle_id().await?;
        session.set_expiry(Some(Expiry::OnInactivity(PENDING)));
    }
    session.insert(SESSION_PENDING, pending).await?;
    session.save().await
}

fn callback(web: &Web, name: &str) -> String {
    format!("{}{}", web.url, paths::provider_callback(name))
}

/// Whether the request comes from a page of ours, as far as the browser tells.
fn is_own(headers: &HeaderMap) -> bool {
    headers.get(SEC_FETCH_SITE).is_none_or(|site| site == "same-origin")
}

/// Leads back to where somebody came from, with the reason.
fn refuse(purpose: &SignInPurpose, next: &str, refusal: &ProviderRefusal) -> Response {
    if let ProviderRefusal::Unknown = refusal {
        return problem::answer(
            &Asker::Form { back: paths::SIGN_IN.to_owned() },
            FailureCode::NotFound { what: "identity provider".into() }.into(),
        );
    }
    let why = refusal.name();
    see_other(&match purpose {
        SignInPurpose::SignIn => page(why, next),
        SignInPurpose::Join { token } => format!("{}&problem={why}", paths::join(token)),
        SignInPurpose::Confirm { .. } => format!("{}&problem={why}", paths::confirm_then(next)),
    })
}
