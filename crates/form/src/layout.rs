//! What the form shows for one entry (a plan, a rule, a selection), read off the table of keys.

use policy::{
    Path,
    vocabulary::{Key, Kind},
};

/// Objects and groups that stand open; the others wait under “More settings” until something is in them.
const OPEN: [&str; 4] = ["plans", "lifecycle", "rules", "selections"];

/// Settings that few policies need.
const SELDOM: [&str; 2] =
    ["target_logically_air_gapped_backup_vault_arn", "opt_in_to_archive_for_supported_resources"];

/// A setting, or a group of named entries, that belongs to an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormItem {
    /// Keys from the entry down.
    pub keys: Vec<&'static str>,
    /// Its row in the table.
    pub row: &'static Key,
    /// Titles of the objects between the entry and this, outermost first; empty for those that stand open.
    pub within: Vec<&'static str>,
    /// Shown only under “More settings”.
    pub advanced: bool,
}

impl FormItem {
    /// Where it is, for the entry at `entry`.
    #[must_use]
    pub fn at(&self, entry: &Path) -> Path {
        self.keys.iter().fold(entry.clone(), |path, key| path.join(*key))
    }

    /// What the form calls it: its own title, after those of the objects around it.
    #[must_use]
    pub fn title(&self) -> String {
        let titles: Vec<&str> = self.within.iter().copied().chain([self.row.title]).collect();
        titles.join(": ")
    }

    /// The row of the entries in this group; `None` for settings.
    #[must_use]
    pub fn entry_row(&self) -> Option<&'static Key> {
        match self.row.kind {
            Kind::Named(_, each) => Some(each),
            _ => None,
        }
    }
}

/// Everything the form shows for an entry, in the table's order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// Single values and lists.
    pub settings: Vec<FormItem>,
    /// Groups of named entries.
    pub groups: Vec<FormItem>,
}

/// What the form shows for an entry that the table describes by `row`. Objects with fixed keys have no card of their
/// own: what they hold is shown with the entry.
#[must_use]
pub fn layout(row: &'static Key) -> Layout {
    let mut layout = Layout::default();
    add(row, &[], &[], false, &mut layout);
    layout
}

fn add(
    row: &'static Key,
    above: &[&'static str],
    within: &[&'static str],
    advanced: bool,
    layout: &mut Layout,
) {
    for below in row.below() {
        let keys: Vec<&'static str> = above.iter().copied().chain([below.key]).collect();
        let open = OPEN.contains(&below.key);
        match below.kind {
            Kind::Scalar(_) | Kind::List { .. } => {
                let advanced = advanced || SELDOM.contains(&below.key);
                layout.settings.push(FormItem { keys, row: below, within: within.to_vec(), advanced });
            }
            Kind::Named(..) => {
                let advanced = advanced || !(open || above.iter().any(|key| OPEN.contains(key)));
                layout.groups.push(FormItem { keys, row: below, within: within.to_vec(), advanced });
            }
            Kind::Object(_) => {
                let titles: Vec<&'static str> =
                    within.iter().copied().chain((!open).then_some(below.title)).collect();
                add(below, &keys, &titles, advanced || !open, layout);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use policy::vocabulary;

    use super::*;

    fn of(path: &str) -> Layout {
        layout(vocabulary::lookup(&Path::from(path)).unwrap())
    }

    fn names(items: &[FormItem], advanced: bool) -> Vec<String> {
        items.iter().filter(|p| p.advanced == advanced).map(|p| p.keys.join("/")).collect()
    }

    #[test]
    fn a_rule_shows_its_settings_and_lifecycle_and_keeps_the_rest_under_more() {
        let rule = of("plans/p/rules/r");
        assert_eq!(
            names(&rule.settings, false),
            [
                "schedule_expression",
                "target_backup_vault_name",
                "start_backup_window_minutes",
                "complete_backup_window_minutes",
                "enable_continuous_backup",
                "lifecycle/move_to_cold_storage_after_days",
                "lifecycle/delete_after_days",
            ]
        );
        assert_eq!(names(&rule.groups, true), ["copy_actions", "recovery_point_tags"]);
    }

    #[test]
    fn a_plan_opens_with_regions_rules_and_selections() {
        let plan = of("plans/p");
        assert_eq!(names(&plan.settings, false), ["regions"]);
        assert_eq!(names(&plan.groups, false), ["rules", "selections/tags", "selections/resources"]);
        assert_eq!(names(&plan.groups, true), ["backup_plan_tags"]);
    }

    #[test]
    fn every_setting_of_the_language_has_one_place_in_the_form() {
        fn count(row: &'static Key) -> usize {
            let layout = layout(row);
            layout.settings.len()
                + layout.groups.iter().filter_map(FormItem::entry_row).map(count).sum::<usize>()
        }
        let settings = vocabulary::rows().iter().filter(|(_, row)| row.is_setting()).count();
        assert_eq!(count(&vocabulary::TABLE), settings);
    }

    #[test]
    fn a_setting_inside_a_closed_object_says_of_which() {
        let plan = of("plans/p");
        let vss = plan.settings.iter().find(|p| p.keys.contains(&"windows_vss")).unwrap();
        assert_eq!(vss.title(), "Advanced settings: EC2: Windows VSS");
        assert_eq!(
            vss.at(&Path::from("plans/p")).to_string(),
            "plans/p/advanced_backup_settings/ec2/windows_vss"
        );
    }
}
