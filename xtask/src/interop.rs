//! `cargo xtask interop`: with programs that none of us wrote, in Python environments of their own. The portal against
//! implementations of AWS that have some, nearly none and parts of what it asks for; AWS's own clients and other people's
//! inventories against our simulator; our command line on what AWS's prints; our IAM policy against AWS's lists; and our SCIM endpoint and
//! our API against testers.

mod api;
mod directories;
mod environment;
mod portals;
mod simulators;
mod start;

use anyhow::{Result, bail};

use crate::{progress::Progress, workspace::Workspace};

#[derive(clap::Args)]
pub struct Interop {
    /// Only these parts
    #[arg(value_enum)]
    pub parts: Vec<Part>,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// The IAM policy that we print against AWS's lists of actions and condition keys
    Iam,
    /// boto3 and the aws command line against the simulator
    Simulator,
    /// holdfast policy on what the aws command line prints
    Policy,
    /// Cloud Custodian and Prowler against the simulator, and the portal beside them
    Inventory,
    /// The portal against MiniStack
    Portal,
    /// The portal against endpoints that lack nearly everything: moto, LocalEmu, a web server
    Bare,
    /// The API against its own description, by schemathesis
    Api,
    /// The portal's SCIM endpoint against a tester of RFC 7643 and 7644
    Scim,
    /// Signing in at an identity provider of another make than that of the browser tests
    Provider,
    /// The portal against the simulator with one Region's answers spoiled on the way
    Region,
}

type Run = fn(&Workspace, Progress) -> Result<()>;

/// Every part, the short ones first.
const PARTS: [(Part, Run); 10] = [
    (Part::Iam, simulators::iam),
    (Part::Simulator, simulators::clients),
    (Part::Policy, simulators::policy),
    (Part::Api, api::schemathesis),
    (Part::Scim, directories::scim),
    (Part::Provider, directories::provider),
    (Part::Inventory, simulators::inventory),
    (Part::Portal, portals::ministack),
    (Part::Bare, portals::bare),
    (Part::Region, portals::region),
];

/// Runs the parts, or all of them, each to its end whatever became of the others.
///
/// # Errors
/// Where something is missing, does not build, or a check fails.
pub fn run_all(workspace: &Workspace, parts: &[Part]) -> Result<()> {
    let progress = Progress::new(false);
    let wanted = PARTS.iter().filter(|(part, _)| parts.is_empty() || parts.contains(part));
    let (mut run, mut failed) = (0, 0);
    for (_, part) in wanted {
        run += 1;
        if let Err(error) = part(workspace, progress) {
            eprintln!("✗ {error:#}");
            failed += 1;
        }
    }
    if failed > 0 {
        bail!("{failed} of {run} parts failed");
    }
    Ok(())
}
