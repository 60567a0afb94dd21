//! People: everybody for administrators, and one's own account.

use leptos::prelude::*;
use model::team as people;
use server_fn::codec::Json;

#[cfg(feature = "ssr")]
use crate::server_fns::ssr;
use crate::{error::AppError, wire::Answer};

/// Everybody who can sign in or was invited.
///
/// # Errors
/// Where the portal fails.
#[server(input = Json, output = Answer)]
pub async fn team() -> Result<people::Team, AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.team(&caller).await)
}

/// The providers whose mappings can be tried out; with what came of it where the page was posted.
///
/// # Errors
/// Where the portal fails.
#[server(input = Json, output = Answer)]
pub async fn mapping_page() -> Result<people::MappingPage, AppError> {
    let (portal, caller) = ssr::begin()?;
    let providers = ssr::end(portal.mappings(&caller).await)?;
    let parts = use_context::<http::request::Parts>();
    let tried = parts.and_then(|parts| parts.extensions.get::<people::TriedMapping>().cloned());
    Ok(people::MappingPage { providers, tried })
}

/// Invites somebody; answers the link, which is shown this once. `scope` is `all`, or `below` for the OUs and accounts whose ids
/// stand in `places` between spaces.
///
/// # Errors
/// `Invalid` for a field that is wrong.
#[server(output = Answer)]
pub async fn invite_person(
    email: String,
    name: String,
    role: String,
    scope: String,
    #[server(default)] places: String,
) -> Result<people::NewLink, AppError> {
    let (portal, caller) = ssr::begin()?;
    let grant = ssr::grant(&role, &scope, &places)?;
    ssr::end(portal.invite_person(&caller, portal::Invitation { email, name, grant }).await)
}

/// Gives somebody a role in the place of the one that they were given before.
///
/// # Errors
/// `Conflict` where they are the last administrator.
#[server(output = Answer)]
pub async fn give_rights(
    id: i64,
    role: String,
    scope: String,
    #[server(default)] places: String,
) -> Result<(), AppError> {
    let (portal, caller) = ssr::begin()?;
    let grant = ssr::grant(&role, &scope, &places)?;
    ssr::end(portal.give_rights(&caller, id, grant).await)?;
    ssr::go_back_to(model::paths::TEAM);
    Ok(())
}

/// Lets somebody sign in or not.
///
/// # Errors
/// `Conflict` where they are the last administrator.
#[server(output = Answer)]
pub async fn set_person_disabled(id: i64, disabled: bool) -> Result<(), AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.set_person_disabled(&caller, id, disabled).await)?;
    ssr::go_back_to(model::paths::TEAM);
    Ok(())
}

/// Removes somebody.
///
/// # Errors
/// `Conflict` where they are the last administrator.
#[server(output = Answer)]
pub async fn delete_person(id: i64) -> Result<(), AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.delete_person(&caller, id).await)?;
    ssr::go_back_to(model::paths::TEAM);
    Ok(())
}

/// Signs somebody out everywhere; says how many sessions ended.
///
/// # Errors
/// Where the portal fails.
#[server(output = Answer)]
pub async fn end_sessions_of_person(id: i64) -> Result<u64, AppError> {
    let (portal, caller) = ssr::begin()?;
    let ended = ssr::end(portal.end_sessions_of_person(&caller, id).await)?;
    ssr::go_back_to(model::paths::TEAM);
    Ok(ended)
}

/// Makes a link by which somebody sets a new password; it is shown this once.
///
/// # Errors
/// `Conflict` where they are disabled.
#[server(output = Answer)]
pub async fn start_reset(id: i64) -> Result<people::NewLink, AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.start_reset(&caller, id).await)
}

/// Says who must have a second factor: `nobody`, `administrators`, `everybody`.
///
/// # Errors
/// `Invalid` for a rule that is none.
#[server(output = Answer)]
pub async fn set_second_factor_rule(rule: String) -> Result<(), AppError> {
    let (portal, caller) = ssr::begin()?;
    let rule = model::sign_in::SecondFactorRule::from_name(&rule)
        .ok_or_else(|| ssr::refuse(model::Failure::invalid("rule", "Choose who must have one.")))?;
    ssr::end(portal.set_second_factor_rule(&caller, rule).await)?;
    ssr::go_back_to(model::paths::TEAM);
    Ok(())
}

