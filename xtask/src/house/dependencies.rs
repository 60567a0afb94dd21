//! Tests that hold what comes in from outside: licences, banned crates and sources as `deny.toml` says, and that each
//! dependency is used. What cargo-deny and cargo-machete do too, without minutes of building them first.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use cargo_metadata::{Metadata, MetadataCommand, Node, Package};
use proc_macro2::{TokenStream, TokenTree};
use serde::Deserialize;
use spdx::{Expression, Licensee, ParseMode};

/// `deny.toml`, as far as it says something here. A key that is not read fails: it would be held by nobody.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Deny {
    graph: Graph,
    /// Needs the network: `cargo deny check advisories`.
    #[serde(rename = "advisories")]
    _advisories: toml::Table,
    licenses: Licenses,
    bans: Bans,
    sources: Sources,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Graph {
    targets: Vec<String>,
    all_features: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Licenses {
    allow: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Bans {
    multiple_versions: String,
    deny: Vec<Banned>,
    features: Vec<BannedFeatures>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Banned {
    #[serde(rename = "crate")]
    name: String,
    reason: String,
    /// The crates that may bring it in.
    #[serde(default)]
    wrappers: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct BannedFeatures {
    #[serde(rename = "crate")]
    name: String,
    deny: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Sources {
    unknown_registry: String,
    unknown_git: String,
}

/// Everything that is built for one of the targets, and for which features.
struct Tree {
    metadata: Metadata,
}

impl Tree {
    fn of(deny: &Deny) -> Self {
        let mut options = Vec::new();
        for target in &deny.graph.targets {
            options.extend(["--filter-platform".to_owned(), target.clone()]);
        }
        if deny.graph.all_features {
            options.push("--all-features".to_owned());
        }
        let manifest = root().join("Cargo.toml");
        Self {
            metadata: MetadataCommand::new().manifest_path(manifest).other_options(options).exec().unwrap(),
        }
    }

    fn packages(&self) -> impl Iterator<Item = (&Package, &Node)> {
        let nodes = &self.metadata.resolve.as_ref().unwrap().nodes;
        nodes.iter().map(|node| (&self.metadata[&node.id], node))
    }

    /// What brings a package in.
    fn dependents<'a>(&'a self, package: &'a Package) -> impl Iterator<Item = &'a Package> {
        let uses = |node: &Node| node.deps.iter().any(|dependency| dependency.pkg == package.id);
        self.packages().filter(move |(_, node)| uses(node)).map(|(dependent, _)| dependent)
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn deny() -> Deny {
    toml::from_str(&fs::read_to_string(root().join("deny.toml")).unwrap()).unwrap()
}

/// Packages whose licence the list does not allow, and members of the list that no package needs.
fn licence_problems(tree: &Tree, allowed: &[String]) -> Vec<String> {
    let allowed: Vec<_> =
        allowed.iter().map(|licence| (licence, Licensee::parse(licence).unwrap())).collect();
    let (mut problems, mut used) = (Vec::new(), BTreeSet::new());
    for (package, _) in tree.packages() {
        let Some(licence) = &package.license else {
            problems.push(format!("{} {} names no licence", package.name, package.version));
            continue;
        };
        let expression = Expression::parse_mode(licence, ParseMode::LAX).unwrap();
        let good = expression.evaluate(|required| {
            let found = allowed.iter().find(|(_, licensee)| licensee.satisfies(required));
            used.extend(found.map(|(name, _)| name.as_str()));
            found.is_some()
        });
        if !good {
            problems.push(format!("{} {} is under {licence}", package.name, package.version));
        }
    }
    let unused = allowed.iter().map(|(name, _)| name.as_str()).filter(|name| !used.contains(name));
    problems.extend(unused.map(|name| format!("nothing is under {name}")));
    problems
}

fn bans(tree: &Tree, bans: &Bans) -> Vec<String> {
    let mut problems = Vec::new();
    for (package, node) in tree.packages() {
        let wrapped = |banned: &Banned| {
            let known = |dependent: &Package| banned.wrappers.iter().any(|name| dependent.name == *name);
            !banned.wrappers.is_empty() && tree.dependents(package).all(known)
        };
        let banned = bans.deny.iter().filter(|banned| package.name == banned.name && !wrapped(banned));
        problems.extend(banned.map(|banned| format!("{}: {}", banned.name, banned.reason)));
        let features = bans.features.iter().filter(|features| package.name == features.name);
        let switched_on = features
            .flat_map(|features| &features.deny)
            .filter(|feature| node.features.iter().any(|on| on.as_str() == feature.as_str()));
        problems.extend(switched_on.map(|feature| format!("{}: feature {feature}", package.name)));
    }
    problems
}

#[test]
fn everything_that_comes_in_is_under_a_licence_that_deny_toml_allows() {
    let deny = deny();
    let tree = Tree::of(&deny);
    assert_eq!(licence_problems(&tree, &deny.licenses.allow), Vec::<String>::new());
    // As a list with a licence too few and one too many would be told.
    let mut other = deny.licenses.allow;
    other.retain(|licence| licence != "ISC");
    other.push("AGPL-3.0-only".to_owned());
    let problems = licence_problems(&tree, &other).join("\n");
    assert!(
        problems.contains("is under ISC") && problems.contains("nothing is under AGPL-3.0-only"),
        "{problems}"
    );
}

#[test]
fn nothing_comes_in_that_deny_toml_bans() {
    let mut deny = deny();
    assert_eq!(deny.bans.multiple_versions, "allow", "another word has to be read here first");
    let tree = Tree::of(&deny);
    assert_eq!(bans(&tree, &deny.bans), Vec::<String>::new());
    // As one that is there would be found.
    let banned = |name: &str, wrappers: &[&str]| Banned {
        name: name.into(),
        reason: "an example".into(),
        wrappers: wrappers.iter().map(ToString::to_string).collect(),
    };
    deny.bans.deny.extend([banned("ring", &["rustls"]), banned("zxcvbn", &["portal"])]);
    deny.bans.features.push(BannedFeatures { name: "leptos".into(), deny: vec!["ssr".into()] });
    let mut found = bans(&tree, &deny.bans);
    found.sort();
    assert_eq!(found, ["leptos: feature ssr", "ring: an example"]);
}

#[test]
fn everything_that_comes_in_comes_from_the_registry() {
    let deny = deny();
    assert_eq!([&*deny.sources.unknown_registry, &*deny.sources.unknown_git], ["deny", "deny"]);
    let tree = Tree::of(&deny);
    let members: BTreeSet<_> = tree.metadata.workspace_members.iter().collect();
    for (package, _) in tree.packages() {
        let known =
            package.source.as_ref().map_or(members.contains(&package.id), |source| source.is_crates_io());
        assert!(known, "{} comes from {:?}", package.name, package.source);
    }
}

/// The first words of all paths in a source text: `serde` of `use serde::Deserialize`, also in macros and in the texts
/// of attributes.
fn first_words(text: &str) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    collect(text.parse().unwrap(), &mut words);
    words
}

fn collect(tokens: TokenStream, words: &mut BTreeSet<String>) {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let colons = |at: usize| {
        let colon = |at: usize| matches!(tokens.get(at), Some(TokenTree::Punct(p)) if p.as_char() == ':');
        colon(at) && colon(at + 1)
    };
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) => collect(group.stream(), words),
            TokenTree::Ident(word) => {
                let imported = at.checked_sub(1).is_some_and(
                    |before| matches!(&tokens[before], TokenTree::Ident(w) if w == "use" || w == "crate"),
                );
                let inner = at >= 3 && colons(at - 2) && matches!(&tokens[at - 3], TokenTree::Ident(_));
                if imported || (colons(at + 1) && !inner) {
                    words.insert(word.to_string());
                }
            }
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                let word =
                    text.strip_prefix('"').and_then(|text| text.split_once("::")).map(|(word, _)| word);
                let is_word = |word: &&str| word.chars().all(|c| c.is_alphanumeric() || c == '_');
                words.extend(word.filter(is_word).map(str::to_owned));
            }
            TokenTree::Punct(_) => {}
        }
    }
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// As cargo-machete reads them.
fn ignored(package: &Package) -> Vec<&str> {
    let ignored = package.metadata["cargo-machete"]["ignored"].as_array();
    ignored.into_iter().flatten().filter_map(|name| name.as_str()).collect()
}

#[test]
fn each_dependency_is_named_in_the_sources_of_its_crate() {
    let metadata = super::metadata();
    let libraries: BTreeMap<_, _> = metadata
        .packages
        .iter()
        .filter_map(|package| {
            let target = package.targets.iter().find(|t| t.is_lib() || t.is_proc_macro())?;
            Some((package.name.as_str(), target.name.as_str()))
        })
        .collect();
    let mut wrong = Vec::new();
    for package in metadata.workspace_packages() {
        let (mut files, mut words) = (Vec::new(), BTreeSet::new());
        sources(package.manifest_path.parent().unwrap().as_std_path(), &mut files);
        for file in files {
            words.append(&mut first_words(&fs::read_to_string(file).unwrap()));
        }
        let ignored = ignored(package);
        for dependency in &package.dependencies {
            let library = dependency.rename.as_deref().unwrap_or(libraries[dependency.name.as_str()]);
            let used = words.contains(&library.replace('-', "_"));
            match (used, ignored.contains(&dependency.name.as_str())) {
                (false, false) => wrong.push(format!("{} does not name {}", package.name, dependency.name)),
                (true, true) => {
                    wrong.push(format!("{} names {}, ignored for nothing", package.name, dependency.name))
                }
                _ => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_crate_is_named_where_a_path_begins_with_it() {
    let text = r#"
        //! serde_json::Value is named in words only.
        use {anyhow::Result, std::fmt};
        use time;
        #[derive(thiserror::Error)]
        #[serde(with = "rfc::date")]
        struct A { axum: model::tower::B, text: &'static str }
        fn f() { println!("{}", ::sha2::digest(tokio)) }
    "#;
    let words: Vec<_> = first_words(text).into_iter().collect();
    assert_eq!(words, ["anyhow", "model", "rfc", "sha2", "std", "thiserror", "time"]);
}
