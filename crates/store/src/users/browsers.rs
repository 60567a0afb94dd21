//! Browsers in which somebody has signed in.

use time::OffsetDateTime;

use crate::{Store, StoreError, UserId};

/// Of one person; the oldest is forgotten first.
const MOST: i64 = 20;

impl Store {
    /// Remembers a browser by the hash of a secret that it keeps, in the place of an earlier one.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn know_browser(
        &self,
        user: UserId,
        hash: &[u8],
        before: Option<&[u8]>,
        now: OffsetDateTime,
        expires_at: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let sql = "DELETE FROM known_browsers WHERE user_id = $1 AND token_hash = $2";
        sqlx::query(sql).bind(user).bind(before).execute(&mut *tx).await?;
        let sql =
            "INSERT INTO known_browsers (token_hash, user_id, known_at, expires_at) VALUES ($1, $2, $3, $4)";
        sqlx::query(sql).bind(hash).bind(user).bind(now).bind(expires_at).execute(&mut *tx).await?;
        let sql = "DELETE FROM known_browsers WHERE token_hash IN (SELECT token_hash FROM known_browsers
            WHERE user_id = $1 ORDER BY known_at DESC OFFSET $2)";
        sqlx::query(sql).bind(user).bind(MOST).execute(&mut *tx).await?;
        Ok(tx.commit().await?)
    }

    /// Whose browser it is; `None` where it is not known, or no more.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn known_browser(
        &self,
        hash: &[u8],
        now: OffsetDateTime,
    ) -> Result<Option<UserId>, StoreError> {
        let sql = "SELECT user_id FROM known_browsers WHERE token_hash = $1 AND expires_at > $2";
        Ok(sqlx::query_scalar(sql).bind(hash).bind(now).fetch_optional(&self.pool).await?)
    }

    /// Forgets browsers that are known no more: housekeeping.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn forget_browsers(&self, now: OffsetDateTime) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM known_browsers WHERE expires_at <= $1")
            .bind(now)
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use model::Role;
    use time::{Duration, macros::datetime};

    use crate::testing::{database, person};

    #[tokio::test]
    async fn a_browser_is_known_until_it_expires_or_newer_ones_take_its_place() {
        let db = database().await;
        let now = datetime!(2026-11-20 12:00 UTC);
        let user = person("ada@example.com", Role::Viewer);
        let ada = db.store.create_user(user, now).await.unwrap();
        let know = async |hash: u8, before: Option<u8>| {
            let before = before.map(|hash| [hash]);
            let (at, end) = (now + Duration::minutes(hash.into()), now + Duration::DAY);
            db.store
                .know_browser(ada, &[hash], before.as_ref().map(|b| b.as_slice()), at, end)
                .await
                .unwrap();
        };
        let knows = async |hash: u8, at| db.store.known_browser(&[hash], at).await.unwrap() == Some(ada);
        know(1, None).await;
        assert!(knows(1, now).await && !knows(2, now).await && !knows(1, now + Duration::DAY).await);
        know(2, Some(1)).await;
        assert!(knows(2, now).await && !knows(1, now).await, "one sign-in, one secret");
        for hash in 3..=22 {
            know(hash, None).await;
        }
        assert!(!knows(2, now).await && knows(3, now).await && knows(22, now).await);
        db.store.forget_browsers(now + Duration::DAY).await.unwrap();
        assert!(!knows(22, now).await);
    }
}
