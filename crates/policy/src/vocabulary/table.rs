//! The table itself. Rows stand in the order a form shows them.

use super::Key;
use super::form::Form;
use super::row::{list, named, object, scalar};

/// The document: the one row from which all others hang.
pub static TABLE: Key = object("", "Policy", "A backup policy holds backup plans.", &[PLANS]);

const PLANS: Key = named(
    "plans",
    "Backup plans",
    "One entry per plan. AWS Backup creates each plan in every account the policy applies to, in every Region it lists.",
    Form::Name,
    &PLAN,
)
.in_document();

static PLAN: Key = object(
    "*",
    "Plan",
    "What to back up, when, and where to keep it. Policies that name a plan alike are merged into one.",
    &[
        list("regions", "Regions", "The Regions in which the plan is created.", Form::Region, true)
            .in_effective()
            .elements(1, usize::MAX),
        named("rules", "Rules", "When backups are made and how long they are kept.", Form::Name, &RULE)
            .in_effective()
            .elements(1, 10),
        object(
            "selections",
            "Selections",
            "Which resources are backed up. Use either tags or resource types; AWS accepts both in one plan and advises against it.",
            &[
                named("tags", "By tag", "Resources that carry a tag.", Form::Name, &TAG_SELECTION).quota(10),
                named(
                    "resources",
                    "By resource type",
                    "Resources by type, with exceptions and conditions.",
                    Form::Name,
                    &RESOURCE_SELECTION,
                )
                .quota(100),
            ],
        )
        .in_effective()
        .elements(1, usize::MAX),
        object(
            "advanced_backup_settings",
            "Advanced settings",
            "Options of single services.",
            &[
                object(
                    "ec2",
                    "EC2",
                    "Options for EC2 instances.",
                    &[scalar(
                        "windows_vss",
                        "Windows VSS",
                        "Make application-consistent backups of Windows instances by their Volume Shadow Copy Service.",
                        ENABLED,
                    )
                    .default("disabled")],
                ),
                object(
                    "s3",
                    "S3",
                    "Options for S3 buckets.",
                    &[
                        scalar("backup_acls", "Back up ACLs", "Include object access control lists.", ENABLED)
                            .default("enabled"),
                        scalar("backup_object_tags", "Back up object tags", "Include the tags of objects.", ENABLED)
                            .default("enabled"),
                    ],
                ),
            ],
        ),
        named("backup_plan_tags", "Plan tags", "Tags put on the backup plan itself.", Form::TagId, &TAG),
        object(
            "scan_settings",
            "Malware scanning",
            "Needed once a rule scans backups for malware.",
            &[object(
                "GUARDDUTY",
                "GuardDuty",
                "Scanning by Amazon GuardDuty.",
                &[
                    list("resource_types", "Resource types", "Whose backups are scanned.", SCANNED, false),
                    scalar(
                        "scanner_role_arn",
                        "Scanner role",
                        "The IAM role GuardDuty uses, with $account in place of the account id.",
                        Form::RoleArn,
                    ),
                ],
            )],
        ),
    ],
);

static RULE: Key = object(
    "*",
    "Rule",
    "One schedule with its vault, retention and copies.",
    &[
        scalar(
            "schedule_expression",
            "Schedule",
            "When backups start, as a cron expression in UTC; at most once an hour.",
            Form::Schedule,
        )
        .default("cron(0 5 ? * * *)"),
        scalar(
            "target_backup_vault_name",
            "Vault",
            "The vault that keeps the backups. It must exist in every account and Region of the plan.",
            Form::VaultName,
        )
        .in_effective(),
        scalar(
            "target_logically_air_gapped_backup_vault_arn",
            "Air-gapped vault",
            "A logically air-gapped vault to back up to directly, with $region and $account in its ARN.",
            Form::AirGappedVaultArn,
        ),
        scalar(
            "start_backup_window_minutes",
            "Start within",
            "A job that has not started after this time is cancelled.",
            Form::Integer { least: 60 },
        )
        .default("480")
        .unit("minutes"),
        scalar(
            "complete_backup_window_minutes",
            "Complete within",
            "A job that has not completed after this time is cancelled, counted from its start.",
            Form::Integer { least: 60 },
        )
        .default("10080")
        .unit("minutes"),
        scalar(
            "enable_continuous_backup",
            "Continuous backup",
            "Allow restoring to any point in time, for services that support it. Retention must then be 35 days or less, without cold storage.",
            BOOLEAN,
        )
        .default("false"),
        object("lifecycle", "Lifecycle", "How long backups are kept, and when they move to cheaper storage.", LIFECYCLE),
        named(
            "copy_actions",
            "Copies",
            "Copies into other vaults, Regions or accounts. The key of each entry is the ARN of the destination vault.",
            Form::CopyVaultArn,
            &COPY_ACTION,
        )
        .quota(5),
        named("recovery_point_tags", "Recovery point tags", "Tags put on every backup the rule makes.", Form::TagId, &TAG)
            .quota(10),
        object(
            "index_actions",
            "Backup search",
            "Index backups so that their content can be searched.",
            &[list("resource_types", "Resource types", "Whose backups are indexed.", INDEXED, false)],
        ),
        object(
            "scan_actions",
            "Malware scan",
            "Scan the backups of this rule for malware. The plan needs scan_settings as well.",
            &[object(
                "GUARDDUTY",
                "GuardDuty",
                "Scanning by Amazon GuardDuty.",
                &[scalar(
                    "scan_mode",
                    "Scan mode",
                    "Scan only what changed since the last scan, or everything.",
                    Form::OneOf(&["INCREMENTAL_SCAN", "FULL_SCAN"]),
                )],
            )],
        ),
    ],
);

