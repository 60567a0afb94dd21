//! Goes through two policies side by side.

use std::collections::BTreeSet;
use std::sync::Arc;

use time::OffsetDateTime;

use super::at::At;
use super::rows::{self, Row};
use super::view::View;
use super::{Change, ChangeKind, Effect, words};
use crate::operator::{Operator, Operators};
use crate::path::Path;

pub(super) fn changes(before: &View, after: &View, now: OffsetDateTime) -> Vec<Change> {
    let mut walk = Walk { path: Path::root(), now, found: Vec::new() };
    walk.compare(Some(before), Some(after));
    walk.found
}

struct Walk {
    path: Path,
    now: OffsetDateTime,
    found: Vec<Change>,
}

impl Walk {
    fn compare(&mut self, before: Option<&View>, after: Option<&View>) {
        if before == after {
            return;
        }
        self.compare_removals(before, after);
        self.compare_controls(before, after);
        let row = rows::row(&self.path);
        if let Some(Row::Thing { added, lost, .. }) = row {
            let present = |view: Option<&View>| view.is_some_and(|view| view.sets_anything);
            let found = match (present(before), present(after)) {
                (false, true) => Some((added, "added")),
                (true, false) => Some((lost, "lost")),
                _ => None,
            };
            if let Some(((kind, effect), word)) = found {
                let at = self.at();
                let change = at.change(*kind, *effect, format!("{} is {word}.", at.subject()));
                self.found.push(change);
                self.compare_facets(before, after);
                return;
            }
        }
        self.compare_value(row, before, after);
        self.descend(before, after, Self::compare);
    }

    fn at(&self) -> At<'_> {
        At { path: &self.path, now: self.now }
    }

    fn compare_value(&mut self, row: Option<&Row>, before: Option<&View>, after: Option<&View>) {
        let (old, new) =
            (before.and_then(|view| view.value.as_ref()), after.and_then(|view| view.value.as_ref()));
        if old != new {
            let at = self.at();
            let changes = match row {
                Some(Row::Leaf { compare, .. }) => compare(&at, old, new),
                _ => super::compare::any(&at, old, new),
            };
            self.found.extend(changes);
        }
        let adds = |view: Option<&View>| view.is_some_and(|view| view.adds);
        if old.is_some() && new.is_some() && adds(before) != adds(after) {
            let now = if adds(after) { "adds to" } else { "replaces" };
            let setting = words::sentence_case(&words::setting(&self.path));
            let sentence = format!("{setting} now {now} what is inherited.");
            self.found.push(self.at().change(ChangeKind::OperatorChanged, Effect::Neutral, sentence));
        }
    }

    /// In something added or lost as a whole only what reaches beyond it counts: removals and controls.
    fn compare_facets(&mut self, before: Option<&View>, after: Option<&View>) {
        self.descend(before, after, |walk, before, after| {
            walk.compare_removals(before, after);
            walk.compare_controls(before, after);
            walk.compare_facets(before, after);
        });
    }

    fn descend(
        &mut self,
        before: Option<&View>,
        after: Option<&View>,
        visit: impl Fn(&mut Self, Option<&View>, Option<&View>),
    ) {
        let children =
            |view: Option<&View>| view.map(|view| view.children.keys().cloned().collect::<Vec<_>>());
        let keys: BTreeSet<Arc<str>> =
            children(before).into_iter().chain(children(after)).flatten().collect();
        for key in keys {
            let child = |view: &View| view.children.get(&key).cloned();
            let (old, new) = (before.and_then(child), after.and_then(child));
            self.path.push(key);
            visit(self, old.as_deref(), new.as_deref());
            self.path.pop();
        }
    }

    fn compare_removals(&mut self, before: Option<&View>, after: Option<&View>) {
        let (old, new) =
            (before.map_or(&[][..], |view| &view.removed), after.map_or(&[][..], |view| &view.removed));
        if old == new {
            return;
        }
        let fewer_is_more = rows::narrows(&self.path);
        let setting = words::setting(&self.path);
        for value in new.iter().filter(|value| !old.contains(value)) {
            let effect = if fewer_is_more { Effect::Strengthens } else { Effect::Weakens };
            let sentence = format!("{value} is now taken out of the inherited {setting}.");
            let mut change = self.at().change(ChangeKind::RemovalChanged, effect, sentence);
            change.after = Some(value.to_string());
            self.found.push(change);
        }
        for value in old.iter().filter(|value| !new.contains(value)) {
            let effect = if fewer_is_more { Effect::Weakens } else { Effect::Strengthens };
            let sentence = format!("{value} is no longer taken out of the inherited {setting}.");
            let mut change = self.at().change(ChangeKind::RemovalChanged, effect, sentence);
            change.before = Some(value.to_string());
            self.found.push(change);
        }
    }

    fn compare_controls(&mut self, before: Option<&View>, after: Option<&View>) {
        let control = |view: Option<&View>| view.and_then(|view| view.control).unwrap_or(Operators::ALL);
        let (old, new) = (control(before), control(after));
        if old == new {
            return;
        }
        let (kind, effect) = if old.and(new) == new {
            (ChangeKind::ControlTightened, Effect::Strengthens)
        } else {
            (ChangeKind::ControlLoosened, Effect::Weakens)
        };
        let setting = words::setting(&self.path);
        let sentence = format!("Lower levels may {} {setting}; before they could {} it.", may(new), may(old));
        let mut change = self.at().change(kind, effect, sentence);
        (change.before, change.after) = (Some(names(old)), Some(names(new)));
        self.found.push(change);
    }
}

fn names(allowed: Operators) -> String {
    match allowed {
        Operators::ALL => "@@all".to_owned(),
        Operators::NONE => "@@none".to_owned(),
        some => some.iter().map(Operator::key).collect::<Vec<_>>().join(", "),
    }
}

/// What a control allows, as a verb.
fn may(allowed: Operators) -> String {
    match allowed {
        Operators::ALL => "change".to_owned(),
        Operators::NONE => "not change".to_owned(),
        some => {
            let verb = |operator| match operator {
                Operator::Assign => "replace",
                Operator::Append => "add to",
                Operator::Remove => "take from",
            };
            format!("only {}", some.iter().map(verb).collect::<Vec<_>>().join(" and "))
        }
    }
}
