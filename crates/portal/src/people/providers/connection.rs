//! What a provider says of itself: its addresses and keys, read when they are needed and kept for a while.

use openidconnect::{
    AdditionalProviderMetadata, JsonWebKeySet, ProviderMetadata,
    core::{
        CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType, CoreJsonWebKey,
        CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreResponseMode, CoreResponseType,
        CoreSubjectIdentifierType,
    },
};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use tokio::sync::Mutex;

use super::{
    file::{Client, Provider},
    http,
};

/// How long what was read is kept.
const KEPT: Duration = Duration::hours(1);
/// Keys are not read anew more often than this, whatever tokens name.
const KEYS_ANEW: Duration = Duration::minutes(1);
/// A provider that did not answer is not asked again for so long: others who wait hear at once.
const AWAY: Duration = Duration::seconds(5);

/// What a provider says of itself beside what the library reads.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Extra {
    /// Where people sign out there.
    pub end_session_endpoint: Option<String>,
    /// Where tokens are revoked (RFC 7009).
    pub revocation_endpoint: Option<String>,
    /// Whether each answer names the issuer (RFC 9207).
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for Extra {}

pub(super) type Metadata = ProviderMetadata<
    Extra,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// A provider, and what it has said of itself.
pub(super) struct Connection {
    pub provider: Provider,
    pub client: Client,
    pub http: reqwest::Client,
    /// Held while the provider is asked: whoever comes meanwhile gets the same answer.
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    metadata: Option<(Metadata, OffsetDateTime)>,
    keys_read_at: Option<OffsetDateTime>,
    failed_at: Option<OffsetDateTime>,
}

/// The provider gives no usable answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Away;

impl Connection {
    pub(super) fn new(provider: Provider, client: Client, http: reqwest::Client) -> Self {
        Self { provider, client, http, known: Mutex::default() }
    }

    /// What the provider says of itself, its keys among it.
    pub(super) async fn metadata(&self, now: OffsetDateTime) -> Result<Metadata, Away> {
        let mut known = self.known.lock().await;
        match &known.metadata {
            Some((metadata, at)) if now - *at < KEPT => return Ok(metadata.clone()),
            _ if known.failed_at.is_some_and(|at| now - at < AWAY) => return Err(Away),
            _ => (),
        }
        let send = |request| http::send(self.http.clone(), request);
        match Metadata::discover_async(self.provider.issuer.clone(), &send).await {
            Ok(metadata) => {
                *known = Known { metadata: Some((metadata.clone(), now)), ..Known::default() };
                Ok(metadata)
            }
            Err(error) => {
                known.failed_at = Some(now);
                Err(self.away(&error))
            }
        }
    }

    /// The same with its keys read anew, for a token that names a key that was not among them; `None` where they were just
    /// read.
    pub(super) async fn with_new_keys(&self, now: OffsetDateTime) -> Result<Option<Metadata>, Away> {
        let mut known = self.known.lock().await;
        if known.keys_read_at.is_some_and(|at| now - at < KEYS_ANEW) {
            return Ok(None);
        }
        known.keys_read_at = Some(now);
        let Some((metadata, at)) = known.metadata.take() else { return Ok(None) };
        let send = |request| http::send(self.http.clone(), request);
        let keys = JsonWebKeySet::fetch_async(metadata.jwks_uri(), &send).await;
        let keys = keys.map_err(|error| self.away(&error))?;
        let metadata = metadata.set_jwks(keys);
        known.metadata = Some((metadata.clone(), at));
        Ok(Some(metadata))
    }

    /// Says why in the log: pages say no more than that there is no answer.
    pub(super) fn away(&self, error: &dyn std::error::Error) -> Away {
        let mut why = error.to_string();
        let mut next = error.source();
        while let Some(source) = next {
            why = format!("{why}: {source}");
            next = source.source();
        }
        tracing::warn!(
            provider = self.provider.name,
            error = why,
            "the identity provider gives no usable answer"
        );
        Away
    }
}
