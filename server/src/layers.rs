//! What stands between the network and the pages, from the outside in: `headers`, `watch` (which asks `receive`), `origin`, `refused`, then `gate` and
//! `receive::of_its_kind` in front of everything that is not public.

pub mod gate;
pub mod headers;
pub mod origin;
pub mod reading;
pub mod receive;
pub mod refused;
pub mod watch;
