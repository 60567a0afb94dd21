//! Changes to parts of a resource (RFC 7644, 3.5.2).

use scim_v2::filter::{AttrExp, AttrPath, CompValue, CompareOp, PatchPath, ValFilter};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    filter::leaves_value,
    refusal::ProvisioningRefusal,
    schema::{Attribute, Holds, ResourceKind, part},
};

/// So many changes in one request; Entra ID sends a hundred at most.
const MOST: usize = 1_000;

/// What is asked to be changed.
#[derive(Debug, Deserialize)]
pub struct PatchRequest {
    #[serde(rename = "Operations", alias = "operations")]
    operations: Vec<Operation>,
}

#[derive(Debug, Deserialize)]
struct Operation {
    op: String,
    #[serde(default)]
    path: Option<String>,
    #[serde(default)]
    value: Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Op {
    Add,
    Replace,
    Remove,
}

/// Makes all changes to what a resource says, or none.
pub(super) fn patch(
    kind: ResourceKind,
    said: &mut Map<String, Value>,
    request: &PatchRequest,
) -> Result<(), ProvisioningRefusal> {
    if request.operations.len() > MOST {
        return Err(ProvisioningRefusal::value(format!("More than {MOST} operations.")));
    }
    for Operation { op, path, value } in &request.operations {
        let op = match op.to_ascii_lowercase().as_str() {
            "add" => Op::Add,
            "replace" => Op::Replace,
            "remove" => Op::Remove,
            _ => return Err(ProvisioningRefusal::syntax("op is add, replace or remove.")),
        };
        match (op, path.as_deref().filter(|path| !path.is_empty())) {
            (_, Some(path)) => at_path(kind, said, op, &parse(path)?, value)?,
            (Op::Remove, None) => return Err(ProvisioningRefusal::target("remove needs a path.")),
            (_, None) => everywhere(kind, said, op, value)?,
        }
    }
    Ok(())
}

fn parse(path: &str) -> Result<PatchPath, ProvisioningRefusal> {
    path.parse().map_err(|_| ProvisioningRefusal::path("This path cannot be read: see RFC 7644, 3.5.2."))
}

/// Without a path: each name of the value is one. Names of other schemas, and what is ours alone to say, are left out.
fn everywhere(
    kind: ResourceKind,
    said: &mut Map<String, Value>,
    op: Op,
    value: &Value,
) -> Result<(), ProvisioningRefusal> {
    let Value::Object(values) = value else {
        return Err(ProvisioningRefusal::value("Without a path, value is an object."));
    };
    for (name, value) in values {
        let ours = ["id", "meta", "schemas"].iter().any(|ours| name.eq_ignore_ascii_case(ours));
        match name.parse::<PatchPath>() {
            _ if ours => (),
            Ok(path) => at_path(kind, said, op, &path, value)?,
            Err(_) if name.starts_with("urn:") => (),
            Err(_) => return Err(ProvisioningRefusal::path(format!("{name} is no path."))),
        }
    }
    Ok(())
}

fn at_path(
    kind: ResourceKind,
    said: &mut Map<String, Value>,
    op: Op,
    path: &PatchPath,
    value: &Value,
) -> Result<(), ProvisioningRefusal> {
    let (attr, filter, sub) = match path {
        PatchPath::Attr(attr) => (attr, None, attr.sub_attr.as_deref()),
        PatchPath::Value(path) => (&path.attr, Some(&path.filter), path.sub_attr.as_deref()),
    };
    let Some(attribute) = attribute(kind, attr)? else { return Ok(()) };
    let sub = match (attribute.holds, sub) {
        (_, None) => None,
        // A part that the table has not is left out, as an attribute is.
        (Holds::Parts(parts), Some(sub)) => match part(parts, sub) {
            Some(part) => Some(part),
            None => return Ok(()),
        },
        (_, Some(_)) => return Err(ProvisioningRefusal::path(format!("{} has no parts.", attribute.name))),
    };
    let change = Change { kind, attribute, sub, op, value };
    let held = said.remove(attribute.name);
    let after = match (attribute.several, filter) {
        (true, filter) => change.several(held, filter)?,
        (false, None) => change.single(held)?,
        (false, Some(_)) => {
            return Err(ProvisioningRefusal::path(format!("{} has one value.", attribute.name)));
        }
    };
    if let Some(after) = after {
        said.insert(attribute.name.to_owned(), after);
    }
    Ok(())
}

/// The attribute of a path; `None` for one that is not kept here.
fn attribute(kind: ResourceKind, path: &AttrPath) -> Result<Option<&'static Attribute>, ProvisioningRefusal> {
    if ["id", "meta", "schemas"].iter().any(|ours| path.name.eq_ignore_ascii_case(ours)) {
        return Err(ProvisioningRefusal::Mutability);
    }
    let other =
        path.uri.as_deref().is_some_and(|uri| !uri.trim_end_matches(':').eq_ignore_ascii_case(kind.schema()));
    Ok(if other { None } else { kind.attribute(&path.name) })
}

