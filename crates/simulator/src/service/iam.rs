//! As much of AWS IAM as AWS Backup needs: the service-linked role that it works with.

use super::handler::Handler;
use crate::hash;
use crate::wire::answer::{Answer, AwsError};
use crate::wire::call::Call;
use crate::wire::operation::{may, need};
use crate::wire::query::instant;
use crate::wire::rule::{ANY, Form, Rule};
use crate::world::{BACKUP_SERVICE, World};
use serde_json::{Value, json};
use time::OffsetDateTime;

const NAME: Rule = Rule::Form(Form::RoleName);
const SERVICE: Rule = Rule::Form(Form::Service);

/// Every operation of IAM that the simulator knows.
pub const OPERATIONS: &[Handler] = &[
    Handler::ask("iam", "GetRole", get_role).input(&[need("RoleName", NAME)]),
    Handler::tell("iam", "CreateServiceLinkedRole", create_linked_role).input(&[
        need("AWSServiceName", SERVICE),
        may("Description", ANY),
        may("CustomSuffix", ANY),
    ]),
    Handler::ask("iam", "ListAccountAliases", list_aliases)
        .input(&[may("MaxItems", ANY), may("Marker", ANY)]),
];

/// The roles of a simulated account: the one that AWS Backup's console makes, and the linked role once it is there.
fn get_role(world: &World, call: &Call) -> Answer {
    let name = call.need("RoleName")?;
    let since = match name {
        LINKED_ROLE => world.linked_roles.get(&call.account).copied(),
        DEFAULT_ROLE => world.accounts.get(&call.account).map(|account| account.joined_at),
        _ => None,
    };
    let since = since.ok_or_else(|| {
        let message = format!("The role with name {name} cannot be found.");
        AwsError::new("NoSuchEntity", message).with_status(404)
    })?;
    Ok(json!({"Role": role(&call.account, name, since)}))
}

/// No account here has an alias.
fn list_aliases(_: &World, call: &Call) -> Answer {
    let size = call.text("MaxItems").map(str::parse::<u16>);
    if size.is_some_and(|size| !size.is_ok_and(|size| (1..=1000).contains(&size))) {
        let message = "MaxItems is a number from 1 to 1000";
        return Err(AwsError::new("ValidationError", message));
    }
    Ok(json!({"AccountAliases": [], "IsTruncated": false}))
}

fn create_linked_role(world: &mut World, call: &Call) -> Answer {
    let service = call.need("AWSServiceName")?;
    if service != BACKUP_SERVICE {
        return Err(AwsError::new("InvalidInput", format!("The service {service} has no linked role here.")));
    }
    if call.text("CustomSuffix").is_some() {
        let message = format!("Custom suffix is not allowed for {service}");
        return Err(AwsError::new("InvalidInput", message));
    }
    if world.linked_roles.contains_key(&call.account) {
        let message = format!(
            "Service role name {LINKED_ROLE} has been taken in this account, please try a different suffix."
        );
        return Err(AwsError::new("InvalidInput", message));
    }
    world.linked_roles.insert(call.account.clone(), call.now);
    Ok(json!({"Role": role(&call.account, LINKED_ROLE, call.now)}))
}

const LINKED_ROLE: &str = "AWSServiceRoleForBackup";
const DEFAULT_ROLE: &str = "AWSBackupDefaultServiceRole";

fn role(account: &str, name: &str, since: OffsetDateTime) -> Value {
    let path = if name == LINKED_ROLE { "/aws-service-role/backup.amazonaws.com/" } else { "/service-role/" };
    let number = hash::mix(hash::text(account), &[hash::text(name)]);
    // As IAM gives it: percent-encoded JSON.
    let trust = "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C\
                 %22Principal%22%3A%7B%22Service%22%3A%22backup.amazonaws.com%22%7D%2C\
                 %22Action%22%3A%22sts%3AAssumeRole%22%7D%5D%7D";
    json!({
        "Path": path,
        "RoleName": name,
        "RoleId": format!("AROA{number:017X}"),
        "Arn": format!("arn:aws:iam::{account}:role{path}{name}"),
        "CreateDate": instant(since),
        "AssumeRolePolicyDocument": trust,
    })
}
