//! Under what each account stands, so that jobs and counts of an OU are found by a join.

use sqlx::PgConnection;

use crate::StoreError;

/// Only what differs is written.
const ANCESTORS: &str = "
    WITH RECURSIVE way (account, ancestor, parent) AS (
        SELECT id, id, parent FROM nodes WHERE id ~ '^[0-9]'
        UNION SELECT w.account, n.id, n.parent FROM way w JOIN nodes n ON n.id = w.parent
    ), gone AS (
        DELETE FROM account_ancestors a
        WHERE NOT EXISTS (SELECT FROM way w WHERE w.ancestor = a.ancestor AND w.account = a.account)
    )
    INSERT INTO account_ancestors (account, ancestor)
        SELECT account, ancestor FROM way EXCEPT SELECT account, ancestor FROM account_ancestors";

/// Brings the ancestors in line with the tree; call it after each change of the tree, in its transaction.
pub(super) async fn refresh(connection: &mut PgConnection) -> Result<(), StoreError> {
    sqlx::query(ANCESTORS).execute(connection).await?;
    Ok(())
}
