//! A connection beside the pool: whether the database answers is told however busy the pool is.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use sqlx::{Connection, PgConnection, postgres::PgConnectOptions};
use tokio::time::{Instant, timeout};

use crate::StoreError;

/// An answer later than this is none.
const PATIENCE: Duration = Duration::from_secs(2);

/// When an answer came, and what it was: of a database that is away, why.
type Answered = (Instant, Result<(), Arc<str>>);

/// Cheap to clone; all clones share the connection.
#[derive(Clone, Debug)]
pub(super) struct Lookout(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    options: PgConnectOptions,
    /// Whoever holds it asks; the others wait for the answer.
    connection: tokio::sync::Mutex<Option<PgConnection>>,
    /// The last one.
    answered: Mutex<Option<Answered>>,
}

impl Lookout {
    pub fn new(options: PgConnectOptions) -> Self {
        Self(Arc::new(Inner { options, connection: Default::default(), answered: Mutex::default() }))
    }

    /// Whether the database answers now. Any number of askers at once cost one question or two.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where it does not.
    pub async fn ask(&self) -> Result<(), StoreError> {
        let came = Instant::now();
        let mut connection = self.0.connection.lock().await;
        if let Some((at, answer)) = &*self.0.answered.lock().unwrap_or_else(PoisonError::into_inner)
            && *at >= came
        {
            return answer.clone().map_err(|why| StoreError::Unavailable(why.to_string().into()));
        }
        let answer = match timeout(PATIENCE, self.ping(&mut connection)).await {
            Ok(answer) => answer.map_err(|error| Arc::from(error.to_string())),
            Err(_) => Err("no answer in time".into()),
        };
        *self.0.answered.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((Instant::now(), answer.clone()));
        answer.map_err(|why| StoreError::Unavailable(why.to_string().into()))
    }

    /// Asks on the connection, or on a new one where it is lost. One on which the answer was not awaited is not kept.
    async fn ping(&self, slot: &mut Option<PgConnection>) -> Result<(), sqlx::Error> {
        if let Some(mut connection) = slot.take()
            && connection.ping().await.is_ok()
        {
            *slot = Some(connection);
            return Ok(());
        }
        let mut connection = PgConnection::connect_with(&self.0.options).await?;
        connection.ping().await?;
        *slot = Some(connection);
        Ok(())
    }
}
