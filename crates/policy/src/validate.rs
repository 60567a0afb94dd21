//! Validation of the merged policy: the errors AWS reports for an effective policy (spec 2.4). One error anywhere
//! freezes the whole account at its last valid policy, so these matter more than they look.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::choices::QUOTAS_ARE_ERRORS;
use crate::merge::{Merged, Place};
use crate::path::Path;
use crate::rules::{archive_days_fit, archive_schedule_fits, continuous_days_fit};
use crate::vocabulary::{self, Key, Kind, TABLE};

/// AWS's codes for errors of an effective policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ErrorCode {
    /// A key that must be there is missing.
    KeyRequired,
    /// A list or object has fewer elements than allowed.
    ElementsTooFew,
    /// A list or object has more elements than allowed.
    ElementsTooMany,
    /// Settings exclude each other.
    CrossAttributeValidation,
}

impl ErrorCode {
    /// As AWS spells it.
    pub fn code(self) -> &'static str {
        match self {
            Self::KeyRequired => "KEY_REQUIRED",
            Self::ElementsTooFew => "ELEMENTS_TOO_FEW",
            Self::ElementsTooMany => "ELEMENTS_TOO_MANY",
            Self::CrossAttributeValidation => "CROSS_ATTRIBUTE_VALIDATION",
        }
    }
}

/// An error of an effective policy, with AWS's code, message and path. Crosses the wire as it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct EffectiveError {
    /// AWS's `ErrorCode`.
    pub code: ErrorCode,
    /// AWS's `ErrorMessage`.
    pub message: String,
    /// AWS's `PathToError`: slash-separated keys.
    pub path: String,
    /// Ids of the policies that supplied the settings concerned, sorted.
    pub contributing_policies: Vec<String>,
}

/// The errors AWS would report for the merged policy at `now`; none means it becomes the effective policy. The
/// time matters for archive opt-in only, which is judged by the next two runs of the schedule.
pub fn validate(merged: &Merged, now: OffsetDateTime) -> Vec<EffectiveError> {
    validate_by(merged, now, |name, plan| Arc::from(validate_plan(name, plan, now)))
}

/// As [`validate`], with the errors of each plan from somewhere else: they depend on the plan alone, and accounts
/// share plans.
pub(crate) fn validate_by(
    merged: &Merged,
    now: OffsetDateTime,
    mut of_plan: impl FnMut(&Arc<str>, &Arc<Place>) -> Arc<[EffectiveError]>,
) -> Vec<EffectiveError> {
    let mut validator = Validator { now, errors: Vec::new() };
    validator.itself(&TABLE, &Path::root(), merged.root());
    if let (Some(plans), Some(row)) = (present(merged.root(), "plans"), TABLE.row("plans")) {
        validator.itself(row, &Path::of(["plans"]), plans);
        for (name, plan) in plans.shared_children().filter(|(_, plan)| !plan.is_empty()) {
            validator.errors.extend_from_slice(&of_plan(name, plan));
        }
    }
    validator.errors
}

/// The errors of one plan.
pub(crate) fn validate_plan(name: &Arc<str>, plan: &Place, now: OffsetDateTime) -> Vec<EffectiveError> {
    let mut validator = Validator { now, errors: Vec::new() };
    let path = Path::of(["plans".into(), name.clone()]);
    if let Some(row) = vocabulary::lookup(&path) {
        validator.place(row, &mut path.clone(), plan);
    }
    validator.plan(&path, plan);
    validator.errors
}

impl Merged {
    /// The policy as AWS would publish it at `now`, or the errors for which it would not.
    ///
    /// # Errors
    ///
    /// As [`validate`] reports them.
    pub fn effective(&self, now: OffsetDateTime) -> Result<serde_json::Value, Vec<EffectiveError>> {
        let errors = validate(self, now);
        if errors.is_empty() { Ok(self.to_json()) } else { Err(errors) }
    }
}

struct Validator {
    now: OffsetDateTime,
    errors: Vec<EffectiveError>,
}

impl Validator {
    /// The rules that the table states key by key: what is required, and how many there may be.
    fn place(&mut self, row: &'static Key, path: &mut Path, place: &Place) {
        self.itself(row, path, place);
        for (key, below) in place.remaining() {
            if let Some(row) = row.row(key) {
                path.push(key.clone());
                self.place(row, path, below);
                path.pop();
            }
        }
    }

    /// These rules for one node, without what is below it.
    fn itself(&mut self, row: &'static Key, path: &Path, place: &Place) {
        for key in row.below().iter().filter(|key| key.need.in_effective) {
            let excused = key.need.unless.is_some_and(|other| present(place, other).is_some());
            if present(place, key.key).is_none() && !excused {
                self.add(ErrorCode::KeyRequired, format!("'{}' is missing", key.key), path, &[place]);
            }
        }
        self.elements(row, path, place);
    }

