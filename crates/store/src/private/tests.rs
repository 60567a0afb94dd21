use std::{fs, os::unix::fs::PermissionsExt};

use sqlx::{Connection, PgConnection};

use super::*;

async fn value(postgres: &PrivatePostgres, sql: &'static str) -> i32 {
    let mut connection = PgConnection::connect(postgres.url()).await.unwrap();
    sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap()
}

fn is_alive(pid: u32) -> bool {
    // A process that ended but was not collected yet counts as ended.
    fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

#[tokio::test]
async fn data_is_there_again_after_a_stop_and_a_start() {
    let dir = tempfile::tempdir().unwrap();
    let first = PrivatePostgres::start(dir.path()).unwrap();
    let mut connection = PgConnection::connect(first.url()).await.unwrap();
    sqlx::raw_sql("CREATE TABLE kept AS SELECT 42 AS n").execute(&mut connection).await.unwrap();
    drop(connection);
    first.stop();
    let second = PrivatePostgres::start(dir.path()).unwrap();
    assert_eq!(value(&second, "SELECT n FROM kept").await, 42);
}

#[tokio::test]
async fn a_second_start_on_the_same_folder_is_refused_while_the_first_runs() {
    let dir = tempfile::tempdir().unwrap();
    let _first = PrivatePostgres::start_disposable(dir.path()).unwrap();
    assert!(matches!(PrivatePostgres::start(dir.path()), Err(PrivateError::InUse { .. })));
}

#[tokio::test]
async fn a_crash_leaves_nothing_that_hinders_the_next_start() {
    let dir = tempfile::tempdir().unwrap();
    let mut first = PrivatePostgres::start(dir.path()).unwrap();
    first.server.kill().unwrap();
    first.server.wait().unwrap();
    drop(first);
    // The lock file now names a process that lives and is no server: this test.
    let lock = dir.path().join("postgres/cluster/postmaster.pid");
    let text = fs::read_to_string(&lock).unwrap();
    let rest = text.split_once('\n').unwrap().1.to_owned();
    fs::write(&lock, format!("{}\n{rest}", std::process::id())).unwrap();
    let second = PrivatePostgres::start(dir.path()).unwrap();
    assert_eq!(value(&second, "SELECT 7").await, 7);
}

#[tokio::test]
async fn the_server_ends_when_the_process_that_holds_its_pipe_is_gone() {
    let dir = tempfile::tempdir().unwrap();
    let mut postgres = PrivatePostgres::start_disposable(dir.path()).unwrap();
    let pid = postgres.server.id();
    assert!(is_alive(pid));
    // What the kernel does to the pipe of a killed process.
    drop(postgres.leash.take());
    let gone = (0..1000).any(|_| {
        sleep(POLL);
        !is_alive(pid)
    });
    assert!(gone);
}

#[tokio::test]
async fn a_deep_data_folder_gets_a_short_socket() {
    let dir = tempfile::tempdir().unwrap();
    let deep = dir.path().join("d".repeat(120));
    let postgres = PrivatePostgres::start_disposable(&deep).unwrap();
    assert_eq!(value(&postgres, "SELECT 3").await, 3);
}

#[tokio::test]
async fn a_data_folder_that_the_server_may_not_enter_is_no_hindrance() {
    let dir = tempfile::tempdir().unwrap();
    let closed = dir.path().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
    let postgres = PrivatePostgres::start_disposable(&closed).unwrap();
    assert_eq!(value(&postgres, "SELECT 5").await, 5);
    drop(postgres);
    let _ = fs::remove_dir_all(closed.join("postgres").canonicalize().unwrap());
}
