//! What directories can tell, as one table: resources are read by it, and directories read it at `/Schemas`.

use serde_json::{Map, Value, json};

use super::refusal::ProvisioningRefusal;

/// The longest text of an attribute, in characters.
const LONGEST: usize = 1_024;
/// Values of an attribute that has several.
const MOST_VALUES: usize = 10_000;

/// What a directory tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResourceKind {
    User,
    Group,
}

/// What an attribute holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Holds {
    Text,
    /// The address of a person.
    Address,
    Boolean,
    Parts(&'static [Attribute]),
}

/// An attribute of the table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attribute {
    pub name: &'static str,
    pub holds: Holds,
    pub several: bool,
    required: bool,
    pub exact_case: bool,
    unique: bool,
    mutability: &'static str,
    description: &'static str,
}

const fn attribute(name: &'static str, holds: Holds, description: &'static str) -> Attribute {
    Attribute {
        name,
        holds,
        several: false,
        required: false,
        exact_case: false,
        unique: false,
        mutability: "readWrite",
        description,
    }
}

const fn text(name: &'static str, description: &'static str) -> Attribute {
    attribute(name, Holds::Text, description)
}

impl Attribute {
    const fn several(self) -> Self {
        Self { several: true, ..self }
    }

    const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    const fn exact(self) -> Self {
        Self { exact_case: true, ..self }
    }

    const fn unique(self) -> Self {
        Self { unique: true, ..self }
    }

    const fn mutability(self, mutability: &'static str) -> Self {
        Self { mutability, ..self }
    }
}

/// Of every resource, and in no schema (RFC 7643, 3.1).
const EXTERNAL_ID: Attribute = text("externalId", "The directory's own name of it").exact();

const NAME: &[Attribute] = &[
    text("formatted", "The whole name"),
    text("familyName", "The family name"),
    text("givenName", "The given name"),
];
const EMAILS: &[Attribute] = &[
    text("value", "The address").required(),
    text("type", "What it is for, as work"),
    attribute("primary", Holds::Boolean, "Whether it is the one to use"),
];
const USER: &[Attribute] = &[
    text("userName", "What the directory calls the person").required().unique(),
    attribute("name", Holds::Parts(NAME), "The person's name"),
    text("displayName", "What the person is called here"),
    attribute("emails", Holds::Parts(EMAILS), "Addresses; the primary one, or else the first, counts")
        .several(),
    attribute("active", Holds::Boolean, "Whether the person may sign in"),
];
const MEMBERS: &[Attribute] = &[
    text("value", "The id of a person").required().exact(),
    attribute("$ref", Holds::Address, "The address of the person").exact().mutability("immutable"),
    text("display", "The person's userName").mutability("readOnly"),
];
const GROUP: &[Attribute] = &[
    text("displayName", "The group's name").required().exact(),
    attribute("members", Holds::Parts(MEMBERS), "The group's people").several(),
];

impl ResourceKind {
    pub const ALL: [Self; 2] = [Self::User, Self::Group];

    /// As `meta.resourceType` has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Group => "Group",
        }
    }

    /// The last part of its endpoint's path.
    #[must_use]
    pub const fn endpoint(self) -> &'static str {
        match self {
            Self::User => "Users",
            Self::Group => "Groups",
        }
    }

    /// The name of its schema.
    #[must_use]
    pub const fn schema(self) -> &'static str {
        match self {
            Self::User => "urn:ietf:params:scim:schemas:core:2.0:User",
            Self::Group => "urn:ietf:params:scim:schemas:core:2.0:Group",
        }
    }

    const fn description(self) -> &'static str {
        match self {
            Self::User => "Somebody of the directory",
            Self::Group => "A group of the directory",
        }
    }

    const fn attributes(self) -> &'static [Attribute] {
        match self {
            Self::User => USER,
            Self::Group => GROUP,
        }
    }

    /// An attribute that directories write, by its name in any case of letters.
    pub(super) fn attribute(self, name: &str) -> Option<&'static Attribute> {
        let external: &'static [Attribute] = &[EXTERNAL_ID];
        part(self.attributes(), name).or_else(|| part(external, name))
    }

    /// Its schema, as directories read it. `location` is its address.
    #[must_use]
    pub fn described(self, location: &str) -> Value {
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
            "id": self.schema(),
            "name": self.name(),
            "description": self.description(),
            "attributes": self.attributes().iter().map(describe).collect::<Vec<_>>(),
            "meta": {"resourceType": "Schema", "location": location},
        })
    }

    /// Its kind of resource, as directories read it. `location` is its address.
    #[must_use]
    pub fn resource_type(self, location: &str) -> Value {
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
            "id": self.name(),
            "name": self.name(),
            "endpoint": format!("/{}", self.endpoint()),
            "description": self.description(),
            "schema": self.schema(),
            "meta": {"resourceType": "ResourceType", "location": location},
        })
    }

    /// What a resource says that can be kept, under the names of the table. What the table has not is left out: directories
    /// send more than is of use here.
    pub(super) fn read(self, resource: &Value) -> Result<Map<String, Value>, ProvisioningRefusal> {
        let Value::Object(said) = resource else {
            return Err(ProvisioningRefusal::syntax("A resource is a JSON object."));
        };
        let mut kept = Map::new();
        for (name, value) in said {
            if let Some(attribute) = self.attribute(name)
                && let Some(value) = attribute.value(value)?
            {
                kept.insert(attribute.name.to_owned(), value);
            }
        }
        match self.attributes().iter().find(|a| a.required && !kept.contains_key(a.name)) {
            Some(missing) => Err(ProvisioningRefusal::value(format!("{} is needed.", missing.name))),
            None => Ok(kept),
        }
    }
}

