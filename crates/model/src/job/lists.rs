//! What of AWS's lists of jobs was read. There is a list for each Region and kind; read and none, never read, not available,
//! denied and failed are five different things.

use serde::{Deserialize, Serialize};
use time::{Date, Duration, OffsetDateTime};

use super::kind::JobKind;

/// A list whose last attempt succeeded, but longer ago than this, lags: the next one is late, or takes long.
const LAG: Duration = Duration::hours(1);
/// AWS lists jobs of so many days.
const HISTORY: Duration = Duration::days(30);
/// Regions named in the words of a cover; the rest is counted.
const NAMED: usize = 3;

/// How the last attempt to read a list ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListOutcome {
    /// None has ended yet.
    #[default]
    Untried,
    Read,
    /// The endpoint does not offer the list.
    NotAvailable,
    Denied,
    Failed,
}

impl ListOutcome {
    /// Each outcome with its stored name and the words people read.
    pub const TABLE: [(Self, &'static str, &'static str); 5] = [
        (Self::Untried, "untried", "not read yet"),
        (Self::Read, "read", "read"),
        (Self::NotAvailable, "not_available", "not available"),
        (Self::Denied, "denied", "denied"),
        (Self::Failed, "failed", "failed"),
    ];

    /// As stored and in metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::TABLE.iter().find(|(o, ..)| *o == self).map_or("untried", |(_, name, _)| name)
    }

    /// As people read it.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::TABLE.iter().find(|(o, ..)| *o == self).map_or("not read yet", |(.., word)| word)
    }

    /// From its stored name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::TABLE.iter().find(|(_, n, _)| *n == name).map(|(o, ..)| *o)
    }
}

/// A row that AWS sent in a form of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OddRow {
    /// The job's id, if that could be read.
    pub id: Option<String>,
    /// The member that is odd, by AWS's name.
    pub member: String,
    /// What is odd about it (“is missing”).
    pub why: String,
    /// Whether the job is shown, without that member.
    pub kept: bool,
}

impl OddRow {
    /// A row that is not shown.
    #[must_use]
    pub fn lost(id: Option<String>, member: &str, why: impl Into<String>) -> Self {
        Self { id, member: member.to_owned(), why: why.into(), kept: false }
    }
}

/// How far a list is read that AWS does not give for all accounts at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountsRead {
    /// Active accounts whose jobs were read.
    pub read: u64,
    /// Active accounts.
    pub of: u64,
    /// When the account was read that was read longest ago, of those that were.
    #[serde(with = "time::serde::rfc3339::option")]
    pub oldest_at: Option<OffsetDateTime>,
}

/// One list: the jobs of a kind in a Region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobListState {
    pub region: String,
    pub kind: JobKind,
    /// How the last attempt ended.
    pub outcome: ListOutcome,
    /// When it was last read whole; `None` if never.
    #[serde(with = "time::serde::rfc3339::option")]
    pub read_at: Option<OffsetDateTime>,
    /// Jobs created before this are known.
    #[serde(with = "time::serde::rfc3339::option")]
    pub known_until: Option<OffsetDateTime>,
    /// Why it could not be read, in words; `None` if it could.
    pub problem: Option<String>,
    /// When the jobs of Holdfast's own account were read, where AWS gives those alone.
    #[serde(with = "time::serde::rfc3339::option")]
    pub own_account_at: Option<OffsetDateTime>,
    /// Set where each account is asked for by itself.
    pub accounts: Option<AccountsRead>,
    /// Rows that could not be read, or not in full; a bounded number of them.
    pub odd: Vec<OddRow>,
    /// Whether there are more of them than are named.
    pub odd_more: bool,
}

impl JobListState {
    /// A list that nobody tried to read yet.
    #[must_use]
    pub fn untried(region: &str, kind: JobKind) -> Self {
        Self {
            region: region.to_owned(),
            kind,
            outcome: ListOutcome::Untried,
            read_at: None,
            known_until: None,
            problem: None,
            own_account_at: None,
            accounts: None,
            odd: Vec::new(),
            odd_more: false,
        }
    }

