//! The published request rates of Organizations as token buckets, per calling account and for the whole organization.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use time::OffsetDateTime;

/// Published rate of an operation: tokens per second and burst, for one account and for the organization.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    pub account: (f64, f64),
    pub organization: Option<(f64, f64)>,
}

/// A rate per account and per organization.
pub const fn both(account: (f64, f64), organization: (f64, f64)) -> Rate {
    Rate { account, organization: Some(organization) }
}

/// A rate per account alone.
pub const fn per_account(rate: f64, burst: f64) -> Rate {
    Rate { account: (rate, burst), organization: None }
}

/// Whether the simulator throttles.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Rates {
    #[default]
    Off,
    /// The published rates.
    On,
    /// The published rates times a factor.
    Scaled(f64),
}

impl std::str::FromStr for Rates {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "on" => Ok(Self::On),
            "off" => Ok(Self::Off),
            factor => match factor.parse::<f64>() {
                Ok(factor) if factor > 0.0 && factor.is_finite() => Ok(Self::Scaled(factor)),
                _ => Err("expected on, off or a factor above 0".to_owned()),
            },
        }
    }
}

#[derive(Debug)]
struct Bucket {
    tokens: f64,
    filled_at: OffsetDateTime,
}

/// All buckets of one simulator. The key names the operation and the account; no account stands for the organization.
#[derive(Debug, Default)]
pub struct Buckets(Mutex<HashMap<(&'static str, Option<String>), Bucket>>);

impl Buckets {
    /// Takes one token of each bucket concerned; false if one of them is empty, and then none is taken.
    pub fn admit(
        &self,
        rates: Rates,
        rate: Rate,
        operation: &'static str,
        account: &str,
        now: OffsetDateTime,
    ) -> bool {
        let factor = match rates {
            Rates::Off => return true,
            Rates::On => 1.0,
            Rates::Scaled(factor) => factor,
        };
        let wanted = [
            Some(((operation, Some(account.to_owned())), rate.account)),
            rate.organization.map(|rate| ((operation, None), rate)),
        ];
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut full = true;
        for (key, (speed, burst)) in wanted.iter().flatten() {
            let bucket =
                buckets.entry(key.clone()).or_insert_with(|| Bucket { tokens: *burst, filled_at: now });
            bucket.fill(speed * factor, burst.max(1.0), now);
            full &= bucket.tokens >= 1.0;
        }
        if full {
            for (key, _) in wanted.iter().flatten() {
                if let Some(bucket) = buckets.get_mut(key) {
                    bucket.tokens -= 1.0;
                }
            }
        }
        full
    }
}

impl Bucket {
    fn fill(&mut self, speed: f64, burst: f64, now: OffsetDateTime) {
        let seconds = (now - self.filled_at).as_seconds_f64().max(0.0);
        self.tokens = (self.tokens + seconds * speed).min(burst);
        self.filled_at = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::Duration;

    #[test]
    fn a_burst_is_admitted_then_the_rate_holds() {
        let buckets = Buckets::default();
        let rate = both((2.0, 3.0), (10.0, 10.0));
        let start = OffsetDateTime::UNIX_EPOCH;
        let admitted = |at| buckets.admit(Rates::On, rate, "DescribePolicy", "111122223333", at);
        assert_eq!((0..5).filter(|_| admitted(start)).count(), 3);
        let later = start + Duration::seconds(1);
        assert_eq!((0..5).filter(|_| admitted(later)).count(), 2);
    }

    #[test]
    fn the_organization_limits_accounts_together() {
        let buckets = Buckets::default();
        let rate = both((2.0, 2.0), (2.0, 3.0));
        let now = OffsetDateTime::UNIX_EPOCH;
        let admitted = ["1", "1", "2", "2"].map(|account| buckets.admit(Rates::On, rate, "X", account, now));
        assert_eq!(admitted, [true, true, true, false]);
    }
}
