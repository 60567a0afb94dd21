//! The first administrator.

use axum::{Form, extract::State, response::Response};
use model::{FailureCode, paths, session::RefusedForm};
use portal::{NewAdministrator, Portal};
use serde::Deserialize;
use tower_sessions::Session;

use super::{password::word, session::begin};
use crate::{config::Web, layers::refused::refuse};

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
    State(web): State<Web>,
    session: Session,
    Form(form): Form<Welcome>,
) -> Response {
    let Welcome { token, email, name, password } = form;
    let back =
        |problem: &str| format!("{}?token={}&problem={problem}", paths::WELCOME, paths::encode(&token));
    let new = NewAdministrator { token: token.clone(), email: email.clone(), name: name.clone(), password };
    match portal.create_first_administrator(new).await {
        Ok(caller) => begin(&session, &caller, paths::OVERVIEW).await,
        Err(error) => {
            let failure = error.into_failure();
            let word = word(&failure);
            let problems =
                if let FailureCode::Invalid { fields } = failure.code { fields } else { Vec::new() };
            refuse(&web, &back(word), RefusedForm { email, name, problems })
        }
    }
}
