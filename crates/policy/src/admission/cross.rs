//! Rules that tie several settings of one document together (spec 1.3). They look only at what this document
//! assigns; the same rules over the merged result are in [`crate::validate`].

use std::sync::Arc;

use time::OffsetDateTime;

use crate::choices::REGIONS_FOLLOW_ARNS;
use crate::document::{Document, Member, Node};
use crate::operator::{Operator, is_operator_like};
use crate::path::Path;
use crate::problem::{Problem, Severity};
use crate::rules::{
    ARCHIVE_DISTANCE_DAYS, CONTINUOUS_MOST_DAYS, archive_days_fit, archive_schedule_fits, continuous_days_fit,
};
use crate::vocabulary::regions::{Partition, region};

/// A place in the document: its path and the member there.
struct At<'a> {
    path: Path,
    member: &'a Member,
}

pub(super) fn check(document: &Document, now: OffsetDateTime, problems: &mut Vec<Problem>) {
    let mut cross = Cross { now, problems };
    cross.partition(document.root());
    let Some(plans) = document.root().spelled("plans") else { return };
    for plan in At::top(plans).below() {
        cross.tags(plan.child("backup_plan_tags"));
        for rule in plan.child("rules").iter().flat_map(At::below) {
            cross.tags(rule.child("recovery_point_tags"));
            cross.continuous(&rule);
            cross.archive(&rule, rule.child("lifecycle"));
            for copy in rule.child("copy_actions").iter().flat_map(At::below) {
                cross.archive(&rule, copy.child("lifecycle"));
            }
        }
    }
}

impl<'a> At<'a> {
    fn top(member: &'a Member) -> Self {
        At { path: Path::of([member.key.clone()]), member }
    }

    fn below(&self) -> impl Iterator<Item = At<'a>> + use<'a> {
        let path = self.path.clone();
        let keys = self.member.node.members().iter().filter(|member| !is_operator_like(&member.key));
        keys.map(move |member| At { path: path.join(member.key.clone()), member })
    }

    fn child(&self, key: &str) -> Option<At<'a>> {
        let member = self.member.node.spelled(key)?;
        Some(At { path: self.path.join(member.key.clone()), member })
    }

    /// What this document assigns to the setting `key`.
    fn assigned(&self, key: &str) -> Option<Arc<str>> {
        assigned(&self.member.node.spelled(key)?.node)
    }
}

fn assigned(setting: &Node) -> Option<Arc<str>> {
    setting.spelled(Operator::Assign.key())?.node.scalar()
}

struct Cross<'a> {
    now: OffsetDateTime,
    problems: &'a mut Vec<Problem>,
}

impl Cross<'_> {
    /// The id of a tag entry equals its tag key ignoring case.
    fn tags(&mut self, tags: Option<At>) {
        for tag in tags.iter().flat_map(At::below) {
            let Some(key) = tag.assigned("tag_key") else { continue };
            if key.to_lowercase() != tag.member.key.to_lowercase() {
                let message = format!("this entry is named \"{}\", its tag key is \"{key}\"", tag.member.key);
                self.note(
                    "tag-id",
                    &tag,
                    message,
                    format!("name the entry \"{key}\"; upper and lower case may differ"),
                );
            }
        }
    }

    /// Continuous backup needs a retention of at most 35 days and no cold storage.
    fn continuous(&mut self, rule: &At) {
        if rule.assigned("enable_continuous_backup").as_deref() != Some("true") {
            return;
        }
        let Some(switch) = rule.child("enable_continuous_backup") else { return };
        let lifecycle = rule.child("lifecycle");
        let days = lifecycle.as_ref().and_then(|at| at.assigned("delete_after_days"));
        if !continuous_days_fit(days.as_deref()) {
            let message = match days {
                Some(days) => {
                    format!("continuous backup keeps at most {CONTINUOUS_MOST_DAYS} days, not {days}")
                }
                None => "continuous backup needs a retention in the same policy".into(),
            };
            let help = format!("set lifecycle/delete_after_days to {CONTINUOUS_MOST_DAYS} or less");
            self.note("continuous-retention", &switch, message, help);
        }
        if lifecycle.is_some_and(|at| at.assigned("move_to_cold_storage_after_days").is_some()) {
            let help =
                "remove move_to_cold_storage_after_days, or use a second rule without continuous backup";
            self.note("continuous-cold-storage", &switch, "continuous backup cannot use cold storage", help);
        }
    }

    /// Archive opt-in, in a rule's lifecycle or a copy's, needs days 90 apart and a schedule of 28 days.
    fn archive(&mut self, rule: &At, lifecycle: Option<At>) {
        let Some(lifecycle) = lifecycle else { return };
        let switch = "opt_in_to_archive_for_supported_resources";
        if lifecycle.assigned(switch).as_deref() != Some("true") {
            return;
        }
        let Some(at) = lifecycle.child(switch) else { return };
        let cold = lifecycle.assigned("move_to_cold_storage_after_days");
        let delete = lifecycle.assigned("delete_after_days");
        if !archive_days_fit(cold.as_deref(), delete.as_deref()) {
            let message = "the archive tier needs both day counts, far enough apart";
            let help = format!(
                "set move_to_cold_storage_after_days, and delete_after_days at least {ARCHIVE_DISTANCE_DAYS} days later"
            );
            self.note("archive-days", &at, message, help);
        }
        if !archive_schedule_fits(rule.assigned("schedule_expression").as_deref(), self.now) {
            let message = "the archive tier needs a schedule of at most every 28 days in the same policy";
            self.note("archive-schedule", &at, message, "use a monthly schedule such as cron(0 5 1 * ? *)");
        }
    }

    /// Beside an ARN of one partition, AWS does not know the Regions of GovCloud or China if they are another one.
    /// Commercial Regions are not refused: the forms of ARNs take any partition (spec 1.3); advice warns of them.
    fn partition(&mut self, root: &Node) {
        let Some(partition) = Some(root).filter(|_| REGIONS_FOLLOW_ARNS).and_then(partition_of) else {
            return;
        };
        let Some(plans) = root.spelled("plans") else { return };
        for plan in At::top(plans).below() {
            let Some(regions) = plan.child("regions") else { continue };
            for list in regions.member.node.members() {
                for element in list.node.elements() {
                    let found = element.scalar().and_then(|code| region(&code));
                    let strange =
                        |partition_of: Partition| ![partition, Partition::Aws].contains(&partition_of);
                    let Some(other) = found.filter(|region| strange(region.partition)) else { continue };
                    let message =
                        format!("{} is in another partition than the ARNs of this policy", other.code);
                    let help = format!("use Regions of {} only", partition.code());
                    self.problems.push(Problem::new(
                        Severity::Error,
                        "other-partition",
                        &regions.path,
                        element.span,
                        message,
                        help,
                    ));
                }
            }
        }
    }

    fn note(&mut self, code: &'static str, at: &At, message: impl Into<String>, help: impl Into<String>) {
        let span = at.member.key_span;
        self.problems.push(Problem::new(Severity::Error, code, &at.path, span, message, help));
    }
}

/// The partition of the first ARN in the document.
fn partition_of(node: &Node) -> Option<Partition> {
    let own = node.scalar().and_then(|text| Partition::of_arn(&text));
    let elements = || node.elements().iter().find_map(partition_of);
    let members = || {
        let below = |member: &Member| Partition::of_arn(&member.key).or_else(|| partition_of(&member.node));
        node.members().iter().find_map(below)
    };
    own.or_else(elements).or_else(members)
}
