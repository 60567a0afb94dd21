//! All advice, in the order of its codes. Codes are never given anew.

use crate::problem::Severity;

/// A kind of advice.
#[derive(Debug, PartialEq, Eq)]
pub struct Lint {
    /// `HF001` and up.
    pub code: &'static str,
    /// A warning or worth knowing.
    pub severity: Severity,
    /// What it is about, in a few words.
    pub title: &'static str,
    /// Why it matters.
    pub explanation: &'static str,
    /// What to do.
    pub fix: &'static str,
}

/// The advice with this code.
#[must_use]
pub fn lint_of(code: &str) -> Option<&'static Lint> {
    LINTS.iter().find(|lint| lint.code == code)
}

const fn warning(
    code: &'static str,
    title: &'static str,
    explanation: &'static str,
    fix: &'static str,
) -> Lint {
    Lint { code, severity: Severity::Warning, title, explanation, fix }
}

const fn info(code: &'static str, title: &'static str, explanation: &'static str, fix: &'static str) -> Lint {
    Lint { code, severity: Severity::Info, title, explanation, fix }
}

/// Every piece of advice there is.
pub static LINTS: [Lint; 32] = [
    warning(
        "HF001",
        "deleted too soon after cold storage",
        "What moves to cold storage stays there for at least 90 days. Organizations accepts a shorter distance without archive opt-in; AWS Backup then rejects the whole plan in every account.",
        "set delete_after_days to at least move_to_cold_storage_after_days plus 90",
    ),
    warning(
        "HF002",
        "names that differ only by case",
        "AWS lower-cases some names in effective policies; names that differ only by case may become one, or be told apart only by some tools.",
        "give them different names, or the same name if they are meant to be one",
    ),
    warning(
        "HF003",
        "continuous backup with cold storage",
        "AWS Backup does not take cold storage together with continuous backup. Organizations refuses it inside one document, but not where inheritance brings the two together; the plan then fails in the account.",
        "remove move_to_cold_storage_after_days, or put cold storage into a rule of its own",
    ),
    warning(
        "HF004",
        "selections by tags and by resource types in one plan",
        "AWS documents the two as mutually exclusive, although it accepts both: each selects on its own, so the plan covers what either of them takes.",
        "put the tags into the conditions of the resource selection, or use two plans",
    ),
    info(
        "HF005",
        "kept for ever",
        "Without delete_after_days recovery points are never deleted. In a vault locked in compliance mode nobody can delete them, and they are paid for as long as they exist.",
        "set lifecycle/delete_after_days",
    ),
    warning(
        "HF006",
        "a control that leaves what is nested open",
        "A control protects its own place only. Lower levels can still change every setting below that has no control of its own.",
        "repeat the control on each setting below that must not change",
    ),
    warning(
        "HF007",
        "no time to complete",
        "The time to complete counts from the scheduled start. Where it is not longer than the time to start, a job that starts late is cancelled at once.",
        "make complete_backup_window_minutes longer than start_backup_window_minutes",
    ),
    info(
        "HF008",
        "no schedule",
        "Without schedule_expression AWS Backup runs the rule every day at 05:00 UTC, which archive opt-in does not accept.",
        "set schedule_expression",
    ),
    warning(
        "HF009",
        "a schedule that passes today and may be refused another day",
        "AWS judges a schedule by its next two runs only. Others are closer together than it allows, so the same text can be refused when it is saved again, and the effective policy can become invalid.",
        "choose times that are always far enough apart",
    ),
    warning(
        "HF010",
        "part of a schedule is ignored",
        "AWS accepts the text and does not heed a part of it, so it runs at other times than it seems to.",
        "write only what is heeded, and a second rule for the rest",
    ),
    info(
        "HF011",
        "rules with overlapping start windows",
        "Where the start windows of two rules of a plan overlap, AWS Backup makes one backup, by the rule with the longer retention. The copies and the vault of the other rule do not happen.",
        "move the schedules apart by more than the start window, or shorten the window",
    ),
    warning(
        "HF012",
        "a condition on something other than a tag",
        "Conditions compare tags; the key must be aws:ResourceTag/ and the tag key.",
        "write aws:ResourceTag/ before the tag key",
    ),
    warning(
        "HF013",
        "more than AWS Backup takes",
        "AWS Backup documents a smaller limit. Organizations does not check it, so the plan can fail in every account.",
        "split it: several rules or several plans",
    ),
    info(
        "HF014",
        "several plans in one policy",
        "AWS advises one plan a policy: attachments then say what applies where, and a plan can be changed without touching another.",
        "move each plan into a policy of its own",
    ),
    warning(
        "HF015",
        "a copy into the vault it is made from",
        "The destination is the rule's own vault in a Region of the plan. AWS Backup cannot copy a recovery point onto itself, so the copy job fails there.",
        "copy to another vault or another Region",
    ),
    info(
        "HF016",
        "a copy to another Region and another account in one step",
        "Not all services can copy to another Region and another account at once; the copy job then fails.",
        "copy to the other Region of the same account first, or within the Region to the other account",
    ),
    info(
        "HF017",
        "a copy to another account",
        "It fails unless cross-account backup is on in the management account, the destination vault's access policy allows backup:CopyIntoBackupVault, the account is in the same organization, and the backup is not encrypted with a default AWS key.",
        "check these before attaching the policy",
    ),
    warning(
        "HF018",
        "an ARN of another partition",
        "The Regions of the plan belong to another partition of AWS than the ARN, so it names nothing there.",
        "use the partition of the Regions: aws, aws-us-gov or aws-cn",
    ),
    warning(
        "HF019",
        "a wildcard where none is read",
        "Tag values of a tag selection, string_equals and string_not_equals are compared character by character; * stands for itself.",
        "use a resource selection with string_like or string_not_like",
    ),
    warning(
        "HF020",
        "several continuous rules in one plan",
        "With rules into different vaults AWS Backup rejects the plan; with rules into the same vault it heeds only the one with the longest retention.",
        "keep one continuous rule a plan",
    ),
    warning(
        "HF021",
        "days without any recovery point",
        "Recovery points are deleted before the next one is made, so there are times with nothing to restore from.",
        "keep them longer than the longest time between two runs",
    ),
    warning(
        "HF022",
        "an effective policy instead of a policy",
        "Effective policies have no operators and cannot be saved as a policy.",
        "wrap every value in {\"@@assign\": ...}",
    ),
    info(
        "HF023",
        "close to the size limit",
        "AWS stores at most 10,000 characters.",
        "save it without white space, or split it into several policies; they merge",
    ),
    warning(
        "HF024",
        "added and removed at once",
        "At one level @@remove always runs last, so the value never gets there.",
        "remove it from one of the two lists",
    ),
    warning(
        "HF025",
        "an operator without effect",
        "Value operators beside plans are accepted and do nothing.",
        "remove it",
    ),
    warning(
        "HF026",
        "an empty list of Regions",
        "It is accepted here and makes the effective policy invalid: the account then keeps its last valid policy, all plans of it.",
        "name at least one Region, or leave the key out",
    ),
    info(
        "HF027",
        "a role that may not be there",
        "AWSBackupDefaultServiceRole is created in an account only when somebody uses the AWS Backup console there. Jobs fail where it is missing.",
        "create the role in every account, for example by a service-managed stack set",
    ),
    info(
        "HF028",
        "a vault that may not be there",
        "The vault Default is created in a Region of an account only when somebody uses the AWS Backup console there. Jobs fail where it is missing.",
        "create a vault in every account and Region, for example by a service-managed stack set",
    ),
    info(
        "HF029",
        "DynamoDB needs its advanced features",
        "Without the advanced features for DynamoDB, lifecycles to cold storage and copies of its backups fail or are skipped, and plans from policies do not switch them on.",
        "switch the advanced features on in every account and Region",
    ),
    info(
        "HF030",
        "a very long start window",
        "A job that never starts shows as expired only after this time.",
        "choose a start window of at most a day",
    ),
    info(
        "HF031",
        "clusters are left out",
        "The type for RDS instances does not take Aurora, DocumentDB or Neptune; these are clusters.",
        "add the cluster type if they are meant too",
    ),
    info(
        "HF032",
        "a key in capitals",
        "AWS accepts keys and operators in capitals. What it prints in the effective policy is not known, and other tools may not find them.",
        "write keys and operators in small letters",
    ),
];
