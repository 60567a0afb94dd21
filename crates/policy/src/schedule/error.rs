//! What can be wrong with a schedule.

use super::set::{FIRST_YEAR, LAST_YEAR};

/// A field of a cron expression, in the order they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum CronField {
    Minutes,
    Hours,
    DayOfMonth,
    Month,
    DayOfWeek,
    Year,
}

impl CronField {
    /// Smallest and largest number of the field.
    pub(super) fn bounds(self) -> (u16, u16) {
        match self {
            Self::Minutes => (0, 59),
            Self::Hours => (0, 23),
            Self::DayOfMonth => (1, 31),
            Self::Month => (1, 12),
            Self::DayOfWeek => (1, 7),
            Self::Year => (FIRST_YEAR, LAST_YEAR),
        }
    }

    /// Largest step AWS takes after `*/` or `n/` (`*/60` minutes is refused, as is `0/24` hours).
    pub(super) fn largest_step(self) -> u16 {
        match self {
            Self::Minutes => 59,
            Self::Hours => 23,
            Self::DayOfMonth => 31,
            Self::Month => 12,
            Self::DayOfWeek => 7,
            Self::Year => u16::MAX,
        }
    }

    /// Names that may stand for numbers; the first is the smallest number of the field.
    pub(super) fn names(self) -> &'static [&'static str] {
        match self {
            Self::Month => {
                &["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
            }
            Self::DayOfWeek => &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
            _ => &[],
        }
    }

    pub(super) fn is_day(self) -> bool {
        matches!(self, Self::DayOfMonth | Self::DayOfWeek)
    }
}

impl std::fmt::Display for CronField {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Minutes => "minutes",
            Self::Hours => "hours",
            Self::DayOfMonth => "day of month",
            Self::Month => "month",
            Self::DayOfWeek => "day of week",
            Self::Year => "year",
        })
    }
}

/// Why a schedule is refused, and where in its text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{kind}", .field.map(|field| format!("{field}: ")).unwrap_or_default())]
pub struct CronError {
    /// What is wrong.
    pub kind: CronErrorKind,
    /// The field concerned; none when the expression as a whole is.
    pub field: Option<CronField>,
    /// Where the field (or the fault) begins, in characters from the start of the text.
    pub offset: usize,
    /// How many characters are concerned.
    pub length: usize,
}

/// What is wrong with a schedule. `Display` says it, [`CronErrorKind::help`] says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the messages say it")]
pub enum CronErrorKind {
    #[error("a schedule must have the form cron(...)")]
    NotCron,
    #[error("rate(...) schedules are not accepted in backup policies")]
    Rate,
    #[error("nothing may follow or precede cron(...), not even a space")]
    Surrounded,
    #[error("a schedule needs at least five fields, this one has {found}")]
    TooFewFields { found: usize },
    #[error("day of month and day of week cannot both be given")]
    BothDays,
    #[error("day of month and day of week cannot both be ?")]
    NoDay,
    #[error("? stands only in day of month or day of week")]
    QuestionMark,
    #[error("an element of the list is empty")]
    Empty,
    #[error("`{text}` is neither a number nor a name of this field")]
    NotAValue { text: String },
    #[error("{value} is outside {smallest} to {largest}")]
    OutOfRange { value: String, smallest: u16, largest: u16 },
    #[error("a range cannot mix a name and a number")]
    MixedRange,
    #[error("a range of years cannot run backwards")]
    BackwardYears,
    #[error("the step `{text}` is not a number of at least 1")]
    BadStep { text: String },
    #[error("the step {step} is larger than {largest}")]
    LargeStep { step: u16, largest: u16 },
    #[error("L cannot stand in a list")]
    LastInList,
    #[error("`{text}` is not a form of L of this field")]
    BadLast { text: String },
    #[error("the offset from the last day must be 0 to 30")]
    LastOffset,
    #[error("a number from 1 to 5 must follow #")]
    BadNth,
    #[error("# may stand only once")]
    ManyNth,
}

impl CronErrorKind {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::NotCron | Self::Surrounded => {
                "write it as cron(minutes hours day-of-month month day-of-week year), in lower case and with nothing around it"
            }
            Self::Rate => {
                "write the same times as cron(...), for example cron(0 */12 ? * * *) for every 12 hours"
            }
            Self::TooFewFields { .. } => {
                "give minutes, hours, day of month, month and day of week; the year may be left out"
            }
            Self::BothDays | Self::NoDay => {
                "put ? in exactly one of the two: cron(0 5 ? * MON *) or cron(0 5 1 * ? *)"
            }
            Self::QuestionMark => "use * for every value",
            Self::Empty => "remove the comma without a value beside it",
            Self::NotAValue { .. } => {
                "use a number, a range such as 1-5, a list such as 1,15, a step such as 0/6, or *"
            }
            Self::OutOfRange { .. } => "choose a value inside the bounds of the field",
            Self::MixedRange => "write both ends as names or both as numbers",
            Self::BackwardYears => "write the earlier year first",
            Self::BadStep { .. } | Self::LargeStep { .. } => "choose a step from 1 to the size of the field",
            Self::LastInList => "use L alone, and a second rule for the other days",
            Self::BadLast { .. } => {
                "day of month takes L, L-n, LW and L-nW; day of week takes L, 6L and FRIL"
            }
            Self::LastOffset => "L-3 is the third day before the last; choose 0 to 30",
            Self::BadNth => "6#3 is the third Friday; choose 1 to 5",
            Self::ManyNth => "use one # alone, and a second rule for the other day",
        }
    }
}
