//! Filters of lists and paths (RFC 7644, 3.4.2.2): the grammar is a library's. Which values of a path they leave is decided here,
//! which resources of a list by the database.

mod compile;

use scim_v2::filter::{AttrExp, AttrPath, CompValue, CompareOp, Filter, ValFilter};
use serde_json::Value;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{
    refusal::ProvisioningRefusal,
    schema::{Holds, ResourceKind, part},
};

pub(super) use compile::compile;

/// Longer than any filter that a directory sends.
const LONGEST: usize = 4_096;

/// Reads a filter.
pub(super) fn parse(text: &str) -> Result<Filter, ProvisioningRefusal> {
    let wrong = || ProvisioningRefusal::filter("This filter cannot be read: see RFC 7644, 3.4.2.2.");
    if text.len() > LONGEST {
        return Err(wrong());
    }
    text.parse().map_err(|_| wrong())
}

/// Whether a value of an attribute that has several is one that the filter of a path leaves.
pub(super) fn leaves_value(kind: ResourceKind, of: &str, filter: &ValFilter, value: &Value) -> bool {
    match filter {
        ValFilter::Attr(expression) => compares(expression, value, exact(kind, of)),
        ValFilter::Not(inner) => !leaves_value(kind, of, inner, value),
        ValFilter::And(all) => all.iter().all(|filter| leaves_value(kind, of, filter, value)),
        ValFilter::Or(any) => any.iter().any(|filter| leaves_value(kind, of, filter, value)),
    }
}

/// Whether letters of a part of an attribute count in their case; of what the table has not, they do.
fn exact(kind: ResourceKind, of: &str) -> impl Fn(&AttrPath) -> bool {
    move |path| {
        let top = kind.attribute(of);
        top.is_none_or(|top| match top.holds {
            Holds::Parts(parts) => part(parts, &path.name).is_none_or(|part| part.exact_case),
            _ => top.exact_case,
        })
    }
}

fn compares(expression: &AttrExp, within: &Value, exact: impl Fn(&AttrPath) -> bool) -> bool {
    match expression {
        AttrExp::Present(path) => !at(within, path).is_empty(),
        AttrExp::Comparison(path, operator, wanted) => {
            let (values, exact) = (at(within, path), exact(path));
            let any =
                |operator: &CompareOp| values.iter().any(|value| compare(value, operator, wanted, exact));
            match (operator, wanted) {
                (CompareOp::Eq, CompValue::Null) => values.is_empty(),
                (CompareOp::Ne, CompValue::Null) => !values.is_empty(),
                (CompareOp::Ne, _) => !any(&CompareOp::Eq),
                (operator, _) => any(operator),
            }
        }
    }
}

fn compare(value: &Value, operator: &CompareOp, wanted: &CompValue, exact: bool) -> bool {
    match (value, wanted) {
        (Value::Bool(is), CompValue::True) => *operator == CompareOp::Eq && *is,
        (Value::Bool(is), CompValue::False) => *operator == CompareOp::Eq && !*is,
        // As Entra ID asks for it.
        (Value::Bool(is), CompValue::Str(text)) => {
            *operator == CompareOp::Eq && text.eq_ignore_ascii_case(&is.to_string())
        }
        (Value::String(is), CompValue::Str(text)) if exact => texts(is, operator, text),
        (Value::String(is), CompValue::Str(text)) => {
            texts(&is.to_lowercase(), operator, &text.to_lowercase())
        }
        _ => false,
    }
}

fn texts(is: &str, operator: &CompareOp, wanted: &str) -> bool {
    let time = |text: &str| OffsetDateTime::parse(&text.to_uppercase(), &Rfc3339).ok();
    let order = match (time(is), time(wanted)) {
        (Some(is), Some(wanted)) => is.cmp(&wanted),
        _ => is.cmp(wanted),
    };
    match operator {
        CompareOp::Eq => order.is_eq(),
        CompareOp::Ne => order.is_ne(),
        CompareOp::Co => is.contains(wanted),
        CompareOp::Sw => is.starts_with(wanted),
        CompareOp::Ew => is.ends_with(wanted),
        CompareOp::Gt => order.is_gt(),
        CompareOp::Ge => order.is_ge(),
        CompareOp::Lt => order.is_lt(),
        CompareOp::Le => order.is_le(),
    }
}

/// The values at a path. Of one that has parts, and none is named, it is the part `value`.
fn at<'v>(within: &'v Value, path: &AttrPath) -> Vec<&'v Value> {
    let values = named(within, &path.name).map(each).unwrap_or_default();
    let part = |value: &'v Value| match (&path.sub_attr, value) {
        (Some(sub), value) => named(value, sub),
        (None, Value::Object(_)) => named(value, "value"),
        (None, value) => Some(value),
    };
    values.iter().filter_map(part).filter(|value| !value.is_null()).collect()
}

fn each(value: &Value) -> &[Value] {
    match value {
        Value::Array(values) => values,
        one => std::slice::from_ref(one),
    }
}

/// A part of an object by its name in any case of letters.
fn named<'v>(within: &'v Value, name: &str) -> Option<&'v Value> {
    within.as_object()?.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}
