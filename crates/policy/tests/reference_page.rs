//! The reference page in docs/ says what the table says.

use std::path::Path;

#[test]
fn the_reference_page_is_up_to_date() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/policy-language.md");
    let page = policy::vocabulary::page::page();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&file, &page).unwrap();
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(written == page, "renew it by UPDATE_DOCS=1 cargo test -p policy --test reference_page");
}
