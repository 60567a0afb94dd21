//! Holdfast: the user interface.
