//! The audit list in the hands of a role of its own, as docs/operations.md says how.

use std::time::Duration as Wait;

use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};

use model::audit::SignedHead;

use super::*;
use crate::{Options, testing::empty_database};

/// The first block of SQL after the heading.
fn documented() -> &'static str {
    let docs = include_str!("../../../../../docs/operations.md");
    let (_, section) = docs.split_once("## The audit list in other hands").unwrap();
    let (_, block) = section.split_once("```sql\n").unwrap();
    block.split_once("```").unwrap().0
}

struct Roles {
    db: TestDatabase,
    /// Connected as the role that Holdfast runs with.
    store: Store,
    name: String,
}

async fn run(connection: &mut PgConnection, sql: String) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.map(drop)
}

/// A database that its own role has brought up to date, and then the documented statements.
async fn roles() -> Roles {
    let db = empty_database().await;
    let mut admin = db.store.dedicated(&[]).await.unwrap();
    let database: String =
        sqlx::query_scalar("SELECT current_database()::text").fetch_one(&mut admin).await.unwrap();
    let name = format!("{database}_role");
    let made =
        format!("CREATE ROLE {name} LOGIN PASSWORD 'of a test'; ALTER DATABASE {database} OWNER TO {name}");
    run(&mut admin, made).await.unwrap();
    let options: PgConnectOptions = db.url.parse().unwrap();
    let url = options.username(&name).password("of a test").to_url_lossy().to_string();
    let store =
        Store::connect(&url, Options { acquire_timeout: Wait::from_secs(30), ..Options::default() }).unwrap();
    store.migrate().await.unwrap();
    // The names of a test have those of the documentation in them.
    let sql = documented()
        .replace("DATABASE holdfast", "DATABASE {database}")
        .replace("holdfast_audit", "{name}_audit")
        .replace("holdfast", "{name}")
        .replace("{database}", &database)
        .replace("{name}", &name);
    run(&mut admin, sql).await.unwrap();
    admin.close().await.unwrap();
    Roles { db, store, name }
}

impl Roles {
    async fn remove(self) {
        self.store.close().await;
        let mut admin = self.db.store.dedicated(&[]).await.unwrap();
        let name = &self.name;
        let sql = format!(
            "REASSIGN OWNED BY {name}, {name}_audit TO CURRENT_USER; DROP OWNED BY {name}, {name}_audit;
            DROP ROLE {name}; DROP ROLE {name}_audit"
        );
        run(&mut admin, sql).await.unwrap();
        admin.close().await.unwrap();
    }
}

#[tokio::test]
async fn a_role_that_does_not_own_the_list_adds_to_it_and_changes_nothing_of_it() {
    let roles = roles().await;
    let store = &roles.store;
    for n in 1..=3 {
        store.append_audit(&event(n, AuditAction::PolicyEdited), NOW).await.unwrap();
    }
    let refused = RefusedAccess {
        actor: Actor::default(),
        action: Action::Sync,
        unconfirmed: false,
        subject: Named::default(),
        target: None,
    };
    store.refuse_access(refused, NOW).await.unwrap();
    let key = crate::AuditKey { key_id: "0123456789abcdef".into(), public_key: vec![7; 32] };
    store.own_audit_seed(&[7; 32], &key, NOW).await.unwrap();
    let sign = |seq, hash: &[u8]| SignedHead {
        seq,
        hash: hex::encode(hash),
        at: NOW,
        key: key.key_id.clone(),
        signature: String::new(),
    };
    store.seal_audit(crate::HeadDue::NewEvents, sign).await.unwrap().unwrap();
    assert_eq!(
        store
            .audit(AuditSearch::of_all(&AuditFilter::default(), Period::default()))
            .await
            .unwrap()
            .rows
            .len(),
        4
    );
    for sql in [
        "UPDATE audit_events SET person = 'eve'",
        "DELETE FROM audit_events",
        "DELETE FROM audit_heads",
        "UPDATE audit_keys SET seed = NULL",
        "TRUNCATE audit_events",
        "DROP TABLE audit_events",
        "DROP TABLE audit_heads CASCADE",
        "ALTER TABLE audit_events DISABLE TRIGGER ALL",
        "ALTER TABLE audit_events DISABLE TRIGGER audit_events_append_only",
        "ALTER TABLE audit_events RENAME TO audit_events_of_old",
        "DROP TRIGGER audit_events_chain ON audit_events",
        "CREATE OR REPLACE FUNCTION audit_hash(e audit_events) RETURNS bytea LANGUAGE sql AS 'SELECT ''''::bytea'",
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "DROP FUNCTION chain_audit_event CASCADE",
        "SET session_replication_role = replica",
        "ALTER SCHEMA public RENAME TO gone",
    ] {
        let error = sqlx::query(sql).execute(&store.pool).await.expect_err(sql);
        let code = error.as_database_error().and_then(|e| e.code().map(|code| code.into_owned()));
        assert_eq!(code.as_deref(), Some("42501"), "{sql}: {error}");
    }
    // The chain is the database's own whatever a row brings along.
    let forged = "INSERT INTO audit_events SELECT 1, 1, at, 'eve', session, address, action, subject, subject_name,
        target, target_name, change_id, step, outcome, request_ids, detail, '', '' FROM audit_events WHERE seq = 1";
    sqlx::query(forged).execute(&store.pool).await.unwrap();
    assert_eq!(chain_is_whole(store).await, 5);
    roles.remove().await;
}

#[tokio::test]
async fn what_holdfast_does_with_its_own_tables_goes_on_in_such_a_database() {
    let roles = roles().await;
    roles.store.migrate().await.unwrap();
    // A later migration can make and change what is not of the list.
    for sql in
        ["CREATE TABLE later (n bigint)", "ALTER TABLE users ADD COLUMN later text", "DROP TABLE later"]
    {
        sqlx::query(AssertSqlSafe(sql)).execute(&roles.store.pool).await.unwrap();
    }
    roles.remove().await;
}
