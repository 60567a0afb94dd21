//! How often sign-ins may fail.

use store::StoreError;
use time::Duration;

use crate::Portal;

/// Failures from one address before it has to wait.
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
    [format!("account:{email}"), format!("address:{from}")]
}
