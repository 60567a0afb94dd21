//! A schedule in plain English.

use super::{
    cron::{Cron, Days},
    display::even_step,
    set::{FIRST_YEAR, LAST_YEAR, Set},
};

const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const ORDINALS: [&str; 5] = ["first", "second", "third", "fourth", "fifth"];

pub(super) fn describe(cron: &Cron) -> String {
    let months = months(cron.months);
    let in_months = months.as_ref().map(|months| format!(" in {months}")).unwrap_or_default();
    let of_months = format!(" of {}", months.as_deref().unwrap_or("every month"));
    let sentence = match (times(cron), days(cron.days)) {
        (Times::At(times), DayPhrase::Every(days)) => format!("Every {days}{in_months} at {times} UTC"),
        (Times::At(times), DayPhrase::InMonth(days)) => format!("At {times} UTC on {days}{of_months}"),
        (Times::Every(times), DayPhrase::Every(_)) if cron.days == Days::Every => {
            format!("{times}{in_months}")
        }
        (Times::Every(times), DayPhrase::Every(days)) => format!("{times} on every {days}{in_months}"),
        (Times::Every(times), DayPhrase::InMonth(days)) => format!("{times} on {days}{of_months}"),
    };
    format!("{sentence}{}", years(cron))
}

enum Times {
    /// `05:00 and 17:00`
    At(String),
    /// A whole clause: `Every 2 hours from 05:00 to 23:00 UTC`.
    Every(String),
}

fn times(cron: &Cron) -> Times {
    let hours: Vec<u8> = cron.hours.iter().collect();
    let minutes: Vec<u8> = cron.minutes.iter().collect();
    match (minutes.as_slice(), hours.as_slice()) {
        ([minute], [first, .., last]) => match hour_step(&hours) {
            Some(step) => Times::Every(every_hours(step, *first, *last, *minute)),
            None => Times::At(join(hours.iter().map(|hour| clock(*hour, *minute)))),
        },
        (minutes, hours) if minutes.len() * hours.len() <= 4 => {
            let of_hour = |hour: &u8| minutes.iter().map(|minute| clock(*hour, *minute)).collect::<Vec<_>>();
            Times::At(join(hours.iter().flat_map(of_hour)))
        }
        (minutes, hours) => {
            let past =
                match even_step(&minutes.iter().map(|minute| u16::from(*minute)).collect::<Vec<_>>(), 59) {
                    _ if minutes.len() == 60 => "Every minute".to_owned(),
                    Some(step) if minutes.first() == Some(&0) => format!("Every {step} minutes"),
                    _ => format!("At minutes {}", join(minutes.iter().map(u8::to_string))),
                };
            let of = match hours.len() {
                24 => " of every hour".to_owned(),
                1 => format!(" of the hour from {} UTC", join(hours.iter().map(|hour| clock(*hour, 0)))),
                _ => format!(" of the hours from {} UTC", join(hours.iter().map(|hour| clock(*hour, 0)))),
            };
            Times::Every(format!("{past}{of}"))
        }
    }
}

/// The even distance of three or more hours, if there is one.
fn hour_step(hours: &[u8]) -> Option<u8> {
    let [first, second, _, ..] = hours else { return None };
    let step = second - first;
    hours.windows(2).all(|pair| matches!(pair, [left, right] if right - left == step)).then_some(step)
}

fn every_hours(step: u8, first: u8, last: u8, minute: u8) -> String {
    let every = if step == 1 { "Every hour".to_owned() } else { format!("Every {step} hours") };
    let whole_day = 24 % step == 0 && first < step && last + step > 23;
    match (whole_day, first, minute) {
        (true, _, 0) if step == 1 => every,
        (true, _, minute) if step == 1 => format!("{every} at {minute} minutes past"),
        (true, 0, 0) => every,
        (true, ..) => format!("{every} from {} UTC", clock(first, minute)),
        _ => format!("{every} from {} to {} UTC", clock(first, minute), clock(last, minute)),
    }
}

