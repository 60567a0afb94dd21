//! News for open pages, as server-sent events: which topics changed, never what they are now. Pages then ask their ordinary
//! server functions.

use std::{collections::BTreeSet, convert::Infallible, time::Duration};

use axum::{
    Extension,
    extract::State,
    http::{HeaderName, StatusCode},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures::stream;
use model::news::{GAP, Topic};
use portal::Caller;
use store::{Heard, News, SessionStore};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use tower_sessions::{Session, SessionStore as _, session::Id};

use crate::{state::Parts, streams::Counted};

/// Between two events of a stream: what comes meanwhile goes together.
const REST: Duration = Duration::from_secs(1);
/// How often the session is looked at where no news of sessions comes.
const CHECK_EVERY: Duration = Duration::from_secs(30);
/// Between signs of life, for proxies that close what is silent.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Proxies that gather answers before they hand them on leave this one alone.
const UNBUFFERED: (HeaderName, &str) = (HeaderName::from_static("x-accel-buffering"), "no");

/// `GET /live`: a stream of news as long as the session lasts.
pub async fn live(
    State(parts): State<Parts>,
    Extension(caller): Extension<Caller>,
    session: Session,
) -> Response {
    // The gate lets nobody pass without either.
    let Some(id) = session.id() else { return StatusCode::UNAUTHORIZED.into_response() };
    let Some(counted) = parts.streams.open(caller.user_id()) else {
        return StatusCode::TOO_MANY_REQUESTS.into_response();
    };
    let open = Open {
        news: parts.portal.news(),
        sessions: parts.sessions,
        session: id,
        stop: parts.stop,
        pending: BTreeSet::new(),
        rested_at: Instant::now(),
        check_at: Instant::now() + CHECK_EVERY,
        _counted: counted,
    };
    let events = stream::unfold(open, |mut open| async move {
        let event = open.next().await?;
        Some((Ok::<_, Infallible>(event), open))
    });
    let heartbeat = KeepAlive::new().interval(HEARTBEAT);
    ([UNBUFFERED], Sse::new(events).keep_alive(heartbeat)).into_response()
}

/// An open stream.
struct Open {
    news: News,
    sessions: SessionStore,
    session: Id,
    stop: CancellationToken,
    /// Names of what has not been told yet.
    pending: BTreeSet<String>,
    /// When the next event may be sent.
    rested_at: Instant,
    /// When the session is looked at next.
    check_at: Instant,
    _counted: Counted,
}

impl Open {
    /// The next event; `None` at the end.
    async fn next(&mut self) -> Option<Event> {
        loop {
            let ready = !self.pending.is_empty();
            tokio::select! {
                biased;
                () = self.stop.cancelled() => return None,
                heard = self.news.next() => if self.hear(heard) && !self.lasts().await {
                    return None;
                },
                () = sleep_until(self.check_at) => {
                    if !self.lasts().await {
                        return None;
                    }
                    self.check_at = Instant::now() + CHECK_EVERY;
                }
                () = sleep_until(self.rested_at), if ready => break,
            }
        }
        self.rested_at = Instant::now() + REST;
        let told: Vec<String> = std::mem::take(&mut self.pending).into_iter().collect();
        Some(Event::default().data(told.join("\n")))
    }

    /// Takes news in; whether the session may have ended by it.
    fn hear(&mut self, heard: Heard) -> bool {
        match heard {
            Heard::Gap => {
                self.pending.insert(GAP.to_owned());
                true
            }
            Heard::Changed(topic) if topic.is_for_pages() => {
                self.pending.insert(topic.to_string());
                false
            }
            Heard::Changed(topic) => topic == Topic::Sessions,
        }
    }

    /// Whether the session is still there and its person may still sign in. One that cannot be read is not known to have
    /// ended: nothing is told meanwhile that its holder could not see in the address of a page.
    async fn lasts(&self) -> bool {
        !matches!(self.sessions.load(&self.session).await, Ok(None))
    }
}
