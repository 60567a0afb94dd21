//! What a file without a policy seems to be.

use super::kind::NotAPolicy;
use crate::admission::closest;
use crate::document::{Node, Value};
use crate::vocabulary::TABLE;

/// What tells a kind of file: keys that all stand at its root.
struct Sign {
    keys: &'static [&'static str],
    seems: &'static str,
    help: &'static str,
}

const fn sign(keys: &'static [&'static str], seems: &'static str, help: &'static str) -> Sign {
    Sign { keys, seems, help }
}

const DESCRIBE: &str = "give a policy, or what `aws organizations describe-policy` answers";
const CONTENT: &str = "give the policy that stands in the `Content` of its AWS::Organizations::Policy";
const TERRAFORM: &str = "give the policy that stands in the `content` of its aws_organizations_policy";
const COMMAND: &str = "give the policies themselves";

/// The first that fits is told.
const SIGNS: &[Sign] = &[
    sign(&["AWSTemplateFormatVersion"], "a CloudFormation template", CONTENT),
    sign(&["Resources"], "a CloudFormation template", CONTENT),
    sign(&["Type", "Properties"], "a resource of a CloudFormation template", CONTENT),
    sign(&["format_version", "resource_changes"], "a Terraform plan", TERRAFORM),
    sign(&["format_version", "planned_values"], "a Terraform plan", TERRAFORM),
    sign(&["format_version", "values"], "a Terraform state", TERRAFORM),
    sign(&["terraform_version"], "a Terraform state", TERRAFORM),
    sign(&["resource"], "a Terraform configuration", TERRAFORM),
    sign(&["Statement"], "an IAM policy or a service control policy", DESCRIBE),
    sign(&["BackupPlan"], "a backup plan of AWS Backup", DESCRIBE),
    sign(&["BackupPlanName"], "a backup plan of AWS Backup", DESCRIBE),
    sign(&["organization"], "the input of `holdfast policy simulate`", COMMAND),
    sign(&["levels"], "the input of `holdfast policy effective`", COMMAND),
    sign(&["merged", "effective"], "what `holdfast policy effective` prints", "give its `effective`"),
    sign(&["changes", "weakens"], "what `holdfast policy diff` prints", COMMAND),
    sign(&["file", "problems"], "what `holdfast policy lint` prints", COMMAND),
    sign(&["tags"], "a tag policy", DESCRIBE),
    sign(&["services"], "an AI services opt-out policy", DESCRIBE),
    sign(&["chatbot"], "a chat applications policy", DESCRIBE),
    sign(&["ec2_attributes"], "a declarative policy for EC2", DESCRIBE),
    sign(&["PolicySummary"], "an answer of AWS without the policy's content", DESCRIBE),
    sign(&["Policy"], "an answer of AWS without the policy's content", DESCRIBE),
    sign(&["EffectivePolicy"], "an answer of AWS without the policy's content", DESCRIBE),
    sign(&["Arn", "Id"], "a summary without the policy's content", DESCRIBE),
];

/// Names a value that is no policy and holds none.
pub(super) fn name(node: &Node) -> NotAPolicy {
    let (seems, help) = match &node.value {
        Value::Object(_) => object(node),
        Value::Array(elements) => {
            let entries = if elements.len() == 1 { "entry" } else { "entries" };
            (format!("a list of {} {entries}", elements.len()), "give one policy".to_owned())
        }
        _ => (node.kind().to_owned(), DESCRIBE.to_owned()),
    };
    NotAPolicy::new(node, format!("this is {seems}, not a backup policy"), help)
}

fn object(node: &Node) -> (String, String) {
    let known = SIGNS.iter().find(|sign| sign.keys.iter().all(|key| node.get(key).is_some()));
    if let Some(sign) = known {
        return (sign.seems.to_owned(), sign.help.to_owned());
    }
    let misspelt =
        node.members().iter().find_map(|member| Some((member, closest(&member.key, TABLE.below())?)));
    if let Some((member, meant)) = misspelt {
        let seems = format!("an object with \"{}\" and without \"{meant}\"", member.key);
        return (seems, format!("did you mean \"{meant}\"?"));
    }
    let lists = node.members().iter().find(|member| matches!(member.node.value, Value::Array(_)));
    if let Some(list) = lists.filter(|list| list.key.starts_with(|c: char| c.is_ascii_uppercase())) {
        return (format!("a list of AWS's ({})", list.key), DESCRIBE.to_owned());
    }
    let keys: Vec<&str> = node.members().iter().take(5).map(|member| &*member.key).collect();
    let seems = match node.members().len() {
        0 => "an empty object".to_owned(),
        members if members > keys.len() => format!("an object with {} and others", keys.join(", ")),
        _ => format!("an object with {}", keys.join(", ")),
    };
    let inside = node.members().iter().find(|member| member.node.spelled("plans").is_some());
    let help = inside
        .map_or_else(|| DESCRIBE.to_owned(), |member| format!("give what stands in \"{}\"", member.key));
    (seems, help)
}
