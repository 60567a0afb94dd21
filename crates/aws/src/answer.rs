//! What comes back from AWS where all went well.

use crate::error::AwsError;

/// One page of a list. Pages can be empty and still have a successor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    pub rows: Vec<T>,
    /// Opaque; asks for the page after this one.
    pub next: Option<String>,
    /// What was wrong with rows that could not be read and are not among the others.
    pub odd: Vec<String>,
}

/// A change that AWS accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written<T> {
    pub value: T,
    /// AWS's id of the request: what CloudTrail and AWS Support know it by.
    pub request_id: Option<String>,
}

impl<T> Page<T> {
    pub(crate) fn map<U>(self, read: impl FnMut(T) -> Result<U, AwsError>) -> Result<Page<U>, AwsError> {
        let rows = self.rows.into_iter().map(read).collect::<Result<_, _>>()?;
        Ok(Page { rows, next: self.next, odd: self.odd })
    }

    /// The rows that can be read; the others are only told of.
    pub(crate) fn map_readable<U>(self, read: impl FnMut(T) -> Result<U, AwsError>) -> Page<U> {
        let (mut rows, mut odd) = (Vec::with_capacity(self.rows.len()), self.odd);
        for row in self.rows.into_iter().map(read) {
            match row {
                Ok(row) => rows.push(row),
                Err(error) => odd.push(error.kind.to_string()),
            }
        }
        Page { rows, next: self.next, odd }
    }

    /// All rows of a list, asked for page by page.
    pub(crate) async fn all<F>(ask: impl Fn(Option<String>) -> F) -> Result<Vec<T>, AwsError>
    where
        F: Future<Output = Result<Self, AwsError>>,
    {
        let mut page = ask(None).await?;
        let mut rows = page.rows;
        while let Some(next) = page.next {
            page = ask(Some(next)).await?;
            rows.append(&mut page.rows);
        }
        Ok(rows)
    }
}

impl<T> Written<T> {
    /// Takes what is needed from an answer; where it cannot be had, the error keeps AWS's id of the request.
    pub(crate) fn read<U>(self, read: impl FnOnce(T) -> Result<U, AwsError>) -> Result<Written<U>, AwsError> {
        let Self { value, request_id } = self;
        match read(value) {
            Ok(value) => Ok(Written { value, request_id }),
            Err(error) => Err(AwsError { request_id, ..error }),
        }
    }

    /// The same of an answer that only reads.
    pub(crate) fn value<U>(self, read: impl FnOnce(T) -> Result<U, AwsError>) -> Result<U, AwsError> {
        self.read(read).map(|written| written.value)
    }

    /// Where nothing of the answer is needed.
    pub(crate) fn done(self) -> Written<()> {
        Written { value: (), request_id: self.request_id }
    }
}
