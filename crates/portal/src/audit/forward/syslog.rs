//! Messages of syslog (RFC 5424), each with its length before it (RFC 5425, RFC 6587).

use std::fmt::Write;

use model::audit::AuditRecord;
use time::format_description::well_known::Rfc3339;

/// Log audit, times eight.
const FACILITY: u8 = 13 * 8;
const WARNING: u8 = 4;
const NOTICE: u8 = 5;

/// Writes a message. `host` and `process` say who sends it; `json` is the record in JSON, on one line.
pub(super) fn frame(record: &AuditRecord, json: &str, host: &str, process: u32) -> String {
    let (at, id, severity) = match record {
        AuditRecord::Event(event) => {
            let severity = if event.outcome == "failed" { WARNING } else { NOTICE };
            (event.at, event.action.as_str(), severity)
        }
        AuditRecord::Head(head) => (head.at, "head", NOTICE),
    };
    let priority = FACILITY + severity;
    let (at, host, id) =
        (at.format(&Rfc3339).unwrap_or_else(|_| "-".into()), header(host, 255), header(id, 32));
    let message = format!("<{priority}>1 {at} {host} holdfast {process} {id} - {json}");
    let mut framed = String::with_capacity(message.len() + 8);
    // Writing to a string does not fail.
    let _ = write!(framed, "{} {message}", message.len());
    framed
}

/// A field of the header: printable ASCII without spaces, `-` where there is none.
fn header(text: &str, most: usize) -> String {
    let field: String = text.chars().filter(char::is_ascii_graphic).take(most).collect();
    if field.is_empty() { "-".into() } else { field }
}

#[cfg(test)]
mod tests {
    use model::audit::SignedHead;
    use time::macros::datetime;

    use super::*;

    #[test]
    fn a_message_has_its_length_in_bytes_and_the_fields_of_rfc_5424() {
        let at = datetime!(2026-11-20 08:00:00.123456 UTC);
        let head = SignedHead { seq: 1, hash: "ab".into(), at, key: "k".into(), signature: "s".into() };
        let framed = frame(&AuditRecord::Head(head), "{\"a\":\"ü\"}", "backup.example.com", 7);
        let message = "<109>1 2026-11-20T08:00:00.123456Z backup.example.com holdfast 7 head - {\"a\":\"ü\"}";
        assert_eq!(framed, format!("{} {message}", message.len()));
        assert_eq!(
            (header("a b\nc", 255), header("ü", 9), header("abc", 2)),
            ("abc".into(), "-".into(), "ab".into())
        );
    }
}
