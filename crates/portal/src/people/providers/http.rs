//! HTTP to identity providers: no redirects, bounded in time and size, and nowhere where others can listen.

use std::{error::Error, fmt, time::Duration};

use openidconnect::{HttpRequest, HttpResponse};
use reqwest::redirect::Policy;

use super::file::is_private;

const CONNECT_WITHIN: Duration = Duration::from_secs(5);
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// Sets of keys with certificates are tens of kilobytes.
const LARGEST_ANSWER: usize = 1 << 20;

/// Why a provider gave no answer.
#[derive(Debug)]
pub enum HttpError {
    /// It would be asked where others can listen.
    NotPrivate,
    /// The answer is larger than any of them is.
    TooLarge,
    /// The answer cannot be put together.
    Malformed,
    /// The connection or its time.
    Transport(reqwest::Error),
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotPrivate => f.write_str("its address is not https"),
            Self::TooLarge => write!(f, "its answer is larger than {LARGEST_ANSWER} bytes"),
            Self::Malformed => f.write_str("its answer is malformed"),
            Self::Transport(error) => {
                // The library's own words end before the reason.
                let reason = error.source().map(|source| format!(": {source}")).unwrap_or_default();
                write!(f, "{error}{reason}")
            }
        }
    }
}

impl Error for HttpError {}

/// The client for all providers.
///
/// # Errors
/// Where TLS cannot be set up.
pub(super) fn client() -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .redirect(Policy::none())
        .connect_timeout(CONNECT_WITHIN)
        .timeout(ANSWER_WITHIN)
        .build()
}

/// Asks a provider.
///
/// # Errors
/// Where there is no whole answer.
pub(super) async fn send(client: reqwest::Client, request: HttpRequest) -> Result<HttpResponse, HttpError> {
    let request = reqwest::Request::try_from(request).map_err(HttpError::Transport)?;
    if !is_private(request.url()) {
        return Err(HttpError::NotPrivate);
    }
    let mut response = client.execute(request).await.map_err(HttpError::Transport)?;
    let mut answer = openidconnect::http::Response::builder().status(response.status());
    for (name, value) in response.headers() {
        answer = answer.header(name, value);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(HttpError::Transport)? {
        if body.len() + chunk.len() > LARGEST_ANSWER {
            return Err(HttpError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    answer.body(body).map_err(|_| HttpError::Malformed)
}
