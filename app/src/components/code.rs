//! Documents for reading: with colours, with marks, side by side.

mod block;
mod compare_row;
pub mod comparison;
pub mod highlight;

pub use block::{CodeBlock, Mark};
pub use compare_row::compare_row;
