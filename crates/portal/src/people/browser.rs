//! Browsers that somebody has signed in with. Each keeps a secret, of which the database has the hash; attempts from it
//! do not count for the account, so that nobody can keep an account's owner out by failing in their name.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use time::Duration;

use crate::{Caller, Portal, PortalError};

/// How long a browser is known after a sign-in, in days.
pub const BROWSER_DAYS: i64 = 90;

/// Who knocks.
#[derive(Clone, Copy, Debug)]
pub struct Visitor<'a> {
    /// Network address; empty where it is not known.
    pub address: &'a str,
    /// The secret that their browser keeps, as [`Portal::remember_browser`] made it.
    pub browser: Option<&'a str>,
}

impl<'a> From<&'a str> for Visitor<'a> {
    fn from(address: &'a str) -> Self {
        Self { address, browser: None }
    }
}

impl Portal {
    /// Makes the secret of a browser that its owner has just signed in with, in the place of the one that it had.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn remember_browser(
        &self,
        caller: &Caller,
        before: Option<&str>,
    ) -> Result<String, PortalError> {
        let secret = BASE64_URL_SAFE_NO_PAD.encode(self.random_bytes::<24>());
        let (now, before) = (self.now(), before.map(secret_hash));
        let until = now + Duration::days(BROWSER_DAYS);
        let store = self.store();
        store.know_browser(caller.user_id(), &secret_hash(&secret), before.as_deref(), now, until).await?;
        Ok(secret)
    }

    /// The hash of the secret, where it is one of this account. An account that there is not takes as long.
    pub(super) async fn browser_of(
        &self,
        user: Option<&store::User>,
        from: Visitor<'_>,
    ) -> Result<Option<Vec<u8>>, PortalError> {
        let Some(hash) = from.browser.map(secret_hash) else { return Ok(None) };
        let owner = self.store().known_browser(&hash, self.now()).await?;
        Ok((owner.is_some() && owner == user.map(|user| user.id)).then_some(hash))
    }
}

fn secret_hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret).to_vec()
}
