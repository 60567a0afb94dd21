//! The part of the tree that is shown, as the address of a page.

use super::TreeQuery;
use crate::{TargetId, paths};

impl TreeQuery {
    /// The page or dialog at `path` that shows this much.
    #[must_use]
    pub fn address(&self, path: &str) -> String {
        let fields = [("q", &self.q), ("only", &self.only), ("open", &self.open), ("more", &self.more)];
        let parts: Vec<_> = fields
            .iter()
            .filter(|(_, value)| !value.is_empty())
            // Commas may stand in a query as they are, and keep long lists readable.
            .map(|(name, value)| format!("{name}={}", paths::encode(value).replace("%2C", ",")))
            .collect();
        if parts.is_empty() { path.to_owned() } else { format!("{path}?{}", parts.join("&")) }
    }

    /// The same with a place closed if it is open, and open if not.
    #[must_use]
    pub fn toggled(&self, place: &TargetId) -> Self {
        let ids: Vec<&str> = self.open.split(',').filter(|id| !id.is_empty()).collect();
        let mut open: Vec<&str> = ids.iter().copied().filter(|id| *id != place.as_str()).collect();
        if open.len() == ids.len() {
            open.push(place.as_str());
        }
        Self { open: open.join(","), ..self.clone() }
    }

    /// The same with another hundred children of a place.
    #[must_use]
    pub fn with_more(&self, place: &TargetId) -> Self {
        self.mentioning(place.as_str())
    }

    /// The same with another five hundred matches.
    #[must_use]
    pub fn with_more_matches(&self) -> Self {
        self.mentioning("matches")
    }

    fn mentioning(&self, word: &str) -> Self {
        let more = if self.more.is_empty() { word.to_owned() } else { format!("{},{word}", self.more) };
        Self { more, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OU: &str = "ou-ab12-11111111";
    const OTHER: &str = "ou-ab12-22222222";

    fn open(ids: &str) -> TreeQuery {
        TreeQuery { open: ids.into(), ..TreeQuery::default() }
    }

    #[test]
    fn the_address_says_what_is_shown() {
        assert_eq!(TreeQuery::default().address("/organization"), "/organization");
        let query = TreeQuery { q: "a b&c".into(), ..open(&format!("{OU},{OTHER}")) };
        assert_eq!(
            query.address("/policies/p-12345678/attach"),
            "/policies/p-12345678/attach?q=a%20b%26c&open=ou-ab12-11111111,ou-ab12-22222222"
        );
    }

    #[test]
    fn a_place_opens_and_closes_and_leaves_the_others_as_they_are() {
        let ou: TargetId = OU.parse().unwrap();
        assert_eq!(open("").toggled(&ou), open(OU));
        assert_eq!(open(OTHER).toggled(&ou), open(&format!("{OTHER},{OU}")));
        assert_eq!(open(&format!("{OU},{OTHER}")).toggled(&ou), open(OTHER));
    }

    #[test]
    fn each_mention_shows_more() {
        let ou: TargetId = OU.parse().unwrap();
        let twice = TreeQuery::default().with_more(&ou).with_more(&ou);
        assert_eq!(twice.more, format!("{OU},{OU}"));
    }
}
