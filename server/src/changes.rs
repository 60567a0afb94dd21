//! Changes that were begun: they are finished whatever becomes of the browser, and the end of the process waits for them.

use std::time::{Duration, Instant};

use tokio::{task::JoinHandle, time::sleep};
use tokio_util::task::TaskTracker;

/// Between words about what is waited for.
const SAY_EVERY: Duration = Duration::from_secs(5);

/// Requests that change something and are under way. Clones track the same.
#[derive(Clone, Default)]
pub struct Changes(TaskTracker);

impl Changes {
    /// Runs a request to its end.
    pub fn run<T: Send + 'static>(&self, request: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
        self.0.spawn(request)
    }

    /// Waits until none is under way, at most so long, and says how it goes. Until `no_more` has come, others may begin.
    pub async fn finish(&self, at_most: Duration, no_more: impl Future<Output = ()>) {
        let begun = Instant::now();
        tracing::info!(changes = self.0.len(), ?at_most, "waiting for the changes that were begun");
        let saying = async {
            loop {
                sleep(SAY_EVERY).await;
                let waited_s = begun.elapsed().as_secs();
                tracing::info!(changes = self.0.len(), waited_s, "still waiting for changes");
            }
        };
        let finished = async {
            no_more.await;
            self.0.close();
            self.0.wait().await;
        };
        tokio::select! {
            () = finished => (),
            () = sleep(at_most) => (),
            () = saying => (),
        }
        let (changes, waited_ms) = (self.0.len(), begun.elapsed().as_millis());
        if changes == 0 {
            tracing::info!(waited_ms, "all changes are finished");
        } else {
            tracing::error!(changes, waited_ms, "changes were cut off: what became of them is not known");
        }
    }
}
