//! The way to a provider and back: an address to send people to, and the code that they come back with.

use openidconnect::{
    AccessToken, AuthType, AuthorizationCode, CsrfToken, Nonce, OAuth2TokenResponse, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, RefreshToken, RequestTokenError, Scope, StandardErrorResponse,
    core::{
        CoreAuthPrompt, CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreErrorResponseType,
        CoreTokenResponse,
    },
    http::{Method, header},
    url::Url,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::{
    connection::{Connection, Metadata},
    http,
    jws::Fault,
    refusal::ProviderRefusal,
    token::{Claims, NonceRule},
};

/// What only the browser's session and we know of a sign-in that is under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Secrets {
    pub state: String,
    pub nonce: String,
    pub verifier: String,
}

/// What the provider sends people back with, as it stands in the address.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct ProviderAnswer {
    pub code: String,
    pub state: String,
    /// The issuer (RFC 9207).
    pub iss: Option<String>,
    /// Why there is no code.
    pub error: Option<String>,
}

/// A person at the provider, and the token that says so.
pub(super) struct Arrival {
    pub claims: Claims,
    pub id_token: String,
    pub refresh_token: Option<RefreshToken>,
}

pub(super) type Client = CoreClient<
    openidconnect::EndpointSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointMaybeSet,
    openidconnect::EndpointMaybeSet,
>;

impl Connection {
    pub(super) fn oauth_client(&self, metadata: &Metadata) -> Client {
        let (id, secret) = (self.client.id.clone(), self.client.secret.clone());
        // Nothing said is the header (OpenID Connect Discovery 1.0, 3).
        let methods = metadata.token_endpoint_auth_methods_supported();
        let in_header =
            methods.is_none_or(|methods| methods.contains(&CoreClientAuthMethod::ClientSecretBasic));
        let how = if in_header { AuthType::BasicAuth } else { AuthType::RequestBody };
        let client = CoreClient::from_provider_metadata(metadata.clone(), id, Some(secret));
        client.set_auth_type(how)
    }

    fn client_for(&self, metadata: &Metadata, back: &str) -> Result<Client, ProviderRefusal> {
        let back = RedirectUrl::new(back.to_owned()).map_err(|_| ProviderRefusal::Answer)?;
        Ok(self.oauth_client(metadata).set_redirect_uri(back))
    }

