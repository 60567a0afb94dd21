//! Whether the audit list is whole: by its own chain, by signed heads, and by what was kept elsewhere. Asks the database
//! for rows alone: every hash and signature is computed here.

mod fault;
mod kept;

use model::audit::SignedHead;
use store::{ChainHash, ChainStep, Store, StoreError};

use super::PublicKey;

pub use fault::{AuditFault, Witness};
pub use kept::{Kept, KeptError};

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Whole(Whole),
    Broken(AuditFault),
}

/// A list in which nothing is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Whole {
    /// Number of the newest entry, which is how many there are.
    pub entries: i64,
    /// Its hash, in hexadecimal.
    pub hash: String,
    /// Heads of the database that agree.
    pub signed: u64,
    /// Heads and entries kept elsewhere that agree.
    pub kept: u64,
    /// Number of the newest entry that one of these names: what comes after has nothing but the chain to prove it.
    pub proven: i64,
}

/// Walks the whole list. `keys` are those that may have signed heads: one that is not among them counts for nothing.
/// `progress` is told how many rows were read, and of how many.
///
/// # Errors
/// Where the database cannot be read.
pub async fn verify(
    store: &Store,
    keys: &[PublicKey],
    kept: &Kept,
    mut progress: impl FnMut(i64, i64),
) -> Result<Verdict, StoreError> {
    let mut walk = store.walk_audit_chain().await?;
    let mut found = Whole::default();
    let mut before = i64::MIN;
    loop {
        let rows = match walk.step().await? {
            ChainStep::Rows(rows) => rows,
            ChainStep::Broken(fault) => return Ok(Verdict::Broken(AuditFault::Chain(fault))),
            ChainStep::End => break,
        };
        let last = rows.last().map_or(before, |(seq, _)| *seq);
        let heads = store.audit_heads(before, last).await?;
        if let Err(fault) = compare(&rows, &heads, kept.between(before, last), keys, &mut found) {
            return Ok(Verdict::Broken(fault));
        }
        before = last;
        progress(last, walk.newest().max(last));
    }
    let (last, hash) = walk.last();
    let beyond = store.audit_heads(last, i64::MAX).await?;
    if let Some(fault) = cut(last, &beyond, kept) {
        return Ok(Verdict::Broken(fault));
    }
    Ok(Verdict::Whole(Whole { entries: last, hash: hex::encode(hash), ..found }))
}

/// Compares rows with all that names one of them.
fn compare<'a>(
    rows: &[(i64, ChainHash)],
    heads: &[SignedHead],
    kept: impl Iterator<Item = (i64, &'a kept::KeptRow)>,
    keys: &[PublicKey],
    found: &mut Whole,
) -> Result<(), AuditFault> {
    let hash_of = |seq: i64| {
        let row = rows.binary_search_by_key(&seq, |(seq, _)| *seq).ok()?;
        rows.get(row).map(|(_, hash)| *hash)
    };
    for head in heads {
        let by = Witness::Head { at: head.at };
        signed(head, keys, &by)?;
        if hash_of(head.seq).map(hex::encode).as_ref() != Some(&head.hash) {
            return Err(AuditFault::WrittenAnew { seq: head.seq, by });
        }
        found.signed += 1;
        found.proven = found.proven.max(head.seq);
    }
    for (seq, row) in kept {
        let by = row.witness();
        if let Some(head) = &row.head {
            signed(head, keys, &by)?;
        }
        if hash_of(seq) != Some(row.hash) {
            return Err(AuditFault::WrittenAnew { seq, by });
        }
        found.kept += 1;
        found.proven = found.proven.max(seq);
    }
    Ok(())
}

fn signed(head: &SignedHead, keys: &[PublicKey], by: &Witness) -> Result<(), AuditFault> {
    let (seq, key, by) = (head.seq, head.key.clone(), by.clone());
    match keys.iter().find(|one| one.id() == key) {
        None => Err(AuditFault::UnknownKey { seq, key, by }),
        Some(one) if one.signed(head) => Ok(()),
        Some(_) => Err(AuditFault::Forged { seq, key, by }),
    }
}

/// The first that names an entry after the last one.
fn cut(last: i64, heads: &[SignedHead], kept: &Kept) -> Option<AuditFault> {
    let head = heads.first().map(|head| (head.seq, Witness::Head { at: head.at }));
    let kept = kept.between(last, i64::MAX).next().map(|(seq, row)| (seq, row.witness()));
    let first = [head, kept].into_iter().flatten().min_by_key(|(seq, _)| *seq);
    first.map(|(seq, by)| AuditFault::Cut { last, seq, by })
}
