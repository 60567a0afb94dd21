//! The source of one crate, as far as it says what each file defines and which items of other files it names.
//!
//! Methods and fields are not followed: they need no import. Code for tests alone is left out.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use proc_macro2::{TokenStream, TokenTree};
use syn::{
    Attribute, ImplItem, Item, ItemMod, ItemUse, Macro, Meta, Token, UseTree, Visibility,
    punctuated::Punctuated,
    visit::{self, Visit},
};

/// For a file and another that it imports from: the names of the items.
pub type Imports = BTreeMap<(String, String), BTreeSet<String>>;

/// The words of a path; a leading `::` is an empty first word.
type Words = Vec<String>;

/// All modules of a library or program; the first is its root.
pub struct Crate {
    modules: Vec<Module>,
}

#[derive(Default)]
struct Module {
    /// Where it is written; inline modules share their parent's file.
    file: PathBuf,
    parent: usize,
    children: BTreeMap<String, usize>,
    items: BTreeSet<String>,
    /// Names that `use` brings, with what they stand for.
    bound: BTreeMap<String, Vec<Words>>,
    globs: Vec<Words>,
    /// Paths in the code, and `use` that is for this module alone.
    named: Vec<Words>,
    /// Paths that attributes give as texts; they may name modules.
    quoted: Vec<Words>,
}

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    Module(usize),
    Item { module: usize, name: String },
}

impl Crate {
    /// Reads a root file and all files of its modules.
    pub fn read(root: &Path) -> Self {
        let mut krate = Self { modules: Vec::new() };
        let file = parse(root);
        krate.add(root.to_owned(), root.parent().unwrap(), 0, &file.items);
        krate
    }

    /// Adds a module with all below it; `folder` is where its children have their files.
    fn add(&mut self, file: PathBuf, folder: &Path, parent: usize, items: &[Item]) -> usize {
        let id = self.modules.len();
        self.modules.push(Module { file, parent, ..Module::default() });
        for item in items.iter().filter(|item| !for_tests(attributes(item))) {
            if let Item::Mod(child) = item {
                self.add_child(id, folder, child);
            }
            self.modules[id].read(item);
        }
        id
    }

    fn add_child(&mut self, parent: usize, folder: &Path, child: &ItemMod) {
        let name = child.ident.to_string();
        let folder = folder.join(&name);
        let id = match &child.content {
            Some((_, items)) => self.add(self.modules[parent].file.clone(), &folder, parent, items),
            None => {
                let file = folder.with_extension("rs");
                let parsed = parse(&file);
                if for_tests(&parsed.attrs) {
                    return;
                }
                self.add(file, &folder, parent, &parsed.items)
            }
        };
        self.modules[parent].children.insert(name, id);
    }

    /// What each file imports from others, with files named from `root` on.
    pub fn imports(&self, root: &Path) -> Imports {
        let name = |module: usize| {
            let file = &self.modules[module].file;
            file.strip_prefix(root).unwrap_or(file).display().to_string()
        };
        let mut imports = Imports::new();
        let mut add = |from: usize, to: usize, item: &str| {
            if self.modules[from].file != self.modules[to].file {
                imports.entry((name(from), name(to))).or_default().insert(item.to_owned());
            }
        };
        for (id, module) in self.modules.iter().enumerate() {
            for words in module.named.iter().chain(&module.quoted) {
                for target in self.resolve(id, words, &mut BTreeSet::new()) {
                    match target {
                        Target::Item { module, name } => add(id, module, &name),
                        Target::Module(to) if module.quoted.contains(words) => {
                            add(id, to, words.last().unwrap())
                        }
                        Target::Module(_) => {}
                    }
                }
            }
        }
        imports
    }

    /// What a path means in a module. Empty where it leads out of the crate, or is no path but a variable.
    fn resolve(&self, module: usize, words: &[String], seen: &mut BTreeSet<(usize, String)>) -> Vec<Target> {
        let Some((first, rest)) = words.split_first() else { return Vec::new() };
        let mut targets = match first.as_str() {
            "crate" => vec![Target::Module(0)],
            "self" => vec![Target::Module(module)],
            "super" => vec![Target::Module(self.modules[module].parent)],
            _ => self.lookup(module, first, seen),
        };
        for word in rest {
            // A module and an item may have one name: only the module goes on.
            if targets.iter().any(|target| matches!(target, Target::Module(_))) {
                targets.retain(|target| matches!(target, Target::Module(_)));
            }
            targets = targets.into_iter().flat_map(|target| self.step(target, word, seen)).collect();
        }
        targets
    }

    fn step(&self, target: Target, word: &str, seen: &mut BTreeSet<(usize, String)>) -> Vec<Target> {
        let Target::Module(module) = target else { return vec![target] };
        match word {
            "self" => vec![target],
            "super" => vec![Target::Module(self.modules[module].parent)],
            _ => {
                let found = self.lookup(module, word, seen);
                // Made by a macro there, or from another crate by way of it.
                let made = || vec![Target::Item { module, name: word.to_owned() }];
                if found.is_empty() { made() } else { found }
            }
        }
    }

