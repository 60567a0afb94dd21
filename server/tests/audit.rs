//! `holdfast audit` as an auditor runs it, on a list that the owner of its database spoils.

#![expect(clippy::unwrap_used, reason = "a test fails where something is not as it must be")]

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use model::{audit::AuditAction, change::Named};
use portal::{Parts, Portal, audit::SigningKey};
use store::{Actor, HeadDue, NewAudit, testing::TestDatabase};
use time::{Duration, OffsetDateTime, macros::datetime};

const NOW: OffsetDateTime = datetime!(2026-11-20 08:00 UTC);

/// How a run ended: exit status, standard output, standard error.
type Ended = (Option<i32>, String, String);

fn run(database: &str, arguments: &[&str], input: &str) -> Ended {
    let mut child = Command::new(env!("CARGO_BIN_EXE_holdfast"))
        .arg("audit")
        .args(arguments)
        .env("DATABASE_URL", database)
        .env_remove("HOLDFAST_AUDIT_KEY_FILE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that does not read its input may end before it is there.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

async fn write(db: &TestDatabase, count: i64) {
    for n in 0..count {
        let actor = Actor { person: format!("person{n}@example.com"), ..Actor::default() };
        let event = NewAudit {
            subject: Named::new("p-1", "Daily"),
            ..NewAudit::done(actor, AuditAction::PolicyEdited)
        };
        db.store.append_audit(&event, NOW + Duration::seconds(n)).await.unwrap();
    }
}

async fn portal(db: &TestDatabase) -> Portal {
    let aws = aws::Aws::connect(aws::Options::simulated("http://127.0.0.1:1".to_owned(), aws::Rates::Off));
    Portal::new(Parts {
        store: db.store.clone(),
        aws: aws.await.unwrap(),
        clock: || NOW,
        random: Box::new(server::outside::random()),
        simulated: true,
        regions: vec!["eu-west-1".to_owned()],
        sync: portal::sync::channel().0,
        providers: portal::Providers::default(),
    })
}

/// Ten entries, a head at the sixth, and nothing wrong.
async fn signed() -> TestDatabase {
    let db = store::testing::database().await;
    write(&db, 6).await;
    portal(&db).await.seal_audit(HeadDue::NewEvents).await.unwrap().unwrap();
    write(&db, 4).await;
    db
}

/// Chains all rows from one on anew, as they stand now.
const CHAIN_ANEW: &str = "DO $$ DECLARE e audit_events; BEGIN
    FOR e IN SELECT * FROM audit_events ORDER BY seq LOOP
        e.previous_hash := coalesce((SELECT hash FROM audit_events WHERE seq = e.seq - 1), sha256(''));
        UPDATE audit_events SET previous_hash = e.previous_hash, hash = audit_hash(e) WHERE seq = e.seq;
    END LOOP;
END $$";

async fn as_owner(db: &TestDatabase, sql: &str) {
    db.as_owner(&["audit_events", "audit_heads", "audit_keys"], sql).await;
}

#[tokio::test]
async fn a_whole_list_is_said_to_be_whole_and_how_far_heads_prove_it() {
    let db = signed().await;
    let (status, head, _) = run(&db.url, &["head"], "");
    assert_eq!((status, head.lines().count()), (Some(0), 1));
    let (_, key, _) = run(&db.url, &["key"], "");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key.pem");
    fs::write(&file, &key).unwrap();
    let file = file.to_str().unwrap();
    let (status, out, error) = run(&db.url, &["verify", "--head", "-", "--key", file], &head);
    assert_eq!((status, error.as_str()), (Some(0), ""), "{out}");
    assert!(out.starts_with("whole: entries 1 to 10, "), "{out}");
    for part in [
        "heads signed by the given keys that agree: 1;",
        "kept elsewhere that agree: 1;",
        "proven by these up to entry 6",
    ] {
        assert!(out.contains(part), "{part}: {out}");
    }
    // A head beside it, of a key that does not count.
    let other = folder.path().join("other.pem");
    fs::write(&other, "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA4S6Ma8sKryb6pwZtjTtR6a2K5Qz0RIL+m5Ds92hekVA=\n-----END PUBLIC KEY-----\n").unwrap();
    let (status, out, _) = run(&db.url, &["verify", "--key", other.to_str().unwrap()], "");
    assert_eq!(status, Some(1), "{out}");
    assert!(out.starts_with("broken at entry 6: ") && out.contains("none of those that count"), "{out}");
}

#[tokio::test]
async fn whatever_the_owner_of_the_database_does_is_found_with_the_first_wrong_entry() {
    let edit = "UPDATE audit_events SET person = 'eve' WHERE seq = 3";
    let swap = "UPDATE audit_events SET seq = 103 - seq + 4 WHERE seq IN (3, 4);
        UPDATE audit_events SET seq = seq - 100 WHERE seq > 100";
    let rewritten = format!("{edit}; {CHAIN_ANEW}");
    let removed = format!(
        "DELETE FROM audit_events WHERE seq = 3; UPDATE audit_events SET seq = -seq WHERE seq > 3;
        UPDATE audit_events SET seq = -seq - 1 WHERE seq < 0; {CHAIN_ANEW}"
    );
    let no_heads = "DELETE FROM audit_heads";
    for (what, sql, first, words) in [
        ("a row is changed", edit, 3, "its hash is not that of its content"),
        ("a row is removed", "DELETE FROM audit_events WHERE seq = 3", 3, "entry 4 stands in its place"),
        ("two rows are swapped", swap, 3, "not chained to the entry before it"),
        ("the tail is cut", "DELETE FROM audit_events WHERE seq > 4", 5, "its end was cut off"),
        ("the chain is made anew from a row on", &rewritten, 6, "written anew"),
        ("a row is removed and the chain made anew", &removed, 6, "written anew"),
        ("a head is forged", "UPDATE audit_heads SET signature = sha512('x')", 6, "is not signed by the key"),
    ] {
        let db = signed().await;
        let kept = run(&db.url, &["head"], "").1;
        as_owner(&db, sql).await;
        let (status, out, error) = run(&db.url, &["verify"], "");
        assert_eq!((status, error.as_str()), (Some(1), ""), "{what}: {out}");
        assert!(
            out.starts_with(&format!("broken at entry {first}: ")) && out.contains(words),
            "{what}: {out}"
        );
        // Also where all heads of the database go with it, a head kept elsewhere tells.
        as_owner(&db, no_heads).await;
        let (status, out, _) = run(&db.url, &["verify", "--head", "-"], &kept);
        let chain_alone = what == "a head is forged";
        assert_eq!(status, Some(i32::from(!chain_alone)), "{what}: {out}");
    }
}

#[tokio::test]
async fn who_owns_the_database_and_its_key_is_found_by_a_head_that_was_kept_elsewhere_alone() {
    let db = signed().await;
    let (_, kept, _) = run(&db.url, &["head"], "");
    let sql = format!(
        "DELETE FROM audit_heads; UPDATE audit_events SET person = 'eve' WHERE seq = 3; {CHAIN_ANEW}"
    );
    as_owner(&db, &sql).await;
    portal(&db).await.seal_audit(HeadDue::NewEvents).await.unwrap().unwrap();
    assert_eq!(run(&db.url, &["verify"], "").0, Some(0), "nothing in the database tells");
    let (status, out, _) = run(&db.url, &["verify", "--head", "-"], &kept);
    assert_eq!(status, Some(1), "{out}");
    assert!(out.starts_with("broken at entry 6: ") && out.contains("kept elsewhere"), "{out}");
}

#[tokio::test]
async fn what_cannot_be_read_is_neither_whole_nor_broken() {
    let db = signed().await;
    let nowhere = "postgres://nobody@127.0.0.1:1/none";
    for (url, arguments) in [
        (nowhere, &["verify"][..]),
        (nowhere, &["head"]),
        (&db.url, &["verify", "--head", "/nowhere/at/all"]),
        (&db.url, &["verify", "--key", "/nowhere/at/all"]),
    ] {
        let (status, out, error) = run(url, arguments, "");
        assert_eq!((status, out.as_str()), (Some(2), ""), "{arguments:?}: {error}");
        assert!(error.starts_with("error: "), "{error}");
    }
    let (status, _, error) = run(&db.url, &["verify", "--head", "-"], "{\"seq\":1");
    assert_eq!(status, Some(2), "{error}");
}

#[tokio::test]
async fn an_empty_list_is_whole_and_has_no_head() {
    let db = store::testing::database().await;
    let (status, out, _) = run(&db.url, &["verify"], "");
    assert_eq!(status, Some(0));
    assert!(out.starts_with("whole: no entries"), "{out}");
    assert_eq!(run(&db.url, &["head"], "").0, Some(2));
}

#[test]
fn the_key_of_a_file_is_told_by_its_public_half() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("audit.key");
    let private = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIBq2au5RRrgPMMv94f2LN7obK6+NOJfdoKwUpWpVz36a\n-----END PRIVATE KEY-----\n";
    fs::write(&file, private).unwrap();
    let (status, out, _) = run("", &["key", "--audit-key-file", file.to_str().unwrap()], "");
    let id = SigningKey::read(Path::new(&file)).unwrap().public().id();
    assert_eq!(
        (status, out.starts_with(&format!("Key {id}\n-----BEGIN PUBLIC KEY-----\n"))),
        (Some(0), true)
    );
    assert!(out.contains("MCowBQYDK2VwAyEA4S6Ma8sKryb6pwZtjTtR6a2K5Qz0RIL+m5Ds92hekVA="), "{out}");
}
