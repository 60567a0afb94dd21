//! The jobs filter: a set of conditions that all must hold. The page's URL is the filter, so it is parsed and printed here, once.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{
    failure::FieldProblem,
    id::{AccountId, TargetId, TargetKind},
    job::{JobKind, JobState},
};

/// Start or end of a time range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Instant {
    /// So many hours before the page is asked for. Written `24h` or `7d`.
    HoursAgo(u32),
    /// Seconds since 1970 in UTC. Written as a date, or a date and time (`2026-11-20T02:00:00Z`).
    At(i64),
}

/// What jobs to show: members of one set are alternatives, different fields all must hold. An empty set asks nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobFilter {
    pub kinds: BTreeSet<JobKind>,
    pub states: BTreeSet<JobState>,
    pub accounts: BTreeSet<AccountId>,
    /// OUs or the root: their accounts, at any depth below.
    pub ous: BTreeSet<TargetId>,
    pub resource_types: BTreeSet<String>,
    pub regions: BTreeSet<String>,
    pub vaults: BTreeSet<String>,
    /// AWS's message categories, or [`NO_CATEGORY`].
    pub causes: BTreeSet<String>,
    /// Made by an organization's backup policy (`Some(true)`), not so (`Some(false)`), or either.
    pub policy_made: Option<bool>,
    /// Created at or after.
    pub from: Option<Instant>,
    /// Created before.
    pub until: Option<Instant>,
    /// Job ids, or their beginnings (at least four characters).
    pub job_ids: BTreeSet<String>,
    /// Part of a resource's name or ARN, a plan's or rule's name, or AWS's message.
    pub text: String,
    /// Opaque page name.
    pub cursor: String,
    /// Rows a page: 25, 50, 100 or 200.
    pub size: PageSize,
}

/// Rows on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageSize(u16);

impl PageSize {
    /// What can be chosen.
    pub const CHOICES: [u16; 4] = [25, 50, 100, 200];

    /// The rows.
    #[must_use]
    pub const fn rows(self) -> u16 {
        self.0
    }
}

impl Default for PageSize {
    fn default() -> Self {
        Self(50)
    }
}

/// The cause of jobs for which AWS gives no message category.
pub const NO_CATEGORY: &str = "other";
/// The longest accepted value of one condition, in characters.
pub const VALUE_CHARACTERS: usize = 200;
/// The most alternatives of one condition.
pub const ALTERNATIVES: usize = 200;

impl JobFilter {
    /// The names that a filter has in addresses.
    pub const NAMES: [&'static str; 15] = [
        "kind", "state", "account", "ou", "type", "region", "vault", "cause", "policy", "from", "until",
        "id", "q", "cursor", "size",
    ];

    /// Reads a filter from a URL's pairs. Values of one name may be repeated or separated by commas. Unknown names are
    /// ignored (links live longer than versions); a wrong value is reported and its condition left out.
    #[must_use]
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> (Self, Vec<FieldProblem>) {
        let mut filter = Self::default();
        let mut problems = Vec::new();
        for (name, value) in pairs {
            if let Err(message) = filter.take(name, value) {
                problems.push(FieldProblem { field: name.to_owned(), message });
            }
        }
        (filter, problems)
    }

    /// Reads a filter from a URL's query string.
    #[must_use]
    pub fn from_query(query: &str) -> (Self, Vec<FieldProblem>) {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
        Self::from_pairs(pairs.iter().map(|(n, v)| (n.as_str(), v.as_str())))
    }

