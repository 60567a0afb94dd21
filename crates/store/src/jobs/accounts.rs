//! How far each account is read in a list that AWS does not give for all accounts at once.

use std::collections::BTreeMap;

use model::{AccountId, JobKind, job::lists::AccountsRead};
use sqlx::FromRow;
use time::OffsetDateTime;

use crate::{Store, StoreError};

/// An account whose jobs of one Region and kind are asked for by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRead {
    pub account: AccountId,
    pub active: bool,
    /// When it was last read to the end.
    pub read_at: Option<OffsetDateTime>,
}

#[derive(FromRow)]
struct TurnRow {
    account: String,
    active: bool,
    read_at: Option<OffsetDateTime>,
}

#[derive(FromRow)]
struct CountRow {
    region: String,
    kind: String,
    read: i64,
    of: i64,
    oldest_at: Option<OffsetDateTime>,
}

impl Store {
    /// Sets which accounts a list is read of, and which of them are active; what is known of each stays.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn keep_job_accounts(
        &self,
        region: &str,
        kind: JobKind,
        accounts: &[(AccountId, bool)],
    ) -> Result<(), StoreError> {
        let ids: Vec<String> = accounts.iter().map(|(id, _)| id.to_string()).collect();
        let active: Vec<bool> = accounts.iter().map(|(_, active)| *active).collect();
        let mut tx = self.begin().await?;
        let sql = "DELETE FROM job_account_reads WHERE region = $1 AND kind = $2 AND account <> ALL ($3)";
        sqlx::query(sql).bind(region).bind(kind.as_str()).bind(&ids).execute(&mut *tx).await?;
        let sql = "INSERT INTO job_account_reads AS r (region, kind, account, active)
            SELECT $1, $2, account, active FROM unnest($3::text[], $4::boolean[]) AS a (account, active)
            ON CONFLICT ON CONSTRAINT job_account_reads_pkey DO UPDATE SET active = excluded.active
                WHERE r.active <> excluded.active";
        let query = sqlx::query(sql).bind(region).bind(kind.as_str()).bind(&ids).bind(&active);
        query.execute(&mut *tx).await?;
        Ok(tx.commit().await?)
    }

    /// The accounts of a list whose turn it is: those that were asked for longest ago.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn job_accounts_in_turn(
        &self,
        region: &str,
        kind: JobKind,
        at_most: i64,
    ) -> Result<Vec<AccountRead>, StoreError> {
        let sql = "SELECT account, active, read_at FROM job_account_reads WHERE region = $1 AND kind = $2
            ORDER BY asked_at NULLS FIRST, account LIMIT $3";
        let query = sqlx::query_as(sql).bind(region).bind(kind.as_str()).bind(at_most);
        let rows: Vec<TurnRow> = query.fetch_all(&self.pool).await?;
        let read = |row: TurnRow| {
            let account = row.account.parse().map_err(|_| StoreError::corrupt("account id", row.account))?;
            Ok(AccountRead { account, active: row.active, read_at: row.read_at })
        };
        rows.into_iter().map(read).collect()
    }

    /// Notes that an account was asked for: read to the end, or why not.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn set_job_account(
        &self,
        region: &str,
        kind: JobKind,
        account: &AccountId,
        asked_at: OffsetDateTime,
        problem: Option<&str>,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE job_account_reads SET asked_at = $4, problem = $5,
                read_at = CASE WHEN $5 IS NULL THEN $4 ELSE read_at END
            WHERE region = $1 AND kind = $2 AND account = $3";
        let query = sqlx::query(sql).bind(region).bind(kind.as_str()).bind(account.as_str());
        query.bind(asked_at).bind(problem).execute(&self.pool).await?;
        Ok(())
    }

    /// Why an active account of a list could not be read when it was last asked for; the first of them, and how many.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn job_account_problem(
        &self,
        region: &str,
        kind: JobKind,
    ) -> Result<Option<(String, u64)>, StoreError> {
        let sql = "SELECT min(problem), count(*) FROM job_account_reads
            WHERE region = $1 AND kind = $2 AND active AND problem IS NOT NULL";
        let query = sqlx::query_as(sql).bind(region).bind(kind.as_str());
        let (problem, count): (Option<String>, i64) = query.fetch_one(&self.pool).await?;
        Ok(problem.map(|problem| (problem, u64::try_from(count).unwrap_or_default())))
    }

    /// How far the active accounts are read of each list that is asked for account by account.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn accounts_read(&self) -> Result<BTreeMap<(String, JobKind), AccountsRead>, StoreError> {
        let sql = "SELECT region, kind, count(read_at) AS read, count(*) AS of, min(read_at) AS oldest_at
            FROM job_account_reads WHERE active GROUP BY region, kind";
        let rows: Vec<CountRow> = sqlx::query_as(sql).fetch_all(&self.pool).await?;
        let unsigned = |n: i64| u64::try_from(n).unwrap_or_default();
        let read = |row: CountRow| {
            let kind = JobKind::from_name(&row.kind)?;
            let read =
                AccountsRead { read: unsigned(row.read), of: unsigned(row.of), oldest_at: row.oldest_at };
            Some(((row.region, kind), read))
        };
        Ok(rows.into_iter().filter_map(read).collect())
    }
}
