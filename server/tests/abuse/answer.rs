//! What came back, and what of it is right.

use reqwest::Response;

/// Markup that was sent as text. Shown unescaped, it would run.
pub const MARKUP: &str = "<script>hf(";

/// An answer.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// 0 where the connection was closed without one.
    pub status: u16,
    pub location: String,
    pub kind: String,
    pub injected: bool,
    pub body: String,
}

/// One of the right answers.
#[derive(Clone, Copy, Debug)]
pub enum Right {
    Status(u16),
    /// Sent on to an address that begins so.
    LedTo(&'static str),
    /// Closed without an answer.
    Closed,
}

impl Answer {
    pub async fn of(sent: Result<Response, reqwest::Error>) -> Self {
        let Ok(response) = sent else { return Self::default() };
        let header = |name| {
            let value = response.headers().get(name);
            value.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).unwrap_or_default()
        };
        let (status, location, kind) =
            (response.status().as_u16(), header("location"), header("content-type"));
        let injected = response.headers().contains_key("x-injected");
        let body = response.bytes().await.unwrap_or_default();
        Self { status, location, kind, injected, body: String::from_utf8_lossy(&body).into_owned() }
    }

    pub fn is(&self, right: Right) -> bool {
        match right {
            Right::Status(status) => self.status == status,
            Right::LedTo(path) => self.status == 303 && self.location.starts_with(path),
            Right::Closed => self.status == 0,
        }
    }

    /// What no answer may do, whatever was asked.
    pub fn harm(&self) -> Option<&'static str> {
        let leads_away = self.location.starts_with("//") || self.location.starts_with("/\\");
        match () {
            () if self.injected => Some("a header of the attacker's"),
            () if self.kind.starts_with("text/html") && self.body.contains(MARKUP) => {
                Some("markup unescaped")
            }
            () if leads_away => Some("led to another site"),
            () => None,
        }
    }

    /// Whether it did what was asked.
    pub fn is_done(&self) -> bool {
        let refused = ["/sign-in", "/welcome", "/join", "/confirm"];
        match self.status {
            200..300 => true,
            300..400 => !refused.iter().any(|page| self.location.starts_with(page)),
            _ => false,
        }
    }

    pub fn shown(&self) -> String {
        let body: String = self.body.chars().take(90).collect();
        format!("{} {} {}", self.status, self.location, body.replace('\n', " "))
    }
}