    /// What is missing of it now; `None` where nothing is.
    fn gap(&self, now: OffsetDateTime) -> Option<Gap> {
        match (self.read_at, self.own_account_at, self.accounts) {
            (Some(at), ..) if !self.fails() && now - at <= LAG => None,
            (Some(at), ..) => Some(Gap::Lags(at, self.outcome)),
            (None, Some(_), _) => Some(Gap::OwnAccount),
            (None, None, Some(accounts)) if accounts.read > 0 => {
                Some(Gap::Accounts(accounts.read, accounts.of))
            }
            (None, None, _) => Some(Gap::Never(self.outcome)),
        }
    }

    /// Whether the last attempt failed: whatever was read before, what is new is missing.
    fn fails(&self) -> bool {
        matches!(self.outcome, ListOutcome::NotAvailable | ListOutcome::Denied | ListOutcome::Failed)
    }

    /// Whether jobs created before an instant are all known.
    fn knows(&self, until: OffsetDateTime) -> bool {
        self.known_until.is_some_and(|known| known >= until)
    }

    /// How much of what AWS lists is known, from 0 to 1.
    fn share(&self, now: OffsetDateTime) -> f64 {
        let known = self.known_until.map_or(Duration::ZERO, |known| known - (now - HISTORY));
        if self.read_at.is_some() { 1.0 } else { (known / HISTORY).clamp(0.0, 1.0) }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Gap {
    Never(ListOutcome),
    OwnAccount,
    Accounts(u64, u64),
    /// When it was last read whole, and how the last attempt ended.
    Lags(OffsetDateTime, ListOutcome),
}

impl Gap {
    fn words(self, now: OffsetDateTime) -> String {
        match self {
            Self::Never(ListOutcome::Untried) => "not read yet".to_owned(),
            Self::Never(ListOutcome::Read) => "never read".to_owned(),
            Self::Never(outcome) => format!("never read ({})", outcome.word()),
            Self::OwnAccount => "of one account alone, Holdfast's own".to_owned(),
            Self::Accounts(read, of) => format!("of {read} of {of} accounts"),
            Self::Lags(at, ListOutcome::Read | ListOutcome::Untried) => {
                format!("last read {}", ago(now - at))
            }
            Self::Lags(at, outcome) => format!("last read {} ({} since)", ago(now - at), outcome.word()),
        }
    }
}

/// What of the lists behind some figures was read, at the instant of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cover {
    /// By Region and kind.
    pub lists: Vec<JobListState>,
    /// The server's clock.
    #[serde(with = "time::serde::rfc3339")]
    pub now: OffsetDateTime,
}

impl Cover {
    /// The cover of figures about some Regions and kinds only.
    #[must_use]
    pub fn narrowed(mut self, holds: impl Fn(&str, JobKind) -> bool) -> Self {
        self.lists.retain(|list| holds(&list.region, list.kind));
        self
    }

    /// Whether every list was read whole, and none lags or has failed since.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        !self.lists.is_empty() && self.gaps().is_empty()
    }

    /// Whether any job of any list can be known.
    #[must_use]
    pub fn has_any(&self) -> bool {
        let known = |l: &JobListState| {
            l.known_until.is_some()
                || l.own_account_at.is_some()
                || l.accounts.is_some_and(|accounts| accounts.read > 0)
        };
        self.lists.iter().any(known)
    }

    /// Whether the first reading goes on: what is missing is on its way.
    #[must_use]
    pub fn is_on_its_way(&self) -> bool {
        self.lists.iter().any(|list| list.read_at.is_none() && list.outcome == ListOutcome::Untried)
    }

    /// Whether no list was ever read, and all are not available.
    #[must_use]
    pub fn is_not_available(&self) -> bool {
        let lacks = |l: &JobListState| l.read_at.is_none() && l.outcome == ListOutcome::NotAvailable;
        !self.lists.is_empty() && self.lists.iter().all(lacks)
    }

