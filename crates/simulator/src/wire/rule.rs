//! What a member of a request may hold: the constraints of the service models, as data.

use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Iso8601;

/// The constraint of one member.
#[derive(Debug, Clone, Copy)]
pub enum Rule {
    /// Text with its least and greatest number of characters.
    Text(usize, usize),
    /// Text of a given form.
    Form(Form),
    OneOf(&'static [&'static str]),
    /// A policy type that has effective policies; a service control policy gets a Reason of its own.
    EffectiveType,
    Whole(i64, i64),
    Flag,
    /// In bodies and answers epoch seconds; in queries ISO 8601 or epoch seconds.
    Instant,
    /// A list whose entries all follow one rule, with the least and greatest number of them.
    List(&'static Rule, usize, usize),
    /// A list of `{Key, Value}`.
    Tags,
    /// From text to values that all follow one rule.
    Map(&'static Rule),
    /// A structure; members that it does not name are ignored.
    Shape(&'static [Member]),
}

/// A member of a structure: its name, whether it has to be there, and its rule.
pub type Member = (&'static str, bool, Rule);

/// Any text.
pub const ANY: Rule = Rule::Form(Form::Any);
/// Any list of texts.
pub const TEXTS: Rule = Rule::List(&ANY, 0, usize::MAX);
/// Any map from text to text.
pub const TEXT_MAP: Rule = Rule::Map(&ANY);

/// A form of text, checked by hand-written code because the patterns are few and simple.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Root,
    Unit,
    Account,
    /// Root or OU.
    Parent,
    AccountOrUnit,
    Policy,
    /// Root, OU or account.
    Target,
    /// Whatever can carry tags.
    Taggable,
    Service,
    TagKey,
    /// 1 to 50 printable characters of ASCII.
    AccountName,
    CreationRequest,
    Handshake,
    Email,
    Vault,
    /// As the model has it, and with spaces, which AWS's own types have.
    ResourceType,
    /// Twelve digits, or `*` for all accounts of the organization.
    AccountOrAll,
    /// Twelve digits, `ANY` or `AGGREGATE_ALL`.
    AccountOrGroup,
    /// Of report plans and frameworks: a letter, then letters, digits and `_`.
    AuditName,
    /// At most 1,024 characters, of which one at least is no white space.
    Description,
    /// 1 to 64 characters.
    RoleName,
    /// 2 to 64 characters.
    SessionName,
    Any,
}

/// How a value breaks its rule; the service's protocol turns it into an exception.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breach {
    Required,
    /// This member of a structure is absent.
    RequiredInside(&'static str),
    Type,
    TooShort,
    TooLong,
    TooSmall,
    TooLarge,
    Pattern,
    Enum,
    EnumPolicyType,
}

/// `PolicyType` of Organizations.
pub const POLICY_TYPES: &[&str] = &[
    "SERVICE_CONTROL_POLICY",
    "RESOURCE_CONTROL_POLICY",
    "TAG_POLICY",
    "BACKUP_POLICY",
    "AISERVICES_OPT_OUT_POLICY",
    "CHATBOT_POLICY",
    "DECLARATIVE_POLICY_EC2",
    "SECURITYHUB_POLICY",
    "SECURITYHUB_CSPM_POLICY",
    "INSPECTOR_POLICY",
    "UPGRADE_ROLLOUT_POLICY",
    "BEDROCK_POLICY",
    "S3_POLICY",
    "NETWORK_SECURITY_DIRECTOR_POLICY",
    "GUARDDUTY_POLICY",
];

impl Rule {
    /// Checks one value as it came in a JSON body.
    pub fn check(&self, value: &Value) -> Result<(), Breach> {
        match self {
            Self::Text(least, greatest) => length(text(value)?, *least, *greatest),
            Self::Form(form) => form.check(text(value)?),
            Self::OneOf(choices) => one_of(choices, text(value)?),
            Self::EffectiveType => effective_type(text(value)?),
            Self::Whole(least, greatest) => whole(value, *least, *greatest),
            Self::Flag => value.is_boolean().then_some(()).ok_or(Breach::Type),
            Self::Instant => value.is_number().then_some(()).ok_or(Breach::Type),
            Self::List(rule, least, greatest) => list(value, rule, *least, *greatest),
            Self::Tags => value.as_array().ok_or(Breach::Type)?.iter().try_for_each(tag),
            Self::Map(rule) => {
                value.as_object().ok_or(Breach::Type)?.values().try_for_each(|value| rule.check(value))
            }
            Self::Shape(members) => shape(value, members),
        }
    }

    /// The value without what no rule knows: members that a structure does not name, and nulls in structures.
    pub fn keep(&self, value: Value) -> Value {
        match (self, value) {
            (Self::Shape(members), Value::Object(given)) => {
                let known = |name: &str| members.iter().find(|(member, ..)| *member == name);
                let keep = |(name, value): (String, Value)| {
                    let (.., rule) = known(&name).filter(|_| !value.is_null())?;
                    Some((name, rule.keep(value)))
                };
                Value::Object(given.into_iter().filter_map(keep).collect())
            }
            (Self::List(rule, ..), Value::Array(entries)) => {
                entries.into_iter().map(|entry| rule.keep(entry)).collect()
            }
            (_, value) => value,
        }
    }

    /// Turns the text of a query parameter into the JSON value that a body would have carried.
    pub fn query_value(&self, text: &str) -> Result<Value, Breach> {
        match self {
            Self::Whole(..) => text.parse::<i64>().map(Value::from).map_err(|_| Breach::Type),
            Self::Flag => text.parse::<bool>().map(Value::from).map_err(|_| Breach::Type),
            Self::Instant => instant(text).map(epoch).ok_or(Breach::Type),
            _ => Ok(Value::from(text)),
        }
    }
}

/// A point in time as AWS writes it into JSON bodies: seconds since 1970 with a fraction.
pub fn epoch(at: OffsetDateTime) -> Value {
    let milliseconds = at.unix_timestamp_nanos() / 1_000_000;
    Value::from(milliseconds as f64 / 1000.0)
}

/// The reverse of [`epoch`].
pub fn from_epoch(value: &Value) -> Option<OffsetDateTime> {
    let milliseconds = (value.as_f64()? * 1000.0).round();
    // Far beyond any year that there is; no number is none either.
    let nanoseconds = (milliseconds.abs() < 1e18).then(|| milliseconds as i128 * 1_000_000)?;
    OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).ok()
}

fn instant(text: &str) -> Option<OffsetDateTime> {
    match text.parse::<f64>() {
        Ok(seconds) => from_epoch(&Value::from(seconds)),
        Err(_) => OffsetDateTime::parse(text, &Iso8601::DEFAULT).ok(),
    }
}

fn text(value: &Value) -> Result<&str, Breach> {
    value.as_str().ok_or(Breach::Type)
}

fn length(text: &str, least: usize, greatest: usize) -> Result<(), Breach> {
    match text.chars().count() {
        count if count < least => Err(Breach::TooShort),
        count if count > greatest => Err(Breach::TooLong),
        _ => Ok(()),
    }
}

fn one_of(choices: &[&str], text: &str) -> Result<(), Breach> {
    choices.contains(&text).then_some(()).ok_or(Breach::Enum)
}

fn effective_type(text: &str) -> Result<(), Breach> {
    match text {
        "SERVICE_CONTROL_POLICY" => Err(Breach::EnumPolicyType),
        "RESOURCE_CONTROL_POLICY" => Err(Breach::Enum),
        _ => one_of(POLICY_TYPES, text),
    }
}

fn whole(value: &Value, least: i64, greatest: i64) -> Result<(), Breach> {
    match value.as_i64().ok_or(Breach::Type)? {
        number if number < least => Err(Breach::TooSmall),
        number if number > greatest => Err(Breach::TooLarge),
        _ => Ok(()),
    }
}

fn list(value: &Value, rule: &Rule, least: usize, greatest: usize) -> Result<(), Breach> {
    let entries = value.as_array().ok_or(Breach::Type)?;
    entries.iter().try_for_each(|entry| rule.check(entry))?;
    match entries.len() {
        count if count < least => Err(Breach::TooSmall),
        count if count > greatest => Err(Breach::TooLarge),
        _ => Ok(()),
    }
}

fn shape(value: &Value, members: &[Member]) -> Result<(), Breach> {
    let given = value.as_object().ok_or(Breach::Type)?;
    members.iter().try_for_each(|(name, required, rule)| match given.get(*name) {
        None | Some(Value::Null) if *required => Err(Breach::RequiredInside(name)),
        None | Some(Value::Null) => Ok(()),
        Some(value) => rule.check(value),
    })
}

fn tag(value: &Value) -> Result<(), Breach> {
    let key = value.get("Key").and_then(Value::as_str).ok_or(Breach::Required)?;
    let text = value.get("Value").and_then(Value::as_str).ok_or(Breach::Required)?;
    Form::TagKey.check(key)?;
    length(text, 0, 256)?;
    text.chars().all(is_tag_character).then_some(()).ok_or(Breach::Pattern)
}

fn is_tag_character(letter: char) -> bool {
    letter.is_alphanumeric()
        || (letter.is_whitespace() && !letter.is_control())
        || "_.:/=+-@".contains(letter)
}

impl Form {
    pub fn check(self, text: &str) -> Result<(), Breach> {
        if self == Self::TagKey {
            length(text, 1, 128)?;
        }
        self.matches(text).then_some(()).ok_or(Breach::Pattern)
    }

    pub fn matches(self, text: &str) -> bool {
        match self {
            Self::Root => text.strip_prefix("r-").is_some_and(|rest| lower(rest, 4, 32)),
            Self::Unit => text
                .strip_prefix("ou-")
                .and_then(|rest| rest.split_once('-'))
                .is_some_and(|(root, own)| lower(root, 4, 32) && lower(own, 8, 32)),
            Self::Account => text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()),
            Self::Parent => Self::Root.matches(text) || Self::Unit.matches(text),
            Self::AccountOrUnit => Self::Account.matches(text) || Self::Unit.matches(text),
            Self::Policy => text.strip_prefix("p-").is_some_and(|rest| word(rest, 8, 128, "_")),
            Self::Target => Self::Parent.matches(text) || Self::Account.matches(text),
            Self::Taggable => {
                Self::Target.matches(text)
                    || Self::Policy.matches(text)
                    || text.strip_prefix("rp-").is_some_and(|rest| word(rest, 4, 128, "_"))
            }
            Self::Service => word(text, 1, 128, "_+=,.@-"),
            Self::TagKey => text.chars().all(is_tag_character),
            Self::AccountName => {
                (1..=50).contains(&text.len()) && text.bytes().all(|byte| (0x20..0x7f).contains(&byte))
            }
            Self::CreationRequest => text.strip_prefix("car-").is_some_and(|rest| lower(rest, 8, 32)),
            Self::Handshake => text.strip_prefix("h-").is_some_and(|rest| lower(rest, 8, 32)),
            Self::Email => (6..=64).contains(&text.len()) && is_email(text),
            Self::Vault => word(text, 2, 50, "-_"),
            Self::ResourceType => word(text, 1, 50, "-_. "),
            Self::AccountOrAll => text == "*" || Self::Account.matches(text),
            Self::AccountOrGroup => matches!(text, "ANY" | "AGGREGATE_ALL") || Self::Account.matches(text),
            Self::Description => text.chars().count() <= 1_024 && !text.trim().is_empty(),
            Self::AuditName => {
                text.starts_with(|first: char| first.is_ascii_alphabetic()) && word(text, 1, 256, "_")
            }
            Self::RoleName => word(text, 1, 64, "_+=,.@-"),
            Self::SessionName => word(text, 2, 64, "_+=,.@-"),
            Self::Any => true,
        }
    }
}

