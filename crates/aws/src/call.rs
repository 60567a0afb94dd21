//! The one way to AWS: rate budget, bound on requests under way, attempts, deadline, tracing, counting.

use std::{error::Error, future::Future, sync::PoisonError, time::Duration};

use aws_sdk_organizations::{error::ProvideErrorMetadata, operation::RequestId};
use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use tokio::time::{Instant, sleep, timeout};
use tracing::{Instrument, field::Empty};

use crate::{
    answer::Written,
    bucket::Bucket,
    classify::{Signing, classify, timed_out},
    connect::Aws,
    error::{AwsError, AwsErrorKind, Fate},
    intercept::watched,
    operation::{Op, Operation},
    options::Rates,
    service::Service,
};

/// Attempts where AWS asks to slow down; the deadline mostly ends it sooner.
const THROTTLED_ATTEMPTS: u32 = 12;
/// Attempts after other passing failures.
const ATTEMPTS: u32 = 5;
/// The longest pause between attempts, in first ones.
const LONGEST_PAUSE: u32 = 50;

impl Aws {
    /// Calls an operation of a service.
    pub(crate) async fn call<S, T, E, F>(
        &self,
        service: S,
        op: Op,
        send: impl Fn(S::Client) -> F,
    ) -> Result<Written<T>, AwsError>
    where
        S: Service,
        T: RequestId,
        E: ProvideErrorMetadata + Error + 'static,
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    {
        let region = service.region(&self.shared.homes);
        let client = self.session(op).client::<S>(region);
        self.attempts(op, region, || send(client.clone())).await
    }

    async fn attempts<T, E, F>(
        &self,
        op: Op,
        region: &str,
        send: impl Fn() -> F,
    ) -> Result<Written<T>, AwsError>
    where
        T: RequestId,
        E: ProvideErrorMetadata + Error + 'static,
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    {
        let row = op.row();
        let span = tracing::debug_span!(
            "aws.call",
            otel.name = row.span,
            region,
            attempt = Empty,
            duration_ms = Empty,
            aws.request_id = Empty
        );
        let mut counting = self.shared.metrics.call(row, region);
        let started = Instant::now();
        let deadline = started + self.deadline;
        async {
            let mut attempt = 1;
            let mut sent = None;
            loop {
                let outcome = self.attempt(op, region, deadline, &send).await;
                let span = tracing::Span::current();
                span.record("attempt", attempt);
                span.record("duration_ms", millis(started));
                let failed = match outcome {
                    Ok(written) => {
                        counting.outcome = "ok";
                        span.record("aws.request_id", written.request_id.as_deref().unwrap_or_default());
                        tracing::debug!("answered");
                        return Ok(written);
                    }
                    Err(failed) => failed,
                };
                span.record("aws.request_id", failed.request_id.as_deref().unwrap_or_default());
                tracing::debug!(kind = %failed.kind, fate = ?failed.fate, "failed");
                let pause = self.pause(row, &failed, attempt);
                let failed = with_what_was_sent(failed, &mut sent);
                match pause.filter(|pause| Instant::now() + *pause < deadline) {
                    Some(pause) => sleep(pause).await,
                    None => {
                        counting.outcome = failed.kind.name();
                        self.shared.complaints.log(op, region, &failed);
                        return Err(failed);
                    }
                }
                attempt += 1;
            }
        }
        .instrument(span)
        .await
    }

    async fn attempt<T, E, F>(
        &self,
        op: Op,
        region: &str,
        deadline: Instant,
        send: impl Fn() -> F,
    ) -> Result<Written<T>, AwsError>
    where
        T: RequestId,
        E: ProvideErrorMetadata + Error + 'static,
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    {
        let waiting = Instant::now();
        self.wait_for_turn(op, region, deadline).await?;
        let left = deadline.saturating_duration_since(Instant::now());
        let Ok(Ok(_permit)) = timeout(left, self.shared.under_way.acquire()).await else {
            return Err(AwsError::not_sent(op.row().name, AwsErrorKind::Timeout));
        };
        let left = deadline.saturating_duration_since(Instant::now()).min(self.shared.attempt_timeout);
        self.shared.metrics.attempt(op.row(), region, waiting.elapsed());
        // Boxed: the SDK's futures are large and deep, and those of all callers would be so too.
        let (answer, progress) = watched(timeout(left, Box::pin(send()))).await;
        let answer = match answer {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => {
                let signing = Signing {
                    region,
                    accepted_elsewhere: self.shared.is_accepted_elsewhere(region),
                    profile: self.shared.profile.as_deref(),
                };
                let failed = classify(op, &error, progress, signing);
                match failed.kind {
                    AwsErrorKind::Throttled => {
                        self.shared.metrics.throttle(op.row(), region);
                        self.with_bucket(op, region, |bucket| bucket.slow_down(Instant::now()));
                    }
                    AwsErrorKind::Denied { .. } => self.shared.accepted(region, true),
                    AwsErrorKind::Credentials { .. } => self.shared.accepted(region, false),
                    _ => (),
                }
                return Err(failed);
            }
            Err(_) => return Err(timed_out(op.row(), left, progress)),
        };
        self.with_bucket(op, region, Bucket::speed_up);
        self.shared.accepted(region, true);
        Ok(Written { request_id: answer.request_id().map(str::to_owned), value: answer })
    }

