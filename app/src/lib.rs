//! Holdfast: the user interface. Pages, the components they are made of, and the server functions that they call.

#![recursion_limit = "256"]

pub mod components;
pub mod editor;
pub mod error;
pub mod server_fns;
pub mod shell;
pub mod tokens;
pub mod words;
