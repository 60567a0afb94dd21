//! The test that `docs/asvs.md` judges every requirement that it has to, once, and by files and tests that exist.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::Command,
};

/// The levels of all requirements of the standard.
const LEVELS: &str = include_str!("asvs.txt");

/// Requirements of level 3 that Holdfast holds itself to.
const OF_LEVEL_3: [&str; 8] = ["2.3.5", "3.4.8", "6.3.8", "6.4.6", "7.5.3", "8.3.2", "13.1.2", "13.2.6"];

const ENDINGS: [&str; 7] = [".rs", ".ts", ".md", ".txt", ".toml", ".lock", ".json"];

/// What can be named as evidence.
struct Evidence {
    files: BTreeSet<String>,
    tests: BTreeSet<String>,
    titles: BTreeSet<String>,
}

/// A row of the document.
struct Row<'a> {
    number: &'a str,
    level: &'a str,
    judged: &'a str,
    why: &'a str,
}

/// All requirements by number, with their level.
fn requirements() -> BTreeMap<String, char> {
    let sections = LEVELS.lines().filter(|line| !line.starts_with('#'));
    let of = |line: &str| {
        let (section, levels) = line.split_once(' ').unwrap();
        let numbered = levels.chars().enumerate();
        numbered.map(|(n, level)| (format!("{section}.{}", n + 1), level)).collect::<Vec<_>>()
    };
    sections.flat_map(of).collect()
}

fn rows(document: &str) -> Vec<Row<'_>> {
    let of_requirements = document.lines().filter(|line| {
        line.strip_prefix("| ").is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
    });
    of_requirements
        .map(|line| {
            let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
            let [number, level, _, judged, why] = cells[..] else { panic!("five cells: {line}") };
            Row { number, level, judged, why }
        })
        .collect()
}

/// The names of the tests in a file of Rust.
fn tests(source: &str) -> Vec<String> {
    let mut lines = source.lines().map(str::trim);
    let mut found = Vec::new();
    while let Some(line) = lines.next() {
        if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
            let function = lines.find(|line| line.starts_with("fn ") || line.starts_with("async fn "));
            let name = function.and_then(|line| line.split("fn ").nth(1)?.split('(').next());
            found.extend(name.map(str::to_owned));
        }
    }
    found
}

/// The titles of the tests in a file of the browser tests.
fn titles(source: &str) -> Vec<String> {
    let title = |line: &str| {
        let rest = line.trim().strip_prefix("test(")?;
        let quote = rest.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
        rest[1..].split(quote).next().map(str::to_owned)
    };
    source.lines().filter_map(title).collect()
}

fn evidence(root: &Path) -> Evidence {
    let listed = Command::new("git").args(["ls-files"]).current_dir(root).output().unwrap();
    assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    let files: BTreeSet<String> =
        String::from_utf8(listed.stdout).unwrap().lines().map(str::to_owned).collect();
    let read = |ending: &'static str| {
        let of_kind = files.iter().filter(move |file| file.ends_with(ending));
        of_kind.filter_map(|file| fs::read_to_string(root.join(file)).ok())
    };
    let tests = read(".rs").flat_map(|source| tests(&source)).collect();
    let titles = read(".spec.ts").flat_map(|source| titles(&source)).collect();
    Evidence { files, tests, titles }
}

impl Evidence {
    /// Whether something between backticks is evidence and exists; `None` where it is a word and no evidence.
    fn has(&self, named: &str) -> Option<bool> {
        let is_file = ENDINGS.iter().any(|ending| named.ends_with(ending));
        let is_test = named.matches('_').count() >= 2
            && named.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        match named {
            _ if named.contains(' ') => Some(self.titles.contains(named)),
            _ if is_file => Some(self.files.contains(named)),
            _ if is_test => Some(self.tests.contains(named)),
            _ => None,
        }
    }

    /// What is wrong with a row.
    fn problem(&self, row: &Row<'_>) -> Option<String> {
        let named: Vec<&str> = row.why.split('`').skip(1).step_by(2).collect();
        let missing: Vec<_> = named.iter().filter(|named| self.has(named) == Some(false)).collect();
        if !missing.is_empty() {
            return Some(format!("{}: there is no {missing:?}", row.number));
        }
        let proved = named.iter().any(|named| self.has(named).is_some());
        match row.judged {
            "met" if proved => None,
            "met" => Some(format!("{}: by what is it met?", row.number)),
            "does not apply" | "not met" if !row.why.is_empty() => None,
            "does not apply" | "not met" => Some(format!("{}: why?", row.number)),
            other => Some(format!("{}: {other:?} is no judgement", row.number)),
        }
    }
}

#[test]
fn the_list_of_requirements_is_whole() {
    let all = requirements();
    let of_level = |level| all.values().filter(|l| **l == level).count();
    assert_eq!((of_level('1'), of_level('2'), of_level('3')), (70, 183, 92));
    assert!(OF_LEVEL_3.iter().all(|number| all.get(*number) == Some(&'3')));
}

#[test]
fn every_requirement_is_judged_once_and_by_files_and_tests_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let document = fs::read_to_string(root.join("docs/asvs.md")).unwrap();
    let rows = rows(&document);
    let mut wanted = requirements();
    wanted.retain(|number, level| *level != '3' || OF_LEVEL_3.contains(&number.as_str()));
    let mut problems = Vec::new();
    for row in &rows {
        match wanted.remove(row.number) {
            Some(level) if row.level != level.to_string() => {
                problems.push(format!("{} is of level {level}", row.number));
            }
            Some(_) => (),
            None => problems.push(format!("{} stands twice, or is none", row.number)),
        }
    }
    problems.extend(wanted.keys().map(|number| format!("{number} is missing")));
    let evidence = evidence(root);
    problems.extend(rows.iter().filter_map(|row| evidence.problem(row)));
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn what_is_named_and_not_there_is_found() {
    let evidence = Evidence {
        files: ["docs/security.md".to_owned()].into(),
        tests: tests("#[test]\n#[ignore]\nfn it_holds_well() {\n}\nfn no_test_at_all() {}")
            .into_iter()
            .collect(),
        titles: titles("test('a page opens', async () => {\n  test.skip();\n").into_iter().collect(),
    };
    let problem = |judged, why| evidence.problem(&Row { number: "1.1.1", level: "1", judged, why });
    for good in
        ["`docs/security.md`", "`it_holds_well`", "by `a page opens`", "with `Secure`: `it_holds_well`"]
    {
        assert_eq!(problem("met", good), None, "{good}");
    }
    assert_eq!(problem("not met", "nobody did"), None);
    for (judged, why) in [
        ("met", "`docs/other.md`"),
        ("met", "`no_test_at_all`"),
        ("met", "`a page closes`"),
        ("met", "with `Secure`"),
        ("met", ""),
        ("not met", ""),
        ("does not apply", "`it_holds_badly_indeed`"),
        ("nearly met", "`it_holds_well`"),
    ] {
        assert!(problem(judged, why).is_some(), "{judged} {why}");
    }
}
