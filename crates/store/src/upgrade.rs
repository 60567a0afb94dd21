//! Databases that earlier versions left are brought up to date, and nothing in them is lost.

use std::collections::BTreeMap;

use model::{
    AccountId, JobKind, TargetId, TargetKind,
    access::Rights,
    audit::{AuditAction, AuditDetail, AuditEntry, AuditFilter, AuditOutcome, Period},
    change::Named,
    event::EventFilter,
    job::creator::Creator,
    team::rights,
};
use sqlx::{AssertSqlSafe, Connection, FromRow};
use time::{Duration, OffsetDateTime, macros::datetime};
use tower_sessions::{session::Id, session_store::SessionStore as _};

use crate::{
    Actor, Extent, JobQuery, NewAudit, SESSION_USER, SessionStore, Store,
    audit::tests::chain_is_whole,
    testing::{TestDatabase, empty_database},
};

/// As the last version left it that wrote audit entries in two tables.
const DUMP: &str = include_str!("upgrade/20261121103500.sql");
/// Shortly after.
const NOW: OffsetDateTime = datetime!(2026-11-20 12:55 UTC);
/// Tables of that version that are replaced, and must be gone: a process of it that still runs must change nothing that
/// it cannot write down.
const REPLACED: [&str; 2] = ["audit_entries", "audit_outcomes"];
/// Columns of that version whose content has moved elsewhere: a role is a grant now.
const MOVED: [(&str, &str); 1] = [("users", "role")];

async fn old() -> TestDatabase {
    let db = empty_database().await;
    // It sets its session up as it needs it, so it has one of its own.
    let mut connection = db.store.dedicated(&[]).await.unwrap();
    sqlx::raw_sql(DUMP).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    db
}

async fn migrated() -> TestDatabase {
    let db = old().await;
    db.store.migrate().await.unwrap();
    db
}

#[derive(FromRow)]
struct OldEntry {
    begun_at: OffsetDateTime,
    actor: String,
    action: String,
    target: String,
    target_name: String,
    outcome: Option<String>,
    aws_request_id: Option<String>,
    detail: Option<String>,
}

impl OldEntry {
    /// As it must be read after.
    fn expected(self, id: i64) -> AuditEntry {
        let detail = self.detail.unwrap_or_default();
        let action = AuditAction::from_name(&self.action).unwrap();
        let subject = match (action, detail.split_once(", ")) {
            (AuditAction::PolicyCreated, Some((made, _))) => made.to_owned(),
            _ => self.target,
        };
        let signs = [AuditAction::SignIn, AuditAction::SignInRefused, AuditAction::SignOut].contains(&action);
        let address = detail.strip_prefix("from ").filter(|_| signs).unwrap_or_default().to_owned();
        let outcome = self
            .outcome
            .as_deref()
            .map_or(AuditOutcome::Unknown, |outcome| AuditOutcome::from_name(outcome).unwrap());
        let words = match outcome {
            AuditOutcome::Unknown => {
                "Left open by an earlier version of Holdfast, which ended before it knew.".to_owned()
            }
            _ => detail.clone(),
        };
        AuditEntry {
            id,
            at: self.begun_at,
            actor: self.actor,
            session: String::new(),
            address,
            action,
            subject: Named::new(subject, self.target_name),
            target: place(&detail),
            change: None,
            outcome,
            request_ids: self.aws_request_id.into_iter().collect(),
            detail: if words.is_empty() { AuditDetail::Nothing } else { AuditDetail::Text { text: words } },
        }
    }
}

/// The target in what was written of an attachment, as “attached to payments (123456789012)”.
fn place(detail: &str) -> Option<Named> {
    let starts =
        ["attached to ", "detached from ", "was attached already to ", "was not attached any more to "];
    let rest = starts.iter().find_map(|start| detail.strip_prefix(start))?;
    let (name, id) = rest.strip_suffix(')')?.rsplit_once(" (")?;
    Some(Named::new(id, name))
}

async fn audit(store: &Store, filter: AuditFilter) -> Vec<AuditEntry> {
    let (mut found, mut filter) = (Vec::new(), filter);
    loop {
        let page = store.audit(crate::AuditSearch::of_all(&filter, Period::default())).await.unwrap();
        found.extend(page.rows);
        let Some(next) = page.next else { break };
        filter.cursor = next;
    }
    found.reverse();
    found
}

