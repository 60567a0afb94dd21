use super::*;

fn parsed(text: &str) -> Document {
    Document::parse(text).unwrap_or_else(|problems| panic!("{text}: {problems:?}"))
}

/// Code, line and column of each problem.
fn problems(text: &str) -> Vec<(String, u32, u32)> {
    let problems = Document::parse(text).expect_err(text);
    problems.into_iter().map(|p| (p.code.into_owned(), p.line, p.column)).collect()
}

fn at(code: &str, line: u32, column: u32) -> (String, u32, u32) {
    (code.into(), line, column)
}

#[test]
fn every_key_and_value_knows_its_line_and_column_in_characters() {
    let document = parsed("{\n  \"é\": {\"a\": [1,\n true]}}");
    let member = document.member(&Path::of(["é"])).unwrap();
    assert_eq!((member.key_span.line, member.key_span.column, member.key_span.columns), (2, 3, 3));
    let list = document.get(&Path::of(["é", "a"])).unwrap();
    let [one, truth] = list.elements() else { panic!("{list:?}") };
    assert_eq!((one.span.line, one.span.column), (2, 15));
    assert_eq!((truth.span.line, truth.span.column, truth.span.columns), (3, 2, 4));
    let text = |span: Span| &document.text()[span.start as usize..span.end as usize];
    assert_eq!((text(member.key_span), text(truth.span)), ("\"é\"", "true"));
}

#[test]
fn a_node_over_several_lines_is_marked_at_its_opening_bracket() {
    let document = parsed("{ \"a\": 1,\n\"b\": 2}");
    assert_eq!((document.root().span.line, document.root().span.columns), (1, 1));
}

#[test]
fn number_spelling_is_kept() {
    let document = parsed("[60.0, -1e2, 0]");
    let spelled: Vec<_> = document.root().elements().iter().filter_map(Node::scalar).collect();
    assert_eq!(spelled.iter().map(|s| &**s).collect::<Vec<_>>(), ["60.0", "-1e2", "0"]);
}

#[test]
fn a_repeated_key_is_refused_at_its_second_place_in_any_object() {
    let text = "{\"plans\":{\"a\":1,\n\"a\":2},\"plans\":{}}";
    assert_eq!(problems(text), [at("duplicate-key", 2, 1), at("duplicate-key", 2, 8)]);
    let found = Document::parse(text).unwrap_err();
    assert_eq!(found[0].path, "plans/a");
}

