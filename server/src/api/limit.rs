//! How much one may ask for: so many requests at once, and so many a second on and on, told with every answer.

use std::{num::NonZeroU32, sync::Arc};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header::RETRY_AFTER},
    middleware::Next,
    response::{IntoResponse, Response},
};
use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::StateInformationMiddleware,
    state::keyed::HashMapStateStore,
};
use model::{FailureCode, failure::Busy};
use portal::Caller;
use store::UserId;

use super::answer::Refused;

/// Requests at once.
const BURST: NonZeroU32 = NonZeroU32::new(120).unwrap();
/// Requests a second, from then on.
const STEADY: NonZeroU32 = NonZeroU32::new(10).unwrap();
/// Keys that are looked through for those that are not used any more, at most so often as this many requests.
const MANY_KEYS: usize = 10_000;

type Limiter = RateLimiter<UserId, HashMapStateStore<UserId>, DefaultClock, StateInformationMiddleware>;

/// What each person and service account has left, in this process.
#[derive(Clone)]
pub struct Budgets(Arc<Limiter>);

impl Default for Budgets {
    fn default() -> Self {
        let quota = Quota::per_second(STEADY).allow_burst(BURST);
        let limiter = RateLimiter::hashmap_with_clock(quota, DefaultClock::default());
        Self(Arc::new(limiter.with_middleware()))
    }
}

/// Counts a request, and says what is left.
pub async fn limit(State(budgets): State<Budgets>, request: Request, next: Next) -> Response {
    let Some(user) = request.extensions().get::<Caller>().map(Caller::user_id) else {
        return Refused::from(FailureCode::SignedOut).into_response();
    };
    let limiter = &budgets.0;
    if limiter.len() > MANY_KEYS {
        limiter.retain_recent();
    }
    match limiter.check_key(&user) {
        Ok(left) => {
            let left = left.remaining_burst_capacity();
            let mut response = next.run(request).await;
            tell(response.headers_mut(), left, u64::from((BURST.get() - left).div_ceil(STEADY.get())));
            response
        }
        Err(until) => {
            let wait = until.wait_time_from(DefaultClock::default().now());
            let seconds = wait.as_secs() + 1;
            let mut response = Refused::from(FailureCode::Busy { what: Busy::Api }).into_response();
            tell(response.headers_mut(), 0, seconds);
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
            response
        }
    }
}

fn tell(headers: &mut HeaderMap, left: u32, reset: u64) {
    let all: [(&'static str, HeaderValue); 3] = [
        ("ratelimit-limit", BURST.get().into()),
        ("ratelimit-remaining", left.into()),
        ("ratelimit-reset", reset.into()),
    ];
    for (name, value) in all {
        headers.insert(HeaderName::from_static(name), value);
    }
}
