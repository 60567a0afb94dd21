//! The services: what each operation does with the world.

pub mod backup;
pub mod identity;
pub mod organizations;