#[test]
fn a_repeated_key_is_found_behind_escapes() {
    assert_eq!(problems(r#"{"a":1,"\u0061":2}"#), [at("duplicate-key", 1, 8)]);
}

#[test]
fn escapes_are_understood() {
    let document = parsed(r#""\"\\\/\b\f\n\r\té\ud83d\ude00""#);
    assert_eq!(document.root().scalar().as_deref(), Some("\"\\/\u{8}\u{c}\n\r\té😀"));
}

#[test]
fn broken_json_is_refused_where_it_breaks() {
    for (text, line, column) in [
        ("", 1, 1),
        ("  ", 1, 3),
        ("{\"plans\":", 1, 10),
        ("{\"plans\" {}}", 1, 10),
        ("{\"a\":1\n\"b\":2}", 2, 1),
        ("{\"a\":1,}", 1, 8),
        ("[1 2]", 1, 4),
        ("[1,]", 1, 4),
        ("{a:1}", 1, 2),
        ("{\"a\":'b'}", 1, 6),
        ("{\"a\":\"b", 1, 8),
        ("\"a\nb\"", 1, 3),
        ("\"\\x\"", 1, 3),
        ("\"\\u12g4\"", 1, 6),
        ("01", 1, 1),
        ("-", 1, 1),
        ("1.", 1, 1),
        ("1e", 1, 1),
        ("nul", 1, 1),
        ("TRUE", 1, 1),
        ("\"\\ud800\"", 1, 8),
        ("\"\\udc00\\ud800\"", 1, 8),
    ] {
        assert_eq!(problems(text), [at("json", line, column)], "{text}");
    }
}

#[test]
fn text_after_the_document_is_refused() {
    assert_eq!(problems("{} {}"), [at("trailing-text", 1, 4)]);
}

#[test]
fn a_byte_order_mark_is_refused_and_reading_goes_on() {
    assert_eq!(
        problems("\u{feff}{\"a\":1,\"a\":2}"),
        [at("byte-order-mark", 1, 1), at("duplicate-key", 1, 9)]
    );
}

#[test]
fn nesting_is_bounded() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(Document::parse(&nested(MAX_DEPTH)).is_ok());
    assert_eq!(problems(&nested(MAX_DEPTH + 1))[0].0, "too-deep");
    assert_eq!(problems(&"{\"a\":".repeat(100_000))[0].0, "too-deep");
}

#[test]
fn characters_are_counted_not_bytes() {
    assert_eq!(parsed("\"é😀\"").characters(), 4);
}

#[test]
fn compact_printing_drops_white_space_only() {
    let text = "{ \"b\" : [ 1.0 , null ],\n\"a\" : { \"x y\" : \"\\n\\u0001é\\\\\" } }";
    assert_eq!(parsed(text).compact(), r#"{"b":[1.0,null],"a":{"x y":"\n\u0001é\\"}}"#);
}

#[test]
fn pretty_printing_is_canonical() {
    let text = r#"{"plans":{"p":{"regions":{"@@assign":["a","b"]},"e":{},"l":[]}},"o":[{}]}"#;
    let pretty = "{\n  \"plans\": {\n    \"p\": {\n      \"regions\": {\n        \"@@assign\": [\"a\", \"b\"]\n      },\n      \"e\": {},\n      \"l\": []\n    }\n  },\n  \"o\": [\n    {}\n  ]\n}";
    assert_eq!(parsed(text).pretty(), pretty);
    assert_eq!(parsed(pretty).pretty(), pretty);
}

#[test]
fn long_lists_print_one_value_a_line() {
    let values: Vec<String> = (0..30).map(|n| format!("\"value-{n}\"")).collect();
    let pretty = parsed(&format!("[{}]", values.join(","))).pretty();
    assert_eq!(pretty.lines().count(), 32);
}

#[test]
fn documents_are_equal_if_they_say_the_same_in_the_same_order() {
    assert_eq!(parsed("{\"a\": 1}"), parsed("{ \"a\":1 }"));
    assert_ne!(parsed("{\"a\":1,\"b\":2}"), parsed("{\"b\":2,\"a\":1}"));
    assert_ne!(parsed("1"), parsed("1.0"));
}

#[test]
fn shown_paths_lead_back_also_through_keys_with_slashes() {
    let document = parsed(r#"{"tags":{"team":{"x":1},"team/owner":{"tag_key":2}}}"#);
    let found = document.locate("tags/team/owner/tag_key").unwrap();
    assert_eq!(found, Path::of(["tags", "team/owner", "tag_key"]));
    assert_eq!(document.locate("tags/team/y"), None);
    assert_eq!(document.locate(""), Some(Path::root()));
}

const LAID_OUT: &str = "{\n    \"plans\": {\n        \"b\": { \"x\":1 },\n        \"a\": {}\n    }\n}\n";

fn edited(edit: impl FnOnce(&mut Document) -> Result<(), EditError>) -> String {
    let mut document = parsed(LAID_OUT);
    edit(&mut document).unwrap();
    assert_eq!(document, parsed(document.text()));
    document.text().to_owned()
}

#[test]
fn setting_a_value_changes_only_that_value() {
    let text = edited(|d| d.set(&Path::from("plans/b/x"), &Node::text("two")));
    assert_eq!(text, LAID_OUT.replace('1', "\"two\""));
}

#[test]
fn a_new_member_is_added_last_in_the_authors_layout() {
    let text = edited(|d| d.set(&Path::from("plans/c"), &Node::object([("y", Node::list(["1"]))])));
    let added = "\"a\": {},\n        \"c\": {\n            \"y\": [\"1\"]\n        }\n";
    assert_eq!(text, LAID_OUT.replace("\"a\": {}\n", added));
}

#[test]
fn missing_objects_on_the_way_are_made() {
    let text = edited(|d| d.set(&Path::from("plans/a/r/s"), &Node::text("v")));
    let added = "\"a\": {\n            \"r\": {\n                \"s\": \"v\"\n            }\n        }\n";
    assert_eq!(text, LAID_OUT.replace("\"a\": {}\n", added));
}

#[test]
fn a_document_on_one_line_stays_on_one_line() {
    let mut document = parsed(r#"{"a":{"b":1}}"#);
    document.set(&Path::from("a/c/d"), &Node::list(["x"])).unwrap();
    assert_eq!(document.text(), r#"{"a":{"b":1,"c":{"d":["x"]}}}"#);
}

#[test]
fn the_whole_document_can_be_set() {
    let mut document = parsed("{}");
    document.set(&Path::root(), &Node::object([("plans", Node::object::<&str>([]))])).unwrap();
    assert_eq!(document.text(), r#"{"plans":{}}"#);
}

#[test]
fn nothing_can_be_set_below_a_scalar() {
    let mut document = parsed(LAID_OUT);
    let below = Path::from("plans/b/x/y");
    assert_eq!(document.set(&below, &Node::text("v")), Err(EditError::NotAnObject(Path::from("plans/b/x"))));
    assert_eq!(document.text(), LAID_OUT);
}

#[test]
fn removing_takes_the_comma_along() {
    assert_eq!(
        edited(|d| d.remove(&Path::from("plans/b"))),
        LAID_OUT.replace("\"b\": { \"x\":1 },\n        ", "")
    );
    assert_eq!(edited(|d| d.remove(&Path::from("plans/a"))), LAID_OUT.replace(",\n        \"a\": {}", ""));
    assert_eq!(edited(|d| d.remove(&Path::from("plans/b/x"))), LAID_OUT.replace(" \"x\":1 ", ""));
}

#[test]
fn removing_what_is_not_there_is_refused() {
    let mut document = parsed(LAID_OUT);
    for path in [Path::from("plans/z"), Path::root()] {
        assert_eq!(document.remove(&path), Err(EditError::Missing(path.clone())));
    }
}

#[test]
fn a_renamed_member_keeps_its_place() {
    assert_eq!(edited(|d| d.rename(&Path::from("plans/b"), "é\"")), LAID_OUT.replace("\"b\"", "\"é\\\"\""));
    assert_eq!(edited(|d| d.rename(&Path::from("plans/b"), "b")), LAID_OUT);
}

#[test]
fn renaming_to_a_key_that_exists_is_refused() {
    let mut document = parsed(LAID_OUT);
    assert_eq!(document.rename(&Path::from("plans/b"), "a"), Err(EditError::Exists(Path::from("plans/a"))));
}

#[test]
fn an_edit_that_would_nest_too_deeply_leaves_the_document_alone() {
    let mut document = parsed(LAID_OUT);
    let deep = Path::of(std::iter::repeat_n("a", MAX_DEPTH + 1));
    assert_eq!(document.set(&deep, &Node::text("v")), Err(EditError::TooDeep));
    assert_eq!(document.text(), LAID_OUT);
}