    fn elements(&mut self, row: &Key, path: &Path, place: &Place) {
        let quota = row.quota.filter(|_| QUOTAS_ARE_ERRORS).map(|most| (0, most));
        let Some((least, most)) = row.elements.or(quota) else { return };
        let count = match row.kind {
            Kind::Scalar(_) | Kind::List { .. } => place.value().map_or(0, |value| value.values().len()),
            Kind::Object(_) | Kind::Named(..) => place.remaining().count(),
        };
        if count < least {
            let message = format!("'{}' is less than the allowed minimum limit {least}", row.key);
            self.add(ErrorCode::ElementsTooFew, message, path, &[place]);
        }
        if count > most {
            let message = format!("'{}' exceeds the allowed maximum limit {most}", row.key);
            self.add(ErrorCode::ElementsTooMany, message, path, &[place]);
        }
    }

    /// The rules that tie settings together.
    fn plan(&mut self, path: &Path, plan: &Place) {
        let path = path.join("rules");
        for (name, rule) in present(plan, "rules").into_iter().flat_map(Place::remaining) {
            let at = At { path: path.join(name.clone()), name, rule };
            self.continuous(&at);
            self.archive(&at, present(rule, "lifecycle"));
            for (_, copy) in present(rule, "copy_actions").into_iter().flat_map(Place::remaining) {
                self.archive(&at, present(copy, "lifecycle"));
            }
            if let Some(scan) = present(rule, "scan_actions")
                && present(plan, "scan_settings").is_none()
            {
                let fields = "scan_actions(undefined),scan_settings(undefined)";
                self.dependent(&at, fields.into(), &[Some(scan)]);
            }
        }
    }

    fn continuous(&mut self, at: &At) {
        let lifecycle = present(at.rule, "lifecycle");
        let switch = Field::of(Some(at.rule), "enable_continuous_backup");
        let delete = Field::of(lifecycle, "delete_after_days");
        if switch.text == Some("true") && !continuous_days_fit(delete.text) {
            self.dependent_fields(at, &[switch, delete]);
        }
    }

    fn archive(&mut self, at: &At, lifecycle: Option<&Place>) {
        let switch = Field::of(lifecycle, "opt_in_to_archive_for_supported_resources");
        if switch.text != Some("true") {
            return;
        }
        let schedule = Field::of(Some(at.rule), "schedule_expression");
        if !archive_schedule_fits(schedule.text, self.now) {
            self.dependent_fields(at, &[switch, schedule]);
        }
        let delete = Field::of(lifecycle, "delete_after_days");
        let cold = Field::of(lifecycle, "move_to_cold_storage_after_days");
        if !archive_days_fit(cold.text, delete.text) {
            self.dependent_fields(at, &[switch, delete, cold]);
        }
    }

    fn dependent_fields(&mut self, at: &At, fields: &[Field]) {
        let shown: Vec<_> =
            fields.iter().map(|f| format!("{}={}", f.key, f.text.unwrap_or("undefined"))).collect();
        let places: Vec<_> = fields.iter().map(|field| field.place).collect();
        self.dependent(at, shown.join(","), &places);
    }

    fn dependent(&mut self, at: &At, fields: String, places: &[Option<&Place>]) {
        let message =
            format!("Dependent fields {fields} in policy block {} are invalid when used together", at.name);
        let places: Vec<_> = places.iter().copied().flatten().collect();
        self.add(ErrorCode::CrossAttributeValidation, message, &at.path, &places);
    }

    /// Adds an error. AWS reports equal ones once, with all policies that contribute.
    fn add(&mut self, code: ErrorCode, message: String, path: &Path, places: &[&Place]) {
        let path = path.to_string();
        let mut policies: BTreeSet<Arc<str>> = places.iter().flat_map(|place| place.contributors()).collect();
        let same = |e: &&mut EffectiveError| (e.code, &e.message, &e.path) == (code, &message, &path);
        if let Some(known) = self.errors.iter_mut().find(same) {
            policies.extend(known.contributing_policies.iter().map(|policy| policy.as_str().into()));
            known.contributing_policies = names(policies);
        } else {
            let contributing_policies = names(policies);
            self.errors.push(EffectiveError { code, message, path, contributing_policies });
        }
    }
}

/// A rule under validation.
struct At<'a> {
    path: Path,
    name: &'a str,
    rule: &'a Place,
}

/// A setting named in an error, present or not.
#[derive(Clone, Copy)]
struct Field<'a> {
    key: &'static str,
    place: Option<&'a Place>,
    text: Option<&'a str>,
}

impl<'a> Field<'a> {
    fn of(object: Option<&'a Place>, key: &'static str) -> Self {
        let place = object.and_then(|object| present(object, key));
        Self { key, place, text: place.and_then(Place::text) }
    }
}

/// The child, if anything of it remains.
fn present<'a>(place: &'a Place, key: &str) -> Option<&'a Place> {
    place.child(key).filter(|child| !child.is_empty())
}

fn names(policies: BTreeSet<Arc<str>>) -> Vec<String> {
    policies.iter().map(ToString::to_string).collect()
}

#[cfg(test)]
mod tests;
