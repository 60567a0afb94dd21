//! The services: what each operation does with the world.

pub mod backup;
pub mod control;
mod ec2;
pub mod handler;
mod iam;
mod listing;
pub mod organizations;
mod sts;
mod tagging;

use handler::Handler;

/// Operations of Organizations and of the tagging API, in AWS JSON 1.1.
pub fn by_target() -> impl Iterator<Item = &'static Handler> {
    organizations::OPERATIONS.iter().chain(tagging::OPERATIONS)
}

/// Operations of AWS Backup, in REST-JSON.
pub fn by_path() -> impl Iterator<Item = &'static Handler> {
    backup::OPERATIONS.iter().chain(backup::audit::OPERATIONS)
}

/// Operations of STS, IAM and EC2, in the query protocol.
pub fn by_action() -> impl Iterator<Item = &'static Handler> {
    sts::OPERATIONS.iter().chain(iam::OPERATIONS).chain(ec2::OPERATIONS)
}

/// Every operation of AWS that the simulator knows.
pub fn all() -> impl Iterator<Item = &'static Handler> {
    by_target().chain(by_path()).chain(by_action())
}

/// What is done under a qualified name, by a service or by the control endpoint.
pub fn find(qualified: &str) -> Option<&'static Handler> {
    let (service, name) = qualified.split_once(':')?;
    let known = all().chain([&control::SET_FEATURES]);
    known.into_iter().find(|handler| handler.operation.service() == service && handler.operation.name == name)
}
