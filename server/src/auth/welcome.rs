//! One-time links: of the first administrator, and of people who were invited or set a new password.

use axum::{
    Form,
    extract::{State, rejection::FormRejection},
    response::Response,
};
use model::paths;
use portal::{Joining, NewAdministrator, Portal};
use serde::Deserialize;
use tower_sessions::Session;

use super::{
    address::Address,
    browser::Browser,
    password::problem,
    session::{begin, send_back},
};

#[derive(Deserialize)]
pub struct Welcome {
    token: String,
    email: String,
    name: String,
    password: String,
}

/// `POST /auth/welcome`
pub async fn welcome(
    State(portal): State<Portal>,
    session: Session,
    Address(from): Address,
    browser: Browser,
    form: Result<Form<Welcome>, FormRejection>,
) -> Response {
    let Ok(Form(Welcome { token, email, name, password })) = form else {
        return send_back(&format!("{}?problem=fields", paths::WELCOME), Vec::new());
    };
    let back = format!("{}?token={}", paths::WELCOME, paths::encode(&token));
    match portal.welcome(NewAdministrator { token, email, name, password }, from.as_str()).await {
        Ok(caller) => begin(&session, &portal, &caller, &browser, &from, paths::OVERVIEW).await,
        Err(refusal) => {
            let (problem, fields) = problem(refusal);
            send_back(&format!("{back}&problem={problem}"), fields)
        }
    }
}

#[derive(Deserialize)]
pub struct Join {
    token: String,
    name: String,
    password: String,
}

/// `POST /auth/join`
pub async fn join(
    State(portal): State<Portal>,
    session: Session,
    Address(from): Address,
    browser: Browser,
    form: Result<Form<Join>, FormRejection>,
) -> Response {
    let Ok(Form(Join { token, name, password })) = form else {
        return send_back(&format!("{}?problem=fields", paths::JOIN), Vec::new());
    };
    let back = paths::join(&token);
    match portal.join(Joining { token, name, password }, from.as_str()).await {
        Ok(caller) => begin(&session, &portal, &caller, &browser, &from, paths::OVERVIEW).await,
        Err(refusal) => {
            let (problem, fields) = problem(refusal);
            send_back(&format!("{back}&problem={problem}"), fields)
        }
    }
}
