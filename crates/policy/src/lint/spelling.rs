//! HF032: keys of the language written in capitals.

use super::findings::Findings;
use crate::document::Node;
use crate::path::Path;
use crate::vocabulary::{Key, usual_spelling};

pub(super) fn check(row: &'static Key, node: &Node, path: &mut Path, findings: &mut Findings) {
    for member in node.members() {
        path.push(member.key.clone());
        if let Some(usual) = usual_spelling(row, &member.key).filter(|usual| *usual != &*member.key) {
            findings.add("HF032", path, format!("“{}” is read as “{usual}”", member.key));
        }
        if let Some(below) = row.row(&member.key) {
            check(below, &member.node, path, findings);
        }
        path.pop();
    }
}
