//! One request to the API after another: with the token, within bounds, and what is refused in the API's words.

use std::time::Duration;

use http::{
    HeaderMap, Method, StatusCode,
    header::{ACCEPT, CONTENT_TYPE, ETAG, IF_MATCH, LOCATION, RETRY_AFTER},
};
use reqwest::{RequestBuilder, Response, Url};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{error::RemoteError, problem::Refusal, token::Token};

/// How long is waited in all where the server says to come back later.
const PATIENCE: Duration = Duration::from_secs(60);

/// The API of one server.
pub struct Client {
    http: reqwest::Client,
    server: Url,
    token: Option<Token>,
}

/// What the API answered, not yet read.
pub struct Answer {
    headers: HeaderMap,
    body: Value,
}

impl Answer {
    /// As the shape that it has; `Value` takes all.
    ///
    /// # Errors
    /// Where it has another.
    pub fn read<T: DeserializeOwned>(self) -> Result<T, RemoteError> {
        serde_json::from_value(self.body).map_err(|error| RemoteError::Shape(error.to_string()))
    }

    /// The same, and it stays.
    ///
    /// # Errors
    /// Where it has another.
    pub fn as_read<T: DeserializeOwned>(&self) -> Result<T, RemoteError> {
        T::deserialize(&self.body).map_err(|error| RemoteError::Shape(error.to_string()))
    }

    /// The fingerprint of what was read, without its quotes.
    #[must_use]
    pub fn etag(&self) -> Option<String> {
        Some(self.headers.get(ETAG)?.to_str().ok()?.trim_matches('"').to_owned())
    }

    /// The body as it came.
    #[must_use]
    pub const fn value(&self) -> &Value {
        &self.body
    }
}

/// What a request carries.
#[derive(Default)]
pub struct Sent {
    body: Option<Value>,
    if_match: Option<String>,
}

impl Sent {
    /// A body.
    ///
    /// # Errors
    /// Never: every shape of ours is JSON.
    pub fn body(body: &impl Serialize) -> Result<Self, RemoteError> {
        let body = serde_json::to_value(body).map_err(|error| RemoteError::Usage(error.to_string()))?;
        Ok(Self { body: Some(body), if_match: None })
    }

    /// With the ETag that was read before, as people copy it: with quotes and blanks around it or not.
    #[must_use]
    pub fn if_match(self, etag: Option<String>) -> Self {
        let if_match = etag.map(|etag| etag.trim().trim_matches('"').to_owned());
        Self { if_match, ..self }
    }
}

impl Client {
    pub fn new(http: reqwest::Client, server: Url, token: Option<Token>) -> Self {
        Self { http, server, token }
    }

    /// The server's address.
    #[must_use]
    pub const fn server(&self) -> &Url {
        &self.server
    }

    /// The same server, asked by another token.
    #[must_use]
    pub fn with_token(&self, token: String) -> Self {
        Self { http: self.http.clone(), server: self.server.clone(), token: Some(Token(token)) }
    }

    /// Reads what lies at a path below the API's.
    ///
    /// # Errors
    /// Where the server refuses, or cannot be asked.
    pub async fn get<T: DeserializeOwned>(
        &self,
        path: &[&str],
        query: &[(&str, &str)],
    ) -> Result<T, RemoteError> {
        self.send(Method::GET, path, query, Sent::default()).await?.read()
    }

    /// Asks for something.
    ///
    /// # Errors
    /// Where the server refuses, or cannot be asked.
    pub async fn send(
        &self,
        method: Method,
        path: &[&str],
        query: &[(&str, &str)],
        sent: Sent,
    ) -> Result<Answer, RemoteError> {
        let mut left = PATIENCE;
        loop {
            let response = self.request(method.clone(), path, query, &sent).send().await;
            let response = response.map_err(|source| self.unreachable(source))?;
            let wait = retry_after(&response);
            match self.answer(response).await {
                // Nothing was done: it may be asked again.
                Err(RemoteError::Refused(refusal)) if may_ask_again(&method, &refusal) => {
                    let wait = wait.filter(|wait| *wait <= left);
                    let Some(wait) = wait else { return Err(RemoteError::Refused(refusal)) };
                    left = left.saturating_sub(wait);
                    tokio::time::sleep(wait).await;
                }
                done => return done,
            }
        }
    }

    /// Reads a file that the server makes as it is read.
    ///
    /// # Errors
    /// Where the server refuses, or cannot be asked.
    pub async fn file(&self, path: &[&str], query: &[(&str, &str)]) -> Result<Response, RemoteError> {
        let request = self.request(Method::GET, path, query, &Sent::default());
        let response =
            request.header(ACCEPT, "*/*").send().await.map_err(|source| self.unreachable(source))?;
        if response.status() == StatusCode::OK && !is_json(response.headers()) {
            return Ok(response);
        }
        let nothing = self.not_holdfast("it sent no file".to_owned());
        self.answer(response).await.and(Err(nothing))
    }

    /// The connection or its time; also where a body breaks off.
    pub fn unreachable(&self, source: reqwest::Error) -> RemoteError {
        RemoteError::Unreachable { server: self.shown(), source: source.without_url() }
    }

    fn request(&self, method: Method, path: &[&str], query: &[(&str, &str)], sent: &Sent) -> RequestBuilder {
        let mut url = self.server.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.clear().extend(["api", "v1"]).extend(path);
        }
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let mut request = self.http.request(method, url);
        if let Some(Token(token)) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = &sent.body {
            request = request.json(body);
        }
        if let Some(etag) = &sent.if_match {
            request = request.header(IF_MATCH, format!("\"{etag}\""));
        }
        request
    }

    async fn answer(&self, response: Response) -> Result<Answer, RemoteError> {
        let (status, headers) = (response.status(), response.headers().clone());
        if status.is_redirection() {
            let to = headers.get(LOCATION).and_then(|to| to.to_str().ok()).unwrap_or("somewhere").to_owned();
            return Err(RemoteError::Redirected { server: self.shown(), to });
        }
        let bytes = response.bytes().await.map_err(|source| self.unreachable(source))?;
        if status.is_success() && bytes.is_empty() {
            return Ok(Answer { headers, body: Value::Null });
        }
        let body = is_json(&headers).then(|| serde_json::from_slice::<Value>(&bytes).ok()).flatten();
        match body {
            Some(body) if status.is_success() => Ok(Answer { headers, body }),
            body => match body.as_ref().and_then(Refusal::read) {
                Some(refusal) => Err(RemoteError::Refused(Box::new(refusal))),
                None => Err(self.not_holdfast(format!("HTTP {status}"))),
            },
        }
    }

    fn not_holdfast(&self, what: String) -> RemoteError {
        RemoteError::NotHoldfast { server: self.shown(), what }
    }

    fn shown(&self) -> String {
        self.server.origin().ascii_serialization()
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    matches!(kind.split(';').next().map(str::trim), Some("application/json" | "application/problem+json"))
}

/// What too many requests were asked for was not begun. Of AWS's throttling only who reads may be sure of that.
fn may_ask_again(method: &Method, refusal: &Refusal) -> bool {
    match refusal.code.as_str() {
        "busy" => true,
        "aws_throttled" => method == Method::GET,
        _ => false,
    }
}

fn retry_after(response: &Response) -> Option<Duration> {
    let seconds = response.headers().get(RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds))
}
