//! How an operation looks on the wire: where its name stands, its members, its pages.

use super::rule::Rule;
use serde_json::{Map, Value};

/// An operation of a service, or of the control endpoint.
#[derive(Debug)]
pub struct Operation {
    pub name: &'static str,
    pub route: Route,
    pub pages: Pages,
    pub input: &'static [Field],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// AWS JSON 1.1: named by the `X-Amz-Target` header.
    Target,
    /// The same of the Resource Groups Tagging API.
    Tagging,
    /// REST-JSON: a method and a path whose `{...}` segments are members; slashes at the end do not count.
    Path(&'static str, &'static str),
    /// Query protocol: named by the form's `Action`; which service, as IAM actions write it.
    Form(&'static str),
    /// Not of AWS: a change that the control endpoint makes.
    Control,
}

/// Where an operation takes `MaxResults` and `NextToken`, and how many entries a page has at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pages {
    None,
    /// In the body, 1 to 20.
    Body,
    /// In the query as `maxResults` and `nextToken`, 1 to 1,000.
    Camel,
    /// In the query as `MaxResults` and `NextToken`, 1 to 1,000.
    Pascal,
}

/// One member of an operation's input.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    pub name: &'static str,
    pub place: Place,
    pub required: bool,
    pub rule: Rule,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Body,
    Query(&'static str),
    Path(&'static str),
}

/// A required member of the body.
pub const fn need(name: &'static str, rule: Rule) -> Field {
    Field { name, place: Place::Body, required: true, rule }
}

/// An optional member of the body.
pub const fn may(name: &'static str, rule: Rule) -> Field {
    Field { name, place: Place::Body, required: false, rule }
}

/// An optional member in the query string.
pub const fn query(name: &'static str, wire: &'static str, rule: Rule) -> Field {
    Field { name, place: Place::Query(wire), required: false, rule }
}

/// A member in the path, which is required by nature.
pub const fn path(name: &'static str, wire: &'static str, rule: Rule) -> Field {
    Field { name, place: Place::Path(wire), required: true, rule }
}

impl Operation {
    pub const fn new(name: &'static str, route: Route) -> Self {
        Self { name, route, pages: Pages::None, input: &[] }
    }

    /// Prefix of IAM actions, for example `organizations`.
    pub fn service(&self) -> &'static str {
        match self.route {
            Route::Target => "organizations",
            Route::Tagging => "tag",
            Route::Path(..) => "backup",
            Route::Form(service) => service,
            Route::Control => "control",
        }
    }

    /// The IAM action: names alone are not unique, both services have a `TagResource`.
    pub fn qualified(&self) -> String {
        format!("{}:{}", self.service(), self.name)
    }

    /// What a body says to this operation; members that it does not know are ignored, as AWS does.
    pub fn known(&self, body: Map<String, Value>) -> Map<String, Value> {
        let field = |name: &str| self.fields().find(|field| field.name == name && field.place == Place::Body);
        let keep = |(name, value): (String, Value)| {
            let field = field(&name).filter(|_| !value.is_null())?;
            Some((name, field.rule.keep(value)))
        };
        body.into_iter().filter_map(keep).collect()
    }

    /// The members of the input, those of paging included.
    pub fn fields(&self) -> impl Iterator<Item = Field> {
        self.input.iter().copied().chain(self.pages.fields().into_iter().flatten())
    }
}

impl AsRef<Self> for Operation {
    fn as_ref(&self) -> &Self {
        self
    }
}

impl Pages {
    pub fn most(self) -> usize {
        if self == Self::Body { 20 } else { 1000 }
    }

    fn fields(self) -> Option<[Field; 2]> {
        let (size, token) = match self {
            Self::None => return None,
            Self::Body => (Place::Body, Place::Body),
            Self::Camel => (Place::Query("maxResults"), Place::Query("nextToken")),
            Self::Pascal => (Place::Query("MaxResults"), Place::Query("NextToken")),
        };
        let most = Rule::Whole(1, self.most() as i64);
        Some([
            Field { name: "MaxResults", place: size, required: false, rule: most },
            Field { name: "NextToken", place: token, required: false, rule: Rule::Text(0, 100_000) },
        ])
    }
}
