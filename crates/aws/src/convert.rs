//! From the SDK's types to ours.

use aws_smithy_types::DateTime;
use time::OffsetDateTime;

use crate::{
    answer::Page,
    error::{AwsError, AwsErrorKind},
    operation::Op,
};

/// An instant, rounded to the microsecond that Postgres keeps: AWS sends seconds as a decimal number, of which the SDK
/// makes binary fractions a little too small. `None` where it lies outside the years that can be written.
pub(crate) fn instant(at: &DateTime) -> Option<OffsetDateTime> {
    let nanos = (at.as_nanos() + 500).div_euclid(1000) * 1000;
    OffsetDateTime::from_unix_timestamp_nanos(nanos).ok().filter(|at| (0..=9999).contains(&at.year()))
}

/// An instant for AWS.
pub(crate) fn date_time(at: OffsetDateTime) -> DateTime {
    DateTime::from_secs_and_nanos(at.unix_timestamp(), at.nanosecond())
}

/// A page of a list. AWS sends the list even where it is empty; an answer without one is not AWS's, and an endpoint
/// that does not know the operation must not pass for one with nothing in it.
pub(crate) fn page<T>(op: Op, rows: Option<Vec<T>>, next: Option<String>) -> Result<Page<T>, AwsError> {
    match rows {
        Some(rows) => Ok(Page { rows, next: next.filter(|token| !token.is_empty()), odd: Vec::new() }),
        None => Err(AwsError::unreadable(op.row().name, AwsErrorKind::NotAvailable)),
    }
}

/// A member that AWS always sends.
pub(crate) fn need<T>(op: Op, member: &str, value: Option<T>) -> Result<T, AwsError> {
    value.ok_or_else(|| AwsError::unexpected(op.row().name, format!("no {member} in the answer")))
}

/// An id that AWS always sends, checked.
pub(crate) fn id<T: std::str::FromStr<Err = model::IdError>>(
    op: Op,
    member: &str,
    value: Option<&str>,
) -> Result<T, AwsError> {
    let text = need(op, member, value)?;
    text.parse().map_err(|e: model::IdError| AwsError::unexpected(op.row().name, e.to_string()))
}

/// Text, or none where it is empty.
pub(crate) fn text(value: Option<String>) -> Option<String> {
    value.filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds_of_aws_stay_what_they_are() {
        for millis in 0..1000_i64 {
            let said = DateTime::from_secs_f64(1_631_121_728.0 + millis as f64 / 1000.0);
            let read = instant(&said).unwrap();
            assert_eq!(read.unix_timestamp_nanos(), (1_631_121_728_000 + i128::from(millis)) * 1_000_000);
        }
        let before_1970 = instant(&DateTime::from_secs_f64(-0.25)).unwrap();
        assert_eq!(before_1970.unix_timestamp_nanos(), -250_000_000);
    }
}
