//! What was kept elsewhere of the audit list: heads as `holdfast audit head` prints them, and lines that were forwarded.

use std::{
    collections::BTreeMap,
    io::{self, BufRead},
};

use model::audit::SignedHead;
use serde::Deserialize;
use store::ChainHash;

use super::Witness;

/// Heads and entries by number.
#[derive(Clone, Debug, Default)]
pub struct Kept(BTreeMap<i64, Vec<KeptRow>>);

/// One of them.
#[derive(Clone, Debug)]
pub(super) struct KeptRow {
    pub hash: ChainHash,
    /// Where it is a head.
    pub head: Option<SignedHead>,
}

/// Why a file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeptError {
    #[error(transparent)]
    Read(#[from] io::Error),
    #[error("line {0} is neither a head nor an entry of the audit list")]
    Line(usize),
    #[error("there is neither a head nor an entry of the audit list in it")]
    Nothing,
}

/// What an entry and a head have in common.
#[derive(Deserialize)]
struct Line {
    seq: i64,
    hash: String,
    signature: Option<String>,
}

impl KeptRow {
    pub(super) fn witness(&self) -> Witness {
        self.head.as_ref().map_or(Witness::KeptEntry, |head| Witness::KeptHead { at: head.at })
    }
}

impl Kept {
    /// Takes JSON lines in. What stands before the object of a line (a syslog header) is passed over, and so are lines
    /// without one.
    ///
    /// # Errors
    /// Where a line cannot be read, or there is nothing in any.
    pub fn read(&mut self, from: impl BufRead) -> Result<(), KeptError> {
        let mut found = false;
        for (line, n) in from.lines().zip(1..) {
            let line = line?;
            let Some(object) = line.find('{').and_then(|at| line.get(at..)) else { continue };
            let (seq, row) = row(object).ok_or(KeptError::Line(n))?;
            self.0.entry(seq).or_default().push(row);
            found = true;
        }
        if found { Ok(()) } else { Err(KeptError::Nothing) }
    }

    /// Those of entries after one and up to another, in order.
    pub(super) fn between(&self, after: i64, up_to: i64) -> impl Iterator<Item = (i64, &KeptRow)> {
        let from = after.saturating_add(1);
        let range = (from <= up_to).then(|| self.0.range(from..=up_to));
        range.into_iter().flatten().flat_map(|(seq, rows)| rows.iter().map(|row| (*seq, row)))
    }
}

fn row(object: &str) -> Option<(i64, KeptRow)> {
    let line: Line = serde_json::from_str(object).ok()?;
    let hash = hex::decode(&line.hash).ok()?.try_into().ok()?;
    let head = match line.signature {
        Some(_) => Some(serde_json::from_str(object).ok()?),
        None => None,
    };
    Some((line.seq, KeptRow { hash, head }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_and_entries_are_taken_from_plain_lines_and_from_syslog() {
        let hash = "ab".repeat(32);
        let lines = format!(
            "Create the first administrator with this link\n\n\
             {{\"type\":\"event\",\"seq\":3,\"person\":\"a\",\"hash\":\"{hash}\"}}\n\
             <110>1 2026-11-20T08:00:00Z host holdfast 7 head - {{\"seq\":3,\"hash\":\"{hash}\",\
             \"at\":\"2026-11-20T08:00:00Z\",\"key\":\"k\",\"signature\":\"cw==\"}}\n"
        );
        let mut kept = Kept::default();
        kept.read(lines.as_bytes()).unwrap();
        let found: Vec<_> = kept.between(2, 3).map(|(seq, row)| (seq, row.head.is_some())).collect();
        assert_eq!(found, [(3, false), (3, true)]);
        assert_eq!(kept.between(3, i64::MAX).count(), 0);
    }

    #[test]
    fn a_file_that_proves_nothing_is_an_error() {
        let read = |text: &str| Kept::default().read(text.as_bytes());
        assert!(matches!(read(""), Err(KeptError::Nothing)));
        assert!(matches!(read("nothing\n"), Err(KeptError::Nothing)));
        assert!(matches!(read("\n{\"seq\":3,\"hash\":\"abcd\"}"), Err(KeptError::Line(2))));
        let cut = format!("{{\"seq\":3,\"hash\":\"{}\"", "ab".repeat(32));
        assert!(matches!(read(&cut), Err(KeptError::Line(1))));
    }
}
