//! Positions in the JSON text, and what the Tab and Enter keys do there. All count as text fields do, in UTF-16 units.

/// One level of indentation.
const LEVEL: &str = "  ";

/// A change to the text at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextEdit {
    /// What is replaced: from and to.
    pub range: (u32, u32),
    /// What takes its place.
    pub with: String,
    /// What is selected afterwards.
    pub select: (u32, u32),
}

/// Tab (or Shift+Tab, `back`) with the given selection. In one line it inserts a level; over several it moves them all.
#[must_use]
pub fn tab(text: &str, from: u32, to: u32, back: bool) -> TextEdit {
    let (start, end) = (byte(text, from), byte(text, to));
    let several = text.get(start..end).is_some_and(|selected| selected.contains('\n'));
    if !several && !back {
        let after = from + units(LEVEL);
        return TextEdit { range: (from, to), with: LEVEL.to_owned(), select: (after, after) };
    }
    let first = line_start(text, start);
    let last = text.get(end..).and_then(|rest| rest.find('\n')).map_or(text.len(), |at| end + at);
    let lines = text.get(first..last).unwrap_or_default();
    let moved: Vec<String> = lines.split('\n').map(|line| shifted(line, back)).collect();
    let with = moved.join("\n");
    let begin = units(text.get(..first).unwrap_or_default());
    let select = if several { (begin, begin + units(&with)) } else { kept(from, to, begin, lines, &with) };
    TextEdit { range: (begin, begin + units(lines)), with, select }
}

/// Enter: the new line begins below the text of the old one, a level deeper after an opening bracket.
#[must_use]
pub fn enter(text: &str, from: u32, to: u32) -> TextEdit {
    let start = byte(text, from);
    let line = text.get(line_start(text, start)..start).unwrap_or_default();
    let blank: String = line.chars().take_while(|c| matches!(c, ' ' | '\t')).collect();
    let deeper = if line.trim_end().ends_with(['{', '[']) { LEVEL } else { "" };
    let with = format!("\n{blank}{deeper}");
    let after = from + units(&with);
    TextEdit { range: (from, to), with, select: (after, after) }
}

/// Where a problem stands in the text: from and to. Line and column count characters from 1.
#[must_use]
pub fn selection(text: &str, line: u32, column: u32, length: u32) -> (u32, u32) {
    let above = usize::try_from(line.saturating_sub(1)).unwrap_or(0);
    let before: u32 = text.split_inclusive('\n').take(above).map(units).sum();
    let shown = text.split('\n').nth(above).unwrap_or_default();
    let within = |from: u32, length: u32| {
        let [from, length] = [from, length].map(|n| usize::try_from(n).unwrap_or(0));
        units(&shown.chars().skip(from).take(length).collect::<String>())
    };
    let start = before + within(0, column.saturating_sub(1));
    (start, start + within(column.saturating_sub(1), length))
}

fn shifted(line: &str, back: bool) -> String {
    match (back, line.strip_prefix(LEVEL)) {
        (false, _) if line.trim().is_empty() => line.to_owned(),
        (false, _) => format!("{LEVEL}{line}"),
        (true, Some(rest)) => rest.to_owned(),
        (true, None) => line.strip_prefix([' ', '\t']).unwrap_or(line).to_owned(),
    }
}

/// The selection within a line that lost some of its indentation.
fn kept(from: u32, to: u32, begin: u32, old: &str, new: &str) -> (u32, u32) {
    let lost = units(old) - units(new);
    let moved = |at: u32| at.saturating_sub(lost).max(begin);
    (moved(from), moved(to))
}

fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1)
}

fn units(text: &str) -> u32 {
    u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX)
}

/// The byte at a position in UTF-16 units.
fn byte(text: &str, at: u32) -> usize {
    let mut passed = 0;
    for (byte, character) in text.char_indices() {
        if passed >= at {
            return byte;
        }
        passed += u32::try_from(character.len_utf16()).unwrap_or(1);
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(text: &str, edit: &TextEdit) -> String {
        let units: Vec<u16> = text.encode_utf16().collect();
        let part = |from: u32, to: u32| String::from_utf16(&units[from as usize..to as usize]).unwrap();
        let (from, to) = edit.range;
        part(0, from) + &edit.with + &part(to, units.len() as u32)
    }

    #[test]
    fn tab_inserts_a_level_at_the_cursor() {
        let text = "{\n\"👩x\"";
        let edit = tab(text, 6, 6, false);
        assert_eq!((after(text, &edit), edit.select), ("{\n\"👩x  \"".to_owned(), (8, 8)));
    }

    #[test]
    fn several_lines_move_together_and_stay_selected() {
        let text = "a\n b\n\nc";
        let edit = tab(text, 0, 4, false);
        assert_eq!(after(text, &edit), "  a\n   b\n\nc");
        assert_eq!(edit.select, (0, 8));
        assert_eq!(after(text, &tab(text, 0, 4, true)), "a\nb\n\nc");
    }

    #[test]
    fn shift_tab_takes_a_level_from_the_line_and_keeps_the_cursor_in_its_place() {
        let text = "{\n    x";
        let edit = tab(text, 7, 7, true);
        assert_eq!((after(text, &edit).as_str(), edit.select), ("{\n  x", (5, 5)));
        assert_eq!(tab("x", 1, 1, true).select, (1, 1));
    }

    #[test]
    fn enter_keeps_the_indentation_and_goes_deeper_after_a_bracket() {
        assert_eq!(enter("  \"a\": {", 8, 8).with, "\n    ");
        assert_eq!(enter("  \"a\": 1,", 9, 9).with, "\n  ");
        assert_eq!(enter("", 0, 0).with, "\n");
    }

    #[test]
    fn positions_outside_the_text_do_no_harm() {
        assert_eq!(tab("é", 99, 99, true).with, "é");
        let _ = enter("é", 99, 3);
    }

    #[test]
    fn a_selection_counts_as_the_browser_does() {
        let text = "{\n \"👩‍🚀x\": bad\n}";
        let (from, to) = selection(text, 2, 10, 3);
        let units: Vec<u16> = text.encode_utf16().collect();
        assert_eq!(String::from_utf16_lossy(&units[from as usize..to as usize]), "bad");
        assert_eq!(selection("", 9, 9, 9), (0, 0));
    }
}
