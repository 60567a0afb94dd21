//! Attempts at signing in, which count before they are judged.

use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use crate::{Store, StoreError};

/// What attempts are counted under, and how many there may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptLimit {
    /// An address, an account: kept hashed, for people type passwords into the wrong field.
    pub key: String,
    pub most: u32,
}

/// An attempt that was counted.
#[derive(Debug, PartialEq, Eq)]
pub struct Attempt(i64);

impl Store {
    /// Counts an attempt under all keys, unless one of them has as many as it may since an instant: `None`. Of any number
    /// at once, in all processes, no more are counted.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn reserve_attempt(
        &self,
        limits: &[AttemptLimit],
        since: OffsetDateTime,
        now: OffsetDateTime,
    ) -> Result<Option<Attempt>, StoreError> {
        let keys: Vec<Vec<u8>> = limits.iter().map(|limit| key_hash(&limit.key)).collect();
        let most: Vec<i64> = limits.iter().map(|limit| limit.most.into()).collect();
        let query = sqlx::query_scalar("SELECT reserve_sign_in($1, $2, $3, $4)").bind(keys).bind(most);
        let reserved: Option<i64> = query.bind(since).bind(now).fetch_one(&self.pool).await?;
        Ok(reserved.map(Attempt))
    }

    /// Counts an attempt no more: it succeeded, or was not judged.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn give_back_attempt(&self, attempt: Attempt) -> Result<(), StoreError> {
        let sql = "DELETE FROM sign_in_failures WHERE attempt = $1";
        sqlx::query(sql).bind(attempt.0).execute(&self.pool).await?;
        Ok(())
    }

    /// Forgets the attempts under a key.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn forget_attempts_of(&self, key: &str) -> Result<(), StoreError> {
        let sql = "DELETE FROM sign_in_failures WHERE key_hash = $1";
        sqlx::query(sql).bind(key_hash(key)).execute(&self.pool).await?;
        Ok(())
    }

    /// Forgets all attempts before an instant: housekeeping.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn forget_attempts(&self, before: OffsetDateTime) -> Result<(), StoreError> {
        let sql = "DELETE FROM sign_in_failures WHERE failed_at < $1";
        sqlx::query(sql).bind(before).execute(&self.pool).await?;
        Ok(())
    }
}

fn key_hash(key: &str) -> Vec<u8> {
    Sha256::digest(key.as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    use futures::future::join_all;
    use time::macros::datetime;

    use super::*;
    use crate::testing::database;

    const NOW: OffsetDateTime = datetime!(2026-11-20 12:00 UTC);
    const LATER: OffsetDateTime = datetime!(2026-11-20 12:10 UTC);

    fn limits(account: u32, address: u32) -> [AttemptLimit; 2] {
        [("account:ada", account), ("address:192.0.2.1", address)]
            .map(|(key, most)| AttemptLimit { key: key.to_owned(), most })
    }

    #[tokio::test]
    async fn of_many_attempts_at_once_no_more_are_counted_than_may_be() {
        let db = database().await;
        let limits = limits(50, 20);
        let all = (0..200).map(|_| db.store.reserve_attempt(&limits, NOW, NOW));
        let counted =
            join_all(all).await.into_iter().filter(|attempt| matches!(attempt, Ok(Some(_)))).count();
        assert_eq!(counted, 20);
    }

    #[tokio::test]
    async fn attempts_count_by_key_and_time_until_they_are_given_back() {
        let db = database().await;
        let reserve = async |account, address, since, now| {
            db.store.reserve_attempt(&limits(account, address), since, now).await.unwrap()
        };
        let first = reserve(2, 9, NOW, NOW).await.unwrap();
        reserve(2, 9, NOW, LATER).await.unwrap();
        assert_eq!(reserve(2, 9, NOW, LATER).await, None, "the account has two");
        assert_eq!(
            reserve(9, 2, NOW, LATER).await,
            None,
            "so has the address, and what is refused is not counted"
        );
        assert!(reserve(2, 9, LATER, LATER).await.is_some(), "the first is too long ago");
        db.store.give_back_attempt(first).await.unwrap();
        assert!(reserve(3, 9, NOW, LATER).await.is_some());
        db.store.forget_attempts_of("account:ada").await.unwrap();
        assert!(reserve(1, 9, NOW, LATER).await.is_some());
        db.store.forget_attempts(datetime!(2026-11-20 13:00 UTC)).await.unwrap();
        assert!(reserve(1, 1, NOW, LATER).await.is_some());
    }
}
