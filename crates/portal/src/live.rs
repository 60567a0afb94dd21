//! Readings of AWS that pages wait for: one of a kind at a time, whose answer all share who ask meanwhile or shortly after,
//! and a number for each person, so that nobody uses up the rates that AWS grants the organization.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use model::failure::Busy;
use store::UserId;
use time::{Duration, OffsetDateTime};
use tokio::{sync::Semaphore, time::Instant};

use crate::PortalError;

/// How long a reading serves others than those who have had it.
const SHARED: Duration = Duration::seconds(5);
/// How old a reading may be that is given to those who have asked too often.
const WITHOUT_ASKING: Duration = Duration::MINUTE;
/// Readings that one person may begin one after the other, as many as a mid-sized organization has accounts, and …
const BURST: u16 = 300;
/// … how soon another, in seconds.
const EVERY: f64 = 1.0;
/// Readings of one person under way.
const AT_ONCE: usize = 4;
/// More than these are kept no longer than they serve.
const MANY: usize = 64;

/// How old a reading may be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Freshness {
    /// For those who have not had it.
    pub first: Duration,
    /// For those who ask again.
    pub again: Duration,
}

impl Freshness {
    /// Whoever asks again is answered anew.
    pub const LIVE: Self = Self { first: SHARED, again: Duration::ZERO };

    /// The same for all.
    pub const fn within(age: Duration) -> Self {
        Self { first: age, again: age }
    }
}

/// Readings of one sort, by what they are of.
pub(crate) struct Live<K, V> {
    slots: Mutex<BTreeMap<K, Arc<Slot<V>>>>,
    /// Counts readings that ended: tells which ended after somebody came.
    ended: AtomicU64,
}

/// Whoever holds it reads; the others wait for the answer.
type Slot<V> = tokio::sync::Mutex<Option<Reading<V>>>;

struct Reading<V> {
    value: V,
    at: OffsetDateTime,
    ended: u64,
    had_by: BTreeSet<Option<UserId>>,
}

impl<K, V> Default for Live<K, V> {
    fn default() -> Self {
        Self { slots: Mutex::default(), ended: AtomicU64::new(1) }
    }
}

impl<K: Ord, V: Clone> Live<K, V> {
    /// The reading of `key` for a person (`None` is the portal itself), made by `read` where there is none that will do.
    ///
    /// # Errors
    /// [`PortalError::Busy`] where the person has asked too often.
    pub async fn get(
        &self,
        key: K,
        asker: Asker<'_>,
        fresh: Freshness,
        read: impl AsyncFnOnce() -> V,
    ) -> Result<V, PortalError> {
        let came = self.ended.load(Ordering::SeqCst);
        let slot = self.slot(key, asker.now);
        let mut slot = slot.lock().await;
        if let Some(known) = slot.as_mut().filter(|known| known.serves(came, asker, fresh)) {
            known.had_by.insert(asker.person);
            return Ok(known.value.clone());
        }
        let Some(_turn) = asker.people.turn(asker.person).await else {
            let recent = slot.as_ref().filter(|known| asker.now - known.at < WITHOUT_ASKING);
            return recent.map(|known| known.value.clone()).ok_or(PortalError::Busy(Busy::Readings));
        };
        let value = read().await;
        let ended = self.ended.fetch_add(1, Ordering::SeqCst) + 1;
        let had_by = BTreeSet::from([asker.person]);
        *slot = Some(Reading { value: value.clone(), at: asker.now, ended, had_by });
        Ok(value)
    }

    /// What is asked from now on is read anew: something was changed.
    pub fn forget(&self) {
        self.slots().clear();
    }

    fn slot(&self, key: K, now: OffsetDateTime) -> Arc<Slot<V>> {
        let mut slots = self.slots();
        if slots.len() > MANY {
            // One that is locked is being read.
            slots.retain(|_, slot| {
                slot.try_lock().map_or(true, |known| known.as_ref().is_some_and(|k| now - k.at < SHARED))
            });
        }
        slots.entry(key).or_default().clone()
    }

    /// Never held across a wait.
    fn slots(&self) -> MutexGuard<'_, BTreeMap<K, Arc<Slot<V>>>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<V> Reading<V> {
    fn serves(&self, came: u64, asker: Asker<'_>, fresh: Freshness) -> bool {
        let age = asker.now - self.at;
        let most = if self.had_by.contains(&asker.person) { fresh.again } else { fresh.first };
        // One that ended while its asker waited is theirs.
        self.ended > came || age < most
    }
}

/// Who asks for a reading, and when.
#[derive(Clone, Copy)]
pub(crate) struct Asker<'a> {
    /// `None` is the portal itself.
    pub person: Option<UserId>,
    pub people: &'a People,
    pub now: OffsetDateTime,
}

/// What each person may still ask.
#[derive(Default)]
pub(crate) struct People(Mutex<BTreeMap<UserId, Person>>);

struct Person {
    left: f64,
    counted_at: Instant,
    turns: Arc<Semaphore>,
}

/// That a reading may be begun. Ends with this value.
struct Turn {
    _held: Option<tokio::sync::OwnedSemaphorePermit>,
}

