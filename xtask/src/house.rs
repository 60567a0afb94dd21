//! Tests that hold the house together: who may depend on whom, between crates and within them, and what comes in.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    process::Command,
};

use cargo_metadata::{Dependency, DependencyKind, Metadata, MetadataCommand, Package};

mod asvs;
mod circles;
mod dependencies;
mod migrations;

/// Which rooms each room may lean on. `dev` dependencies are free to use the simulator and the test databases.
const ARROWS: [(&str, &[&str]); 11] = [
    ("policy", &[]),
    ("form", &["policy"]),
    ("model", &["policy"]),
    ("store", &["policy", "model"]),
    ("aws", &["policy", "model"]),
    ("simulator", &["policy", "model"]),
    ("portal", &["policy", "model", "store", "aws"]),
    ("app", &["policy", "form", "model", "portal"]),
    ("frontend", &["app"]),
    ("server", &["policy", "model", "store", "aws", "simulator", "portal", "app"]),
    ("xtask", &["policy", "model", "simulator"]),
];

/// Crates that only the named rooms may name; a star stands for any ending.
const SECLUDED: [(&str, &[&str]); 9] = [
    ("sqlx*", &["store"]),
    ("aws-*", &["aws"]),
    ("tower-sessions*", &["store", "server"]),
    ("axum*", &["server", "simulator"]),
    ("leptos*", &["app", "frontend", "server"]),
    ("argon2", &["portal"]),
    ("anyhow", &["simulator", "xtask"]),
    ("wasm-bindgen-cli-support", &["xtask"]),
    ("wasm_split_cli_support", &["xtask"]),
];

/// What the pure rooms never see, however far below.
const IMPURE: [&str; 7] = ["tokio", "leptos", "sqlx", "aws-config", "reqwest", "hyper", "rand"];

fn metadata() -> Metadata {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    MetadataCommand::new().manifest_path(manifest).exec().unwrap()
}

fn shipped(package: &Package) -> impl Iterator<Item = &Dependency> {
    package.dependencies.iter().filter(|dependency| dependency.kind != DependencyKind::Development)
}

fn matches(pattern: &str, name: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == name, |start| name.starts_with(start))
}

#[test]
fn every_room_leans_only_on_those_below_it() {
    let metadata = metadata();
    let arrows = BTreeMap::from(ARROWS);
    for package in metadata.workspace_packages() {
        let allowed =
            arrows.get(package.name.as_str()).unwrap_or_else(|| panic!("{} has no row", package.name));
        let rooms = shipped(package).filter(|dependency| arrows.contains_key(dependency.name.as_str()));
        let wrong: Vec<_> = rooms.map(|d| d.name.as_str()).filter(|name| !allowed.contains(name)).collect();
        assert!(wrong.is_empty(), "{} must not depend on {wrong:?}", package.name);
    }
}

#[test]
fn the_interface_sees_the_portal_on_the_server_only() {
    let metadata = metadata();
    let app = metadata.workspace_packages().into_iter().find(|package| package.name == "app").unwrap();
    let portal = app.dependencies.iter().find(|dependency| dependency.name == "portal").unwrap();
    assert!(portal.optional, "portal must be an optional dependency of app");
    let switched_on: Vec<_> =
        app.features.iter().filter(|(_, parts)| parts.iter().any(|p| p == "dep:portal")).collect();
    assert_eq!(switched_on.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["ssr"]);
}

#[test]
fn the_database_the_sdk_and_their_like_are_known_in_one_room() {
    let metadata = metadata();
    for package in metadata.workspace_packages() {
        for dependency in shipped(package) {
            for (pattern, rooms) in SECLUDED {
                let allowed = !matches(pattern, &dependency.name) || rooms.contains(&package.name.as_str());
                assert!(allowed, "{} must not name {}", package.name, dependency.name);
            }
        }
    }
}

#[test]
fn policy_form_and_model_are_pure_all_the_way_down() {
    let metadata = metadata();
    let name_of: BTreeMap<_, _> = metadata.packages.iter().map(|p| (&p.id, p.name.as_str())).collect();
    let nodes = &metadata.resolve.as_ref().unwrap().nodes;
    let below: BTreeMap<_, Vec<_>> = nodes
        .iter()
        .map(|node| {
            let shipped = |d: &&cargo_metadata::NodeDep| {
                d.dep_kinds.iter().any(|k| k.kind != DependencyKind::Development)
            };
            (&node.id, node.deps.iter().filter(shipped).map(|d| &d.pkg).collect())
        })
        .collect();
    for room in ["policy", "form", "model"] {
        let mut seen = BTreeSet::new();
        let mut open: Vec<_> = name_of.iter().filter(|(_, name)| **name == room).map(|(id, _)| *id).collect();
        while let Some(id) = open.pop() {
            if seen.insert(id) {
                open.extend(&below[id]);
            }
        }
        let impure: Vec<_> = seen.iter().map(|id| name_of[id]).filter(|name| IMPURE.contains(name)).collect();
        assert!(impure.is_empty(), "{room} sees {impure:?}");
    }
}

#[test]
fn a_module_is_a_file_with_a_folder_beside_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let listed = Command::new("git").args(["ls-files", "*/mod.rs"]).current_dir(root).output().unwrap();
    assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    assert_eq!(String::from_utf8(listed.stdout).unwrap(), "");
}
