//! A fresh database for each test: on the server that `DATABASE_URL` names, or else on a private one that all tests of
//! the process share and that ends with it.

use std::{
    hash::{BuildHasher, RandomState},
    sync::atomic::{AtomicU32, Ordering},
};

use sqlx::{AssertSqlSafe, Connection, PgConnection, postgres::PgConnectOptions};
use tokio::sync::OnceCell;

use crate::{Options, Store, private::PrivatePostgres};

/// A server, and the name of a migrated database on it that others are copied from.
struct Server {
    url: String,
    template: String,
    /// Kept where the server is our own.
    _own: Option<PrivatePostgres>,
}

static SERVER: OnceCell<Server> = OnceCell::const_new();
static COUNT: AtomicU32 = AtomicU32::new(0);

/// A database of one test. Dropped with this value.
pub struct TestDatabase {
    /// Connected to it.
    pub store: Store,
    /// Its address.
    pub url: String,
    name: String,
    server: &'static Server,
}

/// Makes a database for one test.
///
/// # Panics
/// Where there is no Postgres: a test cannot go on without.
pub async fn database() -> TestDatabase {
    let server = SERVER.get_or_init(start).await;
    create(server, &format!("TEMPLATE {}", server.template)).await
}

/// Makes a database for one test, with nothing in it, not even tables.
///
/// # Panics
/// Where there is no Postgres: a test cannot go on without.
pub async fn empty_database() -> TestDatabase {
    create(SERVER.get_or_init(start).await, "TEMPLATE template0").await
}

#[allow(clippy::expect_used)]
async fn create(server: &'static Server, template: &str) -> TestDatabase {
    let name = unique_name();
    let mut admin = connect(&server.url).await;
    run(&mut admin, format!("CREATE DATABASE {name} {template}")).await;
    let url = on_database(&server.url, &name);
    let store =
        Store::connect(&url, Options { max_connections: 10, ..Options::default() }).expect("an address");
    TestDatabase { store, url, name, server }
}

/// A table that nobody else can read or write: whoever does, waits. Let go with the connection, at the latest.
pub struct TableLock {
    connection: PgConnection,
    table: &'static str,
}

impl TestDatabase {
    /// Lets every insertion into a table fail with an SQLSTATE, as `53100` for a full disk.
    ///
    /// # Panics
    /// Where there is no such table.
    pub async fn refuse_inserts(&self, table: &str, state: &str) {
        let sql = format!(
            "CREATE OR REPLACE FUNCTION refuse_{table}() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION 'refused for a test' USING ERRCODE = '{state}'; END $$;
            CREATE TRIGGER refuse_{table} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_{table}()"
        );
        run(&mut connect(&self.url).await, sql).await;
    }

    /// Ends that.
    ///
    /// # Panics
    /// Where it was not begun.
    pub async fn allow_inserts(&self, table: &str) {
        run(&mut connect(&self.url).await, format!("DROP TRIGGER refuse_{table} ON {table}")).await;
    }

    /// Does what the owner of tables can do: their triggers are off meanwhile. The names and the text are the test's own.
    ///
    /// # Panics
    /// Where the text is wrong.
    pub async fn as_owner(&self, tables: &[&str], sql: &str) {
        let turn = |how: &str| -> String {
            tables.iter().map(|table| format!("ALTER TABLE {table} {how} TRIGGER ALL;")).collect()
        };
        let (off, on) = (turn("DISABLE"), turn("ENABLE"));
        run(&mut connect(&self.url).await, format!("{off} {sql}; {on}")).await;
    }

    /// Locks a table, to hold somebody up who reads or writes it.
    ///
    /// # Panics
    /// Where there is no such table.
    #[allow(clippy::expect_used)]
    pub async fn lock_table(&self, table: &'static str) -> TableLock {
        let mut connection = connect(&self.url).await;
        run(&mut connection, format!("BEGIN; LOCK TABLE {table}")).await;
        TableLock { connection, table }
    }
}

impl TableLock {
    /// Waits until somebody waits for the table.
    ///
    /// # Panics
    /// Where the database fails.
    #[allow(clippy::expect_used)]
    pub async fn waited_for(&mut self) {
        let sql = "SELECT EXISTS (SELECT FROM pg_locks WHERE relation = $1::regclass AND NOT granted)";
        let waiting = async |connection: &mut PgConnection| -> bool {
            let query = sqlx::query_scalar(sql).bind(self.table).fetch_one(connection);
            query.await.expect("the list of locks")
        };
        while !waiting(&mut self.connection).await {
            tokio::task::yield_now().await;
        }
    }

    /// Lets the table go.
    ///
    /// # Panics
    /// Where the database fails.
    pub async fn release(mut self) {
        run(&mut self.connection, "ROLLBACK".to_owned()).await;
    }
}

/// How many processes wait for an advisory lock on a test's database.
pub async fn lock_waiters(store: &Store) -> i64 {
    locks(store, false).await
}

