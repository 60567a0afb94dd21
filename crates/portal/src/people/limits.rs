//! How often somebody may try before they have to wait.

use std::net::{IpAddr, Ipv6Addr};

use store::{Attempt, AttemptLimit, StoreError, UserId};
use time::Duration;

use super::Visitor;
use crate::Portal;

/// Failures from one address or network.
const PER_ADDRESS: u32 = 20;
/// Failures for one account, from browsers that it was never signed in with: high, and no hindrance to the others.
const PER_ACCOUNT: u32 = 50;
/// Failures from one browser that the account was signed in with: whoever steals its cookie cannot guess for long.
const PER_BROWSER: u32 = 10;
/// Failures with one-time codes of one person: of a million codes, three are right at any time.
const PER_CODE: u32 = 10;
/// The time over which failures count.
const WINDOW: Duration = Duration::minutes(15);

/// What somebody tries.
pub(super) enum Try<'a> {
    /// To sign in to an account, in a browser that is not known.
    Account(&'a str),
    /// To sign in in a browser that the account was signed in with; by the hash of its secret.
    Browser(&'a [u8]),
    /// To pass with a one-time code, the password known.
    Code(UserId),
    /// To show the own password again.
    Own(UserId),
    /// To pass with a passkey: nothing of it can be guessed, but judging costs.
    Passkey,
    /// To become the first administrator, or to join by a link.
    Welcome,
    /// To ask with a token.
    Token,
    /// To find a program by the code that it shows.
    UserCode(UserId),
    /// To begin asking for a token: nothing is guessed, but each is kept for a while.
    DeviceRequest,
}

impl Portal {
    /// Counts an attempt before it is judged; `None` where it may not be made.
    pub(super) async fn attempt(
        &self,
        what: &Try<'_>,
        from: Visitor<'_>,
    ) -> Result<Option<Attempt>, StoreError> {
        let limit = |key: String, most| AttemptLimit { key, most };
        let address = limit(format!("address:{}", network(from.address)), PER_ADDRESS);
        let limits = match what {
            Try::Account(email) => vec![address, limit(account_key(email), PER_ACCOUNT)],
            Try::Browser(hash) => vec![address, limit(format!("browser:{}", hex::encode(hash)), PER_BROWSER)],
            Try::Code(user) => vec![address, limit(format!("code:{user}"), PER_CODE)],
            Try::Own(user) => vec![address, limit(format!("own:{user}"), PER_BROWSER)],
            Try::UserCode(user) => vec![address, limit(format!("user-code:{user}"), PER_CODE)],
            Try::DeviceRequest => {
                vec![limit(format!("device:{}", network(from.address)), PER_ADDRESS)]
            }
            Try::Passkey | Try::Welcome | Try::Token => vec![address],
        };
        let now = self.now();
        self.store().reserve_attempt(&limits, now - WINDOW, now).await
    }

    /// Counts an attempt no more. What cannot be given back counts until its time is over.
    pub(super) async fn give_back(&self, attempt: Attempt) {
        if let Err(error) = self.store().give_back_attempt(attempt).await {
            tracing::warn!(%error, "an attempt to sign in still counts");
        }
    }
}

pub(super) fn account_key(email: &str) -> String {
    format!("account:{email}")
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
