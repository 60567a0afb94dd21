//! How often sign-ins may fail.

use std::net::{IpAddr, Ipv6Addr};

use store::StoreError;
use time::Duration;

use crate::Portal;

/// Failures from one address or network before it has to wait.
const FAILURES_PER_ADDRESS: i64 = 20;
/// Failures for one account before it has to wait: high, so that nobody can lock somebody else out for long.
const FAILURES_PER_ACCOUNT: i64 = 50;
/// The time over which failures count.
const WINDOW: Duration = Duration::minutes(15);

impl Portal {
    /// Whether another attempt may be made.
    pub(super) async fn within_limits(&self, email: &str, from: &str) -> Result<bool, StoreError> {
        let since = self.now() - WINDOW;
        let [account, address] = limit_keys(email, from);
        let for_account = self.store().sign_in_failures(&account, since).await?;
        let from_address = self.store().sign_in_failures(&address, since).await?;
        Ok(for_account < FAILURES_PER_ACCOUNT && from_address < FAILURES_PER_ADDRESS)
    }
}

pub(super) fn limit_keys(email: &str, from: &str) -> [String; 2] {
    [format!("account:{email}"), format!("address:{}", network(from))]
}

/// What one attacker has of addresses: one of IPv4, and of IPv6 the 2⁶⁴ that every customer gets.
pub(super) fn network(from: &str) -> String {
    match from.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        Ok(address) => address.to_string(),
        Err(_) => from.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_ipv6_network_count_as_one() {
        assert_eq!(network("2001:db8:1:2::7"), network("2001:db8:1:2:aaaa::1"));
        assert_ne!(network("2001:db8:1:2::7"), network("2001:db8:1:3::7"));
        assert_eq!(network("::ffff:192.0.2.1"), "192.0.2.1");
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
    }
}