const LIFECYCLE: &[Key] = &[
    scalar(
        "move_to_cold_storage_after_days",
        "Move to cold storage after",
        "Backups of services that support it move to cold storage after this many days and must stay there for 90.",
        Form::Integer { least: 1 },
    )
    .default("never")
    .unit("days"),
    scalar(
        "delete_after_days",
        "Delete after",
        "Backups are deleted after this many days.",
        Form::Integer { least: 1 },
    )
    .default("never")
    .unit("days"),
    scalar(
        "opt_in_to_archive_for_supported_resources",
        "Archive tier",
        "Move snapshots of supported resources to the archive tier. Needs both day counts, at least 90 days apart, and a schedule of at most every 28 days.",
        BOOLEAN,
    )
    .default("false"),
];

static COPY_ACTION: Key = object(
    "*",
    "Copy",
    "One destination.",
    &[
        scalar(
            "target_backup_vault_arn",
            "Destination vault",
            "The ARN of the vault, with $account for the same account or an account id for another one.",
            Form::CopyVaultArn,
        )
        .in_document(),
        object(
            "lifecycle",
            "Lifecycle of the copy",
            "How long the copy is kept, apart from the original.",
            LIFECYCLE,
        ),
    ],
);

static TAG: Key = object(
    "*",
    "Tag",
    "A tag; the entry is named like its tag key.",
    &[
        scalar("tag_key", "Key", "The tag key, equal to the name of the entry ignoring case.", TAG_KEY)
            .in_document(),
        scalar("tag_value", "Value", "The tag value.", TAG_VALUE).in_document(),
    ],
);

const ROLE: Key = scalar(
    "iam_role_arn",
    "IAM role",
    "The role AWS Backup uses in each account, with $account in place of the account id. It must exist there.",
    Form::RoleArn,
)
.in_effective();

const CONDITIONS: Key = object(
    "conditions",
    "Conditions",
    "Further conditions on tags; all of them must hold.",
    &[
        condition("string_equals", "Equals", "The tag has exactly this value."),
        condition("string_not_equals", "Does not equal", "The tag does not have this value."),
        condition("string_like", "Is like", "The tag matches a value in which * stands for anything."),
        condition(
            "string_not_like",
            "Is not like",
            "The tag does not match a value in which * stands for anything.",
        ),
    ],
)
.quota(30);

static CONDITION: Key = object(
    "*",
    "Condition",
    "One condition.",
    &[
        scalar("condition_key", "Key", "Normally aws:ResourceTag/ and the tag key.", TAG_KEY).in_document(),
        scalar("condition_value", "Value", "The value to compare with.", TAG_VALUE).in_document(),
    ],
);

static TAG_SELECTION: Key = object(
    "*",
    "Tag selection",
    "Resources whose tag has one of the values.",
    &[
        ROLE,
        scalar("tag_key", "Tag key", "The tag to look at. Upper and lower case differ.", TAG_KEY)
            .in_document()
            .in_effective(),
        list(
            "tag_value",
            "Tag values",
            "Any one of these values selects a resource. Upper and lower case differ.",
            TAG_VALUE,
            false,
        )
        .in_document()
        .in_effective()
        .elements(1, usize::MAX),
        CONDITIONS,
    ],
);

static RESOURCE_SELECTION: Key = object(
    "*",
    "Resource selection",
    "Resources of the given types that meet the conditions.",
    &[
        ROLE,
        list(
            "resource_types",
            "Resource types",
            "Types to back up; * is every type.",
            Form::ResourceType,
            false,
        )
        .in_document()
        .in_effective()
        .unless("conditions")
        .elements(1, usize::MAX),
        list("not_resource_types", "Except", "Types to leave out.", Form::ResourceType, false),
        CONDITIONS,
    ],
);

const ENABLED: Form = Form::OneOf(&["enabled", "disabled"]);
const BOOLEAN: Form = Form::OneOf(&["true", "false"]);
const INDEXED: Form = Form::OneOf(&["EBS", "S3"]);
const SCANNED: Form = Form::OneOf(&["EBS", "EC2", "S3", "ALL"]);
const TAG_KEY: Form = Form::Text { least: 1, most: 128 };
const TAG_VALUE: Form = Form::Text { least: 0, most: 256 };

const fn condition(key: &'static str, title: &'static str, help: &'static str) -> Key {
    named(key, title, help, Form::Name, &CONDITION)
}
