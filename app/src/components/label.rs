//! The smallest pieces: icons, tones, and labels made of them.

mod icon;
mod pill;
mod status;
mod time;
mod tone;

pub use icon::{Icon, icons};
pub use pill::Pill;
pub use status::{AccountStatus, JobStatus, Status};
pub use time::{DayAndTime, LocalTimes, Time};
pub use tone::Tone;
