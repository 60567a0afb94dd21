//! From text to fields.

use super::{
    cron::{Cron, Days},
    error::{CronError, CronErrorKind as Kind, CronField as Field},
    set::{Set, Years},
};

/// A part of a schedule that AWS accepts and does not heed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignored {
    /// The part as written.
    pub text: String,
    /// Where it begins, in characters from the start of the schedule.
    pub offset: usize,
    /// Why it has no effect.
    pub reason: &'static str,
}

pub(super) fn parse(text: &str) -> Result<(Cron, Vec<Ignored>), CronError> {
    let tokens = tokens(text)?;
    let [minutes, hours, of_month, month, of_week, rest @ ..] = tokens.as_slice() else {
        return Err(whole(text, Kind::TooFewFields { found: tokens.len() }));
    };
    let mut reader = Reader { ignored: Vec::new() };
    if let Some(extra) = rest.get(1).map(|token| token.offset) {
        let rest: String = text.chars().skip(extra).collect();
        reader.ignore(rest.trim_end_matches([')', ' ', '\t']), extra, "only six fields are read");
    }
    let every_year = Token { text: "*".into(), offset: text.chars().count() };
    let cron = Cron {
        minutes: reader.set((Field::Minutes, minutes))?,
        hours: reader.set((Field::Hours, hours))?,
        days: reader.days((Field::DayOfMonth, of_month), (Field::DayOfWeek, of_week))?,
        months: reader.set((Field::Month, month))?,
        years: reader.years((Field::Year, rest.first().unwrap_or(&every_year)))?,
    };
    Ok((cron, reader.ignored))
}

/// A field or an element of its list, in upper case, and where it begins.
#[derive(Clone)]
struct Token {
    text: String,
    offset: usize,
}

type FieldToken<'a> = (Field, &'a Token);

fn whole(text: &str, kind: Kind) -> CronError {
    CronError { kind, field: None, offset: 0, length: text.chars().count() }
}

fn fault((field, token): FieldToken, kind: Kind) -> CronError {
    CronError { kind, field: Some(field), offset: token.offset, length: token.text.chars().count() }
}

/// The fields between the brackets, separated by spaces and tabs.
fn tokens(text: &str) -> Result<Vec<Token>, CronError> {
    const OPENING: &str = "cron(";
    let inner = text.strip_prefix(OPENING).and_then(|rest| rest.strip_suffix(')'));
    let Some(inner) = inner.filter(|inner| !inner.contains(['(', ')'])) else {
        let trimmed = text.trim();
        let kind = match trimmed {
            _ if trimmed.starts_with("rate(") => Kind::Rate,
            _ if trimmed.contains(OPENING) && trimmed.contains(')') => Kind::Surrounded,
            _ => Kind::NotCron,
        };
        return Err(whole(text, kind));
    };
    Ok(split(inner, OPENING.len(), &[' ', '\t']).into_iter().filter(|token| !token.text.is_empty()).collect())
}

fn split(text: &str, start: usize, separators: &[char]) -> Vec<Token> {
    let mut offset = start;
    text.split(separators)
        .map(|part| {
            let token = Token { text: part.to_ascii_uppercase(), offset };
            offset += part.chars().count() + 1;
            token
        })
        .collect()
}

struct Reader {
    ignored: Vec<Ignored>,
}

impl Reader {
    fn ignore(&mut self, text: &str, offset: usize, reason: &'static str) {
        self.ignored.push(Ignored { text: text.to_owned(), offset, reason });
    }

    fn set(&mut self, field: FieldToken) -> Result<Set, CronError> {
        Ok(small(self.list(field)?))
    }

    fn years(&mut self, field: FieldToken) -> Result<Years, CronError> {
        Ok(self.list(field)?.into_iter().collect())
    }

    fn list(&mut self, (field, token): FieldToken) -> Result<Vec<u16>, CronError> {
        let mut values = Vec::new();
        for element in elements((field, token))? {
            values.extend(self.element((field, &element))?);
        }
        Ok(values)
    }

