//! What is done to answers on their way back.

use crate::pattern::like;
use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderValue, Response, StatusCode};
use futures::{StreamExt, stream};
use std::io;

/// In which way an answer is spoiled. The call was carried out in each of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// The connection ends without a byte.
    Lose,
    /// The connection ends after the headers and half of the body.
    Cut,
    /// Status 200 and no body.
    Empty,
    /// Status 200 and bytes that are neither JSON nor XML nor UTF-8.
    Garble,
    /// A page of HTML with this status, as load balancers make it.
    Html(u16),
    /// An error of AWS's with this status, as JSON.
    Error(u16, &'static str),
    /// The answer never comes, the connection stays open.
    Stall,
}

/// Which answers are spoiled, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoil {
    /// `*` stands for anything.
    pub operation: String,
    /// Only calls signed for this Region; none for all.
    pub region: Option<String>,
    pub how: How,
    /// How many answers; none for all.
    pub times: Option<u64>,
    /// How many answers of the operation are left alone first.
    pub skip: u64,
    /// Whether the request's id is taken away too, where headers are sent.
    pub nameless: bool,
}

const REQUEST_IDS: [&str; 3] = ["x-amzn-requestid", "x-amzn-request-id", "x-amz-request-id"];
const GARBAGE: &[u8] = b"\xff\xfe\x00}<no answer";

impl Spoil {
    /// Spoils all answers of an operation.
    pub fn new(operation: impl Into<String>, how: How) -> Self {
        Self { operation: operation.into(), region: None, how, times: None, skip: 0, nameless: false }
    }

    /// Spoils answers of one Region only.
    pub fn in_region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// Spoils this many answers only.
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// Leaves this many answers alone first.
    pub fn skip(mut self, skip: u64) -> Self {
        self.skip = skip;
        self
    }

    /// Takes the request's id away too.
    pub fn nameless(mut self) -> Self {
        self.nameless = true;
        self
    }

    /// Counts a call; what is to be done to its answer, if anything.
    pub(super) fn take(&mut self, operation: &str, region: &str) -> Option<Self> {
        let elsewhere = self.region.as_ref().is_some_and(|wanted| wanted != region);
        if elsewhere || !like(&self.operation, operation) || self.times == Some(0) {
            return None;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return None;
        }
        self.times = self.times.map(|times| times.saturating_sub(1));
        Some(self.clone())
    }

    /// The answer as the client gets it; none if there is none.
    pub(super) fn apply(&self, answered: Response<Bytes>) -> Option<Response<Body>> {
        let (mut parts, body) = answered.into_parts();
        if self.nameless {
            REQUEST_IDS.iter().for_each(|name| drop(parts.headers.remove(*name)));
        }
        let whole = match self.how {
            How::Lose | How::Stall => return None,
            How::Cut => {
                // An empty body is announced too long by one byte, so that it is cut as well.
                parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len().max(1)));
                return Some(Response::from_parts(parts, half(&body)));
            }
            How::Empty => {
                parts.status = StatusCode::OK;
                Bytes::new()
            }
            How::Garble => {
                parts.status = StatusCode::OK;
                Bytes::from_static(GARBAGE)
            }
            How::Error(status, body) => {
                parts.status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
                parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-amz-json-1.1"));
                parts.headers.remove("x-amzn-errortype");
                Bytes::from_static(body.as_bytes())
            }
            How::Html(status) => {
                parts.status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
                parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
                parts.headers.remove("x-amzn-errortype");
                let title = parts.status.to_string();
                Bytes::from(format!("<html><head><title>{title}</title></head><body>{title}</body></html>"))
            }
        };
        parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(whole.len()));
        Some(Response::from_parts(parts, Body::from(whole)))
    }
}

/// A body that fails after its first half.
fn half(body: &Bytes) -> Body {
    let sent = stream::once(std::future::ready(Ok(body.slice(..body.len() / 2))));
    let failure = stream::once(async {
        // The server sends what it has whenever there is nothing to read.
        tokio::task::yield_now().await;
        Err(io::Error::from(io::ErrorKind::ConnectionReset))
    });
    Body::from_stream(sent.chain(failure))
}