    /// Where to send somebody. `anew` asks them for a password or factor even where they are signed in there.
    pub(super) fn address(
        &self,
        metadata: &Metadata,
        back: &str,
        secrets: &Secrets,
        anew: bool,
    ) -> Result<Url, ProviderRefusal> {
        let client = self.client_for(metadata, back)?;
        let (state, nonce) = (secrets.state.clone(), secrets.nonce.clone());
        let verifier = PkceCodeVerifier::new(secrets.verifier.clone());
        let mut request = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state),
                move || Nonce::new(nonce),
            )
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        for scope in self.client.scopes.iter().filter(|scope| *scope != "openid") {
            request = request.add_scope(Scope::new(scope.clone()));
        }
        if anew {
            request = request.add_prompt(CoreAuthPrompt::Login).set_max_age(std::time::Duration::ZERO);
        }
        if let Some(refresh) = &self.client.refresh {
            if refresh.consent {
                request = request.add_prompt(CoreAuthPrompt::Consent);
            }
            for (name, value) in &refresh.parameters {
                request = request.add_extra_param(name.clone(), value.clone());
            }
        }
        Ok(request.url().0)
    }

    /// Who came back with a code. The state was compared before.
    pub(super) async fn arrive(
        &self,
        back: &str,
        secrets: &Secrets,
        answer: ProviderAnswer,
        now: OffsetDateTime,
    ) -> Result<Arrival, ProviderRefusal> {
        let metadata = self.metadata(now).await.map_err(|_| ProviderRefusal::Away)?;
        self.check_issuer(&metadata, answer.iss.as_deref())?;
        if let Some(error) = answer.error {
            let error: String = error.chars().filter(|c| c.is_ascii_graphic()).take(60).collect();
            tracing::info!(provider = self.provider.name, error, "the identity provider lets nobody in");
            return Err(ProviderRefusal::Declined);
        }
        let client = self.client_for(&metadata, back)?;
        let send = |request| http::send(self.http.clone(), request);
        let request = client.exchange_code(AuthorizationCode::new(answer.code));
        let request = request.map_err(|_| ProviderRefusal::Answer)?;
        let request = request.set_pkce_verifier(PkceCodeVerifier::new(secrets.verifier.clone()));
        let tokens = request.request_async(&send).await.map_err(|error| self.refused(&error))?;
        let nonce = Nonce::new(secrets.nonce.clone());
        self.believe(metadata, &tokens, NonceRule::Sent(&nonce), now).await
    }

    /// A provider's answer must not be taken for another's.
    fn check_issuer(&self, metadata: &Metadata, named: Option<&str>) -> Result<(), ProviderRefusal> {
        let needed = metadata.additional_metadata().authorization_response_iss_parameter_supported;
        let right = named.map_or(!needed, |named| named == self.provider.issuer.as_str());
        if right { Ok(()) } else { Err(self.provider.not_believed("it is the answer of another issuer")) }
    }

    /// What the tokens say, once it is believed.
    pub(super) async fn believe(
        &self,
        metadata: Metadata,
        tokens: &CoreTokenResponse,
        nonce: NonceRule<'_>,
        now: OffsetDateTime,
    ) -> Result<Arrival, ProviderRefusal> {
        let token = tokens
            .extra_fields()
            .id_token()
            .ok_or_else(|| self.provider.not_believed("there is no ID token"))?;
        let claims = |metadata: &Metadata| {
            Claims::of_id_token(self, metadata, token, tokens.access_token(), nonce, now)
        };
        let (metadata, claims) = match claims(&metadata) {
            Err(Fault::UnknownKey) => {
                let anew = self.with_new_keys(now).await.map_err(|_| ProviderRefusal::Away)?;
                let metadata = anew.unwrap_or(metadata);
                let claims = claims(&metadata);
                (metadata, claims)
            }
            claims => (metadata, claims),
        };
        let mut claims = claims.map_err(|fault| self.provider.not_believed(&format!("{fault:?}")))?;
        self.ask_more(&metadata, tokens.access_token(), &mut claims).await?;
        let refresh_token = tokens.refresh_token().cloned();
        Ok(Arrival { claims, id_token: token.to_string(), refresh_token })
    }

    /// Providers that keep their tokens small say e-mail address and groups where they are asked with the access token.
    async fn ask_more(
        &self,
        metadata: &Metadata,
        access_token: &AccessToken,
        claims: &mut Claims,
    ) -> Result<(), ProviderRefusal> {
        let groups = self.provider.groups_claim.as_deref();
        if claims.has("email") && groups.is_none_or(|claim| claims.has(claim)) {
            return Ok(());
        }
        let Some(said) = self.user_info(metadata, access_token).await? else { return Ok(()) };
        let of_them = claims.add(said);
        let somebody_else = || self.provider.not_believed("what it says of the person is of somebody else");
        of_them.then_some(()).ok_or_else(somebody_else)
    }

    /// What the provider says of whoever an access token is of; `None` where it cannot be asked.
    pub(super) async fn user_info(
        &self,
        metadata: &Metadata,
        access_token: &AccessToken,
    ) -> Result<Option<Map<String, Value>>, ProviderRefusal> {
        let Some(endpoint) = metadata.userinfo_endpoint() else { return Ok(None) };
        let request = openidconnect::http::Request::builder()
            .method(Method::GET)
            .uri(endpoint.url().as_str())
            .header(header::ACCEPT, "application/json")
            .header(header::AUTHORIZATION, format!("Bearer {}", access_token.secret()))
            .body(Vec::new())
            .map_err(|_| ProviderRefusal::Answer)?;
        let answer = http::send(self.http.clone(), request).await;
        let answer = answer.map_err(|error| self.away(&error)).map_err(|_| ProviderRefusal::Away)?;
        let said: Option<Map<String, Value>> =
            answer.status().is_success().then(|| serde_json::from_slice(answer.body()).ok()).flatten();
        let unreadable = || self.provider.not_believed("what it says of the person cannot be read");
        said.map(Some).ok_or_else(unreadable)
    }

    fn refused<E: std::error::Error + 'static>(
        &self,
        error: &RequestTokenError<E, StandardErrorResponse<CoreErrorResponseType>>,
    ) -> ProviderRefusal {
        match error {
            RequestTokenError::Request(error) => {
                self.away(error);
                ProviderRefusal::Away
            }
            RequestTokenError::ServerResponse(said) => {
                self.provider.not_believed(&format!("it gives no token for the code: {}", said.error()))
            }
            // What it sent may hold tokens: it is not logged.
            _ => self.provider.not_believed("its answer to the code cannot be read"),
        }
    }
}
