//! Exports of attachments. Written before AWS is asked to forget them, and never changed.

use model::settings::export::{AttachmentExport, ExportHead, ExportedAttachment};
use sqlx::{FromRow, types::Json};
use time::OffsetDateTime;

use crate::{Store, StoreError, json};

/// Exports in the list.
const LISTED: i64 = 20;

#[derive(FromRow)]
struct ExportRow {
    export_id: i64,
    made_at: OffsetDateTime,
    made_by: String,
    attachments: Json<Vec<ExportedAttachment>>,
}

#[derive(FromRow)]
struct HeadRow {
    export_id: i64,
    made_at: OffsetDateTime,
    made_by: String,
    length: i32,
}

impl Store {
    /// Keeps all attachments as they are now; answers the export's id. Where this fails, they must not be detached.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn add_attachment_export(
        &self,
        by: &str,
        attachments: &[ExportedAttachment],
        now: OffsetDateTime,
    ) -> Result<i64, StoreError> {
        let sql = "INSERT INTO attachment_exports (made_at, made_by, attachments) VALUES ($1, $2, $3)
            RETURNING export_id";
        let query = sqlx::query_scalar(sql).bind(now).bind(by).bind(json::rows(attachments)?);
        Ok(query.fetch_one(&self.pool).await?)
    }

    /// The newest exports, newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn attachment_exports(&self) -> Result<Vec<ExportHead>, StoreError> {
        let sql = "SELECT export_id, made_at, made_by, jsonb_array_length(attachments) AS length
            FROM attachment_exports ORDER BY export_id DESC LIMIT $1";
        let rows: Vec<HeadRow> = sqlx::query_as(sql).bind(LISTED).fetch_all(&self.pool).await?;
        let head = |row: HeadRow| ExportHead {
            id: row.export_id,
            at: row.made_at,
            by: row.made_by,
            attachments: u64::try_from(row.length).unwrap_or_default(),
        };
        Ok(rows.into_iter().map(head).collect())
    }

    /// An export in full.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn attachment_export(&self, id: i64) -> Result<Option<AttachmentExport>, StoreError> {
        let sql = "SELECT * FROM attachment_exports WHERE export_id = $1";
        let row: Option<ExportRow> = sqlx::query_as(sql).bind(id).fetch_optional(&self.pool).await?;
        Ok(row.map(|row| AttachmentExport {
            id: row.export_id,
            at: row.made_at,
            by: row.made_by,
            attachments: row.attachments.0,
        }))
    }
}

#[cfg(test)]
mod tests {
    use model::organization::{NodeRef, PolicyRef};
    use time::macros::datetime;

    use super::*;
    use crate::testing::database;

    const NOW: OffsetDateTime = datetime!(2026-11-20 08:00 UTC);

    fn attachment(target: &str, policy: &str) -> ExportedAttachment {
        ExportedAttachment {
            target: NodeRef { id: target.parse().unwrap(), name: "Ünits".into() },
            policy: PolicyRef { id: policy.parse().unwrap(), name: "Daily".into() },
        }
    }

    #[tokio::test]
    async fn an_export_comes_back_as_it_was_written_in_its_order() {
        let db = database().await;
        let all = [attachment("222233334444", "p-zzzzzzzz"), attachment("222233334444", "p-aaaaaaaa")];
        let id = db.store.add_attachment_export("ada@example.com", &all, NOW).await.unwrap();
        let export = db.store.attachment_export(id).await.unwrap().unwrap();
        assert_eq!((export.attachments.as_slice(), export.at), (&all[..], NOW));
        let younger = db.store.add_attachment_export("ada@example.com", &[], NOW).await.unwrap();
        let heads = db.store.attachment_exports().await.unwrap();
        assert_eq!(heads.iter().map(|h| (h.id, h.attachments)).collect::<Vec<_>>(), [(younger, 0), (id, 2)]);
        assert_eq!(db.store.attachment_export(younger + 1).await.unwrap(), None);
    }

    #[tokio::test]
    async fn an_export_stays_as_it_was_written() {
        let db = database().await;
        db.store.add_attachment_export("ada@example.com", &[], NOW).await.unwrap();
        for sql in ["UPDATE attachment_exports SET made_by = 'x'", "DELETE FROM attachment_exports"] {
            assert!(sqlx::query(sql).execute(&db.store.pool).await.is_err(), "{sql}");
        }
    }
}
