//! What happened, what is on its way, and what went wrong.

mod cover;
mod failure_view;
mod load;
mod loading;
mod notice;
mod toast;

pub use cover::CoverNotice;
pub use failure_view::{FailurePage, FailureView};
pub use load::{load, load_or, load_over, load_page};
pub use notice::Notice;
pub use toast::{ToastRegion, Toasts, use_toasts};
