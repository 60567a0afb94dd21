//! The statement that brings jobs: one table of the columns, written out four times.

use std::sync::LazyLock;

/// What becomes of what is known of a job when AWS tells of it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Merge {
    /// Names the job.
    Key,
    /// Replaced.
    Replace,
    /// Replaced where AWS tells it: lists leave out facts.
    Fill,
    /// Once true, always true; once told, never untold.
    Or,
}

use Merge::{Fill, Key, Or, Replace};

/// Columns of `jobs` that are fields of the model, with their SQL types.
const COLUMNS: [(&str, &str, Merge); 31] = [
    ("kind", "text", Key),
    ("id", "text", Key),
    ("created_at", "timestamptz", Key),
    ("account", "text", Replace),
    ("region", "text", Replace),
    ("state", "text", Replace),
    ("message", "text", Replace),
    ("message_category", "text", Replace),
    ("resource_type", "text", Fill),
    ("resource_arn", "text", Fill),
    ("resource_name", "text", Fill),
    ("vault", "text", Fill),
    ("vault_arn", "text", Fill),
    ("source_vault_arn", "text", Fill),
    ("recovery_point_arn", "text", Fill),
    ("created_resource_arn", "text", Fill),
    ("role_arn", "text", Fill),
    ("plan_id", "text", Fill),
    ("plan_name", "text", Fill),
    ("rule_id", "text", Fill),
    ("rule_name", "text", Fill),
    ("policy_made", "boolean", Or),
    ("planned", "boolean", Or),
    ("restore_testing_plan", "text", Fill),
    ("created_by_job_id", "text", Fill),
    ("parent_job_id", "text", Fill),
    ("is_parent", "boolean", Or),
    ("size", "bigint", Fill),
    ("percent", "smallint", Fill),
    ("completed_at", "timestamptz", Fill),
    ("start_by", "timestamptz", Fill),
];

/// Writes what differs, of jobs ($1: an array for `jsonb_to_recordset`) that AWS was asked for at an instant ($2). What
/// AWS says of a job replaces what is known, with three exceptions: a job that has ended is never open again; what was
/// asked for earlier never replaces what was asked for later; and a fact that one answer leaves out, as lists do, stays.
pub(super) static SQL: LazyLock<String> = LazyLock::new(|| {
    let list = |write: &dyn Fn(&str, &str, Merge) -> Option<String>| {
        COLUMNS
            .iter()
            .filter_map(|(name, sql, merge)| write(name, sql, *merge))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let names = list(&|name, _, _| Some(name.to_owned()));
    let typed = list(&|name, sql, _| Some(format!("{name} {sql}")));
    let known = list(&|name, _, merge| (merge != Key).then(|| format!("j.{name}")));
    let merged = list(&|name, _, merge| merge.value(name));
    let set = list(&|name, _, merge| merge.value(name).map(|value| format!("{name} = {value}")));
    format!(
        "INSERT INTO jobs AS j ({names}, seen_at)
        SELECT DISTINCT ON (id, kind, created_at) {names}, $2
        FROM jsonb_to_recordset($1) AS n ({typed})
        ORDER BY id, kind, created_at, state = ANY (open_job_states())
        ON CONFLICT ON CONSTRAINT jobs_pkey DO UPDATE SET {set},
            seen_at = excluded.seen_at, version = j.version + 1
        WHERE excluded.seen_at >= j.seen_at
            AND (j.state = ANY (open_job_states()) OR excluded.state <> ALL (open_job_states()))
            AND ({known}) IS DISTINCT FROM ({merged})
        RETURNING version"
    )
});

impl Merge {
    /// What a column becomes; `None` for one that does not change.
    fn value(self, name: &str) -> Option<String> {
        match self {
            Key => None,
            Replace => Some(format!("excluded.{name}")),
            Fill => Some(format!("coalesce(excluded.{name}, j.{name})")),
            Or => Some(format!("greatest(excluded.{name}, j.{name})")),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::testing::database;

    #[tokio::test]
    async fn the_columns_are_those_of_the_table_and_the_fields_of_the_model() {
        let db = database().await;
        let sql = "SELECT attname::text, format_type(atttypid, NULL) FROM pg_attribute
            WHERE attrelid = 'jobs'::regclass AND attnum > 0 AND NOT attisdropped
                AND attname NOT IN ('seen_at', 'version')";
        let table: Vec<(String, String)> = sqlx::query_as(sql).fetch_all(&db.store.pool).await.unwrap();
        let table: BTreeSet<_> = table
            .iter()
            .map(|(name, sql)| (name.as_str(), sql.replace("timestamp with time zone", "timestamptz")))
            .collect();
        assert_eq!(
            COLUMNS.map(|(name, sql, _)| (name, sql.to_owned())).into_iter().collect::<BTreeSet<_>>(),
            table
        );

        let job = serde_json::to_value(crate::jobs::tests::job(1)).unwrap();
        let fields: BTreeSet<_> = job.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(COLUMNS.iter().map(|(name, ..)| *name).collect::<BTreeSet<_>>(), fields);
    }
}