struct Change<'a> {
    kind: ResourceKind,
    attribute: &'static Attribute,
    sub: Option<&'static Attribute>,
    op: Op,
    value: &'a Value,
}

impl Change<'_> {
    /// Of an attribute that has one value; answers what it holds then.
    fn single(&self, held: Option<Value>) -> Result<Option<Value>, ProvisioningRefusal> {
        match (self.op, self.sub) {
            (Op::Remove, None) => Ok(None),
            (_, Some(sub)) => {
                let mut parts = object(held);
                self.part(&mut parts, sub)?;
                Ok((!parts.is_empty()).then_some(Value::Object(parts)))
            }
            (_, None) => match (self.attribute.one(self.value)?, held) {
                // Parts that are not named stay.
                (Some(Value::Object(new)), Some(Value::Object(mut parts))) => {
                    parts.extend(new);
                    Ok(Some(Value::Object(parts)))
                }
                (new, _) => Ok(new),
            },
        }
    }

    /// Of an attribute that has several values.
    fn several(
        &self,
        held: Option<Value>,
        filter: Option<&ValFilter>,
    ) -> Result<Option<Value>, ProvisioningRefusal> {
        let mut values = match held {
            Some(Value::Array(values)) => values,
            _ => Vec::new(),
        };
        match (filter, self.sub) {
            (None, None) => self.whole(&mut values)?,
            (filter, sub) => self.chosen(&mut values, filter, sub)?,
        }
        self.attribute.value(&Value::Array(values))
    }

    fn whole(&self, values: &mut Vec<Value>) -> Result<(), ProvisioningRefusal> {
        let new = match self.attribute.value(self.value)? {
            Some(Value::Array(new)) => new,
            _ => Vec::new(),
        };
        let same = |a: &Value, b: &Value| a.get("value") == b.get("value") && a.get("type") == b.get("type");
        match self.op {
            Op::Replace => *values = new,
            Op::Add => {
                values.retain(|value| !new.iter().any(|new| same(new, value)));
                values.extend(new);
            }
            // As Entra ID removes people from groups: no filter, and the values beside the path.
            Op::Remove if !self.value.is_null() => {
                values.retain(|value| !new.iter().any(|new| new.get("value") == value.get("value")));
            }
            Op::Remove => values.clear(),
        }
        Ok(())
    }

    /// Of those values that a filter leaves, or of all.
    fn chosen(
        &self,
        values: &mut Vec<Value>,
        filter: Option<&ValFilter>,
        sub: Option<&'static Attribute>,
    ) -> Result<(), ProvisioningRefusal> {
        let leaves = |value: &Value| {
            filter.is_none_or(|filter| leaves_value(self.kind, self.attribute.name, filter, value))
        };
        if self.op == Op::Remove && sub.is_none() {
            values.retain(|value| !leaves(value));
            return Ok(());
        }
        if !values.iter().any(leaves) && self.op != Op::Remove {
            // Directories set a value of a type that there is not yet.
            let new = filter.and_then(made).ok_or_else(|| {
                ProvisioningRefusal::target(format!("No value of {} fits.", self.attribute.name))
            })?;
            values.push(new);
        }
        for value in values.iter_mut().filter(|value| leaves(value)) {
            let mut parts = object(Some(value.take()));
            match sub {
                Some(sub) => self.part(&mut parts, sub)?,
                None => parts
                    .extend(self.attribute.one(self.value)?.map(|new| object(Some(new))).unwrap_or_default()),
            }
            *value = Value::Object(parts);
        }
        // A value without what it is for is none.
        values.retain(|value| value.get("value").is_some());
        Ok(())
    }

    fn part(&self, parts: &mut Map<String, Value>, sub: &Attribute) -> Result<(), ProvisioningRefusal> {
        parts.remove(sub.name);
        if self.op != Op::Remove
            && let Some(value) = sub.value(self.value)?
        {
            parts.insert(sub.name.to_owned(), value);
        }
        Ok(())
    }
}

/// A value that a filter of equals would leave.
fn made(filter: &ValFilter) -> Option<Value> {
    match filter {
        ValFilter::Attr(AttrExp::Comparison(path, CompareOp::Eq, CompValue::Str(text))) => {
            Some(json!({ path.name.as_str(): text }))
        }
        ValFilter::Attr(AttrExp::Comparison(path, CompareOp::Eq, CompValue::True)) => {
            Some(json!({ path.name.as_str(): true }))
        }
        _ => None,
    }
}

fn object(value: Option<Value>) -> Map<String, Value> {
    match value {
        Some(Value::Object(parts)) => parts,
        _ => Map::new(),
    }
}