#[tokio::test]
async fn every_audit_entry_comes_over_in_its_order_and_the_chain_is_whole() {
    let db = old().await;
    let sql = "SELECT * FROM audit_entries LEFT JOIN audit_outcomes USING (audit_id) ORDER BY audit_id";
    let rows: Vec<OldEntry> = sqlx::query_as(sql).fetch_all(&db.store.pool).await.unwrap();
    db.store.migrate().await.unwrap();
    // Two events each: what was begun, and what came of it.
    let expected: Vec<_> = rows.into_iter().zip((1..).step_by(2)).map(|(row, id)| row.expected(id)).collect();
    let found = audit(&db.store, AuditFilter::default()).await;
    assert_eq!(found, expected);
    assert_eq!((found.len(), chain_is_whole(&db.store).await), (45, 90));
    db.store.append_audit(&NewAudit::done(Actor::default(), AuditAction::SignIn), NOW).await.unwrap();
    assert_eq!(chain_is_whole(&db.store).await, 91);
    db.store.migrate().await.unwrap();
    assert_eq!(audit(&db.store, AuditFilter::default()).await[..45], found);
}

#[tokio::test]
async fn old_audit_entries_are_found_by_what_they_named_in_words_only() {
    let db = migrated().await;
    let about = async |text: &str| {
        audit(&db.store, AuditFilter { target: text.into(), ..AuditFilter::default() }).await
    };
    let at = async |text: &str| {
        let places = about(text).await.into_iter().map(|entry| entry.target.unwrap());
        places.map(|place| (place.id, place.name)).collect::<Vec<_>>()
    };
    let named = |id: &str, name: &str| (id.to_owned(), name.to_owned());
    assert_eq!(at("123456789012").await, [named("123456789012", "payments")]);
    assert_eq!(at("ou-ab12-12345678").await, [named("ou-ab12-12345678", "From here to there (old)")]);
    assert_eq!(at("r-ab12").await, [named("r-ab12", "Root")]);
    assert_eq!(at("268065459009").await, vec![named("268065459009", "network-01"); 3]);
    let of_one = about("p-wxrvo99exh").await.into_iter().map(|entry| entry.action);
    assert_eq!(of_one.collect::<Vec<_>>(), [AuditAction::PolicyCreated, AuditAction::PolicyDeleted]);
    let all = audit(&db.store, AuditFilter::default()).await;
    let open: Vec<_> = all.iter().filter(|entry| entry.outcome == AuditOutcome::Unknown).collect();
    assert_eq!(open.iter().map(|entry| (entry.id, entry.target.as_ref())).collect::<Vec<_>>(), [(85, None)]);
    let addresses = all.iter().filter(|e| !e.address.is_empty()).map(|e| e.address.as_str());
    let expected = ["192.0.2.1", "192.0.2.9", "2001:db8::9", "192.0.2.1"];
    assert_eq!(addresses.collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn an_entry_that_an_older_process_is_writing_is_waited_for() {
    let db = old().await;
    let mut tx = db.store.begin().await.unwrap();
    let sql = "INSERT INTO audit_entries (begun_at, actor, action, target, target_name)
        VALUES ($1, 'late@example.com', 'policy_deleted', 'p-12345678', 'Late')";
    sqlx::query(sql).bind(NOW).execute(&mut *tx).await.unwrap();
    let store = db.store.clone();
    let migrating = tokio::spawn(async move { store.migrate().await });
    let sql =
        "SELECT EXISTS (SELECT FROM pg_locks WHERE relation = 'audit_entries'::regclass AND NOT granted)";
    while !sqlx::query_scalar::<_, bool>(sql).fetch_one(&db.store.pool).await.unwrap() {
        tokio::task::yield_now().await;
    }
    tx.commit().await.unwrap();
    migrating.await.unwrap().unwrap();
    let found = audit(&db.store, AuditFilter::default()).await;
    assert_eq!((found.len(), found[45].actor.as_str()), (46, "late@example.com"));
    assert_eq!(chain_is_whole(&db.store).await, 92);
}

/// Every table but those that are replaced, with its rows. After the migrations: of the columns that were there before.
async fn tables(store: &Store, columns: &BTreeMap<String, Vec<String>>) -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::new();
    for (table, columns) in columns {
        let sql = format!(
            "SELECT to_jsonb(r)::text FROM (SELECT {} FROM {table}) AS r ORDER BY 1",
            columns.join(", ")
        );
        let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&store.pool).await.unwrap();
        found.insert(table.clone(), rows);
    }
    found
}

