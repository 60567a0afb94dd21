//! The real clock and the real random source: everybody else is given them.

use std::io;

use portal::{ProviderSources, Providers, ProvidersError};
use rand::{RngCore, SeedableRng, rngs::StdRng};
use time::OffsetDateTime;

/// The present.
#[expect(clippy::disallowed_methods, reason = "this is where the clock comes from")]
#[must_use]
pub fn now() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}

/// A generator of unpredictable numbers of its own, seeded by the operating system.
#[must_use]
pub fn random() -> StdRng {
    StdRng::from_os_rng()
}

/// Unpredictable bytes.
#[must_use]
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}

/// Files and variables that the file of identity providers names.
struct Sources;

impl ProviderSources for Sources {
    fn file(&self, path: &str) -> io::Result<String> {
        std::fs::read_to_string(path)
    }

    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }
}

/// The identity providers of a file; none without one.
///
/// # Errors
/// Where anything in it is wrong.
pub fn providers(path: Option<&str>) -> Result<Providers, ProvidersError> {
    path.map_or_else(|| Ok(Providers::default()), |path| Providers::read(path, &Sources))
}
