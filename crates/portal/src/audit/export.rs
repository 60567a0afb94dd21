//! The audit list as a file, written page by page: never all of it in memory.

use std::str::FromStr;

use model::{
    access::{Action, Resource},
    audit::{AuditAction, AuditDetail, AuditEntry, AuditFilter, Period},
    paths,
};
use store::{AuditSearch, NewAudit, Store, Visible};
use time::format_description::well_known::Rfc3339;

use crate::{Caller, Portal, PortalError};

/// Entries that are read at once.
const PAGE: usize = 500;

const COLUMNS: [&str; 14] = [
    "entry",
    "time",
    "person",
    "session",
    "address",
    "action",
    "subject_id",
    "subject_name",
    "target_id",
    "target_name",
    "change",
    "outcome",
    "aws_request_ids",
    "detail",
];

/// How entries are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// RFC 4180, with a line of names.
    Csv,
    /// An object a line.
    JsonLines,
}

impl ExportFormat {
    /// As a file's name ends, and as the address says.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
        }
    }

    /// What HTTP calls it.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::JsonLines => "application/jsonl; charset=utf-8",
        }
    }
}

impl FromStr for ExportFormat {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Csv, Self::JsonLines].into_iter().find(|format| format.as_str() == text).ok_or(())
    }
}

/// An export under way.
pub struct AuditExport {
    store: Store,
    filter: AuditFilter,
    period: Period,
    visible: Visible,
    format: ExportFormat,
    /// Entries from here on were written, or came after the export began; `None` once there are no more.
    before: Option<i64>,
    begun: bool,
}

impl Portal {
    /// Begins an export of all that the filter leaves of what the caller may see, which is an entry of the list itself.
    ///
    /// # Errors
    /// Where the caller may not read the list or export, the filter is `Invalid`, or the export cannot be written down.
    pub async fn export_audit(
        &self,
        caller: &Caller,
        filter: AuditFilter,
        format: ExportFormat,
    ) -> Result<AuditExport, PortalError> {
        self.may(caller, Action::ReadAudit, &Resource::Visible).await?;
        self.may(caller, Action::Export, &Resource::Visible).await?;
        // Roles that export are those that read the list, so both hold in the same places.
        let visible = self.visible(caller, Action::ReadAudit).await?;
        let filter = AuditFilter { cursor: String::new(), ..filter };
        let period = self.audit_period(&filter)?;
        let query =
            paths::audit(&filter).split_once('?').map(|(_, query)| query.to_owned()).unwrap_or_default();
        let detail = AuditDetail::Exported { format: format.as_str().to_owned(), filter: query };
        let event = NewAudit { detail, ..NewAudit::done(caller.actor(), AuditAction::AuditExported) };
        let entry = self.store().append_audit(&event, self.now()).await?;
        let store = self.store().clone();
        Ok(AuditExport { store, filter, period, visible, format, before: Some(entry), begun: false })
    }
}

impl AuditExport {
    /// The next part of the file; `None` at its end.
    ///
    /// # Errors
    /// Where the database fails: what was written so far is not the whole.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, PortalError> {
        let Some(before) = self.before else { return Ok(None) };
        let search = AuditSearch { filter: &self.filter, period: self.period, visible: &self.visible };
        let found = self.store.audit_before(search, before, PAGE).await;
        let entries = found.map_err(PortalError::filtered)?;
        self.before = entries.last().map(|entry| entry.id);
        let first = !std::mem::replace(&mut self.begun, true);
        let part = match self.format {
            ExportFormat::Csv => csv(&entries, first),
            ExportFormat::JsonLines => json_lines(&entries),
        };
        let part = part.map_err(PortalError::Internal)?;
        Ok((first || !entries.is_empty()).then_some(part))
    }
}

fn json_lines(entries: &[AuditEntry]) -> Result<Vec<u8>, String> {
    let mut lines = Vec::new();
    for entry in entries {
        serde_json::to_writer(&mut lines, entry).map_err(|error| error.to_string())?;
        lines.push(b'\n');
    }
    Ok(lines)
}

fn csv(entries: &[AuditEntry], names: bool) -> Result<Vec<u8>, String> {
    let mut file = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    if names {
        file.write_record(COLUMNS).map_err(|error| error.to_string())?;
    }
    for entry in entries {
        file.write_record(cells(entry).map(defused)).map_err(|error| error.to_string())?;
    }
    file.into_inner().map_err(|error| error.to_string())
}

fn cells(entry: &AuditEntry) -> [String; 14] {
    let target = entry.target.clone().unwrap_or_default();
    [
        entry.id.to_string(),
        entry.at.format(&Rfc3339).unwrap_or_default(),
        entry.actor.clone(),
        entry.session.clone(),
        entry.address.clone(),
        entry.action.as_str().to_owned(),
        entry.subject.id.clone(),
        entry.subject.name.clone(),
        target.id,
        target.name,
        entry.change.map(|change| change.to_string()).unwrap_or_default(),
        entry.outcome.as_str().to_owned(),
        entry.request_ids.join(" "),
        entry.detail.words(),
    ]
}

/// A cell that a spreadsheet takes for text: one that begins as a formula does has an apostrophe before it.
fn defused(cell: String) -> String {
    const BEGIN: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    if cell.starts_with(BEGIN) { format!("'{cell}") } else { cell }
}

#[cfg(test)]
mod tests {
    use model::{audit::AuditOutcome, change::Named};
    use time::macros::datetime;

    use super::*;

    fn entry(name: &str) -> AuditEntry {
        AuditEntry {
            id: 7,
            at: datetime!(2026-11-20 08:00 UTC),
            actor: "ada@example.com".into(),
            session: "5e55".into(),
            address: "::1".into(),
            action: AuditAction::PolicyEdited,
            subject: Named::new("p-12345678", name),
            target: None,
            change: None,
            outcome: AuditOutcome::Succeeded,
            request_ids: vec!["a".into(), "b".into()],
            detail: AuditDetail::Text { text: "Said \"so\",\nand more".into() },
        }
    }

    #[test]
    fn a_name_that_a_spreadsheet_would_compute_is_text() {
        for name in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"] {
            let file = csv(&[entry(name)], false).unwrap();
            let mut read = csv::ReaderBuilder::new().has_headers(false).from_reader(file.as_slice());
            let record = read.records().next().unwrap().unwrap();
            assert_eq!(&record[7], format!("'{name}"));
        }
        assert_eq!(defused("Daily = 7".into()), "Daily = 7");
    }

    #[test]
    fn every_column_has_its_name_and_comes_back_as_it_was() {
        let file = csv(&[entry("Daily; \"1\", 2")], true).unwrap();
        let mut read = csv::Reader::from_reader(file.as_slice());
        assert_eq!(read.headers().unwrap(), &csv::StringRecord::from(COLUMNS.to_vec()));
        let record = read.records().next().unwrap().unwrap();
        assert_eq!((&record[1], &record[5]), ("2026-11-20T08:00:00Z", "policy_edited"));
        assert_eq!(
            (&record[7], &record[12], &record[13]),
            ("Daily; \"1\", 2", "a b", "Said \"so\",\nand more")
        );
    }
}
