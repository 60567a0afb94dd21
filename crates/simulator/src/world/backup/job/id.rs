//! Job ids that hold the coordinates of their job. They look like any UUID, but a keyed permutation hides where the
//! job is to be found, so that a job can be described without remembering it.

use crate::hash::{format_uuid, mix};
use time::{Duration, OffsetDateTime, macros::datetime};

/// Minutes are counted from here.
const ORIGIN: OffsetDateTime = datetime!(2000-01-01 00:00 UTC);
const HALF: u32 = 61;
const MASK: u64 = (1 << HALF) - 1;
const ROUNDS: u64 = 4;

/// The kinds of jobs that the simulator has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobKind {
    Backup,
    Copy,
    Restore,
    /// For malware, of what a backup made.
    Scan,
}

/// The coordinates of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    pub kind: JobKind,
    /// Number of the account, below 2^20.
    pub account: u32,
    /// Number of the resource in its account, below 2^12.
    pub resource: u16,
    /// Code of the rule; 0 for jobs without one.
    pub cause: u16,
    /// Minute of its creation since [`ORIGIN`], below 2^28.
    pub minute: u32,
    /// Part of a composite resource, or number of the copy.
    pub part: u8,
}

impl Key {
    /// Jobs are created within their minute.
    pub fn minute_start(self) -> OffsetDateTime {
        ORIGIN + Duration::minutes(i64::from(self.minute))
    }

    pub fn created_day(self) -> time::Date {
        self.minute_start().date()
    }

    /// The id of the job in a seeded world.
    pub fn id(self, seed: u64) -> u128 {
        let kind = match self.kind {
            JobKind::Backup => 1u128,
            JobKind::Copy => 2,
            JobKind::Restore => 3,
            JobKind::Scan => 4,
        };
        let fields = [
            (u128::from(self.account), 20),
            (u128::from(self.resource), 12),
            (u128::from(self.cause), 16),
            (u128::from(self.minute), 28),
            (u128::from(self.part), 8),
        ];
        let packed =
            fields.iter().fold(kind, |packed, (value, bits)| (packed << bits) | (value & ((1 << bits) - 1)));
        scramble(packed, seed)
    }

    /// The coordinates in an id; none if it is not one of this world.
    pub fn of(id: u128, seed: u64) -> Option<Self> {
        let mut packed = unscramble(id, seed);
        let mut take = |bits: u32| {
            let value = packed & ((1 << bits) - 1);
            packed >>= bits;
            value
        };
        let part = take(8) as u8;
        let minute = take(28) as u32;
        let cause = take(16) as u16;
        let resource = take(12) as u16;
        let account = take(20) as u32;
        let kind = match packed {
            1 => JobKind::Backup,
            2 => JobKind::Copy,
            3 => JobKind::Restore,
            4 => JobKind::Scan,
            _ => return None,
        };
        Some(Self { kind, account, resource, cause, minute, part })
    }
}

/// Minutes since the origin.
pub fn minute(at: OffsetDateTime) -> u32 {
    u32::try_from((at - ORIGIN).whole_minutes()).unwrap_or_default()
}

/// As AWS Backup writes it: an upper-case UUID.
pub fn text(id: u128) -> String {
    format_uuid(with_version(id)).to_ascii_uppercase()
}

/// The reverse of [`text`]; none for anything that it never writes, but for the case of the letters.
pub fn parse(given: &str) -> Option<u128> {
    let bits = u128::from_str_radix(&given.replace('-', ""), 16).ok()?;
    let id = ((bits >> 80) << 74) | (((bits >> 64) & 0xfff) << 62) | (bits & ((1 << 62) - 1));
    text(id).eq_ignore_ascii_case(given).then_some(id)
}

/// Spreads 122 bits over the 128 of a UUID, with its version and variant between.
fn with_version(id: u128) -> u128 {
    ((id >> 74) << 80) | (0x4 << 76) | (((id >> 62) & 0xfff) << 64) | (0x2 << 62) | (id & ((1 << 62) - 1))
}

/// A Feistel network over 122 bits.
fn scramble(packed: u128, seed: u64) -> u128 {
    let mut left = (packed >> HALF) as u64 & MASK;
    let mut right = packed as u64 & MASK;
    for round in 0..ROUNDS {
        (left, right) = (right, left ^ (mix(seed, &[round, right]) & MASK));
    }
    (u128::from(left) << HALF) | u128::from(right)
}

fn unscramble(id: u128, seed: u64) -> u128 {
    let mut left = (id >> HALF) as u64 & MASK;
    let mut right = id as u64 & MASK;
    for round in (0..ROUNDS).rev() {
        (left, right) = (right ^ (mix(seed, &[round, left]) & MASK), left);
    }
    (u128::from(left) << HALF) | u128::from(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: Key =
        Key { kind: JobKind::Copy, account: 9_999, resource: 11, cause: 0xbeef, minute: 14_000_000, part: 3 };

    #[test]
    fn an_id_leads_back_to_its_job() {
        let text = text(KEY.id(7));
        assert_eq!(parse(&text).and_then(|id| Key::of(id, 7)), Some(KEY));
    }

    #[test]
    fn ids_look_like_uuids_and_neighbours_look_unlike() {
        let one = text(KEY.id(7));
        let other = text(Key { minute: 14_000_001, ..KEY }.id(7));
        assert_eq!((one.len(), one.get(14..15)), (36, Some("4")));
        assert_ne!(one.get(..8), other.get(..8));
    }

    #[test]
    fn ids_of_other_worlds_and_nonsense_are_not_jobs() {
        assert_eq!(Key::of(KEY.id(7), 8), None);
        assert_eq!(parse("not-an-id"), None);
        let id = text(KEY.id(7));
        for other in [id.replace('-', ""), format!("+{}", id.get(1..).unwrap()), id.replacen("-4", "-5", 1)] {
            assert_eq!(parse(&other), None, "{other}");
        }
        assert_eq!(parse(&id.to_ascii_lowercase()), Some(KEY.id(7)));
    }
}
