//! Two texts compared line by line.

use policy::Document;
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// A line of a text: its number, counted from 1, and what it says.
pub type NumberedLine = (usize, String);

/// A line of the first text beside the one of the second that is the same or took its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinePair {
    /// `None` where only the second text has this line.
    pub left: Option<NumberedLine>,
    /// `None` where only the first text has this line.
    pub right: Option<NumberedLine>,
}

impl LinePair {
    /// Whether both texts have the line and it is the same.
    #[must_use]
    pub fn same(&self) -> bool {
        matches!((&self.left, &self.right), (Some((_, left)), Some((_, right))) if left == right)
    }
}

/// Equal lines that stay in sight before and after what differs.
const CONTEXT: usize = 3;

/// Lines of a comparison that are shown, or folded away, together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineRun {
    /// What differs, with the equal lines around it.
    Shown(Vec<LinePair>),
    /// Equal lines away from all that differs; two or more, since the line that stands for them takes as much as one.
    Folded(Vec<LinePair>),
}

/// A comparison folded to its differences. All lines are in it once, in order; equal texts are one folded run.
#[must_use]
pub fn fold_equal(lines: &[LinePair]) -> Vec<LineRun> {
    let mut runs = Vec::new();
    let mut shown: Vec<LinePair> = Vec::new();
    let mut at = 0;
    for run in lines.chunk_by(|a, b| a.same() == b.same()) {
        let before = if at == 0 { 0 } else { CONTEXT };
        let after = if at + run.len() == lines.len() { 0 } else { CONTEXT };
        at += run.len();
        let hidden = before..run.len().saturating_sub(after).max(before);
        let differs = run.first().is_none_or(|line| !line.same());
        let Some(folded) = run.get(hidden.clone()).filter(|folded| !differs && folded.len() > 1) else {
            shown.extend_from_slice(run);
            continue;
        };
        shown.extend_from_slice(run.get(..hidden.start).unwrap_or_default());
        if !shown.is_empty() {
            runs.push(LineRun::Shown(std::mem::take(&mut shown)));
        }
        runs.push(LineRun::Folded(folded.to_vec()));
        shown.extend_from_slice(run.get(hidden.end..).unwrap_or_default());
    }
    if !shown.is_empty() {
        runs.push(LineRun::Shown(shown));
    }
    runs
}

/// The lines of both texts, equal ones beside each other. Texts without line breaks are laid out first.
#[must_use]
pub fn compare_lines(left: &str, right: &str) -> Vec<LinePair> {
    let (left, right) = (laid_out(left), laid_out(right));
    let (left, right): (Vec<&str>, Vec<&str>) = (left.lines().collect(), right.lines().collect());
    let steps = capture_diff_slices(Algorithm::Myers, &left, &right);
    steps.iter().flat_map(|step| pairs(&left, &right, step)).collect()
}

fn laid_out(text: &str) -> String {
    let text = text.trim_end();
    if text.contains('\n') {
        return text.to_owned();
    }
    Document::parse(text).map_or_else(|_| text.to_owned(), |document| document.pretty())
}

