//! What every page shows around its content: loaded once, and kept fresh while the page is open.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use model::{news::Topic, session::Frame};

use crate::{
    error::AppError,
    server_fns,
    shell::live::{keep_live, provide_live, use_news},
};

/// The age of the data is asked for no more often than this, however much news there is of a sync that runs.
const REST: Duration = Duration::from_secs(5);
/// How often the age that is shown grows without being asked for.
const TICK: Duration = Duration::from_secs(15);

/// The frame of the signed-in person, and news of it.
#[derive(Clone, Copy)]
pub struct FrameContext {
    /// Read it by `.await` inside a `Suspend`, as any resource.
    pub resource: Resource<Result<Frame, AppError>>,
    /// Newer than the resource's; `None` until it was asked for again.
    pub latest: RwSignal<Option<Frame>>,
    synced: RwSignal<u32>,
    /// Something is to be asked for, or was asked for just now.
    asking: StoredValue<Asking>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Asking {
    No,
    /// Just now.
    Rests,
    /// Just now, and there was news since.
    RestsWithNews,
}

/// Loads the frame; once, in the app.
pub fn provide_frame() {
    provide_live();
    let resource = Resource::new(|| (), |()| server_fns::frame());
    let (latest, synced) = (RwSignal::new(None), RwSignal::new(0));
    provide_context(FrameContext { resource, latest, synced, asking: StoredValue::new(Asking::No) });
}

/// The frame's resource. Pages use it for the caller's role and the server's clock.
///
/// # Panics
/// Never in the app: `App` provides it before anything else.
#[must_use]
pub fn use_frame() -> FrameContext {
    use_context().unwrap_or_else(|| {
        provide_frame();
        expect_context()
    })
}

/// Changes whenever newer data has come from AWS: a list that takes it into its resource's source stays current.
#[must_use]
pub fn use_synced() -> Signal<u32> {
    use_frame().synced.into()
}

/// A part of the shell that needs the frame; nothing while it is not there.
pub fn with_frame(view: impl Fn(Frame) -> AnyView + Clone + Send + Sync + 'static) -> AnyView {
    let frame = use_frame().resource;
    let body = move || {
        let view = view.clone();
        Suspend::new(async move { frame.await.ok().map(view) })
    };
    view! { <Transition fallback=|| ()>{body}</Transition> }.into_any()
}

/// A part that follows the frame while the page is open.
pub fn follow_frame(view: impl Fn(&Frame) -> AnyView + Clone + Send + Sync + 'static) -> AnyView {
    let latest = use_frame().latest;
    with_frame(move |first| {
        let view = view.clone();
        (move || latest.with(|latest| view(latest.as_ref().unwrap_or(&first)))).into_any()
    })
}

impl FrameContext {
    /// Asks for the frame now, and lets lists know where the data has become younger.
    pub fn refresh(self) {
        spawn_local(async move {
            // Whoever is signed out or offline learns it from the page's own next request.
            let Ok(frame) = server_fns::frame().await else { return };
            let before = self.latest.try_get_untracked().flatten();
            let read = |frame: &Frame| {
                let model::session::Freshness { organization_at, jobs_at, newest_jobs_at, problem, .. } =
                    &frame.freshness;
                (*organization_at, *jobs_at, *newest_jobs_at, problem.clone())
            };
            let newer = before.is_some_and(|before| read(&before) != read(&frame));
            self.latest.try_set(Some(frame));
            if newer {
                self.synced.try_update(|n| *n = n.wrapping_add(1));
            }
        });
    }

    /// Asks again whenever there is news, and lets the age grow meanwhile. Browser only.
    pub fn keep_fresh(self) {
        keep_live();
        let news = [Topic::Organization, Topic::Jobs, Topic::Sync].map(use_news);
        Effect::new(move || {
            news.iter().for_each(Signal::track);
            self.refresh_soon();
        });
        Effect::new(move || {
            let tick = set_interval_with_handle(move || self.grow_older(), TICK);
            on_cleanup(move || {
                if let Ok(tick) = tick {
                    tick.clear();
                }
            });
        });
    }

    /// Asks now, or when the pause since the last time is over.
    fn refresh_soon(self) {
        match self.asking.try_get_value() {
            Some(Asking::No) => {
                self.asking.try_set_value(Asking::Rests);
                self.refresh();
                set_timeout(
                    move || {
                        let news = self.asking.try_get_value() == Some(Asking::RestsWithNews);
                        self.asking.try_set_value(Asking::No);
                        if news {
                            self.refresh_soon();
                        }
                    },
                    REST,
                );
            }
            Some(Asking::Rests) => {
                self.asking.try_set_value(Asking::RestsWithNews);
            }
            Some(Asking::RestsWithNews) | None => (),
        }
    }

    fn grow_older(self) {
        self.latest.try_update(|latest| {
            if let Some(now) = latest.as_mut().and_then(|frame| frame.freshness.now.as_mut()) {
                *now += TICK;
            }
        });
    }
}
