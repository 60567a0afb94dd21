//! The connections.

mod lookout;
mod shared;

use std::{sync::LazyLock, time::Duration};

use sqlx::{
    AssertSqlSafe, Connection, PgConnection, Postgres, Transaction,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use self::{lookout::Lookout, shared::Pool};
use crate::{StoreError, news::publisher::Publisher};

static MIGRATIONS: LazyLock<Migrator> = LazyLock::new(|| sqlx::migrate!("../../migrations"));

/// Held by the process that migrates.
const MIGRATING: i64 = 0x686f_6c64_6661_7374;
/// How soon another one asks for that lock again.
const TURN: Duration = Duration::from_millis(200);

/// How long an ordinary statement may take, in milliseconds. Pages have their own, shorter limits.
const STATEMENT_TIMEOUT: &str = "15000";

/// How long a search that somebody typed may take, as Postgres writes durations: then it is better to say that the filter
/// must be narrowed.
pub(crate) const SEARCH_WITHIN: &str = "6s";

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
    /// How long a call waits for a connection.
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
    pub(crate) pool: Pool,
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
        let connections = PgPoolOptions::new()
            .max_connections(options.max_connections)
            .acquire_timeout(options.acquire_timeout)
            .connect_lazy_with(address.clone().options(ours));
        let pool = Pool { connections, lookout: Lookout::new(address.clone()) };
        Ok(Self { pool, news: Publisher::default(), options: address })
    }

    /// Brings the schema up to date. Several processes may do so at once: one does it, the others wait.
    ///
    /// # Errors
    /// Where the database is away, or its schema is newer than this program.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        self.apply(&MIGRATIONS).await
    }

    async fn apply(&self, migrations: &Migrator) -> Result<(), StoreError> {
        let mut connection = self.dedicated(&[("lock_timeout", "60000")]).await?;
        // Asked for again, not waited for as sqlx does: a statement that waits has a snapshot, and an index that is made
        // CONCURRENTLY waits for all snapshots older than itself.
        let take = "SELECT pg_try_advisory_lock($1)";
        while !sqlx::query_scalar(take).bind(MIGRATING).fetch_one(&mut connection).await? {
            tokio::time::sleep(TURN).await;
        }
        drop_unfinished_indexes(&mut connection).await?;
        let migrations =
            Migrator { locking: false, migrations: migrations.migrations.clone(), ..Migrator::DEFAULT };
        // Not `run`: its future cannot be moved between threads.
        migrations.run_direct(None, &mut connection, false).await?;
        Ok(connection.close().await?)
    }

    /// Whether the database answers, on a connection of its own: also where all of the pool are in use.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.pool.lookout.ask().await
    }

    /// Closes the connections and waits until they are closed.
    pub async fn close(&self) {
        self.pool.connections.close().await;
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

/// An index whose making was cut off is of no use and in the way of the next try.
async fn drop_unfinished_indexes(connection: &mut PgConnection) -> Result<(), StoreError> {
    let sql = "SELECT format('DROP INDEX %s', indexrelid::regclass) FROM pg_index
        JOIN pg_class c ON c.oid = indexrelid
        WHERE NOT indisvalid AND c.relkind = 'i' AND c.relnamespace = current_schema()::regnamespace";
    let drops: Vec<String> = sqlx::query_scalar(sql).fetch_all(&mut *connection).await?;
    for drop in drops {
        sqlx::query(AssertSqlSafe(drop)).execute(&mut *connection).await?;
    }
    Ok(())
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
    use sqlx::{
        SqlSafeStr,
        migrate::{Migration, MigrationType},
    };

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

    /// One migration that makes an index CONCURRENTLY, beside those that there are.
    fn with_an_index() -> Migrator {
        let sql = "-- no-transaction\nCREATE INDEX CONCURRENTLY tested_idx ON events (seen_at)";
        let index = Migration::new(i64::MAX, "index".into(), MigrationType::Simple, sql.into_sql_str(), true);
        Migrator::with_migrations(MIGRATIONS.iter().cloned().chain([index]).collect())
    }

    async fn count(connection: &mut PgConnection, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(connection).await.unwrap()
    }

    const VALID: &str =
        "SELECT count(*) FROM pg_index WHERE indexrelid = to_regclass('tested_idx') AND indisvalid";

    #[tokio::test]
    async fn who_waits_for_the_migrations_of_another_is_not_in_the_way_of_an_index() {
        let db = database().await;
        let mut watcher = db.store.dedicated(&[]).await.unwrap();
        // Somebody writes, so that the index has to wait.
        let mut writer = db.store.begin().await.unwrap();
        let sql = "INSERT INTO events (since, seen_at, kind, subject, subject_name) VALUES (now(), now(), '', '', '')";
        sqlx::query(sql).execute(&mut *writer).await.unwrap();
        let apply = || {
            tokio::spawn({
                let store = db.store.clone();
                async move { store.apply(&with_an_index()).await }
            })
        };
        let (one, other) = (apply(), apply());
        let making = "SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%tested_idx%'
                AND query NOT LIKE '%pg_stat%'";
        let asking = "SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND query LIKE '%advisory_lock%' AND query NOT LIKE '%pg_stat%'";
        while count(&mut watcher, making).await == 0 || count(&mut watcher, asking).await == 0 {
            assert!(!one.is_finished() && !other.is_finished(), "nobody waits");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        writer.commit().await.unwrap();
        one.await.unwrap().unwrap();
        other.await.unwrap().unwrap();
        assert_eq!(count(&mut watcher, VALID).await, 1);
    }

    #[tokio::test]
    async fn an_index_whose_making_was_cut_off_is_made_anew() {
        let db = database().await;
        let mut connection = db.store.dedicated(&[]).await.unwrap();
        // As it stands there after a kill.
        for sql in [
            "CREATE INDEX tested_idx ON events (seen_at)",
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'tested_idx'::regclass",
        ] {
            sqlx::query(sql).execute(&mut connection).await.unwrap();
        }
        assert_eq!(count(&mut connection, VALID).await, 0);
        db.store.apply(&with_an_index()).await.unwrap();
        assert_eq!(count(&mut connection, VALID).await, 1);
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
    async fn a_pool_whose_connections_are_all_in_use_is_told_from_a_database_that_is_away() {
        let db = database().await;
        let options = Options { max_connections: 2, acquire_timeout: Duration::from_millis(50) };
        let store = Store::connect(&db.url, options).unwrap();
        let _held = (store.begin().await.unwrap(), store.begin().await.unwrap());
        let asked = store.count_users().await.unwrap_err();
        assert!(matches!(asked, StoreError::Busy(_)), "{asked:?}");
        assert!(matches!(store.begin().await, Err(StoreError::Busy(_))));
        store.ping().await.unwrap();
        let away = Store::connect("postgres://nobody@127.0.0.1:1/none", options).unwrap();
        assert!(matches!(away.count_users().await, Err(StoreError::Unavailable(_))));
        assert!(matches!(away.begin().await, Err(StoreError::Unavailable(_))));
    }

    #[tokio::test]
    async fn any_number_who_ask_at_once_whether_the_database_answers_share_a_connection() {
        let db = database().await;
        let asked = futures::future::join_all((0..200).map(|_| db.store.ping())).await;
        assert!(asked.iter().all(Result::is_ok));
        let mut watcher = db.store.dedicated(&[]).await.unwrap();
        let sql = "SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()";
        assert_eq!(count(&mut watcher, sql).await, 1);
    }

    #[tokio::test]
    async fn a_lock_that_somebody_keeps_is_told_from_a_slow_statement() {
        let db = database().await;
        let _held = db.lock_table("users").await;
        let mut tx = db.store.begin().await.unwrap();
        sqlx::query("SET LOCAL lock_timeout = '20ms'").execute(&mut *tx).await.unwrap();
        let asked = sqlx::query("SELECT count(*) FROM users").execute(&mut *tx).await;
        assert!(matches!(asked.map_err(StoreError::from), Err(StoreError::Locked(_))));
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
            sqlx::query("SELECT 1").execute(&database.store.pool).await.unwrap();
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