    fn take(&mut self, name: &str, value: &str) -> Result<(), String> {
        if value.is_empty() {
            return Ok(());
        }
        match name {
            "kind" => {
                each(value, &mut self.kinds, |v| JobKind::from_name(v).ok_or("backup, copy or restore"))
            }
            "state" => each(value, &mut self.states, |v| JobState::from_name(v).ok_or("a job state")),
            "account" => {
                each(value, &mut self.accounts, |v| v.parse().map_err(|_| "an account id (twelve digits)"))
            }
            "ou" => each(value, &mut self.ous, |v| place(v).ok_or("the id of an OU or root")),
            "type" => each(value, &mut self.resource_types, text),
            "region" => each(value, &mut self.regions, text),
            "vault" => each(value, &mut self.vaults, text),
            "cause" => each(value, &mut self.causes, text),
            "id" => each(value, &mut self.job_ids, |v| {
                (v.len() >= 4).then(|| v.to_owned()).ok_or("a job id, or at least its first four characters")
            }),
            "policy" => one(&mut self.policy_made, yes_no(value), "yes or no"),
            "from" => one(&mut self.from, Instant::parse(value), "a time, as 7d, 24h or 2026-11-20"),
            "until" => one(&mut self.until, Instant::parse(value), "a time, as 7d, 24h or 2026-11-20"),
            "q" => text(value).map(|v| self.text = v).map_err(|e| wrong(value, e)),
            "cursor" => {
                self.cursor = value.chars().take(VALUE_CHARACTERS).collect();
                Ok(())
            }
            "size" => match value.parse().ok().filter(|n| PageSize::CHOICES.contains(n)) {
                Some(n) => {
                    self.size = PageSize(n);
                    Ok(())
                }
                None => Err(wrong(value, "25, 50, 100 or 200")),
            },
            _ => Ok(()),
        }
    }

    /// Every condition as name and value, in a fixed order; page and page size last.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = self.conditions();
        if self.size != PageSize::default() {
            pairs.push(("size", self.size.0.to_string()));
        }
        if !self.cursor.is_empty() {
            pairs.push(("cursor", self.cursor.clone()));
        }
        pairs
    }

    /// The conditions alone, one pair for each alternative: what tokens are made of.
    #[must_use]
    pub fn conditions(&self) -> Vec<(&'static str, String)> {
        let mut pairs: Vec<(&'static str, String)> = Vec::new();
        pairs.extend(self.kinds.iter().map(|v| ("kind", v.as_str().to_owned())));
        pairs.extend(self.states.iter().map(|v| ("state", v.as_str().to_owned())));
        pairs.extend(self.accounts.iter().map(|v| ("account", v.to_string())));
        pairs.extend(self.ous.iter().map(|v| ("ou", v.to_string())));
        pairs.extend(self.resource_types.iter().map(|v| ("type", v.clone())));
        pairs.extend(self.regions.iter().map(|v| ("region", v.clone())));
        pairs.extend(self.vaults.iter().map(|v| ("vault", v.clone())));
        pairs.extend(self.causes.iter().map(|v| ("cause", v.clone())));
        pairs.extend(self.policy_made.map(|v| ("policy", if v { "yes" } else { "no" }.to_owned())));
        pairs.extend(self.from.map(|v| ("from", v.to_string())));
        pairs.extend(self.until.map(|v| ("until", v.to_string())));
        pairs.extend(self.job_ids.iter().map(|v| ("id", v.clone())));
        if !self.text.is_empty() {
            pairs.push(("q", self.text.clone()));
        }
        pairs
    }

    /// The query string of a URL, without `?`; empty for the filter that asks nothing.
    #[must_use]
    pub fn to_query(&self) -> String {
        serde_urlencoded::to_string(self.pairs()).unwrap_or_default()
    }

    /// Whether anything is asked for.
    #[must_use]
    pub fn is_narrowed(&self) -> bool {
        !self.conditions().is_empty()
    }

    /// The same filter on its first page.
    #[must_use]
    pub fn first_page(&self) -> Self {
        Self { cursor: String::new(), ..self.clone() }
    }

    /// The same filter without one alternative, on its first page.
    #[must_use]
    pub fn without(&self, name: &str, value: &str) -> Self {
        self.keeping(|n, v| !(n == name && v == value))
    }

    /// The same filter without a whole condition, on its first page.
    #[must_use]
    pub fn without_condition(&self, name: &str) -> Self {
        self.keeping(|n, _| n != name)
    }

    fn keeping(&self, keep: impl Fn(&str, &str) -> bool) -> Self {
        let mut pairs = self.first_page().pairs();
        pairs.retain(|(name, value)| keep(name, value));
        Self::from_pairs(pairs.iter().map(|(n, v)| (*n, v.as_str()))).0
    }

    /// The same filter with one more alternative, on its first page; the problem where the value is wrong.
    ///
    /// # Errors
    /// Where the value is not one that the condition takes.
    pub fn with(&self, name: &str, value: &str) -> Result<Self, FieldProblem> {
        let mut more = self.first_page();
        more.take(name, value).map_err(|message| FieldProblem { field: name.to_owned(), message })?;
        Ok(more)
    }
}

