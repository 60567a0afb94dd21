//! How many passwords are hashed at once: each takes 19 MiB and a processor for as long as it lasts.

use std::sync::Arc;

use model::failure::Busy;
use tokio::sync::Semaphore;

use crate::{PortalError, off_reactor};

/// Hashes at once.
const AT_ONCE: usize = 4;
/// Hashes under way and waiting, of browsers that nobody has signed in with.
const OF_STRANGERS: usize = 24;
/// The same, of browsers that somebody has signed in with: strangers cannot take their places.
const OF_KNOWN: usize = 8;

/// The places for hashing.
pub(crate) struct Hashing {
    strangers: Arc<Semaphore>,
    known: Arc<Semaphore>,
    running: Arc<Semaphore>,
}

impl Default for Hashing {
    fn default() -> Self {
        let places = |n| Arc::new(Semaphore::new(n));
        Self { strangers: places(OF_STRANGERS), known: places(OF_KNOWN), running: places(AT_ONCE) }
    }
}

impl Hashing {
    /// Hashes off the reactor, when it is its turn. Whoever gives up waiting gives the place back; a hash that has begun
    /// keeps it to its end.
    ///
    /// # Errors
    /// [`PortalError::Busy`] at once where too many wait already.
    pub async fn run<T: Send + 'static>(
        &self,
        known: bool,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PortalError> {
        let places = if known { &self.known } else { &self.strangers };
        let busy = |_| PortalError::Busy(Busy::Passwords);
        let place = places.clone().try_acquire_owned().map_err(busy)?;
        let turn = self.running.clone().acquire_owned().await;
        let turn = turn.map_err(|_| PortalError::Internal("hashing was closed".into()))?;
        off_reactor(move || {
            let _held = (place, turn);
            work()
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    };

    use futures::future::join_all;

    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn of_500_who_ask_at_once_four_are_served_a_few_wait_and_the_others_are_told() {
        let hashing = Arc::new(Hashing::default());
        let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (open, gate) = mpsc::channel::<()>();
        let gate = Arc::new(Mutex::new(gate));
        let ask = |known: bool| {
            let (hashing, running, most, gate) =
                (hashing.clone(), running.clone(), most.clone(), gate.clone());
            tokio::spawn(async move {
                let work = move || {
                    most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    gate.lock().unwrap().recv().unwrap();
                    running.fetch_sub(1, Ordering::SeqCst);
                };
                hashing.run(known, work).await
            })
        };
        let asked: Vec<_> = (0..500).map(|_| ask(false)).collect();
        while asked.iter().filter(|task| task.is_finished()).count() < 500 - OF_STRANGERS {
            tokio::task::yield_now().await;
        }
        while running.load(Ordering::SeqCst) < AT_ONCE {
            tokio::task::yield_now().await;
        }
        // Strangers have all their places, and a known browser still gets one.
        let known = ask(true);
        for _ in 0..=OF_STRANGERS {
            open.send(()).unwrap();
        }
        known.await.unwrap().unwrap();
        let answers = join_all(asked).await;
        let busy = |answer: &Result<Result<(), PortalError>, _>| {
            matches!(answer, Ok(Err(PortalError::Busy(Busy::Passwords))))
        };
        assert_eq!(answers.iter().filter(|answer| busy(answer)).count(), 500 - OF_STRANGERS);
        assert_eq!(answers.iter().filter(|answer| matches!(answer, Ok(Ok(())))).count(), OF_STRANGERS);
        assert_eq!(most.load(Ordering::SeqCst), AT_ONCE);
    }
}
