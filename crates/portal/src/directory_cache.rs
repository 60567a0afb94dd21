//! The newest directory, and the one load that makes the next. A reader whose generation is here never waits for a load;
//! those who ask for a newer one wait for the same load (single flight), and nobody gets an older one than asked for.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::{
    FutureExt,
    future::{BoxFuture, Shared},
};
use store::Store;
use time::{Date, UtcOffset};

use crate::{Clock, PortalError, directory::Directory, off_reactor};

type Loaded = Result<Arc<Directory>, Arc<PortalError>>;

/// Cheap to clone; all clones share one directory.
#[derive(Clone)]
pub(crate) struct DirectoryCache(Arc<Inner>);

struct Inner {
    store: Store,
    clock: Clock,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    newest: Option<Arc<Directory>>,
    /// The load under way.
    load: Option<Shared<BoxFuture<'static, Loaded>>>,
}

impl DirectoryCache {
    pub fn new(store: Store, clock: Clock) -> Self {
        Self(Arc::new(Inner { store, clock, state: Mutex::default() }))
    }

    /// The organization as of the newest generation. One small query where nothing changed.
    pub async fn newest(&self) -> Result<Arc<Directory>, PortalError> {
        let generation = self.0.store.generation().await?;
        self.at_least(generation).await
    }

    /// The organization as of a generation that the database has, or a newer one.
    async fn at_least(&self, generation: i64) -> Result<Arc<Directory>, PortalError> {
        let day = self.today();
        loop {
            let load = {
                let mut state = self.state();
                if let Some(known) = state.newest.as_ref().filter(|known| known.serves(generation, day)) {
                    return Ok(known.clone());
                }
                // One that was joined may have begun before the generation came about: then another follows.
                match state.load.as_ref().filter(|load| load.peek().is_none()) {
                    Some(load) => load.clone(),
                    None => state.load.insert(self.begin_load()).clone(),
                }
            };
            let loaded = load.await.map_err(PortalError::Shared)?;
            if loaded.serves(generation, day) {
                return Ok(loaded);
            }
        }
    }

