//! Receives what was sent, before anything is done with it: all of it, within a size and a time; and reads it as what it says
//! it is. What is too large is read to its end all the same, as far as that is bearable, so that the browser hears why.

use std::{sync::Arc, time::Duration};

use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::{HeaderMap, Method, header::CONTENT_TYPE},
    middleware::Next,
    response::Response,
};
use futures::StreamExt;
use http_body::Body as _;
use model::{
    Failure, FailureCode,
    failure::{Busy, Slow},
    paths,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{
    layers::reading::takes_json,
    problem::{self, Asker, RPC},
};

/// A policy document has 10,000 characters at most; attaching names many targets.
pub const LARGEST_REQUEST: usize = 1 << 20;
/// What needs no place among the large ones.
const SMALL: usize = 64 << 10;
/// Large requests at once.
const LARGE_AT_ONCE: usize = 32;
/// What is too large is read so far.
const BEARABLE: usize = 16 << 20;
/// All of it must be here by then.
const IN_TIME: Duration = Duration::from_secs(30);

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// Places for large requests. Clones share them.
#[derive(Clone, Debug)]
pub struct LargeRequests(Arc<Semaphore>);

impl Default for LargeRequests {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(LARGE_AT_ONCE)))
    }
}

/// A place, as long as the request is there.
#[derive(Clone)]
struct Place(#[expect(dead_code, reason = "it is held")] Arc<OwnedSemaphorePermit>);

/// The request with all that was sent.
///
/// # Errors
/// Where it is too large or late, or breaks off.
pub async fn receive(large: &LargeRequests, request: Request) -> Result<Request, Failure> {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(request);
    }
    let (mut head, body) = request.into_parts();
    let received = tokio::time::timeout(IN_TIME, read(large, body)).await;
    let (sent, place) = received.map_err(|_| FailureCode::TooSlow { what: Slow::Sending })??;
    if let Some(place) = place {
        head.extensions.insert(Place(Arc::new(place)));
    }
    Ok(Request::from_parts(head, Body::from(sent)))
}

async fn read(
    large: &LargeRequests,
    body: Body,
) -> Result<(Bytes, Option<OwnedSemaphorePermit>), FailureCode> {
    let (mut sent, mut length, mut place, mut refused) = (Vec::new(), 0, None, None);
    let mut parts = body.into_data_stream();
    while let Some(part) = parts.next().await {
        let Ok(part) = part else {
            return Err(FailureCode::Unreadable { what: "It broke off.".into() });
        };
        length += part.len();
        if length > SMALL && place.is_none() && refused.is_none() {
            place = large.0.clone().try_acquire_owned().ok();
            refused = place.is_none().then_some(FailureCode::Busy { what: Busy::Requests });
        }
        if length > LARGEST_REQUEST {
            refused = Some(FailureCode::TooLarge);
        }
        match refused {
            Some(why) if length > BEARABLE => return Err(why),
            Some(_) => sent = Vec::new(),
            None => sent.extend_from_slice(&part),
        }
    }
    refused.map_or(Ok((sent.into(), place)), Err)
}

/// Refuses what is sent as another content type than is read there. Pages of other sites may send text and forms without asking.
pub async fn of_its_kind(request: Request, next: Next) -> Response {
    let sent = *request.method() == Method::POST && !request.body().is_end_stream();
    match check_type(request.uri().path(), request.headers()) {
        Err(code) if sent => problem::answer(&Asker::of(&request), code.into()),
        _ => next.run(request).await,
    }
}

fn check_type(path: &str, headers: &HeaderMap) -> Result<(), FailureCode> {
    let wanted = match path {
        _ if path.starts_with(RPC) && takes_json(path) => JSON,
        _ if path.starts_with(RPC) => FORM,
        paths::POST_SIGN_IN | paths::POST_SIGN_OUT | paths::POST_WELCOME => FORM,
        _ => return Ok(()),
    };
    let mut kinds = headers.get_all(CONTENT_TYPE).into_iter().map(|kind| kind.to_str().unwrap_or_default());
    let kind = kinds.next().unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if kinds.next().is_none() && kind.eq_ignore_ascii_case(wanted) {
        return Ok(());
    }
    Err(FailureCode::Unreadable { what: format!("Send it as {wanted}.") })
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use futures::stream;

    use super::*;

    async fn sent(large: &LargeRequests, parts: Vec<usize>) -> Result<usize, FailureCode> {
        let parts = parts.into_iter().map(|length| Ok::<_, std::io::Error>(Bytes::from(vec![b'x'; length])));
        let body = Body::from_stream(stream::iter(parts));
        let request = Request::builder().method(Method::POST).uri("/x").body(body).unwrap();
        let received = receive(large, request).await.map_err(|failure| failure.code)?;
        Ok(axum::body::to_bytes(received.into_body(), usize::MAX).await.unwrap().len())
    }

    #[tokio::test]
    async fn what_is_too_large_is_refused_and_large_ones_are_bounded() {
        let large = LargeRequests::default();
        assert_eq!(sent(&large, vec![3, 4]).await, Ok(7));
        assert_eq!(sent(&large, vec![LARGEST_REQUEST]).await, Ok(LARGEST_REQUEST));
        assert_eq!(sent(&large, vec![LARGEST_REQUEST, 1]).await, Err(FailureCode::TooLarge));
        assert_eq!(sent(&large, vec![1 << 20; 64]).await, Err(FailureCode::TooLarge));
        let _others =
            large.0.clone().acquire_many_owned(u32::try_from(LARGE_AT_ONCE).unwrap()).await.unwrap();
        assert_eq!(sent(&large, vec![SMALL]).await, Ok(SMALL));
        assert_eq!(sent(&large, vec![SMALL, 1]).await, Err(FailureCode::Busy { what: Busy::Requests }));
    }

    #[test]
    fn each_kind_of_request_is_read_from_one_content_type() {
        let takes = |path: &str, kinds: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for kind in kinds {
                headers.append(CONTENT_TYPE, HeaderValue::from_static(kind));
            }
            check_type(path, &headers).is_ok()
        };
        let (jobs, create) = ("/rpc/app/server_fns/jobs/jobs", "/rpc/app/server_fns/policies/create_policy");
        assert!(takes(jobs, &["application/json"]) && takes(jobs, &["Application/JSON; charset=utf-8"]));
        assert!(
            takes(create, &[FORM]) && takes(paths::POST_SIGN_IN, &["application/x-www-form-urlencoded; x=y"])
        );
        for kinds in
            [&[][..], &["text/plain"], &["multipart/form-data"], &[FORM, JSON], &["text/plain", JSON]]
        {
            for path in [jobs, create, paths::POST_SIGN_IN, paths::POST_WELCOME] {
                assert!(!takes(path, kinds), "{path} {kinds:?}");
            }
        }
        assert!(!takes(jobs, &[FORM]) && !takes(create, &[JSON]) && !takes(paths::POST_WELCOME, &[JSON]));
    }
}
