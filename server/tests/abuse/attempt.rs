//! What is sent, and how many at once.

use futures::{FutureExt, StreamExt, future::BoxFuture, stream};
use reqwest::RequestBuilder;

use super::answer::Answer;

/// One thing that is tried.
pub struct Attempt {
    pub what: String,
    pub send: BoxFuture<'static, Answer>,
}

impl Attempt {
    pub fn request(what: impl Into<String>, request: RequestBuilder) -> Self {
        Self { what: what.into(), send: async { Answer::of(request.send().await).await }.boxed() }
    }

    pub fn doing(what: impl Into<String>, work: impl Future<Output = Answer> + Send + 'static) -> Self {
        Self { what: what.into(), send: work.boxed() }
    }
}

/// Makes attempts, so many at once; their answers in any order.
pub async fn make(attempts: Vec<Attempt>, at_once: usize) -> Vec<(String, Answer)> {
    let making = attempts.into_iter().map(|Attempt { what, send }| async { (what, send.await) });
    stream::iter(making).buffer_unordered(at_once).collect().await
}
