//! Filters of lists, put into what the database is asked.

use scim_v2::filter::{AttrExp, AttrPath, CompValue, CompareOp, Filter, ValFilter};
use store::{ProvisionedFilter, ProvisionedList, ProvisionedOperator, ProvisionedValue};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::super::{
    refusal::ProvisioningRefusal,
    schema::{Attribute, Holds, ResourceKind, part},
};

/// Filters within each other.
const DEEPEST: usize = 20;
/// Comparisons of a filter: more than any directory sends.
const MOST: usize = 100;

/// What an attribute of a filter is.
struct Named {
    value: ProvisionedValue,
    holds: Sort,
    /// Letters count in their case.
    exact: bool,
    /// It is of each of several.
    list: Option<ProvisionedList>,
}

/// What values can be compared with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Text,
    Time,
    /// Of a part of an address, or whether somebody is active.
    Boolean,
    Active,
    /// It has parts: it is there or not.
    Whole,
}

/// A filter, as the database is asked. `root` is the address that all resources lie below.
pub(in super::super) fn compile(
    kind: ResourceKind,
    filter: &Filter,
    root: &str,
) -> Result<ProvisionedFilter, ProvisioningRefusal> {
    let mut compiler = Compiler { kind, root, compared: 0 };
    compiler.filter(filter, 0)
}

struct Compiler<'f> {
    kind: ResourceKind,
    root: &'f str,
    compared: usize,
}

type Compiled = Result<ProvisionedFilter, ProvisioningRefusal>;