/// Lines that were replaced stand beside those that took their places, as far as there are as many.
fn pairs(left: &[&str], right: &[&str], step: &DiffOp) -> Vec<LinePair> {
    let (of_left, of_right) = (step.old_range(), step.new_range());
    let numbered = |lines: &[&str], at: usize| lines.get(at).map(|line| (at + 1, (*line).to_owned()));
    let line = |lines: &[&str], range: &std::ops::Range<usize>, n: usize| {
        Some(range.start + n).filter(|at| range.contains(at)).and_then(|at| numbered(lines, at))
    };
    (0..of_left.len().max(of_right.len()))
        .map(|n| LinePair { left: line(left, &of_left, n), right: line(right, &of_right, n) })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(left: &str, right: &str) -> Vec<String> {
        let side = |side: &Option<NumberedLine>| match side {
            Some((line, text)) => format!("{line}{text}"),
            None => "-".into(),
        };
        compare_lines(left, right)
            .iter()
            .map(|row| format!("{} {}", side(&row.left), side(&row.right)))
            .collect()
    }

    #[test]
    fn equal_texts_stand_beside_each_other() {
        assert_eq!(shown("a\nb", "a\nb\n"), ["1a 1a", "2b 2b"]);
        assert!(compare_lines("a\nb", "a\nb").iter().all(LinePair::same));
    }

    #[test]
    fn a_changed_line_stands_beside_its_old_one() {
        assert_eq!(shown("a\nb\nc", "a\nB\nc"), ["1a 1a", "2b 2B", "3c 3c"]);
    }

    #[test]
    fn lines_of_one_side_only_stand_alone() {
        assert_eq!(shown("a\nc", "a\nb\nc"), ["1a 1a", "- 2b", "2c 3c"]);
        assert_eq!(shown("a\nb\nc", "a\nc"), ["1a 1a", "2b -", "3c 2c"]);
        assert_eq!(shown("a\nb\nc\nd", "a\nX\nd"), ["1a 1a", "2b 2X", "3c -", "4d 3d"]);
        assert_eq!(shown("a\nb\nd", "a\nX\nY\nd"), ["1a 1a", "2b 2X", "- 3Y", "3d 4d"]);
    }

    #[test]
    fn every_line_of_both_texts_is_there_once_and_in_order() {
        let (left, right) = ("a\nb\nc\na\nb\nb\na", "c\nb\na\nb\na\nc\nx");
        let rows = compare_lines(left, right);
        let side = |pick: fn(&LinePair) -> &Option<NumberedLine>| {
            rows.iter()
                .filter_map(|r| pick(r).as_ref())
                .map(|(_, t)| t.as_str())
                .collect::<Vec<_>>()
                .join("\n")
        };
        assert_eq!((side(|r| &r.left).as_str(), side(|r| &r.right).as_str()), (left, right));
        assert_eq!(rows.iter().filter(|r| r.same()).count(), 4);
    }

    #[test]
    fn compact_documents_are_laid_out_before_they_are_compared() {
        let rows = compare_lines(r#"{"plans":{"a":{}}}"#, r#"{"plans":{"b":{}}}"#);
        assert_eq!(rows.iter().filter(|row| !row.same()).count(), 1);
    }

    #[test]
    fn a_very_long_text_is_compared_without_delay() {
        let (left, right): (String, String) = ("a\n".repeat(5_000), "b\n".repeat(5_000));
        assert_eq!(compare_lines(&left, &right).len(), 5_000);
    }

    /// Folded runs as their length, shown ones as their lines.
    fn folded(left: &str, right: &str) -> Vec<String> {
        let text = |pair: &LinePair| {
            let side = |side: &Option<NumberedLine>| side.as_ref().map_or("-", |(_, text)| text).to_owned();
            if pair.same() { side(&pair.left) } else { format!("{}|{}", side(&pair.left), side(&pair.right)) }
        };
        let runs = fold_equal(&compare_lines(left, right)).into_iter();
        runs.map(|run| match run {
            LineRun::Shown(lines) => lines.iter().map(text).collect::<Vec<_>>().join(" "),
            LineRun::Folded(lines) => format!("({} equal)", lines.len()),
        })
        .collect()
    }

    #[test]
    fn equal_lines_are_folded_but_for_three_around_each_difference() {
        let lines = |text: &str| text.replace(' ', "\n");
        let (left, right) = (lines("a b c d e X f g h i j k l m Y"), lines("a b c d e x f g h i j k l m y"));
        let expected = ["(2 equal)", "c d e X|x f g h", "(2 equal)", "k l m Y|y"];
        assert_eq!(folded(&left, &right), expected);
        let (left, right) = (lines("X a b c d e"), lines("x a b c d e"));
        assert_eq!(folded(&left, &right), ["X|x a b c", "(2 equal)"]);
    }

    #[test]
    fn what_would_fold_to_as_much_as_it_is_stays_and_equal_texts_fold_whole() {
        let lines = |text: &str| text.replace(' ', "\n");
        let (left, right) = (lines("a b c d X f g h i j k l Y"), lines("a b c d x f g h i j k l y"));
        assert_eq!(folded(&left, &right), ["a b c d X|x f g h i j k l Y|y"]);
        assert_eq!(folded("a\nb", "a\nb"), ["(2 equal)"]);
        assert_eq!(folded("a", "a"), ["a"]);
        assert_eq!(folded("", ""), Vec::<String>::new());
        assert_eq!(folded("", "a\nb"), ["-|a -|b"]);
    }

    #[test]
    fn folding_loses_no_line() {
        let text = |step: usize| {
            (0..200).map(|n| format!("{}\n", if n % step == 0 { n } else { 1000 + n })).collect::<String>()
        };
        for (left, right) in
            [(text(1), text(7)), (text(31), text(1)), (text(13), text(17)), (text(2), String::new())]
        {
            let lines = compare_lines(&left, &right);
            let again: Vec<LinePair> = fold_equal(&lines)
                .into_iter()
                .flat_map(|run| match run {
                    LineRun::Shown(lines) | LineRun::Folded(lines) => lines,
                })
                .collect();
            assert_eq!(again, lines);
        }
    }
}