    /// Waits for a token of the operation's bucket. Refuses at once where the turn would come after the deadline.
    async fn wait_for_turn(&self, op: Op, region: &str, deadline: Instant) -> Result<(), AwsError> {
        let now = Instant::now();
        let patience = deadline.saturating_duration_since(now);
        match self.with_bucket(op, region, |bucket| bucket.take(now, patience)) {
            None | Some(Some(Duration::ZERO)) => Ok(()),
            Some(Some(wait)) => {
                sleep(wait).await;
                Ok(())
            }
            Some(None) => Err(AwsError::not_sent(op.row().name, AwsErrorKind::Throttled)),
        }
    }

    /// Works on the operation's bucket; `None` where rates are off.
    fn with_bucket<R>(&self, op: Op, region: &str, work: impl FnOnce(&mut Bucket) -> R) -> Option<R> {
        let factor = match self.shared.rates {
            Rates::Off => return None,
            Rates::On => 1.0,
            Rates::Scaled(factor) => factor,
        };
        let row = op.row();
        let mut buckets = self.shared.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = buckets
            .entry((op, region.to_owned()))
            .or_insert_with(|| Bucket::new(row.rate * factor, row.burst, Instant::now()));
        Some(work(bucket))
    }

    /// How long to wait before the next attempt; `None` where there is none.
    fn pause(&self, row: &Operation, failed: &AwsError, attempt: u32) -> Option<Duration> {
        let attempts = match (&failed.kind, failed.fate) {
            // A change whose fate is unknown is not made twice.
            (_, Fate::Unknown) if !row.read => return None,
            // By our own budget: the turn would come no sooner.
            (AwsErrorKind::Throttled, Fate::NotSent) => return None,
            (AwsErrorKind::Throttled, _) => THROTTLED_ATTEMPTS,
            // Refused before anything was done; AWS asks to try again.
            (kind, _) if kind.is_passing_conflict() => ATTEMPTS,
            (AwsErrorKind::Timeout | AwsErrorKind::Unavailable | AwsErrorKind::ServerError { .. }, _) => {
                ATTEMPTS
            }
            _ => return None,
        };
        let doubled =
            1_u32.checked_shl(attempt.saturating_sub(1)).unwrap_or(LONGEST_PAUSE).min(LONGEST_PAUSE);
        (attempt < attempts).then(|| self.shared.jitter(self.shared.first_pause.saturating_mul(doubled)))
    }
}

/// An attempt that was not sent leaves what became of the call as the one before it did.
fn with_what_was_sent(failed: AwsError, sent: &mut Option<(Fate, Option<String>)>) -> AwsError {
    match (failed.fate, &sent) {
        (Fate::NotSent, Some((fate, request_id))) => {
            AwsError { fate: *fate, request_id: request_id.clone(), ..failed }
        }
        (Fate::NotSent, None) => failed,
        (fate, _) => {
            *sent = Some((fate, failed.request_id.clone()));
            failed
        }
    }
}

fn millis(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Options;

    #[tokio::test]
    async fn whose_turn_would_come_too_late_is_told_at_once() {
        let aws = Aws::connect(Options::simulated("http://127.0.0.1:9", Rates::On)).await.unwrap();
        let row = Op::ListRoots.row();
        let refused = |fate| AwsError { fate, ..AwsError::not_sent(row.name, AwsErrorKind::Throttled) };
        assert!(aws.pause(row, &refused(Fate::Refused), 1).is_some(), "AWS may be less strict the next time");
        assert_eq!(aws.pause(row, &refused(Fate::NotSent), 1), None, "the turn would come no sooner");
    }
}
