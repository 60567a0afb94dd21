//! Token buckets: each operation has one per Region, shared by all callers, which slows down when AWS throttles.

use std::time::Duration;

use tokio::time::Instant;

/// How far a bucket slows down at most.
const SLOWEST: f64 = 0.05;
/// Refusals that come together count as one: they were sent at the same rate.
const ONE_REFUSAL: Duration = Duration::from_secs(1);

/// A token bucket. Tokens may be owed: who takes one that is not there yet waits for it, in the order of taking.
#[derive(Debug)]
pub(crate) struct Bucket {
    rate: f64,
    burst: f64,
    /// Part of the rate in use: 1 until AWS throttles, then less, and back step by step with each success.
    pace: f64,
    tokens: f64,
    filled_at: Instant,
    slowed_at: Option<Instant>,
}

impl Bucket {
    /// A full bucket of `burst` tokens that gains `rate` tokens a second.
    pub(crate) fn new(rate: f64, burst: f64, now: Instant) -> Self {
        Self { rate, burst, pace: 1.0, tokens: burst, filled_at: now, slowed_at: None }
    }

    /// Takes a token if it can be had within `patience`; how long to wait for it. `None` takes nothing.
    pub(crate) fn take(&mut self, now: Instant, patience: Duration) -> Option<Duration> {
        self.fill(now);
        let owed = (1.0 - self.tokens).max(0.0);
        let wait = Duration::from_secs_f64(owed / (self.rate * self.pace));
        if wait > patience {
            return None;
        }
        self.tokens -= 1.0;
        Some(wait)
    }

    /// AWS refused: half the pace, and no burst until it has been saved up again.
    pub(crate) fn slow_down(&mut self, now: Instant) {
        self.fill(now);
        self.tokens = self.tokens.min(0.0);
        if self.slowed_at.is_none_or(|at| now - at >= ONE_REFUSAL) {
            self.pace = (self.pace / 2.0).max(SLOWEST);
            self.slowed_at = Some(now);
        }
    }

    /// AWS answered: a step back towards the full pace.
    pub(crate) fn speed_up(&mut self) {
        self.pace = (self.pace + 0.05).min(1.0);
    }

    fn fill(&mut self, now: Instant) {
        let seconds = now.saturating_duration_since(self.filled_at).as_secs_f64();
        self.tokens = (self.tokens + seconds * self.rate * self.pace).min(self.burst);
        self.filled_at = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENT: Duration = Duration::from_secs(3600);

    fn seconds(bucket: &mut Bucket, now: Instant) -> f64 {
        bucket.take(now, PATIENT).map_or(f64::NAN, |wait| wait.as_secs_f64())
    }

    #[test]
    fn after_the_burst_each_caller_waits_its_turn() {
        let now = Instant::now();
        let mut bucket = Bucket::new(2.0, 3.0, now);
        let waits: Vec<f64> = (0..6).map(|_| seconds(&mut bucket, now)).collect();
        assert_eq!(waits, [0.0, 0.0, 0.0, 0.5, 1.0, 1.5]);
        assert_eq!(seconds(&mut bucket, now + Duration::from_secs(10)), 0.0, "rested, it is full again");
    }

    #[test]
    fn who_cannot_wait_takes_no_turn() {
        let now = Instant::now();
        let mut bucket = Bucket::new(1.0, 1.0, now);
        assert_eq!(seconds(&mut bucket, now), 0.0);
        assert_eq!(bucket.take(now, Duration::from_millis(900)), None);
        assert_eq!(seconds(&mut bucket, now), 1.0, "the refused turn was not counted");
    }

    #[test]
    fn refusals_halve_the_pace_once_a_second_and_successes_bring_it_back() {
        let now = Instant::now();
        let mut bucket = Bucket::new(4.0, 8.0, now);
        for _ in 0..5 {
            bucket.slow_down(now);
        }
        assert_eq!(seconds(&mut bucket, now), 0.5, "no burst, and half of four a second");
        for _ in 0..10 {
            bucket.speed_up();
        }
        let later = now + Duration::from_secs(60);
        (0..8).for_each(|_| assert_eq!(seconds(&mut bucket, later), 0.0));
        assert!((seconds(&mut bucket, later) - 0.25).abs() < 1e-9, "the full pace");
    }
}
