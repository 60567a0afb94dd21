//! Resources as directories write and read them, and as they are kept.

use model::text;
use serde_json::{Map, Value, json};
use store::{ProvisionedGroup, ProvisionedPerson, PutProvisionedGroup, PutProvisionedPerson};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{refusal::ProvisioningRefusal, schema::ResourceKind};

/// Names are cut there, as forms would refuse longer ones.
const LONGEST_NAME: usize = 100;

/// A resource as its directory reads it.
#[derive(Clone, Debug, PartialEq)]
pub struct ProvisionedResource {
    pub id: String,
    /// Its address.
    pub location: String,
    pub version: i64,
    /// As JSON, with `meta`.
    pub shown: Value,
}

/// A resource that is kept.
pub(super) enum Kept {
    Person(ProvisionedPerson),
    Group(ProvisionedGroup),
}

impl Kept {
    pub(super) const fn version(&self) -> i64 {
        match self {
            Self::Person(person) => person.version,
            Self::Group(group) => group.version,
        }
    }

    /// What directories can write of it.
    pub(super) fn said(&self) -> Map<String, Value> {
        let mut said = Map::new();
        let mut put = |name: &str, value: Option<Value>| {
            value.map(|value| said.insert(name.to_owned(), value));
        };
        match self {
            Self::Person(person) => {
                put("externalId", person.external_id.clone().map(Value::from));
                put("userName", Some(person.user_name.clone().into()));
                for name in ["name", "displayName", "emails"] {
                    put(name, person.attributes.get(name).cloned());
                }
                put("active", Some(person.active.into()));
            }
            Self::Group(group) => {
                put("externalId", group.external_id.clone().map(Value::from));
                put("displayName", Some(group.display_name.clone().into()));
                let member = |(id, name): &(String, String)| json!({"value": id, "display": name});
                let members: Vec<Value> = group.members.iter().map(member).collect();
                put("members", (!members.is_empty()).then_some(Value::Array(members)));
            }
        }
        said
    }

    /// As its directory reads it; `root` is the address that all resources lie below.
    pub(super) fn shown(&self, kind: ResourceKind, root: &str) -> ProvisionedResource {
        let (id, created, changed) = match self {
            Self::Person(person) => (&person.id, person.created_at, person.changed_at),
            Self::Group(group) => (&group.id, group.created_at, group.changed_at),
        };
        let (location, version) = (format!("{root}/{}/{id}", kind.endpoint()), self.version());
        let time = |at: OffsetDateTime| at.format(&Rfc3339).unwrap_or_default();
        let mut shown = Map::new();
        shown.insert("schemas".into(), json!([kind.schema()]));
        shown.insert("id".into(), id.clone().into());
        shown.extend(self.said());
        for member in shown.get_mut("members").and_then(Value::as_array_mut).into_iter().flatten() {
            let id = member.get("value").and_then(Value::as_str).unwrap_or_default();
            let address = format!("{root}/{}/{id}", ResourceKind::User.endpoint());
            member["$ref"] = address.into();
        }
        shown.insert(
            "meta".into(),
            json!({"resourceType": kind.name(), "created": time(created), "lastModified": time(changed),
                "location": location, "version": etag(version)}),
        );
        ProvisionedResource { id: id.clone(), location, version, shown: Value::Object(shown) }
    }
}

/// The version of a resource, as `ETag` has it.
#[must_use]
pub fn etag(version: i64) -> String {
    format!("W/\"{version}\"")
}

/// What a directory says of a person, to be written. `active` is what counts where it does not say.
pub(super) fn person(
    id: String,
    mut said: Map<String, Value>,
    active: bool,
) -> Result<PutProvisionedPerson, ProvisioningRefusal> {
    let user_name = text_of(&mut said, "userName").unwrap_or_default();
    let external_id = text_of(&mut said, "externalId");
    let active = said.shift_remove("active").and_then(|value| value.as_bool()).unwrap_or(active);
    let email = address(&said).unwrap_or_else(|| user_name.clone()).to_lowercase();
    if !text::SIGN_IN_NAME.takes(&email) || email.chars().any(char::is_whitespace) {
        let detail =
            "An e-mail address (or else a userName) of 1 to 254 characters without spaces is needed.";
        return Err(ProvisioningRefusal::value(detail));
    }
    let name = name(&said).unwrap_or_else(|| email.clone());
    let name: String = name.chars().take(LONGEST_NAME).collect();
    let attributes = Value::Object(said);
    Ok(PutProvisionedPerson { id, user_name, external_id, active, attributes, email, name })
}

