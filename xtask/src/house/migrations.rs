//! The test that migrations build no index of a table that can be large while they keep its writers out.

use std::{fs, path::Path};

/// Migrations up to this one are from before anybody had such tables.
const BEFORE: &str = "20261121103500";

/// Tables that can be large, and whether they are partitioned: then an index cannot be made CONCURRENTLY.
const LARGE: [(&str, bool); 6] = [
    ("jobs", true),
    ("job_counts", true),
    ("audit_entries", false),
    ("audit_events", false),
    ("audit_outcomes", false),
    ("events", false),
];

/// The statements of a file as words in lower case, without comments and what stands between quotes.
fn statements(text: &str) -> Vec<Vec<String>> {
    let lines: Vec<_> = text.lines().map(|line| line.split("--").next().unwrap_or_default()).collect();
    let mut code = String::new();
    for (n, part) in lines.join("\n").split("$$").enumerate() {
        // Every other part is a function's text.
        code.push_str(if n % 2 == 0 { part } else { " " });
    }
    let unquoted: String = code.split('\'').step_by(2).collect::<Vec<_>>().join(" ");
    let words = |statement: &str| {
        let spaced = statement.replace('(', " ( ").to_lowercase();
        spaced.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
    };
    unquoted.split(';').map(words).filter(|words| !words.is_empty()).collect()
}

/// The table that a statement indexes: by an index, or by a constraint that needs one.
fn indexed(statement: &[String]) -> Option<&str> {
    let words: Vec<_> = statement.iter().map(String::as_str).collect();
    let after = |word: &str| {
        let at = words.iter().position(|w| *w == word)?;
        words[at + 1..].iter().copied().find(|w| !matches!(*w, "only" | "if" | "exists"))
    };
    match words.as_slice() {
        ["create", "index", ..] | ["create", "unique", "index", ..] => after("on"),
        ["alter", "table", ..] => {
            let needs = words.windows(2).any(|w| *w == ["primary", "key"]) || words.contains(&"unique");
            (needs && !words.windows(2).any(|w| *w == ["using", "index"])).then(|| after("table")).flatten()
        }
        _ => None,
    }
}

/// What is wrong with a migration, in words.
fn problem(text: &str) -> Option<String> {
    let statements = statements(text);
    let created = |table: &str| {
        statements
            .iter()
            .any(|s| s.starts_with(&["create".into(), "table".into()]) && s.iter().any(|w| w == table))
    };
    for statement in &statements {
        let Some(table) = indexed(statement) else { continue };
        let Some((_, partitioned)) = LARGE.iter().find(|(large, _)| *large == table) else { continue };
        if created(table) {
            continue;
        }
        if statements.len() > 1 {
            return Some(format!("the index of {table} needs a migration of its own"));
        }
        if *partitioned && !text.contains("Not CONCURRENTLY: ") {
            return Some(format!(
                "{table} is partitioned, so that writers wait for its index: say why they can (“-- Not CONCURRENTLY: …”)"
            ));
        }
        let concurrently =
            statement.iter().any(|w| w == "concurrently") && text.starts_with("-- no-transaction\n");
        if !partitioned && !concurrently {
            return Some(format!(
                "the index of {table} is made CONCURRENTLY, in a file that begins with “-- no-transaction”"
            ));
        }
    }
    None
}

#[test]
fn indexes_of_large_tables_are_made_beside_their_writers() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("migrations");
    let (mut wrong, mut all) = (Vec::new(), String::new());
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let (name, text) = (path.file_name().unwrap().to_string_lossy(), fs::read_to_string(&path).unwrap());
        if !name.starts_with(BEFORE) && *name > *BEFORE {
            wrong.extend(problem(&text).map(|problem| format!("{name}: {problem}")));
        }
        all.push_str(&text);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for (table, _) in LARGE {
        assert!(
            all.contains(&format!("CREATE TABLE {table} (")),
            "{table} is listed and made by no migration"
        );
    }
}

#[test]
fn a_migration_that_keeps_writers_out_is_told_from_one_that_does_not() {
    let good = [
        "-- no-transaction\nCREATE INDEX CONCURRENTLY events_at_idx ON events (seen_at);",
        "-- no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS x ON audit_entries(actor);",
        "-- Not CONCURRENTLY: the table is partitioned.\nCREATE INDEX jobs_size_idx ON jobs (size);",
        "CREATE INDEX users_name_idx ON users (name); CREATE INDEX ON sessions (id);",
        "CREATE TABLE events (event_id bigint); CREATE INDEX ON events (event_id);",
        "-- CREATE INDEX ON events (kind);\nCREATE FUNCTION f() RETURNS void AS $$ CREATE INDEX ON events (a); $$;",
        "COMMENT ON TABLE events IS 'CREATE INDEX; on events';",
        "ALTER TABLE events ADD CONSTRAINT events_key UNIQUE USING INDEX events_at_idx;",
    ];
    for text in good {
        assert_eq!(problem(text), None, "{text}");
    }
    let bad = [
        "CREATE INDEX events_at_idx ON events (seen_at);",
        "CREATE INDEX CONCURRENTLY events_at_idx ON events (seen_at);",
        "-- no-transaction\nCREATE INDEX events_at_idx ON events (seen_at);",
        "-- no-transaction\nCREATE INDEX CONCURRENTLY a ON events (seen_at); CREATE INDEX CONCURRENTLY b ON events (id);",
        "create unique index on only events(seen_at)",
        "CREATE INDEX jobs_size_idx ON jobs (size);",
        "-- Not CONCURRENTLY: the table is partitioned.\nCREATE INDEX ON jobs (size); SELECT 1;",
        "ALTER TABLE audit_outcomes ADD CONSTRAINT a UNIQUE (ended_at);",
    ];
    for text in bad {
        assert!(problem(text).is_some(), "{text}");
    }
}
