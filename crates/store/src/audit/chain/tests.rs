use model::{
    audit::{AuditAction, AuditDetail},
    change::{ChangeId, Named},
};
use time::{Duration, OffsetDateTime, macros::datetime};

use super::*;
use crate::{
    Actor, NewAudit,
    testing::{TestDatabase, database},
};

const NOW: OffsetDateTime = datetime!(2026-11-20 08:00:00.123456 UTC);

async fn with_events(count: i64) -> TestDatabase {
    let db = database().await;
    for n in 1..=count {
        let actor = Actor { person: "ada@example.com".into(), session: "5e55".into(), address: "::1".into() };
        let event = NewAudit {
            subject: Named::new(format!("p-{n:08}"), "Daily"),
            target: Some(Named::new("123456789012", "Payments")),
            step: Some((ChangeId(n), 1)),
            request_ids: vec!["req-1".into(), "req-2".into()],
            detail: AuditDetail::Text { text: "as asked".into() },
            ..NewAudit::done(actor, AuditAction::PolicyAttached)
        };
        db.store.append_audit(&event, NOW + Duration::seconds(n)).await.unwrap();
    }
    db
}

/// What the owner of the table can do.
async fn as_owner(db: &TestDatabase, sql: &str) {
    db.as_owner(&["audit_events"], sql).await;
}

async fn walked(db: &TestDatabase) -> Result<i64, ChainFault> {
    let mut walk = db.store.walk_audit_chain().await.unwrap();
    loop {
        match walk.step().await.unwrap() {
            ChainStep::Rows(rows) => assert!(!rows.is_empty() || walk.fault.is_some()),
            ChainStep::Broken(fault) => return Err(fault),
            ChainStep::End => return Ok(walk.last().0),
        }
    }
}

#[tokio::test]
async fn a_change_of_any_column_is_found_at_its_row() {
    let db = with_events(3).await;
    assert_eq!(walked(&db).await, Ok(3));
    let sql = "SELECT column_name::text FROM information_schema.columns
        WHERE table_name = 'audit_events' AND column_name NOT IN ('seq', 'previous_hash', 'hash')";
    let columns: Vec<String> = sqlx::query_scalar(sql).fetch_all(&db.store.pool).await.unwrap();
    assert_eq!(columns.len(), 15, "each is changed below: {columns:?}");
    as_owner(&db, "CREATE TABLE before AS TABLE audit_events").await;
    for column in columns {
        let changed = match column.as_str() {
            "at" => "at + interval '1 microsecond'".to_owned(),
            "entry" | "change_id" | "step" => format!("{column} + 1"),
            "outcome" => "'failed'".to_owned(),
            "request_ids" => "'{req-1,req-3}'".to_owned(),
            "detail" => "(detail::text || ' ')::json".to_owned(),
            _ => format!("{column} || 'x'"),
        };
        as_owner(&db, &format!("UPDATE audit_events SET {column} = {changed} WHERE seq = 2")).await;
        assert_eq!(walked(&db).await, Err(ChainFault::Changed { seq: 2 }), "{column}");
        let back =
            format!("UPDATE audit_events e SET {column} = b.{column} FROM before b WHERE b.seq = e.seq");
        as_owner(&db, &back).await;
        assert_eq!(walked(&db).await, Ok(3), "{column}");
    }
}

#[tokio::test]
async fn what_reads_alike_in_the_hash_is_found_all_the_same() {
    for (odd, column) in [
        ("request_ids = '{req-1 req-2}'", "request ids"),
        ("request_ids = '{req-1,NULL,req-2}'", "request ids"),
        ("request_ids = '{req-1,\"\",req-2}'", "request ids"),
        ("request_ids = '{{req-1,req-2}}'", "request ids"),
        ("at = 'infinity'", "time"),
    ] {
        let db = with_events(2).await;
        as_owner(&db, &format!("UPDATE audit_events SET {odd} WHERE seq = 2")).await;
        assert_eq!(walked(&db).await, Err(ChainFault::Odd { seq: 2, column }), "{odd}");
    }
}

