//! What must be read again and nobody else may read: kept under the installation's key.

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use crate::{Portal, PortalError};

/// The name of the key in the database, where no file gives one.
const KEY: &str = "seal";
const KEY_BYTES: usize = 32;

impl Portal {
    /// Seals something; `what` names it and its owner, so that it opens in no other place.
    pub(super) async fn seal(&self, what: &str, open: &[u8]) -> Result<Vec<u8>, PortalError> {
        let nonce = self.random_bytes::<NONCE_LEN>();
        let mut sealed = open.to_vec();
        let key = self.sealing_key().await?;
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(what), &mut sealed)
            .map_err(|_| PortalError::Internal(format!("sealing {what}")))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what was sealed under the same name.
    pub(super) async fn unseal(&self, what: &str, sealed: &[u8]) -> Result<Vec<u8>, PortalError> {
        let unreadable =
            || PortalError::Internal(format!("{what} does not open: was the installation's key changed?"));
        let (nonce, rest) = sealed.split_at_checked(NONCE_LEN).ok_or_else(unreadable)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| unreadable())?;
        let mut rest = rest.to_vec();
        let key = self.sealing_key().await?;
        let open = key.open_in_place(nonce, Aad::from(what), &mut rest).map_err(|_| unreadable())?;
        Ok(open.to_vec())
    }

    async fn sealing_key(&self) -> Result<LessSafeKey, PortalError> {
        let key = self.0.sealing_key.get_or_try_init(async || {
            let fresh = self.random_bytes::<KEY_BYTES>();
            self.store().installation_key(KEY, &fresh).await
        });
        let key = UnboundKey::new(&CHACHA20_POLY1305, key.await?)
            .map_err(|_| PortalError::Internal("the installation's key has another length".into()))?;
        Ok(LessSafeKey::new(key))
    }
}
