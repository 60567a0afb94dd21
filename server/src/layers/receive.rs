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
/// A form that was posted without scripts and is too large is kept so far, to be given back: it may be the only copy.
const LARGEST_GIVEN_BACK: usize = 4 << 20;
/// Such forms at once.
const GIVEN_BACK_AT_ONCE: usize = 2;
/// What is too large is read so far.
const BEARABLE: usize = 16 << 20;
/// All of it must be here by then.
const IN_TIME: Duration = Duration::from_secs(30);

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// Places for large requests. Clones share them.
#[derive(Clone, Debug)]
pub struct LargeRequests {
    large: Arc<Semaphore>,
    given_back: Arc<Semaphore>,
}

impl Default for LargeRequests {
    fn default() -> Self {
        let places = |count| Arc::new(Semaphore::new(count));
        Self { large: places(LARGE_AT_ONCE), given_back: places(GIVEN_BACK_AT_ONCE) }
    }
}

/// Marks a form that is too large, and is here only to be given back.
#[derive(Clone, Copy, Debug)]
pub struct TooLarge;

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
    let form = matches!(Asker::of(&request), Asker::Form { .. })
        && kind_of(request.headers()).is_some_and(|kind| kind.eq_ignore_ascii_case(FORM));
    let (mut head, body) = request.into_parts();
    let received = tokio::time::timeout(IN_TIME, read(large, body, form)).await;
    let (sent, place) = received.map_err(|_| FailureCode::TooSlow { what: Slow::Sending })??;
    if sent.len() > LARGEST_REQUEST {
        head.extensions.insert(TooLarge);
    }
    if let Some(place) = place {
        head.extensions.insert(Place(Arc::new(place)));
    }
    Ok(Request::from_parts(head, Body::from(sent)))
}

/// What was sent, with its place among the large ones. It is larger than a request may be only where it is to be given back.
async fn read(
    large: &LargeRequests,
    body: Body,
    give_back: bool,
) -> Result<(Bytes, Option<OwnedSemaphorePermit>), FailureCode> {
    let (mut sent, mut length, mut place, mut refused) = (Vec::new(), 0, None, None);
    let mut largest = LARGEST_REQUEST;
    let mut parts = body.into_data_stream();
    while let Some(part) = parts.next().await {
        let Ok(part) = part else {
            return Err(FailureCode::Unreadable { what: "It broke off.".into() });
        };
        length += part.len();
        if length > SMALL && place.is_none() && refused.is_none() {
            place = large.large.clone().try_acquire_owned().ok();
            refused = place.is_none().then_some(FailureCode::Busy { what: Busy::Requests });
        }
        if give_back
            && length > LARGEST_REQUEST
            && largest == LARGEST_REQUEST
            && refused.is_none()
            && let Ok(other) = large.given_back.clone().try_acquire_owned()
        {
            (place, largest) = (Some(other), LARGEST_GIVEN_BACK);
        }
        if length > largest {
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
        paths::POST_SIGN_IN
        | paths::POST_SIGN_IN_CODE
        | paths::POST_SIGN_OUT
        | paths::POST_WELCOME
        | paths::POST_JOIN
        | paths::POST_CONFIRM
        | paths::POST_PASSKEY_OPTIONS
        | paths::POST_PASSKEY_SIGN_IN
        | paths::POST_PASSKEY_JOIN
        | paths::POST_PASSKEY_CONFIRM
        | paths::POST_PASSKEY_ADD
        | paths::MAPPING => FORM,
        _ => return Ok(()),
    };
    if kind_of(headers).is_some_and(|kind| kind.eq_ignore_ascii_case(wanted)) {
        return Ok(());
    }
    Err(FailureCode::Unreadable { what: format!("Send it as {wanted}.") })
}

/// The one content type, without its parameters.
fn kind_of(headers: &HeaderMap) -> Option<&str> {
    let mut kinds = headers.get_all(CONTENT_TYPE).into_iter().map(|kind| kind.to_str().unwrap_or_default());
    let kind = kinds.next()?.split(';').next()?.trim();
    kinds.next().is_none().then_some(kind)
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue, header::ACCEPT};
    use futures::stream;

    use super::*;

    async fn sent(large: &LargeRequests, parts: Vec<usize>) -> Result<usize, FailureCode> {
        sent_as(large, parts, &[]).await.map(|(length, _)| length)
    }

    /// How much arrived, and whether it is to be given back.
    async fn sent_as(
        large: &LargeRequests,
        parts: Vec<usize>,
        headers: &[(HeaderName, &str)],
    ) -> Result<(usize, bool), FailureCode> {
        let parts = parts.into_iter().map(|length| Ok::<_, std::io::Error>(Bytes::from(vec![b'x'; length])));
        let body = Body::from_stream(stream::iter(parts));
        let mut request = Request::builder().method(Method::POST).uri("/rpc/x");
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        let received = receive(large, request.body(body).unwrap()).await.map_err(|failure| failure.code)?;
        let too_large = received.extensions().get::<TooLarge>().is_some();
        Ok((axum::body::to_bytes(received.into_body(), usize::MAX).await.unwrap().len(), too_large))
    }

    #[tokio::test]
    async fn what_is_too_large_is_refused_and_large_ones_are_bounded() {
        let large = LargeRequests::default();
        assert_eq!(sent(&large, vec![3, 4]).await, Ok(7));
        assert_eq!(sent(&large, vec![LARGEST_REQUEST]).await, Ok(LARGEST_REQUEST));
        assert_eq!(sent(&large, vec![LARGEST_REQUEST, 1]).await, Err(FailureCode::TooLarge));
        assert_eq!(sent(&large, vec![1 << 20; 64]).await, Err(FailureCode::TooLarge));
        let _others =
            large.large.clone().acquire_many_owned(u32::try_from(LARGE_AT_ONCE).unwrap()).await.unwrap();
        assert_eq!(sent(&large, vec![SMALL]).await, Ok(SMALL));
        assert_eq!(sent(&large, vec![SMALL, 1]).await, Err(FailureCode::Busy { what: Busy::Requests }));
    }

    #[tokio::test]
    async fn a_form_without_scripts_that_is_too_large_is_kept_so_far_and_few_at_once() {
        let large = LargeRequests::default();
        let form = [(ACCEPT, "text/html"), (CONTENT_TYPE, FORM)];
        let send = async |parts| sent_as(&large, parts, &form).await;
        assert_eq!(send(vec![LARGEST_REQUEST]).await, Ok((LARGEST_REQUEST, false)));
        assert_eq!(send(vec![LARGEST_REQUEST, 1]).await, Ok((LARGEST_REQUEST + 1, true)));
        assert_eq!(send(vec![LARGEST_GIVEN_BACK]).await, Ok((LARGEST_GIVEN_BACK, true)));
        assert_eq!(send(vec![LARGEST_REQUEST, LARGEST_GIVEN_BACK]).await, Err(FailureCode::TooLarge));
        for other in [&form[..1], &form[1..], &[(ACCEPT, "text/html"), (CONTENT_TYPE, JSON)][..]] {
            assert_eq!(sent_as(&large, vec![LARGEST_REQUEST, 1], other).await, Err(FailureCode::TooLarge));
        }
        let all = u32::try_from(GIVEN_BACK_AT_ONCE).unwrap();
        let _others = large.given_back.clone().acquire_many_owned(all).await.unwrap();
        assert_eq!(send(vec![LARGEST_REQUEST, 1]).await, Err(FailureCode::TooLarge));
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
