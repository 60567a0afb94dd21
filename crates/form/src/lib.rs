//! The policy form as data: what it shows of a document, what it offers, and what an edit of it does to the text.
//!
//! The text is the one thing that is edited, by form or as JSON. The form is read off the text and the policy crate's
//! table of keys each time, and changes the text in place, so switching between form and JSON can lose nothing.
//!
//! Pure: no view, no I/O, no clock; native and in the browser.

pub mod check;
pub mod edit;
pub mod json_only;
pub mod layout;
pub mod reading;
pub mod suggestions;
pub mod templates;

pub use edit::{EditRefusal, FormEdit};
pub use layout::FormItem;
pub use reading::Reading;
