//! As much of AWS STS as a client of the other services needs: who it is, and taking a role first.

use super::handler::Handler;
use crate::wire::answer::{Answer, AwsError};
use crate::wire::call::Call;
use crate::wire::operation::{may, need};
use crate::wire::query::instant;
use crate::wire::rule::{ANY, Form, Rule};
use crate::wire::signature::SESSION_TOKEN;
use crate::world::World;
use serde_json::json;
use time::Duration;

/// Every operation of STS that the simulator knows.
pub const OPERATIONS: &[Handler] = &[
    Handler::ask("sts", "GetCallerIdentity", caller),
    Handler::ask("sts", "AssumeRole", assume).input(&[
        need("RoleArn", Rule::Text(20, 2048)),
        need("RoleSessionName", Rule::Form(Form::SessionName)),
        may("ExternalId", ANY),
        may("DurationSeconds", ANY),
    ]),
];

fn caller(_: &World, call: &Call) -> Answer {
    let (service, name) =
        if call.session { ("sts", "assumed-role/simulated/session") } else { ("iam", "user/simulated") };
    let arn = format!("arn:aws:{service}::{}:{name}", call.account);
    Ok(json!({"Arn": arn, "UserId": "AIDASIMULATEDSIMULATED", "Account": call.account}))
}

/// Every role can be assumed.
fn assume(_: &World, call: &Call) -> Answer {
    let role = call.need("RoleArn")?;
    let session = call.need("RoleSessionName")?;
    let account =
        role.strip_prefix("arn:aws:iam::").and_then(|rest| rest.split(':').next()).unwrap_or_default();
    let name = role.rsplit('/').next().unwrap_or_default();
    if !Form::Account.matches(account) || !Form::RoleName.matches(name) {
        return Err(AwsError::new("ValidationError", format!("{role} is invalid")));
    }
    Ok(json!({
        "Credentials": {
            "AccessKeyId": format!("ASIA{account}"),
            "SecretAccessKey": "simulated",
            "SessionToken": format!("{SESSION_TOKEN}{session}"),
            "Expiration": instant(call.now + Duration::HOUR),
        },
        "AssumedRoleUser": {
            "Arn": format!("arn:aws:sts::{account}:assumed-role/{name}/{session}"),
            "AssumedRoleId": format!("AROASIMULATEDSIMULATED:{session}"),
        },
    }))
}
