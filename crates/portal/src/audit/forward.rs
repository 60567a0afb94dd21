//! Sending the audit list on: every event and every signed head, in order, each at least once. The cursor is in the
//! database; one process at a time moves it.

mod destination;
mod send;
mod syslog;
#[cfg(test)]
mod tests;
mod tls;

use std::time::Duration;

use store::StoreError;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

pub use destination::{Destination, Forward, UnknownDestination};
use send::Sender;
pub use tls::{RootsError, tls_roots};

use crate::Portal;

/// Between looks whether there is something to send.
const LOOK: Duration = Duration::from_secs(1);
/// The pause after a failure; each failure that follows doubles it.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// What came of a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    /// Something was sent, and there may be more.
    Sent,
    /// There was nothing to send, or another process has the turn.
    Idle,
}

/// Why a turn came to nothing.
#[derive(Debug, thiserror::Error)]
enum ForwardError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{0}")]
    Send(String),
}

/// Sends on until cancelled; what is being sent is finished.
pub(crate) async fn run(portal: Portal, forward: Forward, stop: CancellationToken) {
    let mut sender = Sender::new(forward);
    let mut pause = FIRST_PAUSE;
    let mut said = String::new();
    loop {
        let wait = match turn(&portal, &mut sender).await {
            Ok(turn) => {
                if !std::mem::take(&mut said).is_empty() {
                    tracing::info!(destination = sender.name(), "the audit list is sent on again");
                }
                pause = FIRST_PAUSE;
                if turn == Turn::Sent { Duration::ZERO } else { LOOK }
            }
            Err(error) => {
                let text = error.to_string();
                if text != said {
                    tracing::warn!(destination = sender.name(), %error, "the audit list is not sent on; trying again");
                    said = text;
                }
                let wait = pause;
                pause = (pause * 2).min(LONGEST_PAUSE);
                wait
            }
        };
        if stop.run_until_cancelled(sleep(wait)).await.is_none() {
            break;
        }
    }
    sender.close().await;
}

/// Sends what comes next, where no other process does.
async fn turn(portal: &Portal, sender: &mut Sender) -> Result<Turn, ForwardError> {
    let store = portal.store();
    store.begin_forwarding(sender.name()).await?;
    let Some(mut turn) = store.forward_turn(sender.name()).await? else { return Ok(Turn::Idle) };
    let records = turn.next().await?;
    match sender.send(&records).await {
        Ok(()) if records.is_empty() => {
            turn.idle().await?;
            Ok(Turn::Idle)
        }
        Ok(()) => {
            turn.sent(portal.now()).await?;
            Ok(Turn::Sent)
        }
        Err(error) => {
            let why = error.to_string();
            turn.failed(&why, portal.now()).await?;
            Err(ForwardError::Send(why))
        }
    }
}