async fn columns(store: &Store) -> BTreeMap<String, Vec<String>> {
    let sql = "SELECT relname::text, array_agg(quote_ident(attname) ORDER BY attnum) FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped
        GROUP BY relname";
    let rows: Vec<(String, Vec<String>)> = sqlx::query_as(sql).fetch_all(&store.pool).await.unwrap();
    rows.into_iter().collect()
}

#[tokio::test]
async fn every_row_of_every_other_table_stays_as_it_was() {
    let db = old().await;
    let mut columns = columns(&db.store).await;
    // A table without rows shows nothing.
    let filled = tables(&db.store, &columns).await.into_iter().filter(|(_, rows)| !rows.is_empty()).count();
    assert!(filled >= 30, "{filled}");
    for table in REPLACED {
        assert!(columns.remove(table).is_some(), "{table}");
    }
    for (table, column) in MOVED {
        columns.get_mut(table).unwrap().retain(|one| one != column);
    }
    // It grows.
    columns.remove("_sqlx_migrations");
    let before = tables(&db.store, &columns).await;
    for _ in 0..2 {
        db.store.migrate().await.unwrap();
        let after = tables(&db.store, &columns).await;
        for (table, rows) in &before {
            assert_eq!(&after[table], rows, "{table}");
        }
    }
    let left = self::columns(&db.store).await;
    assert!(REPLACED.iter().all(|table| !left.contains_key(*table)));
}

#[tokio::test]
async fn people_stay_who_they_were_and_signed_in() {
    let db = migrated().await;
    let sessions = SessionStore::new(db.store.clone(), || NOW);
    let user = async |session| {
        let record = sessions.load(&Id(session)).await.unwrap()?;
        assert_eq!(record.data["csrf"], "a token");
        db.store.user_by_id(record.data[SESSION_USER].as_i64()?).await.unwrap()
    };
    let signed_in = [user(1).await, user(2).await, user(3).await, user(4).await];
    let emails = signed_in.map(|user| user.map(|user| user.email));
    let expected =
        [Some("policy_author@example.com"), None, Some("auditor@example.com"), Some("ada@example.com")];
    assert_eq!(emails.each_ref().map(Option::as_deref), expected, "the second had ended");
    let ada = db.store.user_by_email("ada@example.com").await.unwrap().unwrap();
    assert!(
        ada.password_hash.unwrap().starts_with("$argon2id$")
            && ada.created_at == datetime!(2026-11-20 12:00 UTC)
    );
    assert!(db.store.user_by_email("viewer@example.com").await.unwrap().unwrap().disabled);
    assert_eq!(db.store.count_users().await.unwrap(), 5);
    // What they may do has become a grant of everything, and nobody was given anything else.
    let before: Vec<(String, String)> =
        sqlx::query_as("SELECT email, role FROM users").fetch_all(&old().await.store.pool).await.unwrap();
    for (email, role) in before {
        let given = db.store.user_by_email(&email).await.unwrap().unwrap().given;
        assert_eq!(rights(&given), Rights::everywhere(role.parse().unwrap()), "{email}");
    }
}

#[tokio::test]
async fn what_was_read_exported_told_and_counted_can_be_read_as_before() {
    let db = migrated().await;
    let snapshot = db.store.load_snapshot().await.unwrap();
    assert_eq!((snapshot.nodes.len(), snapshot.policies.len()), (275, 8));
    assert_eq!((snapshot.attachments.len(), snapshot.seen_at), (10, Some(datetime!(2026-11-20 12:39 UTC))));
    assert_eq!(snapshot.invalid_in_aws.unwrap().len(), 1);
    let heads = db.store.attachment_exports().await.unwrap();
    let export = db.store.attachment_export(heads[0].id).await.unwrap().unwrap();
    assert_eq!((heads.len(), export.by.as_str(), export.attachments.len()), (1, "ada@example.com", 12));
    assert_eq!(db.store.events(&EventFilter::default(), &crate::Visible::All).await.unwrap().rows.len(), 6);
    let seen = db.store.seen_settings().await.unwrap();
    assert_eq!(seen["region/eu-west-1"].settings["opt_in/eu-west-1/S3"], "off");
    let marks = db.store.watermarks().await.unwrap();
    assert_eq!(marks.iter().filter(|mark| mark.page_cursor.is_some()).count(), JobKind::ALL.len());
    assert!(db.store.freshness(NOW).await.unwrap().problem.unwrap().contains("eu-west-1"));
}