/// A part by its name in any case of letters.
pub(super) fn part(parts: &'static [Attribute], name: &str) -> Option<&'static Attribute> {
    parts.iter().find(|part| part.name.eq_ignore_ascii_case(name))
}

impl Attribute {
    /// A value of it as it is kept; `None` where there is none.
    pub(super) fn value(&self, value: &Value) -> Result<Option<Value>, ProvisioningRefusal> {
        match value {
            Value::Null => Ok(None),
            Value::Array(values) if self.several => self.values(values),
            Value::Array(_) => Err(ProvisioningRefusal::value(format!("{} has one value.", self.name))),
            one if self.several => self.values(std::slice::from_ref(one)),
            one => self.one(one),
        }
    }

    fn values(&self, values: &[Value]) -> Result<Option<Value>, ProvisioningRefusal> {
        if values.len() > MOST_VALUES {
            let detail = format!("{} has more than {MOST_VALUES} values.", self.name);
            return Err(ProvisioningRefusal::value(detail));
        }
        let mut kept: Vec<Value> = Vec::with_capacity(values.len());
        for value in values {
            kept.extend(self.one(value)?);
        }
        // The newest primary one is it (RFC 7644, 3.5.2).
        let primary = |value: &Value| value.get("primary") == Some(&Value::Bool(true));
        let newest = kept.iter().rposition(primary);
        for (at, value) in kept.iter_mut().enumerate() {
            if primary(value) && Some(at) != newest {
                value["primary"] = Value::Bool(false);
            }
        }
        Ok((!kept.is_empty()).then_some(Value::Array(kept)))
    }

    /// One value of it.
    pub(super) fn one(&self, value: &Value) -> Result<Option<Value>, ProvisioningRefusal> {
        let wrong = |what: &str| Err(ProvisioningRefusal::value(format!("{} is {what}.", self.name)));
        match (self.holds, value) {
            (_, Value::Null) => Ok(None),
            (Holds::Text | Holds::Address, Value::String(text)) => {
                let odd = text.chars().any(model::text::is_never_typed);
                match text.chars().count() > LONGEST || odd {
                    true => wrong("a text of at most 1024 characters, without control characters"),
                    false => Ok((!text.is_empty()).then(|| value.clone())),
                }
            }
            (Holds::Text | Holds::Address, _) => wrong("a text"),
            (Holds::Boolean, Value::Bool(_)) => Ok(Some(value.clone())),
            // As Entra ID sends it.
            (Holds::Boolean, Value::String(text)) if text.eq_ignore_ascii_case("true") => {
                Ok(Some(true.into()))
            }
            (Holds::Boolean, Value::String(text)) if text.eq_ignore_ascii_case("false") => {
                Ok(Some(false.into()))
            }
            (Holds::Boolean, _) => wrong("true or false"),
            (Holds::Parts(parts), Value::Object(said)) => self.parts(parts, said),
            // A value alone is its `value` part.
            (Holds::Parts(parts), Value::String(_)) if self.several => {
                self.parts(parts, &Map::from_iter([("value".to_owned(), value.clone())]))
            }
            (Holds::Parts(_), _) => wrong("an object"),
        }
    }

    fn parts(
        &self,
        parts: &'static [Attribute],
        said: &Map<String, Value>,
    ) -> Result<Option<Value>, ProvisioningRefusal> {
        let mut kept = Map::new();
        for (name, value) in said {
            if let Some(part) = part(parts, name)
                && let Some(value) = part.value(value)?
            {
                kept.insert(part.name.to_owned(), value);
            }
        }
        match parts.iter().find(|part| part.required && !kept.contains_key(part.name)) {
            Some(missing) if !kept.is_empty() => {
                Err(ProvisioningRefusal::value(format!("{}.{} is needed.", self.name, missing.name)))
            }
            _ => Ok((!kept.is_empty()).then_some(Value::Object(kept))),
        }
    }
}

fn describe(attribute: &Attribute) -> Value {
    let mut said = json!({
        "name": attribute.name,
        "type": match attribute.holds {
            Holds::Text => "string",
            Holds::Address => "reference",
            Holds::Boolean => "boolean",
            Holds::Parts(_) => "complex",
        },
        "multiValued": attribute.several,
        "description": attribute.description,
        "required": attribute.required,
        "mutability": attribute.mutability,
        "returned": "default",
        "uniqueness": if attribute.unique { "server" } else { "none" },
    });
    match attribute.holds {
        Holds::Text => said["caseExact"] = attribute.exact_case.into(),
        Holds::Address => {
            said["caseExact"] = attribute.exact_case.into();
            said["referenceTypes"] = json!([ResourceKind::User.name()]);
        }
        Holds::Boolean => (),
        Holds::Parts(parts) => {
            said["subAttributes"] = parts.iter().map(describe).collect();
        }
    }
    said
}
