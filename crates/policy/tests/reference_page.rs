//! The reference pages in docs/ say what the tables say.

use std::path::Path;

#[test]
fn the_reference_page_is_up_to_date() {
    up_to_date("policy-language.md", &policy::vocabulary::page::page());
}

#[test]
fn the_page_of_advice_is_up_to_date() {
    up_to_date("policy-advice.md", &policy::lint::page::page());
}

fn up_to_date(name: &str, page: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        assert!(std::fs::write(&file, page).is_ok(), "cannot write {}", file.display());
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(written == page, "renew it by UPDATE_DOCS=1 cargo test -p policy --test reference_page");
}