/// Switches local sign-in off for all but the break-glass account, which is named by its id.
///
/// # Errors
/// `Conflict` where nobody could help any more, or the account cannot be that.
#[server(output = Answer)]
pub async fn turn_local_sign_in_off(#[server(default)] break_glass: i64) -> Result<(), AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.turn_local_sign_in_off(&caller, break_glass).await)?;
    ssr::go_back_to(model::paths::TEAM);
    Ok(())
}

/// Lets local accounts sign in again.
///
/// # Errors
/// Where the portal fails.
#[server(output = Answer)]
pub async fn turn_local_sign_in_on() -> Result<(), AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.turn_local_sign_in_on(&caller).await)?;
    ssr::go_back_to(model::paths::TEAM);
    Ok(())
}

/// One's own account.
///
/// # Errors
/// Where the portal fails.
#[server(input = Json, output = Answer)]
pub async fn account() -> Result<people::Account, AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.account(&caller).await)
}

/// Changes one's own name.
///
/// # Errors
/// `Invalid` for a name that is none.
#[server(output = Answer)]
pub async fn change_name(name: String) -> Result<(), AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.change_name(&caller, &name).await)?;
    ssr::go_back_to(model::paths::ACCOUNT);
    Ok(())
}

/// Changes one's own password; all other sessions end.
///
/// # Errors
/// `Invalid` for either password.
#[server(output = Answer)]
pub async fn change_password(current_password: String, password: String) -> Result<(), AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.change_password(&caller, &current_password, &password).await)?;
    ssr::go_back_to(model::paths::ACCOUNT);
    Ok(())
}

/// Begins to set up an authenticator app.
///
/// # Errors
/// `Conflict` where one is set up.
#[server(output = Answer)]
pub async fn begin_codes() -> Result<people::NewCodes, AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.begin_codes(&caller).await)
}

/// Makes an authenticator app count; answers recovery codes, which are shown this once.
///
/// # Errors
/// `Invalid` for a wrong code.
#[server(output = Answer)]
pub async fn finish_codes(code: String) -> Result<Vec<String>, AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.finish_codes(&caller, &code).await)
}

/// Ends an authenticator app and its recovery codes.
///
/// # Errors
/// Where the portal fails.
#[server(output = Answer)]
pub async fn remove_codes() -> Result<(), AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.remove_codes(&caller).await)?;
    ssr::go_back_to(model::paths::ACCOUNT);
    Ok(())
}

/// Makes new recovery codes, which are shown this once.
///
/// # Errors
/// `Conflict` where there is no app that they stand in for.
#[server(output = Answer)]
pub async fn make_recovery_codes() -> Result<Vec<String>, AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.make_recovery_codes(&caller).await)
}

/// Calls one of one's own passkeys otherwise.
///
/// # Errors
/// `NotFound` where there is none of this id, `Invalid` for a name that is none.
#[server(output = Answer)]
pub async fn rename_passkey(id: i64, name: String) -> Result<(), AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.rename_passkey(&caller, id, &name).await)?;
    ssr::go_back_to(model::paths::ACCOUNT);
    Ok(())
}

/// Removes one of one's own passkeys.
///
/// # Errors
/// `NotFound` where there is none of this id, `Conflict` where it is the last way to sign in.
#[server(output = Answer)]
pub async fn remove_passkey(id: i64) -> Result<(), AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.remove_passkey(&caller, id).await)?;
    ssr::go_back_to(model::paths::ACCOUNT);
    Ok(())
}