impl People {
    /// Waits until the person has few others under way; `None` where they have begun too many.
    async fn turn(&self, person: Option<UserId>) -> Option<Turn> {
        let Some(person) = person else { return Some(Turn { _held: None }) };
        let turns = self.begin(person)?;
        Some(Turn { _held: turns.acquire_owned().await.ok() })
    }

    fn begin(&self, person: UserId) -> Option<Arc<Semaphore>> {
        let now = Instant::now();
        let mut people = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let one = people.entry(person).or_insert_with(|| Person {
            left: BURST.into(),
            counted_at: now,
            turns: Arc::new(Semaphore::new(AT_ONCE)),
        });
        let waited = (now - one.counted_at).as_secs_f64();
        one.left = (one.left + waited / EVERY).min(BURST.into());
        one.counted_at = now;
        if one.left < 1.0 {
            return None;
        }
        one.left -= 1.0;
        Some(one.turns.clone())
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use futures::{future::join_all, poll};
    use time::macros::datetime;
    use tokio::sync::Notify;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-20 12:00 UTC);

    /// Counts readings, each of which waits at a gate.
    #[derive(Default)]
    struct Aws {
        begun: Cell<usize>,
        open: Notify,
    }

    impl Aws {
        async fn read(&self) -> usize {
            self.begun.set(self.begun.get() + 1);
            self.open.notified().await;
            self.begun.get()
        }
    }

    fn asker(people: &People, person: UserId, seconds: i64) -> Asker<'_> {
        Asker { person: Some(person), people, now: NOW + Duration::seconds(seconds) }
    }

    #[tokio::test]
    async fn all_who_ask_while_one_reads_share_its_answer() {
        let (live, people, aws) = (Live::default(), People::default(), Aws::default());
        let ask = |person| {
            live.get("settings", asker(&people, person, 0), Freshness::LIVE, async || aws.read().await)
        };
        let mut asked: Vec<_> = (0..80).map(|n| Box::pin(ask(n % 3))).collect();
        for one in &mut asked {
            assert!(poll!(one.as_mut()).is_pending());
        }
        assert_eq!(aws.begun.get(), 1);
        aws.open.notify_one();
        let answers = join_all(asked).await;
        assert!(answers.iter().all(|answer| matches!(answer, Ok(1))) && aws.begun.get() == 1);
    }

    #[tokio::test]
    async fn a_reading_serves_others_for_a_moment_and_whoever_asks_again_or_after_a_change_is_answered_anew()
    {
        let (live, people, read) = (Live::default(), People::default(), Cell::new(0));
        let ask = async |person, seconds| {
            let count = async || {
                read.set(read.get() + 1);
                read.get()
            };
            live.get((), asker(&people, person, seconds), Freshness::LIVE, count).await.unwrap()
        };
        assert_eq!((ask(1, 0).await, ask(2, 1).await, ask(3, 4).await), (1, 1, 1));
        assert_eq!((ask(2, 4).await, ask(1, 4).await), (2, 2), "who asks again, and who has not had that");
        assert_eq!(ask(4, 10).await, 3, "too old");
        live.forget();
        assert_eq!(ask(5, 10).await, 4);
    }

    #[tokio::test]
    async fn who_gives_up_leaves_the_reading_to_the_next() {
        let (live, people, aws) = (Live::default(), People::default(), Aws::default());
        let ask = |person| {
            Box::pin(live.get((), asker(&people, person, 0), Freshness::LIVE, async || aws.read().await))
        };
        let (mut first, mut second) = (ask(1), ask(2));
        assert!(poll!(first.as_mut()).is_pending() && poll!(second.as_mut()).is_pending());
        drop(first);
        assert!(poll!(second.as_mut()).is_pending());
        assert_eq!(aws.begun.get(), 2);
        aws.open.notify_one();
        assert_eq!(second.await.unwrap(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_reads_without_end_or_much_at_once_and_no_other_is_held_up() {
        let (live, people, aws) = (Live::default(), People::default(), Aws::default());
        let ask = |person, account: i32| {
            Box::pin(live.get(account, asker(&people, person, 0), Freshness::LIVE, async || aws.read().await))
        };
        let mut asked: Vec<_> = (0..i32::from(BURST) + 10).map(|account| ask(1, account)).collect();
        let mut refused = 0;
        for one in &mut asked {
            // Otherwise tokio lets a task do only so much at once.
            let answer = poll!(tokio::task::unconstrained(one.as_mut()));
            refused += usize::from(matches!(answer, std::task::Poll::Ready(Err(PortalError::Busy(_)))));
        }
        assert_eq!((aws.begun.get(), refused), (AT_ONCE, 10));
        let mut other = ask(2, 1000);
        assert!(poll!(tokio::task::unconstrained(other.as_mut())).is_pending());
        assert_eq!(aws.begun.get(), AT_ONCE + 1, "somebody else is served at once");
        tokio::time::advance(std::time::Duration::from_secs(2)).await;
        let mut again = ask(1, 2000);
        assert!(
            poll!(tokio::task::unconstrained(again.as_mut())).is_pending(),
            "after a moment one more is begun"
        );
    }
}
