//! The relying party: what passkeys are made for, and the pages that may use them.

use webauthn_rp::request::{AsciiDomain, RpId};

/// Whom passkeys are made for.
#[derive(Clone, Debug)]
pub struct RelyingParty {
    pub(super) id: RpId,
    /// As browsers write them.
    pub(super) origins: Vec<String>,
}

impl RelyingParty {
    /// That of pages at these origins (`https://host[:port]`): the first that has a name. Browsers make no passkeys for numbers, so
    /// `None` where there are only those.
    #[must_use]
    pub fn of(origins: &[String]) -> Option<Self> {
        let name = origins.iter().find_map(|origin| name_of(origin))?;
        let origins = origins.iter().filter(|origin| name_of(origin) == Some(name)).cloned().collect();
        let id = RpId::Domain(AsciiDomain::try_from(name.to_owned()).ok()?);
        Some(Self { id, origins })
    }
}

/// The host of an origin, where it is a name.
fn name_of(origin: &str) -> Option<&str> {
    let (_, host) = origin.split_once("://")?;
    if host.starts_with('[') {
        return None;
    }
    let name = host.split(':').next()?;
    let number = name.parse::<std::net::IpAddr>().is_ok();
    (!number && !name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_are_made_for_the_name_of_the_site_and_never_for_a_number() {
        let party = |origins: &[&str]| {
            let origins: Vec<String> = origins.iter().map(ToString::to_string).collect();
            RelyingParty::of(&origins).map(|party| (party.id.as_ref().to_owned(), party.origins))
        };
        let (id, origins) = party(&["https://backup.example.com:8443"]).unwrap();
        assert_eq!(id, "backup.example.com");
        assert_eq!(origins, ["https://backup.example.com:8443"]);
        let here = ["http://127.0.0.1:3000", "http://localhost:3000", "http://[::1]:3000"];
        assert_eq!(party(&here), Some(("localhost".into(), vec!["http://localhost:3000".into()])));
        assert_eq!(party(&["https://192.0.2.1", "https://[2001:db8::1]"]), None);
    }
}