    /// Loads in a task of its own: it goes on where those who wait for it give up.
    fn begin_load(&self) -> Shared<BoxFuture<'static, Loaded>> {
        let cache = self.clone();
        let task = tokio::spawn(async move {
            let loaded = cache.load().await.map_err(Arc::new);
            let mut state = cache.state();
            state.load = None;
            if let Ok(newest) = &loaded {
                state.newest = Some(newest.clone());
            }
            loaded
        });
        let stopped = |e| Err(Arc::new(PortalError::Internal(format!("loading the directory: {e}"))));
        task.map(move |ended| ended.unwrap_or_else(stopped)).boxed().shared()
    }

    async fn load(&self) -> Result<Arc<Directory>, PortalError> {
        let snapshot = self.0.store.load_snapshot().await?;
        let now = (self.0.clock)();
        // Parsing and merging thousands of accounts is work for a thread of its own, not for the reactor.
        let built = off_reactor(move || Directory::build(snapshot, now)).await?;
        Ok(Arc::new(built.map_err(|e| PortalError::Internal(format!("the organization is no tree: {e}")))?))
    }

    fn today(&self) -> Date {
        (self.0.clock)().to_offset(UtcOffset::UTC).date()
    }

    /// Never held across a wait.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use futures::poll;
    use model::organization::PolicyRecord;
    use store::testing::{TestDatabase, database};
    use time::{Duration, OffsetDateTime, macros::datetime};

    use super::*;

    thread_local! {
        static LATER: Cell<Duration> = const { Cell::new(Duration::ZERO) };
    }

    fn now() -> OffsetDateTime {
        datetime!(2026-11-20 23:00 UTC) + LATER.get()
    }

    async fn put_policy(db: &TestDatabase, n: u32) -> i64 {
        let policy = PolicyRecord {
            id: format!("p-{n:08}").parse().unwrap(),
            arn: String::new(),
            name: format!("policy {n}"),
            description: String::new(),
            content: "{}".into(),
        };
        db.store.put_policy(&policy, now()).await.unwrap();
        db.store.generation().await.unwrap()
    }

    /// A cache that has the first generation.
    async fn cache(db: &TestDatabase) -> (DirectoryCache, Arc<Directory>) {
        let cache = DirectoryCache::new(db.store.clone(), now);
        put_policy(db, 1).await;
        let known = cache.newest().await.unwrap();
        (cache, known)
    }

    #[tokio::test]
    async fn a_generation_that_is_here_is_answered_while_a_newer_one_is_loaded() {
        let db = database().await;
        let (cache, known) = cache(&db).await;
        let generation = put_policy(&db, 2).await;
        let mut gate = db.lock_table("policies").await;
        let mut newer = Box::pin(cache.at_least(generation));
        assert!(poll!(&mut newer).is_pending());
        gate.waited_for().await;
        let at_once = cache.at_least(known.generation).now_or_never().expect("no waiting").unwrap();
        assert!(Arc::ptr_eq(&at_once, &known));
        assert!(poll!(&mut newer).is_pending());
        gate.release().await;
        assert_eq!(newer.await.unwrap().policies.len(), 2);
    }

    #[tokio::test]
    async fn those_who_ask_for_a_new_generation_share_one_load() {
        let db = database().await;
        let (cache, _) = cache(&db).await;
        let generation = put_policy(&db, 2).await;
        let gate = db.lock_table("policies").await;
        let [mut one, mut other, mut gone] = [(); 3].map(|()| Box::pin(cache.at_least(generation)));
        // The first begins the load, and gives up.
        assert!(
            poll!(&mut gone).is_pending() && poll!(&mut one).is_pending() && poll!(&mut other).is_pending()
        );
        drop(gone);
        gate.release().await;
        let (one, other) = (one.await.unwrap(), other.await.unwrap());
        assert!(Arc::ptr_eq(&one, &other) && one.generation == generation);
    }

    #[tokio::test]
    async fn who_joins_a_load_that_began_before_their_generation_came_about_gets_the_next() {
        let db = database().await;
        let (cache, _) = cache(&db).await;
        let earlier = put_policy(&db, 2).await;
        let mut gate = db.lock_table("policies").await;
        let mut first = Box::pin(cache.at_least(earlier));
        assert!(poll!(&mut first).is_pending());
        gate.waited_for().await;
        // The load has fixed what it sees.
        db.store.set_policy_type(true).await.unwrap();
        let later = db.store.generation().await.unwrap();
        let mut second = Box::pin(cache.at_least(later));
        assert!(poll!(&mut second).is_pending());
        gate.release().await;
        assert_eq!(second.await.unwrap().policy_type, Some(true));
        assert_eq!((first.await.unwrap().generation, later), (earlier, earlier + 1));
    }

    #[tokio::test]
    async fn a_load_that_fails_fails_for_all_who_wait_and_the_next_is_a_new_one() {
        let db = database().await;
        let (cache, known) = cache(&db).await;
        db.store.close().await;
        let (one, other) = tokio::join!(cache.at_least(99), cache.at_least(99));
        for failed in [one, other] {
            let failure = failed.map(drop).unwrap_err().into_failure();
            assert_eq!(failure.code, model::FailureCode::DatabaseUnavailable);
        }
        assert!(cache.state().load.is_none());
        assert!(cache.at_least(known.generation).await.is_ok());
    }

    #[tokio::test]
    async fn on_another_day_what_depends_on_the_day_is_computed_anew() {
        let db = database().await;
        let (cache, known) = cache(&db).await;
        LATER.set(Duration::minutes(59));
        assert!(Arc::ptr_eq(&cache.newest().await.unwrap(), &known));
        LATER.set(Duration::hours(1));
        let anew = cache.newest().await.unwrap();
        assert_eq!((anew.generation, anew.day), (known.generation, known.day.next_day().unwrap()));
    }
}
