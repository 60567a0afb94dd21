//! Holdfast: portal.
