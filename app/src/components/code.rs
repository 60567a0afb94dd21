//! Documents for reading: with colours, with marks, side by side.

mod block;
mod comparison;
mod copy_line;
mod highlight;
mod line_diff;

pub use block::{CodeBlock, Mark};
pub use comparison::Comparison;
pub use copy_line::{CopyLine, copy};
pub use highlight::highlight;