impl Compiler<'_> {
    fn filter(&mut self, filter: &Filter, depth: usize) -> Compiled {
        let depth = deeper(depth)?;
        Ok(match filter {
            Filter::Attr(expression) => {
                let named = self.named(path_of(expression));
                self.expression(expression, named)?
            }
            Filter::ValuePath(path) => match self.list(&path.attr.name) {
                Some((list, of)) => {
                    ProvisionedFilter::Has(list, Box::new(self.of_value(of, &path.filter, depth)?))
                }
                None => match self.kind.attribute(&path.attr.name) {
                    Some(of) => self.of_value(of, &path.filter, depth)?,
                    None => ProvisionedFilter::Nothing,
                },
            },
            Filter::Not(inner) => ProvisionedFilter::Not(Box::new(self.filter(inner, depth)?)),
            Filter::And(all) => ProvisionedFilter::All(
                all.iter().map(|one| self.filter(one, depth)).collect::<Result<_, _>>()?,
            ),
            Filter::Or(any) => ProvisionedFilter::Any(
                any.iter().map(|one| self.filter(one, depth)).collect::<Result<_, _>>()?,
            ),
        })
    }

    /// A filter of the parts of an attribute.
    fn of_value(&mut self, of: &'static Attribute, filter: &ValFilter, depth: usize) -> Compiled {
        let depth = deeper(depth)?;
        Ok(match filter {
            ValFilter::Attr(expression) => {
                let named =
                    self.part_of(of, &path_of(expression).name).map(|named| Named { list: None, ..named });
                self.expression(expression, named)?
            }
            ValFilter::Not(inner) => ProvisionedFilter::Not(Box::new(self.of_value(of, inner, depth)?)),
            ValFilter::And(all) => ProvisionedFilter::All(
                all.iter().map(|one| self.of_value(of, one, depth)).collect::<Result<_, _>>()?,
            ),
            ValFilter::Or(any) => ProvisionedFilter::Any(
                any.iter().map(|one| self.of_value(of, one, depth)).collect::<Result<_, _>>()?,
            ),
        })
    }

    fn expression(&mut self, expression: &AttrExp, named: Option<Named>) -> Compiled {
        self.compared += 1;
        if self.compared > MOST {
            return Err(ProvisioningRefusal::filter("This filter has more than 100 comparisons."));
        }
        let not = |filter| ProvisionedFilter::Not(Box::new(filter));
        let Some(named) = named else {
            let absent = match expression {
                AttrExp::Comparison(_, CompareOp::Eq, CompValue::Null) => true,
                AttrExp::Comparison(_, CompareOp::Ne, wanted) => !matches!(wanted, CompValue::Null),
                _ => false,
            };
            return Ok(if absent { not(ProvisionedFilter::Nothing) } else { ProvisionedFilter::Nothing });
        };
        let within = |filter| match named.list {
            Some(list) => ProvisionedFilter::Has(list, Box::new(filter)),
            None => filter,
        };
        let present = || match named.holds {
            Sort::Active => not(ProvisionedFilter::Nothing),
            _ => ProvisionedFilter::Present(named.value.clone()),
        };
        Ok(match expression {
            AttrExp::Present(_) => within(present()),
            AttrExp::Comparison(_, CompareOp::Eq, CompValue::Null) => not(within(present())),
            AttrExp::Comparison(_, CompareOp::Ne, CompValue::Null) => within(present()),
            AttrExp::Comparison(_, CompareOp::Ne, wanted) => {
                not(within(compared(&named, &CompareOp::Eq, wanted)))
            }
            AttrExp::Comparison(_, operator, wanted) => within(compared(&named, operator, wanted)),
        })
    }

    /// What several values an attribute of this name has.
    fn list(&self, name: &str) -> Option<(ProvisionedList, &'static Attribute)> {
        let attribute = self.kind.attribute(name).filter(|attribute| attribute.several)?;
        let list = match self.kind {
            ResourceKind::User => ProvisionedList::Emails,
            ResourceKind::Group => ProvisionedList::Members,
        };
        Some((list, attribute))
    }

    /// What the path of an attribute names; `None` where there is no such thing.
    fn named(&self, path: &AttrPath) -> Option<Named> {
        let sub = path.sub_attr.as_deref();
        let one = |value, holds, exact| Some(Named { value, holds, exact, list: None });
        if let Some(attribute) = self.kind.attribute(&path.name) {
            return match attribute.holds {
                Holds::Parts(_) if attribute.several || sub.is_some() => {
                    self.part_of(attribute, sub.unwrap_or("value"))
                }
                Holds::Parts(_) => one(ProvisionedValue::Told(vec![attribute.name]), Sort::Whole, true),
                _ if sub.is_some() => None,
                Holds::Boolean => one(ProvisionedValue::Id, Sort::Active, true),
                _ => one(self.value(attribute.name), Sort::Text, attribute.exact_case),
            };
        }
        let name = |known: &str| path.name.eq_ignore_ascii_case(known);
        let part = sub.map(str::to_ascii_lowercase);
        match part.as_deref() {
            None if name("id") => one(ProvisionedValue::Id, Sort::Text, true),
            None if name("schemas") => one(ProvisionedValue::Constant(self.kind.schema()), Sort::Text, true),
            None if name("meta") => one(ProvisionedValue::Id, Sort::Whole, true),
            Some("resourcetype") if name("meta") => {
                one(ProvisionedValue::Constant(self.kind.name()), Sort::Text, true)
            }
            Some("created") if name("meta") => one(ProvisionedValue::Created, Sort::Time, true),
            Some("lastmodified") if name("meta") => one(ProvisionedValue::Changed, Sort::Time, true),
            Some("version") if name("meta") => one(ProvisionedValue::Version, Sort::Text, true),
            Some("location") if name("meta") => {
                let address = format!("{}/{}/", self.root, self.kind.endpoint());
                one(ProvisionedValue::Address(address), Sort::Text, true)
            }
            _ => None,
        }
    }

    fn value(&self, name: &'static str) -> ProvisionedValue {
        match (self.kind, name) {
            (_, "externalId") => ProvisionedValue::ExternalId,
            (ResourceKind::User, "userName") | (ResourceKind::Group, "displayName") => ProvisionedValue::Name,
            _ => ProvisionedValue::Told(vec![name]),
        }
    }

    /// A part of an attribute, by its name in any case of letters.
    fn part_of(&self, of: &'static Attribute, name: &str) -> Option<Named> {
        let Holds::Parts(parts) = of.holds else { return None };
        let part = part(parts, name)?;
        let list = self.list(of.name).map(|(list, _)| list);
        let value = match (list, part.name) {
            (None, name) => ProvisionedValue::Told(vec![of.name, name]),
            (Some(ProvisionedList::Emails), name) => ProvisionedValue::Part(name),
            (Some(ProvisionedList::Members), "display") => ProvisionedValue::MemberName,
            (Some(ProvisionedList::Members), "$ref") => {
                let root = format!("{}/{}/", self.root, ResourceKind::User.endpoint());
                ProvisionedValue::Member(root)
            }
            (Some(ProvisionedList::Members), _) => ProvisionedValue::Member(String::new()),
        };
        let holds = if matches!(part.holds, Holds::Boolean) { Sort::Boolean } else { Sort::Text };
        Some(Named { value, holds, exact: part.exact_case, list })
    }
}

