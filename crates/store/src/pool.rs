//! The connections.

use std::time::Duration;

use sqlx::{
    Connection, PgConnection, PgPool, Postgres, Transaction,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{StoreError, news::Publisher};

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations");

/// How long an ordinary statement may take, in milliseconds. Pages have their own, shorter limits.
const STATEMENT_TIMEOUT: &str = "15000";

/// For connections that are kept: the server notices within seconds that the other side is no more, also while it lets
/// it wait for a lock.
pub(crate) const QUICK_LOSS: [(&str, &str); 4] = [
    ("tcp_keepalives_idle", "5"),
    ("tcp_keepalives_interval", "2"),
    ("tcp_keepalives_count", "3"),
    ("client_connection_check_interval", "5000"),
];

/// How the database is used.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The most connections open at once, of this process.
    pub max_connections: u32,
    /// How long a call waits for a connection before the database counts as away.
    pub acquire_timeout: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self { max_connections: 16, acquire_timeout: Duration::from_secs(3) }
    }
}

/// The database. Cheap to clone; all clones share the connections.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) pool: PgPool,
    pub(crate) news: Publisher,
    options: PgConnectOptions,
}

impl Store {
    /// Takes the address; connects at the first call that needs it, so that a server can start while its database is
    /// away. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// Where the address cannot be read.
    pub fn connect(url: &str, options: Options) -> Result<Self, StoreError> {
        let address: PgConnectOptions = url.parse()?;
        let address = address.application_name("holdfast");
        // Filters differ from call to call: a plan made for all of them would suit none.
        let ours = [("statement_timeout", STATEMENT_TIMEOUT), ("plan_cache_mode", "force_custom_plan")];
        let pool = PgPoolOptions::new()
            .max_connections(options.max_connections)
            .acquire_timeout(options.acquire_timeout)
            .connect_lazy_with(address.clone().options(ours));
        Ok(Self { pool, news: Publisher::default(), options: address })
    }

    /// Brings the schema up to date. Several processes may do so at once: one does it, the others wait.
    ///
    /// # Errors
    /// Where the database is away, or its schema is newer than this program.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let mut connection = self.dedicated(&[("lock_timeout", "60000")]).await?;
        // Not `run`: its future cannot be moved between threads.
        MIGRATIONS.run_direct(None, &mut connection, false).await?;
        Ok(connection.close().await?)
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// Where it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }

    /// Closes the connections and waits until they are closed.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// Begins a transaction, in a task of its own: a caller who gives up meanwhile (a request whose browser went away)
    /// must not interrupt it. sqlx would put the connection back with the transaction open, and what others then write
    /// on it would never be committed.
    pub(crate) async fn begin(&self) -> Result<Transaction<'static, Postgres>, StoreError> {
        self.begin_with("BEGIN").await
    }

    /// As [`Store::begin`], in other words.
    pub(crate) async fn begin_with(
        &self,
        sql: &'static str,
    ) -> Result<Transaction<'static, Postgres>, StoreError> {
        let pool = self.pool.clone();
        let begun = tokio::spawn(async move { pool.begin_with(sql).await }).await;
        Ok(begun.map_err(|e| StoreError::Other(e.into()))??)
    }

    /// A transaction whose statements may take so long each, as Postgres writes durations.
    pub(crate) async fn begin_within(
        &self,
        limit: &'static str,
    ) -> Result<Transaction<'static, Postgres>, StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query("SELECT set_config('statement_timeout', $1, true)").bind(limit).execute(&mut *tx).await?;
        Ok(tx)
    }

    /// A connection beside the pool, without its limits.
    pub(crate) async fn dedicated(&self, settings: &[(&str, &str)]) -> Result<PgConnection, StoreError> {
        Ok(PgConnection::connect_with(&self.options_with(settings)).await?)
    }

    /// How to connect beside the pool.
    pub(crate) fn options_with(&self, settings: &[(&str, &str)]) -> PgConnectOptions {
        self.options.clone().options(settings.iter().copied())
    }
}

/// Names the schema that the migrations make.
#[cfg(any(test, feature = "testing"))]
pub(crate) fn schema_fingerprint() -> String {
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    MIGRATIONS.iter().for_each(|migration| hash.update(&migration.checksum));
    hex::encode(&hash.finalize()[..8])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{private::PrivatePostgres, testing::database};

    #[tokio::test]
    async fn a_store_can_be_made_while_the_database_is_away_and_says_so_when_asked() {
        let options = Options { max_connections: 1, acquire_timeout: Duration::from_millis(200) };
        let store = Store::connect("postgres://nobody@127.0.0.1:1/none", options).unwrap();
        assert!(matches!(store.ping().await, Err(StoreError::Unavailable(_))));
        assert!(matches!(store.migrate().await, Err(StoreError::Unavailable(_))));
    }

    #[tokio::test]
    async fn bringing_the_schema_up_to_date_twice_at_once_changes_nothing() {
        let db = database().await;
        let (one, other) = tokio::join!(db.store.migrate(), db.store.migrate());
        one.unwrap();
        other.unwrap();
        db.store.ping().await.unwrap();
    }

    #[tokio::test]
    async fn a_database_that_goes_away_and_comes_back_is_found_again() {
        let dir = tempfile::tempdir().unwrap();
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(dir.path(), open).unwrap();
        let start = || PrivatePostgres::start(dir.path()).unwrap();
        let postgres = start();
        let options = Options { acquire_timeout: Duration::from_millis(300), ..Options::default() };
        let store = Store::connect(postgres.url(), options).unwrap();
        store.ping().await.unwrap();
        postgres.stop();
        for _ in 0..3 {
            assert!(matches!(store.ping().await, Err(StoreError::Unavailable(_))));
        }
        let _again = start();
        store.ping().await.unwrap();
    }

    #[tokio::test]
    async fn a_statement_that_takes_too_long_is_told_from_a_database_that_is_away() {
        let db = database().await;
        let mut tx = db.store.begin_within("20ms").await.unwrap();
        let error: StoreError = sqlx::query("SELECT pg_sleep(5)").execute(&mut *tx).await.unwrap_err().into();
        assert!(matches!(error, StoreError::TooSlow(_)), "{error:?}");
    }

    #[tokio::test]
    async fn a_transaction_given_up_while_it_begins_stays_open_nowhere() {
        let database = crate::testing::database().await;
        // Not from the pool: on the connection in question it would look busy.
        let mut watcher = database.store.dedicated(&[]).await.unwrap();
        let sql = "SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND state LIKE 'idle in transaction%'";
        let moment = std::time::Duration::from_millis(20);
        for polls in 1..6 {
            // Connected, so that the few steps left are those of beginning.
            database.store.ping().await.unwrap();
            tokio::time::sleep(moment).await;
            let mut beginning = Box::pin(database.store.begin());
            for _ in 0..polls {
                if futures::poll!(beginning.as_mut()).is_ready() {
                    break;
                }
                tokio::time::sleep(moment).await;
            }
            drop(beginning);
            let mut open = 1_i64;
            for _ in 0..50 {
                tokio::time::sleep(moment).await;
                open = sqlx::query_scalar(sql).fetch_one(&mut watcher).await.unwrap();
                if open == 0 {
                    break;
                }
            }
            assert_eq!(open, 0, "given up after {polls} polls");
        }
    }
}