#[tokio::test]
async fn a_gap_a_swap_a_double_and_a_row_that_was_hashed_anew_are_found_at_the_first_wrong_row() {
    let anew = "UPDATE audit_events SET person = 'eve' WHERE seq = 2;
        UPDATE audit_events e SET hash = audit_hash(e) WHERE seq = 2";
    let double = "ALTER TABLE audit_events DROP CONSTRAINT audit_events_pkey;
        INSERT INTO audit_events SELECT * FROM audit_events WHERE seq = 2";
    let nameless = "ALTER TABLE audit_events DROP CONSTRAINT audit_events_pkey;
        ALTER TABLE audit_events ALTER seq DROP NOT NULL;
        INSERT INTO audit_events SELECT (jsonb_populate_record(e, '{\"seq\":null}')).* FROM audit_events e WHERE seq = 2";
    let swap = "UPDATE audit_events SET seq = 5 - seq + 100 WHERE seq IN (2, 3);
        UPDATE audit_events SET seq = seq - 100 WHERE seq > 100";
    for (done, fault) in [
        ("DELETE FROM audit_events WHERE seq = 3", ChainFault::Missing { seq: 3, found: 4 }),
        ("DELETE FROM audit_events WHERE seq = 1", ChainFault::Missing { seq: 1, found: 2 }),
        ("UPDATE audit_events SET seq = 0 WHERE seq = 4", ChainFault::Missing { seq: 1, found: 0 }),
        (swap, ChainFault::Unchained { seq: 2 }),
        (anew, ChainFault::Unchained { seq: 3 }),
        (double, ChainFault::Twice { seq: 2 }),
        (nameless, ChainFault::Unnumbered { rows: 5, walked: 4, last: 4 }),
        (
            "ALTER TABLE audit_events ALTER person DROP NOT NULL; UPDATE audit_events SET person = NULL WHERE seq = 4",
            ChainFault::Changed { seq: 4 },
        ),
    ] {
        let db = with_events(4).await;
        as_owner(&db, done).await;
        assert_eq!(walked(&db).await, Err(fault), "{done}");
    }
}

#[tokio::test]
async fn a_list_of_many_pages_is_walked_and_its_borders_are_no_hiding_place() {
    let db = with_events(1).await;
    let more = "INSERT INTO audit_events SELECT (jsonb_populate_record(e, '{\"detail\":{}}')).*
        FROM audit_events e, generate_series(1, $1)";
    sqlx::query(more).bind(i32::try_from(PAGE * 2).unwrap()).execute(&db.store.pool).await.unwrap();
    assert_eq!(walked(&db).await, Ok(PAGE * 2 + 1));
    let double = format!(
        "ALTER TABLE audit_events DROP CONSTRAINT audit_events_pkey;
        INSERT INTO audit_events SELECT * FROM audit_events WHERE seq = {PAGE}"
    );
    as_owner(&db, &double).await;
    let last = PAGE * 2 + 1;
    assert_eq!(walked(&db).await, Err(ChainFault::Unnumbered { rows: last + 1, walked: last, last }));
}

#[tokio::test]
async fn request_ids_are_written_so_that_no_other_list_reads_alike() {
    let db = database().await;
    let actor = Actor { person: "ada@example.com".into(), ..Actor::default() };
    let request_ids = vec!["a b".to_owned(), String::new(), "c".to_owned()];
    let event = NewAudit { request_ids, ..NewAudit::done(actor, AuditAction::SyncRequested) };
    db.store.append_audit(&event, NOW).await.unwrap();
    assert_eq!(walked(&db).await, Ok(1));
    let kept: Vec<String> =
        sqlx::query_scalar("SELECT request_ids FROM audit_events").fetch_one(&db.store.pool).await.unwrap();
    assert_eq!(kept, ["a\u{fffd}b", "c"]);
}