/// How many advisory locks are held on a test's database.
pub async fn lock_holders(store: &Store) -> i64 {
    locks(store, true).await
}

#[allow(clippy::expect_used)]
async fn locks(store: &Store, granted: bool) -> i64 {
    let sql = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted = $1
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    sqlx::query_scalar(sql).bind(granted).fetch_one(&store.pool).await.expect("the list of locks")
}

/// Waits until all connections that a store may have are in use.
pub async fn until_all_connections_are_used(store: &Store) {
    let pool = &store.pool.connections;
    let most = usize::try_from(pool.options().get_max_connections()).unwrap_or(usize::MAX);
    while usize::try_from(pool.size()).unwrap_or(0) < most || pool.num_idle() > 0 {
        tokio::task::yield_now().await;
    }
}

/// Cuts all connections to a test's database but the one that asks.
#[allow(clippy::expect_used)]
pub async fn cut_connections(store: &Store) {
    let sql = "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    sqlx::query(sql).execute(&store.pool).await.expect("the list of connections");
}

/// Makes every question about jobs fail, as a mistake of ours would.
#[allow(clippy::expect_used)]
pub async fn break_jobs(store: &Store) {
    let sql = "ALTER TABLE job_counts RENAME TO no_job_counts";
    sqlx::query(sql).execute(&store.pool).await.expect("a table of jobs");
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let (url, name) = (self.server.url.clone(), self.name.clone());
        let dropping = std::thread::spawn(move || {
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
                return;
            };
            runtime.block_on(async {
                run(&mut connect(&url).await, format!("DROP DATABASE {name} WITH (FORCE)")).await;
            });
        });
        let _ = dropping.join();
    }
}

#[allow(clippy::expect_used)]
async fn start() -> Server {
    let own = match std::env::var("DATABASE_URL") {
        Ok(_) => None,
        Err(_) => Some(tokio::task::spawn_blocking(private).await.expect("the start of Postgres")),
    };
    let url = own
        .as_ref()
        .map_or_else(|| std::env::var("DATABASE_URL").unwrap_or_default(), |own| own.url().to_owned());
    let mut server = Server { url, template: unique_name(), _own: own };
    make_template(&mut server).await;
    server
}

#[allow(clippy::expect_used)]
fn private() -> PrivatePostgres {
    let dir = tempfile::Builder::new().prefix("holdfast-test-").tempdir().expect("a temporary folder").keep();
    PrivatePostgres::start_disposable(&dir).expect("a private Postgres")
}

/// Named by what is in it, so that test processes on one server share it.
#[allow(clippy::expect_used)]
async fn make_template(server: &mut Server) {
    let mut admin = connect(&server.url).await;
    server.template = format!("holdfast_template_{}", crate::pool::schema_fingerprint());
    let name = &server.template;
    run(&mut admin, "SELECT pg_advisory_lock(7301234)".to_owned()).await;
    let found: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)")
        .bind(name)
        .fetch_one(&mut admin)
        .await
        .expect("the list of databases");
    if !found {
        let making = unique_name();
        run(&mut admin, format!("CREATE DATABASE {making}")).await;
        let store =
            Store::connect(&on_database(&server.url, &making), Options::default()).expect("an address");
        store.migrate().await.expect("migrations that run");
        store.close().await;
        run(&mut admin, format!("ALTER DATABASE {making} RENAME TO {name}")).await;
    }
    admin.close().await.expect("a connection that closes");
}

fn unique_name() -> String {
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let random = RandomState::new().hash_one(count);
    format!("holdfast_test_{}_{count}_{random:x}", std::process::id())
}

#[allow(clippy::expect_used)]
fn on_database(url: &str, name: &str) -> String {
    let (base, query) = url.split_once('?').map_or((url, None), |(base, query)| (base, Some(query)));
    let start = base.find("://").map_or(0, |at| at + 3);
    let end = base[start..].find('/').map_or(base.len(), |at| start + at);
    let query = query.map(|q| format!("?{q}")).unwrap_or_default();
    format!("{}/{name}{query}", &base[..end])
}

#[allow(clippy::expect_used)]
async fn connect(url: &str) -> PgConnection {
    let options: PgConnectOptions = url.parse().expect("an address");
    PgConnection::connect_with(&options).await.expect("a connection to the test server")
}

/// The names in the text are ours.
#[allow(clippy::expect_used)]
async fn run(connection: &mut PgConnection, sql: String) {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.expect("an administrative statement");
}

/// Somebody with a role everywhere, without a password.
#[must_use]
pub fn person(email: &str, role: model::Role) -> crate::NewUser {
    use model::{
        access::{Grant, Scope},
        team::{GivenGrant, GrantSource},
    };
    let source = GrantSource::ByHand { by: String::new() };
    let given = vec![GivenGrant { grant: Grant { role, scope: Scope::All }, source }];
    crate::NewUser { email: email.into(), name: role.word().into(), password_hash: None, given }
}
