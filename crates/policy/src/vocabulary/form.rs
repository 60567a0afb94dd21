//! The forms a value or a name may have.

use time::OffsetDateTime;

use super::regions::{Partition, region};
use super::resource_types::{EVERY, resource_type};
use crate::schedule::{Cron, MINIMUM_GAP};

/// The largest number AWS admits for any integer: sixteen digits.
pub const LARGEST_INTEGER: u64 = 9_999_999_999_999_999;

/// What a value or a name must look like. Values are judged as text, after AWS turned numbers and booleans
/// into text (spec 1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Name of a plan, rule, selection or condition: 1 to 50 letters, digits, `_`, `.`, `-`.
    Name,
    /// Id of a tag entry; that it equals the tag key is checked with the tag.
    TagId,
    /// Text of so many characters.
    Text {
        /// Fewest characters.
        least: usize,
        /// Most characters.
        most: usize,
    },
    /// A whole number in digits.
    Integer {
        /// Smallest number.
        least: u64,
    },
    /// One of these words, spelled exactly so.
    OneOf(&'static [&'static str]),
    /// A Region code.
    Region,
    /// `*` or one of the fixed ARN patterns.
    ResourceType,
    /// A `cron(...)` expression that fires at most once an hour.
    Schedule,
    /// 1 to 50 letters, digits, `_`, `-`.
    VaultName,
    /// ARN of an IAM role with `$account`.
    RoleArn,
    /// ARN of a vault with `$account` or an account id.
    CopyVaultArn,
    /// ARN of a vault with `$region` and `$account`.
    AirGappedVaultArn,
}

/// Why a value does not have its form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
    /// The part of the value concerned, in characters: offset and length. `None` for all of it.
    pub part: Option<(usize, usize)>,
}

impl Form {
    /// Checks a value as AWS does at `now`; the time matters for schedules only.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn check(self, value: &str, now: OffsetDateTime) -> Result<(), Fault> {
        if self == Self::Schedule {
            return check_schedule(value, now);
        }
        if self.matches(value) {
            return Ok(());
        }
        Err(Fault {
            message: format!("{} is not {}", shown(value), self.describe()),
            help: self.help(value),
            part: None,
        })
    }

    fn matches(self, value: &str) -> bool {
        let length = value.chars().count();
        match self {
            Self::Name => is_name(value, b"_.-"),
            Self::VaultName => is_name(value, b"_-"),
            Self::TagId => true,
            Self::Text { least, most } => (least..=most).contains(&length),
            Self::Integer { least } => {
                integer(value).is_some_and(|number| (least..=LARGEST_INTEGER).contains(&number))
            }
            Self::OneOf(words) => words.contains(&value),
            Self::Region => region(value).is_some(),
            Self::ResourceType => value == EVERY || resource_type(value).is_some(),
            Self::Schedule => Cron::parse(value).is_ok(),
            Self::RoleArn => is_role_arn(value),
            Self::CopyVaultArn => {
                is_vault_arn(value, is_region_like, |account| account == "$account" || is_account(account))
            }
            Self::AirGappedVaultArn => {
                is_vault_arn(value, |region| region == "$region", |account| account == "$account")
            }
        }
    }

    /// The form in words that complete "is not ...".
    pub fn describe(self) -> String {
        match self {
            Self::Name => "a name of 1 to 50 letters, digits, dots, hyphens and underscores".into(),
            Self::TagId => "a tag key".into(),
            Self::Text { least: 0, most } => format!("text of at most {most} characters"),
            Self::Text { least, most } => format!("text of {least} to {most} characters"),
            Self::Integer { least } => format!("a whole number of {least} or more"),
            Self::OneOf(words) => format!("one of {}", words.join(", ")),
            Self::Region => "the code of a Region".into(),
            Self::ResourceType => "* or a resource type AWS Backup knows".into(),
            Self::Schedule => "a cron expression".into(),
            Self::VaultName => "a vault name of 1 to 50 letters, digits, hyphens and underscores".into(),
            Self::RoleArn => "the ARN of an IAM role with $account as its account".into(),
            Self::CopyVaultArn => "the ARN of a backup vault with $account or an account id".into(),
            Self::AirGappedVaultArn => "the ARN of a backup vault with $region and $account".into(),
        }
    }

    fn help(self, value: &str) -> String {
        match self {
            Self::Integer { .. } => "write digits only, without sign, decimals or spaces".into(),
            Self::Region => "use a code such as eu-west-1; wildcards are not accepted".into(),
            Self::ResourceType => "use * or a pattern such as arn:aws:ec2:*:*:volume/*; single resources cannot be named".into(),
            Self::RoleArn if Partition::of_arn(value).is_some() => {
                "write arn:aws:iam::$account:role/NAME: one policy serves many accounts, so AWS refuses account ids here".into()
            }
            Self::RoleArn => "write arn:aws:iam::$account:role/NAME".into(),
            Self::CopyVaultArn => "write arn:aws:backup:REGION:$account:backup-vault:NAME, or an account id for another account".into(),
            Self::AirGappedVaultArn => "write arn:aws:backup:$region:$account:backup-vault:NAME".into(),
            Self::OneOf(words) => {
                let same = words.iter().find(|word| word.eq_ignore_ascii_case(value));
                same.map_or_else(|| format!("choose {}", words.join(" or ")), |word| format!("write {word}"))
            }
            _ => format!("write {}", self.describe()),
        }
    }
}

