//! What AWS Backup has: plans, resources, and the jobs that come of them.

pub mod course;
pub mod estate;
pub mod history;
pub mod job;
pub mod plan;
