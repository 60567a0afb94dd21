//! From fields to instants.

use time::{Date, Duration, Month, OffsetDateTime, Time, UtcOffset};

use super::{
    cron::{Cron, Days},
    set::{FIRST_YEAR, Set},
};

/// The first run strictly after an instant.
pub(super) fn next_after(cron: &Cron, after: OffsetDateTime) -> Option<OffsetDateTime> {
    // Only instants thousands of years away cannot be told in UTC.
    let utc = after.checked_to_offset(UtcOffset::UTC).unwrap_or(after);
    if utc.year() < i32::from(FIRST_YEAR) {
        let start = Date::from_calendar_date(i32::from(FIRST_YEAR), Month::January, 1).ok()?;
        return Some(day_from(cron, start)?.with_time(first_time(cron)?).assume_utc());
    }
    let today = utc.date();
    if runs_on(cron, today)
        && let Some(time) = time_after(cron, utc.time())
    {
        return Some(today.with_time(time).assume_utc());
    }
    let day = day_from(cron, today.next_day()?)?;
    Some(day.with_time(first_time(cron)?).assume_utc())
}

/// The distances between the runs of the days from the next run to `from + horizon`.
///
/// They are the same within each day, so a schedule of every minute takes as long as a daily one.
pub(super) fn gaps(cron: &Cron, from: OffsetDateTime, horizon: Duration) -> Vec<Duration> {
    let (Some(start), Some(end)) = (next_after(cron, from), from.checked_add(horizon)) else {
        return Vec::new();
    };
    let days: Vec<Date> = days(cron, start.date()).take_while(|day| *day <= end.date()).collect();
    let times: Vec<Time> = times(cron).collect();
    let (Some(first), Some(last), false) = (times.first(), times.last(), days.is_empty()) else {
        return Vec::new();
    };
    let pair = |pair: &[Time]| pair.first().zip(pair.last()).map(|(one, next)| *next - *one);
    let over_night = |pair: &[Date]| {
        pair.first().zip(pair.last()).map(|(day, next)| next.with_time(*first) - day.with_time(*last))
    };
    times.windows(2).filter_map(pair).chain(days.windows(2).filter_map(over_night)).collect()
}

/// The runs strictly after `from` and not after `end`, in minutes since 1970.
pub(super) fn minutes(cron: &Cron, from: OffsetDateTime, end: OffsetDateTime) -> impl Iterator<Item = i64> {
    const OF_A_DAY: i64 = 24 * 60;
    let first = next_after(cron, from);
    let begin = first.map(|run| run.unix_timestamp().div_euclid(60)).unwrap_or_default();
    let last = end.unix_timestamp().div_euclid(60);
    let times: Vec<i64> =
        times(cron).map(|time| i64::from(time.hour()) * 60 + i64::from(time.minute())).collect();
    let of_day = move |day: Date| {
        let midnight = i64::from(day.to_julian_day() - OffsetDateTime::UNIX_EPOCH.to_julian_day()) * OF_A_DAY;
        times.clone().into_iter().map(move |time| midnight + time)
    };
    let days = first.into_iter().flat_map(|run| days(cron, run.date()));
    days.flat_map(of_day).skip_while(move |run| *run < begin).take_while(move |run| *run <= last)
}

/// The instant so many minutes after 1970 began.
pub(super) fn instant(minutes: i64) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp(minutes.checked_mul(60)?).ok()
}

/// On how many days it runs in the twelve months from an instant.
pub(super) fn days_in_year_from(cron: &Cron, from: OffsetDateTime) -> u16 {
    let start = from.checked_to_offset(UtcOffset::UTC).unwrap_or(from).date();
    let Some(end) = start.checked_add(Duration::days(365)) else { return 0 };
    u16::try_from(days(cron, start).take_while(|day| *day < end).count()).unwrap_or(u16::MAX)
}

