//! What processes tell each other through the database: that something changed, at the moment at which it can be read.

pub(crate) mod publisher;

use std::time::Duration;

use model::news::Topic;
use sqlx::{
    PgConnection,
    postgres::{PgListener, PgPoolOptions},
};
use tokio::{
    sync::broadcast::{self, error::RecvError},
    time::{sleep, timeout},
};

use crate::{Store, StoreError, pool::QUICK_LOSS};

pub use publisher::Heard;

const CHANNEL: &str = "holdfast";
/// The pause after the first failure to listen; each failure that follows doubles it.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);
/// A connection on which nothing came for so long is asked whether it lives.
const SILENCE: Duration = Duration::from_secs(30);
/// A connection that does not answer within this is lost.
const ANSWER: Duration = Duration::from_secs(5);

/// News since the subscription, one after the other.
#[derive(Debug)]
pub struct News(broadcast::Receiver<Heard>);

impl News {
    /// The next news. Waits without end while the database is away: nothing is known then. Can be given up at any time.
    pub async fn next(&mut self) -> Heard {
        match self.0.recv().await {
            Ok(heard) => heard,
            Err(RecvError::Lagged(_)) => Heard::Gap,
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}

impl Store {
    /// News from now on, of all processes on the database; it comes while [`Store::listen`] runs.
    #[must_use]
    pub fn subscribe(&self) -> News {
        News(self.news.subscribe())
    }

    /// Listens for news on a connection of its own, without end; a connection that was lost is made again, and then
    /// everybody is told of the gap. Once in a process is enough.
    pub async fn listen(&self) {
        let mut pause = FIRST_PAUSE;
        loop {
            let mut heard = false;
            let lost = self.listen_once(&mut heard).await;
            if heard {
                pause = FIRST_PAUSE;
            }
            tracing::warn!(error = %lost, "no news from the database; listening again");
            sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Until the connection is lost.
    async fn listen_once(&self, heard: &mut bool) -> StoreError {
        match self.try_listen(heard).await {
            Ok(never) => match never {},
            Err(error) => error,
        }
    }

    async fn try_listen(&self, heard: &mut bool) -> Result<std::convert::Infallible, StoreError> {
        let pool = PgPoolOptions::new().max_connections(1).max_lifetime(None).idle_timeout(None);
        let pool = pool.acquire_timeout(ANSWER).connect_lazy_with(self.options_with(&QUICK_LOSS));
        // All of this pool is for this one connection: where there is none in time, the database is away.
        let no_connection = |error: sqlx::Error| match StoreError::from(error) {
            StoreError::Busy(_) => lost("the database takes no connection"),
            other => other,
        };
        let mut listener = PgListener::connect_with(&pool).await.map_err(no_connection)?;
        listener.eager_reconnect(false);
        listener.listen(CHANNEL).await?;
        *heard = true;
        self.news.publish(Heard::Gap);
        loop {
            match timeout(SILENCE, listener.try_recv()).await {
                Ok(Ok(Some(notification))) => match notification.payload().parse() {
                    Ok(topic) => self.news.publish(Heard::Changed(topic)),
                    // Of a newer version of this program.
                    Err(unknown) => tracing::debug!(%unknown, "news"),
                },
                Ok(Ok(None)) => return Err(lost("the connection was closed")),
                Ok(Err(error)) => return Err(error.into()),
                Err(_) => {
                    let asked = sqlx::query("SELECT 1").execute(&mut listener);
                    timeout(ANSWER, asked).await.map_err(|_| lost("the connection does not answer"))??;
                }
            }
        }
    }
}

fn lost(why: &str) -> StoreError {
    StoreError::Unavailable(why.into())
}

/// Tells all processes, when the transaction is committed.
pub(crate) async fn tell(connection: &mut PgConnection, topic: Topic) -> Result<(), StoreError> {
    let sql = "SELECT pg_notify($1, $2)";
    sqlx::query(sql).bind(CHANNEL).bind(topic.to_string()).execute(connection).await?;
    Ok(())
}

#[cfg(test)]
mod tests;
