//! Passkeys: what browsers are asked, and the forms that bring their answers.

use axum::{
    Extension, Form,
    extract::{FromRef, FromRequestParts, State, rejection::FormRejection},
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
};
use model::{FailureCode, FieldProblem, paths};
use portal::{
    Caller, PasskeyJoining, PendingPasskey, Portal, PortalError, RelyingParty, SignInRefusal, Visitor,
};
use serde::Deserialize;
use store::SESSION_PASSKEY;
use tower_sessions::{Expiry, Session, session::Error};

use super::{
    address::Address,
    browser::Browser,
    password::{Next, page, problem},
    session::{begin, confirmed, see_other, send_back, take, unwritten},
};
use crate::{
    problem::{self as answers, Asker},
    state::{Parts, Passkeys},
};

/// A challenge is good so long; the portal counts it by itself.
const PENDING: time::Duration = time::Duration::minutes(5);

/// What somebody wants to do with a passkey.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum For {
    SignIn,
    Join,
    Confirm,
    Add,
}

#[derive(Deserialize)]
pub struct Wish {
    #[serde(rename = "for")]
    what: For,
    /// Of a one-time link.
    #[serde(default)]
    token: String,
}

/// `POST /auth/passkey/options`: what to ask the browser for, as WebAuthn's JSON. Its challenge is kept with the session.
pub async fn options(
    State(portal): State<Portal>,
    State(Passkeys(party)): State<Passkeys>,
    session: Session,
    caller: Option<Extension<Caller>>,
    Address(from): Address,
    form: Result<Form<Wish>, FormRejection>,
) -> Response {
    let refuse = |code: FailureCode| answers::answer(&Asker::Program, code.into());
    let Ok(Form(Wish { what, token })) = form else {
        return refuse(FailureCode::Unreadable { what: "Say what the passkey is for.".into() });
    };
    let Some(party) = party else { return refuse(FailureCode::NotFound { what: "passkey here".into() }) };
    let caller = caller.map(|Extension(caller)| caller);
    let begun = match (what, &caller) {
        (For::SignIn, _) => portal.begin_passkey_sign_in(&party),
        (For::Join, _) => portal.begin_passkey_join(&party, &token, Visitor::from(from.as_str())).await,
        (For::Confirm, Some(caller)) => portal.begin_passkey_confirmation(caller, &party).await,
        (For::Add, Some(caller)) => portal.begin_passkey(caller, &party).await,
        (For::Confirm | For::Add, None) => return refuse(FailureCode::SignedOut),
    };
    let (pending, options) = match begun {
        Ok(begun) => begun,
        Err(error) => return answers::answer(&Asker::Program, error.into_failure()),
    };
    match keep(&session, &pending, caller.is_none()).await {
        Ok(()) => ([(CONTENT_TYPE, "application/json")], options).into_response(),
        Err(error) => unwritten(&error),
    }
}

#[derive(Deserialize)]
pub struct SignIn {
    passkey: String,
    #[serde(flatten)]
    next: Next,
}

/// `POST /auth/passkey`
pub async fn sign_in(
    State(portal): State<Portal>,
    session: Session,
    UnderWay { party, pending }: UnderWay,
    Address(from): Address,
    browser: Browser,
    form: Result<Form<SignIn>, FormRejection>,
) -> Response {
    let Ok(Form(form)) = form else { return see_other(&page("passkey", paths::OVERVIEW)) };
    let next = form.next.path();
    let visitor = Visitor { address: &from, browser: browser.secret.as_deref() };
    match portal.sign_in_with_passkey(&party, pending, &form.passkey, visitor).await {
        Ok(caller) => begin(&session, &portal, &caller, &browser, &from, &next).await,
        Err(SignInRefusal::Credentials) => see_other(&page("passkey", &next)),
        Err(refusal) => see_other(&page(problem(refusal).0, &next)),
    }
}

#[derive(Deserialize)]
pub struct Join {
    token: String,
    name: String,
    passkey: String,
}

