//! Two texts side by side, line by line.

use policy::Document;

/// A row of the comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Line number and text of the first text; `None` where only the second has this line.
    pub left: Option<(usize, String)>,
    /// The same of the second.
    pub right: Option<(usize, String)>,
}

impl Row {
    /// Whether both sides have the line and it is the same.
    #[must_use]
    pub fn same(&self) -> bool {
        matches!((&self.left, &self.right), (Some((_, left)), Some((_, right))) if left == right)
    }
}

/// Lines that differ by more than this in one block are shown as all taken out and all put in: finding the shortest way
/// between them would take longer than reading.
const LARGEST_BLOCK: usize = 2_000;

/// The lines of both texts, equal ones beside each other. Texts without line breaks are laid out first.
#[must_use]
pub fn compare(left: &str, right: &str) -> Vec<Row> {
    let (left, right) = (laid_out(left), laid_out(right));
    let (left, right): (Vec<&str>, Vec<&str>) = (left.lines().collect(), right.lines().collect());
    let start = left.iter().zip(&right).take_while(|(l, r)| l == r).count();
    let tails = left.iter().skip(start).rev().zip(right.iter().skip(start).rev());
    let end = tails.take_while(|(l, r)| l == r).count();
    let steps = steps(inner(&left, start, end), inner(&right, start, end));
    let same = |n: usize| std::iter::repeat_n(Step::Both, n);
    rows(&left, &right, same(start).chain(steps).chain(same(end)))
}

fn laid_out(text: &str) -> String {
    let text = text.trim_end();
    if text.contains('\n') {
        return text.to_owned();
    }
    Document::parse(text).map_or_else(|_| text.to_owned(), |document| document.pretty())
}

fn inner<'a>(lines: &'a [&'a str], start: usize, end: usize) -> &'a [&'a str] {
    lines.get(start..lines.len().saturating_sub(end)).unwrap_or_default()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Both,
    Left,
    Right,
}

/// The longest common subsequence, walked from the front: lines of the left come before those of the right that
/// replace them.
fn steps(left: &[&str], right: &[&str]) -> Vec<Step> {
    let width = right.len() + 1;
    if left.len().max(right.len()) > LARGEST_BLOCK {
        let all = |step, n| std::iter::repeat_n(step, n);
        return all(Step::Left, left.len()).chain(all(Step::Right, right.len())).collect();
    }
    // `common[l * width + r]`: length of the longest common subsequence of left[l..] and right[r..].
    let mut common = vec![0u16; (left.len() + 1) * width];
    let get = |common: &[u16], l: usize, r: usize| common.get(l * width + r).copied().unwrap_or(0);
    for (l, left_line) in left.iter().enumerate().rev() {
        for (r, right_line) in right.iter().enumerate().rev() {
            let longest = if left_line == right_line {
                get(&common, l + 1, r + 1) + 1
            } else {
                get(&common, l + 1, r).max(get(&common, l, r + 1))
            };
            if let Some(cell) = common.get_mut(l * width + r) {
                *cell = longest;
            }
        }
    }
    let (mut l, mut r, mut steps) = (0, 0, Vec::new());
    loop {
        let step = match (left.get(l), right.get(r)) {
            (None, None) => return steps,
            (Some(a), Some(b)) if a == b => Step::Both,
            (Some(_), Some(_)) if get(&common, l + 1, r) >= get(&common, l, r + 1) => Step::Left,
            (Some(_), None) => Step::Left,
            _ => Step::Right,
        };
        l += usize::from(step != Step::Right);
        r += usize::from(step != Step::Left);
        steps.push(step);
    }
}

fn rows(left: &[&str], right: &[&str], steps: impl Iterator<Item = Step>) -> Vec<Row> {
    let mut left = left.iter().enumerate().map(|(at, line)| (at + 1, (*line).to_owned()));
    let mut right = right.iter().enumerate().map(|(at, line)| (at + 1, (*line).to_owned()));
    let mut rows: Vec<Row> = Vec::new();
    // The first of the rows, without a right side yet, that a line of the right may stand beside.
    let mut open = 0;
    for step in steps {
        match step {
            Step::Both => {
                rows.push(Row { left: left.next(), right: right.next() });
                open = rows.len();
            }
            Step::Left => rows.push(Row { left: left.next(), right: None }),
            Step::Right => match rows.get_mut(open) {
                Some(row) => {
                    row.right = right.next();
                    open += 1;
                }
                None => {
                    rows.push(Row { left: None, right: right.next() });
                    open = rows.len();
                }
            },
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(left: &str, right: &str) -> Vec<String> {
        let side = |side: &Option<(usize, String)>| match side {
            Some((line, text)) => format!("{line}{text}"),
            None => "-".into(),
        };
        compare(left, right).iter().map(|row| format!("{} {}", side(&row.left), side(&row.right))).collect()
    }

    #[test]
    fn equal_texts_stand_beside_each_other() {
        assert_eq!(shown("a\nb", "a\nb\n"), ["1a 1a", "2b 2b"]);
        assert!(compare("a\nb", "a\nb").iter().all(Row::same));
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
        let rows = compare(left, right);
        let side = |pick: fn(&Row) -> &Option<(usize, String)>| {
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
        let rows = compare(r#"{"plans":{"a":{}}}"#, r#"{"plans":{"b":{}}}"#);
        assert_eq!(rows.iter().filter(|row| !row.same()).count(), 1);
    }

    #[test]
    fn a_very_long_text_is_compared_without_delay() {
        let (left, right): (String, String) = ("a\n".repeat(5_000), "b\n".repeat(5_000));
        assert_eq!(compare(&left, &right).len(), 5_000);
    }
}
