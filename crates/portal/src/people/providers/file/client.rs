//! What Holdfast is to a provider of OpenID Connect.

use openidconnect::{ClientId, ClientSecret};

use super::{ProviderRow, ProviderSources, ProvidersError, secret};

/// A confidential client. The library keeps its secret out of `Debug`.
#[derive(Debug)]
pub struct Client {
    pub id: ClientId,
    pub secret: ClientSecret,
    /// Asked for; `openid` is among them.
    pub scopes: Vec<String>,
}

pub(super) fn client(row: &ProviderRow, sources: &impl ProviderSources) -> Result<Client, ProvidersError> {
    if !row.scopes.iter().any(|scope| scope == "openid") {
        return Err(ProvidersError::Scopes(row.name.clone()));
    }
    let from = (row.client_secret_file.as_ref(), row.client_secret_env.as_ref());
    Ok(Client {
        id: ClientId::new(row.client_id.clone()),
        secret: ClientSecret::new(secret(&row.name, "client_secret", from, sources)?),
        scopes: row.scopes.clone(),
    })
}