#[tokio::test]
async fn jobs_of_before_creators_were_kept_claim_none_and_are_read_again() {
    let db = migrated().await;
    let marks = db.store.watermarks().await.unwrap();
    assert!(marks.iter().all(|mark| mark.again_until == mark.read_up_to));
    assert_eq!(marks.iter().filter(|mark| mark.again_until.is_some()).count(), 6);
    let query = JobQuery { size: 100, ..JobQuery::default() };
    let jobs = db.store.jobs(&query).await.unwrap().rows;
    assert!(jobs.len() == 48 && jobs.iter().all(|job| job.planned.is_none()));
    for job in jobs.iter().filter(|job| job.plan_id.is_none() && !job.policy_made) {
        assert_eq!(job.creator(), Creator::Unread, "{}", job.id);
    }
}

#[tokio::test]
async fn jobs_are_counted_as_before_also_below_each_place() {
    let db = migrated().await;
    let query = JobQuery { size: 100, ..JobQuery::default() };
    let jobs = db.store.jobs(&query).await.unwrap().rows;
    assert_eq!(jobs.len(), 48);
    let counted = async |extent| {
        let by_state = db.store.count_by_state(&JobQuery { extent, ..query.clone() }).await.unwrap();
        by_state.iter().map(|(_, total)| total.count).sum::<u64>()
    };
    assert_eq!(counted(Extent::All).await, 48);
    let nodes = db.store.load_snapshot().await.unwrap().nodes;
    let parents: BTreeMap<_, _> = nodes.iter().map(|node| (&node.id, node.parent.as_ref())).collect();
    let below = |place: &TargetId, account: &AccountId| {
        let account = TargetId::from(account.clone());
        std::iter::successors(Some(&account), |id| parents[*id]).any(|id| id == place)
    };
    let mut filled = 0;
    for node in nodes.iter().filter(|node| node.id.kind() != TargetKind::Account) {
        let expected = jobs.iter().filter(|job| below(&node.id, &job.account)).count() as u64;
        assert_eq!(counted(Extent::Within(vec![node.id.clone()])).await, expected, "{}", node.id);
        filled += usize::from(expected > 0);
    }
    assert!(filled > 2, "{filled}");
    let (from, to) = (datetime!(2026-09-01 0:00 UTC).date(), NOW.date());
    let days = db.store.days_of_jobs(&Extent::All, from, to).await.unwrap();
    let ended: u64 = days.iter().map(|day| day.completed + day.with_issues + day.failed).sum();
    assert_eq!(ended, 41, "the others are open");
    let job_ids = vec!["8f2c1a9b-77aa-41d5-9c1e-000000000007".to_owned()];
    assert_eq!(db.store.jobs(&JobQuery { job_ids, ..query }).await.unwrap().rows.len(), 1);
}

#[tokio::test]
async fn a_reading_that_was_interrupted_goes_on_and_tells_of_nothing_that_did_not_change() {
    let db = migrated().await;
    let before = db.store.load_snapshot().await.unwrap();
    let import = db.store.begin_import(NOW).await.unwrap();
    assert!(import.resumed && import.begun_at < NOW);
    let step = async |name| db.store.import_step(import.id, name).await.unwrap().unwrap();
    assert!(step("policies").await.done && !step("accounts").await.done);
    db.store.stage_nodes(import.id, &before.nodes).await.unwrap();
    db.store.carry_policies(import.id).await.unwrap();
    db.store.promote(import.id, NOW).await.unwrap();
    let after = db.store.load_snapshot().await.unwrap();
    assert_eq!((after.nodes, after.attachments), (before.nodes, before.attachments));
    assert_eq!(after.seen_at, Some(import.begun_at));
    assert_eq!(db.store.events(&EventFilter::default(), &crate::Visible::All).await.unwrap().total.count, 6);
}

#[tokio::test]
async fn a_reading_that_was_interrupted_too_long_ago_begins_anew() {
    let db = migrated().await;
    let before = db.store.load_snapshot().await.unwrap();
    let import = db.store.begin_import(NOW + Duration::DAY).await.unwrap();
    assert!(!import.resumed);
    let staged = "SELECT count(*) FROM staged_nodes WHERE import_id = $1";
    let staged: i64 = sqlx::query_scalar(staged).bind(import.id).fetch_one(&db.store.pool).await.unwrap();
    assert_eq!(staged, 0);
    assert_eq!(db.store.load_snapshot().await.unwrap(), before);
}
