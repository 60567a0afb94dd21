//! As much of Amazon EC2 as tools ask before anything else: which Regions there are.

use super::handler::Handler;
use crate::wire::answer::{Answer, AwsError};
use crate::wire::call::Call;
use crate::world::World;
use crate::world::backup::resource::REGIONS;
use serde_json::{Value, json};

/// Every operation of EC2 that the simulator knows.
pub const OPERATIONS: &[Handler] = &[Handler::ask("ec2", "DescribeRegions", describe_regions)];

/// The Regions that the organization uses; each is enabled without opting in. Filters are not read.
fn describe_regions(_: &World, call: &Call) -> Answer {
    let names = call.input.iter().filter(|(member, _)| member.starts_with("RegionName."));
    let names: Vec<&str> = names.filter_map(|(_, name)| name.as_str()).collect();
    if let Some(unknown) = names.iter().find(|name| !REGIONS.contains(name)) {
        let message = format!("Invalid region names: [{unknown}]");
        return Err(AwsError::new("InvalidParameterValue", message));
    }
    let regions = REGIONS.iter().filter(|region| names.is_empty() || names.contains(region));
    let row = |region: &&str| {
        json!({
            "regionName": region,
            "regionEndpoint": format!("ec2.{region}.amazonaws.com"),
            "optInStatus": "opt-in-not-required",
        })
    };
    Ok(json!({"regionInfo": regions.map(row).collect::<Vec<Value>>()}))
}
