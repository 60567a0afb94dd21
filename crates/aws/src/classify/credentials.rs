//! What is wrong with the credentials: read off AWS's refusal, or off what the SDK says of those who give them.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_organizations::error::ProvideErrorMetadata;
use aws_sdk_sts::operation::{
    assume_role::AssumeRoleError, assume_role_with_web_identity::AssumeRoleWithWebIdentityError,
};
use model::failure::CredentialsProblem as Problem;

use super::{
    codes::{Meaning, meaning},
    said::{causes, own_words},
};
use crate::operation::Op;

/// What is asked, and whether the same credentials were accepted in another Region.
#[derive(Clone, Copy)]
pub(crate) struct Signing<'a> {
    pub(crate) region: &'a str,
    pub(crate) accepted_elsewhere: bool,
    /// The profile that is chosen by the environment.
    pub(crate) profile: Option<&'a str>,
}

/// What AWS's refusal says of the credentials: first by what it says, in lower case, then by its name.
pub(super) fn refused(code: &str, said: &str, signing: Signing<'_>) -> Problem {
    const CLOCK: [&str; 4] =
        ["signature expired", "signature not yet current", "is now earlier than", "is still later than"];
    let lower = said.to_ascii_lowercase();
    let elsewhere = || Problem::RegionNotEnabled { region: signing.region.to_owned() };
    match code {
        _ if CLOCK.iter().any(|words| lower.contains(words)) => Problem::Clock,
        "RequestExpired" | "RequestTimeTooSkewed" => Problem::Clock,
        "ExpiredToken" | "ExpiredTokenException" => Problem::Expired,
        "RegionDisabledException" => elsewhere(),
        _ if lower.contains("token") && lower.contains("expired") => Problem::Expired,
        "AuthFailure" | "InvalidClientTokenId" | "UnrecognizedClientException"
            if signing.accepted_elsewhere =>
        {
            elsewhere()
        }
        _ => Problem::NotAccepted,
    }
}

/// Whether the request never left for want of credentials.
pub(super) fn are_missing(error: &(dyn Error + 'static)) -> bool {
    causes(error).any(|cause| cause.is::<CredentialsError>())
}

const PROFILE: Problem = Problem::Profile { name: None };
/// What those who give credentials say, in lower case, and what that means; the first that fits.
const SAYINGS: [(&str, Problem); 11] = [
    ("external process", Problem::Process),
    ("credential_process", Problem::Process),
    ("sso token", Problem::SsoExpired),
    ("/sso/cache", Problem::SsoExpired),
    ("session token not found or invalid", Problem::SsoExpired),
    ("provider initialization error already taken", PROFILE),
    ("profile `", PROFILE),
    ("invalid profile", PROFILE),
    ("profile referenced", PROFILE),
    ("profilefile provider could not be built", PROFILE),
    ("no credentials found in chain", Problem::NoneFound),
];

/// Why there are no credentials, and what AWS itself said of it; `text` is all that the SDK says.
pub(super) fn missing(error: &(dyn Error + 'static), text: &str, signing: Signing<'_>) -> (Problem, String) {
    if let Some((code, said)) = causes(error).find_map(said_by_sts) {
        let problem = match meaning(Op::GetCallerIdentity, code, said) {
            Some(Meaning::Denied) => Problem::RoleRefused { role: role_in(said) },
            Some(Meaning::Credentials) => refused(code, said, signing),
            _ => Problem::NotObtained,
        };
        return (problem, own_words(said));
    }
    let lower = text.to_ascii_lowercase();
    let saying = SAYINGS.iter().find(|(words, _)| lower.contains(words));
    let problem = match saying.map(|(_, problem)| problem) {
        Some(Problem::Profile { .. }) => {
            Problem::Profile { name: named_profile(text).or(signing.profile).map(str::to_owned) }
        }
        Some(problem) => problem.clone(),
        None if causes(error).any(is_nothing) => Problem::NoneFound,
        None => Problem::NotObtained,
    };
    (problem, String::new())
}

fn is_nothing(cause: &(dyn Error + 'static)) -> bool {
    matches!(cause.downcast_ref(), Some(CredentialsError::CredentialsNotLoaded(_)))
}

/// Name and message of the error with which STS refuses a role.
fn said_by_sts<'a>(cause: &'a (dyn Error + 'static)) -> Option<(&'a str, &'a str)> {
    let metadata = |error: &'a dyn ProvideErrorMetadata| {
        (error.code().unwrap_or_default(), error.message().unwrap_or_default())
    };
    let role = cause.downcast_ref::<AssumeRoleError>().map(|error| metadata(error));
    role.or_else(|| cause.downcast_ref::<AssumeRoleWithWebIdentityError>().map(|error| metadata(error)))
}

/// The role that STS names.
fn role_in(said: &str) -> Option<String> {
    let (_, resource) = said.split_once("on resource: ")?;
    Some(resource.split_whitespace().next()?.to_owned())
}

/// The profile that the SDK names, as “profile `backup` was not defined”.
fn named_profile(text: &str) -> Option<&str> {
    let (_, named) = text.split_once("profile `")?;
    named.split_once('`').map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::chain;

    #[test]
    fn what_those_who_give_credentials_say_becomes_a_problem_with_a_next_step() {
        let attempted = |profile: &str| {
            format!(
                "no credentials found in chain. Attempted:\n  Environment: the credential provider was not enabled: environment variable not set\n  Profile: {profile}\n  Ec2InstanceMetadata: the credential provider was not enabled: could not communicate with IMDS"
            )
        };
        let not_defined = "profile `bakup` was not defined: could not find source profile bakup referenced from the root profile";
        let profile = |name: &str| Problem::Profile { name: Some(name.to_owned()) };
        let not_loaded = |text: String| CredentialsError::not_loaded(text);
        let failed = |text: &str| CredentialsError::provider_error(text.to_owned());
        for (error, problem) in [
            (not_loaded(attempted("the credential provider was not enabled")), Problem::NoneFound),
            (not_loaded("environment variable not set".to_owned()), Problem::NoneFound),
            (CredentialsError::not_loaded_no_source(), Problem::NoneFound),
            (not_loaded(attempted(not_defined)), profile("bakup")),
            (
                CredentialsError::unhandled(
                    "profile file credentials provider initialization error already taken",
                ),
                profile("chosen"),
            ),
            (
                CredentialsError::invalid_configuration(
                    "ProfileFile provider could not be built: invalid credential source in `x`: no such thing",
                ),
                profile("chosen"),
            ),
            (
                failed(
                    "Error retrieving credentials: external process exited with code exit status: 1. Stderr: no",
                ),
                Problem::Process,
            ),
            (
                failed("Error retrieving credentials from external process, could not parse response: EOF"),
                Problem::Process,
            ),
            (failed("the SSO token has expired and cannot be refreshed"), Problem::SsoExpired),
            (failed("failed to read `/root/.aws/sso/cache/0.json`"), Problem::SsoExpired),
            (failed("UnauthorizedException: Session token not found or invalid"), Problem::SsoExpired),
            (failed("503 Service Unavailable"), Problem::NotObtained),
            (CredentialsError::provider_timed_out(std::time::Duration::from_secs(5)), Problem::NotObtained),
        ] {
            let signing = Signing { region: "eu-west-1", accepted_elsewhere: false, profile: Some("chosen") };
            let text = chain(&error);
            assert!(are_missing(&error));
            assert_eq!(missing(&error, &text, signing), (problem, String::new()), "{text}");
        }
    }
}