impl Instant {
    /// Reads `24h`, `7d`, a date, or a date and time.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let hours = |number: &str, each: u32| {
            number.parse::<u32>().ok()?.checked_mul(each).filter(|h| *h <= 1_000_000)
        };
        if let Some(number) = text.strip_suffix('h') {
            return hours(number, 1).map(Self::HoursAgo);
        }
        if let Some(number) = text.strip_suffix('d') {
            return hours(number, 24).map(Self::HoursAgo);
        }
        let full = match text.len() {
            10 => format!("{text}T00:00:00Z"),
            16 => format!("{text}:00Z"),
            _ => text.to_owned(),
        };
        OffsetDateTime::parse(&full, &Rfc3339).ok().map(|t| Self::At(t.unix_timestamp()))
    }

    /// The instant itself, for a page asked for at `now`.
    #[must_use]
    pub fn resolve(self, now: OffsetDateTime) -> OffsetDateTime {
        match self {
            Self::HoursAgo(hours) => now - time::Duration::hours(i64::from(hours)),
            Self::At(seconds) => OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(now),
        }
    }
}

impl std::fmt::Display for Instant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::HoursAgo(hours) if hours % 24 == 0 => write!(f, "{}d", hours / 24),
            Self::HoursAgo(hours) => write!(f, "{hours}h"),
            Self::At(seconds) => {
                let at = OffsetDateTime::from_unix_timestamp(*seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
                f.write_str(&at.format(&Rfc3339).unwrap_or_default())
            }
        }
    }
}

fn each<T: Ord>(
    value: &str,
    into: &mut BTreeSet<T>,
    read: impl Fn(&str) -> Result<T, &'static str>,
) -> Result<(), String> {
    for part in value.split(',').map(str::trim).filter(|p| !p.is_empty()) {
        let one = read(part).map_err(|expected| wrong(part, expected))?;
        if into.len() >= ALTERNATIVES {
            return Err(format!("More than {ALTERNATIVES} values: narrow by something else."));
        }
        into.insert(one);
    }
    Ok(())
}

fn one<T>(into: &mut Option<T>, value: Option<T>, expected: &str) -> Result<(), String> {
    match value {
        Some(value) => {
            *into = Some(value);
            Ok(())
        }
        None => Err(format!("Expected {expected}.")),
    }
}

fn wrong(value: &str, expected: &str) -> String {
    let shown: String = value.chars().take(40).collect();
    format!("“{shown}” is not {expected}.")
}

fn text(value: &str) -> Result<String, &'static str> {
    if crate::text::SEARCH.takes(value) {
        Ok(value.to_owned())
    } else {
        Err("at most 200 characters, none of them a control character")
    }
}

fn yes_no(value: &str) -> Option<bool> {
    match value {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

fn place(value: &str) -> Option<TargetId> {
    value.parse::<TargetId>().ok().filter(|t| t.kind() != TargetKind::Account)
}

#[cfg(test)]
mod tests;
