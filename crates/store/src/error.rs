//! What can go wrong with the database, by kind: the kind decides what a person is told.

use std::error::Error;

/// What lies below, for the log.
type Source = Box<dyn Error + Send + Sync>;

/// Why a call to the store failed. The sources are kept.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No connection, or none within the time allowed. The same call may succeed later.
    #[error("the database does not answer: {0}")]
    Unavailable(#[source] Source),
    /// The database answers, but all connections to it are in use. The same call may succeed in a moment.
    #[error("all connections to the database are in use: {0}")]
    Busy(#[source] Source),
    /// Somebody else keeps what it needs locked. The same call may succeed in a moment.
    #[error("somebody else keeps it locked: {0}")]
    Locked(#[source] Source),
    /// The statement took longer than it may. Narrower questions may be answered.
    #[error("the database took too long: {0}")]
    TooSlow(#[source] Source),
    /// A constraint forbids it; the name is the one in the migrations.
    #[error("conflict on {constraint}")]
    Conflict { constraint: String, source: Source },
    /// Something that must be there once was there another number of times.
    #[error("{what}: {found} rows where {expected} was expected")]
    WrongRowCount { what: &'static str, expected: u64, found: u64 },
    /// A row cannot be what this version would have written.
    #[error("unreadable {what} in the database")]
    Corrupt { what: String, source: Option<Source> },
    /// What was read from AWS does not fit together, so it was not taken over.
    #[error("the organization that was read is not consistent: {}", problems.join("; "))]
    Inconsistent { problems: Vec<String> },
    /// The schema could not be brought up to date.
    #[error("the database schema cannot be brought up to date: {0}")]
    Migration(#[source] Source),
    /// Anything else: a mistake of ours or of the set-up.
    #[error("database error: {0}")]
    Other(#[source] Source),
}

impl StoreError {
    /// A value in a row that is not what it should be.
    pub(crate) fn corrupt(what: &str, source: impl Into<Source>) -> Self {
        Self::Corrupt { what: what.to_owned(), source: Some(source.into()) }
    }

    /// The constraint that forbade it.
    #[must_use]
    pub fn constraint(&self) -> Option<&str> {
        match self {
            Self::Conflict { constraint, .. } => Some(constraint),
            _ => None,
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error as E;
        match &error {
            // Where the database is away, the pool says so.
            E::PoolTimedOut => Self::Busy(error.into()),
            E::Io(_) | E::Tls(_) | E::PoolClosed | E::WorkerCrashed | E::BeginFailed => {
                Self::Unavailable(error.into())
            }
            E::Database(said) => match kind(said.code().as_deref().unwrap_or_default()) {
                Kind::Away => Self::Unavailable(error.into()),
                Kind::Locked => Self::Locked(error.into()),
                Kind::Slow => Self::TooSlow(error.into()),
                Kind::Constraint => Self::Conflict {
                    constraint: said.constraint().unwrap_or_default().to_owned(),
                    source: error.into(),
                },
                Kind::Other => Self::Other(error.into()),
            },
            E::RowNotFound => Self::WrongRowCount { what: "row", expected: 1, found: 0 },
            E::ColumnDecode { index, .. } => {
                Self::Corrupt { what: index.clone(), source: Some(error.into()) }
            }
            E::Decode(_) => Self::corrupt("value", error),
            _ => Self::Other(error.into()),
        }
    }
}

impl From<sqlx::migrate::MigrateError> for StoreError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        use sqlx::migrate::MigrateError as E;
        match error {
            E::Execute(error) => match Self::from(error) {
                away @ Self::Unavailable(_) => away,
                other => Self::Migration(other.into()),
            },
            other => Self::Migration(other.into()),
        }
    }
}

enum Kind {
    Away,
    Locked,
    Slow,
    Constraint,
    Other,
}

/// What Postgres's five-character SQLSTATE means for us.
fn kind(code: &str) -> Kind {
    match code {
        // Shutting down, crashed, starting up; too many connections.
        "57P01" | "57P02" | "57P03" | "53300" => Kind::Away,
        // Lock timeout.
        "55P03" => Kind::Locked,
        // Statement timeout.
        "57014" => Kind::Slow,
        _ if code.starts_with("08") => Kind::Away,
        _ if code.starts_with("23") => Kind::Constraint,
        _ => Kind::Other,
    }
}
