//! A certificate and its key, as they are read from files.

use std::{fs, io, path::Path, sync::Arc};

use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    version::{TLS12, TLS13},
};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use x509_parser::parse_x509_certificate;

/// Why a certificate and a key cannot be used. `Display` names the setting, and nothing of the key.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error("{setting}: {path} cannot be read: {source}")]
    File { setting: &'static str, path: String, source: io::Error },
    #[error("HOLDFAST_TLS_CERT_FILE: {0}")]
    Certificate(String),
    #[error("HOLDFAST_TLS_KEY_FILE: {0}")]
    Key(String),
    #[error("HOLDFAST_TLS_CERT_FILE and HOLDFAST_TLS_KEY_FILE do not belong together: {0}")]
    Pair(rustls::Error),
}

/// What both files hold.
pub struct Files {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

/// Tells one reading of both files from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint(Vec<u8>);

/// What connections are opened with.
pub struct Pair {
    pub config: Arc<ServerConfig>,
    /// Of the certificate itself.
    pub begins: OffsetDateTime,
    pub expires: OffsetDateTime,
}

impl Files {
    /// # Errors
    /// Where one of them cannot be read.
    pub fn read(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let read = |setting, path: &Path| {
            fs::read(path).map_err(|source| TlsError::File {
                setting,
                path: path.display().to_string(),
                source,
            })
        };
        Ok(Self {
            certificate: read("HOLDFAST_TLS_CERT_FILE", certificate)?,
            key: read("HOLDFAST_TLS_KEY_FILE", key)?,
        })
    }

    pub fn fingerprint(&self) -> Fingerprint {
        let parts = [&self.certificate, &self.key].map(|part| Sha256::digest(part).to_vec());
        Fingerprint(parts.concat())
    }

    /// # Errors
    /// Where there is no certificate or key in them, or they do not belong together.
    pub fn pair(&self) -> Result<Pair, TlsError> {
        let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(&self.certificate)
            .collect::<Result<_, _>>()
            .map_err(|error| TlsError::Certificate(format!("the file is not PEM: {error}")))?;
        let first =
            chain.first().ok_or_else(|| TlsError::Certificate("no certificate is in the file".to_owned()))?;
        let (_, parsed) = parse_x509_certificate(first)
            .map_err(|error| TlsError::Certificate(format!("the first certificate: {error}")))?;
        let validity = parsed.validity();
        let (begins, expires) = (validity.not_before.to_datetime(), validity.not_after.to_datetime());
        // The library's own words could hold what was in the file.
        let key = PrivateKeyDer::from_pem_slice(&self.key)
            .map_err(|_| TlsError::Key("no private key in PEM is in the file".to_owned()))?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(&[&TLS13, &TLS12])
            .map_err(TlsError::Pair)?
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .map_err(TlsError::Pair)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Pair { config: Arc::new(config), begins, expires })
    }
}

impl Fingerprint {
    /// Of files that could not be read.
    pub fn of_error(error: &TlsError) -> Self {
        Self(error.to_string().into_bytes())
    }
}
