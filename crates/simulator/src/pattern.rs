//! Patterns of IAM policies and resource selections.

/// Compares with a pattern whose `*` stand for anything.
pub fn like(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(start) else { return false };
    let mut parts = rest.split('*').peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return text.ends_with(part);
        }
        let Some(found) = text.find(part) else { return false };
        text = text.get(found + part.len()..).unwrap_or_default();
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_with_stars_at_any_place() {
        assert!(like("*", "anything"));
        assert!(like("arn:aws:ec2:*:*:volume/*", "arn:aws:ec2:eu-west-1:111122223333:volume/vol-1"));
        assert!(!like("arn:aws:ec2:*:*:volume/*", "arn:aws:ec2:eu-west-1:111122223333:instance/i-1"));
        assert!(like("prod-*-db", "prod-eu-db") && !like("prod-*-db", "prod-eu-dbx"));
    }

    #[test]
    fn the_last_star_may_overlap_nothing() {
        assert!(!like("ab*b", "ab"));
        assert!(like("ab*b", "abb"));
    }
}
