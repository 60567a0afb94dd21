//! What Holdfast is to a provider of OpenID Connect.

use openidconnect::{ClientId, ClientSecret};

use super::{
    problem::ProvidersError,
    refresh::{self, Refresh},
    row::ProviderRow,
    sources::{ProviderSources, secret},
};

/// A confidential client. The library keeps its secret out of `Debug`.
#[derive(Debug)]
pub struct Client {
    pub id: ClientId,
    pub secret: ClientSecret,
    /// Asked for; `openid` is among them.
    pub scopes: Vec<String>,
    /// How sessions are refreshed; `None` where they are not.
    pub refresh: Option<Refresh>,
}

pub(super) fn client(row: &ProviderRow, sources: &impl ProviderSources) -> Result<Client, ProvidersError> {
    let Some(id) = row.client_id.clone() else {
        let why = "is needed".to_owned();
        return Err(ProvidersError::Field { name: row.name.clone(), field: "client_id", why });
    };
    let scopes = || ["openid", "profile", "email"].map(str::to_owned).to_vec();
    let scopes = row.scopes.clone().unwrap_or_else(scopes);
    if !scopes.iter().any(|scope| scope == "openid") {
        return Err(ProvidersError::Scopes(row.name.clone()));
    }
    let refreshed = |refresh| refresh::refresh(&row.name, refresh, row.session_minutes);
    let from = (row.client_secret_file.as_ref(), row.client_secret_env.as_ref());
    Ok(Client {
        id: ClientId::new(id),
        secret: ClientSecret::new(secret(&row.name, "client_secret", from, sources)?),
        scopes,
        refresh: row.refresh.as_ref().map(refreshed).transpose()?,
    })
}
