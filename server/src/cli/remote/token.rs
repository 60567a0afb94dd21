//! The secret that a server is asked with.

/// A token, which is never shown.
#[derive(Clone)]
pub struct Token(pub String);
