//! The pool. Where it has no connection to give, it is told whether all are in use or the database is away.

use futures::{FutureExt, StreamExt, TryStreamExt, future::BoxFuture, stream::BoxStream};
use sqlx::{
    Describe, Either, Error, Execute, Executor, PgPool, Postgres, SqlStr, Transaction,
    pool::PoolConnection,
    postgres::{PgQueryResult, PgRow, PgStatement, PgTypeInfo},
};

use super::lookout::Lookout;

/// Connections that are shared by all who ask. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Pool {
    pub(crate) connections: PgPool,
    pub(super) lookout: Lookout,
}

impl Pool {
    pub async fn acquire(&self) -> Result<PoolConnection<Postgres>, Error> {
        self.explained(self.connections.acquire()).await
    }

    pub async fn begin_with(&self, sql: &'static str) -> Result<Transaction<'static, Postgres>, Error> {
        self.explained(self.connections.begin_with(sql)).await
    }

    async fn explained<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        match work.await {
            Err(error) => Err(self.explain(error).await),
            done => done,
        }
    }

    /// The pool says the same of both: [`Error::PoolTimedOut`] is left for connections that are all in use.
    async fn explain(&self, error: Error) -> Error {
        match error {
            Error::PoolTimedOut => match self.lookout.ask().await {
                Ok(()) => Error::PoolTimedOut,
                Err(away) => Error::Io(std::io::Error::new(std::io::ErrorKind::NotConnected, away)),
            },
            other => other,
        }
    }
}

impl<'p> Executor<'p> for &'p Pool {
    type Database = Postgres;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Either<PgQueryResult, PgRow>, Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        let rows = Executor::fetch_many(&self.connections, query);
        rows.or_else(move |error| async move { Err(self.explain(error).await) }).boxed()
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<PgRow>, Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        self.explained(Executor::fetch_optional(&self.connections, query)).boxed()
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [PgTypeInfo],
    ) -> BoxFuture<'e, Result<PgStatement, Error>>
    where
        'p: 'e,
    {
        self.explained(Executor::prepare_with(&self.connections, sql, parameters)).boxed()
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<Describe<Postgres>, Error>>
    where
        'p: 'e,
    {
        self.explained(Executor::describe(&self.connections, sql)).boxed()
    }
}
