//! Puts the style sheet together: every `@import "file" layer(name);` becomes that file's text inside `@layer name { … }`.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};

/// The whole style sheet, starting at its main file.
///
/// # Errors
/// Where a file is missing or an import is written in a way that is not understood.
pub fn bundle(main: &Path) -> Result<String> {
    let text = fs::read_to_string(main).with_context(|| format!("reading {}", main.display()))?;
    let mut bundle = String::with_capacity(text.len());
    for line in without_comments(&text).lines().map(str::trim_end).filter(|line| !line.is_empty()) {
        let Some(import) = line.trim_start().strip_prefix("@import") else {
            bundle.push_str(line);
            bundle.push('\n');
            continue;
        };
        let Some((file, layer)) = parse_import(import) else {
            bail!("{}: write imports as @import \"file.css\" layer(name); – found {line:?}", main.display());
        };
        let imported = self::bundle(&main.with_file_name("").join(file))?;
        match layer {
            Some(layer) => bundle.push_str(&format!("@layer {layer} {{\n{imported}}}\n")),
            None => bundle.push_str(&imported),
        }
    }
    Ok(bundle)
}

/// ` "base.css" layer(base);` or ` url("base.css") layer(base);`
fn parse_import(text: &str) -> Option<(&str, Option<&str>)> {
    let text = text.trim().strip_suffix(';')?.trim();
    let text = text.strip_prefix("url(").unwrap_or(text);
    let quote = text.chars().next().filter(|c| *c == '"' || *c == '\'')?;
    let (file, rest) = text.get(1..)?.split_once(quote)?;
    let rest = rest.trim_start_matches(')').trim();
    if rest.is_empty() {
        return Some((file, None));
    }
    Some((file, Some(rest.strip_prefix("layer(")?.strip_suffix(')')?)))
}

/// Comments are for whoever edits the files, not for browsers. Strings are left alone.
fn without_comments(css: &str) -> String {
    let mut kept = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(at) = rest.find(['"', '\'', '/']) {
        let (before, found) = rest.split_at(at);
        kept.push_str(before);
        let length = if found.starts_with("/*") {
            found.find("*/").map_or(found.len(), |end| end + 2)
        } else {
            let length = if found.starts_with('/') { 1 } else { string_length(found) };
            kept.push_str(found.get(..length).unwrap_or(found));
            length
        };
        rest = found.get(length..).unwrap_or("");
    }
    kept + rest
}

/// The length of the string that the text begins with, quotes included.
fn string_length(text: &str) -> usize {
    let quote = text.chars().next();
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if !escaped && Some(c) == quote {
            return at + 1;
        }
        escaped = !escaped && c == '\\';
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_put_in_place_inside_their_layers() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(
            folder.path().join("main.css"),
            "@layer a, b;\n@import \"a.css\" layer(a);\n@import url('b.css');\n",
        )
        .unwrap();
        fs::write(folder.path().join("a.css"), "/* why */\np { color: red }\n").unwrap();
        fs::write(folder.path().join("b.css"), "q { quotes: \"/* \" '*/' }").unwrap();
        let css = bundle(&folder.path().join("main.css")).unwrap();
        assert_eq!(css, "@layer a, b;\n@layer a {\np { color: red }\n}\nq { quotes: \"/* \" '*/' }\n");
    }

    #[test]
    fn an_import_that_is_not_understood_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("main.css"), "@import \"a.css\" screen;").unwrap();
        assert!(bundle(&folder.path().join("main.css")).unwrap_err().to_string().contains("screen"));
    }
}
