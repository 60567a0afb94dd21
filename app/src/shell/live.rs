//! News from the server while a page is open and visible: which topics changed. Browser only; without scripts a page shows
//! what it was loaded with.

use std::{collections::HashMap, time::Duration};

use leptos::{
    leptos_dom::helpers::window_event_listener_untyped,
    prelude::*,
    wasm_bindgen::{JsCast, closure::Closure},
};
use model::{
    news::{GAP, Topic},
    paths,
};
use web_sys::{EventSource, MessageEvent};

/// Where the stream cannot be opened, pages look by themselves so often, and try to open it again.
const WITHOUT_STREAM: Duration = Duration::from_secs(120);

/// How often each topic changed since the page was loaded.
#[derive(Clone, Default)]
struct Counts {
    topics: HashMap<Topic, u32>,
    /// News may have been missed: counts for all topics.
    gaps: u32,
}

#[derive(Clone, Copy)]
struct Live(RwSignal<Counts>);

/// The page's connection to the server, while there is one.
#[derive(Clone, Copy)]
struct Connection {
    counts: RwSignal<Counts>,
    stream: StoredValue<Option<Stream>, LocalStorage>,
}

/// Closed when it is dropped.
struct Stream {
    source: EventSource,
    _on_open: Closure<dyn FnMut()>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.set_onopen(None);
        self.source.set_onmessage(None);
        self.source.close();
    }
}

/// Makes place for news; once, in the app.
pub fn provide_live() {
    provide_context(Live(RwSignal::new(Counts::default())));
}

/// Changes whenever there is news of a topic, or some may have been missed: a resource that takes it into its source
/// stays current. Never changes on the server.
#[must_use]
pub fn use_news(topic: Topic) -> Signal<u32> {
    let Some(Live(counts)) = use_context() else { return Signal::stored(0) };
    let count = move |_: Option<&u32>| {
        counts.with(|counts| counts.gaps.wrapping_add(counts.topics.get(&topic).copied().unwrap_or_default()))
    };
    Memo::new(count).into()
}

/// Keeps a stream of news open while the page is visible. Hidden pages close it, since browsers open few connections to one
/// server, and take what they missed for a gap.
pub fn keep_live() {
    let Some(Live(counts)) = use_context() else { return };
    Effect::new(move || {
        let connection = Connection { counts, stream: StoredValue::new_local(None) };
        connection.follow_visibility();
        let shown =
            window_event_listener_untyped("visibilitychange", move |_| connection.follow_visibility());
        let look = set_interval_with_handle(move || connection.look(), WITHOUT_STREAM);
        on_cleanup(move || {
            shown.remove();
            if let Ok(look) = look {
                look.clear();
            }
            connection.close();
        });
    });
}

impl Connection {
    fn follow_visibility(self) {
        if document().hidden() {
            self.close();
        } else if !self.is_there() {
            self.open();
        }
    }

    /// What has to be done now and then: nothing, while there is a stream.
    fn look(self) {
        if !document().hidden() && !self.is_there() {
            self.gap();
            self.open();
        }
    }

    /// Whether there is a stream, or the browser is about to open it again.
    fn is_there(self) -> bool {
        let there = |stream: &Option<Stream>| {
            stream.as_ref().is_some_and(|stream| stream.source.ready_state() != EventSource::CLOSED)
        };
        self.stream.try_with_value(there).unwrap_or_default()
    }

    fn open(self) {
        let Ok(source) = EventSource::new(paths::LIVE) else { return };
        // At first too: something may have changed since the page was rendered.
        let on_open = Closure::<dyn FnMut()>::new(move || self.gap());
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            self.hear(&event.data().as_string().unwrap_or_default());
        });
        source.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        source.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        let stream = Stream { source, _on_open: on_open, _on_message: on_message };
        self.stream.try_set_value(Some(stream));
    }

    fn close(self) {
        self.stream.try_set_value(None);
    }

    fn gap(self) {
        self.counts.try_update(|counts| counts.gaps = counts.gaps.wrapping_add(1));
    }

    fn hear(self, told: &str) {
        if told.lines().any(|name| name == GAP) {
            self.gap();
        }
        // Names of a newer server mean nothing here.
        let topics: Vec<Topic> = told.lines().filter_map(|name| name.parse().ok()).collect();
        if !topics.is_empty() {
            self.counts.try_update(|counts| {
                for topic in topics {
                    let count = counts.topics.entry(topic).or_default();
                    *count = count.wrapping_add(1);
                }
            });
        }
    }
}
