//! Server functions: the browser's way to the use cases of `portal`. Each is a public endpoint, and each is three lines:
//! who asks, do it, answer. Reading ones take JSON; those that a form can post take flat text.
//!
//! During server rendering they are called directly, so nothing may be decided in a layer around `/rpc`.

pub mod audit;
pub mod changes;
pub mod frame;
pub mod jobs;
pub mod organization;
pub mod policies;
pub mod settings;
pub mod team;

pub use audit::{audit, audit_proof, events};
pub use changes::{change, changes};
pub use frame::{frame, join_link, jump, overview, request_sync};
pub use jobs::{job, jobs};
pub use organization::{aws_effective_policy, effective_policy, target, tree};
pub use policies::{
    attach_policy, create_policy, delete_policy, detach_policy, list_policies, policy, update_policy,
};
pub use settings::{exported_attachments, permissions, put_back_attachments, region_settings, settings};

pub use team::{account, begin_codes, device_request, mapping_page, team};

#[cfg(feature = "ssr")]
pub(crate) mod ssr {
    //! What every server function needs on the server.

    use std::str::FromStr;

    use leptos::prelude::*;

    use model::{
        Failure, FailureCode, IdError, JobFilter,
        access::{Action, Grant, Scope, TokenLimits},
        change::{ChangeSet, ChangeState},
    };
    use portal::{Caller, Origin, Portal, PortalError};

    pub use crate::status::set_status;
    use crate::{error::AppError, status::is_plain_form};

    /// The portal and the signed-in caller of this request.
    ///
    /// # Errors
    /// `SignedOut` where the request carries no valid session.
    pub fn begin() -> Result<(Portal, Caller), AppError> {
        let caller = caller().ok_or_else(|| fail(FailureCode::SignedOut.into()))?;
        Ok((portal()?, caller))
    }

    /// The portal.
    ///
    /// # Errors
    /// `Internal` where the server forgot to provide it.
    pub fn portal() -> Result<Portal, AppError> {
        use_context::<Portal>().ok_or_else(|| fail(FailureCode::Internal.into()))
    }

    /// The signed-in caller, if there is one.
    pub fn caller() -> Option<Caller> {
        use_context::<http::request::Parts>()?.extensions.get::<Caller>().cloned()
    }

    /// The network address that the request came from, as the server found it; empty where it is not known.
    pub fn address() -> String {
        let parts = use_context::<http::request::Parts>();
        parts.and_then(|parts| parts.extensions.get::<Origin>().cloned()).unwrap_or_default().address
    }

    /// Turns a use case's result into the answer.
    ///
    /// # Errors
    /// Where the use case failed; the failure's status becomes the answer's.
    pub fn end<T>(result: Result<T, PortalError>) -> Result<T, AppError> {
        result.map_err(|error| fail(error.into_failure()))
    }

    fn fail(failure: Failure) -> AppError {
        set_status(failure.status());
        failure.into()
    }

    /// Refuses what was sent, before any use case is asked.
    #[must_use]
    pub fn refuse(failure: Failure) -> AppError {
        fail(failure)
    }

    /// An id of something that is asked for: one that cannot be an id names nothing.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn existing<T: FromStr>(what: &str, id: &str) -> Result<T, AppError> {
        id.parse().map_err(|_| fail(FailureCode::NotFound { what: what.to_owned() }.into()))
    }

    /// An id that somebody typed into a field.
    ///
    /// # Errors
    /// `Invalid` at the field, with what the id must look like.
    pub fn parsed<T: FromStr<Err = IdError>>(field: &str, text: &str) -> Result<T, AppError> {
        text.parse().map_err(|error: IdError| fail(Failure::invalid(field, format!("{error}."))))
    }

    /// The job filter that a query string is.
    ///
    /// # Errors
    /// `Invalid` at each condition with a wrong value.
    pub fn job_filter(query: &str) -> Result<JobFilter, AppError> {
        match JobFilter::from_query(query) {
            (filter, problems) if problems.is_empty() => Ok(filter),
            (_, fields) => Err(fail(FailureCode::Invalid { fields }.into())),
        }
    }

    /// After a form that was posted without scripts: to what changed where all of it is done, else to the page of the
    /// change set, which says what is not.
    pub fn go_to_change(change: &ChangeSet, done: &str) {
        if is_plain_form() {
            let of_change = model::paths::change(change.id);
            go_to(if change.state == ChangeState::Done { done } else { &of_change });
        }
    }

    /// What a form gives somebody: a role, everywhere (`all`) or at the places (`below`) between spaces or commas.
    ///
    /// # Errors
    /// `Invalid` at the field that is none.
    pub fn grant(role: &str, scope: &str, places: &str) -> Result<Grant, AppError> {
        let role = role.parse().map_err(|_| refuse(Failure::invalid("role", "Choose a role.")))?;
        Ok(Grant { role, scope: self::scope(scope, places)? })
    }

    /// What a form makes a token for: actions by name, everywhere (`all`) or at the places (`below`) between spaces or commas.
    ///
    /// # Errors
    /// `Invalid` at the field that is none.
    pub fn token_limits(actions: &[String], scope: &str, places: &str) -> Result<TokenLimits, AppError> {
        let unknown = || refuse(Failure::invalid("actions", "Choose what it may do."));
        let actions = actions.iter().map(|name| Action::from_name(name).ok_or_else(unknown));
        Ok(TokenLimits { actions: actions.collect::<Result<_, _>>()?, scope: self::scope(scope, places)? })
    }

    fn scope(scope: &str, places: &str) -> Result<Scope, AppError> {
        let ids = places.split([' ', ',', '\n', '\r', '\t']).filter(|id| !id.is_empty());
        let tops: Vec<_> = ids.map(|id| parsed("places", id)).collect::<Result<_, _>>()?;
        match scope {
            "all" => Ok(Scope::All),
            "below" => Ok(Scope::Below(tops)),
            _ => Err(refuse(Failure::invalid("scope", "Choose everything or a part of it."))),
        }
    }

    /// After a form that was posted without scripts: to its page, without the dialog.
    pub fn go_back_to(page: &str) {
        if is_plain_form() {
            go_to(page);
        }
    }

    /// Goes to another page of this site after a form was posted.
    pub fn go_to(path: &str) {
        if model::paths::is_local(path) {
            leptos_axum::redirect(path);
        }
    }
}
