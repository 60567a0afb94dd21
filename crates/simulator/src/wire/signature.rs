//! What the simulator reads of a signed request: who calls, in which session of a role, and in which Region. The
//! signature itself is not checked.

use super::rule::Form;
use axum::http::HeaderMap;

const DEFAULT_REGION: &str = "us-east-1";
/// Tokens of AssumeRole begin so; the session's name follows.
pub const SESSION_TOKEN: &str = "simulated-session/";

#[derive(Debug, Default, PartialEq)]
pub struct Signature {
    key: String,
    pub region: String,
    /// The name of the session, with the credentials of AssumeRole.
    pub session: Option<String>,
}

impl Signature {
    /// Reads `AWS4-HMAC-SHA256 Credential=<key>/<date>/<region>/<service>/aws4_request, ...`.
    pub fn of(headers: &HeaderMap) -> Self {
        let text = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let scope = text.split_once("Credential=").map(|(_, rest)| rest).unwrap_or_default();
        let mut parts = scope.split([',', ' ']).next().unwrap_or_default().split('/');
        let key = parts.next().unwrap_or_default().to_owned();
        let region = parts.nth(1).filter(|region| !region.is_empty()).unwrap_or(DEFAULT_REGION).to_owned();
        let token = headers.get("x-amz-security-token").and_then(|value| value.to_str().ok());
        let session = token.and_then(|token| token.strip_prefix(SESSION_TOKEN)).map(str::to_owned);
        Self { key, region, session }
    }

    /// The account that the access key id names (`AKIA111122223333`), if it names one.
    pub fn account(&self) -> Option<&str> {
        let key = self.key.strip_prefix("AKIA").or_else(|| self.key.strip_prefix("ASIA"));
        key.and_then(|key| key.get(..12)).filter(|account| Form::Account.matches(account))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signature(authorization: &'static str) -> Signature {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", authorization.parse().unwrap());
        Signature::of(&headers)
    }

    #[test]
    fn region_and_key_come_from_the_credential_scope() {
        let read = signature(
            "AWS4-HMAC-SHA256 Credential=AKIA111122223333/20261120/eu-west-1/backup/aws4_request, \
             SignedHeaders=host, Signature=0",
        );
        assert_eq!(
            read,
            Signature { key: "AKIA111122223333".into(), region: "eu-west-1".into(), session: None }
        );
    }

    #[test]
    fn without_a_scope_the_region_is_us_east_1() {
        assert_eq!(signature("Basic x").region, "us-east-1");
        assert_eq!(Signature::of(&HeaderMap::new()).region, "us-east-1");
    }
}