    /// Whether any list has all jobs up to an hour before now, so that figures of the last hours mean something.
    #[must_use]
    pub fn has_recent(&self) -> bool {
        let own = |l: &JobListState| l.own_account_at.is_some() || l.accounts.is_some_and(|a| a.read > 0);
        self.lists.iter().any(|list| list.knows(self.now - LAG) || own(list))
    }

    /// Whether a day's jobs are all known, or as far as the day has come. Of days before the oldest that AWS lists, what is
    /// known is all there is to know.
    #[must_use]
    pub fn knows_day(&self, day: Date) -> bool {
        let end = day.next_day().unwrap_or(day).midnight().assume_utc();
        let until = |list: &JobListState| if list.fails() { self.now } else { self.now - LAG };
        !self.lists.is_empty() && self.lists.iter().all(|list| list.knows(end.min(until(list))))
    }

    /// How much of the lists is known, in percent; less than 100 while the first reading goes on.
    #[must_use]
    pub fn percent(&self) -> u8 {
        let count = u32::try_from(self.lists.len()).unwrap_or(u32::MAX).max(1);
        let share = self.lists.iter().map(|list| list.share(self.now)).sum::<f64>() / f64::from(count);
        // Between 0 and 100.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share")]
        let percent = (share * 100.0) as u8;
        if self.is_whole() { 100 } else { percent.min(99) }
    }

    /// What is missing (“2 of 3 Regions; eu-west-1 never read (failed)”); `None` where nothing is.
    #[must_use]
    pub fn words(&self) -> Option<String> {
        if self.lists.is_empty() {
            return Some("no Region read yet".to_owned());
        }
        let gaps = self.gaps();
        if gaps.is_empty() {
            return None;
        }
        let mut regions: Vec<&str> = self.lists.iter().map(|list| list.region.as_str()).collect();
        regions.dedup();
        let with_gaps = regions.iter().filter(|region| gaps.iter().any(|(list, _)| list.region == **region));
        let whole = regions.len() - with_gaps.count();
        let count = match regions.len() {
            1 => "1 Region, not whole".to_owned(),
            n => format!("{whole} of {n} Regions"),
        };
        let mut named: Vec<String> = Vec::new();
        for region in &regions {
            named.extend(self.gaps_in(region, &gaps));
        }
        let more = named.len().saturating_sub(NAMED);
        named.truncate(NAMED);
        if more > 0 {
            named.push(format!("{more} more"));
        }
        Some(format!("{count}; {}", named.join(", ")))
    }

    /// The gaps of a Region in words: together where all its lists share one, else list by list.
    fn gaps_in(&self, region: &str, gaps: &[(&JobListState, Gap)]) -> Vec<String> {
        let here: Vec<_> = gaps.iter().filter(|(list, _)| list.region == region).collect();
        let lists = self.lists.iter().filter(|list| list.region == region).count();
        let words: Vec<String> = here.iter().map(|(_, gap)| gap.words(self.now)).collect();
        match words.split_first() {
            Some((first, rest)) if here.len() == lists && rest.iter().all(|w| w == first) => {
                vec![format!("{region} {first}")]
            }
            _ => {
                let named = here.iter().zip(words);
                named
                    .map(|((list, _), words)| format!("{} jobs of {region} {words}", list.kind.as_str()))
                    .collect()
            }
        }
    }

    fn gaps(&self) -> Vec<(&JobListState, Gap)> {
        self.lists.iter().filter_map(|list| Some((list, list.gap(self.now)?))).collect()
    }

    /// Rows that are not shown, with their list; how many there are, and whether there are more.
    #[must_use]
    pub fn odd_rows(&self) -> Vec<(&JobListState, &OddRow)> {
        self.lists.iter().flat_map(|list| list.odd.iter().map(move |row| (list, row))).collect()
    }
}

fn ago(age: Duration) -> String {
    match age.whole_hours() {
        hours if hours >= 48 => format!("{} days ago", age.whole_days()),
        0 if age.whole_minutes() < 1 => "just now".to_owned(),
        0 => format!("{} min ago", age.whole_minutes()),
        hours => format!("{hours} h ago"),
    }
}

#[cfg(test)]
mod tests;