fn deeper(depth: usize) -> Result<usize, ProvisioningRefusal> {
    let wrong = || ProvisioningRefusal::filter("This filter has more than 20 filters within each other.");
    (depth < DEEPEST).then_some(depth + 1).ok_or_else(wrong)
}

const fn path_of(expression: &AttrExp) -> &AttrPath {
    match expression {
        AttrExp::Present(path) | AttrExp::Comparison(path, ..) => path,
    }
}

/// A comparison with a value that is there.
fn compared(named: &Named, operator: &CompareOp, wanted: &CompValue) -> ProvisionedFilter {
    let value = named.value.clone();
    match (named.holds, wanted) {
        (Sort::Active | Sort::Boolean, wanted) => {
            let is = match wanted {
                CompValue::True => true,
                CompValue::False => false,
                // As Entra ID asks for it.
                CompValue::Str(text) if text.eq_ignore_ascii_case("true") => true,
                CompValue::Str(text) if text.eq_ignore_ascii_case("false") => false,
                _ => return ProvisionedFilter::Nothing,
            };
            match operator {
                CompareOp::Eq if named.holds == Sort::Active => ProvisionedFilter::Active(is),
                CompareOp::Eq => ProvisionedFilter::Is(value, is),
                _ => ProvisionedFilter::Nothing,
            }
        }
        // Nothing that is kept has it, and the database takes none.
        (_, CompValue::Str(text)) if text.contains('\0') => ProvisionedFilter::Nothing,
        (Sort::Text | Sort::Time, CompValue::Str(text)) => {
            let of_text = matches!(operator, CompareOp::Co | CompareOp::Sw | CompareOp::Ew);
            let time = OffsetDateTime::parse(&text.to_uppercase(), &Rfc3339).ok();
            let operator = in_words(operator);
            match time.filter(|_| named.holds == Sort::Time && !of_text) {
                Some(at) => ProvisionedFilter::Time { value, operator, at },
                None => ProvisionedFilter::Text { value, operator, text: text.clone(), exact: named.exact },
            }
        }
        _ => ProvisionedFilter::Nothing,
    }
}

/// What is not equal was turned round before.
const fn in_words(operator: &CompareOp) -> ProvisionedOperator {
    match operator {
        CompareOp::Co => ProvisionedOperator::Contains,
        CompareOp::Sw => ProvisionedOperator::Starts,
        CompareOp::Ew => ProvisionedOperator::Ends,
        CompareOp::Gt => ProvisionedOperator::Greater,
        CompareOp::Ge => ProvisionedOperator::GreaterOrEqual,
        CompareOp::Lt => ProvisionedOperator::Less,
        CompareOp::Le => ProvisionedOperator::LessOrEqual,
        CompareOp::Eq | CompareOp::Ne => ProvisionedOperator::Equal,
    }
}