    /// What a name means in a module.
    fn lookup(&self, module: usize, name: &str, seen: &mut BTreeSet<(usize, String)>) -> Vec<Target> {
        if !seen.insert((module, name.to_owned())) {
            return Vec::new();
        }
        let Module { children, items, bound, globs, .. } = &self.modules[module];
        let mut found: Vec<_> = children.get(name).map(|child| Target::Module(*child)).into_iter().collect();
        found.extend(items.get(name).map(|name| Target::Item { module, name: name.clone() }));
        for words in bound.get(name).into_iter().flatten() {
            found.extend(self.resolve(module, words, seen));
        }
        if found.is_empty() {
            for words in globs {
                for target in self.resolve(module, words, seen) {
                    if let Target::Module(from) = target {
                        found.extend(self.lookup(from, name, seen));
                    }
                }
            }
        }
        seen.remove(&(module, name.to_owned()));
        found.sort();
        found.dedup();
        found
    }
}

fn parse(file: &Path) -> syn::File {
    let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

impl Module {
    fn read(&mut self, item: &Item) {
        let name = match item {
            Item::Const(item) => Some(&item.ident),
            Item::Enum(item) => Some(&item.ident),
            Item::Fn(item) => Some(&item.sig.ident),
            Item::Macro(item) => item.ident.as_ref(),
            Item::Static(item) => Some(&item.ident),
            Item::Struct(item) => Some(&item.ident),
            Item::Trait(item) => Some(&item.ident),
            Item::Type(item) => Some(&item.ident),
            Item::Union(item) => Some(&item.ident),
            _ => None,
        };
        self.items.extend(name.map(ToString::to_string));
        // Children are modules of their own.
        if !matches!(item, Item::Mod(_)) {
            self.visit_item(item);
        }
    }

    fn bind(&mut self, tree: &UseTree, mut words: Words, private: bool) {
        let (last, name) = match tree {
            UseTree::Path(path) => {
                words.push(path.ident.to_string());
                return self.bind(&path.tree, words, private);
            }
            UseTree::Group(group) => {
                return group.items.iter().for_each(|tree| self.bind(tree, words.clone(), private));
            }
            UseTree::Glob(_) => return self.globs.push(words),
            UseTree::Name(name) => (&name.ident, &name.ident),
            UseTree::Rename(rename) => (&rename.ident, &rename.rename),
        };
        let last = last.to_string();
        let mut name = name.to_string();
        if last == "self" {
            // `use a::{self}` brings `a`.
            if name == "self" {
                name = words.last().cloned().unwrap_or_default();
            }
        } else {
            words.push(last);
        }
        if private {
            self.named.push(words.clone());
        }
        // A name for itself, as macros are exported, says nothing new.
        if words != [name.as_str()] {
            self.bound.entry(name).or_default().push(words);
        }
    }
}

impl<'ast> Visit<'ast> for Module {
    fn visit_item(&mut self, item: &'ast Item) {
        if !for_tests(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        let tested = matches!(item, ImplItem::Fn(function) if for_tests(&function.attrs));
        if !tested {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let words = item.leading_colon.map(|_| String::new()).into_iter().collect();
        self.bind(&item.tree, words, matches!(item.vis, Visibility::Inherited));
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let leading = path.leading_colon.map(|_| String::new());
        self.named
            .push(leading.into_iter().chain(path.segments.iter().map(|s| s.ident.to_string())).collect());
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, invocation: &'ast Macro) {
        self.visit_path(&invocation.path);
        paths(invocation.tokens.clone(), &mut self.named, None);
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        match &attribute.meta {
            Meta::List(list) => {
                self.visit_path(&list.path);
                paths(list.tokens.clone(), &mut self.named, Some(&mut self.quoted));
            }
            // Words for people, as a rule.
            Meta::NameValue(_) => {}
            Meta::Path(path) => self.visit_path(path),
        }
    }
}

/// Finds the paths in tokens that only a macro understands, and if wanted those that texts hold.
fn paths(tokens: TokenStream, found: &mut Vec<Words>, mut quoted: Option<&mut Vec<Words>>) {
    /// As of something before which no path goes on.
    const OTHER: &str = " ";
    let mut words = Words::new();
    let mut marks = String::from(OTHER);
    for token in tokens {
        if let TokenTree::Punct(mark) = &token {
            marks.push(mark.as_char());
            continue;
        }
        if marks != "::" {
            found.extend(Some(std::mem::take(&mut words)).filter(|words| !words.is_empty()));
        }
        match token {
            // After a dot or an apostrophe: a member, a lifetime.
            TokenTree::Ident(_)
                if marks.ends_with('\'') || marks.ends_with('.') && !marks.ends_with("..") => {}
            TokenTree::Ident(word) => {
                if marks != "::" && marks.ends_with("::") {
                    words.push(String::new());
                }
                words.push(word.to_string());
                marks.clear();
                continue;
            }
            TokenTree::Group(group) => paths(group.stream(), found, quoted.as_deref_mut()),
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                let path = text.trim_matches('"').split("::").map(str::to_owned).collect::<Words>();
                if let Some(quoted) = quoted.as_deref_mut().filter(|_| path.len() > 1) {
                    quoted.push(path);
                }
            }
            TokenTree::Punct(_) => {}
        }
        OTHER.clone_into(&mut marks);
    }
    found.extend(Some(words).filter(|words| !words.is_empty()));
}

/// Whether something is there for tests alone.
fn for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().filter(|attribute| attribute.path().is_ident("cfg")).any(|attribute| {
        match attribute.parse_args::<Meta>() {
            Ok(Meta::Path(path)) => path.is_ident("test"),
            Ok(Meta::List(list)) if list.path.is_ident("all") => {
                let all = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
                all.is_ok_and(|all| all.iter().any(|meta| meta.path().is_ident("test")))
            }
            _ => false,
        }
    })
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}
