//! Looks at the files again, every so often and when it is told to; and warns before the certificate ends.

use std::time::Duration;

use time::OffsetDateTime;
use tokio::{
    signal::unix::{SignalKind, signal},
    task::spawn_blocking,
    time::sleep,
};
use tokio_util::sync::CancellationToken;

use super::Tls;

/// How often the files are looked at where nobody says otherwise.
pub const EVERY: Duration = Duration::from_secs(60);
/// Ahead of the end, a warning is due; of certificates that live for a short time, in their last third.
const AHEAD: time::Duration = time::Duration::days(14);
/// Between two warnings.
const AGAIN: time::Duration = time::Duration::DAY;

impl Tls {
    /// Looks at the files until it is told to stop: every so often, and at each SIGHUP.
    pub async fn watch(&self, every: Duration, clock: fn() -> OffsetDateTime, stop: CancellationToken) {
        let mut hangups = signal(SignalKind::hangup())
            .inspect_err(|error| tracing::warn!(%error, "SIGHUP cannot be heard"))
            .ok();
        let mut warned = None;
        loop {
            self.warn(&mut warned, clock());
            let hangup = async {
                match &mut hangups {
                    Some(hangups) => drop(hangups.recv().await),
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = stop.cancelled() => return,
                () = sleep(every) => (),
                () = hangup => tracing::info!("SIGHUP: looking at certificate and key"),
            }
            let tls = self.clone();
            match spawn_blocking(move || tls.read_again()).await {
                Ok(Ok(true)) => {
                    warned = None;
                    let (_, expires) = self.validity();
                    tracing::info!(%expires, "a new certificate is used for new connections");
                }
                Ok(Ok(false)) => (),
                Ok(Err(error)) => {
                    tracing::error!(%error, "the certificate before is kept");
                }
                Err(error) => tracing::error!(%error, "certificate and key were not looked at"),
            }
        }
    }

    fn warn(&self, warned: &mut Option<OffsetDateTime>, now: OffsetDateTime) {
        let (begins, expires) = self.validity();
        if !is_due(begins, expires, now) || warned.is_some_and(|at| now - at < AGAIN) {
            return;
        }
        *warned = Some(now);
        if expires <= now {
            tracing::error!(%expires, "the certificate has ended: browsers refuse it");
        } else {
            tracing::warn!(%expires, "the certificate ends soon: put a new one into its file");
        }
    }
}

/// Whether a certificate ends so soon that somebody should hear of it.
fn is_due(begins: OffsetDateTime, expires: OffsetDateTime, now: OffsetDateTime) -> bool {
    expires - now < AHEAD.min((expires - begins) / 3)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn the_end_of_a_certificate_is_told_two_weeks_ahead_and_of_a_short_one_in_its_last_third() {
        let begins = datetime!(2026-11-01 00:00 UTC);
        let year = begins + time::Duration::days(365);
        assert!(!is_due(begins, year, year - time::Duration::days(15)));
        assert!(is_due(begins, year, year - time::Duration::days(13)));
        let week = begins + time::Duration::days(6);
        assert!(!is_due(begins, week, begins + time::Duration::days(3)));
        assert!(is_due(begins, week, begins + time::Duration::days(5)));
        assert!(is_due(begins, week, week + time::Duration::days(1)), "it has ended");
    }
}
