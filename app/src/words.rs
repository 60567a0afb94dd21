//! Numbers, sizes and times in words. Everything is UTC and the same in every locale, so that server and browser agree.

use model::Total;
use time::{Duration, OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339};

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `9,412`
#[must_use]
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// “1 account”, “9,412 accounts”.
#[must_use]
pub fn counted(number: u64, noun: &str) -> String {
    if number == 1 {
        return format!("1 {noun}");
    }
    let plural = match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        _ => format!("{noun}s"),
    };
    format!("{} {plural}", thousands(number))
}

/// `1,284`, or `10,000+` where counting stopped at a bound.
#[must_use]
pub fn total(total: Total) -> String {
    format!("{}{}", thousands(total.count), if total.exact { "" } else { "+" })
}

/// A share in percent with one decimal (`98.7 %`); never rounded up to 100 nor down to 0 where it is not so.
#[must_use]
pub fn percent(part: u64, whole: u64) -> Option<String> {
    let tenths = u128::from(part).checked_mul(1000)?.checked_div(u128::from(whole))?;
    let tenths = if tenths == 0 && part > 0 { 1 } else { tenths };
    Some(if tenths.is_multiple_of(10) {
        format!("{} %", tenths / 10)
    } else {
        format!("{}.{} %", tenths / 10, tenths % 10)
    })
}

/// Bytes in binary units: `512 B`, `1.2 TiB`, `38 GiB`.
#[must_use]
pub fn bytes(size: i64) -> String {
    let size = size.max(0).unsigned_abs();
    let mut unit = 1_u64;
    let mut name = "B";
    for next in ["KiB", "MiB", "GiB", "TiB", "PiB"] {
        if size / unit < 1024 {
            break;
        }
        unit <<= 10;
        name = next;
    }
    let tenths = u128::from(size) * 10 / u128::from(unit);
    if unit == 1 || tenths >= 100 || tenths.is_multiple_of(10) {
        format!("{} {name}", thousands(size / unit))
    } else {
        format!("{}.{} {name}", tenths / 10, tenths % 10)
    }
}

/// `20 Nov 2026 02:00 UTC`
#[must_use]
pub fn moment(at: OffsetDateTime, offset: UtcOffset) -> String {
    format!("{} {}", day(at.to_offset(offset).date()), time_of_day(at, offset))
}

/// `02:00 UTC`, or `03:00 UTC+1` elsewhere
#[must_use]
pub fn time_of_day(at: OffsetDateTime, offset: UtcOffset) -> String {
    let at = at.to_offset(offset);
    let zone = match offset.as_hms() {
        (0, 0, _) => String::new(),
        (0, minutes, _) => format!("{}0:{:02}", if minutes < 0 { '-' } else { '+' }, minutes.abs()),
        (hours, 0, _) => format!("{hours:+}"),
        (hours, minutes, _) => format!("{hours:+}:{:02}", minutes.abs()),
    };
    format!("{:02}:{:02} UTC{zone}", at.hour(), at.minute())
}

/// `20 Nov 2026 02:00:13 UTC`
#[must_use]
pub fn exact_moment(at: OffsetDateTime) -> String {
    let at = at.to_offset(time::UtcOffset::UTC);
    format!("{} {:02}:{:02}:{:02} UTC", day(at.date()), at.hour(), at.minute(), at.second())
}

/// `20 Nov 2026`
#[must_use]
pub fn day(on: time::Date) -> String {
    format!("{} {}", day_of_month(on), on.year())
}

/// `20 Nov`
#[must_use]
pub fn day_of_month(on: time::Date) -> String {
    let month = MONTHS.get(usize::from(u8::from(on.month())) - 1).copied().unwrap_or("");
    format!("{} {month}", on.day())
}

/// For a `datetime` attribute.
#[must_use]
pub fn machine(at: OffsetDateTime) -> String {
    at.to_offset(time::UtcOffset::UTC)
        .replace_nanosecond(0)
        .unwrap_or(at)
        .format(&Rfc3339)
        .unwrap_or_default()
}

/// How long something took or is away: `40 s`, `12 min`, `6 h`, `10 days`.
#[must_use]
pub fn span(length: Duration) -> String {
    let seconds = length.whole_seconds().unsigned_abs();
    match seconds {
        0..=89 => format!("{seconds} s"),
        90..=5_399 => format!("{} min", (seconds + 30) / 60),
        5_400..=172_799 => format!("{} h", (seconds + 1_800) / 3_600),
        _ => counted((seconds + 43_200) / 86_400, "day"),
    }
}

