//! Documents for reading: with colours, with marks, side by side.

mod block;
mod comparison;
mod highlight;
mod line_diff;

pub use block::{CodeBlock, Mark};
pub use comparison::Comparison;
pub use highlight::highlight;
