//! What every page shows around its content: loaded once, and kept fresh while the page is open.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use model::session::{Frame, Freshness};

use crate::{error::AppError, server_fns};

/// How often the age of the data is asked for.
const ASKED_EVERY: Duration = Duration::from_secs(15);

/// The frame of the signed-in person, and news about the data's age.
#[derive(Clone, Copy)]
pub struct FrameContext {
    /// Read it by `.await` inside a `Suspend`, as any resource.
    pub resource: Resource<Result<Frame, AppError>>,
    /// Newer than the resource's; `None` until it was asked for again.
    pub latest: RwSignal<Option<Freshness>>,
    synced: RwSignal<u32>,
}

/// Loads the frame; once, in the app.
pub fn provide_frame() {
    let resource = Resource::new(|| (), |()| server_fns::frame());
    provide_context(FrameContext { resource, latest: RwSignal::new(None), synced: RwSignal::new(0) });
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

impl FrameContext {
    /// Asks for the data's age now, and lets lists know where it has become younger.
    pub fn refresh(self) {
        spawn_local(async move {
            // Whoever is signed out or offline learns it from the page's own next request.
            let Ok(frame) = server_fns::frame().await else { return };
            let before = self.latest.try_get_untracked().flatten();
            let newer = before.is_some_and(|before| {
                (before.organization_at, before.jobs_at)
                    != (frame.freshness.organization_at, frame.freshness.jobs_at)
            });
            self.latest.try_set(Some(frame.freshness));
            if newer {
                self.synced.try_update(|n| *n = n.wrapping_add(1));
            }
        });
    }

    /// Keeps asking while the page is open and visible. Browser only.
    pub fn keep_fresh(self) {
        Effect::new(move || {
            self.refresh();
            let every = set_interval_with_handle(
                move || {
                    if !document().hidden() {
                        self.refresh();
                    }
                },
                ASKED_EVERY,
            );
            on_cleanup(move || {
                if let Ok(every) = every {
                    every.clear();
                }
            });
        });
    }
}
