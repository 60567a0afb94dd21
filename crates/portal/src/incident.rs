//! The one word that names a piece of work: in the log, on the page, in the audit list. For a request it is the request's
//! id; work in the background has an id of its own kind.

use std::{future::Future, sync::Arc};

tokio::task_local! {
    static CURRENT: Arc<str>;
}

/// Does work under an id.
pub async fn within<F: Future>(id: impl Into<Arc<str>>, work: F) -> F::Output {
    CURRENT.scope(id.into(), work).await
}

/// The id of the work that is done now; `None` outside of any.
#[must_use]
pub fn current() -> Option<Arc<str>> {
    CURRENT.try_with(Arc::clone).ok()
}

/// Work that keeps today's id when it goes on in another task.
pub fn inherit<F: Future>(work: F) -> impl Future<Output = F::Output> {
    let id = current();
    async move {
        match id {
            Some(id) => within(id, work).await,
            None => work.await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_in_another_task_keeps_its_id_only_where_it_is_told_to() {
        assert_eq!(current(), None);
        let seen = within("a1b2", async {
            let inherited = tokio::spawn(inherit(async { current() })).await.unwrap();
            let other = tokio::spawn(async { current() }).await.unwrap();
            (current(), inherited, other)
        });
        assert_eq!(seen.await, (Some("a1b2".into()), Some("a1b2".into()), None));
        assert_eq!(tokio::spawn(inherit(async { current() })).await.unwrap(), None);
    }
}