/// `POST /auth/passkey/join`
pub async fn join(
    State(portal): State<Portal>,
    session: Session,
    UnderWay { party, pending }: UnderWay,
    Address(from): Address,
    browser: Browser,
    form: Result<Form<Join>, FormRejection>,
) -> Response {
    let Ok(Form(Join { token, name, passkey: answer })) = form else {
        return see_other(&format!("{}?problem=fields", paths::JOIN));
    };
    let back = paths::join(&token);
    let joining = PasskeyJoining { token, name, answer };
    match portal.join_with_passkey(&party, pending, joining, Visitor::from(from.as_str())).await {
        Ok(caller) => begin(&session, &portal, &caller, &browser, &from, paths::OVERVIEW).await,
        Err(refusal) => {
            let (why, fields) = problem(refusal);
            let why = if at_passkey(&fields) { "passkey" } else { why };
            send_back(&format!("{back}&problem={why}"), fields)
        }
    }
}

#[derive(Deserialize)]
pub struct Confirmation {
    passkey: String,
    #[serde(flatten)]
    next: Next,
}

/// `POST /auth/passkey/confirm`: of somebody who is signed in.
pub async fn confirm(
    State(portal): State<Portal>,
    session: Session,
    UnderWay { party, pending }: UnderWay,
    Extension(caller): Extension<Caller>,
    form: Result<Form<Confirmation>, FormRejection>,
) -> Response {
    let again = |why: &str, next: &str| see_other(&format!("{}&problem={why}", paths::confirm_then(next)));
    let Ok(Form(form)) = form else { return again("passkey", paths::OVERVIEW) };
    let next = form.next.path();
    match portal.confirm_with_passkey(&caller, &party, pending, &form.passkey).await {
        Ok(true) => confirmed(&session, &next).await,
        Ok(false) => again("passkey", &next),
        Err(error) => again(problem(SignInRefusal::Portal(error)).0, &next),
    }
}

#[derive(Deserialize)]
pub struct Add {
    name: String,
    passkey: String,
}

/// `POST /auth/passkey/add`: of somebody who is signed in.
pub async fn add(
    State(portal): State<Portal>,
    UnderWay { party, pending }: UnderWay,
    Extension(caller): Extension<Caller>,
    form: Result<Form<Add>, FormRejection>,
) -> Response {
    let again = |why: &str| see_other(&format!("{}?problem={why}", paths::ACCOUNT));
    let Ok(Form(Add { name, passkey })) = form else { return again("passkey") };
    match portal.add_passkey(&caller, &party, pending, &name, &passkey).await {
        Ok(()) => see_other(paths::ACCOUNT),
        Err(PortalError::Invalid(fields)) => again(if at_passkey(&fields) { "passkey" } else { "name" }),
        Err(PortalError::Conflict(_)) => again("many"),
        Err(error) => answers::answer(&Asker::Form { back: paths::ACCOUNT.to_owned() }, error.into_failure()),
    }
}

/// Whom passkeys are for here, and what is under way in the session: taken out of it, so that it is answered once.
pub struct UnderWay {
    party: RelyingParty,
    pending: Option<PendingPasskey>,
}

impl FromRequestParts<Parts> for UnderWay {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut http::request::Parts, state: &Parts) -> Result<Self, Response> {
        let Passkeys(Some(party)) = Passkeys::from_ref(state) else {
            let asker = Asker::Form { back: paths::SIGN_IN.to_owned() };
            let none = FailureCode::NotFound { what: "passkey here".into() };
            return Err(answers::answer(&asker, none.into()));
        };
        let session = Session::from_request_parts(parts, state).await.map_err(IntoResponse::into_response)?;
        Ok(Self { party, pending: take(&state.sessions, &session, SESSION_PASSKEY).await? })
    }
}

/// Keeps what is under way with the browser's session; in a new one, which may nothing, where nobody is signed in.
async fn keep(session: &Session, pending: &PendingPasskey, anew: bool) -> Result<(), Error> {
    if anew {
        session.clear().await;
        session.cycle_id().await?;
        session.set_expiry(Some(Expiry::OnInactivity(PENDING)));
    }
    session.insert(SESSION_PASSKEY, pending).await?;
    session.save().await
}

fn at_passkey(fields: &[FieldProblem]) -> bool {
    fields.iter().any(|problem| problem.field == "passkey")
}