/// What a directory says of a group, to be written.
pub(super) fn group(id: String, mut said: Map<String, Value>) -> PutProvisionedGroup {
    let display_name = text_of(&mut said, "displayName").unwrap_or_default();
    let external_id = text_of(&mut said, "externalId");
    let members = said.get("members").and_then(Value::as_array).into_iter().flatten();
    let members = members.filter_map(|member| Some(member.get("value")?.as_str()?.to_owned())).collect();
    PutProvisionedGroup { id, display_name, external_id, members }
}

fn text_of(said: &mut Map<String, Value>, name: &str) -> Option<String> {
    match said.shift_remove(name) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}

/// The primary address, else that of work, else the first.
fn address(said: &Map<String, Value>) -> Option<String> {
    let emails = said.get("emails")?.as_array()?;
    let primary = emails.iter().find(|email| email.get("primary") == Some(&Value::Bool(true)));
    let work = || emails.iter().find(|email| email.get("type").is_some_and(|kind| kind == "work"));
    let email = primary.or_else(work).or_else(|| emails.first())?;
    email.get("value")?.as_str().map(str::to_owned)
}

fn name(said: &Map<String, Value>) -> Option<String> {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let name = said.get("name");
    let part = |part: &str| text(name.and_then(|name| name.get(part)));
    let both = match (part("givenName"), part("familyName")) {
        (Some(given), Some(family)) => Some(format!("{given} {family}")),
        (given, family) => given.or(family),
    };
    text(said.get("displayName")).or_else(|| part("formatted")).or(both)
}

/// The attributes of a resource that a request asks for; `id` and `schemas` in any case. Both lists hold names, separated
/// by commas.
#[must_use]
pub fn project(shown: &Value, attributes: &str, excluded: &str) -> Value {
    let list = |text: &str| -> Vec<String> {
        text.split(',').map(|name| bare(name.trim()).to_owned()).filter(|name| !name.is_empty()).collect()
    };
    let (attributes, excluded) = (list(attributes), list(excluded));
    let mut left = Value::Object(Map::new());
    for (name, value) in shown.as_object().into_iter().flatten() {
        let always = name == "id" || name == "schemas";
        let value = if always {
            Some(value.clone())
        } else if !attributes.is_empty() {
            only(name, value, &attributes)
        } else {
            without(name, value, &excluded)
        };
        if let Some(value) = value {
            left[name] = value;
        }
    }
    left
}

/// A name without the schema that it may begin with.
fn bare(name: &str) -> &str {
    ResourceKind::ALL
        .iter()
        .find_map(|kind| name.strip_prefix(kind.schema())?.strip_prefix(':'))
        .unwrap_or(name)
}

fn parts_of<'n>(name: &str, names: &'n [String]) -> Vec<&'n str> {
    let of = |full: &'n String| {
        let (top, part) = full.split_once('.')?;
        top.eq_ignore_ascii_case(name).then_some(part)
    };
    names.iter().filter_map(of).collect()
}

fn only(name: &str, value: &Value, names: &[String]) -> Option<Value> {
    if names.iter().any(|wanted| wanted.eq_ignore_ascii_case(name)) {
        return Some(value.clone());
    }
    let parts = parts_of(name, names);
    let pick = |value: &Value| -> Value {
        let held = value.as_object().into_iter().flatten();
        let asked = held.filter(|(key, _)| parts.iter().any(|part| part.eq_ignore_ascii_case(key)));
        asked.map(|(key, value)| (key.clone(), value.clone())).collect()
    };
    (!parts.is_empty()).then(|| each(value, pick))
}

fn without(name: &str, value: &Value, names: &[String]) -> Option<Value> {
    if names.iter().any(|excluded| excluded.eq_ignore_ascii_case(name)) {
        return None;
    }
    let parts = parts_of(name, names);
    let drop = |value: &Value| -> Value {
        let held = value.as_object().into_iter().flatten();
        let stays = held.filter(|(key, _)| !parts.iter().any(|part| part.eq_ignore_ascii_case(key)));
        stays.map(|(key, value)| (key.clone(), value.clone())).collect()
    };
    Some(if parts.is_empty() { value.clone() } else { each(value, drop) })
}

fn each(value: &Value, change: impl Fn(&Value) -> Value) -> Value {
    match value {
        Value::Array(values) => values.iter().map(change).collect(),
        one => change(one),
    }
}