enum DayPhrase {
    /// Follows the word `every`.
    Every(String),
    /// Is followed by `of` and the months.
    InMonth(String),
}

fn days(days: Days) -> DayPhrase {
    let weekday = |day: u8| name(&WEEKDAYS, day);
    match days {
        Days::Every => DayPhrase::Every("day".to_owned()),
        Days::OfWeek(set) if set == Set::range(2, 6) => {
            DayPhrase::Every("weekday (Monday to Friday)".to_owned())
        }
        Days::OfWeek(set) => DayPhrase::Every(join(from_monday(set).map(weekday))),
        Days::OfMonth(set) => {
            let plural = if set.len() == 1 { "" } else { "s" };
            DayPhrase::InMonth(format!("day{plural} {}", numbers(set)))
        }
        Days::Nth { weekday: day, nth } => {
            DayPhrase::InMonth(format!("the {} {}", name(&ORDINALS, nth), weekday(day)))
        }
        Days::LastOfWeek(day) => DayPhrase::InMonth(format!("the last {}", weekday(day))),
        Days::NearestWeekday(day) => DayPhrase::InMonth(format!("the weekday nearest to day {day}")),
        Days::Last { before: 0, weekday: false } => DayPhrase::InMonth("the last day".to_owned()),
        Days::Last { before: 0, weekday: true } => DayPhrase::InMonth("the last weekday".to_owned()),
        Days::Last { before, weekday } => {
            let days = if before == 1 { "day" } else { "days" };
            let nearest = if weekday { "the weekday nearest to " } else { "" };
            DayPhrase::InMonth(format!("{nearest}{before} {days} before the last day"))
        }
    }
}

/// Weekdays in the order people say them.
fn from_monday(set: Set) -> impl Iterator<Item = u8> {
    (2..=7).chain([1]).filter(move |day| set.contains(*day))
}

/// `1, 5 to 9 and 15`
fn numbers(set: Set) -> String {
    let values: Vec<u8> = set.iter().collect();
    let runs = values.chunk_by(|left, right| left + 1 == *right).flat_map(|run| match run {
        [first, _, .., last] => vec![format!("{first} to {last}")],
        run => run.iter().map(u8::to_string).collect(),
    });
    join(runs)
}

/// The months as a list or a run; none when it is all of them.
fn months(set: Set) -> Option<String> {
    let values: Vec<u8> = set.iter().collect();
    match values.as_slice() {
        values if values.len() == MONTHS.len() => None,
        [first, _, .., last] if usize::from(last - first) + 1 == values.len() => {
            Some(format!("{} to {}", name(&MONTHS, *first), name(&MONTHS, *last)))
        }
        values => Some(join(values.iter().map(|month| name(&MONTHS, *month)))),
    }
}

fn name(names: &[&'static str], number: u8) -> &'static str {
    names.get(usize::from(number).saturating_sub(1)).copied().unwrap_or_default()
}

fn clock(hour: u8, minute: u8) -> String {
    format!("{hour:02}:{minute:02}")
}

/// `a, b and c`
fn join<T: AsRef<str>>(items: impl Iterator<Item = T>) -> String {
    let items: Vec<T> = items.collect();
    match items.as_slice() {
        [] => String::new(),
        [only] => only.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", first.join(", "), last.as_ref())
        }
    }
}

fn years(cron: &Cron) -> String {
    let years: Vec<u16> = cron.years.iter().collect();
    match years.as_slice() {
        [FIRST_YEAR, .., LAST_YEAR] if years.len() == usize::from(LAST_YEAR - FIRST_YEAR) + 1 => {
            String::new()
        }
        [first, _, .., last] if usize::from(last - first) + 1 == years.len() => {
            format!(", from {first} to {last}")
        }
        years => format!(", in {}", join(years.iter().map(u16::to_string))),
    }
}
