//! Points in time.

use leptos::prelude::*;
use time::OffsetDateTime;

use crate::words;

/// A point in time, in UTC. With `now` (the server's clock, never the browser's) it shows the age and keeps the time
/// itself for the pointer and for machines.
#[component]
pub fn Time(
    at: OffsetDateTime,
    /// The server's clock when it answered.
    #[prop(optional_no_strip)]
    now: Option<OffsetDateTime>,
) -> impl IntoView {
    let shown = now.map_or_else(|| words::moment(at), |now| words::age(at, now));
    view! { <time class="nowrap" datetime=words::machine(at) title=words::exact_moment(at)>{shown}</time> }
}
