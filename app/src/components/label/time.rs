//! Points in time.

use leptos::{prelude::*, web_sys::js_sys};
use time::{OffsetDateTime, UtcOffset};

use crate::words;

/// Whether times are shown in the browser's time zone. Until the page is alive, and without scripts, they are in UTC.
#[derive(Clone, Copy)]
pub struct LocalTimes(pub Signal<bool>);

/// The offset in which a time is shown now.
fn shown_in(at: OffsetDateTime) -> impl Fn() -> UtcOffset + Clone + Send + Sync + 'static {
    let local = use_context::<LocalTimes>();
    move || match local {
        Some(LocalTimes(local)) if local.get() => browser_offset(at),
        _ => UtcOffset::UTC,
    }
}

/// The offset of the browser's time zone at a point in time, which is another in summer. Browser only.
fn browser_offset(at: OffsetDateTime) -> UtcOffset {
    let milliseconds = at.unix_timestamp_nanos() / 1_000_000;
    // Neither is larger than a float tells exactly, and an offset is given in minutes west.
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
    let west = js_sys::Date::new(&(milliseconds as f64).into()).get_timezone_offset() as i32;
    UtcOffset::from_whole_seconds(-west * 60).unwrap_or(UtcOffset::UTC)
}

/// A point in time, in UTC or in the browser's time zone. With `now` (the server's clock, never the browser's) it shows the
/// age. The exact time in UTC is there for the pointer and for machines.
#[component]
pub fn Time(
    at: OffsetDateTime,
    /// The server's clock when it answered.
    #[prop(optional_no_strip)]
    now: Option<OffsetDateTime>,
) -> impl IntoView {
    let shown = match now {
        Some(now) => words::age(at, now).into_any(),
        None => {
            let offset = shown_in(at);
            (move || words::moment(at, offset())).into_any()
        }
    };
    view! { <time class="nowrap" datetime=words::machine(at) title=words::exact_moment(at)>{shown}</time> }
}

/// A point in time in two lines, the day first; `note` follows the time of day.
#[component]
pub fn DayAndTime(at: OffsetDateTime, note: Option<String>) -> impl IntoView {
    let offset = shown_in(at);
    let day = {
        let offset = offset.clone();
        move || words::day(at.to_offset(offset()).date())
    };
    let time = move || words::time_of_day(at, offset());
    view! {
        <time class="nowrap" datetime=words::machine(at) title=words::exact_moment(at)>
            {day}
            <span class="sub">{time}{note}</span>
        </time>
    }
}