/// Makes a token, which is shown this once: of a service account, or of one's own where none is named.
///
/// # Errors
/// `Invalid` for a field that is wrong.
#[server(output = Answer)]
pub async fn make_token(
    #[server(default)] account: Option<i64>,
    name: String,
    #[server(default)] actions: Vec<String>,
    scope: String,
    #[server(default)] places: String,
    days: i64,
) -> Result<people::MadeToken, AppError> {
    let (portal, caller) = ssr::begin()?;
    let limits = ssr::token_limits(&actions, &scope, &places)?;
    let wish = portal::TokenWish { name, limits, days };
    ssr::end(match account {
        Some(account) => portal.make_service_token(&caller, account, wish).await,
        None => portal.make_token(&caller, wish).await,
    })
}

/// Ends a token: of `owner`, or of one's own where nobody is named.
///
/// # Errors
/// `NotFound` where there is none.
#[server(output = Answer)]
pub async fn end_token(id: i64, #[server(default)] owner: Option<i64>) -> Result<(), AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(match owner {
        Some(owner) => portal.end_token_of(&caller, owner, id).await,
        None => portal.end_token(&caller, id).await,
    })?;
    ssr::go_back_to(if owner.is_some() { model::paths::TEAM } else { model::paths::ACCOUNT });
    Ok(())
}

/// Finds a program that asks for a token, by the code that it shows; answers its number, which nobody else can use.
///
/// # Errors
/// `Invalid` for a code that is none or not good any more, `Busy` after too many of them.
#[server(output = Answer)]
pub async fn find_device(code: String) -> Result<i64, AppError> {
    let (portal, caller) = ssr::begin()?;
    let id = ssr::end(portal.find_device(&caller, &code).await)?;
    ssr::go_back_to(&model::paths::device_request(id));
    Ok(id)
}

/// What a program asks for that the caller has found.
///
/// # Errors
/// `NotFound` where it is over, decided, or somebody else's.
#[server(input = Json, output = Answer)]
pub async fn device_request(id: i64) -> Result<people::DeviceRequest, AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.device_request(&caller, id).await)
}

/// Makes the token that a program asks for, for the program.
///
/// # Errors
/// `NotFound` where it is over, decided, or somebody else's.
#[server(output = Answer)]
pub async fn approve_device(id: i64) -> Result<(), AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.approve_device(&caller, id).await)?;
    ssr::go_back_to(model::paths::DEVICE_APPROVED);
    Ok(())
}

/// Refuses a program its token.
///
/// # Errors
/// `NotFound` where it is over, decided, or somebody else's.
#[server(output = Answer)]
pub async fn refuse_device(id: i64) -> Result<(), AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.refuse_device(&caller, id).await)?;
    ssr::go_back_to(model::paths::DEVICE_REFUSED);
    Ok(())
}

/// Adds a service account, which only tokens let in.
///
/// # Errors
/// `Invalid` for a field that is wrong.
#[server(output = Answer)]
pub async fn make_service_account(
    name: String,
    role: String,
    scope: String,
    #[server(default)] places: String,
) -> Result<(), AppError> {
    let (portal, caller) = ssr::begin()?;
    let grant = ssr::grant(&role, &scope, &places)?;
    ssr::end(portal.make_service_account(&caller, &name, grant).await)?;
    ssr::go_back_to(model::paths::TEAM);
    Ok(())
}

/// Ends one of one's own sessions.
///
/// # Errors
/// `NotFound` where there is none of this name.
#[server(output = Answer)]
pub async fn end_own_session(session: String) -> Result<(), AppError> {
    let (portal, caller) = ssr::begin()?;
    ssr::end(portal.end_own_session(&caller, &session).await)?;
    ssr::go_back_to(model::paths::ACCOUNT);
    Ok(())
}

/// Ends all of one's own sessions but this one; says how many.
///
/// # Errors
/// Where the portal fails.
#[server(output = Answer)]
pub async fn end_other_sessions() -> Result<u64, AppError> {
    let (portal, caller) = ssr::begin()?;
    let ended = ssr::end(portal.end_other_sessions(&caller).await)?;
    ssr::go_back_to(model::paths::ACCOUNT);
    Ok(ended)
}