/// `40 s ago`, `just now`, `in 6 h`, seen at `now` (the server's).
#[must_use]
pub fn age(at: OffsetDateTime, now: OffsetDateTime) -> String {
    let passed = now - at;
    match passed.whole_seconds() {
        -1..=1 => "just now".into(),
        2.. => format!("{} ago", span(passed)),
        _ => format!("in {}", span(passed)),
    }
}

/// Abbreviations that stay in capitals.
const SHORT: [&str; 8] = ["ARN", "AWS", "IAM", "KMS", "RDS", "S3", "SSM", "VSS"];

/// AWS's message category as words: `AccessDenied` becomes “Access denied”.
#[must_use]
pub fn cause(category: &str) -> String {
    if category.chars().all(|c| c.is_ascii_uppercase() || c == '_') {
        let words: Vec<_> = category
            .split('_')
            .map(|w| if SHORT.contains(&w) { w.to_owned() } else { w.to_ascii_lowercase() })
            .collect();
        return sentence(&words.join(" "));
    }
    let mut words = String::with_capacity(category.len() + 4);
    let mut before = ' ';
    for c in category.chars() {
        if c.is_uppercase() && before.is_lowercase() {
            words.push(' ');
            words.extend(c.to_lowercase());
        } else {
            words.push(c);
        }
        before = c;
    }
    sentence(&words)
}

fn sentence(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect()
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn thousands_are_grouped() {
        for (n, text) in
            [(0, "0"), (999, "999"), (1_000, "1,000"), (9_412, "9,412"), (1_234_567, "1,234,567")]
        {
            assert_eq!(thousands(n), text);
        }
    }

    #[test]
    fn nouns_are_counted() {
        assert_eq!(counted(1, "account"), "1 account");
        assert_eq!(counted(2, "policy"), "2 policies");
        assert_eq!(counted(0, "day"), "0 days");
    }

    #[test]
    fn a_share_is_whole_only_where_it_is() {
        assert_eq!(percent(5_212, 5_281).as_deref(), Some("98.6 %"));
        assert_eq!(percent(9_999, 10_000).as_deref(), Some("99.9 %"));
        assert_eq!(percent(1, 10_000).as_deref(), Some("0.1 %"));
        assert_eq!(percent(7, 7).as_deref(), Some("100 %"));
        assert_eq!(percent(0, 0), None);
    }

    #[test]
    fn sizes_have_binary_units() {
        for (size, text) in [
            (0, "0 B"),
            (1_023, "1,023 B"),
            (1_536, "1.5 KiB"),
            (412 << 30, "412 GiB"),
            (1_190 << 30, "1.1 TiB"),
            (-1, "0 B"),
        ] {
            assert_eq!(bytes(size), text);
        }
    }

    #[test]
    fn ages_grow_coarser() {
        let now = datetime!(2026-11-20 12:00 UTC);
        for (at, text) in [
            (datetime!(2026-11-20 12:00 UTC), "just now"),
            (datetime!(2026-11-20 11:59:20 UTC), "40 s ago"),
            (datetime!(2026-11-20 11:58 UTC), "2 min ago"),
            (datetime!(2026-11-20 06:00 UTC), "6 h ago"),
            (datetime!(2026-11-19 06:00 UTC), "30 h ago"),
            (datetime!(2026-11-10 12:00 UTC), "10 days ago"),
            (datetime!(2026-11-20 18:00 UTC), "in 6 h"),
        ] {
            assert_eq!(age(at, now), text);
        }
    }

    #[test]
    fn moments_are_in_utc() {
        assert_eq!(moment(datetime!(2026-11-20 23:30 -1), UtcOffset::UTC), "21 Nov 2026 00:30 UTC");
        for (offset, told) in [
            (time::macros::offset!(+1), "21 Nov 2026 01:30 UTC+1"),
            (time::macros::offset!(-10), "20 Nov 2026 14:30 UTC-10"),
            (time::macros::offset!(+5:45), "21 Nov 2026 06:15 UTC+5:45"),
            (time::macros::offset!(-0:30), "21 Nov 2026 00:00 UTC-0:30"),
        ] {
            assert_eq!(moment(datetime!(2026-11-21 00:30 UTC), offset), told);
        }
        assert_eq!(machine(datetime!(2026-11-20 02:00:13.5 UTC)), "2026-11-20T02:00:13Z");
    }

    #[test]
    fn a_category_is_read_as_words() {
        for (category, words) in [
            ("AccessDenied", "Access denied"),
            ("KMS_KEY_ERROR", "KMS key error"),
            ("other", "Other"),
            ("", ""),
            ("Vault not found", "Vault not found"),
        ] {
            assert_eq!(cause(category), words);
        }
    }
}
