//! The test that files of one crate import downwards: none reaches itself by what it and others import, but those listed
//! in `circles.txt` with their reason.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use petgraph::{algo::tarjan_scc, graphmap::DiGraphMap};

use self::source::{Crate, Imports};

mod source;

/// Files below the root that import each other.
type Circle = BTreeSet<String>;

/// One paragraph of the list: a reason, and below it, indented, the files.
#[derive(Debug, PartialEq, Eq)]
struct Listed {
    reason: String,
    files: Circle,
}

fn listed(text: &str) -> Vec<Listed> {
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    let mut circles: Vec<Listed> = Vec::new();
    for line in lines {
        match (line.strip_prefix(' '), circles.last_mut()) {
            (Some(file), Some(circle)) => {
                circle.files.insert(file.trim().to_owned());
            }
            _ => circles.push(Listed { reason: line.to_owned(), files: Circle::new() }),
        }
    }
    circles
}

/// The circles of one crate.
fn circles(imports: &Imports) -> Vec<Circle> {
    let graph: DiGraphMap<&str, ()> = imports.keys().map(|(from, to)| (from.as_str(), to.as_str())).collect();
    let components = tarjan_scc(&graph).into_iter().filter(|files| files.len() > 1);
    components.map(|files| files.into_iter().map(str::to_owned).collect()).collect()
}

/// A circle as the list has it, and below it what is imported within.
fn described(circle: &Circle, imports: &Imports) -> String {
    let mut text = String::from("Why:\n");
    for file in circle {
        let _ = writeln!(text, "    {file}");
    }
    for ((from, to), names) in
        imports.iter().filter(|((from, to), _)| circle.contains(from) && circle.contains(to))
    {
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        let _ = writeln!(text, "  # {from} imports {} from {to}", names.join(", "));
    }
    text
}

/// What is wrong with the list, in words.
fn problems(found: &[(Circle, String)], listed: &[Listed]) -> Vec<String> {
    let mut problems = Vec::new();
    for (circle, described) in found {
        if !listed.iter().any(|listed| listed.files == *circle) {
            problems.push(format!("These files import each other and are not listed so:\n{described}"));
        }
    }
    for Listed { reason, files } in listed {
        if !found.iter().any(|(circle, _)| circle == files) {
            let files: Vec<_> = files.iter().map(String::as_str).collect();
            problems.push(format!(
                "Gone or changed, take it from the list or list what is left: “{reason}”, {}",
                files.join(", ")
            ));
        }
    }
    problems
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

#[test]
fn no_two_files_of_a_crate_import_each_other_but_those_that_are_listed() {
    let root = root();
    let listed = listed(&fs::read_to_string(root.join("xtask/src/house/circles.txt")).unwrap());
    let mut found = Vec::new();
    for package in super::metadata().workspace_packages() {
        for target in
            package.targets.iter().filter(|target| target.is_lib() || target.is_cdylib() || target.is_bin())
        {
            let imports = Crate::read(target.src_path.as_std_path()).imports(&root);
            found.extend(circles(&imports).into_iter().map(|circle| {
                let described = described(&circle, &imports);
                (circle, described)
            }));
        }
    }
    let problems = problems(&found, &listed);
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn a_circle_that_is_not_listed_and_one_that_is_gone_are_both_wrong() {
    let circle = |files: &[&str]| files.iter().map(|file| (*file).to_owned()).collect::<Circle>();
    let text = "# Words.\nA tree is made of trees.\n    a.rs\n    b.rs\n\nGone.\n    c.rs\n    d.rs\n";
    let listed = listed(text);
    assert_eq!(listed.len(), 2);
    assert_eq!(
        listed[0],
        Listed { reason: "A tree is made of trees.".into(), files: circle(&["a.rs", "b.rs"]) }
    );
    let found = [(circle(&["a.rs", "b.rs"]), String::new()), (circle(&["e.rs", "f.rs"]), "E and F".into())];
    let problems = problems(&found, &listed);
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(problems[0].contains("E and F") && problems[1].contains("c.rs, d.rs"), "{problems:?}");
}

/// What files of a made-up crate import, as `from to: names`.
fn imports_of(files: &[(&str, &str)]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let imports: BTreeMap<_, _> = Crate::read(&folder.path().join("lib.rs")).imports(folder.path());
    let names = |names: &BTreeSet<String>| names.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
    imports.iter().map(|((from, to), found)| format!("{from} {to}: {}", names(found))).collect()
}

#[test]
fn a_child_and_a_parent_that_use_each_other_are_a_circle_and_re_exports_alone_are_none() {
    let child = "use super::Limit; pub struct Part(Limit);";
    let uses =
        [("lib.rs", "mod part; pub use part::Part; pub struct Limit; fn f(_: Part) {}"), ("part.rs", child)];
    assert_eq!(imports_of(&uses), ["lib.rs part.rs: Part", "part.rs lib.rs: Limit"]);
    let only_names = [("lib.rs", "mod part; pub use part::Part; pub struct Limit;"), ("part.rs", child)];
    assert_eq!(imports_of(&only_names), ["part.rs lib.rs: Limit"]);
}

#[test]
fn an_import_is_of_the_file_that_defines_the_item_however_it_is_named() {
    let files = [
        ("lib.rs", "mod a; mod b; mod c; pub use a::*; pub(crate) use b::inner::Deep as Renamed;"),
        ("a.rs", "pub struct Thing; pub fn made() {}"),
        ("b.rs", "pub mod inner; pub use inner::Other;"),
        ("b/inner.rs", "pub struct Deep; pub struct Other; pub enum Kind { One } macro_rules! say { () => {} }"),
        ("c.rs", "use crate::{Renamed, Thing, b}; fn f() { view!{ <Thing x=b::inner::Kind::One/> }; crate::made(); }
            impl b::Other { fn g(self) -> Result<Renamed, std::fmt::Error> { self.made() } }"),
    ];
    assert_eq!(imports_of(&files), ["c.rs a.rs: Thing made", "c.rs b/inner.rs: Deep Kind Other"]);
}

#[test]
fn tests_and_other_crates_import_what_they_like() {
    let files = [
        ("lib.rs", "mod a; pub struct Thing; pub fn serde() {}"),
        ("a.rs", "use serde::Thing; use ::time::Thing as Other; #[cfg(test)] use crate::Thing as Tested;
            #[cfg(test)] mod tests { use crate::Thing; } #[cfg(test)] fn helper() -> crate::Thing { crate::Thing }
            fn f(Thing: u8) -> serde::Thing {}"),
    ];
    assert_eq!(imports_of(&files), Vec::<String>::new());
}

#[test]
fn a_macro_and_paths_in_attributes_are_imports_too() {
    let files = [
        ("lib.rs", "mod words; mod rows; mod day;"),
        ("words.rs", "macro_rules! say { () => { $crate::rows::one() } } pub(crate) use say;"),
        ("rows.rs", "use crate::words::say; pub fn one() { say!() }"),
        ("day.rs", "#[serde(with = \"crate::rows\")] struct Day; #[like(crate::words::say)] fn f() {}"),
    ];
    let found = imports_of(&files);
    assert_eq!(
        found,
        ["day.rs rows.rs: rows", "day.rs words.rs: say", "rows.rs words.rs: say", "words.rs rows.rs: one"]
    );
}
