//! Refresh tokens at the provider: exchanged for what it says of the person now, and revoked.

use base64::{Engine, prelude::BASE64_STANDARD};
use openidconnect::{
    ClientId, ClientSecret, Nonce, OAuth2TokenResponse, RefreshToken, RequestTokenError,
    core::{CoreClientAuthMethod, CoreTokenResponse},
    http::{Method, Request, header},
    url::{Url, form_urlencoded},
};
use serde::{Deserialize, Serialize};
use serde_json::Map;
use store::{Identity, StoreError};
use time::OffsetDateTime;

use super::{
    connection::{Away, Connection, Metadata},
    file::is_private,
    http,
    refusal::ProviderRefusal,
    token::{Claims, NonceRule},
};
use crate::PortalError;

/// Errors of a provider that are of the person: they must come themselves. All others may be ours, or pass.
const OF_THE_PERSON: [&str; 6] = [
    "invalid_grant",
    "access_denied",
    "account_selection_required",
    "consent_required",
    "interaction_required",
    "login_required",
];

/// What is sealed: the token, and the nonce of the sign-in that it came with. The library keeps both out of `Debug`.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct KeptToken {
    pub token: RefreshToken,
    pub nonce: Nonce,
}

/// Why nothing new is known of a person.
#[derive(Debug)]
pub(super) enum NotRefreshed {
    /// The provider refuses them, or they are somebody else: for this reason.
    Refused(String),
    /// There is no answer, or none that is believed.
    Away,
    Portal(PortalError),
}

impl From<Away> for NotRefreshed {
    fn from(Away: Away) -> Self {
        Self::Away
    }
}

impl From<ProviderRefusal> for NotRefreshed {
    /// The reason stands in the log.
    fn from(refusal: ProviderRefusal) -> Self {
        match refusal {
            ProviderRefusal::Portal(error) => Self::Portal(error),
            _ => Self::Away,
        }
    }
}

impl From<PortalError> for NotRefreshed {
    fn from(error: PortalError) -> Self {
        Self::Portal(error)
    }
}

impl From<StoreError> for NotRefreshed {
    fn from(error: StoreError) -> Self {
        Self::Portal(error.into())
    }
}

impl Connection {
    /// Exchanges a refresh token for others.
    pub(super) async fn redeem(
        &self,
        metadata: &Metadata,
        token: &RefreshToken,
    ) -> Result<CoreTokenResponse, NotRefreshed> {
        let client = self.oauth_client(metadata);
        let request = client.exchange_refresh_token(token).map_err(|_| NotRefreshed::Away)?;
        let send = |request| http::send(self.http.clone(), request);
        match request.request_async(&send).await {
            Ok(tokens) => Ok(tokens),
            Err(RequestTokenError::ServerResponse(said)) => {
                let error = said.error().to_string();
                if OF_THE_PERSON.contains(&error.as_str()) {
                    return Err(NotRefreshed::Refused(format!(
                        "{} refuses it ({error})",
                        self.provider.title
                    )));
                }
                self.provider.not_believed(&format!("it gives no token for a refresh token: {error}"));
                Err(NotRefreshed::Away)
            }
            Err(RequestTokenError::Request(error)) => Err(self.away(&error).into()),
            // What it sent may hold tokens: it is not logged.
            Err(_) => {
                self.provider.not_believed("its answer to a refresh token cannot be read");
                Err(NotRefreshed::Away)
            }
        }
    }

    /// What new tokens say of the person whom the old ones were of. Providers that send no ID token say it where they are asked
    /// with the access token.
    pub(super) async fn read_refreshed(
        &self,
        metadata: Metadata,
        tokens: &CoreTokenResponse,
        (identity, nonce): (&Identity, &Nonce),
        now: OffsetDateTime,
    ) -> Result<Claims, NotRefreshed> {
        let somebody_else = || NotRefreshed::Refused(format!("{} names somebody else", self.provider.title));
        if tokens.extra_fields().id_token().is_some() {
            let arrival = self.believe(metadata, tokens, NonceRule::SentOrNone(nonce), now).await?;
            let same = arrival.claims.identity == *identity;
            return if same { Ok(arrival.claims) } else { Err(somebody_else()) };
        }
        let Some(said) = self.user_info(&metadata, tokens.access_token()).await? else {
            self.provider.not_believed("it says nothing of the person for a refresh token");
            return Err(NotRefreshed::Away);
        };
        let mut claims = Claims::of_assertion(identity.clone(), None, Map::new());
        if claims.add(said) { Ok(claims) } else { Err(somebody_else()) }
    }

    /// Revokes a refresh token (RFC 7009), where the provider has a place for that. What it answers is the end of it, unless
    /// it cannot be reached now.
    pub(super) async fn revoke(&self, token: &RefreshToken, now: OffsetDateTime) -> Result<(), Away> {
        let metadata = self.metadata(now).await?;
        let Some(request) = self.revocation(&metadata, token) else { return Ok(()) };
        let answer = http::send(self.http.clone(), request).await.map_err(|error| self.away(&error))?;
        let status = answer.status();
        if !status.is_success() {
            tracing::warn!(provider = self.provider.name, %status, "a refresh token was not revoked");
        }
        if status.is_server_error() { Err(Away) } else { Ok(()) }
    }

    /// What is sent to revoke a token; the library sends such requests to `https` alone, also on this machine.
    fn revocation(&self, metadata: &Metadata, token: &RefreshToken) -> Option<Request<Vec<u8>>> {
        let place = metadata.additional_metadata().revocation_endpoint.as_deref()?;
        let place = Url::parse(place).ok().filter(is_private)?;
        let (id, secret) = (&self.client.id, &self.client.secret);
        let methods = metadata.token_endpoint_auth_methods_supported();
        let in_header =
            methods.is_none_or(|methods| methods.contains(&CoreClientAuthMethod::ClientSecretBasic));
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("token", token.secret()).append_pair("token_type_hint", "refresh_token");
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(place.as_str())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if in_header {
            request = request.header(header::AUTHORIZATION, basic(id, secret));
        } else {
            form.append_pair("client_id", id).append_pair("client_secret", secret.secret());
        }
        request.body(form.finish().into_bytes()).ok()
    }
}

/// As OAuth has it (RFC 6749, 2.3.1).
fn basic(id: &ClientId, secret: &ClientSecret) -> String {
    let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    format!("Basic {}", BASE64_STANDARD.encode(format!("{}:{}", encode(id), encode(secret.secret()))))
}
