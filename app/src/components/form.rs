//! What forms are made of. Each control works without scripts.

mod choice;
mod field;
mod filter_form;
mod input;
mod password;
mod segments;
mod select;
mod text_area;

pub use choice::Checkbox;
pub use field::Field;
pub use filter_form::FilterForm;
pub use input::{SearchInput, TextInput};
pub use password::PasswordInput;
pub use segments::{Segment, Segments};
pub use select::{Choice, Select};
pub use text_area::{TextArea, escape};
