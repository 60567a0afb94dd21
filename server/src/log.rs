//! The log, on standard error.

use std::{
    fmt::{self, Write as _},
    io::{self, IsTerminal, Write},
};

use clap::ValueEnum;
use model::text::is_never_typed;
use tracing::field::Field;
use tracing_subscriber::{
    EnvFilter,
    field::MakeExt,
    fmt::format::{Writer, debug_fn},
};

/// How to write the log. `RUST_LOG` says how much of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// Begins to write the log. `level` holds where `RUST_LOG` says nothing.
pub fn log(format: LogFormat, level: &str) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level));
    let subscriber = subscriber(format, filter, io::stderr, io::stderr().is_terminal());
    // An error says that there is one already.
    let _ = tracing::subscriber::set_global_default(subscriber);
}

/// A log in which nothing that is told can look like a line or a colour of its own: names and AWS's messages are others' words.
fn subscriber<W: Write + 'static>(
    format: LogFormat,
    filter: EnvFilter,
    out: impl Fn() -> W + Send + Sync + 'static,
    colours: bool,
) -> Box<dyn tracing::Subscriber + Send + Sync> {
    let log = tracing_subscriber::fmt().with_env_filter(filter);
    match format {
        LogFormat::Text => {
            let fields = debug_fn(field).delimited(" ");
            Box::new(log.fmt_fields(fields).with_ansi(colours).with_writer(out).finish())
        }
        LogFormat::Json => Box::new(log.json().with_writer(move || JsonLine(out())).finish()),
    }
}

fn field(out: &mut Writer<'_>, field: &Field, value: &dyn fmt::Debug) -> fmt::Result {
    match field.name() {
        // Where the `log` crate says that a line comes from.
        name if name.starts_with("log.") => return Ok(()),
        "message" => (),
        name => write!(out, "{name}=")?,
    }
    write!(Escaped(out), "{value:?}")
}

/// Writes control characters as Rust would.
struct Escaped<'a, 'w>(&'a mut Writer<'w>);

impl fmt::Write for Escaped<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for c in text.chars() {
            if is_never_typed(c) {
                write!(self.0, "{}", c.escape_default())?;
            } else {
                self.0.write_char(c)?;
            }
        }
        Ok(())
    }
}

/// Writes control characters that JSON leaves as they are as JSON may.
struct JsonLine<W>(W);

impl<W: Write> Write for JsonLine<W> {
    /// A line at a time, as the log writes them.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        let mut escaped = String::with_capacity(text.len());
        for c in text.chars() {
            if is_never_typed(c) && c != '\n' {
                // All of them are below U+10000.
                let _ = write!(escaped, "\\u{:04x}", u32::from(c));
            } else {
                escaped.push(c);
            }
        }
        self.0.write_all(escaped.as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Buffer(Arc<Mutex<Vec<u8>>>);

    impl Write for Buffer {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    const EVIL: &str =
        "evil\n2026-11-27T13:00:00Z  INFO portal::sync: all is fine\r\x1b[2K\u{9b}31m\u{2028}\u{202e}x";

    fn logged(format: LogFormat) -> String {
        let buffer = Buffer::default();
        let out = buffer.clone();
        let subscriber = subscriber(format, EnvFilter::new("info"), move || out.clone(), false);
        tracing::subscriber::with_default(subscriber, || {
            let error = portal::PortalError::Conflict(EVIL.to_owned());
            let span = tracing::info_span!("request", path = EVIL, method = %EVIL);
            span.in_scope(|| tracing::warn!(name = EVIL, shown = %EVIL, %error, ?error, "said {EVIL}"));
        });
        let bytes = buffer.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn nothing_that_is_told_makes_a_line_or_a_colour_of_its_own() {
        // JSON has the span of the moment twice.
        for (format, told) in [(LogFormat::Text, 7), (LogFormat::Json, 9)] {
            let log = logged(format);
            let line = log.strip_suffix('\n').unwrap();
            assert!(!line.contains(is_never_typed), "{format:?}: {line:?}");
            assert_eq!(line.matches("evil").count(), told, "{format:?}: {line}");
        }
    }

    #[test]
    fn a_line_of_json_has_what_was_told() {
        let log: serde_json::Value = serde_json::from_str(&logged(LogFormat::Json)).unwrap();
        assert_eq!((&log["fields"]["shown"], &log["span"]["path"]), (&EVIL.into(), &EVIL.into()));
    }
}
