//! The sync against the simulator over HTTP and a real Postgres. Between the two stands a gate that can count, change,
//! refuse and stop requests.

mod drift;
mod job_lists;
mod jobs;
mod organization;
mod turns;
mod unread;
mod world;