    /// Exactly one of the two day fields is `?`.
    fn days(&mut self, of_month: FieldToken, of_week: FieldToken) -> Result<Days, CronError> {
        match (of_month.1.text.as_str(), of_week.1.text.as_str()) {
            ("?", "?") => Err(fault(of_week, Kind::NoDay)),
            ("?", _) => self.days_of_week(of_week),
            (_, "?") => self.days_of_month(of_month),
            _ => Err(fault(of_week, Kind::BothDays)),
        }
    }

    fn days_of_month(&mut self, whole: FieldToken) -> Result<Days, CronError> {
        if whole.1.text.contains('L') {
            return last_of_month(whole);
        }
        let (mut values, mut nearest) = (Vec::new(), false);
        for element in elements(whole)? {
            let Some(day) = element.text.strip_suffix('W') else {
                values.extend(self.element((whole.0, &element))?);
                continue;
            };
            let day = Token { text: day.to_owned(), offset: element.offset };
            if day.text.contains('-') {
                self.ignore(&element.text, element.offset, "W after a range is not heeded");
                values.extend(self.element((whole.0, &day))?);
            } else {
                nearest = true;
                values.push(value((whole.0, &day), &day.text)?);
            }
        }
        let set = small(values);
        match set.first() {
            Some(day) if nearest => {
                self.only_first(whole, set, "beside W only the smallest day counts");
                Ok(Days::NearestWeekday(day))
            }
            _ if set == Set::range(1, 31) => Ok(Days::Every),
            _ => Ok(Days::OfMonth(set)),
        }
    }

    fn days_of_week(&mut self, whole: FieldToken) -> Result<Days, CronError> {
        let (field, token) = whole;
        if token.text.contains('L') {
            return last_of_week(whole);
        }
        if token.text.matches('#').count() > 1 {
            return Err(fault(whole, Kind::ManyNth));
        }
        let (mut values, mut nth) = (Vec::new(), None);
        for element in elements(whole)? {
            let Some((day, number)) = element.text.split_once('#') else {
                values.extend(self.element((field, &element))?);
                continue;
            };
            values.push(value((field, &element), day)?);
            let number = number.parse::<u8>().ok().filter(|number| (1..=5).contains(number));
            nth = Some(number.ok_or_else(|| fault((field, &element), Kind::BadNth))?);
        }
        let set = small(values);
        match (set.first(), nth) {
            (Some(weekday), Some(nth)) => {
                self.only_first(whole, set, "beside # only the smallest weekday counts, from SUN on");
                Ok(Days::Nth { weekday, nth })
            }
            _ if set == Set::range(1, 7) => Ok(Days::Every),
            _ => Ok(Days::OfWeek(set)),
        }
    }

    fn only_first(&mut self, (_, token): FieldToken, set: Set, reason: &'static str) {
        if set.len() > 1 {
            self.ignore(&token.text, token.offset, reason);
        }
    }

    /// One element of a list: `*`, a value, a range, each with or without a step.
    fn element(&mut self, field: FieldToken) -> Result<Vec<u16>, CronError> {
        let text = field.1.text.as_str();
        let (base, step_text) = text.split_once('/').map_or((text, None), |(base, step)| (base, Some(step)));
        let (smallest, largest) = field.0.bounds();
        if base == "*" || (base.is_empty() && step_text.is_some()) {
            return Ok(expand(field.0, smallest, largest, bounded_step(field, step_text)?));
        }
        let (from, to) = base.split_once('-').map_or((base, None), |(from, to)| (from, Some(to)));
        let named = from.starts_with(|first: char| first.is_ascii_alphabetic());
        let (first, last) = (value(field, from)?, to.map(|to| value(field, to)).transpose()?);
        if to.is_some_and(|to| to.starts_with(|first: char| first.is_ascii_alphabetic()) != named) {
            return Err(fault(field, Kind::MixedRange));
        }
        if field.0 == Field::Year && last.is_some_and(|last| last < first) {
            return Err(fault(field, Kind::BackwardYears));
        }
        match (last, step_text) {
            (last, Some(step_text)) if named => {
                step(field, step_text)?;
                self.ignore(text, field.1.offset, "a step after a name is not heeded");
                Ok(expand(field.0, first, last.unwrap_or(first), 1))
            }
            (Some(last), step_text) => {
                Ok(expand(field.0, first, last, step_text.map_or(Ok(1), |text| step(field, text))?))
            }
            (None, None) => Ok(vec![first]),
            (None, step_text) => Ok(expand(field.0, first, largest, bounded_step(field, step_text)?)),
        }
    }
}