fn check_schedule(value: &str, now: OffsetDateTime) -> Result<(), Fault> {
    let cron = Cron::parse(value).map_err(|error| Fault {
        message: error.to_string(),
        help: error.kind.help().into(),
        part: Some((error.offset, error.length)),
    })?;
    let refuse =
        |message: &str, help: &str| Err(Fault { message: message.into(), help: help.into(), part: None });
    match cron.gap_after(now) {
        Some(gap) if gap >= MINIMUM_GAP => Ok(()),
        Some(_) => refuse("the next two runs are less than an hour apart", "run at most once an hour"),
        None => refuse("fewer than two runs are still to come", "choose times that come again"),
    }
}

/// A value in a message: quoted, and cut where it is long.
fn shown(value: &str) -> String {
    let mut start: String = value.chars().take(60).collect();
    if start.len() < value.len() {
        start.push('…');
    }
    format!("{start:?}")
}

/// A whole number in plain digits.
pub(crate) fn integer(text: &str) -> Option<u64> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

fn is_name(text: &str, marks: &[u8]) -> bool {
    (1..=50).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || marks.contains(&byte))
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_region_like(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !text.is_empty() && text.bytes().all(plain)
}

/// `arn:<partition>:iam::$account:role/<path and name>`.
fn is_role_arn(arn: &str) -> bool {
    let Some([service, region, account, resource]) = arn_parts(arn) else { return false };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@/-".contains(&byte);
    let named =
        resource.strip_prefix("role/").is_some_and(|name| !name.is_empty() && name.bytes().all(plain));
    named && service == "iam" && region.is_empty() && account == "$account"
}

/// `arn:<partition>:backup:<region>:<account>:backup-vault:<name>`.
fn is_vault_arn(arn: &str, region: fn(&str) -> bool, account: fn(&str) -> bool) -> bool {
    let Some([service, in_region, of_account, resource]) = arn_parts(arn) else { return false };
    let named = resource.strip_prefix("backup-vault:").is_some_and(|name| is_name(name, b"_-"));
    named && service == "backup" && region(in_region) && account(of_account)
}

/// Service, Region, account and resource of an ARN in a known partition.
fn arn_parts(arn: &str) -> Option<[&str; 4]> {
    Partition::of_arn(arn)?;
    let mut parts = arn.splitn(6, ':').skip(2);
    Some([parts.next()?, parts.next()?, parts.next()?, parts.next()?])
}

#[cfg(test)]
mod tests;