/// The days on which it runs, from `start` on. Looks at each month of the remaining years at most once, so a
/// schedule that never runs is known after some thousand steps.
fn days(cron: &Cron, start: Date) -> impl Iterator<Item = Date> {
    let cron = *cron;
    let this_month = (start.year(), u8::from(start.month()));
    let years = cron.years.from(u16::try_from(start.year()).unwrap_or_default()).map(i32::from);
    let months = years.flat_map(move |year| cron.months.iter().map(move |month| (year, month)));
    let of_month = move |(year, month)| {
        let month = Month::try_from(month).ok();
        let days = month.map(|month| days_of(cron.days, year, month)).unwrap_or_default().iter();
        days.filter_map(move |day| Date::from_calendar_date(year, month?, day).ok())
    };
    months.filter(move |month| *month >= this_month).flat_map(of_month).skip_while(move |day| *day < start)
}

/// The times at which it runs on each of its days.
fn times(cron: &Cron) -> impl Iterator<Item = Time> {
    cron.hours
        .iter()
        .flat_map(|hour| cron.minutes.iter().filter_map(move |minute| Time::from_hms(hour, minute, 0).ok()))
}

fn first_time(cron: &Cron) -> Option<Time> {
    Time::from_hms(cron.hours.first()?, cron.minutes.first()?, 0).ok()
}

fn time_after(cron: &Cron, after: Time) -> Option<Time> {
    let (hour, minute) = (after.hour(), after.minute());
    if cron.hours.contains(hour)
        && let Some(minute) = cron.minutes.at_or_after(minute + 1)
    {
        return Time::from_hms(hour, minute, 0).ok();
    }
    Time::from_hms(cron.hours.at_or_after(hour + 1)?, cron.minutes.first()?, 0).ok()
}

fn runs_on(cron: &Cron, date: Date) -> bool {
    u16::try_from(date.year()).is_ok_and(|year| cron.years.contains(year))
        && cron.months.contains(u8::from(date.month()))
        && days_of(cron.days, date.year(), date.month()).contains(date.day())
}

/// The first day at or after `from` on which the schedule runs.
fn day_from(cron: &Cron, from: Date) -> Option<Date> {
    days(cron, from).next()
}

/// The days of one month on which the schedule runs.
fn days_of(days: Days, year: i32, month: Month) -> Set {
    let last = month.length(year);
    let first_weekday =
        Date::from_calendar_date(year, month, 1).map_or(1, |date| date.weekday().number_from_sunday());
    let weekday_of = |day: u8| (first_weekday + day - 2) % 7 + 1;
    let first_of = |weekday: u8| (weekday + 7 - first_weekday) % 7 + 1;
    let one = |day: u8| if (1..=last).contains(&day) { Set::range(day, day) } else { Set::default() };
    match days {
        Days::Every => Set::range(1, last),
        Days::OfMonth(set) => set.iter().filter(|day| *day <= last).collect(),
        Days::OfWeek(set) => (1..=last).filter(|day| set.contains(weekday_of(*day))).collect(),
        Days::Last { before, weekday: false } => one(last.saturating_sub(before)),
        Days::Last { before, weekday: true } => match last.saturating_sub(before) {
            0 => Set::default(),
            day => one(nearest_weekday(day, weekday_of(day), last)),
        },
        Days::NearestWeekday(day) if day > last => Set::default(),
        Days::NearestWeekday(day) => one(nearest_weekday(day, weekday_of(day), last)),
        Days::Nth { weekday, nth } => one(first_of(weekday) + 7 * (nth - 1)),
        Days::LastOfWeek(weekday) => {
            let first = first_of(weekday);
            one(first + (last - first) / 7 * 7)
        }
    }
}

/// The Monday to Friday nearest to a day without leaving its month.
fn nearest_weekday(day: u8, weekday: u8, last: u8) -> u8 {
    const SUNDAY: u8 = 1;
    const SATURDAY: u8 = 7;
    match weekday {
        SATURDAY if day == 1 => day + 2,
        SATURDAY => day - 1,
        SUNDAY if day == last => day - 2,
        SUNDAY => day + 1,
        _ => day,
    }
}