fn lower(text: &str, least: usize, greatest: usize) -> bool {
    (least..=greatest).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase())
}

fn word(text: &str, least: usize, greatest: usize, others: &str) -> bool {
    (least..=greatest).contains(&text.len())
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || others.contains(letter))
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    !local.is_empty()
        && !text.contains(char::is_whitespace)
        && !domain.contains('@')
        && domain.split_once('.').is_some_and(|(host, top)| !host.is_empty() && !top.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn forms_tell_ids_apart() {
        assert!(Form::Unit.matches("ou-a1b2-0123456789"));
        assert!(!Form::Unit.matches("ou-a1b2-short"));
        assert!(Form::Parent.matches("r-a1b2") && !Form::Parent.matches("111122223333"));
        assert!(Form::Target.matches("111122223333") && !Form::Target.matches("p-0123456789"));
        assert!(Form::Email.matches("aws+x@example.com") && !Form::Email.matches("aws@example"));
    }

    #[test]
    fn query_times_are_read_as_iso_8601_and_as_epoch_seconds() {
        let expected = json!(1_769_817_600.0);
        assert_eq!(Rule::Instant.query_value("2026-01-31T00:00:00Z"), Ok(expected.clone()));
        assert_eq!(Rule::Instant.query_value("2026-01-31T00:00:00.000Z"), Ok(expected.clone()));
        assert_eq!(Rule::Instant.query_value("1769817600"), Ok(expected));
        assert_eq!(Rule::Instant.query_value("yesterday"), Err(Breach::Type));
    }

    #[test]
    fn effective_types_exclude_authorization_policies_each_in_its_own_way() {
        let rule = Rule::EffectiveType;
        assert_eq!(rule.check(&json!("BACKUP_POLICY")), Ok(()));
        assert_eq!(rule.check(&json!("SERVICE_CONTROL_POLICY")), Err(Breach::EnumPolicyType));
        assert_eq!(rule.check(&json!("RESOURCE_CONTROL_POLICY")), Err(Breach::Enum));
    }
}
