//! The canonical spelling of a schedule.

use std::fmt::{Display, Formatter, Result};

use super::{
    cron::{Cron, Days},
    error::CronField as Field,
    set::Set,
};

impl Display for Cron {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let values = |set: Set| set.iter().map(u16::from).collect::<Vec<_>>();
        let (of_month, of_week) = days(self.days);
        write!(
            f,
            "cron({} {} {of_month} {} {of_week} {})",
            spell(Field::Minutes, &values(self.minutes)),
            spell(Field::Hours, &values(self.hours)),
            spell(Field::Month, &values(self.months)),
            spell(Field::Year, &self.years.iter().collect::<Vec<_>>()),
        )
    }
}

fn days(days: Days) -> (String, String) {
    let any = || "?".to_owned();
    let name = |weekday: u8| spell(Field::DayOfWeek, &[u16::from(weekday)]);
    let list = |field, set: Set| spell(field, &set.iter().map(u16::from).collect::<Vec<_>>());
    match days {
        Days::Every => (any(), "*".to_owned()),
        Days::OfMonth(set) => (list(Field::DayOfMonth, set), any()),
        Days::OfWeek(set) => (any(), list(Field::DayOfWeek, set)),
        Days::NearestWeekday(day) => (format!("{day}W"), any()),
        Days::Nth { weekday, nth } => (any(), format!("{}#{nth}", name(weekday))),
        Days::LastOfWeek(weekday) => (any(), format!("{}L", name(weekday))),
        Days::Last { before, weekday } => {
            let offset = if before > 0 { format!("-{before}") } else { String::new() };
            (format!("L{offset}{}", if weekday { "W" } else { "" }), any())
        }
    }
}

/// The shortest spelling of ascending values: `*`, `0/6`, `1-5,9`; names where the field has them.
fn spell(field: Field, values: &[u16]) -> String {
    let (smallest, largest) = field.bounds();
    if values.len() == usize::from(largest - smallest) + 1 {
        return "*".to_owned();
    }
    if let (true, Some(step), [first, ..]) = (field.names().is_empty(), even_step(values, largest), values) {
        return format!("{first}/{step}");
    }
    let name = |value: u16| match field.names().get(usize::from(value - smallest)) {
        Some(name) => (*name).to_owned(),
        None => value.to_string(),
    };
    let runs = values.chunk_by(|left, right| left + 1 == *right).map(|run| match run {
        [first, _, .., last] => format!("{}-{}", name(*first), name(*last)),
        run => run.iter().map(|value| name(*value)).collect::<Vec<_>>().join(","),
    });
    runs.collect::<Vec<_>>().join(",")
}

/// The step of three or more values at even distances above 1 that go on to the end of the field.
pub(super) fn even_step(values: &[u16], largest: u16) -> Option<u16> {
    let [first, second, .., last] = values else { return None };
    let step = second - first;
    let even = values.windows(2).all(|pair| matches!(pair, [left, right] if right - left == step));
    (even && step > 1 && last + step > largest).then_some(step)
}
