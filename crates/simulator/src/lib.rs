//! An AWS endpoint on loopback: AWS Organizations and AWS Backup with their real wire protocols, one organization
//! generated from a seed behind them. The demo, the tests and the benchmarks run it in process; the binary serves it
//! alone, for the `aws` command line and any SDK.
//!
//! ```no_run
//! # async fn run(now: simulator::Clock) -> Result<(), simulator::StartError> {
//! let simulator = simulator::Simulator::new(simulator::Options::demo(now))?;
//! let router = simulator.router();
//! # drop(router);
//! # Ok(())
//! # }
//! ```
//!
//! All Regions and both services share one address. The Region of a Backup call is that of the SigV4 credential
//! scope. The calling account is the management account, unless the access key id is `AKIA` or `ASIA` followed by the
//! twelve digits of another account. Signatures are not checked. STS's AssumeRole and GetCallerIdentity are answered
//! too, so that a client may take a role first, as much of IAM as the service-linked role of AWS Backup needs, and what
//! inventories ask before anything else: EC2's Regions, tagged resources, account aliases.
//!
//! Where AWS's behaviour is not known, the simulator decides: listings of attachments keep the order of attaching,
//! copy and restore jobs are listed for all accounts and for 30 days as backup jobs are, jobs of other accounts can be
//! described by whoever may list them, and policy types are enabled and disabled at once. Frameworks and report plans
//! are deployed within a minute, frameworks only where the organization works, because only there does AWS Config
//! record. Recovery points are looked for 400 days back, and copies are not copied on. Only backup policies are
//! evaluated. Backups are scanned where a policy asks for it, which no seeded one does.
//!
//! Inside stand three floors: `wire` (protocols, calls, answers, pages, errors) knows no world, `world` (state and what
//! follows from it) knows no calls, and `service` makes answers of both. `seed` fills a world, `simulator` runs calls
//! against it, `endpoint` and `control` let HTTP in. [`proxy`] stands before any endpoint and is for tests.

mod control;
mod endpoint;
mod hash;
mod journal;
mod options;
mod pattern;
mod program;
pub mod proxy;
mod rates;
mod seed;
mod service;
mod simulator;
mod wire;
mod world;

pub use endpoint::serve;
pub use journal::StartError;
pub use options::{Clock, Options, Organization};
pub use program::Program;
pub use rates::Rates;
pub use simulator::Simulator;

#[cfg(test)]
mod tests;
