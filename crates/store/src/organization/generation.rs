//! When the organization is another one.

use model::news::Topic;
use sqlx::PgConnection;

use crate::{StoreError, news};

/// Makes readers load the organization again.
pub(crate) async fn next_generation(connection: &mut PgConnection) -> Result<(), StoreError> {
    sqlx::query("UPDATE organization SET generation = generation + 1").execute(&mut *connection).await?;
    news::tell(connection, Topic::Organization).await
}
