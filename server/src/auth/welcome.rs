//! The first administrator.

use axum::{
    Form,
    extract::{State, rejection::FormRejection},
    response::Response,
};
use model::paths;
use portal::{NewAdministrator, Portal};
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
        Ok(caller) => begin(&session, &portal, &caller, &browser, paths::OVERVIEW).await,
        Err(refusal) => {
            let (problem, fields) = problem(refusal);
            send_back(&format!("{back}&problem={problem}"), fields)
        }
    }
}
