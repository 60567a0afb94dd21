//! The first administrator.

use axum::{Form, extract::State, response::Response};
use model::{FailureCode, paths};
use portal::{NewAdministrator, Portal};
use serde::Deserialize;
use tower_sessions::Session;

use super::{
    password::word,
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
pub async fn welcome(State(portal): State<Portal>, session: Session, Form(form): Form<Welcome>) -> Response {
    let Welcome { token, email, name, password } = form;
    let back =
        |problem: &str| format!("{}?token={}&problem={problem}", paths::WELCOME, paths::encode(&token));
    let new = NewAdministrator { token: token.clone(), email, name, password };
    match portal.create_first_administrator(new).await {
        Ok(caller) => begin(&session, &caller, paths::OVERVIEW).await,
        Err(error) => {
            let failure = error.into_failure();
            let word = word(&failure);
            let problems =
                if let FailureCode::Invalid { fields } = failure.code { fields } else { Vec::new() };
            send_back(&back(word), problems)
        }
    }
}