fn elements((field, token): FieldToken) -> Result<Vec<Token>, CronError> {
    let elements = split(&token.text, token.offset, &[',']);
    for element in &elements {
        if element.text.is_empty() {
            return Err(fault((field, token), Kind::Empty));
        }
        if element.text.contains('?') {
            let kind = if field.is_day() { not_a_value(&element.text) } else { Kind::QuestionMark };
            return Err(fault((field, element), kind));
        }
    }
    Ok(elements)
}

fn not_a_value(text: &str) -> Kind {
    Kind::NotAValue { text: text.to_owned() }
}

/// A number or a name of the field.
fn value(field: FieldToken, text: &str) -> Result<u16, CronError> {
    let (smallest, largest) = field.0.bounds();
    if let Some(number) = number(text) {
        let inside = (smallest..=largest).contains(&number);
        let outside = || fault(field, Kind::OutOfRange { value: text.to_owned(), smallest, largest });
        return inside.then_some(number).ok_or_else(outside);
    }
    let name = (smallest..).zip(field.0.names()).find(|(_, name)| **name == text);
    name.map(|(number, _)| number).ok_or_else(|| fault(field, not_a_value(text)))
}

/// Digits only; too large a number becomes the largest one, which no field takes.
fn number(text: &str) -> Option<u16> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(u16::MAX))
}

fn step(field: FieldToken, text: &str) -> Result<u16, CronError> {
    let bad = || fault(field, Kind::BadStep { text: text.to_owned() });
    number(text).filter(|step| *step >= 1).ok_or_else(bad)
}

/// The step after `*` or a single number, which AWS bounds (after a range it does not).
fn bounded_step(field: FieldToken, text: Option<&str>) -> Result<u16, CronError> {
    let Some(text) = text else { return Ok(1) };
    let (step, largest) = (step(field, text)?, field.0.largest_step());
    if step > largest {
        return Err(fault(field, Kind::LargeStep { step, largest }));
    }
    Ok(step)
}

/// The values of a range; one that runs backwards wraps around the end of the field.
fn expand(field: Field, first: u16, last: u16, step: u16) -> Vec<u16> {
    let (smallest, largest) = field.bounds();
    let size = largest - smallest + 1;
    let last = if last < first { last + size } else { last };
    let wrap = |value| if value > largest { value - size } else { value };
    (first..=last).step_by(usize::from(step)).map(wrap).collect()
}

fn small(values: Vec<u16>) -> Set {
    values.into_iter().filter_map(|value| u8::try_from(value).ok()).collect()
}

/// `L`, `L-3`, `LW`, `L-3W`.
fn last_of_month(whole: FieldToken) -> Result<Days, CronError> {
    let text = whole.1.text.as_str();
    if text.contains(',') {
        return Err(fault(whole, Kind::LastInList));
    }
    let bad = || fault(whole, Kind::BadLast { text: text.to_owned() });
    let rest = text.strip_prefix('L').ok_or_else(bad)?;
    let (offset, weekday) = rest.strip_suffix('W').map_or((rest, false), |offset| (offset, true));
    if offset.is_empty() {
        return Ok(Days::Last { before: 0, weekday });
    }
    let before = offset.strip_prefix('-').and_then(number).ok_or_else(bad)?;
    let before = u8::try_from(before).ok().filter(|before| *before <= 30);
    Ok(Days::Last { before: before.ok_or_else(|| fault(whole, Kind::LastOffset))?, weekday })
}

/// `L` (Saturday), `6L`, `FRIL`.
fn last_of_week(whole: FieldToken) -> Result<Days, CronError> {
    const SATURDAY: u8 = 7;
    let text = whole.1.text.as_str();
    if text.contains(',') {
        return Err(fault(whole, Kind::LastInList));
    }
    if text == "L" {
        return Ok(Days::OfWeek(Set::range(SATURDAY, SATURDAY)));
    }
    let bad = || fault(whole, Kind::BadLast { text: text.to_owned() });
    let day = text.strip_suffix('L').ok_or_else(bad)?;
    let weekday = value(whole, day)?;
    u8::try_from(weekday).map(Days::LastOfWeek).map_err(|_| bad())
}
